using Plimsoll.Numerics;

namespace Plimsoll.Risk;

/// <summary>
/// Rows that stand for cells: the mean of each, or two at equal distance about it, so that what a mean averages away of
/// variances and covariances is given back.
/// </summary>
/// <remarks>
/// The distance is that of one member drawn, turned so that over all pairs the features have exactly the second moments
/// of their rows about the cells' means: d' = d·Ŵ^(−½)·W^(½), Ŵ of the drawn members, W of all rows. Other columns
/// follow by regression on the features. Moment matching as in Høyland, Kaut and Wallace, Computational Optimization
/// and Applications 24 (2003), here about cells.
/// </remarks>
sealed class CellSpread
{
    /// <summary>Directions with less than this of the largest variance are left as drawn.</summary>
    const double Least = 1e-7;

    readonly IReadOnlyList<int[]> cells;
    readonly double[] cellWeights;
    readonly double[] weights;
    readonly int[] drawn;
    readonly double[][] deviation;
    readonly double[][] turned;
    readonly SymmetricMatrix inverse;
    readonly (int Cell, int Sign)[] rows;

    /// <param name="cells">Members of each.</param>
    /// <param name="isPaired">Whether a cell stands as two rows.</param>
    /// <param name="features">By feature, one figure a row.</param>
    /// <param name="weights">Of the rows.</param>
    /// <param name="random">Draws the members.</param>
    public CellSpread(
        IReadOnlyList<int[]> cells,
        bool[] isPaired,
        double[][] features,
        double[] weights,
        SeededRandom random
    )
    {
        (this.cells, this.weights) = (cells, weights);
        cellWeights = [.. cells.Select(cell => cell.Sum(s => weights[s]))];
        rows =
        [
            .. Enumerable
                .Range(0, cells.Count)
                .SelectMany(c => isPaired[c] ? (int[])[1, -1] : [0], (c, sign) => (c, sign)),
        ];
        drawn = [.. cells.Select((cell, c) => isPaired[c] ? Draw(cell, cellWeights[c], random) : -1)];
        int k = features.Length;
        double[][] means = [.. features.Select(Mean)];
        using var all = new SymmetricMatrix(k);
        using var some = new SymmetricMatrix(k);
        var row = new double[k];
        for (int c = 0; c < cells.Count; c++)
        {
            foreach (int s in cells[c])
                if (cells[c].Length > 1)
                    all.AddOuterProduct(weights[s], About(s, c));
            if (drawn[c] >= 0)
                some.AddOuterProduct(cellWeights[c], About(drawn[c], c));
        }
        deviation = [.. cells.Select((_, c) => drawn[c] < 0 ? [] : (double[])About(drawn[c], c).Clone())];
        var (wanted, found) = (SymmetricEigen.Of(all), SymmetricEigen.Of(some));
        double least = Least * Math.Max(found.Values[^1], double.Epsilon);
        using var root = wanted.Rebuild([.. wanted.Values.Select(v => Math.Sqrt(Math.Max(v, 0)))]);
        using var unroot = found.Rebuild([.. found.Values.Select(v => v > least ? 1 / Math.Sqrt(v) : 0)]);
        inverse = found.Rebuild([.. found.Values.Select(v => v > least ? 1 / v : 0)]);
        turned = [.. deviation.Select(d => d.Length == 0 ? d : Turn(d, unroot, root))];

        double[] About(int s, int c)
        {
            for (int f = 0; f < k; f++)
                row[f] = features[f][s] - means[f][c];
            return row;
        }
    }

    /// <summary>Cell and side of each row: 0 stands alone.</summary>
    public IReadOnlyList<(int Cell, int Sign)> Rows => rows;

    /// <summary>Weights of the rows.</summary>
    public double[] Weights =>
        [.. rows.Select(row => row.Sign == 0 ? cellWeights[row.Cell] : cellWeights[row.Cell] / 2)];

    /// <summary>A column of the full rows as these rows have it.</summary>
    public double[] Of(ReadOnlySpan<double> column)
    {
        double[] means = Mean(column);
        int k = inverse.Size;
        var cross = new double[k];
        var own = new double[cells.Count];
        for (int c = 0; c < own.Length; c++)
            if (drawn[c] >= 0)
            {
                own[c] = column[drawn[c]] - means[c];
                for (int f = 0; f < k; f++)
                    cross[f] += cellWeights[c] * deviation[c][f] * own[c];
            }
        var slope = new double[k];
        inverse.Multiply(cross, slope);
        for (int c = 0; c < own.Length; c++)
        for (int f = 0; f < k && drawn[c] >= 0; f++)
            own[c] += slope[f] * (turned[c][f] - deviation[c][f]);
        return [.. rows.Select(row => means[row.Cell] + row.Sign * own[row.Cell])];
    }

    static double[] Turn(double[] d, SymmetricMatrix unroot, SymmetricMatrix root)
    {
        var (half, whole) = (new double[d.Length], new double[d.Length]);
        unroot.Multiply(d, half);
        root.Multiply(half, whole);
        return whole;
    }

    int Draw(int[] cell, double weight, SeededRandom random)
    {
        double left = weight * random.NextDouble();
        foreach (int s in cell)
            if ((left -= weights[s]) < 0)
                return s;
        return cell[^1];
    }

    double[] Mean(double[] column) => Mean((ReadOnlySpan<double>)column);

    double[] Mean(ReadOnlySpan<double> column)
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
}
