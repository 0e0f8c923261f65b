namespace Plimsoll.Sizing;

/// <summary>Finds whole-lot trades in which every limit, evaluated exactly, holds.</summary>
/// <remarks>
/// Rounding is only the start: rounding each leg toward zero can raise the risk of a hedged book. From several
/// roundings
/// of the continuous optimum, and from no trade at all, single lots and pairs of lots move while that improves the
/// book:
/// first fewer excesses, then the objective. Small problems are then proved by branch and bound.
/// </remarks>
static class LotSearch
{
    const int MostPairLines = 10;
    const int MostPasses = 40;
    static readonly double[] Shares = [1, 0.97, 0.9, 0.8, 0.6, 0.4, 0.2];

    public static (LotBook Book, bool Exact) Run(ContinuousSolve solve)
    {
        var problem = new LotProblem(solve);
        var best = Start(problem);
        best = Improve(problem, best);
        if (SlackSearch.Has(problem, best))
            // The convex problem bounds no book that its own bound of margin shuts out: nothing is proven.
            return (SlackSearch.Climb(problem, best), false);
        return solve.Parts.Prepared.Input.Explain ? BranchAndBound.Prove(problem, best) : (best, false);
    }

    static LotBook Start(LotProblem problem)
    {
        int count = problem.Lines.Length;
        var best = problem.Evaluate(new int[count], null)!;
        foreach (double share in Shares)
        {
            bool wasFeasible = best.Violation == 0 && best.Lots.Any(lots => lots != 0);
            if (wasFeasible && share < 0.95)
                break;
            int[] nearest =
            [
                .. Enumerable.Range(0, count).Select(i => problem.Permit(i, share * problem.Continuous[i])),
            ];
            int[] toZero =
            [
                .. Enumerable
                    .Range(0, count)
                    .Select(i => problem.Permit(i, Math.Truncate(share * problem.Continuous[i]))),
            ];
            best = problem.Evaluate(nearest, best) ?? best;
            best = problem.Evaluate(toZero, best) ?? best;
        }
        return best;
    }

    static LotBook Improve(LotProblem problem, LotBook best)
    {
        int[] lines =
        [
            .. Enumerable
                .Range(0, problem.Lines.Length)
                .Where(i => Math.Abs(problem.Continuous[i]) > 0.2 || best.Lots[i] != 0)
                .OrderByDescending(i => Math.Abs(problem.Continuous[i] - best.Lots[i])),
        ];
        for (int pass = 0; pass < MostPasses; pass++)
        {
            var before = best;
            best = Singles(problem, best, lines);
            if (!ReferenceEquals(best, before))
                continue;
            best = Pairs(problem, best, lines[..Math.Min(lines.Length, MostPairLines)]);
            if (ReferenceEquals(best, before))
                break;
        }
        return best;
    }

    static LotBook Singles(LotProblem problem, LotBook best, int[] lines)
    {
        foreach (int i in lines)
        foreach (int step in new[] { 1, -1 })
            best = Try(problem, best, (i, step), (i, 0));
        return best;
    }

    static LotBook Pairs(LotProblem problem, LotBook best, int[] lines)
    {
        for (int a = 0; a < lines.Length; a++)
        for (int b = 0; b < a; b++)
            foreach (int first in new[] { 1, -1 })
            foreach (int second in new[] { 1, -1 })
                best = Try(problem, best, (lines[a], first), (lines[b], second));
        return best;
    }

    static LotBook Try(LotProblem problem, LotBook best, (int Line, int Step) one, (int Line, int Step) two)
    {
        var lots = (int[])best.Lots.Clone();
        if (!Move(problem, lots, one) || !Move(problem, lots, two))
            return best;
        return problem.Evaluate(lots, best) ?? best;
    }

    /// <summary>Moves one line by a step, jumping over the hole below the smallest order.</summary>
    static bool Move(LotProblem problem, int[] lots, (int Line, int Step) move)
    {
        if (move.Step == 0)
            return true;
        int i = move.Line;
        int next = lots[i] + move.Step;
        if (next != 0 && Math.Abs(next) < problem.Least[i])
            next = Math.Abs(lots[i]) >= problem.Least[i] ? 0 : Math.Sign(move.Step) * problem.Least[i];
        if (next < problem.Low[i] || next > problem.High[i])
            return false;
        lots[i] = next;
        return true;
    }
}
