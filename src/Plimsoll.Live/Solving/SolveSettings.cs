using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Methods;
using Plimsoll.Sizing;

namespace Plimsoll.Live;

/// <summary>A sizing method with its parameters.</summary>
public sealed record SolveMethod(ISizingMethod Method, MethodSettings Settings);

/// <summary>All that a solve depends on besides the engine's state.</summary>
public sealed record SolveSettings
{
    /// <summary>Policy.</summary>
    public required Mandate Mandate { get; init; }

    /// <summary>Method in place of the mandate's objective; null: growth or protect.</summary>
    public SolveMethod? Method { get; init; }

    /// <summary>Name of the account.</summary>
    public required string Account { get; init; }

    /// <summary>The venue's key.</summary>
    public required string Venue { get; init; }

    /// <summary>How the account is margined.</summary>
    public required MarginMode MarginMode { get; init; }

    /// <summary>Bars; empty: the dated embedded model.</summary>
    public ImmutableArray<PriceHistory> Histories { get; init; } = [];

    /// <summary>Scenarios.</summary>
    public int Scenarios { get; init; } = 10_000;

    /// <summary>Seed.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Threads; the answer does not depend on it.</summary>
    public int Threads { get; init; } = 1;
}
