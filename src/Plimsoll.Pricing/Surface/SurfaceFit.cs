using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Pricing;

/// <summary>
/// Fits an underlying's surface to the bids and asks of a snapshot, free of butterfly and calendar arbitrage.
/// </summary>
/// <remarks>
/// Each expiry is fitted by itself (<see cref="SliceProblem"/>), then all together where any two cross
/// (<see cref="SurfaceProblem"/>), and last each slice in order of expiry is certified against the one before it; what
/// cannot be certified is widened and lifted, or takes the shape of the slice before it. Never throws on a cleaned
/// snapshot.
/// </remarks>
public static class SurfaceFit
{
    /// <summary>
    /// Share of liquid quotes met below which far wings and quotes without open interest get less say.
    /// </summary>
    const double GoodShare = 0.99;

    static readonly double[] IlliquidWeights = [0.2, 0.05];

    /// <summary>Fits the surface of one underlying.</summary>
    public static SurfaceFitResult Fit(MarketSnapshot snapshot, string underlying)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var notes = ImmutableArray.CreateBuilder<Repair>();
        if (snapshot.Find(underlying) is not { } market)
            return new SurfaceFitResult(null, [], $"the snapshot has no market of {underlying}");
        var expiries = Expiries(snapshot, market, notes);
        var usable = expiries.Where(expiry => expiry.AtTheMoneyVariance > 0).ToList();
        foreach (var expiry in expiries.Where(expiry => expiry.AtTheMoneyVariance <= 0))
            notes.Add(Dropped(underlying, expiry.Expiry, "no two-sided quote with a volatility"));
        if (usable.Count == 0)
            return new SurfaceFitResult(null, notes.ToImmutable(), $"no expiry of {underlying} has usable quotes");
        VolatilitySurface? best = null;
        var bestNotes = ImmutableArray<Repair>.Empty;
        foreach (double weight in IlliquidWeights)
        {
            var fitNotes = ImmutableArray.CreateBuilder<Repair>();
            var weighted = usable.ConvertAll(expiry => expiry with { IlliquidWeight = weight });
            var slices = new SliceSequence(underlying, weighted, fitNotes).Fit();
            if (slices.Count == 0)
                continue;
            var quality = SurfaceQuality.Report(expiries, slices);
            if (best is null || quality.LiquidInside > best.Fit.LiquidInside)
            {
                best = new VolatilitySurface
                {
                    Underlying = underlying,
                    AsOf = snapshot.AsOf,
                    Slices = [.. slices],
                    Fit = quality,
                };
                bestNotes = fitNotes.ToImmutable();
            }
            if (quality.InsideShare >= GoodShare)
                break;
        }
        notes.AddRange(bestNotes);
        return best is null
            ? new SurfaceFitResult(null, notes.ToImmutable(), $"no expiry of {underlying} could be fitted")
            : new SurfaceFitResult(best, notes.ToImmutable(), null);
    }

    internal static Repair Dropped(string underlying, DateTimeOffset expiry, string why) =>
        new(underlying, "surface-expiry-dropped", FormattableString.Invariant($"{expiry:yyyy-MM-dd HH:mm}: {why}"));

    static List<ExpiryQuotes> Expiries(
        MarketSnapshot snapshot,
        UnderlyingMarket market,
        ImmutableArray<Repair>.Builder notes
    )
    {
        var byExpiry = new SortedDictionary<DateTimeOffset, List<InstrumentQuote>>();
        foreach (var quote in snapshot.Quotes)
            if (quote.Instrument is OptionInstrument option && option.Underlying == market.Underlying)
            {
                if (!byExpiry.TryGetValue(option.Expiry, out var quotes))
                    byExpiry[option.Expiry] = quotes = [];
                quotes.Add(quote);
            }
        var expiries = new List<ExpiryQuotes>(byExpiry.Count);
        foreach (var (expiry, quotes) in byExpiry)
        {
            double tYears = Years.Between(snapshot.AsOf, expiry).Value;
            double? forward = market.Forwards.FirstOrDefault(quote => quote.Expiry == expiry)?.PriceUsd;
            if (forward is null && ParityForward.Implied(quotes, expiry) is { } implied)
            {
                forward = implied;
                notes.Add(
                    new Repair(
                        market.Underlying,
                        "forward-by-parity",
                        FormattableString.Invariant($"{expiry:yyyy-MM-dd HH:mm}: {implied:0.##} USD")
                    )
                );
            }
            if (!(tYears > 0))
                notes.Add(Dropped(market.Underlying, expiry, "expired at the time of the snapshot"));
            else if (forward is not > 0)
                notes.Add(Dropped(market.Underlying, expiry, "no forward, and none by put-call parity"));
            else
                expiries.Add(ExpiryQuotes.Of(expiry, tYears, forward.Value, quotes));
        }
        return expiries;
    }
}
