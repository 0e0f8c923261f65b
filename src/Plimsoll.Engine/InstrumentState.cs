using Plimsoll.Controls;
using Plimsoll.Markets;

namespace Plimsoll.Engine;

/// <summary>What is known of one instrument: terms, market, position, orders, target.</summary>
sealed class InstrumentState(Instrument terms)
{
    public Instrument Terms { get; set; } = terms;

    /// <summary>Last mark that was believed.</summary>
    public Observed<decimal>? Mark { get; set; }

    /// <summary>A mark too far from the last one, waiting for a second that agrees.</summary>
    public Observed<decimal>? Suspect { get; set; }

    public Observed<decimal>? IndexUsd { get; set; }

    public Observed<TopOfBook>? Top { get; set; }

    public decimal BidContracts { get; set; }

    public decimal AskContracts { get; set; }

    public decimal? MarkVolatility { get; set; }

    public decimal? ForwardUsd { get; set; }

    public decimal? Funding8h { get; set; }

    public decimal? DailyVolumeContracts { get; set; }

    public decimal? OpenInterestContracts { get; set; }

    /// <summary>Contracts by the venue's last reading and the trades since.</summary>
    public decimal Position { get; set; }

    /// <summary>When the position was last confirmed by the venue; null before the first reading.</summary>
    public DateTimeOffset? PositionAt { get; set; }

    public TargetContracts? Target { get; set; }

    /// <summary>Orders sent or refused lately, oldest first.</summary>
    public List<RecentOrder> Recent { get; } = [];

    public DateTimeOffset? LastCutAt { get; set; }

    /// <summary>
    /// Times in a row that a cut found nobody to trade with, so that the next one goes farther; below 0: times that the
    /// venue refused its price, so that the next one comes nearer.
    /// </summary>
    public int CutMisses { get; set; }

    /// <summary>Times in a row that a resizing order found nobody, so that the next one goes farther.</summary>
    public int ResizeMisses { get; set; }

    /// <summary>Since when the way to the target is sought at rest; null: it is not.</summary>
    public DateTimeOffset? RestingSince { get; set; }

    /// <summary>When the last message about a resting order left.</summary>
    public DateTimeOffset? RestedAt { get; set; }

    /// <summary>The last refusal that was put down as a decision; null once an order went out.</summary>
    public string? Refusal { get; set; }

    /// <summary>Whether the target is a hedge to be taken back at once, by a cut.</summary>
    public bool IsOwed { get; set; }

    /// <summary>When the venue last closed contracts here; null: never.</summary>
    public DateTimeOffset? DeleveragedAt { get; set; }

    /// <summary>Average entry price by the venue's last reading; null: not told.</summary>
    public decimal? EntryPrice { get; set; }

    /// <summary>Place in the queue of auto-deleveraging as the venue tells it; null: not told.</summary>
    public decimal? VenueRank { get; set; }

    /// <summary>Insurance fund, USD; null: not told.</summary>
    public decimal? FundUsd { get; set; }

    /// <summary>Its peak of late.</summary>
    public decimal? FundPeakUsd { get; set; }

    /// <summary>When that was.</summary>
    public DateTimeOffset? FundPeakAt { get; set; }

    /// <summary>Prices that the targets were made at; null where they were not known.</summary>
    public SurfaceBase? Base { get; set; }

    /// <summary>USD that one contract stands for; null without an index.</summary>
    public decimal? ContractUsd => IndexUsd is { } index ? Notional.PerContractUsd(Terms, index.Value) : null;
}

/// <summary>Prices of one instrument at a solve.</summary>
/// <param name="IndexUsd">Index.</param>
/// <param name="Mark">Mark, in the instrument's unit.</param>
/// <param name="Volatility">Mark volatility; null for what is no option.</param>
sealed record SurfaceBase(decimal IndexUsd, decimal Mark, decimal? Volatility);
