using System.Collections.Immutable;
using Plimsoll.Controls;
using Plimsoll.Markets;

namespace Plimsoll.Engine;

/// <summary>What the engine knows of one instrument, to be read by others.</summary>
/// <param name="Terms">Contract terms.</param>
/// <param name="Mark">Last mark that was believed, in the instrument's unit.</param>
/// <param name="MarkAt">When.</param>
/// <param name="IndexUsd">USD per coin.</param>
/// <param name="Top">Best bid and ask.</param>
/// <param name="BidContracts">At the best bid; 0 where not told.</param>
/// <param name="AskContracts">At the best ask; 0 where not told.</param>
/// <param name="MarkVolatility">Fraction a year; options.</param>
/// <param name="ForwardUsd">USD per coin; options.</param>
/// <param name="Funding8h">Fraction; perpetuals.</param>
/// <param name="DailyVolumeContracts">Of 24 hours.</param>
/// <param name="OpenInterestContracts">Open contracts.</param>
/// <param name="Position">Contracts, signed.</param>
/// <param name="Target">What the last solve wants; null for nothing to say.</param>
/// <param name="EntryPrice">Average entry price; null: not told.</param>
public sealed record InstrumentView(
    Instrument Terms,
    decimal? Mark,
    DateTimeOffset? MarkAt,
    decimal? IndexUsd,
    TopOfBook? Top,
    decimal BidContracts,
    decimal AskContracts,
    decimal? MarkVolatility,
    decimal? ForwardUsd,
    decimal? Funding8h,
    decimal? DailyVolumeContracts,
    decimal? OpenInterestContracts,
    decimal Position,
    TargetContracts? Target,
    decimal? EntryPrice = null
);

/// <summary>One order of ours that may be alive.</summary>
public sealed record OrderView(OrderIntent Intent, OrderPhase Phase, decimal Filled);

/// <summary>A state as it was at one moment, detached from it: solves, status and surface are made of it.</summary>
public sealed record EngineView
{
    /// <summary>Sequence of its last event.</summary>
    public required ulong Sequence { get; init; }

    /// <summary>Time of its last event.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Mode.</summary>
    public required EngineMode Mode { get; init; }

    /// <summary>Why it may not do more.</summary>
    public required string ModeCause { get; init; }

    /// <summary>Whether a person let it trade.</summary>
    public required bool IsArmed { get; init; }

    /// <summary>Whether the session is up.</summary>
    public required bool SessionIsUp { get; init; }

    /// <summary>Equity, USD; null before the first figures.</summary>
    public required decimal? EquityUsd { get; init; }

    /// <summary>Equity by currency in its own units; empty where not told.</summary>
    public required ImmutableArray<Balance> Equities { get; init; }

    /// <summary>Initial margin, USD.</summary>
    public required decimal InitialMarginUsd { get; init; }

    /// <summary>Maintenance margin, USD.</summary>
    public required decimal MaintenanceMarginUsd { get; init; }

    /// <summary>Maintenance margin over equity; null when not known.</summary>
    public required decimal? MarginRatio { get; init; }

    /// <summary>Highest equity so far, USD; 0 before the first figures.</summary>
    public required decimal HighWaterUsd { get; init; }

    /// <summary>Fall from it, a fraction.</summary>
    public required decimal Drawdown { get; init; }

    /// <summary>Share of the risk limits that the drawdown keeps.</summary>
    public required decimal Keep { get; init; }

    /// <summary>When the venue's truth was last read.</summary>
    public required DateTimeOffset? ReconciledAt { get; init; }

    /// <summary>What the venue's margin simulator showed of the models.</summary>
    public required MarginCheckView MarginCheck { get; init; }

    /// <summary>Time of the input of the targets; null without any.</summary>
    public required DateTimeOffset? TargetsAt { get; init; }

    /// <summary>The account's risk by coin, in order of name.</summary>
    public required ImmutableArray<CoinRisk> Coins { get; init; }

    /// <summary>Instruments in order of name.</summary>
    public required ImmutableArray<InstrumentView> Instruments { get; init; }

    /// <summary>Orders that may be alive, in order of label.</summary>
    public required ImmutableArray<OrderView> Orders { get; init; }

    /// <summary>The state as it is now.</summary>
    public static EngineView Of(EngineState state) =>
        new()
        {
            Sequence = state.Sequence,
            Now = state.Now,
            Mode = state.Mode,
            ModeCause = state.ModeCause,
            IsArmed = state.IsArmed,
            SessionIsUp = state.SessionIsUp,
            EquityUsd = state.EquityUsd,
            Equities = state.Equities,
            InitialMarginUsd = state.InitialMarginUsd,
            MaintenanceMarginUsd = state.MaintenanceMarginUsd,
            MarginRatio = state.MarginRatio,
            HighWaterUsd = state.HighWaterUsd,
            Drawdown = state.Drawdown,
            Keep = state.Keep,
            ReconciledAt = state.ReconciledAt,
            MarginCheck = MarginCheckView.Of(state.MarginCheck),
            TargetsAt = state.TargetsAt,
            Coins = RiskSurface.Of(state),
            Instruments = [.. state.Instruments.Values.Select(Of)],
            Orders =
            [
                .. state
                    .Orders.Values.Where(order => order.IsAlive)
                    .Select(order => new OrderView(order.Intent, order.Phase, order.Filled)),
            ],
        };

    static InstrumentView Of(InstrumentState own) =>
        new(
            own.Terms,
            own.Mark?.Value,
            own.Mark?.At,
            own.IndexUsd?.Value,
            own.Top?.Value,
            own.BidContracts,
            own.AskContracts,
            own.MarkVolatility,
            own.ForwardUsd,
            own.Funding8h,
            own.DailyVolumeContracts,
            own.OpenInterestContracts,
            own.Position,
            own.Target,
            own.EntryPrice
        );
}
