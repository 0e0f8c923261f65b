using System.Collections.Immutable;

namespace Plimsoll.Sizing;

/// <summary>What keeps the book from being larger: the Kelly fraction, the drawdown limit, or another limit.</summary>
static class Governing
{
    public static string Words(ContinuousSolve solve, ImmutableArray<LimitLine> limits)
    {
        var prepared = solve.Parts.Prepared;
        if (solve.Tracking is { } tracking)
            return $"{tracking.By} within every limit";
        if (prepared.Objective == ObjectiveKind.Protect)
            return "protect: the cheapest trades after which every limit holds";
        if (limits.FirstOrDefault(limit => limit.Name == DrawdownRule.Name) is { Binding: true })
            return FormattableString.Invariant(
                $"the drawdown limit governs: Kelly fraction {prepared.Mandate.KellyFraction:0.###} would hold more"
            );
        string[] binding = [.. limits.Where(limit => limit.Binding).Select(limit => limit.Name)];
        string kelly = FormattableString.Invariant($"Kelly fraction {prepared.Mandate.KellyFraction:0.###}");
        return binding.Length == 0
            ? $"the {kelly} governs: no limit binds"
            : $"{kelly} within other limits ({string.Join(", ", binding)}); the drawdown limit does not bind";
    }
}
