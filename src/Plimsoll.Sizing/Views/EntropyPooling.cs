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
        var problem = new PoolingDual(prior, targets);
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
}
