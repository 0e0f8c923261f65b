using System.Collections.Immutable;
using Plimsoll.Controls;
using Plimsoll.Markets;

namespace Plimsoll.Engine;

/// <summary>Everything that the engine can learn; it learns nothing in any other way.</summary>
/// <remarks>A closed family; each is a value and is written to the journal before it is applied.</remarks>
public abstract record EngineEvent
{
    private protected EngineEvent() { }
}

/// <summary>An event with its place in the order of all events and the sequencer's time.</summary>
/// <param name="Sequence">Plus one each, from 1.</param>
/// <param name="At">UTC; never falls.</param>
/// <param name="Event">What happened.</param>
public readonly record struct Sequenced(ulong Sequence, DateTimeOffset At, EngineEvent Event);

/// <summary>Settings and contract terms; the first event, and again whenever either changes.</summary>
public sealed record Configured(EngineSettings Settings, ImmutableArray<Instrument> Instruments) : EngineEvent;

/// <summary>A logical tick: what depends on the time alone is looked at again.</summary>
public sealed record TimePassed : EngineEvent;

/// <summary>The venue's figures of one instrument; a missing one is null.</summary>
/// <param name="Instrument">Name.</param>
/// <param name="Mark">In the instrument's unit.</param>
/// <param name="IndexUsd">USD per coin.</param>
/// <param name="Top">Best bid and ask.</param>
/// <param name="BidContracts">Contracts at the best bid.</param>
/// <param name="AskContracts">Contracts at the best ask.</param>
/// <param name="MarkVolatility">Options: the venue's mark volatility, a fraction a year.</param>
/// <param name="ForwardUsd">Options: the venue's forward of their expiry, USD per coin.</param>
/// <param name="Funding8h">Perpetuals: funding of 8 hours, a fraction; positive means longs pay.</param>
/// <param name="DailyVolumeContracts">Contracts traded in 24 hours.</param>
/// <param name="OpenInterestContracts">Open contracts.</param>
public sealed record TickerSeen(
    string Instrument,
    decimal? Mark,
    decimal? IndexUsd,
    TopOfBook Top,
    decimal? BidContracts,
    decimal? AskContracts,
    decimal? MarkVolatility,
    decimal? ForwardUsd = null,
    decimal? Funding8h = null,
    decimal? DailyVolumeContracts = null,
    decimal? OpenInterestContracts = null
) : EngineEvent;

/// <summary>The venue's figures of the account.</summary>
/// <param name="EquityUsd">Equity, USD.</param>
/// <param name="InitialMarginUsd">Initial margin, USD.</param>
/// <param name="MaintenanceMarginUsd">Maintenance margin, USD.</param>
/// <param name="Equities">
/// The same equity by currency, each in its own units, value of options and open gains included; empty or default: not
/// told, and all of it counts as dollars.
/// </param>
public sealed record AccountSeen(
    decimal EquityUsd,
    decimal InitialMarginUsd,
    decimal MaintenanceMarginUsd,
    ImmutableArray<Balance> Equities = default
) : EngineEvent;

/// <summary>A solve found no answer; the targets before stay until they are too old.</summary>
/// <param name="InputSequence">Sequence at which its input was taken.</param>
/// <param name="InputDigest">Digest of the state then.</param>
/// <param name="Reason">What was missing or went wrong.</param>
public sealed record SolveFailed(ulong InputSequence, string InputDigest, string Reason) : EngineEvent;

/// <summary>A person ends the process: orders are cancelled, nothing is opened any more.</summary>
public sealed record Stopped(string Why) : EngineEvent;

/// <summary>A process took up this journal: sessions, answers and arming of the one before are gone.</summary>
/// <param name="Version">Program version.</param>
public sealed record Started(string Version) : EngineEvent;

/// <summary>How an order stands at the venue.</summary>
public enum VenueOrderStatus
{
    /// <summary>Resting, perhaps partly filled.</summary>
    Open = 0,

    /// <summary>Wholly filled.</summary>
    Filled = 1,

    /// <summary>Cancelled, perhaps partly filled before.</summary>
    Cancelled = 2,

    /// <summary>Refused; nothing was filled.</summary>
    Rejected = 3,
}

/// <summary>The venue's report of one order, pushed or read back; the filled amount is cumulative.</summary>
/// <param name="Label">Ours.</param>
/// <param name="Status">How it stands.</param>
/// <param name="FilledContracts">So far.</param>
/// <param name="Reason">Why it ended, in the venue's words.</param>
/// <param name="Refusal">Why it was rejected; none for any other status.</param>
/// <param name="Contracts">Its whole size at the venue, what is filled included; null: not told.</param>
/// <param name="LimitPrice">Its price there; null: not told.</param>
public sealed record OrderSeen(
    string Label,
    VenueOrderStatus Status,
    decimal FilledContracts,
    string Reason,
    RefusalKind Refusal = RefusalKind.None,
    decimal? Contracts = null,
    decimal? LimitPrice = null
) : EngineEvent;

/// <summary>The venue knows no order of this label (an answer to a read).</summary>
public sealed record OrderNotFound(string Label) : EngineEvent;

/// <summary>A request failed. Ambiguous: nobody knows whether the venue took it.</summary>
/// <param name="Label">Of the order.</param>
/// <param name="IsAmbiguous">Whether it may have been taken all the same.</param>
/// <param name="Reason">In the venue's words.</param>
/// <param name="Refusal">The same as a kind.</param>
public sealed record SendFailed(string Label, bool IsAmbiguous, string Reason, RefusalKind Refusal = RefusalKind.Other)
    : EngineEvent;

/// <summary>A trade of the account.</summary>
/// <param name="TradeId">The venue's id; a trade is booked once whatever is reported how often.</param>
/// <param name="Label">Of our order; null when it was not ours (another client, a liquidation).</param>
/// <param name="Instrument">Name.</param>
/// <param name="Side">Bought or sold.</param>
/// <param name="Contracts">Positive.</param>
/// <param name="Price">In the instrument's unit.</param>
/// <param name="IsForced">Whether the venue liquidates this account.</param>
/// <param name="IsDeleveraging">Whether the venue closed it to cover another's failure (auto-deleveraging).</param>
/// <param name="VenueAt">The venue's time of it; null: not told.</param>
public sealed record FillSeen(
    string TradeId,
    string? Label,
    string Instrument,
    Side Side,
    decimal Contracts,
    decimal Price,
    bool IsForced,
    bool IsDeleveraging = false,
    DateTimeOffset? VenueAt = null
) : EngineEvent;

/// <summary>An order as the venue lists it.</summary>
public sealed record ListedOrder(
    string Label,
    string Instrument,
    Side Side,
    decimal Remaining,
    decimal LimitPrice,
    bool ReduceOnly
);

/// <summary>Positions, orders and trades of the venue as they were at one moment after it was asked.</summary>
/// <param name="AskedAt">Sequence of the event whose effect asked for it.</param>
/// <param name="Positions">All; an instrument that is absent holds nothing.</param>
/// <param name="Orders">All that rest.</param>
/// <param name="Trades">At least all trades since the reading before that the positions count.</param>
public sealed record ReconcileSeen(
    ulong AskedAt,
    ImmutableArray<Position> Positions,
    ImmutableArray<ListedOrder> Orders,
    ImmutableArray<FillSeen> Trades
) : EngineEvent;

/// <summary>Market data and account session are up.</summary>
public sealed record SessionUp : EngineEvent;

/// <summary>The session is gone.</summary>
public sealed record SessionDown(string Reason) : EngineEvent;

/// <summary>The venue's clock less ours.</summary>
public sealed record ClockOffsetSeen(TimeSpan Offset) : EngineEvent;

/// <summary>A person lets the engine trade.</summary>
public sealed record Armed(string Who, string Why) : EngineEvent;

/// <summary>A person stops openings.</summary>
public sealed record ReduceOnlyAsked(string Who, string Why) : EngineEvent;

/// <summary>A person stops everything: all orders are cancelled and, if asked, all positions closed.</summary>
public sealed record Killed(string Who, string Why, bool Flatten) : EngineEvent;

/// <summary>What a venue says of how near auto-deleveraging is; a missing figure is null.</summary>
/// <param name="Instrument">Name.</param>
/// <param name="Rank">Place of the account's position in the queue, 1 the first to go, 0 the last.</param>
/// <param name="InsuranceFundUsd">What is left of the fund that stands before it, USD.</param>
public sealed record DeleveragingSeen(string Instrument, decimal? Rank, decimal? InsuranceFundUsd) : EngineEvent;
