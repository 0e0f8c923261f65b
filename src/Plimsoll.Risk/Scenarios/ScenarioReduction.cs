using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Numerics;

namespace Plimsoll.Risk;

/// <summary>Fewer scenarios with the same law of gains as far as a tail can tell.</summary>
/// <remarks>
/// Rows are put into cells by halving the cell with the largest weighted spread along its widest feature. A cell stands
/// as its conditional mean with its whole weight: of the gains themselves, not of the moves revalued, so that every
/// book, being linear in them, has exactly its conditional mean in each. Averaging cells that lie wholly inside or
/// outside a book's tail changes no expected shortfall (Fairbrother, Turner and Wallace 2022): cells never cross the
/// levels of the reference books, and rows in the tails of others weigh much more, so that cells there are small.
/// Reducing by distance alone loses the tail. Outside the references' tails a cell stands as two rows about its mean
/// (<see cref="CellSpread"/>), which keeps second moments, and with them growth. The worst row of each reference stays
/// a row of its own. A quantile is not kept as well as the mean beyond it: it may fall inside a cell.
/// </remarks>
public static class ScenarioReduction
{
    /// <summary>
    /// Share of the weight that counts as a reference's tail: beyond the levels that limits speak of.
    /// </summary>
    const double TailShare = 0.03;

    /// <summary>How much more a row in a tail weighs.</summary>
    const double TailWeight = 60;

    /// <summary>Tail probabilities at which a book's shortfall stays exact.</summary>
    static readonly double[] Levels = [0.01, 0.025, 0.05];
    const int RandomBooks = 50;
    const int MostFeatures = 32;

    /// <summary>Contracts whose own tails are references: of a long list, evenly spread over it.</summary>
    const int MostColumns = 96;
    const ulong BookStream = 12UL << 40;
    const ulong SpreadStream = 13UL << 40;
    const double LeastRatio = 1e-3;

    /// <summary>Reduces.</summary>
    /// <param name="matrix">Weighted.</param>
    /// <param name="snapshot">The market of the matrix.</param>
    /// <param name="books">Gains by scenario of books whose tails matter most: the present one, candidates.</param>
    /// <param name="count">Scenarios to keep.</param>
    /// <param name="seed">Of the random books that stand for the rest.</param>
    public static PnlMatrix Reduce(
        PnlMatrix matrix,
        MarketSnapshot snapshot,
        ImmutableArray<double[]> books,
        int count,
        ulong seed
    )
    {
        var scenarios = matrix.Scenarios;
        if (count >= scenarios.Count)
            return matrix;
        double[][] columns = Standardised(matrix);
        double[] importance = Importance(scenarios.Weights, columns, books, seed, out int[] kept);
        double[][] features = Features(scenarios, columns, books);
        var cells = new ScenarioCells(features, scenarios.Weights, importance, scenarios.Count);
        int[] strata = Strata(books, scenarios.Weights);
        cells.Begin(kept, strata, strata.Max());
        cells.SplitTo(count);
        var members = cells.Members();
        var spread = new CellSpread(
            members,
            [.. members.Select(cells.IsPaired)],
            features,
            scenarios.Weights,
            new SeededRandom(seed, SpreadStream)
        );
        var reduced = Moves(scenarios, members, spread);
        var gain = new ColumnMatrix(reduced.Count, matrix.Instruments.Length);
        Parallel.For(0, matrix.Instruments.Length, i => spread.Of(matrix.Gain.Column(i)).CopyTo(gain.Column(i)));
        return matrix with
        {
            Scenarios = reduced,
            Gain = gain,
            Prices = HomePrices.Of(snapshot, reduced, matrix.HomeCurrency),
        };
    }

    /// <summary>
    /// By row, where it lies among the levels of each book's losses: with cells inside a stratum a book's expected
    /// shortfall at those levels is exact.
    /// </summary>
    static int[] Strata(ImmutableArray<double[]> books, double[] weights)
    {
        var strata = new int[weights.Length];
        foreach (double[] book in books)
        {
            double taken = 0;
            foreach (int s in StableOrder.Of(book))
            {
                taken += weights[s];
                strata[s] = (Levels.Length + 1) * strata[s] + Levels.Count(level => taken > level);
            }
        }
        return strata;
    }

    /// <summary>Contracts' gains in their own deviation; contracts that never move are left out.</summary>
    static double[][] Standardised(PnlMatrix matrix)
    {
        var columns = new List<double[]>();
        int every = Math.Max(1, (matrix.Instruments.Length + MostColumns - 1) / MostColumns);
        for (int i = 0; i < matrix.Instruments.Length; i += every)
        {
            double[] column = matrix.Gain.Column(i).ToArray();
            double deviation = RiskMeasures.StandardDeviation(column, matrix.Scenarios.Weights);
            if (deviation > 0)
                columns.Add([.. column.Select(value => value / deviation)]);
        }
        return [.. columns];
    }

    static double[][] Features(ScenarioSet scenarios, double[][] columns, ImmutableArray<double[]> books)
    {
        var all = new List<double[]>();
        foreach (var coin in scenarios.Underlyings)
            all.AddRange([coin.LogReturn, coin.LogVolatilityMove]);
        all.AddRange(books);
        int every = Math.Max(1, (columns.Length + MostFeatures - 1) / MostFeatures);
        return
        [
            .. all.Select(column =>
                {
                    double deviation = RiskMeasures.StandardDeviation(column, scenarios.Weights);
                    return deviation > 0 ? column.Select(value => value / deviation).ToArray() : [];
                })
                .Where(column => column.Length > 0),
            .. columns.Where((_, i) => i % every == 0),
        ];
    }

    static double[] Importance(
        double[] weights,
        double[][] columns,
        ImmutableArray<double[]> books,
        ulong seed,
        out int[] kept
    )
    {
        var random = new SeededRandom(seed, BookStream);
        double[][] contracts =
        [
            .. Enumerable.Range(0, RandomBooks).Select(_ => columns.Select(_ => random.NextNormal()).ToArray()),
        ];
        double[] Gains(int reference)
        {
            if (reference < 2 * columns.Length)
                return reference % 2 == 0 ? columns[reference / 2] : [.. columns[reference / 2].Select(gain => -gain)];
            reference -= 2 * columns.Length;
            return reference < books.Length ? books[reference] : Weighed(columns, contracts[reference - books.Length]);
        }
        var tails = new int[2 * columns.Length + books.Length + RandomBooks][];
        Parallel.For(0, tails.Length, reference => tails[reference] = Tail(Gains(reference), weights));
        var importance = new double[weights.Length];
        Array.Fill(importance, 1.0);
        foreach (int row in tails.SelectMany(tail => tail))
            importance[row] = TailWeight;
        kept = [.. tails.Select(tail => tail[0]).Distinct().Order()];
        return importance;
    }

    static double[] Weighed(double[][] columns, double[] contracts)
    {
        var gains = new double[columns[0].Length];
        for (int i = 0; i < columns.Length; i++)
        for (int s = 0; s < gains.Length; s++)
            gains[s] += contracts[i] * columns[i][s];
        return gains;
    }

    /// <summary>Rows of the tail, the worst first.</summary>
    static int[] Tail(double[] gains, double[] weights)
    {
        int[] order = StableOrder.Of(gains);
        double taken = 0;
        int count = 0;
        while (count < order.Length && taken < TailShare)
            taken += weights[order[count++]];
        return order[..count];
    }

    static ScenarioSet Moves(ScenarioSet scenarios, IReadOnlyList<int[]> cells, CellSpread spread)
    {
        // A ratio's mean is kept, not its logarithm's: the law of risk has no drift in prices.
        double[] Ratio(double[] column) =>
            [.. spread.Of(ScenarioPrices.Scaled(1, column)).Select(value => Math.Log(Math.Max(value, LeastRatio)))];
        return scenarios with
        {
            // Means of paths bar by bar would be no paths.
            Path = null,
            Count = spread.Rows.Count,
            Weights = spread.Weights,
            Origins =
            [
                .. spread.Rows.Select(row =>
                    cells[row.Cell] is [var only] ? scenarios.Origins[only] : Label(cells[row.Cell], scenarios)
                ),
            ],
            Underlyings =
            [
                .. scenarios.Underlyings.Select(coin => WithinPath(coin.Each(Ratio, column => spread.Of(column)))),
            ],
        };
    }

    /// <summary>A low is no higher than the close, whatever was turned.</summary>
    static UnderlyingScenarios WithinPath(UnderlyingScenarios coin) =>
        coin with
        {
            PathLow = [.. coin.PathLow.Zip(coin.LogReturn, (low, close) => Math.Min(low, Math.Min(0, close)))],
            PathHigh = [.. coin.PathHigh.Zip(coin.LogReturn, (high, close) => Math.Max(high, Math.Max(0, close)))],
        };

    static string Label(int[] cell, ScenarioSet scenarios) =>
        FormattableString.Invariant($"{scenarios.Origins[cell[0]]} and {cell.Length - 1} more");
}
