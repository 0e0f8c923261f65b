using Plimsoll.Markets;

namespace Plimsoll.Pricing;

/// <summary>Implies the forward of an expiry from put-call parity of two-sided quotes.</summary>
/// <remarks>
/// Call − put = forward − strike (undiscounted); for coin prices (C − P)·F = F − K, so F = K/(1 − (C − P)). Each strike
/// bounds F by the two quotes' sides; the answer is the median of the midpoints of the five strikes with the tightest
/// bounds, which one bad quote cannot move far.
/// </remarks>
public static class ParityForward
{
    const int Strikes = 5;

    /// <summary>Forward in USD, or null where no strike has a two-sided call and put.</summary>
    public static double? Implied(IEnumerable<InstrumentQuote> quotes, DateTimeOffset expiry)
    {
        var byStrike = new SortedDictionary<decimal, (InstrumentQuote? Call, InstrumentQuote? Put)>();
        foreach (var quote in quotes)
        {
            if (quote.Instrument is not OptionInstrument option || option.Expiry != expiry || !quote.IsTwoSided)
                continue;
            byStrike.TryGetValue(option.StrikeUsd, out var pair);
            byStrike[option.StrikeUsd] = option.Right == OptionRight.Call ? (quote, pair.Put) : (pair.Call, quote);
        }
        var bounds = new List<(double Width, double Middle)>();
        foreach (var (strike, (call, put)) in byStrike)
            if (call is not null && put is not null && Bound((double)strike, call, put) is { } bound)
                bounds.Add(bound);
        if (bounds.Count == 0)
            return null;
        double[] middles = [.. bounds.OrderBy(bound => bound.Width).Take(Strikes).Select(b => b.Middle).Order()];
        return middles.Length % 2 == 1
            ? middles[middles.Length / 2]
            : 0.5 * (middles[middles.Length / 2 - 1] + middles[middles.Length / 2]);
    }

    static (double Width, double Middle)? Bound(double strike, InstrumentQuote call, InstrumentQuote put)
    {
        double low = (double)(call.Bid!.Value - put.Ask!.Value);
        double high = (double)(call.Ask!.Value - put.Bid!.Value);
        if (call.Instrument.Shape != put.Instrument.Shape)
            return null;
        if (call.Instrument.Shape == PayoffShape.Inverse)
        {
            if (high >= 1)
                return null;
            (low, high) = (strike / (1 - low) - strike, strike / (1 - high) - strike);
        }
        double middle = strike + 0.5 * (low + high);
        return middle > 0 && high > low ? (high - low, middle) : null;
    }
}
