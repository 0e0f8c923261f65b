using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Pricing;

/// <summary>How well a surface meets the quotes it was fitted to.</summary>
/// <param name="QuotesUsed">Quotes that entered the fit.</param>
/// <param name="LiquidQuotes">Two-sided, open interest, 0.05 ≤ |delta| ≤ 0.95.</param>
/// <param name="LiquidInside">Of those, inside the quoted spread or within 0.5 volatility points of mid.</param>
/// <param name="WorstMissVolPoints">Largest distance to the spread among liquid quotes, in volatility points.</param>
/// <param name="WorstMissInstrument">Its name; empty without quotes.</param>
/// <param name="MinimumDensity">Least Durrleman g over all slices: at least 0 means no butterfly arbitrage.</param>
/// <param name="MinimumCalendarStep">
/// Least w(k, t2) − w(k, t1) over neighbours: at least 0 means none either. Null for a single expiry.
/// </param>
public sealed record SurfaceFitReport(
    int QuotesUsed,
    int LiquidQuotes,
    int LiquidInside,
    double WorstMissVolPoints,
    string WorstMissInstrument,
    double MinimumDensity,
    double? MinimumCalendarStep
)
{
    /// <summary>Share of liquid quotes met; 1 when there are none.</summary>
    public double InsideShare => LiquidQuotes == 0 ? 1 : (double)LiquidInside / LiquidQuotes;
}

/// <summary>Implied volatility of one underlying over strike and expiry, free of static arbitrage.</summary>
/// <remarks>Immutable and thread safe. Slices are in order of expiry; there is at least one.</remarks>
public sealed record VolatilitySurface
{
    /// <summary>Ticker.</summary>
    public required string Underlying { get; init; }

    /// <summary>Time of the quotes.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>One slice per fitted expiry, in order of expiry.</summary>
    public required ImmutableArray<SviSlice> Slices { get; init; }

    /// <summary>Fit quality.</summary>
    public required SurfaceFitReport Fit { get; init; }

    /// <summary>Slice of a fitted expiry, or null.</summary>
    public SviSlice? Find(DateTimeOffset expiry)
    {
        foreach (var slice in Slices)
            if (slice.Expiry == expiry)
                return slice;
        return null;
    }

    /// <summary>
    /// Total variance at log-moneyness k = ln(strike/forward of that time) and any time to expiry, in years.
    /// </summary>
    /// <remarks>
    /// Between expiries linear in time at fixed k; before the first the first smile keeps its shape in standard
    /// deviations, u·w(k/√u) with u = t/t1; after the last the variance at the forward grows at its average rate and
    /// the smile keeps its height above it, so that the wings' slopes stay within Lee's bound. Never falls in time.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The time is not positive.</exception>
    public double TotalVariance(double logMoneyness, double tYears)
    {
        if (!(tYears > 0))
            throw new ArgumentOutOfRangeException(nameof(tYears), tYears, "years to expiry must be positive");
        var first = Slices[0];
        if (tYears <= first.TYears)
        {
            double scale = tYears / first.TYears;
            return scale * first.TotalVariance(logMoneyness / Math.Sqrt(scale));
        }
        var last = Slices[^1];
        if (tYears >= last.TYears)
            return last.TotalVariance(logMoneyness) + last.AtTheMoneyVariance * (tYears / last.TYears - 1);
        int later = 1;
        while (Slices[later].TYears < tYears)
            later++;
        var (a, b) = (Slices[later - 1], Slices[later]);
        double share = (tYears - a.TYears) / (b.TYears - a.TYears);
        return (1 - share) * a.TotalVariance(logMoneyness) + share * b.TotalVariance(logMoneyness);
    }

    /// <summary>Annual volatility of a strike at a time to expiry, given the forward of that time.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Strike, forward or time is not positive.</exception>
    public double VolatilityAnnual(double strikeUsd, double tYears, double forwardUsd)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(strikeUsd);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(forwardUsd);
        return Math.Sqrt(TotalVariance(Math.Log(strikeUsd / forwardUsd), tYears) / tYears);
    }

    /// <summary>
    /// Annual volatility of a strike at an expiry; the forward of an expiry without a slice is interpolated in its
    /// logarithm between the fitted ones, and constant outside them.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The strike is not positive or the expiry is past.</exception>
    public double VolatilityAnnual(double strikeUsd, DateTimeOffset expiry)
    {
        double tYears = Years.Between(AsOf, expiry).Value;
        return VolatilityAnnual(strikeUsd, tYears, ForwardUsd(tYears));
    }

    /// <summary>Annual volatility at the forward at a time to expiry.</summary>
    public double AtTheMoneyVolatility(double tYears) => Math.Sqrt(TotalVariance(0, tYears) / tYears);

    /// <summary>
    /// Slope of annual volatility by log-moneyness at the forward at a time to expiry, volatility per unit of k.
    /// </summary>
    public double AtTheMoneySkew(double tYears)
    {
        const double step = 1e-4;
        double reach = step * Math.Sqrt(TotalVariance(0, tYears));
        double up = Math.Sqrt(TotalVariance(reach, tYears) / tYears);
        double down = Math.Sqrt(TotalVariance(-reach, tYears) / tYears);
        return (up - down) / (2 * reach);
    }

    double ForwardUsd(double tYears)
    {
        if (tYears <= Slices[0].TYears)
            return Slices[0].ForwardUsd;
        for (int later = 1; later < Slices.Length; later++)
            if (tYears <= Slices[later].TYears)
            {
                var (a, b) = (Slices[later - 1], Slices[later]);
                double share = (tYears - a.TYears) / (b.TYears - a.TYears);
                return a.ForwardUsd * Math.Pow(b.ForwardUsd / a.ForwardUsd, share);
            }
        return Slices[^1].ForwardUsd;
    }
}
