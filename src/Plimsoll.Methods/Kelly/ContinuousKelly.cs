using System.Collections.Immutable;

namespace Plimsoll.Methods;

/// <summary>c·Σ⁻¹μ within bounds: Kelly of continuously traded lognormal prices.</summary>
/// <remarks>
/// Thorp 2006, section 7 and 8; Merton 1969; MacLean, Ziemba, Blazenko 1992 for the fraction, which keeps c·(2 − c) of
/// the excess
/// growth. μ is arithmetic. With c the bounds hold on the fractional book.
/// </remarks>
public sealed class ContinuousKelly : BookMethod
{
    /// <inheritdoc />
    public override string Key => "kelly-continuous";

    /// <inheritdoc />
    public override MethodFamily Family => MethodFamily.Kelly;

    /// <inheritdoc />
    public override string Description => "A fraction of Kelly for continuous trading, from means and covariance.";

    /// <inheritdoc />
    public override ImmutableArray<MethodParameter> Parameters =>
        [KellyMethod.Fraction, MeanVarianceUtility.Gross, MinimumVariance.Covariance];

    /// <inheritdoc />
    protected override BookProposal Book(MethodReturns returns, MethodProblem problem) =>
        Solve(returns, problem, problem.Settings.Get(KellyMethod.Fraction));

    /// <summary>The quadratic book at a fraction.</summary>
    internal static BookProposal Solve(MethodReturns returns, MethodProblem problem, double fraction)
    {
        if (!(fraction > 0))
            return BookProposal.Of(new double[returns.Count]);
        double gross = problem.Settings.Get(MeanVarianceUtility.Gross);
        double[] most = [.. Enumerable.Repeat(gross, returns.Count)];
        var (book, report) = QuadraticBooks.MeanVariance(
            returns.Mean,
            returns.Estimate(problem.Settings.Get(MinimumVariance.Covariance)),
            1 / fraction,
            [.. most.Select(m => -m)],
            most,
            gross,
            out _
        );
        return BookProposal.Of(book, report);
    }
}
