using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Reports;

/// <summary>What an import found, and which files it wrote.</summary>
/// <param name="Market">Null where the input speaks of no prices.</param>
/// <param name="Account">Null where it speaks of no account.</param>
/// <param name="Written">Files written; empty when none was asked for.</param>
/// <param name="Notes">What else is worth knowing.</param>
public sealed record ImportSummary(
    MarketSnapshot? Market,
    Account? Account,
    ImmutableArray<string> Written,
    ImmutableArray<string> Notes
);
