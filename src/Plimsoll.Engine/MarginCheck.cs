using System.Collections.Immutable;

namespace Plimsoll.Engine;

/// <summary>What is known of the margin models' errors: those observed of late, and the question under way.</summary>
/// <remarks>
/// What a model asks is widened by the largest share by which the venue was seen to ask more in the last
/// <see cref="Memory"/> comparisons of it: a market that jumped between question and answer is forgotten some day.
/// </remarks>
sealed class MarginCheck
{
    /// <summary>Comparisons of a model that count.</summary>
    public const int Memory = 100;

    /// <summary>Shortfalls by model, oldest first; null: without bound.</summary>
    public SortedDictionary<string, List<decimal?>> Shortfalls { get; } = new(StringComparer.Ordinal);

    /// <summary>The book of the last question, without what is flat.</summary>
    public SortedDictionary<string, decimal> Book { get; } = new(StringComparer.Ordinal);

    /// <summary>When the venue was asked; null: no question is open.</summary>
    public DateTimeOffset? AskedAt { get; set; }

    /// <summary>Sequence of the event that asked last; 0 before the first.</summary>
    public ulong AskedSequence { get; set; }

    /// <summary>When the last answer came, whatever it was.</summary>
    public DateTimeOffset? AnsweredAt { get; set; }

    /// <summary>When figures were last compared.</summary>
    public DateTimeOffset? ComparedAt { get; set; }

    /// <summary>Why the last answer could not be compared; empty where it was.</summary>
    public string Trouble { get; set; } = "";

    /// <summary>Widening that the last solve was made with; null: without bound.</summary>
    public decimal? SolveWidening { get; set; } = 0;

    /// <summary>The last comparison.</summary>
    public ImmutableArray<ComparedMargin> Last { get; set; } = [];

    /// <summary>Whether there is anything to tell of it.</summary>
    public bool IsUsed => AskedSequence > 0;

    /// <summary>The largest share of a model; null: without bound.</summary>
    public static decimal? Largest(IReadOnlyList<decimal?> shortfalls) =>
        shortfalls.Contains(null) ? null : shortfalls.Max();

    /// <summary>The largest share of any model; null: one is without bound.</summary>
    public decimal? Widening
    {
        get
        {
            decimal largest = 0;
            foreach (var seen in Shortfalls.Values)
                if (Largest(seen) is { } share)
                    largest = Math.Max(largest, share);
                else
                    return null;
            return largest;
        }
    }

    /// <summary>What the venue's maintenance margin is multiplied by before the account is cut.</summary>
    /// <remarks>Of a model without bound nothing is known: the venue's own figure stands as it is.</remarks>
    public decimal Factor => 1 + (Widening ?? 0);
}
