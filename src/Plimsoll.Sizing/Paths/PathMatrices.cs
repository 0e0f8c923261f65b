using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Plimsoll.Markets;
using Plimsoll.Numerics;
using Plimsoll.Risk;

namespace Plimsoll.Sizing;

/// <summary>Gain of one contract at every look of every path, by column, revalued when first asked for.</summary>
/// <remarks>
/// The whole matrix would be as many times that of the law as there are looks: only what is held or may be traded is
/// wanted at every look, and of what is merely priced only the few looks that carry a price. Thread safe.
/// </remarks>
public sealed class PathMatrices
{
    readonly RiskMarket market;
    readonly ImmutableArray<Instrument> instruments;
    readonly Currency home;
    readonly int threads;
    readonly Dictionary<int, PathColumn> columns = [];
    readonly ConcurrentDictionary<string, PathRisk> risks = new(StringComparer.Ordinal);
    readonly ConditionalWeakTable<PnlMatrix, ScenarioMargin> margins = [];
    readonly ConditionalWeakTable<PnlMatrix, ForgoneGains> forgone = [];

    /// <param name="market">Market and surfaces.</param>
    /// <param name="looks">The markets on the way, see <see cref="PathLooks"/>.</param>
    /// <param name="instruments">Every column of the law's matrix.</param>
    /// <param name="home">Currency of the gains.</param>
    /// <param name="threads">The bits do not depend on it.</param>
    public PathMatrices(
        RiskMarket market,
        ImmutableArray<ScenarioSet> looks,
        ImmutableArray<Instrument> instruments,
        Currency home,
        int threads
    )
    {
        (this.market, Looks, this.instruments, this.home) = (market, looks, instruments, home);
        this.threads = Math.Max(1, threads);
        Prices = [.. looks.Select(look => HomePrices.Of(market.Snapshot, look, home))];
    }

    /// <summary>The markets on the way, in order of time.</summary>
    public ImmutableArray<ScenarioSet> Looks { get; }

    /// <summary>Prices of currencies at each look.</summary>
    public ImmutableArray<HomePrices> Prices { get; }

    /// <summary>Paths.</summary>
    public int Count => Looks[0].Count;

    /// <summary>The columns at every look; those not known yet are revalued together.</summary>
    public PathColumn[] Over(IReadOnlyList<int> wanted)
    {
        lock (columns)
        {
            int[] lacking = [.. wanted.Where(column => !columns.ContainsKey(column)).Distinct().Order()];
            if (lacking.Length > 0)
            {
                var pieces = Looks.Select(look => Compute(look, lacking)).ToImmutableArray();
                for (int i = 0; i < lacking.Length; i++)
                    columns[lacking[i]] = new PathColumn(pieces, i);
            }
            return [.. wanted.Select(column => columns[column])];
        }
    }

    /// <summary>A loss on the way over these matrices, kept for all that asks for it.</summary>
    internal PathRisk Risk(string name, Func<PathRisk> make) => risks.GetOrAdd(name, _ => make());

    /// <summary>Position-wise margin over one of the matrices, reckoned when first asked for.</summary>
    public ScenarioMargin MarginOf(PreparedSizing prepared, PnlMatrix matrix) =>
        margins.GetValue(
            matrix,
            of => new ScenarioMargin(prepared.Rates, of, prepared.Prices, prepared.Mandate.Assumptions.Deleveraging)
        );

    /// <summary>What closed futures forgo over one of the matrices; null: no limit on losses counts it.</summary>
    internal ForgoneGains? ForgoneOf(PreparedSizing prepared, PnlMatrix matrix) =>
        prepared.Forgone is { Law: { } law } ? forgone.GetValue(matrix, law.Over) : null;

    /// <summary>The columns at some paths of each look; not kept.</summary>
    /// <param name="wanted">Columns.</param>
    /// <param name="paths">By look, in order.</param>
    internal ImmutableArray<PnlMatrix> At(int[] wanted, int[][] paths) =>
        [
            .. Looks.Select(
                (look, k) =>
                    Compute(
                        look with
                        {
                            Count = paths[k].Length,
                            Weights = Some(look.Weights, paths[k]),
                            Origins = [.. paths[k].Select(s => look.Origins[s])],
                            Underlyings =
                            [
                                .. look.Underlyings.Select(moves =>
                                    moves.Each(all => Some(all, paths[k]), all => Some(all, paths[k]))
                                ),
                            ],
                        },
                        wanted
                    )
            ),
        ];

    /// <summary>One matrix of some columns at a look.</summary>
    internal PnlMatrix Joined(int look, int[] wanted)
    {
        var parts = Over(wanted);
        var gain = new ColumnMatrix(Count, wanted.Length);
        for (int i = 0; i < wanted.Length; i++)
            parts[i].Gain(look).CopyTo(gain.Column(i));
        return new PnlMatrix
        {
            Scenarios = Looks[look],
            Instruments = [.. wanted.Select(column => instruments[column])],
            HomeCurrency = home,
            Gain = gain,
            ValueNow = [.. parts.Select(part => part.Pieces[look].ValueNow[part.Column])],
            Prices = Prices[look],
            FundingPaidByLong = [.. parts.Select(part => part.Pieces[look].FundingPaidByLong[part.Column])],
            DeliveryFee = [.. parts.Select(part => part.Pieces[look].DeliveryFee[part.Column])],
        };
    }

    PnlMatrix Compute(ScenarioSet look, int[] wanted) =>
        Revaluation.Compute(
            market.Snapshot,
            market.Surfaces,
            look,
            [.. wanted.Select(column => instruments[column])],
            home,
            threads
        );

    static double[] Some(double[] all, int[] paths) => [.. paths.Select(s => all[s])];
}

/// <summary>One column at every look: a column of the matrix of each.</summary>
/// <param name="Pieces">A matrix for each look.</param>
/// <param name="Column">Column of them.</param>
public sealed record PathColumn(ImmutableArray<PnlMatrix> Pieces, int Column)
{
    /// <summary>Gain of one contract at a look, by path.</summary>
    public ReadOnlySpan<double> Gain(int look) => Pieces[look].Gain.Column(Column);
}
