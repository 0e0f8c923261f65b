using Plimsoll.Numerics;

namespace Plimsoll.Sizing;

/// <summary>
/// Proves a whole-lot book best by branch and bound on the convex problem, where that is small enough.
/// </summary>
/// <remarks>
/// A node bounds each line's trade; its convex optimum is an upper bound. Branches on the line farthest from a
/// permitted
/// trade; orders below the smallest are a hole around zero and branch into three. The number of nodes, not time, is
/// limited, so that the same input gives the same answer.
/// </remarks>
static class BranchAndBound
{
    const int MostNodes = 300;
    const long MostCells = 20_000;

    public static (LotBook Book, bool Exact) Prove(LotProblem problem, LotBook best)
    {
        var program = WithoutSlack(problem, best);
        long cells = (long)problem.Solve.Parts.Raw.Rows * problem.Solve.Parts.Legs.Length;
        if (problem.Lines.Length == 0)
            return (best, true);
        if (problem.Solve.Solution.Status != SolveStatus.Optimal)
            return (best, false);
        if (Bound(problem.Solve.Solution) <= best.Objective && best.Violation == 0)
            return (best, true);
        if (cells > MostCells || problem.Solve.Tracking is not null)
            return (best, false);
        var stack = new Stack<(int[] Low, int[] High)>();
        stack.Push((problem.Low, problem.High));
        for (int nodes = 0; stack.Count > 0; nodes++)
        {
            if (nodes == MostNodes)
                return (best, false);
            var (low, high) = stack.Pop();
            var solution = Relax(problem, program, low, high);
            if (solution.Status == SolveStatus.Failed)
                return (best, false);
            if (solution.Status == SolveStatus.Infeasible)
                continue;
            if (best.Violation == 0 && Bound(solution) <= best.Objective)
                continue;
            double[] trade = Trades(problem, solution);
            int[] rounded = [.. trade.Select((lots, i) => Math.Clamp(problem.Permit(i, lots), low[i], high[i]))];
            best = problem.Evaluate(rounded, best) ?? best;
            Branch(problem, stack, low, high, trade);
        }
        return (best, true);
    }

    /// <summary>
    /// The program without limits whose row is above the venue's rule: a node must not shut out what the rule lets in.
    /// </summary>
    static ConvexProgram WithoutSlack(LotProblem problem, LotBook best)
    {
        problem.MoveTo(best.Lots);
        var limits = problem.Solve.Program.Constraints;
        return problem.Solve.Program with
        {
            Constraints = [.. limits.Where((_, k) => SlackSearch.Of(problem.Solve, k) == 0)],
        };
    }

    static double Bound(ConvexSolution solution) => solution.Objective + solution.Gap;

    static void Branch(LotProblem problem, Stack<(int[] Low, int[] High)> stack, int[] low, int[] high, double[] trade)
    {
        int chosen = -1;
        double farthest = 1e-7;
        for (int i = 0; i < trade.Length; i++)
        {
            bool inHole = Math.Abs(trade[i]) < problem.Least[i] - 1e-7 && Math.Abs(trade[i]) > 1e-7;
            double away =
                inHole && problem.Least[i] > 1
                    ? 0.5
                    : Math.Abs(trade[i] - Math.Round(trade[i], MidpointRounding.AwayFromZero));
            if (low[i] < high[i] && away > farthest)
                (farthest, chosen) = (away, i);
        }
        // A point on the lattice whose exact limits failed, or whose value equals its bound, still leaves the rest.
        if (chosen < 0)
            chosen = Widest(low, high);
        if (chosen < 0)
            return;
        int least = problem.Least[chosen];
        if (Math.Abs(trade[chosen]) < least && least > 1)
        {
            Push(stack, low, high, chosen, low[chosen], Math.Min(high[chosen], -least));
            Push(stack, low, high, chosen, Math.Max(low[chosen], least), high[chosen]);
            Push(stack, low, high, chosen, Math.Max(low[chosen], 0), Math.Min(high[chosen], 0));
            return;
        }
        int floor = (int)Math.Floor(trade[chosen] + 1e-9);
        if (floor >= high[chosen])
            floor = high[chosen] - 1;
        bool upFirst = trade[chosen] - floor > 0.5;
        if (upFirst)
            Push(stack, low, high, chosen, low[chosen], floor);
        Push(stack, low, high, chosen, floor + 1, high[chosen]);
        if (!upFirst)
            Push(stack, low, high, chosen, low[chosen], floor);
    }

    static int Widest(int[] low, int[] high)
    {
        int chosen = -1,
            width = 0;
        for (int i = 0; i < low.Length; i++)
            if (high[i] - low[i] > width)
                (width, chosen) = (high[i] - low[i], i);
        return chosen;
    }

    static void Push(Stack<(int[] Low, int[] High)> stack, int[] low, int[] high, int line, int from, int to)
    {
        if (from > to)
            return;
        var (newLow, newHigh) = ((int[])low.Clone(), (int[])high.Clone());
        (newLow[line], newHigh[line]) = (from, to);
        stack.Push((newLow, newHigh));
    }

    /// <summary>
    /// The convex problem with trades between bounds; legs of one direction share the bound in their order.
    /// </summary>
    static ConvexSolution Relax(LotProblem problem, ConvexProgram program, int[] low, int[] high)
    {
        var parts = problem.Solve.Parts;
        var (lower, upper) = (new double[parts.Legs.Length], (double[])program.Upper.Clone());
        for (int i = 0; i < problem.Lines.Length; i++)
        {
            double lot = (double)parts.Prepared.Lines[problem.Lines[i]].Lot;
            foreach (int direction in new[] { 1, -1 })
            {
                double least = Math.Max(0, direction > 0 ? low[i] * lot : -high[i] * lot);
                double most = Math.Max(0, direction > 0 ? high[i] * lot : -low[i] * lot);
                foreach (bool opens in new[] { false, true })
                    for (int j = 0; j < lower.Length; j++)
                    {
                        var leg = parts.Legs[j];
                        if (leg.Line != problem.Lines[i] || leg.Direction != direction || leg.Opens != opens)
                            continue;
                        (lower[j], upper[j]) = (Math.Min(least, leg.Cap), Math.Min(most, leg.Cap));
                        (least, most) = (least - lower[j], Math.Max(0, most - (opens ? 0 : lower[j])));
                    }
            }
        }
        return ConvexSolver.Solve(program with { Lower = lower, Upper = upper }, new SolveTolerance());
    }

    static double[] Trades(LotProblem problem, ConvexSolution solution)
    {
        var parts = problem.Solve.Parts;
        var trade = new double[problem.Lines.Length];
        for (int i = 0; i < trade.Length; i++)
        for (int j = 0; j < parts.Legs.Length; j++)
            if (parts.Legs[j].Line == problem.Lines[i])
                trade[i] +=
                    parts.Legs[j].Direction * solution.Position[j] / (double)parts.Prepared.Lines[problem.Lines[i]].Lot;
        return trade;
    }
}
