using System.Collections.Immutable;

namespace Plimsoll.Engine;

/// <summary>The margin models against the venue's simulator, to be read by others.</summary>
/// <param name="ComparedAt">When figures were last compared; null: never.</param>
/// <param name="Trouble">Why the last answer could not be compared; empty where it was, or before the first.</param>
/// <param name="Last">The last comparison.</param>
/// <param name="Widening">
/// By model, the share by which what it asks is widened: the most that the venue was seen to ask more; null: without
/// bound.
/// </param>
public sealed record MarginCheckView(
    DateTimeOffset? ComparedAt,
    string Trouble,
    ImmutableArray<ComparedMargin> Last,
    ImmutableSortedDictionary<string, decimal?> Widening
)
{
    internal static MarginCheckView Of(MarginCheck check) =>
        new(
            check.ComparedAt,
            check.Trouble,
            check.Last,
            check.Shortfalls.ToImmutableSortedDictionary(
                seen => seen.Key,
                seen => MarginCheck.Largest(seen.Value),
                StringComparer.Ordinal
            )
        );
}
