using System.Collections.Immutable;

namespace Plimsoll.Methods;

/// <summary>
/// A method that chooses proportions; how large they are in all is a parameter: gross exposure, or a volatility.
/// </summary>
public abstract class WeightMethod : BookMethod
{
    /// <summary>Gross notional, share of equity.</summary>
    public static ShareParameter Exposure { get; } =
        new("exposure", "Gross notional of the book, as a share of equity.", 1, 0, 20);

    /// <summary>Annual volatility of the book.</summary>
    public static ShareParameter TargetVolatility { get; } =
        new("target-volatility", "Annual volatility of the book, in place of exposure; 0% means exposure.", 0, 0, 5);

    /// <inheritdoc />
    public sealed override ImmutableArray<MethodParameter> Parameters => [Exposure, TargetVolatility, .. Own];

    /// <summary>Parameters besides the size.</summary>
    protected virtual ImmutableArray<MethodParameter> Own => [];

    /// <inheritdoc />
    protected sealed override BookProposal Book(MethodReturns returns, MethodProblem problem)
    {
        var found = Weights(returns, problem);
        if (found.Refusal.Length > 0)
            return found;
        found = found.Normalised();
        double[] weights = [.. found.Fractions];
        double size = problem.Settings.Get(Exposure);
        if (problem.Settings.Get(TargetVolatility) is > 0 and var target)
        {
            double annual = returns.Deviation(weights) / Math.Sqrt(returns.HorizonYears);
            if (!(annual > 0) && weights.Any(w => w != 0))
                return BookProposal.Refuse("it has no risk, so that no size gives it the volatility asked for");
            size = annual > 0 ? target / annual : 0;
        }
        return found with { Fractions = [.. weights.Select(w => size * w)] };
    }

    /// <summary>Proportions; their sum does not matter.</summary>
    protected abstract BookProposal Weights(MethodReturns returns, MethodProblem problem);
}
