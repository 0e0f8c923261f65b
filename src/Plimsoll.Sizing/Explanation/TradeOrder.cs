using System.Collections.Immutable;

namespace Plimsoll.Sizing;

/// <summary>One trade in its place.</summary>
/// <param name="Line">Line.</param>
/// <param name="Trade">Contracts, signed.</param>
/// <param name="Step">1-based.</param>
/// <param name="Combination">Name shared by legs to be done together; null otherwise.</param>
sealed record OrderedTrade(int Line, decimal Trade, int Step, string? Combination);

/// <summary>An order in which the trades can be done: every prefix within initial margin, hedges first.</summary>
/// <remarks>
/// At each step the trade comes next that leaves the smallest excess of margin, then the smallest excess over the
/// worst-case limits (stress set and tail range), then the smallest stress loss. An account that is short of margin
/// starts with what it may do: no step makes the shortage worse. Where no single trade can be done a pair is done
/// together and marked as a combination, and where an order leads nowhere an earlier choice is taken back.
/// </remarks>
sealed class TradeOrder
{
    /// <summary>Books looked at before the search for an order that can be done is given up.</summary>
    const int MostBooks = 4_000;

    readonly LotProblem problem;
    readonly int[] lots;
    int books;

    TradeOrder(LotProblem problem, int[] lots) => (this.problem, this.lots) = (problem, lots);

    public static ImmutableArray<OrderedTrade> Of(LotProblem problem, int[] lots)
    {
        var order = new TradeOrder(problem, lots);
        int[] all = [.. Enumerable.Range(0, lots.Length).Where(i => lots[i] != 0)];
        var steps = order.Search(new int[lots.Length], all) ?? order.LeastShort(all);
        var ordered = ImmutableArray.CreateBuilder<OrderedTrade>();
        int combinations = 0;
        foreach (int[] step in steps)
        {
            string? name = step.Length > 1 ? FormattableString.Invariant($"combination {++combinations}") : null;
            foreach (int i in step)
            {
                decimal trade = lots[i] * problem.Solve.Parts.Prepared.Lines[problem.Lines[i]].Lot;
                ordered.Add(new OrderedTrade(problem.Lines[i], trade, ordered.Count + 1, name));
            }
        }
        return ordered.ToImmutable();
    }

    /// <summary>Steps in which no prefix is short of margin, best first; null where none was found.</summary>
    List<int[]>? Search(int[] done, int[] left)
    {
        if (left.Length == 0)
            return [];
        double allowed = Rank(done, []).Margin;
        var steps = Within(allowed, done, left.Select(i => new[] { i }));
        if (steps.Count == 0)
            steps = Within(allowed, done, left.SelectMany(a => left.Where(b => b < a).Select(b => new[] { b, a })));
        foreach (int[] step in steps)
        {
            if (books > MostBooks)
                return null;
            if (Search(With(done, step), [.. left.Except(step)]) is not { } rest)
                continue;
            rest.Insert(0, step);
            return rest;
        }
        return null;
    }

    List<int[]> Within(double allowed, int[] done, IEnumerable<int[]> steps) =>
        [
            .. steps
                .Select(step => (Step: step, Rank: Rank(done, step)))
                .Where(candidate => candidate.Rank.Margin <= allowed)
                .OrderBy(candidate => candidate.Rank)
                .Select(candidate => candidate.Step),
        ];

    /// <summary>Where no order keeps within margin: one that is short by as little as may be at each step.</summary>
    List<int[]> LeastShort(int[] all)
    {
        var (done, left, steps) = (new int[lots.Length], all.ToList(), new List<int[]>());
        while (left.Count > 0)
        {
            int[] step = [left.MinBy(i => Rank(done, [i]))];
            steps.Add(step);
            done = With(done, step);
            left.Remove(step[0]);
        }
        return steps;
    }

    int[] With(int[] done, int[] step)
    {
        var next = (int[])done.Clone();
        foreach (int i in step)
            next[i] = lots[i];
        return next;
    }

    (double Margin, double Excess, double Loss) Rank(int[] done, int[] step)
    {
        books++;
        problem.MoveTo(With(done, step));
        double margin = 0,
            excess = 0,
            loss = 0;
        var (program, parts) = (problem.Solve.Program, problem.Solve.Parts);
        for (int k = 0; k < program.Constraints.Length; k++)
        {
            string name = program.Constraints[k].Name;
            if (name.Contains("initial-margin", StringComparison.Ordinal))
                margin = Math.Max(margin, problem.Solve.Evaluator.Value(k) - program.Constraints[k].Limit);
            else if (name.Contains("worst-case", StringComparison.Ordinal))
                excess += Math.Max(0, problem.Solve.Evaluator.Value(k) - problem.Solve.Stated[k]);
        }
        foreach (double row in StressLoss(parts, problem.Solve.Evaluator))
            loss = Math.Max(loss, row);
        double Noise(double value) => value <= BookEvaluator.Tolerance ? 0 : value;
        return (Noise(margin), Noise(excess), loss);
    }

    static IEnumerable<double> StressLoss(ProgramParts parts, BookEvaluator evaluator)
    {
        var gain = parts.Prepared.StressMatrix.Gain;
        var loss = (double[])parts.StressLossBase.Clone();
        for (int i = 0; i < evaluator.Positions.Length; i++)
        {
            double trade = evaluator.Positions[i] - parts.Prepared.Lines[i].CurrentContracts;
            if (trade == 0)
                continue;
            var column = gain.Column(parts.Prepared.Lines[i].Column);
            for (int r = 0; r < loss.Length; r++)
                loss[r] -= trade * column[r] / parts.Prepared.Equity;
        }
        return loss;
    }
}
