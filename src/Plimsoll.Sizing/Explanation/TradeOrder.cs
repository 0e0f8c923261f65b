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
/// worst-case limits (stress set and tail range), then the smallest stress loss. Where no single trade stays within
/// margin a pair is done together and marked as a combination.
/// </remarks>
static class TradeOrder
{
    public static ImmutableArray<OrderedTrade> Of(LotProblem problem, int[] lots)
    {
        var left = Enumerable.Range(0, lots.Length).Where(i => lots[i] != 0).ToList();
        var done = new int[lots.Length];
        var ordered = ImmutableArray.CreateBuilder<OrderedTrade>();
        int combinations = 0;
        while (left.Count > 0)
        {
            int best = left.MinBy(i => Rank(problem, done, lots, i, -1))!;
            string? name = null;
            int[] step = [best];
            if (Rank(problem, done, lots, best, -1).Margin > BookEvaluator.Tolerance && left.Count > 1)
            {
                var pairs = left.SelectMany(a => left.Where(b => b < a).Select(b => (A: a, B: b)));
                var (a, b) = pairs.MinBy(pair => Rank(problem, done, lots, pair.A, pair.B));
                if (Rank(problem, done, lots, a, b).Margin <= BookEvaluator.Tolerance)
                    (step, name) = ([b, a], FormattableString.Invariant($"combination {++combinations}"));
            }
            foreach (int i in step)
            {
                done[i] = lots[i];
                left.Remove(i);
                decimal trade = lots[i] * problem.Solve.Parts.Prepared.Lines[problem.Lines[i]].Lot;
                ordered.Add(new OrderedTrade(problem.Lines[i], trade, ordered.Count + 1, name));
            }
        }
        return ordered.ToImmutable();
    }

    static (double Margin, double Excess, double Loss) Rank(
        LotProblem problem,
        int[] done,
        int[] lots,
        int one,
        int two
    )
    {
        var next = (int[])done.Clone();
        next[one] = lots[one];
        if (two >= 0)
            next[two] = lots[two];
        problem.MoveTo(next);
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
