using System.Collections.Immutable;
using Plimsoll.Margin;
using Plimsoll.Markets;

namespace Plimsoll.Sizing;

/// <summary>Everything a decision depends on; the same input gives the same bytes out.</summary>
public sealed record SizingInput
{
    /// <summary>Cleaned market.</summary>
    public required MarketSnapshot Market { get; init; }

    /// <summary>Account.</summary>
    public required Account Account { get; init; }

    /// <summary>Policy and views.</summary>
    public required Mandate Mandate { get; init; }

    /// <summary>Bars; empty: the dated embedded model.</summary>
    public ImmutableArray<PriceHistory> Histories { get; init; } = [];

    /// <summary>Scenarios to draw; at least 1,000.</summary>
    public int Scenarios { get; init; } = 10_000;

    /// <summary>
    /// Scenarios that are kept of those drawn, tails and means intact; null, or no fewer than are drawn: all.
    /// </summary>
    public int? KeptScenarios { get; init; }

    /// <summary>Seed of every random draw.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Multiplies the scenarios' volatility (1 by default; for what-if).</summary>
    public double VolatilityMultiplier { get; init; } = 1;

    /// <summary>By how much each margin model was seen to ask too little: what it asks is widened so.</summary>
    public MarginWidening MarginWidening { get; init; } = MarginWidening.None;

    /// <summary>
    /// Whether the answer is explained and proved by solving again: ranges of targets as confidence moves, conflicts
    /// and relaxations of limits, the proof of whole lots. Without it every limit and figure is as exact, and whole
    /// lots are those of the search, which may be second best.
    /// </summary>
    public bool Explain { get; init; } = true;

    /// <summary>Keeps surfaces and scenarios from one run to the next; null: each run makes its own.</summary>
    public IMarketStore? Store { get; init; }

    /// <summary>Threads to use; the answer does not depend on it.</summary>
    public int Threads { get; init; } = 2;

    /// <summary>
    /// The currency in which wealth is counted: the mandate's or the account's, which must agree; else USD.
    /// </summary>
    public Currency Home => Mandate.HomeCurrency ?? Account.HomeCurrency ?? Currency.Usd;
}
