using System.Collections.Immutable;
using Plimsoll.Numerics;

namespace Plimsoll.Sizing;

/// <summary>A sizing toward a book that somebody else chose, and how far the limits let it go.</summary>
/// <param name="Sizing">Whole-lot answer with every limit, as of any sizing.</param>
/// <param name="Aim">Contracts asked for, by line of the account.</param>
/// <param name="Within">Contracts that the limits allow before rounding, by line of the account.</param>
/// <param name="FirstStop">
/// Share of the way from today's book to the aim at which the first limit stops a line; 1 when none does.
/// </param>
/// <param name="DistanceLeft">
/// Distance from <paramref name="Within"/> to the aim over that of the book without a trade; 0 when the aim is reached.
/// </param>
/// <param name="StoppedBy">Names of the limits that stop it, in the order in which they were met.</param>
/// <param name="Clipped">Lines whose aim lies beyond what the venue, the book or the mandate lets trade.</param>
public sealed record TargetSizing(
    SizingResult Sizing,
    double[] Aim,
    double[] Within,
    double FirstStop,
    double DistanceLeft,
    ImmutableArray<string> StoppedBy,
    ImmutableArray<string> Clipped
);

/// <summary>
/// Carries a given book into whole lots that breach no limit of the mandate: the common last step of every method.
/// </summary>
/// <remarks>
/// Progressive filling: every line goes the same share of its way from a book within all limits toward the aim, until a
/// limit stops it; the lines that are not blocked go on. All limits are convex in positions, so each stretch ends at
/// one
/// point, found by bisection on the exact values of <see cref="BookEvaluator"/>. The start is today's book, or, where
/// that breaks a limit, the cheapest trades after which every limit holds. Whole lots are found by <c>LotSearch</c>
/// near
/// that point, again under exact limits.
/// </remarks>
public static class TargetSizer
{
    /// <summary>Sizes toward a book.</summary>
    /// <param name="prepared">Prepared input; lines may open only as its objective lets them.</param>
    /// <param name="contracts">Contracts to hold by line of the account; lines that are absent stay.</param>
    /// <param name="by">Who chose the book.</param>
    public static TargetSizing Toward(PreparedSizing prepared, IReadOnlyDictionary<int, double> contracts, string by)
    {
        double[] aim = prepared.Current;
        foreach (var (line, held) in contracts)
            aim[line] = held;
        if (!prepared.Missing.IsEmpty)
            return Untouched(DecisionBuilder.Refused(prepared, prepared.Missing), prepared, aim);
        double[] start = prepared.Current;
        var filling = new TargetFilling(prepared, contracts.Keys, aim);
        if (!filling.Holds(start))
        {
            var protect = ContinuousSolve.Of(prepared with { Objective = ObjectiveKind.Protect });
            if (protect.Solution.Status != SolveStatus.Optimal)
                return Untouched(
                    DecisionBuilder.Run(prepared with { Objective = ObjectiveKind.Protect }),
                    prepared,
                    aim
                );
            start = TargetLines.Continuous(protect);
            var moved = Enumerable.Range(0, start.Length).Where(i => start[i] != prepared.Lines[i].CurrentContracts);
            filling = new TargetFilling(prepared, contracts.Keys.Union(moved), aim);
        }
        double[] within = filling.Run(start);
        var tracking = new TargetTracking(prepared, by, filling.Lines, filling.Aim);
        double whole = tracking.Distance(prepared.Current);
        double left = tracking.Distance(within);
        var solve = filling.SolveAt(within, tracking, -left);
        return new TargetSizing(
            DecisionBuilder.Of(prepared, solve),
            aim,
            within,
            filling.FirstStop,
            whole > 0 ? left / whole : 0,
            [.. filling.StoppedBy],
            [.. filling.Clipped]
        );
    }

    /// <summary>An answer without a size, for a method that refuses.</summary>
    public static SizingResult Refuse(PreparedSizing prepared, ImmutableArray<string> reasons) =>
        DecisionBuilder.Refused(prepared, reasons);

    static TargetSizing Untouched(SizingResult result, PreparedSizing prepared, double[] aim) =>
        new(result, aim, prepared.Current, 0, 1, [], []);
}
