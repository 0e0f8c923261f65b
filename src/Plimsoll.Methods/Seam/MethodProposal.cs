using System.Collections.Immutable;
using Plimsoll.Sizing;

namespace Plimsoll.Methods;

/// <summary>What a method wants to hold, before limits and whole lots.</summary>
public sealed record MethodProposal
{
    /// <summary>Contracts to hold, signed, in the order of <see cref="MethodProblem.Universe"/>.</summary>
    public required ImmutableArray<double> Contracts { get; init; }

    /// <summary>Of the method's own solver.</summary>
    public MethodCertificate Certificate { get; init; }

    /// <summary>What the method found on its way, in words.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>Why there is no proposal; empty when there is one.</summary>
    public ImmutableArray<string> Refusals { get; init; } = [];

    /// <summary>
    /// The whole answer, where the method is the full problem and has already met limits and lots; null otherwise.
    /// </summary>
    public SizingResult? Sizing { get; init; }

    /// <summary>Whether there is a book.</summary>
    public bool Succeeded => Refusals.IsEmpty;

    /// <summary>A book.</summary>
    public static MethodProposal Of(IEnumerable<double> contracts) => new() { Contracts = [.. contracts] };

    /// <summary>No book, and why.</summary>
    public static MethodProposal Refuse(params ImmutableArray<string> reasons) =>
        new() { Contracts = [], Refusals = reasons };
}
