using System.Collections.Immutable;

namespace Plimsoll.Methods;

/// <summary>Continuous Kelly at the worst mean of an ellipsoid.</summary>
/// <remarks>
/// max over f of min over μ of μᵀf − fᵀΣf/2 with (μ − μ̂)ᵀΣ⁻¹(μ − μ̂) ≤ κ²/T: the book is c·max(0, 1 − κ/(√T·SR))·Σ⁻¹μ̂
/// without
/// limits (Garlappi, Uppal, Wang 2007).
/// </remarks>
public sealed class EllipsoidKelly : BookMethod
{
    /// <inheritdoc />
    public override string Key => "kelly-ellipsoid";

    /// <inheritdoc />
    public override MethodFamily Family => MethodFamily.Kelly;

    /// <inheritdoc />
    public override string Description => "Continuous Kelly at the worst edge within its standard errors.";

    /// <inheritdoc />
    public override ImmutableArray<MethodParameter> Parameters =>
        [
            RobustMeanVariance.Radius,
            RobustMeanVariance.Years,
            KellyMethod.Fraction,
            MeanVarianceUtility.Gross,
            MinimumVariance.Covariance,
        ];

    /// <inheritdoc />
    protected override BookProposal Book(MethodReturns returns, MethodProblem problem)
    {
        double horizons = problem.Settings.Get(RobustMeanVariance.Years) / returns.HorizonYears;
        var (book, report) = RobustMeanVariance.Solve(
            returns.Mean,
            returns.Estimate(problem.Settings.Get(MinimumVariance.Covariance)),
            1 / problem.Settings.Get(KellyMethod.Fraction),
            problem.Settings.Get(RobustMeanVariance.Radius) / Math.Sqrt(horizons),
            problem.Settings.Get(MeanVarianceUtility.Gross)
        );
        return BookProposal.Of(book, report).OrNothing(RobustMeanVariance.Nothing);
    }
}
