using System.Collections.Immutable;
using Plimsoll.Controls;

namespace Plimsoll.Engine;

/// <summary>From this drawdown of the high-water mark on, solves keep this share of the risk limits.</summary>
public sealed record DrawdownStep(decimal Drawdown, decimal Keep);

/// <summary>How far the margin ratio has gone and how hard is cut then.</summary>
/// <param name="MarginRatio">Maintenance margin over equity from which it holds.</param>
/// <param name="DepthShare">Share of the size at the best price that one order takes.</param>
/// <param name="PriceRoom">Farthest price from the mark, a fraction.</param>
public sealed record CutLine(decimal MarginRatio, decimal DepthShare, decimal PriceRoom);

/// <summary>How orders that are in no hurry rest in the book before they cross.</summary>
public sealed record RestingSettings
{
    /// <summary>Whether they rest at all; otherwise every order is immediate-or-cancel.</summary>
    public bool IsOn { get; init; }

    /// <summary>Whether the venue changes an order that rests; otherwise it is cancelled and another is sent.</summary>
    public bool VenueEdits { get; init; } = true;

    /// <summary>Time at rest after which what is left crosses.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Least time between two messages about one resting order.</summary>
    public TimeSpan EditPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Move of the price, relative, that is not followed.</summary>
    public decimal EditBand { get; init; } = 0.0002m;
}

/// <summary>What the engine is told once; all ratios are fractions. Part of the journal.</summary>
public sealed record EngineSettings
{
    /// <summary>Names the engine in every label; at most 12 letters or digits.</summary>
    public required string EngineId { get; init; }

    /// <summary>The rules of the core that this program writes under.</summary>
    public const int NewestRules = 3;

    /// <summary>
    /// Which rules the core follows: a journal replays under those that it was written under. 1: every refused wish is
    /// a decision, any forced trade stops everything, targets hold as they are until the next solve. 2: every
    /// trade's id is kept for ever, an order whose cancellation was lost is not cancelled again.
    /// </summary>
    public int Rules { get; init; } = NewestRules;

    /// <summary>Limits of the pre-trade controls.</summary>
    public required ControlLimits Controls { get; init; }

    /// <summary>No trade while the position is within this share of the target.</summary>
    public decimal BandShare { get; init; } = 0.10m;

    /// <summary>Nor within so many lots.</summary>
    public int BandLots { get; init; } = 2;

    /// <summary>Share of the size at the best price that one resizing order takes.</summary>
    public decimal DepthShare { get; init; } = 0.25m;

    /// <summary>How ordinary orders rest.</summary>
    public RestingSettings Resting { get; init; } = new();

    /// <summary>Ids of trades are kept so long beyond the last reading of the venue's positions.</summary>
    public TimeSpan TradeMemory { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Life of an order before the venue refuses or cancels it.</summary>
    public TimeSpan OrderLife { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Extra time before a missing order is believed dead.</summary>
    public TimeSpan NotFoundMargin { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Drawdown steps, rising; the last may keep nothing: then positions are only reduced.</summary>
    public ImmutableArray<DrawdownStep> Drawdowns { get; init; } = [];

    /// <summary>Cut lines, rising. Cutting starts at the first and ends at <see cref="CutTarget"/>.</summary>
    public ImmutableArray<CutLine> Cuts { get; init; } =
    [new(0.70m, 0.5m, 0.005m), new(0.80m, 1m, 0.02m), new(0.88m, 2m, 0.08m)];

    /// <summary>Margin ratio at which cutting ends.</summary>
    public decimal CutTarget { get; init; } = 0.60m;

    /// <summary>Least time between two cut orders of one instrument.</summary>
    public TimeSpan CutInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Time between two readings of the venue's truth.</summary>
    public TimeSpan ReconcileInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Longest time without a fresh solve while live.</summary>
    public TimeSpan SolveInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Least time between two solves.</summary>
    public TimeSpan SolvePause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Move of an index since the last solve that asks for another.</summary>
    public decimal IndexTrigger { get; init; } = 0.01m;

    /// <summary>Move of an option's mark volatility, relative, that asks for another.</summary>
    public decimal VolatilityTrigger { get; init; } = 0.10m;

    /// <summary>Oldest input of a solve whose answer still counts.</summary>
    public TimeSpan TargetAge { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>A mark that jumps farther than this waits for a second one that agrees.</summary>
    public decimal SuspectMove { get; init; } = 0.05m;

    /// <summary>Time for which a cause must be gone before a safer mode is left.</summary>
    public TimeSpan HoldTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Largest difference of the clocks at which a valid-until can be trusted.</summary>
    public TimeSpan ClockTrust { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// How much more volatile than the targets' own law a coin may be before its targets are scaled down; a ratio.
    /// </summary>
    public decimal VolatilityRoom { get; init; } = 1.5m;

    /// <summary>Memory of the forecast of volatility.</summary>
    public TimeSpan VolatilityMemory { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// Largest gap between the surface's estimate and the marks, as a share of equity, without a solve.
    /// </summary>
    public decimal SurfaceError { get; init; } = 0.005m;

    /// <summary>Longest time between two questions to the venue's margin simulator; zero: it is never asked.</summary>
    public TimeSpan SimulateInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Place in a queue of auto-deleveraging, 1 the first, from which a leg is near it.</summary>
    public decimal DeleveragingRank { get; init; } = 0.9m;

    /// <summary>Share of its peak to which the insurance fund must have fallen for deleveraging to be near.</summary>
    public decimal DeleveragingFund { get; init; } = 0.7m;

    /// <summary>Time in which nothing is opened in an instrument that the venue has closed.</summary>
    public TimeSpan DeleveragingPause { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Share of a coin's targets that is kept while deleveraging is near.</summary>
    public decimal DeleveragingKeep { get; init; } = 0.5m;
}
