using Plimsoll.Markets;

namespace Plimsoll.Paper;

/// <summary>The contract that is listed when another has been delivered.</summary>
static class NextExpiry
{
    /// <summary>
    /// The same contract, later by the days that the delivered one had when it was listed, at least one.
    /// </summary>
    /// <param name="delivered">Option or future.</param>
    /// <param name="indexFactor">Index now over that when it was listed; strikes move with it.</param>
    /// <param name="strikeStep">Strikes stay on multiples of this from where they were, USD.</param>
    public static Instrument Of(ListedInstrument delivered, double indexFactor, decimal strikeStep)
    {
        const double DayMs = 86_400_000;
        int days = Math.Max(1, (int)Math.Round((delivered.ExpiryMs!.Value - delivered.CreatedMs) / DayMs));
        var later = MarketStart.Moved(delivered.Instrument, days);
        if (later is not OptionInstrument option || strikeStep <= 0)
            return later;
        decimal move = option.StrikeUsd * ((decimal)indexFactor - 1);
        decimal strike = option.StrikeUsd + Math.Round(move / strikeStep) * strikeStep;
        var name = DeribitNames.Parse(option.Name, out _)! with { StrikeUsd = strike };
        return option with { StrikeUsd = strike, Name = DeribitNames.Write(name) };
    }
}
