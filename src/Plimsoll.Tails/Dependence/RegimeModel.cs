using Plimsoll.Numerics;

namespace Plimsoll.Tails;

/// <summary>A hidden Markov chain whose states are normal laws of a vector.</summary>
/// <param name="Initial">Probabilities of the first observation's state.</param>
/// <param name="Transition">Row: from, column: to; rows sum to 1.</param>
/// <param name="Mean">By state.</param>
/// <param name="Covariance">By state.</param>
public sealed record RegimeParameters(
    double[] Initial,
    double[][] Transition,
    double[][] Mean,
    SymmetricMatrix[] Covariance
)
{
    /// <summary>States.</summary>
    public int States => Initial.Length;
}

/// <summary>What a chain says of a series.</summary>
/// <param name="LogLikelihood">Of the whole series.</param>
/// <param name="Filtered">P(state at t | observations to t): what was known then.</param>
/// <param name="Smoothed">P(state at t | all observations); never for a forecast.</param>
/// <param name="PredictedNext">P(state after the last observation).</param>
public sealed record RegimeReading(
    double LogLikelihood,
    double[][] Filtered,
    double[][] Smoothed,
    double[] PredictedNext
);

/// <summary>Regimes by a hidden Markov chain: Hamilton's filter, Kim's smoother, estimation by EM.</summary>
/// <remarks>
/// Hamilton 1989; Baum, Petrie, Soules and Weiss 1970 for EM, scaled by the one-step densities. States are put in order
/// of their total variance, so that labels do not switch; a Dirichlet prior of a few observations on staying keeps a
/// state of few days alive, and each covariance is drawn a little towards the pooled one. EM climbs to a local maximum:
/// several starts, the best kept.
/// </remarks>
public static class RegimeModel
{
    const int Starts = 6;
    const int ShortRun = 15;
    const int LongestRun = 300;
    const double Converged = 1e-7;
    const double StayPrior = 8;
    const double MovePrior = 0.5;
    const double PooledObservations = 3;

    /// <summary>Reads a series with known parameters.</summary>
    /// <param name="series">By time, all of one length.</param>
    /// <param name="parameters">The chain.</param>
    public static RegimeReading Read(IReadOnlyList<double[]> series, RegimeParameters parameters) =>
        Pass(series, parameters).Reading;

    /// <summary>Estimates a chain.</summary>
    /// <param name="series">By time.</param>
    /// <param name="states">At least 1.</param>
    /// <param name="seed">Of the starts.</param>
    /// <exception cref="ArgumentException">Too few observations for the states.</exception>
    public static RegimeParameters Fit(IReadOnlyList<double[]> series, int states, ulong seed)
    {
        int n = series[0].Length;
        if (series.Count < 20 * states * (n + 1))
            throw new ArgumentException($"{series.Count} observations are too few for {states} states", nameof(series));
        RegimeParameters? best = null;
        double most = double.NegativeInfinity;
        for (int start = 0; start < Starts; start++)
        {
            var (candidate, likelihood) = Climb(series, Start(series, states, seed, start), ShortRun);
            if (likelihood > most)
                (best, most) = (candidate, likelihood);
        }
        return Ordered(Climb(series, best!, LongestRun).Parameters);
    }

    static (RegimeParameters Parameters, double LogLikelihood) Climb(
        IReadOnlyList<double[]> series,
        RegimeParameters parameters,
        int steps
    )
    {
        double before = double.NegativeInfinity;
        for (int step = 0; step < steps; step++)
        {
            var (reading, joint) = Pass(series, parameters);
            if (reading.LogLikelihood - before < Converged * Math.Abs(before))
                return (parameters, reading.LogLikelihood);
            before = reading.LogLikelihood;
            parameters = Maximised(series, reading, joint);
        }
        return (parameters, before);
    }

    /// <summary>Forward and backward; joint sums of P(state at t, state at t + 1) beside the reading.</summary>
    static (RegimeReading Reading, double[][] Joint) Pass(IReadOnlyList<double[]> series, RegimeParameters chain)
    {
        int count = series.Count,
            k = chain.States;
        double[][] density = Densities(series, chain, out double[] offset);
        var filtered = new double[count][];
        var predicted = new double[count + 1][];
        predicted[0] = chain.Initial;
        double likelihood = 0;
        for (int t = 0; t < count; t++)
        {
            filtered[t] = [.. predicted[t].Select((p, i) => p * density[t][i])];
            double sum = filtered[t].Sum();
            likelihood += Math.Log(sum) + offset[t];
            for (int i = 0; i < k; i++)
                filtered[t][i] /= sum;
            predicted[t + 1] = Next(filtered[t], chain.Transition);
        }
        var smoothed = new double[count][];
        smoothed[count - 1] = filtered[count - 1];
        double[][] joint = [.. Enumerable.Range(0, k).Select(_ => new double[k])];
        for (int t = count - 2; t >= 0; t--)
        {
            smoothed[t] = new double[k];
            for (int i = 0; i < k; i++)
            for (int j = 0; j < k; j++)
            {
                double both =
                    filtered[t][i]
                    * chain.Transition[i][j]
                    * smoothed[t + 1][j]
                    / Math.Max(predicted[t + 1][j], 1e-300);
                smoothed[t][i] += both;
                joint[i][j] += both;
            }
        }
        return (new RegimeReading(likelihood, filtered, smoothed, predicted[count]), joint);
    }

    /// <summary>Densities by time and state over e^offset, so that the largest of a time is 1.</summary>
    static double[][] Densities(IReadOnlyList<double[]> series, RegimeParameters chain, out double[] offset)
    {
        int n = series[0].Length;
        var factors = chain.Covariance.Select(NormalDensity.Of).ToArray();
        var densities = new double[series.Count][];
        offset = new double[series.Count];
        var centred = new double[n];
        for (int t = 0; t < densities.Length; t++)
        {
            densities[t] = new double[chain.States];
            for (int i = 0; i < chain.States; i++)
            {
                for (int d = 0; d < n; d++)
                    centred[d] = series[t][d] - chain.Mean[i][d];
                densities[t][i] = factors[i].LogAt(centred);
            }
            double largest = densities[t].Max();
            offset[t] = largest;
            for (int i = 0; i < chain.States; i++)
                densities[t][i] = Math.Exp(densities[t][i] - largest);
        }
        return densities;
    }

    static RegimeParameters Maximised(IReadOnlyList<double[]> series, RegimeReading reading, double[][] joint)
    {
        int k = joint.Length,
            n = series[0].Length;
        var transition = new double[k][];
        for (int i = 0; i < k; i++)
        {
            transition[i] = [.. joint[i].Select((mass, j) => mass + (i == j ? StayPrior : MovePrior))];
            double sum = transition[i].Sum();
            for (int j = 0; j < k; j++)
                transition[i][j] /= sum;
        }
        double[] all = new double[series.Count];
        Array.Fill(all, 1.0);
        var (_, pooled, _) = Moments(series, all, n);
        var means = new double[k][];
        var covariances = new SymmetricMatrix[k];
        for (int i = 0; i < k; i++)
        {
            int state = i;
            var (mean, covariance, mass) = Moments(series, [.. reading.Smoothed.Select(row => row[state])], n);
            double share = PooledObservations / (PooledObservations + mass);
            for (int a = 0; a < n; a++)
            for (int b = a; b < n; b++)
                covariance[a, b] = (1 - share) * covariance[a, b] + share * pooled[a, b];
            (means[i], covariances[i]) = (mean, covariance);
        }
        return new RegimeParameters((double[])reading.Smoothed[0].Clone(), transition, means, covariances);
    }

    static (double[] Mean, SymmetricMatrix Covariance, double Mass) Moments(
        IReadOnlyList<double[]> series,
        double[] weights,
        int n
    )
    {
        double mass = Math.Max(FixedOrderSum.Sum(weights), 1e-12);
        var mean = new double[n];
        for (int t = 0; t < weights.Length; t++)
        for (int d = 0; d < n; d++)
            mean[d] += weights[t] * series[t][d] / mass;
        var covariance = new SymmetricMatrix(n);
        for (int t = 0; t < weights.Length; t++)
        for (int a = 0; a < n; a++)
        for (int b = a; b < n; b++)
            covariance[a, b] += weights[t] / mass * (series[t][a] - mean[a]) * (series[t][b] - mean[b]);
        return (mean, covariance, mass);
    }

    /// <summary>
    /// States by the size of the observations, loud days in the last; later starts shuffle the borders.
    /// </summary>
    static RegimeParameters Start(IReadOnlyList<double[]> series, int states, ulong seed, int start)
    {
        var random = new SeededRandom(seed, (9UL << 40) + (ulong)start);
        int n = series[0].Length,
            window = start % 2 == 0 ? 1 : 10;
        double[] size = [.. series.Select(row => row.Sum(value => value * value))];
        double[] smooth =
        [
            .. size.Select(
                (_, t) => Enumerable.Range(Math.Max(0, t - window + 1), Math.Min(window, t + 1)).Average(s => size[s])
            ),
        ];
        double[] sorted = [.. smooth.Order()];
        double[] borders =
        [
            .. Enumerable
                .Range(1, states - 1)
                .Select(i => sorted[(int)((0.55 + 0.4 * random.NextDouble() * i / states) * (sorted.Length - 1))])
                .Order(),
        ];
        var smoothed = smooth
            .Select(value =>
            {
                int own = borders.Count(border => value > border);
                return Enumerable
                    .Range(0, states)
                    .Select(i => i == own ? 0.9 : 0.1 / Math.Max(1, states - 1))
                    .ToArray();
            })
            .ToArray();
        double[][] joint =
        [
            .. Enumerable
                .Range(0, states)
                .Select(i => Enumerable.Range(0, states).Select(j => i == j ? 0.9 * series.Count : 0.1).ToArray()),
        ];
        return Maximised(series, new RegimeReading(0, smoothed, smoothed, smoothed[^1]), joint);
    }

    static RegimeParameters Ordered(RegimeParameters chain)
    {
        int[] order =
        [
            .. Enumerable
                .Range(0, chain.States)
                .OrderBy(i => Enumerable.Range(0, chain.Mean[i].Length).Sum(d => chain.Covariance[i][d, d])),
        ];
        return new RegimeParameters(
            [.. order.Select(i => chain.Initial[i])],
            [.. order.Select(i => order.Select(j => chain.Transition[i][j]).ToArray())],
            [.. order.Select(i => chain.Mean[i])],
            [.. order.Select(i => chain.Covariance[i])]
        );
    }

    static double[] Next(double[] now, double[][] transition)
    {
        var next = new double[now.Length];
        for (int i = 0; i < now.Length; i++)
        for (int j = 0; j < now.Length; j++)
            next[j] += now[i] * transition[i][j];
        return next;
    }
}
