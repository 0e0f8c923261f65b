using System.Collections.Immutable;
using Plimsoll.Numerics;

namespace Plimsoll.Sizing;

/// <summary>Least and most continuous target as each view's confidence moves by ten points.</summary>
/// <remarks>Solved again over the lines that are held or traded; the rest would be no target of this answer.</remarks>
static class ConfidenceRange
{
    const double Points = 0.1;

    /// <summary>Ranges by line; null without views or unasked.</summary>
    public static IReadOnlyDictionary<int, (double Least, double Most)>? Of(ContinuousSolve solve, double[] continuous)
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
        var ranges = used.ToDictionary(line => line, line => (continuous[line], continuous[line]));
        foreach (var law in Moved(prepared))
        {
            var again = ContinuousSolve.Of(law, legs);
            if (again.Solution.Status == SolveStatus.Failed)
                continue;
            double[] target = TargetLines.Continuous(again);
            foreach (int line in used)
                ranges[line] = (Math.Min(ranges[line].Item1, target[line]), Math.Max(ranges[line].Item2, target[line]));
        }
        return ranges;
    }

    static IEnumerable<PreparedSizing> Moved(PreparedSizing prepared)
    {
        var views = prepared.Mandate.Views;
        var targets = new ViewTargets(prepared.Input.Market, prepared.Surfaces, prepared.Scenarios);
        for (int v = 0; v < views.Length; v++)
            foreach (double step in new[] { -Points, Points })
            {
                double confidence = Math.Clamp(views[v].Confidence + step, 0, 1);
                var moved = views.SetItem(v, views[v] with { Confidence = confidence });
                var law = ViewLaw.Of(moved, targets, prepared.Law.Prior, MandateRules.Place);
                if (law.Succeeded)
                    yield return prepared.WithLaw(law.Value);
            }
    }
}
