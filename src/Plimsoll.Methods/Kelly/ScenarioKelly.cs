namespace Plimsoll.Methods;

/// <summary>Kelly over the scenarios: many outcomes, many instruments, option payoffs as they are.</summary>
/// <remarks>Kelly 1956, Bell System Technical Journal 35; exact log wealth, no expansion.</remarks>
public sealed class ScenarioKelly : KellyMethod
{
    /// <inheritdoc />
    public override string Key => "kelly";

    /// <inheritdoc />
    public override string Description => "Growth of log wealth over the scenarios, with an explicit bound on ruin.";

    /// <inheritdoc />
    protected override BookProposal Book(MethodReturns returns, MethodProblem problem) =>
        Of(Solve(returns, problem, problem.Settings.Get(Fraction)), problem);
}
