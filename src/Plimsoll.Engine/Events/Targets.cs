using System.Collections.Immutable;

namespace Plimsoll.Engine;

/// <summary>What one contract adds to the account's risk, at the prices of a solve; USD.</summary>
/// <param name="DeltaUsd">Gain per unit of simple return of the index.</param>
/// <param name="Gamma1PctUsd">Change of that delta for a move of 1%.</param>
/// <param name="Vega1PtUsd">Gain for one point of implied volatility.</param>
public sealed record ContractRisk(decimal DeltaUsd, decimal Gamma1PctUsd, decimal Vega1PtUsd);

/// <summary>What a solve wants of one instrument.</summary>
/// <param name="Instrument">Name.</param>
/// <param name="Contracts">To hold, signed whole lots.</param>
/// <param name="MaintenanceUsd">Maintenance margin that one contract less releases, USD; null: not known.</param>
/// <param name="ExitCostUsd">Cost of trading one contract now, USD; null: not known.</param>
/// <param name="Binding">The limit that stopped it, in words; empty for none.</param>
/// <param name="Risk">Greeks of one contract; null: not known.</param>
/// <param name="DeleveragingRank">
/// Estimated place in the venue's queue of auto-deleveraging, 1 the first to go; null: no estimate.
/// </param>
public sealed record TargetContracts(
    string Instrument,
    decimal Contracts,
    decimal? MaintenanceUsd,
    decimal? ExitCostUsd,
    string Binding,
    ContractRisk? Risk = null,
    decimal? DeleveragingRank = null
);

/// <summary>Volatility that the scenarios of a solve give a coin.</summary>
/// <param name="Underlying">Coin.</param>
/// <param name="Annual">Fraction a year.</param>
public sealed record CoinVolatility(string Underlying, decimal Annual);

/// <summary>The answer of a solve that ran outside, with the input that it was made from.</summary>
/// <param name="InputSequence">Sequence at which its input was taken.</param>
/// <param name="InputDigest">Digest of the state then; an answer to another input is dropped.</param>
/// <param name="Targets">Wanted positions.</param>
/// <param name="Volatilities">Of the law that they were made under; empty: not told.</param>
/// <param name="FromHoldings">
/// Whether they start from what is held, so that holdings that were scaled down once are not scaled down again.
/// </param>
public sealed record TargetsReady(
    ulong InputSequence,
    string InputDigest,
    ImmutableArray<TargetContracts> Targets,
    ImmutableArray<CoinVolatility> Volatilities = default,
    bool FromHoldings = false
) : EngineEvent;
