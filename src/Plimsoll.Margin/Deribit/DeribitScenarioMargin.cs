using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Risk;

namespace Plimsoll.Margin;

/// <summary>
/// Deribit's portfolio margin of one pool at every scenario's market, and its slope in the positions.
/// </summary>
/// <remarks>
/// Maintenance in scenario s is
/// <c>0.8·Σ_pairs (max over cells of a linear function + Σ_T |Δ_T|·rate + delta shock)</c>: at a fixed market a maximum
/// of functions linear in the contracts, so the slope of the cell that binds is a bound from below that holds for every
/// book (but for the delta shock's cap). Pairs that would share a direction are taken apart,
/// which is never less. Thread safe but for <see cref="Kept"/>, which fills a store.
/// </remarks>
public sealed class DeribitScenarioMargin
{
    const int Run = 256;

    readonly DeribitPortfolioParameters parameters;
    readonly ImmutableArray<PairScenarios> pairs;
    readonly ScenarioCells cells;

    /// <summary>Prepares the pairs of a pool.</summary>
    /// <param name="parameters">The venue's figures.</param>
    /// <param name="market">Market and surfaces now.</param>
    /// <param name="matrix">Scenarios and instruments.</param>
    /// <param name="settlement">Settlement currency of a segregated pool; null: cross, everything.</param>
    public DeribitScenarioMargin(
        DeribitPortfolioParameters parameters,
        RiskMarket market,
        PnlMatrix matrix,
        Currency? settlement
    )
    {
        this.parameters = parameters;
        Count = matrix.Scenarios.Count;
        bool isCross = settlement is null;
        var known = Enumerable
            .Range(0, matrix.Instruments.Length)
            .Where(column =>
                Rates(parameters, matrix.Instruments[column])
                && (settlement is not { } own || matrix.Instruments[column].Settlement == own)
            );
        var groups = known.GroupBy(column => (matrix.Instruments[column].Underlying, IsInverse(matrix, column)));
        var keys = groups.ToDictionary(group => group.Key, group => group.ToArray());
        if (isCross)
            foreach (string coin in parameters.Coins.Keys.Where(coin => market.Prices.IndexUsd(coin) is not null))
                if (matrix.Scenarios.Underlyings.Any(moves => moves.Underlying == coin))
                    keys.TryAdd((coin, true), []);
        var surfaces = keys
            .Keys.Select(key => key.Underlying)
            .Distinct()
            .Where(coin => market.Surfaces.ContainsKey(coin))
            .ToDictionary(
                coin => coin,
                coin =>
                    SurfaceMoves.Build(
                        market.Surfaces[coin],
                        market.Snapshot,
                        matrix.Scenarios,
                        VolatilityResponses.For(coin)
                    )
            );
        pairs =
        [
            .. keys.OrderBy(key => key.Key.Underlying, StringComparer.Ordinal)
                .ThenBy(key => key.Key.Item2)
                .Select(key => new PairScenarios(
                    key.Key.Item2 ? key.Key.Underlying : $"{key.Key.Underlying}_USDC",
                    parameters,
                    market,
                    matrix,
                    surfaces.GetValueOrDefault(key.Key.Underlying, []),
                    key.Value,
                    key.Key.Underlying,
                    key.Key.Item2,
                    isCross
                )),
        ];
        cells = new ScenarioCells(Count);
    }

    /// <summary>Number of scenarios.</summary>
    public int Count { get; }

    /// <summary>Whether the venue's figures cover an instrument.</summary>
    public static bool Rates(DeribitPortfolioParameters parameters, Instrument instrument) =>
        instrument is not SpotInstrument
        && parameters.Coins.ContainsKey(instrument.Underlying)
        && parameters.Of(instrument.Settlement) is not null;

    /// <summary>Maintenance margin in every scenario, home currency.</summary>
    /// <param name="contracts">By column of the matrix.</param>
    /// <param name="equityCoins">Coins of equity now by ticker, for a cross pool; others count as none.</param>
    /// <param name="threads">The bits do not depend on it.</param>
    public double[] Maintenance(double[] contracts, IReadOnlyDictionary<string, double> equityCoins, int threads = 1)
    {
        var maintenance = new double[Count];
        int most = pairs.IsEmpty ? 0 : pairs.Max(pair => pair.Grid.Count);
        Parallel.For(
            0,
            (Count + Run - 1) / Run,
            new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, threads) },
            () => (Sums: new double[most * Run], Scratch: new double[PairScenarios.ScratchOf(Run)]),
            (r, _, memory) =>
            {
                int from = r * Run;
                var into = maintenance.AsSpan(from, Math.Min(Run, Count - from));
                foreach (var pair in pairs)
                {
                    var sums = memory.Sums.AsSpan(0, pair.Grid.Count * into.Length);
                    AddRun(pair, contracts, equityCoins, from, sums, memory.Scratch, into);
                }
                return memory;
            },
            _ => { }
        );
        return maintenance;
    }

    /// <summary>
    /// Expected maintenance under some weights, as the linear function that is tight at a book and nowhere above:
    /// coefficient by column, home currency per contract.
    /// </summary>
    /// <param name="contracts">The book, by column.</param>
    /// <param name="equityCoins">As for <see cref="Maintenance"/>.</param>
    /// <param name="weights">By scenario; only positive ones are looked at.</param>
    /// <param name="slope">Receives Σ weights·∂maintenance/∂contracts, by column.</param>
    public void Slope(
        double[] contracts,
        IReadOnlyDictionary<string, double> equityCoins,
        ReadOnlySpan<double> weights,
        double[] slope
    )
    {
        Span<double> scratch = stackalloc double[PairScenarios.ScratchOf(1)];
        foreach (var pair in pairs)
        {
            var sums = new double[pair.Grid.Count];
            var net = new double[pair.RollRate.Length];
            var delta = new double[pair.Columns.Length];
            for (int s = 0; s < Count; s++)
            {
                if (!(weights[s] > 0))
                    continue;
                double equity = pair.IsExposed ? equityCoins.GetValueOrDefault(pair.Underlying) : 0;
                for (int c = 0; c < sums.Length; c++)
                    sums[c] = equity * pair.Index[s] * pair.EquityMove(c);
                Array.Clear(net);
                for (int i = 0; i < pair.Columns.Length; i++)
                {
                    pair.Deltas(i, s, scratch, delta.AsSpan(i, 1));
                    double held = contracts[pair.Columns[i]];
                    if (held == 0)
                        continue;
                    pair.AddCells(i, held, s, scratch, sums);
                    net[pair.Expiry[i]] += held * delta[i];
                }
                int worst = -1;
                double most = 0;
                for (int c = 0; c < sums.Length; c++)
                    if (-sums[c] - pair.Dampener(c) * pair.Unit[s] > most)
                        (worst, most) = (c, -sums[c] - pair.Dampener(c) * pair.Unit[s]);
                double total = net.Sum();
                double shock =
                    (pair.DeltaShock(total * (1 + 1e-6), s) - pair.DeltaShock(total, s))
                    / Math.Max(1e-300, 1e-6 * Math.Abs(total));
                double factor = weights[s] * parameters.MaintenanceFactor * pair.Money[s];
                for (int i = 0; i < pair.Columns.Length; i++)
                {
                    double roll = Math.Sign(net[pair.Expiry[i]]) * delta[i] * pair.RollRate[pair.Expiry[i]];
                    double loss = worst >= 0 ? -pair.CellGain(i, worst, s) : 0;
                    slope[pair.Columns[i]] +=
                        factor * (loss + roll * pair.PerCoin(s) + Math.Sign(total) * shock * delta[i]);
                }
            }
        }
    }

    /// <summary>
    /// The same as <see cref="Maintenance"/> from a store of cells, for many books that differ little.
    /// </summary>
    public double[] Kept(double[] contracts, IReadOnlyDictionary<string, double> equityCoins)
    {
        var maintenance = new double[Count];
        for (int p = 0; p < pairs.Length; p++)
        {
            var pair = pairs[p];
            var book = cells.Book(p, pair, contracts, Run);
            double equity = pair.IsExposed ? equityCoins.GetValueOrDefault(pair.Underlying) : 0;
            for (int from = 0; from < Count; from += Run)
            {
                int run = Math.Min(Run, Count - from);
                Finish(
                    pair,
                    book.Cells.AsSpan(from * pair.Grid.Count, run * pair.Grid.Count),
                    book.Deltas,
                    from,
                    equity,
                    from,
                    maintenance.AsSpan(from, run)
                );
            }
        }
        return maintenance;
    }

    void AddRun(
        PairScenarios pair,
        double[] contracts,
        IReadOnlyDictionary<string, double> equityCoins,
        int from,
        Span<double> sums,
        Span<double> scratch,
        Span<double> maintenance
    )
    {
        sums.Clear();
        Span<double> delta = stackalloc double[maintenance.Length];
        var deltas = new DeltaSums(pair.RollRate.Length, maintenance.Length);
        for (int i = 0; i < pair.Columns.Length; i++)
        {
            double held = contracts[pair.Columns[i]];
            if (held == 0 || pair.Settles[i])
                continue;
            pair.AddCells(i, held, from, scratch, sums);
            pair.Deltas(i, from, scratch, delta);
            deltas.Add(pair, i, held, delta);
        }
        double equity = pair.IsExposed ? equityCoins.GetValueOrDefault(pair.Underlying) : 0;
        Finish(pair, sums, deltas, 0, equity, from, maintenance);
    }

    /// <summary>Adds the charges of a run of scenarios, whose deltas begin at <paramref name="at"/>.</summary>
    void Finish(
        PairScenarios pair,
        ReadOnlySpan<double> sums,
        DeltaSums deltas,
        int at,
        double equityCoins,
        int from,
        Span<double> maintenance
    )
    {
        int run = maintenance.Length;
        Span<double> worst = stackalloc double[run];
        worst.Clear();
        for (int c = 0; c < pair.Grid.Count; c++)
            ScanSums.KeepWorst(
                sums.Slice(c * run, run),
                pair.Index.AsSpan(from, run),
                pair.Unit.AsSpan(from, run),
                equityCoins * pair.EquityMove(c),
                pair.Dampener(c),
                worst
            );
        for (int s = 0; s < run; s++)
        {
            double matrix =
                worst[s]
                + deltas.Roll(pair, at + s) * pair.PerCoin(from + s)
                + pair.DeltaShock(deltas.Unhelped(at + s), from + s);
            maintenance[s] += parameters.MaintenanceFactor * matrix * pair.Money[from + s];
        }
    }

    static bool IsInverse(PnlMatrix matrix, int column) => matrix.Instruments[column].Shape == PayoffShape.Inverse;
}
