using System.Collections.Immutable;
using Plimsoll.Numerics;

namespace Plimsoll.Methods;

/// <summary>Entropic value at risk and the weights of its least.</summary>
/// <remarks>
/// Ahmadi-Javid 2012, Journal of Optimization Theory and Applications 155: min over t &gt; 0 of t·log(E e^{L/t}/(1 −
/// level)),
/// the worst mean over all laws within relative entropy −log(1 − level). Where the worst loss alone has probability of
/// 1 − level
/// or more, that loss is the answer and t goes to 0.
/// </remarks>
public sealed class EntropicRisk : WeightMethod
{
    /// <inheritdoc />
    public override string Key => "min-entropic-var";

    /// <inheritdoc />
    public override MethodFamily Family => MethodFamily.Tail;

    /// <inheritdoc />
    public override string Description => "Weights of least entropic value at risk.";

    /// <inheritdoc />
    protected override ImmutableArray<MethodParameter> Own => [ShortfallParity.Level];

    /// <summary>Value of losses, and the t at which it is reached; the law of the worst mean goes to
    /// <paramref name="law"/>.</summary>
    public static (double Value, double T) Evaluate(
        ReadOnlySpan<double> losses,
        ReadOnlySpan<double> p,
        double level,
        Span<double> law
    )
    {
        double worst = double.NegativeInfinity,
            least = double.PositiveInfinity,
            mass = 0;
        for (int s = 0; s < losses.Length; s++)
            if (p[s] > 0)
                (worst, least) = (Math.Max(worst, losses[s]), Math.Min(least, losses[s]));
        for (int s = 0; s < losses.Length; s++)
            mass += losses[s] == worst ? p[s] : 0;
        if (mass >= 1 - level || worst == least)
        {
            for (int s = 0; s < losses.Length; s++)
                law[s] = losses[s] == worst ? p[s] / mass : 0;
            return (worst, 0);
        }
        // The relative entropy of the tilted law falls in t; it is to be −log(1 − level).
        double wanted = -Math.Log(1 - level);
        double low = Math.Log((worst - least) * 1e-6),
            high = Math.Log((worst - least) * 1e6);
        double t = worst - least;
        for (int k = 0; k < 200 && high - low > 1e-15 * Math.Max(1, Math.Abs(low)); k++)
        {
            t = Math.Exp(0.5 * (low + high));
            if (Tilt(losses, p, worst, t, law) > wanted)
                low = Math.Log(t);
            else
                high = Math.Log(t);
        }
        Tilt(losses, p, worst, t, law);
        double sum = 0;
        for (int s = 0; s < losses.Length; s++)
            sum += p[s] * Math.Exp((losses[s] - worst) / t);
        return (worst + t * (Math.Log(sum) + wanted), t);
    }

    /// <summary>Tilted law x ∝ p·e^{L/t}; its relative entropy to p.</summary>
    static double Tilt(ReadOnlySpan<double> losses, ReadOnlySpan<double> p, double worst, double t, Span<double> law)
    {
        double sum = 0,
            moment = 0;
        for (int s = 0; s < losses.Length; s++)
        {
            double exponent = (losses[s] - worst) / t;
            law[s] = p[s] * Math.Exp(exponent);
            sum += law[s];
            moment += law[s] * exponent;
        }
        for (int s = 0; s < losses.Length; s++)
            law[s] /= sum;
        return moment / sum - Math.Log(sum);
    }

    /// <summary>Weights that sum to 1.</summary>
    public static CuttingPlaneSolution Solve(ColumnMatrix returns, double[] p, double level)
    {
        int n = returns.Columns;
        var (losses, law) = (new double[p.Length], new double[p.Length]);
        double Oracle(ReadOnlySpan<double> x, Span<double> gradient)
        {
            losses.AsSpan().Clear();
            ColumnProducts.MultiplyAdd(returns, x, losses);
            for (int s = 0; s < losses.Length; s++)
                losses[s] = -losses[s];
            double value = Evaluate(losses, p, level, law).Value;
            ColumnProducts.TransposeMultiply(returns, law, gradient);
            for (int i = 0; i < n; i++)
                gradient[i] = -gradient[i];
            return value;
        }
        double[] start = [.. Enumerable.Repeat(1.0 / n, n)];
        return CuttingPlanes.Minimise(Oracle, QuadraticBooks.Simplex(n), start, 1e-9);
    }

    /// <inheritdoc />
    protected override BookProposal Weights(MethodReturns returns, MethodProblem problem)
    {
        var solution = Solve(returns.Returns, returns.Weights, problem.Settings.Get(ShortfallParity.Level));
        return BookProposal.Of(solution.X, solution.Report);
    }
}
