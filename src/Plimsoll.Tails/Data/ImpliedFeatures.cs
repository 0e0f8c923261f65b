using System.Collections.Immutable;

namespace Plimsoll.Tails;

/// <summary>What options and futures said the day before, as columns of a row; NaN where they said nothing.</summary>
/// <remarks>
/// The level stands against the coin's own month of realised volatility (the variance premium: Bollerslev, Tauchen and
/// Zhou, Review of Financial Studies 22 (2009)), so that a column that is missing leaves no hole in the others; skew
/// and term slope as in Xing, Zhang and Zhao, J. Financial and Quantitative Analysis 45 (2010), and Johnson, ibid. 52
/// (2017). Changes are against the reading of the day before that one alone.
/// </remarks>
static class ImpliedFeatures
{
    /// <summary>Names in order.</summary>
    public static ImmutableArray<string> Names { get; } =
    [
        "implied-premium",
        "implied-change",
        "skew",
        "skew-change",
        "term-slope",
        "term-slope-change",
        "perpetual-basis",
        "perpetual-basis-change",
        "futures-basis",
        "futures-basis-change",
        "funding",
    ];

    /// <summary>Fills the columns of a date.</summary>
    /// <param name="row">As long as the names.</param>
    /// <param name="days">Readings of the coin; null: none.</param>
    /// <param name="date">Date of the row; readings of it and later ones are not looked at.</param>
    /// <param name="logMonthVolatility">ln of the coin's realised volatility of a month, percent a day.</param>
    public static void Fill(Span<double> row, ImpliedDays? days, DateOnly date, double logMonthVolatility)
    {
        row.Fill(double.NaN);
        if (days?.Find(date.AddDays(-1)) is not { } now)
            return;
        var none = new ImpliedDay(date, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN);
        var before = days.Find(date.AddDays(-2)) ?? none;
        row[0] = Math.Log(now.Level) - logMonthVolatility;
        row[1] = Math.Log(now.Level / before.Level);
        (row[2], row[3]) = (now.Skew, now.Skew - before.Skew);
        (row[4], row[5]) = (now.TermSlope, now.TermSlope - before.TermSlope);
        (row[6], row[7]) = (now.PerpetualBasis, now.PerpetualBasis - before.PerpetualBasis);
        (row[8], row[9]) = (now.FuturesBasis, now.FuturesBasis - before.FuturesBasis);
        row[10] = now.Funding;
    }
}
