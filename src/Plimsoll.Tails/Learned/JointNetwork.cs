using Plimsoll.Numerics;

namespace Plimsoll.Tails;

/// <summary>Size and learning of a joint network.</summary>
/// <param name="Hidden">Units of its one hidden layer.</param>
/// <param name="Steps">Steps over all rows.</param>
/// <param name="LearningRate">Of Adam.</param>
/// <param name="WeightDecay">Penalty on the square of every weight that is no bias.</param>
/// <param name="Seed">Of the first weights.</param>
public sealed record NetworkOptions(
    int Hidden = 2,
    int Steps = 60,
    double LearningRate = 0.005,
    double WeightDecay = 1e-2,
    ulong Seed = 1
);

/// <summary>Quantile and tail mean of a standardised return together, by one hidden layer.</summary>
/// <remarks>
/// v = −softplus(o₁), e = v − softplus(o₂), so that e &lt; v &lt; 0 whatever the weights; trained on the joint loss FZ0
/// (Patton, Ziegel and Chen 2019), by Adam over all rows at once (Kingma and Ba 2015). It starts as the empirical
/// quantile and tail mean: what it learns is a departure from them. A column that is NaN is taken at its mean.
/// </remarks>
public sealed class JointNetwork
{
    const double Floor = 1e-3;

    readonly int columns;
    readonly int hidden;
    readonly double[] mean;
    readonly double[] deviation;
    readonly double[] weights;

    JointNetwork(int columns, int hidden, double[] mean, double[] deviation, double[] weights) =>
        (this.columns, this.hidden, this.mean, this.deviation, this.weights) = (
            columns,
            hidden,
            mean,
            deviation,
            weights
        );

    /// <summary>First layer by unit (columns, then bias), then both outputs (units, then bias).</summary>
    public ReadOnlySpan<double> Weights => weights;

    /// <summary>Trains on rows.</summary>
    /// <param name="rows">By row.</param>
    /// <param name="columns">Width of a row.</param>
    /// <param name="targets">Standardised returns, one a row.</param>
    /// <param name="level">Level of the tail.</param>
    /// <param name="options">Size and learning.</param>
    public static JointNetwork Train(
        double[] rows,
        int columns,
        double[] targets,
        TailProbability level,
        NetworkOptions options
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        if (rows.Length != targets.Length * columns)
            throw new ArgumentException($"{targets.Length} targets of {columns} columns do not make {rows.Length}");
        var (mean, deviation) = Scale(rows, columns);
        double[] inputs = Standardised(rows, columns, mean, deviation);
        double[] weights = First(columns, targets, level, options);
        var gradient = new double[weights.Length];
        var (slow, square) = (new double[weights.Length], new double[weights.Length]);
        for (int step = 1; step <= options.Steps; step++)
        {
            Loss(weights, inputs, columns, options.Hidden, targets, level, options.WeightDecay, gradient);
            double rate = options.LearningRate * Math.Sqrt(1 - Math.Pow(0.999, step)) / (1 - Math.Pow(0.9, step));
            for (int i = 0; i < weights.Length; i++)
            {
                slow[i] += 0.1 * (gradient[i] - slow[i]);
                square[i] += 0.001 * (gradient[i] * gradient[i] - square[i]);
                weights[i] -= rate * slow[i] / (Math.Sqrt(square[i]) + 1e-8);
            }
        }
        return new JointNetwork(columns, options.Hidden, mean, deviation, weights);
    }

    /// <summary>Quantile and tail mean at a row.</summary>
    public (double Quantile, double TailMean) At(ReadOnlySpan<double> row)
    {
        if (row.Length != columns)
            throw new ArgumentException($"a row has {columns} columns, not {row.Length}", nameof(row));
        double[] input = Standardised(row.ToArray(), columns, mean, deviation);
        var (first, second) = Outputs(weights, input, hidden, new double[hidden]);
        double v = -Floor - SoftPlus(first);
        return (v, v - Floor - SoftPlus(second));
    }

    /// <summary>Mean loss with its penalty, and its gradient.</summary>
    internal static double Loss(
        double[] weights,
        double[] inputs,
        int columns,
        int hidden,
        double[] targets,
        TailProbability level,
        double decay,
        double[] gradient
    )
    {
        Array.Clear(gradient);
        double sum = 0,
            p = level.Value;
        int outputs = hidden * (columns + 1);
        var unit = new double[hidden];
        for (int t = 0; t < targets.Length; t++)
        {
            var input = inputs.AsSpan(t * columns, columns);
            var (first, second) = Outputs(weights, input, hidden, unit);
            double v = -Floor - SoftPlus(first),
                e = v - Floor - SoftPlus(second),
                y = targets[t],
                hit = y <= v ? 1 : 0;
            sum += TailLoss.Fz0(y, v, e, level);
            double byV = (1 - hit / p) / e,
                byE = (hit * (v - y) / p - v + e) / (e * e);
            double byFirst = -(byV + byE) * Logistic(first) / targets.Length,
                bySecond = -byE * Logistic(second) / targets.Length;
            for (int j = 0; j < hidden; j++)
            {
                int a = outputs + j,
                    b = outputs + hidden + 1 + j;
                gradient[a] += byFirst * unit[j];
                gradient[b] += bySecond * unit[j];
                double inner = (byFirst * weights[a] + bySecond * weights[b]) * (1 - unit[j] * unit[j]);
                var own = gradient.AsSpan(j * (columns + 1), columns + 1);
                for (int c = 0; c < columns; c++)
                    own[c] += inner * input[c];
                own[columns] += inner;
            }
            gradient[outputs + hidden] += byFirst;
            gradient[outputs + 2 * hidden + 1] += bySecond;
        }
        double penalty = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            bool isBias = i < outputs ? i % (columns + 1) == columns : (i - outputs) % (hidden + 1) == hidden;
            if (isBias)
                continue;
            penalty += decay * weights[i] * weights[i];
            gradient[i] += 2 * decay * weights[i];
        }
        return sum / targets.Length + penalty;
    }

    static (double First, double Second) Outputs(
        double[] weights,
        ReadOnlySpan<double> input,
        int hidden,
        double[] unit
    )
    {
        int columns = input.Length,
            outputs = hidden * (columns + 1);
        double first = weights[outputs + hidden],
            second = weights[outputs + 2 * hidden + 1];
        for (int j = 0; j < hidden; j++)
        {
            double sum = weights[j * (columns + 1) + columns];
            for (int c = 0; c < columns; c++)
                sum += weights[j * (columns + 1) + c] * input[c];
            unit[j] = Math.Tanh(sum);
            first += weights[outputs + j] * unit[j];
            second += weights[outputs + hidden + 1 + j] * unit[j];
        }
        return (first, second);
    }

    /// <summary>Small random first layer, outputs that say the empirical quantile and tail mean.</summary>
    static double[] First(int columns, double[] targets, TailProbability level, NetworkOptions options)
    {
        var random = new SeededRandom(options.Seed, 0);
        int hidden = options.Hidden,
            outputs = hidden * (columns + 1);
        var weights = new double[outputs + 2 * (hidden + 1)];
        for (int i = 0; i < outputs; i++)
            weights[i] = i % (columns + 1) == columns ? 0 : random.NextNormal() / Math.Sqrt(columns);
        double[] sorted = [.. targets.Order()];
        int count = Math.Max(1, (int)(level.Value * sorted.Length));
        double v = Math.Min(sorted[count], -0.1),
            e = Math.Min(sorted[..count].Average(), 1.01 * v);
        weights[outputs + hidden] = InverseSoftPlus(-v - Floor);
        weights[outputs + 2 * hidden + 1] = InverseSoftPlus(v - e - Floor);
        return weights;
    }

    static (double[] Mean, double[] Deviation) Scale(double[] rows, int columns)
    {
        var (mean, deviation) = (new double[columns], new double[columns]);
        for (int c = 0; c < columns; c++)
        {
            double[] known = [.. Column(rows, columns, c).Where(double.IsFinite)];
            mean[c] = known.Length > 0 ? known.Average() : 0;
            double square = known.Length > 1 ? known.Average(x => (x - mean[c]) * (x - mean[c])) : 0;
            deviation[c] = square > 0 ? Math.Sqrt(square) : 1;
        }
        return (mean, deviation);
    }

    static IEnumerable<double> Column(double[] rows, int columns, int column)
    {
        for (int i = column; i < rows.Length; i += columns)
            yield return rows[i];
    }

    internal static double[] Standardised(double[] rows, int columns, double[] mean, double[] deviation)
    {
        const double Farthest = 4;
        var inputs = new double[rows.Length];
        for (int i = 0; i < rows.Length; i++)
            inputs[i] = double.IsFinite(rows[i])
                ? Math.Clamp((rows[i] - mean[i % columns]) / deviation[i % columns], -Farthest, Farthest)
                : 0;
        return inputs;
    }

    static double SoftPlus(double x) => x > 30 ? x : Math.Log(1 + Math.Exp(x));

    static double InverseSoftPlus(double y) => y > 30 ? y : Math.Log(Math.Exp(Math.Max(y, 1e-6)) - 1);

    static double Logistic(double x) => 1 / (1 + Math.Exp(-x));
}
