using System.Collections.Immutable;
using Plimsoll.Numerics;

namespace Plimsoll.Sizing;

/// <summary>Least and most continuous target as each view's confidence moves by ten points.</summary>
/// <remarks>Solved again over the lines that are held or traded; the rest would be no target of this answer.</remarks>
static class ConfidenceRange
{
    const double Points = 0.1;

    /// <summary>Ranges by line; null without views or unasked.</summary>
    public static IReadOnlyDictionary<int, (double Least, double Most)>? Of(ContinuousSolve solve)
    {
        var prepared = solve.Parts.Prepared;
        if (prepared.Mandate.Views.IsEmpty || solve.Tracking is not null || !prepared.Input.Explain)
            return null;
        var used = solve
            .Parts.Legs.Select((leg, j) => (leg.Line, Amount: solve.Solution.Position[j]))
            .Where(row => row.Amount > 1e-9 || prepared.Lines[row.Line].IsHeld)
            .Select(row => row.Line)
            .ToHashSet();
        var legs = solve.Parts.Legs.Where(leg => used.Contains(leg.Line)).ToImmutableArray();
        double[] continuous = TargetLines.Continuous(solve);
        var ranges = used.ToDictionary(line => line, line => (continuous[line], continuous[line]));
        var moved = Moved(prepared.Mandate.Views).ToArray();
        var targets = new double[]?[moved.Length];
        Parallel.For(
            0,
            moved.Length,
            new ParallelOptions { MaxDegreeOfParallelism = prepared.SolvesAtOnce },
            v => targets[v] = Continuous(solve, moved[v], legs, used)
        );
        foreach (double[] target in targets.OfType<double[]>())
        foreach (int line in used)
            ranges[line] = (Math.Min(ranges[line].Item1, target[line]), Math.Max(ranges[line].Item2, target[line]));
        return ranges;
    }

    /// <summary>Continuous targets under other views, from the answer on; null where they have none.</summary>
    static double[]? Continuous(
        ContinuousSolve solve,
        ImmutableArray<View> views,
        ImmutableArray<Leg> legs,
        HashSet<int> used
    )
    {
        var prepared = solve.Parts.Prepared;
        var targets = new ViewTargets(prepared.Input.Market, prepared.Surfaces, prepared.Scenarios);
        var law = ViewLaw.Of(views, targets, prepared.Law.Prior, MandateRules.Place);
        if (!law.Succeeded)
            return null;
        var again = ContinuousSolve.Of(prepared.WithLaw(law.Value, used), legs, solve);
        return again.Solution.Status == SolveStatus.Failed ? null : TargetLines.Continuous(again);
    }

    static IEnumerable<ImmutableArray<View>> Moved(ImmutableArray<View> views)
    {
        for (int v = 0; v < views.Length; v++)
            foreach (double step in new[] { -Points, Points })
                yield return views.SetItem(
                    v,
                    views[v] with
                    {
                        Confidence = Math.Clamp(views[v].Confidence + step, 0, 1),
                    }
                );
    }
}
