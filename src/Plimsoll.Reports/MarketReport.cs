using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Pricing;

namespace Plimsoll.Reports;

/// <summary>One expiry of a fitted surface as traders read it.</summary>
/// <param name="Slice">The fitted slice.</param>
/// <param name="Source">Where its forward came from.</param>
/// <param name="Options">Options of the snapshot at this expiry.</param>
/// <param name="AtTheMoney">Annual volatility at the forward.</param>
/// <param name="RiskReversal25">Volatility of the 25-delta call less that of the 25-delta put (forward delta).</param>
/// <param name="Butterfly25">Mean of the two less that at the forward.</param>
public sealed record ExpiryLine(
    SviSlice Slice,
    ForwardSource Source,
    int Options,
    double AtTheMoney,
    double RiskReversal25,
    double Butterfly25
);

/// <summary>One coin's part of a market report.</summary>
/// <param name="Market">Index and forwards.</param>
/// <param name="Fit">Its surface, or the reason why there is none.</param>
/// <param name="Expiries">The fitted expiries in order.</param>
/// <param name="Options">Options in the snapshot.</param>
/// <param name="Linear">Perpetuals, futures and spot in the snapshot.</param>
/// <param name="VolatilityIndex30D">
/// Model-free volatility a year over thirty days, over all strikes of the surface; null without one.
/// </param>
public sealed record UnderlyingReport(
    UnderlyingMarket Market,
    SurfaceFitResult Fit,
    ImmutableArray<ExpiryLine> Expiries,
    ImmutableArray<InstrumentQuote> Options,
    ImmutableArray<InstrumentQuote> Linear,
    double? VolatilityIndex30D
);

/// <summary>A market as it will be used: what is quoted, how the surface meets it, what was mended.</summary>
public sealed record MarketReport
{
    // N(-0.6745) = 0.25: the standard quantile behind a 25-delta option.
    const double Quantile25 = 0.674489750196082;

    /// <summary>The cleaned market.</summary>
    public required MarketSnapshot Market { get; init; }

    /// <summary>By coin.</summary>
    public required ImmutableArray<UnderlyingReport> Underlyings { get; init; }

    /// <summary>Fits every coin's surface.</summary>
    /// <param name="market">The cleaned market.</param>
    /// <param name="underlying">One coin alone; null: all.</param>
    public static MarketReport Of(MarketSnapshot market, string? underlying)
    {
        ArgumentNullException.ThrowIfNull(market);
        return new MarketReport
        {
            Market = market,
            Underlyings =
            [
                .. market
                    .Underlyings.Where(coin => underlying is null || coin.Underlying == underlying)
                    .Select(coin => Describe(market, coin)),
            ],
        };
    }

    static UnderlyingReport Describe(MarketSnapshot market, UnderlyingMarket coin)
    {
        var own = market.Quotes.Where(quote => quote.Instrument.Underlying == coin.Underlying).ToArray();
        var options = own.Where(quote => quote.Instrument is OptionInstrument).ToImmutableArray();
        var fit = SurfaceFit.Fit(market, coin.Underlying);
        var lines = fit.Surface is null
            ? []
            : fit.Surface.Slices.Select(slice => Line(coin, slice, options)).ToImmutableArray();
        return new UnderlyingReport(
            coin,
            fit,
            lines,
            options,
            [.. own.Where(quote => quote.Instrument is not OptionInstrument)],
            fit.Surface is { } surface ? Math.Sqrt(VolatilityIndex.OfSurface(surface).VarianceAnnual) : null
        );
    }

    static ExpiryLine Line(UnderlyingMarket coin, SviSlice slice, ImmutableArray<InstrumentQuote> options)
    {
        double call = VolatilityAt25Delta(slice, +1);
        double put = VolatilityAt25Delta(slice, -1);
        double middle = slice.VolatilityAnnual(0);
        var source = coin.Forwards.FirstOrDefault(forward => forward.Expiry == slice.Expiry)?.Source;
        return new ExpiryLine(
            slice,
            source ?? ForwardSource.Interpolated,
            options.Count(quote => quote.Instrument.SettlesAt == slice.Expiry),
            middle,
            call - put,
            (call + put) / 2 - middle
        );
    }

    // Forward delta ±0.25 means k = ±q·s + s²/2, s² the total variance there: a contraction for any smile met so far.
    static double VolatilityAt25Delta(SviSlice slice, int side)
    {
        double k = 0;
        for (int step = 0; step < 50; step++)
        {
            double deviation = Math.Sqrt(slice.TotalVariance(k));
            k = side * Quantile25 * deviation + deviation * deviation / 2;
        }
        return slice.VolatilityAnnual(k);
    }
}
