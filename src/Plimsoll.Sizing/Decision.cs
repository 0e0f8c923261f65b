using System.Collections.Immutable;
using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Risk;

namespace Plimsoll.Sizing;

/// <summary>The three ends of a sizing.</summary>
public enum DecisionStatus
{
    /// <summary>Every limit holds on the whole-lot book.</summary>
    Sized,

    /// <summary>No book meets all limits; the targets are the least-violating trades.</summary>
    Infeasible,

    /// <summary>Something needed is missing or stale: see <see cref="Decision.Missing"/>; no targets.</summary>
    Undetermined,
}

/// <summary>One line of the answer: what to hold of an instrument, the trade to get there, and why.</summary>
/// <param name="Instrument">The venue's name.</param>
/// <param name="Subaccount">Where it is held.</param>
/// <param name="Current">Contracts held now, signed.</param>
/// <param name="Target">Contracts to hold, signed, whole lots.</param>
/// <param name="Continuous">The continuous optimum.</param>
/// <param name="Trade">Target − Current.</param>
/// <param name="OrderAmount">Absolute amount in the venue's own order field; 0 without a trade.</param>
/// <param name="OrderAmountUnit">Its unit.</param>
/// <param name="Price">Limit price in the instrument's unit at which the cost was reckoned; null without a
/// trade.</param>
/// <param name="Step">1-based place in the order of trades; 0 without a trade.</param>
/// <param name="Combination">Name shared by legs to be done together; null otherwise.</param>
/// <param name="TargetRange">Least and most target as each view's confidence moves by ten points; null without
/// views.</param>
/// <param name="Reasons">Plain words.</param>
public sealed record TargetLine(
    string Instrument,
    string Subaccount,
    decimal Current,
    decimal Target,
    double Continuous,
    decimal Trade,
    decimal OrderAmount,
    string OrderAmountUnit,
    decimal? Price,
    int Step,
    string? Combination,
    (double Least, double Most)? TargetRange,
    ImmutableArray<string> Reasons
);

/// <summary>State of one limit of the mandate on the whole-lot book.</summary>
/// <param name="Name">The mandate's key path with its scope: <c>limits.risk-unit-worst-case[BTC-25DEC26]</c>.</param>
/// <param name="Limit">In its own unit (fractions of equity where the mandate states fractions).</param>
/// <param name="Value">After the trades.</param>
/// <param name="ValueBefore">Before them.</param>
/// <param name="Binding">Met with equality by the continuous optimum.</param>
/// <param name="ShadowPrice">Gain in log growth per horizon for one more unit of the limit.</param>
/// <param name="CollateralShare">How much of the limit the collateral alone uses, where that has a meaning.</param>
/// <param name="Words">The same in plain words.</param>
public sealed record LimitLine(
    string Name,
    double Limit,
    double Value,
    double ValueBefore,
    bool Binding,
    double ShadowPrice,
    double? CollateralShare,
    string Words
);

/// <summary>A trade that was nearly made.</summary>
public sealed record RunnerUp(string Instrument, Side Side, double GainPerHorizon, string Why);

/// <summary>An order that should be cancelled first.</summary>
public sealed record OrderAdvice(string OrderId, string Instrument, bool Cancel, string Why);

/// <summary>A view as it was used.</summary>
/// <param name="Text">The view.</param>
/// <param name="Prior">What the law of risk says of it: a probability, drift or volatility.</param>
/// <param name="Stated">What the view says.</param>
/// <param name="Posterior">After mixing by confidence and with the other views.</param>
/// <param name="Induced">Other moves that the view brings along, in words.</param>
public sealed record ViewLine(
    string Text,
    double Prior,
    double Stated,
    double Posterior,
    ImmutableArray<string> Induced
);

/// <summary>Proof of optimality.</summary>
/// <param name="RelativeGap">Gap over (objective − objective without trade).</param>
/// <param name="AbsoluteGap">In log growth per horizon.</param>
/// <param name="MaximumViolation">On each limit's own scale, continuous optimum.</param>
/// <param name="Iterations">Newton steps.</param>
/// <param name="BestExcludedGain">
/// The most that one instrument left out by number could add to the objective, at the solution's prices and after its
/// costs; null: none was left out, or there is no optimum to price it at.
/// </param>
/// <param name="LotLoss">Objective lost by whole lots against the continuous optimum.</param>
/// <param name="LotsExact">Whether the lot search proved its answer best.</param>
/// <param name="BestExcluded">That instrument; null where none would add anything.</param>
public sealed record Certificate(
    double RelativeGap,
    double AbsoluteGap,
    double MaximumViolation,
    int Iterations,
    double? BestExcludedGain,
    double LotLoss,
    bool LotsExact,
    string? BestExcluded = null
)
{
    /// <summary>
    /// Of the solver of the sizing method whose book is aimed at; null where the objective is the mandate's own.
    /// </summary>
    public MethodCertificate? Method { get; init; }
}

/// <summary>How a method's own solver ended; all zero where a formula needs none.</summary>
/// <param name="Iterations">Steps.</param>
/// <param name="Residual">Largest relative violation of the optimality conditions.</param>
/// <param name="Gap">Bound on the objective's distance to its optimum, in the objective's unit.</param>
public readonly record struct MethodCertificate(int Iterations, double Residual, double Gap);

/// <summary>The smallest change of a limit that helps the problem to become feasible.</summary>
/// <param name="Name">The limit.</param>
/// <param name="Limit">Allowed now.</param>
/// <param name="Needed">Least with which every limit can be met.</param>
/// <param name="Alone">
/// Whether this change alone suffices; otherwise all entries that do not are needed together.
/// </param>
public sealed record Relaxation(string Name, double Limit, double Needed, bool Alone);

/// <summary>The answer of <see cref="Sizer"/>.</summary>
public sealed record Decision
{
    /// <summary>How it ended.</summary>
    public required DecisionStatus Status { get; init; }

    /// <summary>Time of the market.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>Equity in the home currency.</summary>
    public required double Equity { get; init; }

    /// <summary>The home currency.</summary>
    public required Currency Currency { get; init; }

    /// <summary>Objective used.</summary>
    public required ObjectiveKind Objective { get; init; }

    /// <summary>Key of the sizing method that chose the book; null where the objective itself was solved.</summary>
    public string? Method { get; init; }

    /// <summary>Horizon used.</summary>
    public required Years Horizon { get; init; }

    /// <summary>All held and all traded instruments, trades in their order first.</summary>
    public required ImmutableArray<TargetLine> Targets { get; init; }

    /// <summary>E log g of the whole-lot book per horizon, cost amortised.</summary>
    public required double GrowthPerHorizon { get; init; }

    /// <summary>The same without any trade.</summary>
    public required double GrowthPerHorizonBefore { get; init; }

    /// <summary>By resampling of scenarios.</summary>
    public required double GrowthStandardError { get; init; }

    /// <summary>GrowthPerHorizon a year, if the opportunity recurs.</summary>
    public required double GrowthRateAnnual { get; init; }

    /// <summary>That of the continuous optimum.</summary>
    public required double ContinuousGrowthRateAnnual { get; init; }

    /// <summary>Whether the Kelly fraction or the drawdown limit governs, in words.</summary>
    public required string Governs { get; init; }

    /// <summary>Proof.</summary>
    public required Certificate Certificate { get; init; }

    /// <summary>Every limit of the mandate.</summary>
    public required ImmutableArray<LimitLine> Limits { get; init; }

    /// <summary>Risk figures before: those of the sizing, then those of the risk report.</summary>
    public required ImmutableArray<RiskFigure> Before { get; init; }

    /// <summary>Risk figures after, same keys.</summary>
    public required ImmutableArray<RiskFigure> After { get; init; }

    /// <summary>The risk report before and after; null where none was asked for or something is missing.</summary>
    public RiskReport? Risk { get; init; }

    /// <summary>Views as used.</summary>
    public required ImmutableArray<ViewLine> Views { get; init; }

    /// <summary>Trades nearly made.</summary>
    public required ImmutableArray<RunnerUp> RunnersUp { get; init; }

    /// <summary>Advice on open orders.</summary>
    public required ImmutableArray<OrderAdvice> Orders { get; init; }

    /// <summary>Names of limits in conflict; empty unless infeasible.</summary>
    public required ImmutableArray<string> Conflicts { get; init; }

    /// <summary>Smallest relaxations that help; empty unless infeasible.</summary>
    public required ImmutableArray<Relaxation> Relaxations { get; init; }

    /// <summary>What is missing or stale; empty unless undetermined.</summary>
    public required ImmutableArray<string> Missing { get; init; }

    /// <summary>Assumptions used.</summary>
    public required ImmutableArray<string> Assumptions { get; init; }

    /// <summary>Repairs of the snapshot.</summary>
    public required ImmutableArray<Repair> Repairs { get; init; }

    /// <summary>Warnings.</summary>
    public required ImmutableArray<string> Warnings { get; init; }
}
