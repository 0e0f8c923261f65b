using System.Collections.Immutable;
using Plimsoll.Numerics;

namespace Plimsoll.Sizing;

/// <summary>Why a line trades: what it earns, and what would become of the limits without it.</summary>
static class TargetReasons
{
    const int MostLimits = 2;
    const double BindingShare = 1e-6;

    /// <summary>Reasons of every traded line, by line.</summary>
    public static Dictionary<int, ImmutableArray<string>> Of(LotProblem problem, int[] lots, double[] after)
    {
        var reasons = new Dictionary<int, ImmutableArray<string>>();
        int[] tight = TightLimits(problem.Solve, after);
        problem.MoveTo(lots);
        double objective = problem.Solve.Evaluator.Objective();
        for (int i = 0; i < lots.Length; i++)
        {
            if (lots[i] == 0)
                continue;
            var without = (int[])lots.Clone();
            without[i] = 0;
            problem.MoveTo(without);
            var words = ImmutableArray.CreateBuilder<string>();
            if (problem.Solve.Tracking is { } tracking)
                words.Add(tracking.Reason(problem.Lines[i]));
            AddEdge(problem, i, lots[i], words);
            AddGrowth(problem.Solve, objective, words);
            AddLimits(problem.Solve, tight, after, words);
            if (words.Count == 0)
                words.Add("cheapest way to the limits together with the other trades");
            reasons[problem.Lines[i]] = words.ToImmutable();
        }
        problem.MoveTo(lots);
        return reasons;
    }

    static int[] TightLimits(ContinuousSolve solve, double[] after) =>
        [
            .. Enumerable
                .Range(0, after.Length)
                .Where(k =>
                    !solve.Parts.Meanings[k].IsAuxiliary
                    && solve.Program.Constraints[k] is not DrawdownConstraint
                    && (
                        solve.Solution.Constraints[k].Value
                            >= solve.Program.Constraints[k].Limit - BindingShare * solve.Program.Constraints[k].Scale
                        || after[k] > solve.Stated[k] - 0.15 * solve.Program.Constraints[k].Scale
                    )
                ),
        ];

    static void AddEdge(LotProblem problem, int i, int lots, ImmutableArray<string>.Builder words)
    {
        var prepared = problem.Solve.Parts.Prepared;
        var line = prepared.Lines[problem.Lines[i]];
        double edge = Math.Sign(lots) * prepared.Edge.Edge[line.Column];
        double cost = (lots > 0 ? line.Cost.Buy : line.Cost.Sell)?.Home ?? 0;
        if (prepared.Objective != ObjectiveKind.Growth || Math.Abs(edge) < 1e-3 * cost || edge == 0)
            return;
        words.Add(
            $"stated edge {PlainNumber.Text(edge)} {prepared.Home} per contract and horizon, "
                + $"one-way cost {PlainNumber.Text(cost)}"
        );
    }

    /// <summary>What growth would lose without the trade; the evaluator stands at the book without it.</summary>
    static void AddGrowth(ContinuousSolve solve, double objective, ImmutableArray<string>.Builder words)
    {
        double gain = objective - solve.Evaluator.Objective();
        if (solve.Parts.Prepared.Objective == ObjectiveKind.Growth && gain > 0 && double.IsFinite(gain))
            words.Add(FormattableString.Invariant($"adds {gain * 1e4:G3} bp to growth per horizon, costs paid"));
    }

    static void AddLimits(ContinuousSolve solve, int[] tight, double[] after, ImmutableArray<string>.Builder words)
    {
        var changes = tight
            .Select(k => (K: k, Without: solve.Evaluator.Value(k)))
            .Where(row => Math.Abs(row.Without - after[row.K]) > 1e-3 * solve.Program.Constraints[row.K].Scale)
            .OrderByDescending(row => (row.Without - after[row.K]) / solve.Program.Constraints[row.K].Scale)
            .Take(MostLimits);
        foreach (var (k, without) in changes)
        {
            string verb = without > after[k] ? "relieves" : "uses";
            string figures =
                $"{PlainNumber.Text(after[k])} with it, {PlainNumber.Text(without)} without, "
                + $"limit {PlainNumber.Text(solve.Stated[k])}";
            words.Add($"{verb} {solve.Program.Constraints[k].Name}: {figures}");
        }
    }
}
