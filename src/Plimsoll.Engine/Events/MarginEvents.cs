using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Engine;

/// <summary>Margin of one pool as a venue states it.</summary>
/// <param name="Currency">Unit: that of a wallet, or USD for a whole account.</param>
/// <param name="Initial">Initial margin.</param>
/// <param name="Maintenance">Maintenance margin.</param>
public sealed record StatedPool(Currency Currency, decimal Initial, decimal Maintenance);

/// <summary>What the venue's own simulator answered about a book.</summary>
/// <param name="AskedAt">Sequence of the event whose effect asked.</param>
/// <param name="Pools">Its figures; empty where there is no answer.</param>
/// <param name="Reason">Why there is none; empty where there is one.</param>
public sealed record MarginStated(ulong AskedAt, ImmutableArray<StatedPool> Pools, string Reason) : EngineEvent;

/// <summary>A model's figures of one pool beside the venue's, in the venue's unit.</summary>
/// <param name="Model">Key of the model.</param>
/// <param name="Pool">Name of the pool.</param>
/// <param name="Currency">Unit.</param>
/// <param name="Initial">The model's initial margin.</param>
/// <param name="StatedInitial">The venue's.</param>
/// <param name="Maintenance">The model's maintenance margin.</param>
/// <param name="StatedMaintenance">The venue's.</param>
/// <param name="Shortfall">
/// Share by which the venue asks more, at least 0; null: the model asks nothing where the venue asks something.
/// </param>
public sealed record ComparedMargin(
    string Model,
    string Pool,
    Currency Currency,
    decimal Initial,
    decimal StatedInitial,
    decimal Maintenance,
    decimal StatedMaintenance,
    decimal? Shortfall
);

/// <summary>The models against what the venue's simulator stated of the same book.</summary>
/// <param name="AskedAt">Sequence of the event whose effect asked the venue.</param>
/// <param name="Errors">One for each pool that both know.</param>
/// <param name="Reason">Why something could not be compared; empty where all was.</param>
public sealed record MarginCompared(ulong AskedAt, ImmutableArray<ComparedMargin> Errors, string Reason) : EngineEvent;
