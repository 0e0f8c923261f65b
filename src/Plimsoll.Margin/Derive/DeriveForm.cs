using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Plimsoll.Markets;
using Plimsoll.Pricing;

namespace Plimsoll.Margin;

/// <summary>What the two portfolio managers do differently, for their form.</summary>
/// <param name="Scenarios">The manager's list.</param>
/// <param name="Volatility">Shocks.</param>
/// <param name="Skew">Null: no skew scenarios.</param>
/// <param name="Basis">Forwards that move apart.</param>
/// <param name="Discounts">Times positive and negative shocked values, and the price's own, by years.</param>
/// <param name="WorstFactor">Of the worst scenario.</param>
/// <param name="Perpetual">Of the perpetual's notional at spot.</param>
/// <param name="Naked">Of spot for each naked short.</param>
/// <param name="Coin">Of coins held, USD: part that moves with spot, and charge, by ticker; null: not known.</param>
/// <param name="Unsure">Charge of a dollar of notional for unsure feeds; initial only.</param>
sealed record DeriveFormRules(
    ImmutableArray<DeriveScenario> Scenarios,
    DeriveVolatilityShocks Volatility,
    DeriveSkew? Skew,
    DeriveBasis Basis,
    Func<double, (double Long, double Short, double Price)> Discounts,
    Func<MarginKind, double> WorstFactor,
    Func<MarginKind, double> Perpetual,
    Func<MarginKind, double> Naked,
    Func<string, MarginKind, (double Moving, double Charge)?> Coin,
    double Unsure
);

/// <summary>Derive's portfolio managers in the optimiser's form.</summary>
/// <remarks>
/// A group is an expiry, or the perpetual. Sums of an expiry: its value in each scenario, moved up and down for the
/// basis, and now. A loss <c>V − (V' ≥ 0 ? D⁺V' : D⁻V')</c> is the larger of two linear functions while D⁺ ≤ D⁻; of a
/// skew scenario the venue counts its absolute, for which <c>max(loss, V' − V)</c> stands, which is no less and convex.
/// </remarks>
sealed class DeriveForm : ConvexForm
{
    readonly DeriveFormRules rules;
    readonly ConvexPool pool;
    readonly bool[] isPerpetual;
    readonly double[] move;
    readonly double[] dampening;
    readonly bool[] tilts;
    readonly int firstTilt;
    readonly ImmutableArray<(int[] Columns, double[] Size)> strikes;

    /// <summary>The form over some columns.</summary>
    /// <param name="instruments">Columns.</param>
    /// <param name="pool">Coins of equity.</param>
    /// <param name="rules">The manager's.</param>
    public static DeriveForm Of(ImmutableArray<Instrument> instruments, ConvexPool pool, DeriveFormRules rules)
    {
        string? coin = Coin(instruments, pool);
        var (groups, coins) = GroupBy(
            instruments,
            instrument =>
                Refuses(instrument) is not null || instrument.Underlying != coin
                    ? null
                    : instrument.SettlesAt?.ToString("O", CultureInfo.InvariantCulture) ?? "perpetual"
        );
        return new DeriveForm(instruments, groups, rules, pool)
        {
            Instruments = instruments,
            GroupOf = groups,
            CoinOf = coins,
            Groups = coins.Length,
            Missing =
            [
                .. pool
                    .Coins.Where(held => held.Value != 0 && coin is not null)
                    .Select(held =>
                        held.Key != coin ? $"{held.Key} beside contracts of {coin} is not in the sizing"
                        : rules.Coin(coin, MarginKind.Initial) is null ? $"{coin}: no haircut"
                        : ""
                    )
                    .Where(words => words.Length > 0),
            ],
        };
    }

    /// <summary>Why Derive does not take a contract; null: it does.</summary>
    public static string? Refuses(Instrument instrument) =>
        instrument is not (OptionInstrument or PerpetualInstrument) ? "Derive has options and perpetuals only"
        : instrument.Shape == PayoffShape.Inverse ? "Derive settles in dollars, it has no coin-settled contracts"
        : null;

    /// <summary>The one coin that a manager takes: the book's, or the first of the market.</summary>
    public static string? Coin(ImmutableArray<Instrument> instruments, ConvexPool pool) =>
        instruments
            .Where(instrument => Refuses(instrument) is null)
            .OrderByDescending(instrument => pool.Held[instruments.IndexOf(instrument)] != 0)
            .ThenBy(instrument => instrument.Underlying, StringComparer.Ordinal)
            .FirstOrDefault()
            ?.Underlying;

    DeriveForm(
        ImmutableArray<Instrument> instruments,
        ImmutableArray<int> groups,
        DeriveFormRules rules,
        ConvexPool pool
    )
    {
        (this.rules, this.pool) = (rules, pool);
        move = [.. rules.Scenarios.Select(scenario => scenario.SpotMultiple - 1)];
        dampening = [.. rules.Scenarios.Select(scenario => scenario.Dampening)];
        tilts = [.. rules.Scenarios.Select(Tilts)];
        firstTilt = tilts.TakeWhile(tilt => !tilt).Count();
        isPerpetual = new bool[groups.DefaultIfEmpty(-1).Max() + 1];
        for (int i = 0; i < groups.Length; i++)
            if (groups[i] >= 0)
                isPerpetual[groups[i]] = instruments[i] is not OptionInstrument;
        strikes =
        [
            .. Enumerable
                .Range(0, instruments.Length)
                .Where(i => groups[i] >= 0 && instruments[i] is OptionInstrument)
                .GroupBy(i => (groups[i], ((OptionInstrument)instruments[i]).StrikeUsd))
                .Select(strike =>
                    ((int[])[.. strike], (double[])[.. strike.Select(i => (double)instruments[i].ContractSize)])
                ),
        ];
    }

    /// <inheritdoc />
    public override int Rows => rules.Scenarios.Length + 3;

    /// <inheritdoc />
    public override bool IsExact => rules.Skew is null;

    static bool Tilts(DeriveScenario scenario) => scenario.Volatility is DeriveShock.Linear or DeriveShock.Abs;

    int Now => rules.Scenarios.Length + 2;

    /// <inheritdoc />
    public override void Fill(int column, ContractMarket market, Span<double> rows)
    {
        var instrument = Instruments[column];
        double size = (double)instrument.ContractSize;
        if (instrument is not OptionInstrument option)
        {
            // Coins at the mark; the first sum is their value there.
            double coins = instrument.Shape == PayoffShape.Inverse ? size / market.UnderlyingUsd : size;
            rows.Clear();
            rows[0] = coins * market.UnderlyingUsd;
            rows[1] = coins;
            return;
        }
        int count = rows.Length;
        Span<double> inputs = stackalloc double[5 * count];
        Span<double> forward = inputs[..count],
            volatility = inputs.Slice(count, count);
        double seconds = market.TYears * 31_536_000;
        for (int c = 0; c < rules.Scenarios.Length; c++)
        {
            var scenario = rules.Scenarios[c];
            forward[c] = market.UnderlyingUsd * (tilts[c] ? 1 : scenario.SpotMultiple);
            volatility[c] = market.VolatilityAnnual;
            if (tilts[c])
            {
                double k = Math.Log((double)option.StrikeUsd / market.UnderlyingUsd);
                volatility[c] *= Math.Max(0, rules.Skew!.Multiplier(scenario.Volatility, market.TYears)(k));
            }
            else if (scenario.Volatility != DeriveShock.None)
            {
                var (multiple, least) = rules.Volatility.Of(scenario.Volatility, seconds);
                volatility[c] = Math.Max(least, market.VolatilityAnnual * multiple);
            }
        }
        for (int c = rules.Scenarios.Length; c < count; c++)
        {
            volatility[c] = market.VolatilityAnnual;
            forward[c] =
                market.UnderlyingUsd
                * (
                    c == Now ? 1
                    : c == Now - 2 ? rules.Basis.SpotUp
                    : rules.Basis.SpotDown
                );
        }
        inputs.Slice(2 * count, count).Fill((double)option.StrikeUsd);
        inputs.Slice(3 * count, count).Fill(market.TYears);
        inputs.Slice(4 * count, count).Fill(Black76.SignOf(option.Right));
        Black76Kernel.Price(
            new Black76Inputs
            {
                ForwardUsd = forward,
                StrikeUsd = inputs.Slice(2 * count, count),
                TYears = inputs.Slice(3 * count, count),
                VolAnnual = volatility,
                Sign = inputs.Slice(4 * count, count),
            },
            rows
        );
        double discount = size * rules.Discounts(market.TYears).Price;
        foreach (ref double value in rows)
            value *= discount;
    }

    /// <inheritdoc />
    public override double Bound(in FormPoint at, MarginKind kind, FormSlope? slope) =>
        Require(at, kind, isExact: false, slope);

    /// <inheritdoc />
    public override double Exact(in FormPoint at, MarginKind kind) => Require(at, kind, isExact: true, null);

    double Require(in FormPoint at, MarginKind kind, bool isExact, FormSlope? slope)
    {
        double spot = at.SpotUsd.IsEmpty ? 0 : at.SpotUsd[0];
        double moving = 0,
            charge = 0;
        foreach (var (ticker, amount) in pool.Coins)
        {
            var (moves, charged) = rules.Coin(ticker, kind) ?? (1, 1);
            (moving, charge) = (moving + moves * amount * spot, charge + charged * amount * spot);
        }
        Span<double> discounts = stackalloc double[2 * Groups];
        foreach (int group in at.Active)
            (discounts[2 * group], discounts[2 * group + 1], _) = rules.Discounts(at.TYears[group]);
        Span<double> losses = stackalloc double[rules.Scenarios.Length];
        Losses(at, discounts, moving, isExact, losses);
        int worst = -1;
        double most = Apart(at, 1, null);
        for (int c = 0; c < losses.Length; c++)
            if (losses[c] > most)
                (worst, most) = (c, losses[c]);
        double factor = rules.WorstFactor(kind);
        if (slope is not null && worst < 0)
            Apart(at, factor, slope);
        else if (slope is not null)
            AddSlope(at, worst, discounts, factor, slope);
        double total = factor * most + charge;
        foreach (int group in at.Active)
            if (isPerpetual[group])
            {
                double size = at.Of(group, Rows)[1],
                    rate = (rules.Perpetual(kind) + Unsure(kind)) * spot;
                total += rate * Math.Abs(size);
                slope?.Add(group, 1, rate * Math.Sign(size));
            }
        double naked = rules.Naked(kind) * spot,
            unsure = Unsure(kind) * spot;
        if (slope is not null)
            AddNaked(at, naked, unsure, slope);
        return total + at.Fixed[0] * naked + at.Fixed[1] * unsure;
    }

    double Unsure(MarginKind kind) => kind == MarginKind.Initial ? rules.Unsure : 0;

    /// <summary>Losses of all scenarios, dampened.</summary>
    void Losses(in FormPoint at, ReadOnlySpan<double> discounts, double moving, bool isExact, Span<double> losses)
    {
        losses.Clear();
        double moves = moving;
        foreach (int group in at.Active)
            if (isPerpetual[group])
                moves += at.Of(group, Rows)[0];
            else
                AddLosses(at.Of(group, Rows), discounts[2 * group], discounts[2 * group + 1], isExact, losses);
        for (int c = 0; c < losses.Length; c++)
            losses[c] = dampening[c] * (losses[c] - moves * move[c]);
    }

    // V − min(D⁺V', D⁻V'), which is the venue's while D⁺ ≤ D⁻; in skew scenarios its absolute, or a bound of that.
    void AddLosses(ReadOnlySpan<double> sums, double asLong, double asShort, bool isExact, Span<double> losses)
    {
        double now = sums[Now];
        ref double value = ref MemoryMarshal.GetReference(sums);
        ref double into = ref MemoryMarshal.GetReference(losses);
        int c = 0;
        for (; c + 8 <= firstTilt; c += 8)
        {
            var v = Vector512.LoadUnsafe(ref value, (nuint)c);
            var kept = Vector512.Min(v * asLong, v * asShort);
            (Vector512.LoadUnsafe(ref into, (nuint)c) + (Vector512.Create(now) - kept)).StoreUnsafe(ref into, (nuint)c);
        }
        for (; c < losses.Length; c++)
        {
            double own = now - Math.Min(sums[c] * asLong, sums[c] * asShort);
            losses[c] +=
                c < firstTilt || !tilts[c] ? own
                : isExact ? Math.Abs(own)
                : Math.Max(own, sums[c] - now);
        }
    }

    /// <summary>Adds the slope of a scenario's loss, times a factor.</summary>
    void AddSlope(in FormPoint at, int c, ReadOnlySpan<double> discounts, double factor, FormSlope slope)
    {
        factor *= dampening[c];
        foreach (int group in at.Active)
        {
            var sums = at.Of(group, Rows);
            if (isPerpetual[group])
            {
                slope.Add(group, 0, -factor * move[c]);
                continue;
            }
            double discount = discounts[sums[c] >= 0 ? 2 * group : 2 * group + 1];
            bool isTurned = tilts[c] && sums[c] - sums[Now] > sums[Now] - sums[c] * discount;
            slope.Add(group, Now, isTurned ? -factor : factor);
            slope.Add(group, c, isTurned ? factor : -factor * discount);
        }
    }

    /// <summary>The basis charge: each expiry's worse of two moves; its slope times a factor.</summary>
    double Apart(in FormPoint at, double factor, FormSlope? slope)
    {
        double sum = 0;
        foreach (int group in at.Active)
        {
            if (isPerpetual[group])
                continue;
            var sums = at.Of(group, Rows);
            double weight = rules.Basis.AddFactor + rules.Basis.MultiplyFactorPerYear * at.TYears[group];
            int row = sums[Now - 2] < sums[Now - 1] ? Now - 2 : Now - 1;
            double loss = sums[Now] - sums[row];
            if (loss <= 0)
                continue;
            sum += loss * weight;
            slope?.Add(group, Now, factor * weight);
            slope?.Add(group, row, -factor * weight);
        }
        return sum;
    }

    /// <summary>Shorts of a strike that nothing covers, and all options, in coins.</summary>
    public override double[] Fixed(ReadOnlySpan<double> contracts)
    {
        double naked = 0,
            gross = 0;
        foreach (var (columns, size) in strikes)
        {
            double net = 0;
            for (int k = 0; k < columns.Length; k++)
            {
                net += contracts[columns[k]] * size[k];
                gross += Math.Abs(contracts[columns[k]]) * size[k];
            }
            naked += Math.Max(0, -net);
        }
        return [naked, gross];
    }

    void AddNaked(in FormPoint at, double naked, double unsure, FormSlope slope)
    {
        foreach (var (columns, size) in strikes)
        {
            double net = 0;
            for (int k = 0; k < columns.Length; k++)
                net += at.Contracts[columns[k]] * size[k];
            for (int k = 0; k < columns.Length; k++)
                slope.Contracts[columns[k]] +=
                    size[k] * ((net < 0 ? -naked : 0) + unsure * Math.Sign(at.Contracts[columns[k]]));
        }
    }
}
