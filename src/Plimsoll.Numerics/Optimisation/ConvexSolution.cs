namespace Plimsoll.Numerics;

/// <summary>How a solve ended.</summary>
public enum SolveStatus
{
    /// <summary>Gap and violation are within tolerance.</summary>
    Optimal,

    /// <summary>
    /// It is proven that no point meets all limits; the solution is the least weighted violation, then the least cost,
    /// as far as the gap says.
    /// </summary>
    Infeasible,

    /// <summary>The iteration limit was reached or the numbers failed; the point must not be used as an
    /// answer.</summary>
    Failed,
}

/// <summary>State of one limit at the solution.</summary>
/// <param name="Name">As in the program.</param>
/// <param name="Limit">As in the program.</param>
/// <param name="Value">Left-hand side.</param>
/// <param name="ShadowPrice">
/// Gain of the objective per unit of the limit; at least 0. Of an infeasible program: fall of the least weighted
/// violation (weights relative to the largest, violation on each limit's scale) per unit of the limit, so that the
/// limits in conflict are those with a price.
/// </param>
/// <param name="WorstRow">Row or scenario that attains the maximum, where that has a meaning; otherwise −1.</param>
public readonly record struct ConstraintState(
    string Name,
    double Limit,
    double Value,
    double ShadowPrice,
    int WorstRow
);

/// <summary>A point with its certificate.</summary>
public sealed record ConvexSolution
{
    /// <summary>How it ended.</summary>
    public required SolveStatus Status { get; init; }

    /// <summary>q; length n.</summary>
    public required double[] Position { get; init; }

    /// <summary>w; length m.</summary>
    public required double[] Auxiliary { get; init; }

    /// <summary>Objective at the point.</summary>
    public required double Objective { get; init; }

    /// <summary>Objective at the reference point q0 (negative infinity if undefined there).</summary>
    public required double ReferenceObjective { get; init; }

    /// <summary>
    /// Rigorous bound on optimum − objective, from the duals and the box, whatever the status; at least 0. Of an
    /// infeasible program, the bound on objective less priced violation, good to the violation's tolerance.
    /// </summary>
    public required double Gap { get; init; }

    /// <summary>
    /// Weight of the objective beside the limits' shadow prices: one; of an infeasible program, whose prices are those
    /// of the weighted violation, the little that was left to the objective.
    /// </summary>
    public double ObjectiveWeight { get; init; } = 1;

    /// <summary>Largest (value − limit)/scale over all limits and bounds; at least 0.</summary>
    public required double MaximumViolation { get; init; }

    /// <summary>Newton steps taken, all stages.</summary>
    public required int Iterations { get; init; }

    /// <summary>State of every limit, in the program's order.</summary>
    public required ConstraintState[] Constraints { get; init; }

    /// <summary>Gain of the objective for a small buy of each q_i, net of limits' shadow prices and of cost; length
    /// n.</summary>
    public required double[] BuyGain { get; init; }

    /// <summary>The same for a small sale.</summary>
    public required double[] SellGain { get; init; }

    /// <summary>Prices of scenarios and rows, for columns that the program did not have.</summary>
    public RowPrices? Prices { get; init; }

    /// <summary>The t at which each drawdown limit was met, by name.</summary>
    public required IReadOnlyDictionary<string, double> DrawdownT { get; init; }
}

/// <summary>When a solve may stop.</summary>
/// <param name="RelativeGap">Relative to objective − reference objective.</param>
/// <param name="AbsoluteGap">Floor of the gap.</param>
/// <param name="Violation">On each limit's own scale.</param>
/// <param name="MaximumIterations">Newton steps in all.</param>
public sealed record SolveTolerance(
    double RelativeGap = 1e-8,
    double AbsoluteGap = 1e-14,
    double Violation = 1e-9,
    int MaximumIterations = 2000
);
