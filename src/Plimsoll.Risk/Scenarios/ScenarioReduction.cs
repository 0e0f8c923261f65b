using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Numerics;

namespace Plimsoll.Risk;

/// <summary>Fewer scenarios with the same law of gains as far as a tail can tell.</summary>
/// <remarks>
/// Rows are put into cells by halving the cell with the largest weighted spread along its widest feature, and each cell
/// becomes its conditional mean with its whole weight: of the gains themselves, not of the moves revalued, so that
/// every
/// book, being linear in them, has exactly its conditional mean in every cell. Averaging cells that lie wholly inside
/// or
/// wholly outside a book's tail then changes no expected shortfall (Fairbrother, Turner and Wallace 2022); only cells
/// across its border do, so rows in the tails of the reference books weigh much more and cells there are small.
/// Reducing
/// by distance alone loses the tail. The worst row of each reference stays a row of its own.
/// </remarks>
public static class ScenarioReduction
{
    /// <summary>
    /// Share of the weight that counts as a reference's tail: beyond the levels that limits speak of.
    /// </summary>
    const double TailShare = 0.03;

    /// <summary>How much more a row in a tail weighs.</summary>
    const double TailWeight = 60;
    const int RandomBooks = 50;
    const int MostFeatures = 32;
    const ulong BookStream = 12UL << 40;

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
        var cells = new Cells(Features(scenarios, columns, books), scenarios.Weights, importance, scenarios.Count);
        cells.Isolate(kept);
        cells.SplitTo(count);
        var members = cells.Members();
        var reduced = Means(scenarios, members);
        var gain = new ColumnMatrix(reduced.Count, matrix.Instruments.Length);
        for (int i = 0; i < matrix.Instruments.Length; i++)
            Mean(matrix.Gain.Column(i), scenarios.Weights, members, reduced.Weights).CopyTo(gain.Column(i));
        return matrix with
        {
            Scenarios = reduced,
            Gain = gain,
            Prices = HomePrices.Of(snapshot, reduced, matrix.HomeCurrency),
        };
    }

    /// <summary>Each contract's gains in its own deviation; contracts that never move are left out.</summary>
    static double[][] Standardised(PnlMatrix matrix)
    {
        var columns = new List<double[]>();
        for (int i = 0; i < matrix.Instruments.Length; i++)
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
        var importance = new double[weights.Length];
        Array.Fill(importance, 1.0);
        var ends = new SortedSet<int>();
        foreach (double[] column in columns)
        {
            Mark(column, 1);
            Mark(column, -1);
        }
        foreach (double[] book in books)
            Mark(book, 1);
        var random = new SeededRandom(seed, BookStream);
        for (int b = 0; b < RandomBooks; b++)
        {
            var gains = new double[weights.Length];
            foreach (double[] column in columns)
            {
                double contracts = random.NextNormal();
                for (int s = 0; s < gains.Length; s++)
                    gains[s] += contracts * column[s];
            }
            Mark(gains, 1);
        }
        kept = [.. ends];
        return importance;

        void Mark(double[] gains, int sign)
        {
            int[] order = StableOrder.Of([.. gains.Select(gain => sign * gain)]);
            ends.Add(order[0]);
            double taken = 0;
            for (int place = 0; place < order.Length && taken < TailShare; place++)
            {
                taken += weights[order[place]];
                importance[order[place]] = TailWeight;
            }
        }
    }

    static double[] Mean(
        ReadOnlySpan<double> column,
        double[] weights,
        IReadOnlyList<int[]> cells,
        double[] cellWeights
    )
    {
        var means = new double[cells.Count];
        for (int c = 0; c < means.Length; c++)
        {
            double sum = 0;
            foreach (int s in cells[c])
                sum += weights[s] * column[s];
            means[c] = sum / cellWeights[c];
        }
        return means;
    }

    static ScenarioSet Means(ScenarioSet scenarios, IReadOnlyList<int[]> cells)
    {
        double[] weights = [.. cells.Select(cell => cell.Sum(s => scenarios.Weights[s]))];
        double[] Mean(double[] column) => ScenarioReduction.Mean(column, scenarios.Weights, cells, weights);
        // A ratio's mean is kept, not its logarithm's: the law of risk has no drift in prices.
        double[] Ratio(double[] column) => [.. Mean(ScenarioPrices.Scaled(1, column)).Select(value => Math.Log(value))];
        return scenarios with
        {
            // Means of paths bar by bar would be no paths.
            Path = null,
            Count = cells.Count,
            Weights = weights,
            Origins = [.. cells.Select(cell => cell.Length == 1 ? scenarios.Origins[cell[0]] : Label(cell, scenarios))],
            Underlyings = [.. scenarios.Underlyings.Select(coin => coin.Each(Ratio, Mean))],
        };
    }

    static string Label(int[] cell, ScenarioSet scenarios) =>
        FormattableString.Invariant($"{scenarios.Origins[cell[0]]} and {cell.Length - 1} more");

    /// <summary>Cells of rows, the one with most spread to be split first.</summary>
    sealed class Cells
    {
        readonly double[][] features;
        readonly double[] weights;
        readonly double[] importance;
        readonly int[] rows;
        readonly List<(int From, int Count)> cells = [];
        readonly PriorityQueue<(int Cell, int Feature, double At), (double, int)> waiting = new();

        public Cells(double[][] features, double[] weights, double[] importance, int count)
        {
            (this.features, this.weights, this.importance) = (features, weights, importance);
            rows = [.. Enumerable.Range(0, count)];
        }

        /// <summary>Rows that are cells of their own from the start.</summary>
        public void Isolate(int[] kept)
        {
            var alone = kept.ToHashSet();
            int at = 0;
            foreach (int s in kept)
                rows[at++] = s;
            for (int s = 0; s < rows.Length; s++)
                if (!alone.Contains(s))
                    rows[at++] = s;
            for (int i = 0; i < kept.Length; i++)
                cells.Add((i, 1));
            Add(kept.Length, rows.Length - kept.Length);
        }

        public void SplitTo(int count)
        {
            while (cells.Count < count && waiting.TryDequeue(out var split, out _))
            {
                var (from, size) = cells[split.Cell];
                double[] column = features[split.Feature];
                int low = from,
                    high = from + size - 1;
                while (low <= high)
                    if (column[rows[low]] <= split.At)
                        low++;
                    else
                    {
                        (rows[low], rows[high]) = (rows[high], rows[low]);
                        high--;
                    }
                // Rounding may put the mean on an end: such a cell is as narrow as it gets.
                if (low == from || low == from + size)
                    continue;
                // The first half keeps its place in the list; both wait anew.
                cells[split.Cell] = (from, low - from);
                Wait(split.Cell);
                Add(low, from + size - low);
            }
        }

        public IReadOnlyList<int[]> Members() =>
            [
                .. cells
                    .Select(cell => rows[cell.From..(cell.From + cell.Count)].Order().ToArray())
                    .OrderBy(cell => cell[0]),
            ];

        void Add(int from, int count)
        {
            cells.Add((from, count));
            Wait(cells.Count - 1);
        }

        /// <summary>Queues a cell by its weighted spread, to be cut at the mean of its widest feature.</summary>
        void Wait(int cell)
        {
            var (from, count) = cells[cell];
            if (count < 2)
                return;
            double widest = 0,
                total = 0,
                at = 0;
            int feature = -1;
            for (int f = 0; f < features.Length; f++)
            {
                double[] column = features[f];
                double mass = 0,
                    sum = 0,
                    square = 0;
                double centre = column[rows[from]];
                for (int r = from; r < from + count; r++)
                {
                    int s = rows[r];
                    double own = weights[s] * importance[s],
                        x = column[s] - centre;
                    (mass, sum, square) = (mass + own, sum + own * x, square + own * x * x);
                }
                double spread = square - sum * sum / mass;
                total += spread;
                if (spread > widest)
                    (widest, feature, at) = (spread, f, centre + sum / mass);
            }
            if (feature >= 0)
                waiting.Enqueue((cell, feature, at), (-total, cell));
        }
    }
}
