using System.Collections.Immutable;

namespace Plimsoll.Methods;

/// <summary>Kelly when every return may be worse by a radius: a Wasserstein ball of order infinity.</summary>
/// <remarks>
/// Bertsimas, Shtern, Sturt 2023, Management Science 69 (balls of order infinity around the sample). With the largest
/// absolute
/// coordinate as distance the worst law moves each scenario against the book, g_s − r·Σ|f|, exactly; the problem is
/// Kelly with a
/// proportional cost r. A ball of order 1 has no finite answer for log wealth without a bound on the support.
/// </remarks>
public sealed class WassersteinKelly : KellyMethod
{
    /// <summary>r.</summary>
    public static ShareParameter Radius { get; } =
        new("radius", "r: by how much every return of every scenario may be worse.", 0.001, 0, 1);

    /// <inheritdoc />
    public override string Key => "kelly-wasserstein";

    /// <inheritdoc />
    public override string Description => "Kelly at the worst law within a Wasserstein ball around the scenarios.";

    /// <inheritdoc />
    protected override ImmutableArray<MethodParameter> Own => [Radius];

    /// <inheritdoc />
    protected override BookProposal Book(MethodReturns returns, MethodProblem problem) =>
        Of(Solve(returns, problem, problem.Settings.Get(Fraction), problem.Settings.Get(Radius)), problem)
            .OrNothing("nothing is held: no stated edge of the horizon is larger than the radius");
}
