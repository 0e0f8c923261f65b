using System.Collections.Immutable;
using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Tails;

namespace Plimsoll.Sizing;

/// <summary>What a sizing maximises.</summary>
public enum ObjectiveKind
{
    /// <summary>Growth of log wealth at the mandate's Kelly fraction.</summary>
    Growth,

    /// <summary>The cheapest trades after which every limit holds with a margin.</summary>
    Protect,
}

/// <summary>Whether forecasts of tail risk have a say.</summary>
public enum TailModelUse
{
    /// <summary>No.</summary>
    None,

    /// <summary>The default forecaster scales the risk limits, never up.</summary>
    Auto,
}

/// <summary>
/// The policy: objective, horizon, survival, limits, throttles, assumptions and views. All ratios are fractions.
/// </summary>
/// <remarks>
/// Immutable; the defaults are those of the design and stand in docs/mandate.md. Built and checked by
/// <c>MandateRules</c>.
/// </remarks>
public sealed record Mandate
{
    /// <summary>Null: growth when there is a view, historical premium or carry; protect otherwise.</summary>
    public ObjectiveKind? Objective { get; init; }

    /// <summary>c: power utility with relative risk aversion 1/c; in (0, 1].</summary>
    public double KellyFraction { get; init; } = 0.5;

    /// <summary>Time to the next decision.</summary>
    public Years Horizon { get; init; } = Years.FromDays(1);

    /// <summary>Currency in which wealth is counted; null: the account's, or USD.</summary>
    public Currency? HomeCurrency { get; init; }

    /// <summary>
    /// Time over which entry and exit cost is spread; null: to the view's date or the expiry, capped.
    /// </summary>
    public Years? Holding { get; init; }

    /// <summary>Share of history's own premia that counts as edge; 0 by default.</summary>
    public double HistoricalPremium { get; init; }

    /// <summary>Whether expected funding receipts count as edge.</summary>
    public bool Carry { get; init; }

    /// <summary>Whether a forecast of tail risk scales the risk limits.</summary>
    public TailModelUse TailModel { get; init; }

    /// <summary>How coins move together in the law of risk.</summary>
    public DependenceModel Dependence { get; init; }

    /// <summary>Moments ahead of which risk limits tighten.</summary>
    public ImmutableArray<MarketEvent> Events { get; init; } = [];

    /// <summary>How limits tighten ahead of expiries held; null: they do not.</summary>
    public ExpiryAhead? ExpiryAhead { get; init; }

    /// <summary>Whether <c>protect</c> may buy options.</summary>
    public bool AllowBoughtOptions { get; init; }

    /// <summary>
    /// Names or patterns (<c>BTC-*</c>) of instruments that may be traded; empty: all that pass the screen.
    /// </summary>
    public ImmutableArray<string> Candidates { get; init; } = [];

    /// <summary>Collateral coins that may be traded for dollars.</summary>
    public ImmutableArray<string> TradableCollateral { get; init; } = [];

    /// <summary>Survival constraints.</summary>
    public SurvivalLimits Survival { get; init; } = new();

    /// <summary>Limits.</summary>
    public MandateLimits Limits { get; init; } = new();

    /// <summary>What is assumed where the market does not say.</summary>
    public Assumptions Assumptions { get; init; } = new();

    /// <summary>In order of drawdown.</summary>
    public ImmutableArray<Throttle> Throttles { get; init; } = [];

    /// <summary>Named risk units; instruments in none form a group per underlying and expiry.</summary>
    public ImmutableArray<RiskUnit> Groups { get; init; } = [];

    /// <summary>Beliefs.</summary>
    public ImmutableArray<View> Views { get; init; } = [];
}

/// <summary>P(wealth below (1 − Limit) of today's at any decision within the time) ≤ Probability.</summary>
/// <param name="Limit">Fraction of today's wealth that may be lost.</param>
/// <param name="Probability">Allowed probability.</param>
/// <param name="Within">Null means ever, which needs a view.</param>
public sealed record DrawdownLimit(double Limit, double Probability, Years? Within);

/// <summary>Loss in the worst stress or tail scenario, as a fraction of equity.</summary>
/// <param name="Limit">Fraction of equity.</param>
/// <param name="TailLow">Lowest price as a multiple of spot.</param>
/// <param name="TailHigh">Highest price as a multiple of spot.</param>
/// <param name="Unbounded">The book's slope at both ends must not lose.</param>
public sealed record WorstCaseLimit(double Limit, double TailLow, double TailHigh, bool Unbounded);

/// <summary>Expected shortfall at a level, as a fraction of equity.</summary>
public sealed record ExpectedShortfallLimit(double Level, double Limit);

/// <summary>Loss at any moment until the horizon, seen at the bars of each path.</summary>
/// <param name="Limit">Fraction of equity.</param>
/// <param name="Probability">Allowed probability of losing as much at some moment.</param>
public sealed record PathLossLimit(double Limit, double Probability);

/// <summary>Probability of liquidation, and least adverse move of any one underlying.</summary>
/// <param name="Probability">At the horizon.</param>
/// <param name="MinimumDistance">Fraction of the price; null: no such limit.</param>
/// <param name="OnTheWay">Whether the probability holds for every moment until the horizon too.</param>
public sealed record LiquidationLimit(double Probability, double? MinimumDistance, bool OnTheWay = false);

/// <summary>Survival constraints; a null one is absent.</summary>
public sealed record SurvivalLimits
{
    /// <summary>Drawdown over a stated time.</summary>
    public DrawdownLimit? Drawdown { get; init; }

    /// <summary>Worst case.</summary>
    public WorstCaseLimit? WorstCase { get; init; }

    /// <summary>Loss in recorded days and cases of one's own.</summary>
    public NamedStressLimit? Stress { get; init; }

    /// <summary>Expected shortfall.</summary>
    public ExpectedShortfallLimit? ExpectedShortfall { get; init; }

    /// <summary>Loss on the way to the horizon.</summary>
    public PathLossLimit? PathLoss { get; init; }

    /// <summary>Liquidation.</summary>
    public LiquidationLimit? Liquidation { get; init; }

    /// <summary>Whether some limit looks at the bars on the way.</summary>
    public bool LooksAtPaths => PathLoss is not null || Liquidation is { OnTheWay: true };
}

/// <summary>Greeks as fractions of equity, on |value| per underlying and on the sum of absolutes.</summary>
public sealed record GreekLimits(double? Delta, double? Gamma1Pct, double? Vega1Pt, double? Theta1D);

/// <summary>Liquidity: share of daily volume and book depth per trade, days to exit the position.</summary>
public sealed record LiquidityLimits(double? DailyVolume, double? BookDepth, double? ExitDays);

/// <summary>Limits as fractions of equity; a null one is absent.</summary>
public sealed record MandateLimits
{
    /// <summary>Net loss of one risk unit.</summary>
    public double? RiskUnitWorstCase { get; init; }

    /// <summary>Net loss of one underlying.</summary>
    public double? UnderlyingWorstCase { get; init; }

    /// <summary>Loss of one contract's position on its own; ignores hedges.</summary>
    public double? ContractStandaloneWorstCase { get; init; }

    /// <summary>Initial margin per margin pool.</summary>
    public double? InitialMargin { get; init; }

    /// <summary>Greeks.</summary>
    public GreekLimits? Greeks { get; init; }

    /// <summary>Liquidity.</summary>
    public LiquidityLimits? Liquidity { get; init; }
}

/// <summary>Figures used where the market does not say; each one used is listed in the decision.</summary>
/// <param name="BookDepth">Notional on each side of the book, USD.</param>
/// <param name="Funding8h">Fraction for 8 hours.</param>
/// <param name="PerpetualSpread">Full spread as a fraction of price, for perpetuals and futures without quotes.</param>
/// <param name="DailyVolume">Notional traded a day, USD.</param>
/// <param name="Deleveraging">Winning futures that a venue closes in a crash; null: none are closed.</param>
/// <param name="DeleveragedLimits">Limits in which that counts.</param>
/// <param name="BorrowAnnual">Interest a year on a balance below zero, a fraction; null: none.</param>
public sealed record Assumptions(
    NotionalByKind? BookDepth = null,
    double? Funding8h = null,
    double? PerpetualSpread = null,
    NotionalByKind? DailyVolume = null,
    DeleveragingStress? Deleveraging = null,
    DeleveragedLimits DeleveragedLimits = DeleveragedLimits.Liquidation,
    double? BorrowAnnual = null
);

/// <summary>Limits in which gains that winning futures would forgo do not count.</summary>
public enum DeleveragedLimits
{
    /// <summary>Liquidation alone: maintenance against balance.</summary>
    Liquidation,

    /// <summary>Every limit on losses in scenarios too: expected shortfall, worst cases, drawdown.</summary>
    All,
}

/// <summary>
/// From this drawdown of the high-water mark on, risk limits are scaled by Keep; 0 means reduce only.
/// </summary>
public sealed record Throttle(double Drawdown, double Keep);

/// <summary>A named risk unit: instruments by name or pattern.</summary>
public sealed record RiskUnit(string Name, ImmutableArray<string> Members);
