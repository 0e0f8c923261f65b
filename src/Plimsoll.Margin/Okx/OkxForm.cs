using System.Collections.Immutable;
using System.Globalization;
using Plimsoll.Markets;

namespace Plimsoll.Margin;

/// <summary>OKX's portfolio margin of futures and perpetuals in the optimiser's form.</summary>
/// <remarks>
/// A group is a contract, its sum its delta in USD. MR9, convex tiers φ of the smaller side of a hedge across
/// stablecoins, is not convex alone, but with the scan it is: with n the net delta and g = Σ |net by stablecoin| the
/// smaller side is (g − |n|)/2, so scan + MR9 = move·|n| + φ((g − |n|)/2), which is convex and rises in both g and |n|
/// as long as move is at least half of φ's last fraction (12% against 1.25%). Where a file's figures break that, the
/// side that is smaller in the book as held is taken: never below, and exact while it stays the smaller one.
/// </remarks>
sealed class OkxForm : ConvexForm
{
    readonly OkxParameters parameters;
    readonly int[] expiry;
    readonly int[] quote;
    readonly ImmutableArray<string> coins;
    readonly bool chargesShorts;
    readonly bool isConvex;

    OkxForm(
        OkxParameters parameters,
        ImmutableArray<Instrument> instruments,
        ImmutableArray<int> groups,
        ConvexPool pool
    )
    {
        this.parameters = parameters;
        int[] first = [.. Enumerable.Range(0, groups.DefaultIfEmpty(-1).Max() + 1).Select(g => groups.IndexOf(g))];
        expiry = Numbered(
            first.Select(i =>
                instruments[i].Underlying + instruments[i].SettlesAt?.ToString("O", CultureInfo.InvariantCulture)
            )
        );
        quote = Numbered(first.Select(i => OkxPortfolioMargin.QuoteOf(instruments[i])));
        coins = [.. first.Select(i => instruments[i].Underlying).Distinct()];
        isConvex = coins
            .Where(parameters.Units.ContainsKey)
            .All(coin => Move(parameters, parameters.Units[coin]) >= parameters.StablecoinTiers.Steepest / 2);
        chargesShorts =
            Enumerable
                .Range(0, instruments.Length)
                .Where(i => groups[i] >= 0)
                .Sum(i => pool.Held[i] * (double)instruments[i].ContractSize) >= 0;
    }

    /// <summary>The form over some columns.</summary>
    public static OkxForm Of(
        ImmutableArray<Instrument> instruments,
        ConvexPool pool,
        OkxParameters parameters,
        Func<Instrument, string?> refuses
    )
    {
        var (groups, coins) = GroupBy(instruments, instrument => refuses(instrument) is null ? instrument.Name : null);
        return new OkxForm(parameters, instruments, groups, pool)
        {
            Instruments = instruments,
            GroupOf = groups,
            CoinOf = coins,
            Groups = coins.Length,
        };
    }

    /// <inheritdoc />
    public override int Rows => 1;

    /// <inheritdoc />
    public override bool IsExact => isConvex || quote.All(each => each == 0);

    /// <inheritdoc />
    public override void Fill(int column, ContractMarket market, Span<double> rows)
    {
        double size = (double)Instruments[column].ContractSize;
        rows[0] = Instruments[column].Shape == PayoffShape.Inverse ? size : size * market.UnderlyingUsd;
    }

    /// <inheritdoc />
    public override double Bound(in FormPoint at, MarginKind kind, FormSlope? slope) => Require(at, kind, false, slope);

    /// <inheritdoc />
    public override double Exact(in FormPoint at, MarginKind kind) => Require(at, kind, true, null);

    double Require(in FormPoint at, MarginKind kind, bool isExact, FormSlope? slope)
    {
        double factor = kind == MarginKind.Initial ? parameters.InitialFactor : 1,
            sum = 0;
        foreach (string coin in coins)
            if (parameters.Units.TryGetValue(coin, out var unit))
                sum += factor * Unit(at, coin, unit, isExact, factor, slope);
        return sum;
    }

    double Unit(in FormPoint at, string coin, OkxUnit unit, bool isExact, double factor, FormSlope? slope)
    {
        double delta = 0,
            raw = 0;
        Span<double> byExpiry = stackalloc double[Groups],
            years = stackalloc double[Groups],
            byQuote = stackalloc double[Groups];
        byExpiry.Clear();
        years.Clear();
        byQuote.Clear();
        foreach (int group in at.Active)
        {
            if (CoinOf[group] != coin)
                continue;
            double own = at.Of(group, 1)[0];
            delta += own;
            raw += unit.MinimumCharge!.Value * Math.Abs(own);
            byExpiry[expiry[group]] += own;
            years[expiry[group]] = at.TYears[group];
            byQuote[quote[group]] += own;
        }
        double move = Move(parameters, unit),
            basis = 0,
            longs = 0,
            shorts = 0;
        for (int t = 0; t < byExpiry.Length; t++)
            (basis, longs, shorts) = (
                basis + Math.Abs(byExpiry[t]) * Basis(unit, years[t]),
                longs + Math.Max(0, byQuote[t]),
                shorts + Math.Max(0, -byQuote[t])
            );
        double side =
            isExact || isConvex ? Math.Min(longs, shorts)
            : chargesShorts ? shorts
            : longs;
        double scan = move * Math.Abs(delta) + basis + parameters.StablecoinTiers.Marginal(side),
            least = parameters.ChargeTiers.Marginal(raw);
        if (slope is null)
            return Math.Max(scan, least);
        double tier = parameters.StablecoinTiers.Slope(side);
        foreach (int group in at.Active)
        {
            if (CoinOf[group] != coin)
                continue;
            double net = byQuote[quote[group]];
            slope.Add(
                group,
                0,
                factor
                    * (
                        scan >= least
                            ? move * Math.Sign(delta)
                                + Math.Sign(byExpiry[expiry[group]]) * Basis(unit, at.TYears[group])
                                + tier * OfSide(net, delta)
                            : parameters.ChargeTiers.Slope(raw)
                                * unit.MinimumCharge!.Value
                                * Math.Sign(at.Of(group, 1)[0])
                    )
            );
        }
        return Math.Max(scan, least);
    }

    /// <summary>What one more dollar of delta in a stablecoin adds to the side that is charged.</summary>
    double OfSide(double net, double delta) =>
        isConvex ? (Math.Sign(net) - Math.Sign(delta)) / 2.0
        : chargesShorts ? Math.Min(0, Math.Sign(net))
        : Math.Max(0, Math.Sign(net));

    static double Move(OkxParameters parameters, OkxUnit unit) =>
        Math.Max(unit.SpotShocks.Max(), parameters.ExtremeShare * unit.ExtremeShock);

    static int[] Numbered(IEnumerable<string> keys)
    {
        var known = new List<string>();
        return
        [
            .. keys.Select(key =>
            {
                if (!known.Contains(key))
                    known.Add(key);
                return known.IndexOf(key);
            }),
        ];
    }

    static double Basis(OkxUnit unit, double tYears) =>
        Math.Max(unit.LeastBasisMove!.Value, unit.AnnualisedMoveRisk * tYears);
}
