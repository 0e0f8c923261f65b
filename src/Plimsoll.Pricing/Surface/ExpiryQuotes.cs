using Plimsoll.Markets;

namespace Plimsoll.Pricing;

/// <summary>The options of one expiry as the fit sees them.</summary>
sealed class ExpiryQuotes
{
    /// <summary>Weight of a quote that the quality measure does not count (no open interest, or a far wing).</summary>
    const double IlliquidWeight = 0.25;

    public required DateTimeOffset Expiry { get; init; }
    public required double TYears { get; init; }
    public required double ForwardUsd { get; init; }
    public required List<InstrumentQuote> Quotes { get; init; }
    public required SmilePoint[] Points { get; init; }

    /// <summary>Total variance at the forward, a median of the nearest quotes; positive when there are points.</summary>
    public required double AtTheMoneyVariance { get; init; }

    /// <summary>Number of different strikes with a two-sided corridor.</summary>
    public required int Strikes { get; init; }

    public static ExpiryQuotes Of(DateTimeOffset expiry, double tYears, double forwardUsd, List<InstrumentQuote> quotes)
    {
        var points = new List<SmilePoint>(quotes.Count);
        foreach (var quote in quotes)
            if (Corridor(quote, forwardUsd, tYears) is { } point)
                points.Add(point);
        points.Sort((a, b) => a.LogMoneyness.CompareTo(b.LogMoneyness));
        return new ExpiryQuotes
        {
            Expiry = expiry,
            TYears = tYears,
            ForwardUsd = forwardUsd,
            Quotes = quotes,
            Points = [.. points],
            AtTheMoneyVariance = NearestMedianVariance(points),
            Strikes = points.Where(point => point.HasBid).Select(point => point.LogMoneyness).Distinct().Count(),
        };
    }

    /// <summary>USD value of a price that the instrument quotes in its own unit.</summary>
    public static double PriceUsd(OptionInstrument option, decimal price, double forwardUsd) =>
        (double)price * (option.Shape == PayoffShape.Inverse ? forwardUsd : 1);

    static SmilePoint? Corridor(InstrumentQuote quote, double forwardUsd, double tYears)
    {
        var option = (OptionInstrument)quote.Instrument;
        if (quote.Bid is not { } bid || quote.Ask is not { } ask || bid <= 0 || ask < bid)
            return null;
        double strike = (double)option.StrikeUsd;
        double askDeviation = Deviation(option, PriceUsd(option, ask, forwardUsd), forwardUsd, strike);
        if (!(askDeviation > 0) || double.IsInfinity(askDeviation))
            return null;
        double bidDeviation = Deviation(option, PriceUsd(option, bid, forwardUsd), forwardUsd, strike);
        double middle = bidDeviation > 0 ? 0.5 * (bidDeviation + askDeviation) : askDeviation;
        double weight = SurfaceQuality.IsLiquid(quote, forwardUsd, tYears, middle) ? 1 : IlliquidWeight;
        return new SmilePoint(Math.Log(strike / forwardUsd), Math.Max(0, bidDeviation), askDeviation, weight);
    }

    static double Deviation(OptionInstrument option, double priceUsd, double forwardUsd, double strikeUsd) =>
        TotalDeviation.Solve(priceUsd, forwardUsd, strikeUsd, option.Right);

    static double NearestMedianVariance(List<SmilePoint> points)
    {
        var nearest = points
            .Where(point => point.HasBid)
            .OrderBy(point => Math.Abs(point.LogMoneyness))
            .Take(7)
            .Select(point => point.MidDeviation * point.MidDeviation)
            .Order()
            .ToArray();
        return nearest.Length == 0 ? 0 : nearest[nearest.Length / 2];
    }
}
