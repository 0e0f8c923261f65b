using System.Collections.Immutable;

namespace Plimsoll.Methods;

/// <summary>max μᵀf − γ/2·fᵀΣf, cash as the remainder, gross at most a limit.</summary>
/// <remarks>Markowitz 1952; γ = 1 is the quadratic approximation of Kelly, Merton 1969.</remarks>
public sealed class MeanVarianceUtility : BookMethod
{
    /// <summary>γ.</summary>
    public static NumberParameter RiskAversion { get; } =
        new("risk-aversion", "γ: 1 is Kelly's quadratic approximation, 2 half of it.", 2, 0.01, 1000);

    /// <summary>Largest gross.</summary>
    public static ShareParameter Gross { get; } =
        new("max-gross", "Largest gross notional, as a share of equity.", 5, 0, 20);

    /// <inheritdoc />
    public override string Key => "mean-variance";

    /// <inheritdoc />
    public override MethodFamily Family => MethodFamily.MeanVariance;

    /// <inheritdoc />
    public override string Description => "Stated edge against variance at a risk aversion.";

    /// <inheritdoc />
    public override ImmutableArray<MethodParameter> Parameters => [RiskAversion, Gross, MinimumVariance.Covariance];

    /// <inheritdoc />
    protected override BookProposal Book(MethodReturns returns, MethodProblem problem)
    {
        double gross = problem.Settings.Get(Gross);
        double[] most = [.. Enumerable.Repeat(gross, returns.Count)];
        var (book, report) = QuadraticBooks.MeanVariance(
            returns.Mean,
            returns.Estimate(problem.Settings.Get(MinimumVariance.Covariance)),
            problem.Settings.Get(RiskAversion),
            [.. most.Select(m => -m)],
            most,
            gross,
            out _
        );
        return BookProposal.Of(book, report);
    }
}
