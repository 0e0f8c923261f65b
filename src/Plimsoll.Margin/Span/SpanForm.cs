using System.Collections.Immutable;
using System.Globalization;
using Plimsoll.Markets;

namespace Plimsoll.Margin;

/// <summary>The SPAN-like scan in the optimiser's form.</summary>
/// <remarks>
/// A group is a contract month, its sums are the gains of the sixteen scenarios and its coins of delta. The charge
/// between months, of the smaller side of longs and shorts, is concave: the side that is smaller in the book as held is
/// charged, which is never less, and exact while it stays the smaller one. With one month it is 0 either way.
/// </remarks>
sealed class SpanForm : ConvexForm
{
    readonly SpanParameters parameters;
    readonly ImmutableArray<(double Move, VolatilityShock Shock, double Cover)>[] scenarios;
    readonly ImmutableArray<string> coins;
    readonly bool chargesShorts;

    SpanForm(SpanParameters parameters, ImmutableArray<string> coinOf, bool chargesShorts)
    {
        (this.parameters, this.chargesShorts) = (parameters, chargesShorts);
        coins = [.. coinOf.Distinct()];
        scenarios = [.. coinOf.Select(coin => SpanLikeMargin.Scenarios(parameters, coin).ToImmutableArray())];
    }

    /// <summary>The form over some columns.</summary>
    public static SpanForm Of(
        ImmutableArray<Instrument> instruments,
        ConvexPool pool,
        SpanParameters parameters,
        Func<Instrument, string?> refuses
    )
    {
        var (groups, coinOf) = GroupBy(
            instruments,
            instrument =>
                refuses(instrument) is not null
                    ? null
                    : instrument.Underlying + instrument.SettlesAt?.ToString("O", CultureInfo.InvariantCulture)
        );
        double net = Enumerable
            .Range(0, instruments.Length)
            .Where(i => groups[i] >= 0 && instruments[i] is not OptionInstrument)
            .Sum(i => pool.Held[i] * (double)instruments[i].ContractSize);
        return new SpanForm(parameters, coinOf, net >= 0)
        {
            Instruments = instruments,
            GroupOf = groups,
            CoinOf = coinOf,
            Groups = coinOf.Length,
        };
    }

    /// <inheritdoc />
    public override int Rows => 17;

    /// <inheritdoc />
    public override bool IsExact => coins.Length == Groups;

    /// <inheritdoc />
    public override void Fill(int column, ContractMarket market, Span<double> rows)
    {
        var instrument = Instruments[column];
        double size = (double)instrument.ContractSize;
        var own = scenarios[GroupOf[column]];
        for (int c = 0; c < own.Length; c++)
            rows[c] =
                own[c].Cover
                * SpanLikeMargin.GainUsd(
                    instrument,
                    size,
                    market,
                    own[c].Move,
                    own[c].Shock,
                    parameters.Products[instrument.Underlying],
                    parameters.DecayDays
                );
        rows[16] = ShockedValue.DeltaCoins(
            instrument,
            new MarginQuote(market.UnderlyingUsd, 0, market.VolatilityAnnual),
            market.TYears
        );
    }

    /// <summary>Options sold, coins, by coin.</summary>
    public override double[] Fixed(ReadOnlySpan<double> contracts)
    {
        var shorts = new double[coins.Length];
        for (int i = 0; i < contracts.Length; i++)
            if (contracts[i] < 0 && GroupOf[i] >= 0 && Instruments[i] is OptionInstrument option)
                shorts[coins.IndexOf(option.Underlying)] -= contracts[i] * (double)option.ContractSize;
        return shorts;
    }

    /// <inheritdoc />
    public override double Bound(in FormPoint at, MarginKind kind, FormSlope? slope) => Require(at, kind, false, slope);

    /// <inheritdoc />
    public override double Exact(in FormPoint at, MarginKind kind) => Require(at, kind, true, null);

    double Require(in FormPoint at, MarginKind kind, bool isExact, FormSlope? slope)
    {
        double factor = kind == MarginKind.Initial ? parameters.InitialFactor : 1,
            sum = 0;
        for (int k = 0; k < coins.Length; k++)
            sum += factor * Product(at, k, isExact, factor, slope);
        return sum;
    }

    double Product(in FormPoint at, int k, bool isExact, double factor, FormSlope? slope)
    {
        string coin = coins[k];
        var product = parameters.Products[coin];
        double spot = at.SpotUsd[CoinOf.IndexOf(coin)],
            longs = 0,
            shorts = 0;
        Span<double> gain = stackalloc double[16];
        gain.Clear();
        foreach (int group in at.Active)
        {
            if (CoinOf[group] != coin)
                continue;
            var sums = at.Of(group, Rows);
            for (int c = 0; c < gain.Length; c++)
                gain[c] += sums[c];
            longs += Math.Max(0, sums[16]);
            shorts += Math.Max(0, -sums[16]);
        }
        int worst = 0;
        for (int c = 1; c < gain.Length; c++)
            if (gain[c] < gain[worst])
                worst = c;
        double side =
            isExact ? Math.Min(longs, shorts)
            : chargesShorts ? shorts
            : longs;
        double each = product.InterMonthCharge * spot,
            scan = Math.Max(0, -gain[worst]) + each * side,
            least = product.ShortOptionMinimum * spot * at.Fixed[k];
        if (slope is null)
            return Math.Max(scan, least);
        if (scan < least)
        {
            for (int i = 0; i < Instruments.Length; i++)
                if (at.Contracts[i] < 0 && Instruments[i] is OptionInstrument option && option.Underlying == coin)
                    slope.Contracts[i] -= factor * product.ShortOptionMinimum * spot * (double)option.ContractSize;
            return least;
        }
        foreach (int group in at.Active)
        {
            if (CoinOf[group] != coin)
                continue;
            if (gain[worst] < 0)
                slope.Add(group, worst, -factor);
            double delta = at.Of(group, Rows)[16];
            if (chargesShorts ? delta < 0 : delta > 0)
                slope.Add(group, 16, factor * each * Math.Sign(delta));
        }
        return scan;
    }
}
