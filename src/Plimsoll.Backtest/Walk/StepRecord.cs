using Plimsoll.Sizing;

namespace Plimsoll.Backtest;

/// <summary>What the method promised at a decision, about the time to the horizon; fractions of equity.</summary>
/// <param name="HorizonDays">To the next decision as the mandate states it.</param>
/// <param name="ValueAtRisk95">Loss at 95 %.</param>
/// <param name="ValueAtRisk99">Loss at 99 %.</param>
/// <param name="ExpectedShortfall95">Mean loss beyond 95 %.</param>
/// <param name="ExpectedShortfall99">Mean loss beyond 99 %.</param>
/// <param name="DrawdownProbability">
/// Bound on the probability of the mandate's drawdown in its time; null without such a limit.
/// </param>
public sealed record Promise(
    double HorizonDays,
    double ValueAtRisk95,
    double ValueAtRisk99,
    double ExpectedShortfall95,
    double ExpectedShortfall99,
    double? DrawdownProbability
);

/// <summary>One instant of one method's account; money in the home currency, a cost is positive.</summary>
public sealed record StepRecord
{
    /// <summary>Recorded instant.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Equity at the venue's marks before any trade of this instant.</summary>
    public required double EquityBefore { get; init; }

    /// <summary>The same after the trades.</summary>
    public required double Equity { get; init; }

    /// <summary>Taker and delivery fees.</summary>
    public double Fees { get; init; }

    /// <summary>Paid between the mark and the price of each fill.</summary>
    public double Spread { get; init; }

    /// <summary>Funding paid since the step before; negative when received.</summary>
    public double Funding { get; init; }

    /// <summary>Notional bought and sold.</summary>
    public double Traded { get; init; }

    /// <summary>Sum of absolute notionals held after the trades.</summary>
    public double Gross { get; init; }

    /// <summary>Contracts' notional held long less short, options by their mark's Black delta left out.</summary>
    public double NetDeltaOne { get; init; }

    /// <summary>Largest initial margin over the equity of its pool.</summary>
    public double InitialMarginShare { get; init; }

    /// <summary>Fills made.</summary>
    public int Fills { get; init; }

    /// <summary>Orders cut or left by the assumed depth or for want of a quote.</summary>
    public int Unfilled { get; init; }

    /// <summary>Pools that the venue closed here.</summary>
    public int Liquidations { get; init; }

    /// <summary>Positions valued at an older mark, because this instant states none.</summary>
    public int StaleMarks { get; init; }

    /// <summary>How the decision ended; null where none was due.</summary>
    public DecisionStatus? Status { get; init; }

    /// <summary>What was promised; null where nothing was decided.</summary>
    public Promise? Promise { get; init; }
}
