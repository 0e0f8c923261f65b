using Plimsoll.Markets;

namespace Plimsoll.Pricing;

/// <summary>The options of one expiry as the fit sees them.</summary>
sealed record ExpiryQuotes
{
    public required DateTimeOffset Expiry { get; init; }
    public required double TYears { get; init; }
    public required double ForwardUsd { get; init; }
    public required List<InstrumentQuote> Quotes { get; init; }

    /// <summary>
    /// Say in the fit, relative to a liquid quote's 1, of a quote that the quality measure does not count (no open
    /// interest, or a far wing).
    /// </summary>
    public double IlliquidWeight { get; init; } = 1;
    public required SmilePoint[] Points { get; init; }

    /// <summary>
    /// Total variance at the forward, a median of the nearest quotes; positive when there are points.
    /// </summary>
    public required double AtTheMoneyVariance { get; init; }

    /// <summary>Number of different strikes with a two-sided corridor.</summary>
    public required int Strikes { get; init; }

    public static ExpiryQuotes Of(DateTimeOffset expiry, double tYears, double forwardUsd, List<InstrumentQuote> quotes)
    {
        var points = Corridors(tYears, forwardUsd, quotes.FindAll(HasCorridor));
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

    static bool HasCorridor(InstrumentQuote quote) => quote.IsTwoSided && quote.Ask >= quote.Bid;

    static List<SmilePoint> Corridors(double tYears, double forwardUsd, List<InstrumentQuote> quotes)
    {
        int count = quotes.Count;
        double[] price = new double[2 * count];
        double[] strike = new double[2 * count];
        double[] sign = new double[2 * count];
        for (int i = 0; i < count; i++)
        {
            var option = (OptionInstrument)quotes[i].Instrument;
            price[i] = PriceUsd(option, quotes[i].Bid!.Value, forwardUsd);
            price[count + i] = PriceUsd(option, quotes[i].Ask!.Value, forwardUsd);
            strike[i] = strike[count + i] = (double)option.StrikeUsd;
            sign[i] = sign[count + i] = Black76.SignOf(option.Right);
        }
        double[] vol = new double[2 * count];
        var status = new ImpliedVolatilityStatus[2 * count];
        var inputs = new ImpliedVolatilityInputs
        {
            PriceUsd = price,
            ForwardUsd = Repeated(forwardUsd, 2 * count),
            StrikeUsd = strike,
            TYears = Repeated(tYears, 2 * count),
            Sign = sign,
        };
        ImpliedVolatility.Solve(inputs, vol, status);
        double root = Math.Sqrt(tYears);
        var points = new List<SmilePoint>(count);
        for (int i = 0; i < count; i++)
        {
            if (status[count + i] != ImpliedVolatilityStatus.Solved)
                continue;
            bool hasBid = status[i] == ImpliedVolatilityStatus.Solved;
            double bid = hasBid ? vol[i] * root : 0;
            double ask = vol[count + i] * root;
            double middle = hasBid ? 0.5 * (bid + ask) : ask;
            bool liquid = SurfaceQuality.IsLiquid(quotes[i], forwardUsd, tYears, middle);
            points.Add(new SmilePoint(Math.Log(strike[i] / forwardUsd), bid, ask, liquid));
        }
        return points;
    }

    static double[] Repeated(double value, int count)
    {
        double[] values = new double[count];
        Array.Fill(values, value);
        return values;
    }

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
