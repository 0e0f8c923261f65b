using Plimsoll.Markets;
using Plimsoll.Numerics;

namespace Plimsoll.Pricing;

/// <summary>Measures how a fitted surface meets quotes.</summary>
static class SurfaceQuality
{
    /// <summary>Least and, mirrored, greatest |delta| of a liquid quote.</summary>
    const double LeastDelta = 0.05;

    /// <summary>Volatility points around mid within which a quote counts as met whatever its spread.</summary>
    const double MidTolerance = 0.005;

    /// <summary>
    /// Two-sided, with open interest, 0.05 ≤ |delta| ≤ 0.95 at the venue's mark volatility or else at mid.
    /// </summary>
    public static bool IsLiquid(InstrumentQuote quote, double forwardUsd, double tYears, double midDeviation)
    {
        if (!quote.IsTwoSided || quote.OpenInterestContracts is not > 0)
            return false;
        double deviation = quote.MarkImpliedVolatility is { } mark and > 0 ? mark * Math.Sqrt(tYears) : midDeviation;
        var option = (OptionInstrument)quote.Instrument;
        double logForwardOverStrike = Math.Log(forwardUsd / (double)option.StrikeUsd);
        double callDelta = SpecialFunctions.NormalCdf(logForwardOverStrike / deviation + 0.5 * deviation);
        return callDelta is >= LeastDelta and <= 1 - LeastDelta;
    }

    /// <summary>Quality of all slices over all quotes, those of dropped expiries included as misses.</summary>
    public static SurfaceFitReport Report(List<ExpiryQuotes> expiries, List<SviSlice> slices)
    {
        int used = 0;
        int liquid = 0;
        int inside = 0;
        double worst = 0;
        string worstName = "";
        foreach (var expiry in expiries)
        {
            var slice = slices.Find(candidate => candidate.Expiry == expiry.Expiry);
            used += slice is null ? 0 : expiry.Points.Length;
            double deviation = Math.Sqrt(slice?.AtTheMoneyVariance ?? expiry.AtTheMoneyVariance);
            foreach (var quote in expiry.Quotes)
            {
                if (!IsLiquid(quote, expiry.ForwardUsd, expiry.TYears, deviation))
                    continue;
                liquid++;
                if (slice is null)
                    continue;
                var (met, miss) = Miss(quote, slice, expiry.ForwardUsd, expiry.TYears);
                inside += met ? 1 : 0;
                if (miss > worst)
                    (worst, worstName) = (miss, quote.Instrument.Name);
            }
        }
        var (density, step) = StaticArbitrage.OfSurface(slices);
        return new SurfaceFitReport(
            used,
            liquid,
            inside,
            worst,
            worstName,
            density,
            double.IsInfinity(step) && step > 0 ? null : step
        );
    }

    /// <summary>
    /// Distance of the surface's price to the quoted spread in volatility points (0 inside it), and whether the quote
    /// is met: inside, or within half a point of the mid price.
    /// </summary>
    public static (bool Met, double MissVolPoints) Miss(
        InstrumentQuote quote,
        SviSlice slice,
        double forwardUsd,
        double tYears
    )
    {
        var option = (OptionInstrument)quote.Instrument;
        double strike = (double)option.StrikeUsd;
        double bid = ExpiryQuotes.PriceUsd(option, quote.Bid!.Value, forwardUsd);
        double ask = ExpiryQuotes.PriceUsd(option, quote.Ask!.Value, forwardUsd);
        double vol = Math.Sqrt(slice.TotalVariance(Math.Log(strike / forwardUsd)) / tYears);
        double price = Black76.PriceUsd(forwardUsd, strike, tYears, vol, option.Right);
        if (price >= bid && price <= ask)
            return (true, 0);
        var atBound = ImpliedVolatility.Solve(price < bid ? bid : ask, forwardUsd, strike, tYears, option.Right);
        double mid = 0.5 * (bid + ask);
        double lower = Black76.PriceUsd(forwardUsd, strike, tYears, Math.Max(0, vol - MidTolerance), option.Right);
        double upper = Black76.PriceUsd(forwardUsd, strike, tYears, vol + MidTolerance, option.Right);
        return (lower <= mid && mid <= upper, 100 * Math.Abs(vol - atBound.VolAnnual));
    }
}
