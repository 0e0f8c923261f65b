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
    const int MostColumnRounds = 3;
    const double CutTolerance = 1e-9;

    /// <summary>What left out instruments would add at most, to the whole gain, is not worth another round.</summary>
    const double WorthAnotherRound = 1e-4;

    /// <summary>The book that whole lots come near to; null: they maximise the program's own objective.</summary>
    public TargetTracking? Tracking { get; init; }

    /// <summary>The best instrument left out by number, at this solution's prices; null: there is none.</summary>
    internal LeftOut? BestLeftOut { get; init; }

    /// <summary>What whole lots maximise at the evaluator's book.</summary>
    internal double LotObjective() =>
        Tracking is { } tracking ? -tracking.Distance(Evaluator.Positions) : Evaluator.Objective();

    /// <summary>
    /// Solves a prepared sizing over all held and all candidate lines, and prices the lines that passed the screen but
    /// were left out by number; those that would add something are taken in, until what is left is not worth it.
    /// </summary>
    public static ContinuousSolve Of(PreparedSizing prepared)
    {
        var chosen = Enumerable
            .Range(0, prepared.Lines.Length)
            .Where(i => prepared.Lines[i].IsHeld || prepared.Lines[i].IsCandidate)
            .ToList();
        ContinuousSolve? solve = null;
        for (int round = 0; ; round++)
        {
            solve = Of(prepared, Leg.Of(prepared.Lines, chosen), solve);
            if (solve.Solution.Status != SolveStatus.Optimal)
                return solve;
            var left = LeftOut.Price(solve, chosen);
            double worth = WorthAnotherRound * Math.Abs(solve.Solution.Objective - solve.Solution.ReferenceObjective);
            if (round == MostColumnRounds || !(left.Sum(line => line.Gain) > worth))
                return solve with { BestLeftOut = left.Length > 0 ? left[0] : null };
            chosen.AddRange(left.Where(line => line.Gain > 0).Take(LeftOut.MostTakenIn).Select(line => line.Line));
            chosen.Sort();
        }
    }

    /// <summary>Solves over given legs.</summary>
    /// <param name="prepared">The prepared input.</param>
    /// <param name="legs">The legs.</param>
    /// <param name="near">A solve over some of these legs, to start from; the answer is as good without.</param>
    internal static ContinuousSolve Of(PreparedSizing prepared, ImmutableArray<Leg> legs, ContinuousSolve? near = null)
    {
        var parts = new ProgramParts(prepared, legs);
        foreach (var rule in LimitRule.All)
            rule.AddTo(parts);
        var program = parts.Build(Objective(parts));
        ImmutableArray<double> stated = [.. program.Constraints.Select(constraint => constraint.Limit)];
        if (prepared.Objective == ObjectiveKind.Protect)
            program = WithMargin(parts, program);
        var solution = near?.Over(legs, program);
        var kept = parts
            .Cuts.Where(cut => cut.Kept is not null)
            .Select(cut => cut.Name)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var added in near?.Parts.Added.Where(added => kept.Contains(added.Limit)) ?? [])
        {
            parts.Added.Add(added);
            program = WithRow(program, added.Limit, added.Row(parts));
        }
        solution = Cut(parts, ref program, solution, same => same, out var evaluator);
        if (solution.Status == SolveStatus.Infeasible)
            solution = Mended(parts, ref program, solution, ref evaluator);
        return new ContinuousSolve(parts, program, solution, evaluator, stated);
    }

    /// <summary>Solves, and again with the rows that the answer showed to be missing, until none is.</summary>
    /// <param name="parts">Material.</param>
    /// <param name="program">The program, which grows.</param>
    /// <param name="near">Where to start; null: at the reference.</param>
    /// <param name="asked">What is solved in the program's place.</param>
    /// <param name="evaluator">At the solution.</param>
    static ConvexSolution Cut(
        ProgramParts parts,
        ref ConvexProgram program,
        ConvexSolution? near,
        Func<ConvexProgram, ConvexProgram> asked,
        out BookEvaluator evaluator
    )
    {
        for (int round = 0; ; round++)
        {
            near = ConvexSolver.Solve(asked(program), new SolveTolerance(), parts.Prepared.Input.Threads, near);
            evaluator = new BookEvaluator(parts, program);
            evaluator.MoveTo(near.Position);
            if (round == MostCutRounds || near.Status == SolveStatus.Failed || !AddCuts(parts, evaluator, ref program))
                return near;
        }
    }

    /// <summary>
    /// Where the least violation makes a limit worse than it is without a trade: the violation that weighs that.
    /// </summary>
    static ConvexSolution Mended(
        ProgramParts parts,
        ref ConvexProgram program,
        ConvexSolution least,
        ref BookEvaluator evaluator
    )
    {
        double[] today = evaluator.ExcessesToday();
        double[] then = evaluator.Excesses();
        if (!Enumerable.Range(0, then.Length).Any(k => then[k] > today[k] + BookEvaluator.Tolerance))
            return least;
        var wider = program;
        int known = parts.Added.Count;
        var mended = Cut(parts, ref wider, least, same => Mending.Of(same, today), out var at);
        if (mended.Status == SolveStatus.Failed)
        {
            // Its rows are not in the program that is kept.
            parts.Added.RemoveRange(known, parts.Added.Count - known);
            return least;
        }
        (program, evaluator) = (wider, at);
        return mended;
    }

    /// <summary>This solution where other legs have the same amounts; null where the programs are not alike.</summary>
    ConvexSolution? Over(ImmutableArray<Leg> legs, ConvexProgram program)
    {
        if (Solution.Status != SolveStatus.Optimal || Solution.Auxiliary.Length != program.AuxiliaryLower.Length)
            return null;
        var amounts = new Dictionary<Leg, double>();
        for (int j = 0; j < Parts.Legs.Length; j++)
            amounts[Parts.Legs[j]] = Solution.Position[j];
        return Solution with { Position = [.. legs.Select(leg => amounts.GetValueOrDefault(leg))] };
    }

    /// <summary>
    /// The program over other legs, of the limits that have a price here, and these prices: its rows are this one's, or
    /// those of them that have a price.
    /// </summary>
    internal (ConvexProgram Program, RowPrices Prices) Columns(ImmutableArray<Leg> legs)
    {
        var parts = new ProgramParts(Parts.Prepared, legs, pricing: this);
        foreach (var rule in LimitRule.All)
            rule.AddTo(parts);
        var program = parts.Build(Objective(parts));
        var prices = Solution.Prices!.Limits;
        foreach (var added in Parts.Added.GroupBy(added => added.Limit).Where(added => prices.ContainsKey(added.Key)))
        {
            int first = prices[added.Key].Length - added.Count();
            foreach (var (row, r) in added.Select((added, i) => (added.Row, first + i)))
                if (!parts.Written.TryGetValue(added.Key, out int[]? written) || written.Contains(r))
                    program = WithRow(program, added.Key, row(parts));
        }
        return (program, Solution.Prices!.Only(parts.Written));
    }

    /// <summary>
    /// Adds the tail prices that the book is exposed to and the program did not know; whether there were any.
    /// </summary>
    static bool AddCuts(ProgramParts parts, BookEvaluator evaluator, ref ConvexProgram program)
    {
        int before = parts.Added.Count;
        foreach (var tail in parts.Prepared.Tails)
        {
            string name = TailWorstCase.NameOf(tail);
            double level = Known(program, evaluator, name);
            if (tail.Loss(parts.Prepared, evaluator.Positions) > level)
                foreach (var cut in tail.WorstCuts(parts.Prepared, evaluator.Positions, level))
                    parts.Added.Add((name, over => tail.Row(over, cut)));
        }
        foreach (var cut in parts.Cuts)
        {
            string name = cut.Name;
            double cost = ((MaxLinearConstraint)program.Constraints[IndexOf(program, name)]).CostShare * evaluator.Cost;
            if (cut.Value(evaluator.Positions) + cost <= Known(program, evaluator, name))
                continue;
            double[] positions = (double[])evaluator.Positions.Clone();
            parts.Added.Add(
                (
                    name,
                    cut.Kept?.Invoke(positions) ?? (over => over.Cuts.First(same => same.Name == name).Row(positions))
                )
            );
        }
        foreach (var (limit, row) in parts.Added.Skip(before))
            program = WithRow(program, limit, row(parts));
        return parts.Added.Count > before;
    }

    /// <summary>What a limit's rows already ask for at the book, or its limit where that is more.</summary>
    static double Known(ConvexProgram program, BookEvaluator evaluator, string limit)
    {
        var known = (MaxLinearConstraint)program.Constraints[IndexOf(program, limit)];
        return Math.Max(known.Limit, evaluator.RowValue(known)) + CutTolerance * known.Scale;
    }

    /// <summary>The program with one more row of a limit.</summary>
    internal static ConvexProgram WithRow(ConvexProgram program, string limit, LimitRow row)
    {
        int k = IndexOf(program, limit);
        var longer = PendingRows.Extend((MaxLinearConstraint)program.Constraints[k], row);
        return program with { Constraints = program.Constraints.SetItem(k, longer) };
    }

    static int IndexOf(ConvexProgram program, string limit)
    {
        int k = 0;
        while (program.Constraints[k].Name != limit)
            k++;
        return k;
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
