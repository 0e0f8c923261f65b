using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Numerics;

namespace Plimsoll.Sizing;

/// <summary>The convex problem of a sizing, its continuous solution, and what evaluates books exactly.</summary>
/// <param name="Parts">Material.</param>
/// <param name="Program">The program.</param>
/// <param name="Solution">Its solution.</param>
/// <param name="Evaluator">Exact values at any book.</param>
/// <param name="Stated">Limits as the mandate states them; the program may ask for a margin on top.</param>
public sealed record ContinuousSolve(
    ProgramParts Parts,
    ConvexProgram Program,
    ConvexSolution Solution,
    BookEvaluator Evaluator,
    ImmutableArray<double> Stated
)
{
    /// <summary>A breached limit is to be met with this share of it by <c>protect</c>.</summary>
    public const double ProtectMargin = 0.9;

    const int MostCutRounds = 12;
    const int MostPricingRounds = 8;
    const double UsableGap = 1e-5;
    const double CutTolerance = 1e-9;

    /// <summary>The book that whole lots come near to; null: they maximise the program's own objective.</summary>
    public TargetTracking? Tracking { get; init; }

    /// <summary>What whole lots maximise at the evaluator's book.</summary>
    internal double LotObjective() =>
        Tracking is { } tracking ? -tracking.Distance(Evaluator.Positions) : Evaluator.Objective();

    /// <summary>Solves a prepared sizing over all held and all candidate lines.</summary>
    public static ContinuousSolve Of(PreparedSizing prepared)
    {
        var chosen = Enumerable
            .Range(0, prepared.Lines.Length)
            .Where(i => prepared.Lines[i].IsHeld || prepared.Lines[i].IsCandidate);
        return Of(prepared, Leg.Of(prepared.Lines, chosen));
    }

    /// <summary>Solves over given legs.</summary>
    internal static ContinuousSolve Of(PreparedSizing prepared, ImmutableArray<Leg> legs)
    {
        var parts = new ProgramParts(prepared, legs);
        foreach (var rule in LimitRule.All)
            rule.AddTo(parts);
        var program = parts.Build(Objective(parts));
        ImmutableArray<double> stated = [.. program.Constraints.Select(constraint => constraint.Limit)];
        if (prepared.Objective == ObjectiveKind.Protect)
            program = WithMargin(parts, program);
        for (int round = 0; ; round++)
        {
            var solution = Certified(program, prepared.Input.Threads);
            var evaluator = new BookEvaluator(parts, program);
            evaluator.MoveTo(solution.Position);
            if (
                round == MostCutRounds
                || solution.Status == SolveStatus.Failed
                || !AddCuts(parts, evaluator, ref program)
            )
                return new ContinuousSolve(parts, program, solution, evaluator, stated);
        }
    }

    /// <summary>
    /// Solves; where many near copies keep the gap from closing, solves again over the legs that matter, the others
    /// fixed
    /// at zero, and takes back any that would gain there, until none does.
    /// </summary>
    static ConvexSolution Certified(ConvexProgram program, int threads)
    {
        var solution = ConvexSolver.Solve(program, new SolveTolerance(), threads);
        if (solution.Status != SolveStatus.Failed || !(solution.MaximumViolation < 1e-6))
            return solution;
        if (IsUsable(solution))
            return solution with { Status = SolveStatus.Optimal };
        bool[] free = [.. solution.Position.Select((amount, j) => amount > 1e-6 * program.Scale[j])];
        for (int round = 0; round < MostPricingRounds; round++)
        {
            double[] upper = [.. program.Upper.Select((cap, j) => free[j] ? cap : 0)];
            var narrow = ConvexSolver.Solve(program with { Upper = upper }, new SolveTolerance(), threads);
            if (narrow.Status == SolveStatus.Failed)
                return IsUsable(Better(solution, narrow))
                    ? Better(solution, narrow) with
                    {
                        Status = SolveStatus.Optimal,
                    }
                    : Better(solution, narrow);
            double left = narrow.Gap;
            for (int j = 0; j < free.Length; j++)
                if (!free[j] && narrow.BuyGain[j] > 0)
                {
                    left += narrow.BuyGain[j] * program.Upper[j];
                    free[j] = true;
                }
            narrow = narrow with { Gap = left };
            if (left <= Accepted(narrow))
                return narrow;
            solution = Better(solution, narrow with { Status = SolveStatus.Failed });
        }
        return IsUsable(solution) ? solution with { Status = SolveStatus.Optimal } : solution;
    }

    /// <summary>
    /// A point within all limits whose certified gap misses the tolerance but is far below what whole lots cost is an
    /// answer; the gap stands in its certificate and a warning says so.
    /// </summary>
    static bool IsUsable(ConvexSolution solution)
    {
        double gained = Math.Abs(solution.Objective - solution.ReferenceObjective);
        return solution.MaximumViolation < 1e-9 && double.IsFinite(gained) && solution.Gap <= UsableGap * gained;
    }

    /// <summary>Whether the certified gap is the design's: 1e-8 of what is gained, or 1e-14.</summary>
    public bool IsTight => Solution.Gap <= Accepted(Solution);

    static double Accepted(ConvexSolution solution)
    {
        var tolerance = new SolveTolerance();
        double gained = Math.Abs(solution.Objective - solution.ReferenceObjective);
        return Math.Max(tolerance.RelativeGap * (double.IsFinite(gained) ? gained : 0), tolerance.AbsoluteGap);
    }

    static ConvexSolution Better(ConvexSolution a, ConvexSolution b) =>
        b.MaximumViolation < 1e-6 && b.Gap < a.Gap ? b : a;

    /// <summary>
    /// Adds the tail prices that the book is exposed to and the program did not know; whether there were any.
    /// </summary>
    static bool AddCuts(ProgramParts parts, BookEvaluator evaluator, ref ConvexProgram program)
    {
        var constraints = program.Constraints.ToBuilder();
        bool added = false;
        foreach (var tail in parts.Prepared.Tails)
        {
            int k = program.Constraints.Select(c => c.Name).ToList().IndexOf(TailWorstCase.NameOf(tail));
            var known = (MaxLinearConstraint)constraints[k];
            double exact = tail.Loss(parts.Prepared, evaluator.Positions);
            if (exact <= Math.Max(known.Limit, evaluator.RowValue(known)) + CutTolerance * known.Scale)
                continue;
            var row = tail.Row(parts, tail.WorstCut(parts.Prepared, evaluator.Positions));
            constraints[k] = PendingRows.Extend(known, row);
            added = true;
        }
        foreach (var cut in parts.Cuts)
        {
            int k = program.Constraints.Select(c => c.Name).ToList().IndexOf(cut.Name);
            var known = (MaxLinearConstraint)constraints[k];
            double least = Math.Max(known.Limit, evaluator.RowValue(known));
            if (cut.Value(evaluator.Positions) <= least + CutTolerance * known.Scale)
                continue;
            constraints[k] = PendingRows.Extend(known, cut.Row(evaluator.Positions));
            added = true;
        }
        program = program with { Constraints = constraints.ToImmutable() };
        return added;
    }

    /// <summary>The limits at given amounts of given legs, without solving for anything.</summary>
    internal static ContinuousSolve Evaluate(PreparedSizing prepared, ImmutableArray<Leg> legs, double[] amounts)
    {
        var parts = new ProgramParts(prepared, legs);
        foreach (var rule in LimitRule.All)
            rule.AddTo(parts);
        var program = parts.Build(Objective(parts));
        var evaluator = new BookEvaluator(parts, program);
        evaluator.MoveTo(amounts);
        ImmutableArray<double> stated = [.. program.Constraints.Select(constraint => constraint.Limit)];
        return new ContinuousSolve(parts, program, null!, evaluator, stated);
    }

    static ProgramObjective Objective(ProgramParts parts)
    {
        var prepared = parts.Prepared;
        if (prepared.Objective == ObjectiveKind.Growth)
            return new GrowthObjective(
                parts.EdgeValue(fullCost: false),
                prepared.Law.Weights,
                1 / prepared.Mandate.KellyFraction
            );
        var decay = new double[parts.Legs.Length];
        for (int j = 0; j < decay.Length; j++)
            if (parts.Legs[j] is { Part: > 0, Opens: true } && parts.LineOf(j).Instrument is OptionInstrument)
                decay[j] = Math.Max(0, TimeDecay(prepared, parts.LineOf(j)));
        double[]? funding = parts.WealthRow() is { } row ? [.. row.Select(value => -value)] : null;
        return new CostObjective(decay, funding, 1);
    }

    /// <summary>What a bought option loses by time alone over the horizon, share of equity.</summary>
    static double TimeDecay(PreparedSizing prepared, SizingLine line) =>
        -prepared.Greeks[line.Column].Theta1D * prepared.Mandate.Horizon.Days / prepared.Equity;

    /// <summary>Each limit that is breached without a trade is tightened by the margin.</summary>
    static ConvexProgram WithMargin(ProgramParts parts, ConvexProgram program)
    {
        var evaluator = new BookEvaluator(parts, program);
        var tightened = program.Constraints.ToBuilder();
        for (int k = 0; k < tightened.Count; k++)
        {
            var constraint = tightened[k];
            if (parts.Meanings[k].IsAuxiliary || !parts.Meanings[k].IsMandate || constraint.Limit <= 0)
                continue;
            if (evaluator.Value(k) <= constraint.Limit + BookEvaluator.Tolerance * constraint.Scale)
                continue;
            tightened[k] = constraint with { Limit = ProtectMargin * constraint.Limit };
        }
        return program with { Constraints = tightened.ToImmutable() };
    }
}
