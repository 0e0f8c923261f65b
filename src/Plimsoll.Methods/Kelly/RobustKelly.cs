using System.Collections.Immutable;

namespace Plimsoll.Methods;

/// <summary>Kelly at the worst law within a relative entropy of the views' law.</summary>
/// <remarks>
/// Hu and Hong 2013: max over q and t of −t·log E g^(−1/t) − t·ε. For a given t that is the certainty-equivalent
/// growth of relative
/// risk aversion 1 + 1/t, so that the outer problem is one number; it is concave in it.
/// </remarks>
public sealed class RobustKelly : KellyMethod
{
    /// <summary>ε.</summary>
    public static NumberParameter Radius { get; } =
        new("radius", "ε: relative entropy of the worst law to the stated one, in nats.", 0.001, 0, 5);

    /// <inheritdoc />
    public override string Key => "kelly-robust";

    /// <inheritdoc />
    public override string Description => "Kelly at the worst law within a relative entropy of the stated one.";

    /// <inheritdoc />
    protected override ImmutableArray<MethodParameter> Own => [Radius];

    /// <summary>Best t of a function that is concave in log t, by golden section.</summary>
    /// <param name="at">Solution and value at t.</param>
    public static (T Solution, double Value) Best<T>(Func<double, (T Solution, double Value)> at)
    {
        const double golden = 0.6180339887498949;
        double low = Math.Log(1e-3),
            high = Math.Log(1e5);
        double a = high - golden * (high - low),
            b = low + golden * (high - low);
        var (first, second) = (at(Math.Exp(a)), at(Math.Exp(b)));
        while (high - low > 1e-7)
        {
            if (first.Value >= second.Value)
            {
                (high, b, second) = (b, a, first);
                a = high - golden * (high - low);
                first = at(Math.Exp(a));
            }
            else
            {
                (low, a, first) = (a, b, second);
                b = low + golden * (high - low);
                second = at(Math.Exp(b));
            }
        }
        return first.Value >= second.Value ? first : second;
    }

    /// <summary>Growth of wealth as it is at the worst law within a radius.</summary>
    /// <remarks>As t goes to 0 the worst scenario is left, so that a wealth without risk loses nothing.</remarks>
    /// <param name="wealth">Wealth ratio by scenario.</param>
    /// <param name="weights">Stated law.</param>
    /// <param name="radius">ε.</param>
    public static double WorstGrowth(double[] wealth, double[] weights, double radius)
    {
        double worst = double.PositiveInfinity;
        for (int s = 0; s < wealth.Length; s++)
            if (weights[s] > 0)
                worst = Math.Min(worst, wealth[s] > 0 ? Math.Log(wealth[s]) : double.NegativeInfinity);
        if (!double.IsFinite(worst))
            return worst;
        double At(double t)
        {
            double sum = 0;
            for (int s = 0; s < wealth.Length; s++)
                if (weights[s] > 0)
                    sum += weights[s] * Math.Exp((worst - Math.Log(wealth[s])) / t);
            return worst - t * (Math.Log(sum) + radius);
        }
        return Math.Max(worst, Best(t => (t, At(t))).Value);
    }

    /// <inheritdoc />
    protected override BookProposal Book(MethodReturns returns, MethodProblem problem)
    {
        double radius = problem.Settings.Get(Radius);
        double fraction = problem.Settings.Get(Fraction);
        if (radius == 0)
            return Of(Solve(returns, problem, fraction), problem);
        var (solution, value) = Best(t =>
        {
            var found = Solve(returns, problem, 1 / (1 + 1 / t));
            return (found, found.Objective - t * radius);
        });
        if (value <= WorstGrowth(Wealth(problem), problem.Weights, radius))
            return BookProposal
                .Of(new double[returns.Count])
                .OrNothing("nothing is held: the worst law within the radius leaves no stated edge");
        double[] scaled = [.. solution.Position.Select(f => fraction * f)];
        return Of(solution with { Position = scaled }, problem);
    }
}
