using System.Collections.Immutable;

namespace Plimsoll.Pricing;

/// <summary>How well a surface meets the quotes it was fitted to.</summary>
/// <param name="QuotesUsed">Quotes that entered the fit.</param>
/// <param name="LiquidQuotes">Two-sided, open interest, 0.05 ≤ |delta| ≤ 0.95.</param>
/// <param name="LiquidInside">Of those, inside the quoted spread or within 0.5 volatility points of mid.</param>
/// <param name="WorstMissVolPoints">Largest distance to the spread among liquid quotes, in volatility points.</param>
/// <param name="WorstMissInstrument">Its name; empty without quotes.</param>
/// <param name="MinimumDensity">Least Durrleman g over all slices: at least 0 means no butterfly arbitrage.</param>
/// <param name="MinimumCalendarStep">Least w(k, t2) − w(k, t1) over neighbours: at least 0 means none either.</param>
public sealed record SurfaceFitReport(
    int QuotesUsed,
    int LiquidQuotes,
    int LiquidInside,
    double WorstMissVolPoints,
    string WorstMissInstrument,
    double MinimumDensity,
    double MinimumCalendarStep
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
}
