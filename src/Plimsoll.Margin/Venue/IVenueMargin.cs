using System.Collections.Immutable;

namespace Plimsoll.Margin;

/// <summary>What a venue asks for everything that one of its accounts holds, at one market.</summary>
/// <remarks>
/// Immutable and thread safe. Figures are data with a date (<see cref="Note"/>), read from <c>data/venues/VENUE</c> or
/// from a file in the same format, never constants in code. A price, tier or haircut that is not known makes the
/// margin undetermined (<see cref="MarginStatement.Missing"/>), never zero.
/// </remarks>
public interface IVenueMargin
{
    /// <summary>Stable key, such as <c>deribit-portfolio-margin</c>.</summary>
    string Key { get; }

    /// <summary>The venue's key, such as <c>deribit</c>.</summary>
    string Venue { get; }

    /// <summary>Date and source of the parameters and what is uncertain.</summary>
    MarginNote Note { get; }

    /// <summary>Whether initial and maintenance are convex in the positions at a fixed market; tested.</summary>
    bool IsConvex { get; }

    /// <summary>
    /// Whether maintenance margin less any share of its balance is convex over every portfolio between this one and
    /// one without positions: then the cheapest cuts can be proved.
    /// </summary>
    bool MaintenanceIsConvexWithin(MarginPortfolio portfolio) => IsConvex;

    /// <summary>The venue's figures for a portfolio, whole; every lack at once when they are not known.</summary>
    MarginStatement Assess(MarginPortfolio portfolio);
}

/// <summary>Where parameters come from.</summary>
/// <param name="Dated">Day on which they were in force.</param>
/// <param name="Source">Address.</param>
/// <param name="Text">One sentence for warnings.</param>
/// <param name="Doubts">What the source leaves unclear, each with its effect.</param>
public sealed record MarginNote(DateOnly Dated, string Source, string Text, ImmutableArray<string> Doubts)
{
    /// <summary>Parts with a day and an address of their own; empty where all are of one.</summary>
    public ImmutableArray<MarginNotePart> Parts { get; init; } = [];
}

/// <summary>Where a part of the parameters comes from.</summary>
/// <param name="Part">In words.</param>
/// <param name="Dated">Day on which it was in force.</param>
/// <param name="Source">Address.</param>
public sealed record MarginNotePart(string Part, DateOnly Dated, string Source);
