using System.Collections.Immutable;

namespace Plimsoll.Markets;

/// <summary>How a subaccount is margined; Deribit's four models.</summary>
public enum MarginMode
{
    /// <summary><c>segregated_sm</c>: standard margin, one wallet per settlement currency.</summary>
    SegregatedStandard,

    /// <summary><c>segregated_pm</c>: portfolio margin, one wallet per settlement currency.</summary>
    SegregatedPortfolio,

    /// <summary><c>cross_sm</c>: standard margin, all currencies in one pool.</summary>
    CrossStandard,

    /// <summary><c>cross_pm</c>: portfolio margin, all currencies in one pool.</summary>
    CrossPortfolio,
}

/// <summary>
/// Cash of one currency: deposits and realised gains, without option value and unrealised futures gains.
/// </summary>
public sealed record Balance(Currency Currency, decimal Amount);

/// <summary>A held position.</summary>
/// <param name="Instrument">The venue's name.</param>
/// <param name="Contracts">Signed: short is negative.</param>
/// <param name="EntryPrice">
/// Average entry in the instrument's price unit; for futures the unrealised gain since entry is part of equity. Null:
/// marked to market already, nothing unrealised.
/// </param>
public sealed record Position(string Instrument, decimal Contracts, decimal? EntryPrice)
{
    /// <summary>The leverage set for it where a venue has such a setting; null: the venue's largest.</summary>
    public decimal? Leverage { get; init; }

    /// <summary>
    /// Margin set aside for it alone, settlement currency, beside the account's cash; null: it shares the pool's.
    /// </summary>
    public decimal? IsolatedMargin { get; init; }
}

/// <summary>Side of an order.</summary>
public enum Side
{
    /// <summary>Adds contracts.</summary>
    Buy,

    /// <summary>Removes contracts.</summary>
    Sell,
}

/// <summary>An order that rests at the venue.</summary>
public sealed record OpenOrder(
    string Id,
    string Instrument,
    Side Side,
    decimal Contracts,
    decimal LimitPrice,
    bool ReduceOnly
);

/// <summary>A venue's margin figures in a file of their own: in the venue's words or in those of data/venues.</summary>
/// <param name="Name">The file as it was named.</param>
/// <param name="Text">All of it.</param>
public sealed record MarginFile(string Name, string Text);

/// <summary>One account at one venue with its own margin.</summary>
public sealed record Subaccount
{
    /// <summary>Unique among the account's subaccounts.</summary>
    public required string Name { get; init; }

    /// <summary>The venue's key.</summary>
    public required string Venue { get; init; }

    /// <summary>Margin model.</summary>
    public required MarginMode MarginMode { get; init; }

    /// <summary>Key of the margin model in place of the venue's own for the mode; null: the venue's own.</summary>
    public string? MarginModel { get; init; }

    /// <summary>
    /// Whether it is one position with the margin set aside for it alone (<see cref="IsolatedPositions.Apart"/>).
    /// </summary>
    public bool IsIsolated { get; init; }

    /// <summary>Figures of the margin model in place of the shipped ones; null: the shipped ones.</summary>
    public MarginFile? MarginParameters { get; init; }

    /// <summary>Cash by currency; a currency stands once.</summary>
    public required ImmutableArray<Balance> Balances { get; init; }

    /// <summary>Positions; an instrument stands once.</summary>
    public ImmutableArray<Position> Positions { get; init; } = [];

    /// <summary>Resting orders.</summary>
    public ImmutableArray<OpenOrder> OpenOrders { get; init; } = [];
}

/// <summary>Everything one owner holds, over all venues.</summary>
public sealed record Account
{
    /// <summary>The currency in which wealth is counted, if the account states it (the mandate may too).</summary>
    public Currency? HomeCurrency { get; init; }

    /// <summary>Highest equity so far, in the home currency; null: unknown, taken as today's.</summary>
    public decimal? HighWaterMark { get; init; }

    /// <summary>At least one.</summary>
    public required ImmutableArray<Subaccount> Subaccounts { get; init; }
}
