namespace Plimsoll.Sizing;

/// <summary>
/// A statement about the law: the expectation of a number per scenario, or the probability of an event.
/// </summary>
/// <param name="Name">For messages.</param>
/// <param name="Rows">
/// The number in each scenario; for an event its conditional probability D_s in [0, 1] given the scenario.
/// </param>
/// <param name="Target">Expectation, or probability.</param>
/// <param name="IsEvent">Whether <paramref name="Rows"/> are conditional probabilities of an event on the path.</param>
public sealed record PoolingTarget(string Name, double[] Rows, double Target, bool IsEvent);

/// <summary>A law of least relative entropy, or the target that no law can meet.</summary>
/// <param name="Weights">Probabilities; null when a target is out of reach.</param>
/// <param name="Unreachable">First target that cannot be met; null when all are.</param>
/// <param name="AttainableLow">Least expectation that the scenarios allow for it.</param>
/// <param name="AttainableHigh">Largest.</param>
public sealed record PoolingResult(
    double[]? Weights,
    PoolingTarget? Unreachable,
    double AttainableLow,
    double AttainableHigh
);

/// <summary>The law x closest to p in relative entropy that meets every target: entropy pooling by its dual.</summary>
/// <remarks>
/// Meucci, Fully flexible views (2008), eq. 17 to 21, on paths: the state is a scenario together with its events, the
/// prior of an event given the scenario is D_s, independent of the others'. Then
/// x_s ∝ p_s·exp(Σ θ_j f_js)·Π_k (e^{η_k} D_ks + 1 − D_ks), which for one event alone is the closed form
/// x_s = p_s·[(v/π)·D_s + ((1−v)/(1−π))·(1−D_s)]. The dual is smooth and convex: damped Newton on standardised targets,
/// redundant ones dropped by a pivoted Cholesky factorisation.
/// </remarks>
public static class EntropyPooling
{
    const int MaximumSteps = 200;
    const double Tolerance = 1e-12;

    /// <summary>Below this decrease of the dual a Newton step is trusted: its change is lost in rounding.</summary>
    const double Trusted = 1e-13;

    /// <summary>Solves for the weights.</summary>
    /// <exception cref="ArgumentException">Rows of another length than the prior.</exception>
    public static PoolingResult Solve(double[] prior, IReadOnlyList<PoolingTarget> targets)
    {
        foreach (var target in targets)
            if (target.Rows.Length != prior.Length)
                throw new ArgumentException($"{target.Name} has {target.Rows.Length} rows, not {prior.Length}");
        foreach (var target in targets)
            if (OutOfReach(prior, target) is { } range)
                return new PoolingResult(null, target, range.Low, range.High);
        var problem = new DualProblem(prior, targets);
        double[]? weights = problem.Minimise(MaximumSteps, Tolerance);
        if (weights is not null)
            return new PoolingResult(weights, null, 0, 0);
        var worst = targets[problem.WorstTarget];
        var (low, high) = Range(prior, worst);
        return new PoolingResult(null, worst, low, high);
    }

    /// <summary>Relative entropy of <paramref name="weights"/> to <paramref name="prior"/>; at least 0.</summary>
    public static double Divergence(double[] weights, double[] prior)
    {
        double sum = 0;
        for (int s = 0; s < prior.Length; s++)
            if (weights[s] > 0)
                sum += weights[s] * Math.Log(weights[s] / prior[s]);
        return Math.Max(0, sum);
    }

    /// <summary>exp of the entropy of a law: the number of equally likely scenarios that are as uncertain.</summary>
    public static double EffectiveScenarios(double[] weights)
    {
        double sum = 0;
        foreach (double weight in weights)
            if (weight > 0)
                sum -= weight * Math.Log(weight);
        return Math.Exp(sum);
    }

    /// <summary>(1 − c)·p + c·x.</summary>
    public static double[] Mix(double[] prior, double[] view, double confidence)
    {
        var mixed = new double[prior.Length];
        for (int s = 0; s < prior.Length; s++)
            mixed[s] = (1 - confidence) * prior[s] + confidence * view[s];
        return mixed;
    }

    static (double Low, double High)? OutOfReach(double[] prior, PoolingTarget target)
    {
        var (low, high) = Range(prior, target);
        if (target.Target > low && target.Target < high)
            return null;
        return low == high && target.Target == low ? null : (low, high);
    }

    static (double Low, double High) Range(double[] prior, PoolingTarget target)
    {
        double low = double.PositiveInfinity,
            high = double.NegativeInfinity;
        for (int s = 0; s < prior.Length; s++)
        {
            if (prior[s] <= 0)
                continue;
            double least = target.IsEvent ? (target.Rows[s] >= 1 ? 1 : 0) : target.Rows[s];
            double most = target.IsEvent ? (target.Rows[s] <= 0 ? 0 : 1) : target.Rows[s];
            (low, high) = (Math.Min(low, least), Math.Max(high, most));
        }
        return (low, high);
    }

    /// <summary>min over θ of log E_p exp(Σ θ (f − b)), in standardised coordinates.</summary>
    sealed class DualProblem
    {
        readonly double[] prior;
        readonly IReadOnlyList<PoolingTarget> targets;
        readonly int count;
        readonly double[] centre;
        readonly double[] scale;
        readonly double[] theta;
        readonly double[] logWeight;
        readonly double[][] response;

        public DualProblem(double[] prior, IReadOnlyList<PoolingTarget> targets)
        {
            (this.prior, this.targets, count) = (prior, targets, targets.Count);
            (centre, scale, theta) = (new double[count], new double[count], new double[count]);
            logWeight = new double[prior.Length];
            response = new double[count][];
            for (int j = 0; j < count; j++)
            {
                response[j] = new double[prior.Length];
                centre[j] = targets[j].IsEvent ? 0 : targets[j].Target;
                scale[j] = targets[j].IsEvent ? 1 : Deviation(prior, targets[j].Rows);
            }
        }

        public int WorstTarget { get; private set; }

        public double[]? Minimise(int steps, double tolerance)
        {
            double value = Evaluate(theta);
            var (gradient, hessian) = Derivatives();
            for (int step = 0; step < steps; step++)
            {
                double residual = 0;
                for (int j = 0; j < count; j++)
                    if (Math.Abs(gradient[j]) > residual)
                        (residual, WorstTarget) = (Math.Abs(gradient[j]), j);
                if (residual <= tolerance)
                    return Weights();
                double[] direction = PivotedSolve(hessian, gradient);
                double slope = 0;
                for (int j = 0; j < count; j++)
                    slope -= gradient[j] * direction[j];
                double length = 1;
                var trial = new double[count];
                double next = value;
                for (int halving = 0; halving < 60; halving++, length /= 2)
                {
                    for (int j = 0; j < count; j++)
                        trial[j] = theta[j] - length * direction[j];
                    next = Evaluate(trial);
                    if (next <= value + 1e-4 * length * slope || -slope < Trusted)
                        break;
                }
                Array.Copy(trial, theta, count);
                if (theta.Any(t => Math.Abs(t) > 700))
                    return null;
                value = next;
                (gradient, hessian) = Derivatives();
            }
            double left = gradient.Length == 0 ? 0 : gradient.Max(Math.Abs);
            return left <= 1e-9 ? Weights() : null;
        }

        /// <summary>Fills logWeight with the normalised log weights and returns the dual value.</summary>
        double Evaluate(double[] at)
        {
            double constant = 0;
            for (int s = 0; s < prior.Length; s++)
                logWeight[s] = prior[s] > 0 ? Math.Log(prior[s]) : double.NegativeInfinity;
            for (int j = 0; j < count; j++)
            {
                double[] rows = targets[j].Rows;
                if (targets[j].IsEvent)
                {
                    constant -= at[j] * targets[j].Target;
                    double lift = Math.Exp(at[j]) - 1;
                    for (int s = 0; s < prior.Length; s++)
                        logWeight[s] += Math.Log(1 + lift * rows[s]);
                }
                else
                    for (int s = 0; s < prior.Length; s++)
                        logWeight[s] += at[j] * (rows[s] - centre[j]) / scale[j];
            }
            double most = double.NegativeInfinity;
            foreach (double w in logWeight)
                most = Math.Max(most, w);
            double sum = 0;
            foreach (double w in logWeight)
                sum += Math.Exp(w - most);
            double logSum = most + Math.Log(sum);
            for (int s = 0; s < prior.Length; s++)
                logWeight[s] -= logSum;
            return logSum + constant;
        }

        (double[] Gradient, double[,] Hessian) Derivatives()
        {
            double[] weights = Weights();
            var gradient = new double[count];
            var mean = new double[count];
            var hessian = new double[count, count];
            for (int j = 0; j < count; j++)
            {
                double[] rows = targets[j].Rows;
                double lift = Math.Exp(theta[j]);
                double sum = 0,
                    binary = 0;
                for (int s = 0; s < prior.Length; s++)
                {
                    double value = targets[j].IsEvent
                        ? lift * rows[s] / (lift * rows[s] + 1 - rows[s])
                        : (rows[s] - centre[j]) / scale[j];
                    response[j][s] = value;
                    sum += weights[s] * value;
                    if (targets[j].IsEvent)
                        binary += weights[s] * value * (1 - value);
                }
                mean[j] = sum;
                gradient[j] = sum - (targets[j].IsEvent ? targets[j].Target : 0);
                hessian[j, j] = binary;
            }
            for (int j = 0; j < count; j++)
            for (int k = 0; k <= j; k++)
            {
                double sum = 0;
                for (int s = 0; s < prior.Length; s++)
                    sum += weights[s] * (response[j][s] - mean[j]) * (response[k][s] - mean[k]);
                hessian[j, k] += sum;
                if (k != j)
                    hessian[k, j] = hessian[j, k];
            }
            return (gradient, hessian);
        }

        double[] Weights()
        {
            var weights = new double[prior.Length];
            for (int s = 0; s < prior.Length; s++)
                weights[s] = Math.Exp(logWeight[s]);
            return weights;
        }

        static double Deviation(double[] prior, double[] rows)
        {
            double mean = 0,
                square = 0;
            for (int s = 0; s < prior.Length; s++)
                mean += prior[s] * rows[s];
            for (int s = 0; s < prior.Length; s++)
                square += prior[s] * (rows[s] - mean) * (rows[s] - mean);
            return square > 0 ? Math.Sqrt(square) : 1;
        }

        /// <summary>Solves H d = g; directions in which H vanishes (redundant targets) get no step.</summary>
        static double[] PivotedSolve(double[,] matrix, double[] right)
        {
            int n = right.Length;
            var a = (double[,])matrix.Clone();
            var order = Enumerable.Range(0, n).ToArray();
            double first = 0;
            for (int j = 0; j < n; j++)
                first = Math.Max(first, a[j, j]);
            int rank = 0;
            for (; rank < n; rank++)
            {
                int pivot = rank;
                for (int j = rank + 1; j < n; j++)
                    if (a[order[j], order[j]] > a[order[pivot], order[pivot]])
                        pivot = j;
                (order[rank], order[pivot]) = (order[pivot], order[rank]);
                int p = order[rank];
                if (!(a[p, p] > 1e-13 * first))
                    break;
                a[p, p] = Math.Sqrt(a[p, p]);
                for (int i = rank + 1; i < n; i++)
                    a[order[i], p] /= a[p, p];
                for (int i = rank + 1; i < n; i++)
                for (int j = rank + 1; j < n; j++)
                    a[order[i], order[j]] -= a[order[i], p] * a[order[j], p];
            }
            var forward = new double[n];
            for (int i = 0; i < rank; i++)
            {
                double sum = right[order[i]];
                for (int j = 0; j < i; j++)
                    sum -= a[order[i], order[j]] * forward[j];
                forward[i] = sum / a[order[i], order[i]];
            }
            var solution = new double[n];
            for (int i = rank - 1; i >= 0; i--)
            {
                double sum = forward[i];
                for (int j = i + 1; j < rank; j++)
                    sum -= a[order[j], order[i]] * solution[order[j]];
                solution[order[i]] = sum / a[order[i], order[i]];
            }
            return solution;
        }
    }
}
