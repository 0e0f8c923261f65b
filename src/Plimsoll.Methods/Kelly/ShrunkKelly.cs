using System.Collections.Immutable;
using Plimsoll.Numerics;

namespace Plimsoll.Methods;

/// <summary>Kelly with the edge shrunk for what is not known of it: the multiple SR²/(SR² + n/T).</summary>
/// <remarks>
/// The plug-in book c·Σ⁻¹μ̂ grows by c·SR² − c²·(SR² + n/T)/2 when μ̂ is estimated over T years and Σ is known (Kan and
/// Zhou 2007,
/// Journal of Financial and Quantitative Analysis 42, two-fund rule); full Kelly loses n/(2T) of growth a year. Where
/// Σ is singular SR² is that of its span and n its rank: an instrument made of others has no edge of its own to be
/// wrong about.
/// </remarks>
public sealed class ShrunkKelly : BookMethod
{
    /// <inheritdoc />
    public override string Key => "kelly-shrunk";

    /// <inheritdoc />
    public override MethodFamily Family => MethodFamily.Kelly;

    /// <inheritdoc />
    public override string Description => "Continuous Kelly with the edge shrunk for its estimation error.";

    /// <inheritdoc />
    public override ImmutableArray<MethodParameter> Parameters =>
        [RobustMeanVariance.Years, KellyMethod.Fraction, MeanVarianceUtility.Gross, MinimumVariance.Covariance];

    /// <summary>The multiple of full Kelly.</summary>
    /// <param name="sharpeSquared">Squared Sharpe ratio a year of the growth-optimal book.</param>
    /// <param name="assets">n.</param>
    /// <param name="years">T.</param>
    public static double Multiple(double sharpeSquared, int assets, double years) =>
        sharpeSquared > 0 ? sharpeSquared / (sharpeSquared + assets / years) : 0;

    /// <inheritdoc />
    protected override BookProposal Book(MethodReturns returns, MethodProblem problem)
    {
        var covariance = returns.Estimate(problem.Settings.Get(MinimumVariance.Covariance));
        var full = SpanSolution.Of(covariance, returns.Mean);
        double sharpeSquared = ColumnProducts.Dot(full.X, returns.Mean) / returns.HorizonYears;
        // A gain on what has no risk is a Sharpe ratio without end, which no error of estimation shrinks.
        double multiple = full.IsInconsistent
            ? 1
            : Multiple(sharpeSquared, full.Rank, problem.Settings.Get(RobustMeanVariance.Years));
        double fraction = multiple * problem.Settings.Get(KellyMethod.Fraction);
        return ContinuousKelly.Solve(returns, problem, fraction) with
        {
            Notes =
            [
                FormattableString.Invariant($"the edge is shrunk to {100 * multiple:0.#}% for its error")
                    + Words(full, returns.Count),
            ],
        };
    }

    static string Words(SpanSolution full, int count) =>
        full.IsInconsistent ? ": the stated edges contain a gain without risk, which none shrinks"
        : full.Rank < count
            ? FormattableString.Invariant($", in the {full.Rank} directions that {count} instruments span")
        : "";
}
