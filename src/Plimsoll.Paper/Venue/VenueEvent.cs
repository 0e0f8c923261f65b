using Plimsoll.Markets;

namespace Plimsoll.Paper;

/// <summary>Something that happened at the venue, in the order in which it happened.</summary>
public abstract record VenueEvent;

/// <summary>The book changed; <paramref name="PreviousId"/> is the id of the change before it.</summary>
public sealed record BookChanged(ListedInstrument Listed, IReadOnlyList<LevelChange> Changes, long Id, long PreviousId)
    : VenueEvent;

/// <summary>A trade, as everyone sees it.</summary>
public sealed record Traded(Trade Trade) : VenueEvent;

/// <summary>A client's order changed; the order is a copy.</summary>
public sealed record OrderChanged(PaperAccount Account, Order Order) : VenueEvent;

/// <summary>A client's order was filled in part or whole.</summary>
public sealed record Filled(PaperAccount Account, Fill Fill) : VenueEvent;

/// <summary>Cash, margin or positions of a client's wallet changed.</summary>
public sealed record PortfolioChanged(PaperAccount Account, Currency Currency) : VenueEvent;

/// <summary>The venue took control of a wallet, or gave it back; its figures are those of that moment.</summary>
public sealed record LockChanged(PaperAccount Account, WalletFigures Wallet, bool IsLocked) : VenueEvent
{
    /// <summary>Of the wallet.</summary>
    public Currency Currency => Wallet.Currency;
}

/// <summary>Marks, index or statistics of every instrument moved.</summary>
public sealed record MarketMoved(long AtMs) : VenueEvent;

/// <summary>A book opened, paused or closed, or an instrument was listed.</summary>
public sealed record InstrumentChanged(ListedInstrument Listed, string State) : VenueEvent;

/// <summary>A position was closed against a ranked counterparty at the bankruptcy price of a liquidated one.</summary>
/// <param name="Liquidated">Whose position it was.</param>
/// <param name="Counterparty">Onto whom it was moved.</param>
/// <param name="Listed">Contract.</param>
/// <param name="Amount">Change of the liquidated one's position, signed; the counterparty's is the opposite.</param>
/// <param name="Price">At which.</param>
public sealed record Deleveraged(
    PaperAccount Liquidated,
    PaperAccount Counterparty,
    ListedInstrument Listed,
    decimal Amount,
    decimal Price
) : VenueEvent;

/// <summary>The fund paid what a liquidated wallet could not.</summary>
public sealed record FundPaid(PaperAccount Account, Currency Currency, decimal Paid, decimal Left) : VenueEvent;
