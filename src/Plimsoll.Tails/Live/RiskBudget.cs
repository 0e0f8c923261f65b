namespace Plimsoll.Tails;

/// <summary>Share of the risk limits that a forecast leaves, day by day: cut at once, given back slowly.</summary>
/// <remarks>
/// Limits are scaled by usual over forecast shortfall, never up. Two thresholds keep it from flickering on estimates
/// with ten percent of noise; what was cut returns with a half-life, because crashes come in clusters. Cutting after a
/// fall costs where prices turn at once (2020-03-13, 2022-11-10, 2026-02-06): standing limits matter more than this.
/// </remarks>
/// <param name="Least">Least share.</param>
/// <param name="Band">Changes of the share below this part of it are not made.</param>
/// <param name="HalfLifeDays">Days in which a cut share may double.</param>
public sealed record RiskBudget(double Least = 0.25, double Band = 0.1, double HalfLifeDays = 15)
{
    /// <summary>Share after the last of the days, from 1 before the first.</summary>
    /// <param name="shortfalls">Forecast shortfalls by day, positive.</param>
    /// <param name="usual">Shortfall at which the whole budget is given, positive.</param>
    /// <param name="shares">Filled, as long as the shortfalls.</param>
    /// <exception cref="ArgumentException">Lengths differ, or a figure is not positive.</exception>
    public void Path(ReadOnlySpan<double> shortfalls, double usual, Span<double> shares)
    {
        if (shares.Length != shortfalls.Length)
            throw new ArgumentException($"{shortfalls.Length} days give as many shares", nameof(shares));
        if (!(usual > 0))
            throw new ArgumentException("the usual shortfall must be positive", nameof(usual));
        double share = 1;
        for (int t = 0; t < shortfalls.Length; t++)
        {
            if (!(shortfalls[t] > 0))
                throw new ArgumentException($"the shortfall of day {t} is not positive", nameof(shortfalls));
            double target = Math.Clamp(usual / shortfalls[t], Least, 1);
            if (target < share * (1 - Band))
                share = target;
            else if (target > share * (1 + Band) || target == 1)
                share = Math.Min(target, share * Math.Pow(2, 1 / HalfLifeDays));
            shares[t] = share;
        }
    }
}

/// <summary>What the forecasts leave of the limits on one coin.</summary>
/// <param name="Underlying">Coin.</param>
/// <param name="Day">Day that the forecast is for.</param>
/// <param name="ShortfallPercent">Forecast expected shortfall at 2.5%, percent.</param>
/// <param name="UsualPercent">Median of the forecasts of the last year.</param>
/// <param name="Share">Share of the risk limits that is kept.</param>
public sealed record BudgetReading(
    string Underlying,
    DateOnly Day,
    double ShortfallPercent,
    double UsualPercent,
    double Share
)
{
    /// <summary>Days of forecasts that make the usual shortfall and the path of the share.</summary>
    public const int ReferenceDays = 365;

    /// <summary>Days between fits on the way.</summary>
    const int RefitDays = 183;

    static readonly TailProbability Level = new(0.025);

    /// <summary>
    /// Reading for the day after the last of a coin; every forecast on the way is made from the days before it. Null
    /// where the coin has fewer than 500 days before the reference year.
    /// </summary>
    public static BudgetReading? Of(TailHistory history, RiskBudget budget)
    {
        int day = history.Target.Count;
        int from = day - ReferenceDays;
        if (from < EvaluationRequest.FewestDays)
            return null;
        var members = TailModels
            .AutoMembers.Select(model => WalkForward.Run(model, history, new(from, day + 1, RefitDays), [Level])[0])
            .ToArray();
        var combination = new ForecastCombination(CombinationState.Fresh(members.Length), Level, new());
        var shortfalls = new double[ReferenceDays + 1];
        var forecasts = new TailForecast?[members.Length];
        for (int t = 0; t < shortfalls.Length; t++)
        {
            for (int i = 0; i < members.Length; i++)
                forecasts[i] = members[i].Forecasts[t];
            shortfalls[t] = combination.Combine(forecasts)?.ExpectedShortfall ?? double.NaN;
            if (t < ReferenceDays)
                combination.Observe(forecasts, history.Target.Days[from + t].Return);
        }
        double[] sorted = [.. shortfalls.AsSpan(0, ReferenceDays)];
        Array.Sort(sorted);
        double usual = sorted[ReferenceDays / 2];
        var shares = new double[shortfalls.Length];
        budget.Path(shortfalls, usual, shares);
        return new(history.Target.Underlying, history.Target.DateAt(day), shortfalls[^1], usual, shares[^1]);
    }
}
