using System.Collections.Immutable;
using Plimsoll.Sizing;

namespace Plimsoll.Methods;

/// <summary>The full problem of <c>plimsoll size</c>: every line of the account, every limit inside.</summary>
/// <remarks>It chooses among all candidates and not among a universe; its lots are proved by its own search.</remarks>
public sealed class IntegratedGrowth : ISizingMethod
{
    /// <inheritdoc />
    public string Key => "growth";

    /// <inheritdoc />
    public MethodFamily Family => MethodFamily.Integrated;

    /// <inheritdoc />
    public string Description =>
        "Growth of log wealth over the whole account, with every limit and margin rule inside the optimisation.";

    /// <inheritdoc />
    public ImmutableArray<MethodParameter> Parameters => [];

    /// <inheritdoc />
    public MethodProposal Propose(MethodProblem problem)
    {
        var result = Sizer.Size(Within(problem) with { Objective = ObjectiveKind.Growth });
        if (result.Solve is not { } solve)
            return MethodProposal.Refuse(result.Decision.Missing);
        double[] held = problem.Prepared.Current;
        for (int j = 0; j < solve.Parts.Legs.Length; j++)
            held[solve.Parts.Legs[j].Line] += solve.Parts.Legs[j].Direction * solve.Solution.Position[j];
        return MethodProposal.Of(problem.Universe.Select(line => held[line])) with
        {
            Sizing = result,
            Certificate = new MethodCertificate(
                solve.Solution.Iterations,
                solve.Solution.MaximumViolation,
                solve.Solution.Gap
            ),
        };
    }

    /// <summary>
    /// A universe that is named closes what is outside of it to opening; without one all candidates are open.
    /// </summary>
    static PreparedSizing Within(MethodProblem problem)
    {
        if (problem.Settings.Get(MethodParameters.Universe).IsEmpty)
            return problem.Prepared;
        var inside = problem.Universe.Concat(problem.Worthless).ToHashSet();
        return problem.Prepared with
        {
            Lines =
            [
                .. problem.Prepared.Lines.Select(
                    (line, i) => inside.Contains(i) ? line : line.ClosedToOpening("outside of the method's universe")
                ),
            ],
        };
    }
}
