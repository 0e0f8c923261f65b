using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Pricing;

namespace Plimsoll.Storage;

/// <summary>Fills in the forwards that a snapshot's expiries need and its source does not state.</summary>
/// <remarks>
/// From put-call parity where an expiry has a two-sided call and put at one strike; otherwise between (or beyond) its
/// neighbours at their yearly rate over the index. Each one is a repair.
/// </remarks>
public static class MissingForwards
{
    /// <summary>The same snapshot with a forward for each expiry of an option or future.</summary>
    public static MarketSnapshot Complete(MarketSnapshot snapshot)
    {
        var repairs = snapshot.Repairs.ToBuilder();
        var coins = snapshot.Underlyings.Select(coin => Complete(snapshot, coin, repairs)).ToImmutableArray();
        return snapshot with { Underlyings = coins, Repairs = repairs.ToImmutable() };
    }

    static UnderlyingMarket Complete(
        MarketSnapshot snapshot,
        UnderlyingMarket coin,
        ImmutableArray<Repair>.Builder repairs
    )
    {
        var own = snapshot.Quotes.Where(quote => quote.Instrument.Underlying == coin.Underlying).ToList();
        var stated = coin.Forwards.ToDictionary(forward => forward.Expiry);
        var needed = own.Select(quote => quote.Instrument.SettlesAt).OfType<DateTimeOffset>().ToHashSet();
        var missing = needed.Where(expiry => !stated.ContainsKey(expiry)).Order().ToList();
        if (missing.Count == 0)
            return coin;
        var later = new List<DateTimeOffset>();
        foreach (var expiry in missing)
            if (ParityForward.Implied(own, expiry) is { } price)
                Add(new(expiry, price, ForwardSource.PutCallParity), "implied from put-call parity of its quotes");
            else
                later.Add(expiry);
        var known = stated.Values.OrderBy(forward => forward.Expiry).ToList();
        foreach (var expiry in later)
            Add(
                new(expiry, Interpolated(snapshot.AsOf, coin.IndexUsd, known, expiry), ForwardSource.Interpolated),
                known.Count == 0 ? "no parity and no neighbour: the index" : "no parity: from its neighbours"
            );
        return coin with { Forwards = [.. stated.Values.OrderBy(forward => forward.Expiry)] };

        void Add(ForwardQuote forward, string how)
        {
            stated.Add(forward.Expiry, forward);
            repairs.Add(
                new(
                    coin.Underlying,
                    "missing-forward",
                    FormattableString.Invariant(
                        $"no forward for {forward.Expiry:yyyy-MM-dd}; {how}, {forward.PriceUsd:0.########} USD"
                    )
                )
            );
        }
    }

    /// <summary>
    /// index · e^(r·t), r the yearly rate linear in time between the neighbours and flat beyond them.
    /// </summary>
    static double Interpolated(DateTimeOffset asOf, double index, List<ForwardQuote> known, DateTimeOffset expiry)
    {
        if (known.Count == 0)
            return index;
        double t = Years.Between(asOf, expiry).Value;
        var before = known.LastOrDefault(forward => forward.Expiry < expiry) ?? known[0];
        var after = known.FirstOrDefault(forward => forward.Expiry > expiry) ?? known[^1];
        double t0 = Years.Between(asOf, before.Expiry).Value;
        double t1 = Years.Between(asOf, after.Expiry).Value;
        double r0 = Math.Log(before.PriceUsd / index) / t0;
        double r1 = Math.Log(after.PriceUsd / index) / t1;
        double share = t1 == t0 ? 0 : Math.Clamp((t - t0) / (t1 - t0), 0, 1);
        return index * Math.Exp((r0 + (r1 - r0) * share) * t);
    }
}
