using Plimsoll.Tails;

namespace Plimsoll.Sizing;

/// <summary>
/// What the mandate's <c>tail-model</c> leaves of the risk limits: the least share of any coin held or traded.
/// </summary>
static class TailBudget
{
    /// <summary>Bars that end earlier than this before the snapshot do not know today's risk.</summary>
    static readonly TimeSpan OldestEnd = TimeSpan.FromDays(2);

    /// <summary>Share of the risk limits; 1 where nothing can be said, and why stands in the warnings.</summary>
    public static double Share(SizingInput input, List<string> warnings)
    {
        if (input.Mandate.TailModel == TailModelUse.None)
            return 1;
        var coins = input.Histories.IsDefaultOrEmpty
            ? []
            : input
                .Histories.Where(history => history.BarLength < TimeSpan.FromDays(1))
                .Select(history => CoinDays.Of(history.CutAt(input.Market.AsOf)))
                .Where(coin => coin.Count > 0)
                .ToArray();
        var market = new MarketDays([.. coins]);
        double share = 1;
        foreach (string underlying in input.Market.Underlyings.Select(coin => coin.Underlying))
        {
            if (Reading(market, underlying, input.Market.AsOf, out string why) is not { } reading)
            {
                warnings.Add($"tail-model: {underlying}: {why}; its risk limits are not scaled");
                continue;
            }
            string day = FormattableString.Invariant($"{reading.Day:yyyy-MM-dd}");
            string ratio = FormattableString.Invariant(
                $"{reading.ShortfallPercent:0.0}%, {reading.ShortfallPercent / reading.UsualPercent:0.00} times"
            );
            string kept = FormattableString.Invariant($"{reading.Share * 100:0.#}% of the risk limits is kept");
            warnings.Add(
                $"tail-model: {underlying}: expected shortfall of {day} is {ratio} its median of a year: {kept}"
            );
            share = Math.Min(share, reading.Share);
        }
        return share;
    }

    static BudgetReading? Reading(MarketDays market, string underlying, DateTimeOffset asOf, out string why)
    {
        why = "no bars shorter than a day";
        if (market.Find(underlying) is not { } coin)
            return null;
        var end = new DateTimeOffset(coin.Days[^1].Date.AddDays(1), default, TimeSpan.Zero);
        why = FormattableString.Invariant($"bars end {end:yyyy-MM-dd}");
        if (asOf - end > OldestEnd)
            return null;
        why = FormattableString.Invariant($"{coin.Count} days of bars are too few");
        return BudgetReading.Of(new TailHistory(coin, market), new());
    }
}
