using Plimsoll.Numerics;

namespace Plimsoll.Sizing;

/// <summary>Goes on on whole lots where a venue's own rule lets in more than its convex bound does.</summary>
/// <remarks>
/// The continuous optimum ends where the bound does; books are checked against the rule itself. From the best book
/// single lines, pairs, and the book as a whole move by steps that double while that improves it. Every book taken
/// meets all limits exactly or is nearer to that, so none is worse than what the bound alone gave. That the last is the
/// best is not proven: the convex problem bounds only what its own limits allow.
/// </remarks>
static class SlackSearch
{
    const double Rounding = 1e-6;
    const int MostLines = 8;
    const int MostPasses = 20;

    /// <summary>Whether some limit's bound is above the rule at a book.</summary>
    public static bool Has(LotProblem problem, LotBook book)
    {
        problem.MoveTo(book.Lots);
        double[] positions = problem.Solve.Evaluator.Positions;
        return problem
            .Solve.Parts.Meanings.Select(
                (meaning, k) =>
                    meaning.Portfolio is { } terms
                        ? Has(problem.Solve.Parts.Prepared, terms, positions)
                        : LimitReport.Binds(problem.Solve, k) && Of(problem.Solve, k) > 0
            )
            .Any(has => has);
    }

    /// <summary>By how much a position-wise limit's row is above the venue's rule at the evaluator's book.</summary>
    /// <returns>In the limit's own unit; 0 where it is only a rounding, or where no rule is bounded.</returns>
    public static double Of(ContinuousSolve solve, int k)
    {
        if (!solve.Parts.Meanings[k].IsVenueBound)
            return 0;
        double exact = solve.Evaluator.Value(k),
            bound = solve.Evaluator.RowValue((MaxLinearConstraint)solve.Program.Constraints[k]);
        return bound > exact + Rounding * (1 + Math.Abs(exact)) ? bound - exact : 0;
    }

    static bool Has(PreparedSizing prepared, PortfolioTerms terms, double[] positions)
    {
        double[] contracts = terms.Pool.Columns(prepared, positions);
        if (terms.Scenarios is not { } scenarios)
        {
            double exact = terms.Pool.Today.Exact(contracts);
            return terms.Pool.Today.Bound(contracts) > exact + Rounding * (1 + Math.Abs(exact));
        }
        return scenarios
            .Shortage(contracts, isExact: false)
            .Zip(scenarios.Shortage(contracts, isExact: true))
            .Any(pair => pair.First > pair.Second + Rounding * (1 + Math.Abs(pair.Second)));
    }

    /// <summary>The best book that the steps reach.</summary>
    public static LotBook Climb(LotProblem problem, LotBook best)
    {
        for (int pass = 0; pass < MostPasses; pass++)
        {
            var before = best;
            foreach (int[] move in Moves(best.Lots))
                best = Along(problem, best, move);
            if (ReferenceEquals(best, before))
                break;
        }
        return best;
    }

    /// <summary>One lot of a line, of two lines, and about a thousandth of the whole book, either way.</summary>
    static IEnumerable<int[]> Moves(int[] lots)
    {
        int[] traded =
        [
            .. Enumerable
                .Range(0, lots.Length)
                .Where(i => lots[i] != 0)
                .OrderByDescending(i => Math.Abs(lots[i]))
                .Take(MostLines),
        ];
        if (traded.Length == 0)
            yield break;
        double most = Math.Abs((double)lots[traded[0]]);
        yield return [.. lots.Select(each => (int)Math.Round(each / Math.Max(1, most / 1000)))];
        foreach (int a in traded)
        foreach (int first in (int[])[1, -1])
        {
            yield return Move((a, first));
            foreach (int b in traded.Where(b => b < a))
            foreach (int second in (int[])[1, -1])
                yield return Move((a, first), (b, second));
        }

        int[] Move(params ReadOnlySpan<(int Line, int Step)> steps)
        {
            var move = new int[lots.Length];
            foreach (var (line, step) in steps)
                move[line] = step;
            return move;
        }
    }

    static LotBook Along(LotProblem problem, LotBook best, int[] move)
    {
        for (int step = 1; step > 0; )
            if (Try(problem, best, move, step) is { } better)
            {
                best = better;
                step = Math.Min(2 * step, 1 << 20);
            }
            else
                step /= 2;
        return best;
    }

    static LotBook? Try(LotProblem problem, LotBook best, int[] move, int step)
    {
        var lots = (int[])best.Lots.Clone();
        for (int i = 0; i < lots.Length; i++)
        {
            long next = lots[i] + (long)step * move[i];
            bool isHole = next != 0 && Math.Abs(next) < problem.Least[i];
            if (isHole || next < problem.Low[i] || next > problem.High[i])
                return null;
            lots[i] = (int)next;
        }
        return problem.Evaluate(lots, best);
    }
}
