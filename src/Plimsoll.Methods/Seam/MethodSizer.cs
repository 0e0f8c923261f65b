using Plimsoll.Markets;
using Plimsoll.Sizing;

namespace Plimsoll.Methods;

/// <summary>A method's answer: the proposal, and what limits and whole lots made of it.</summary>
/// <param name="Method">The method.</param>
/// <param name="Proposal">What it wanted.</param>
/// <param name="Target">How far the limits let it go; null for a refusal and for the full problem.</param>
/// <param name="Sizing">Whole-lot answer with every limit before and after; undetermined for a refusal.</param>
public sealed record MethodResult(
    ISizingMethod Method,
    MethodProposal Proposal,
    TargetSizing? Target,
    SizingResult Sizing
)
{
    /// <summary>Targets, trades, limits before and after.</summary>
    public Decision Decision => Sizing.Decision;

    /// <summary>Share of the way to the proposal that the first limit stops; 1 when none does.</summary>
    public double FirstStop => Target?.FirstStop ?? 1;
}

/// <summary>Runs any method on the same prepared input: proposal, limits, whole lots, explanation.</summary>
public static class MethodSizer
{
    /// <summary>
    /// Prepares an input for methods: every line may open, whatever the mandate's objective would let it.
    /// </summary>
    public static Parsed<PreparedSizing> Prepare(SizingInput input) =>
        Sizer.Prepare(input with { Mandate = input.Mandate with { Objective = ObjectiveKind.Growth } });

    /// <summary>Sizes by a method.</summary>
    /// <param name="prepared">From <see cref="Prepare"/>.</param>
    /// <param name="method">One of <see cref="SizingMethods.All"/>, or one's own.</param>
    /// <param name="settings">Its parameters.</param>
    public static Parsed<MethodResult> Size(PreparedSizing prepared, ISizingMethod method, MethodSettings settings)
    {
        if (!prepared.Missing.IsEmpty)
            return Refused(prepared, method, MethodProposal.Refuse(prepared.Missing));
        var problem = MethodProblem.Of(prepared, settings);
        if (!problem.Succeeded)
            return Parsed<MethodResult>.Fail(
                problem.Faults.Select(fault => fault with { Path = $"method.{method.Key}.{fault.Path}" })
            );
        var proposal =
            problem.Value.Count == 0
                ? MethodProposal.Refuse(
                    "an instrument that the method may hold: none passes the liquidity screen and gains anything"
                )
                : method.Propose(problem.Value);
        if (!proposal.Succeeded)
            return Refused(prepared, method, proposal);
        if (proposal.Sizing is { } full)
            return Parsed<MethodResult>.Ok(new MethodResult(method, proposal, null, full));
        if (proposal.Contracts.FirstOrDefault(contracts => !double.IsFinite(contracts), 0) != 0)
            return Refused(prepared, method, MethodProposal.Refuse($"a finite book: {method.Key} found none"));
        proposal = WithWorthless(problem.Value, proposal);
        if (settings.Get(MethodParameters.NoTrade) is > 0 and var aversion)
            proposal = NoTradeRegion.Apply(problem.Value, proposal, aversion);
        if (!proposal.Succeeded)
            return Refused(prepared, method, proposal);
        var aim = new Dictionary<int, double>();
        for (int i = 0; i < problem.Value.Count; i++)
            aim[problem.Value.Universe[i]] = proposal.Contracts[i];
        var target = TargetSizer.Toward(prepared, aim, method.Key);
        return Parsed<MethodResult>.Ok(
            new MethodResult(method, proposal, target, By(method, Explained(target, proposal)))
        );
    }

    static MethodProposal WithWorthless(MethodProblem problem, MethodProposal proposal) =>
        problem.Worthless.IsEmpty
            ? proposal
            : proposal with
            {
                Notes = proposal.Notes.Add(
                    "nothing to gain or lose in any scenario, left as it is: "
                        + string.Join(", ", problem.Worthless.Select(line => problem.Prepared.Lines[line].Name))
                ),
            };

    static Parsed<MethodResult> Refused(PreparedSizing prepared, ISizingMethod method, MethodProposal proposal) =>
        Parsed<MethodResult>.Ok(
            new MethodResult(method, proposal, null, By(method, TargetSizer.Refuse(prepared, proposal.Refusals)))
        );

    static SizingResult By(ISizingMethod method, SizingResult sizing) =>
        sizing with
        {
            Decision = sizing.Decision with { Method = method.Key },
        };

    static SizingResult Explained(TargetSizing target, MethodProposal proposal)
    {
        var decision = target.Sizing.Decision;
        var warnings = decision.Warnings.AddRange(proposal.Notes);
        string stops = string.Join(", ", target.StoppedBy);
        if (target.FirstStop < 1)
            warnings = warnings.Add(
                FormattableString.Invariant(
                    $"limits stop the proposal at {target.FirstStop * 100:0.#}% of its way: {stops}"
                )
            );
        if (!target.Clipped.IsEmpty)
            warnings = warnings.Add($"beyond what can be traded: {string.Join(", ", target.Clipped)}");
        var certificate = decision.Certificate with { Method = proposal.Certificate };
        return target.Sizing with { Decision = decision with { Warnings = warnings, Certificate = certificate } };
    }
}
