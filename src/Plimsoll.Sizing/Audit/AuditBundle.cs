using System.Collections.Immutable;
using Plimsoll.Risk;

namespace Plimsoll.Sizing;

/// <summary>All that is needed to recompute the objective and every limit of an answer without Plimsoll.</summary>
/// <remarks>
/// Matrices hold raw gains in home currency per contract, columns in the order of <see cref="Instruments"/>: every line
/// that is held or could be traded. docs/audit-bundle.md has the files and formulas; examples/recheck.py is a reader.
/// </remarks>
public sealed record AuditBundle
{
    /// <summary>p.</summary>
    public required double[] Weights { get; init; }

    /// <summary>x; equal to p without views.</summary>
    public required double[] ViewWeights { get; init; }

    /// <summary>Raw gains by column: N arrays of S.</summary>
    public required double[][] Pnl { get; init; }

    /// <summary>Constants added to each column for growth and drawdown.</summary>
    public required double[] EdgeAdjustment { get; init; }

    /// <summary>Wealth of today's balances in each scenario.</summary>
    public required double[] Collateral { get; init; }

    /// <summary>Gains in the stress set by column: N arrays of K.</summary>
    public required double[][] Stress { get; init; }

    /// <summary>The joint moves.</summary>
    public required ScenarioSet Scenarios { get; init; }

    /// <summary>In matrix order.</summary>
    public required ImmutableArray<AuditInstrument> Instruments { get; init; }

    /// <summary>The problem.</summary>
    public required AuditProblem Problem { get; init; }

    /// <summary>The answer to it.</summary>
    public required AuditSolution Solution { get; init; }

    /// <summary>The bundle of a sizing.</summary>
    /// <exception cref="ArgumentException">The sizing is undetermined and has no problem.</exception>
    public static AuditBundle Of(SizingResult sizing) => new AuditBundleBuilder(sizing).Build();
}

/// <summary>One column.</summary>
/// <param name="Name">Instrument.</param>
/// <param name="Subaccount">Where it is held.</param>
/// <param name="Current">Contracts held now.</param>
/// <param name="Target">Whole-lot target.</param>
/// <param name="Continuous">Continuous optimum.</param>
/// <param name="BuyCost">Half spread and fee of a contract bought, home currency.</param>
/// <param name="SellCost">The same of a contract sold.</param>
/// <param name="Impact">Home currency per contract to the power 3/2.</param>
/// <param name="OpeningShare">Share of the linear cost of opening that a horizon bears.</param>
/// <param name="ClosingShare">Share of that of cutting.</param>
/// <param name="EdgeAdjustment">As in the array.</param>
/// <param name="FundingPaid">Expected funding that +1 contract pays over the horizon, home currency.</param>
/// <param name="Aim">Contracts that a method aims at; null where it leaves the line alone, or without one.</param>
public sealed record AuditInstrument(
    string Name,
    string Subaccount,
    double Current,
    double Target,
    double Continuous,
    double BuyCost,
    double SellCost,
    double Impact,
    double OpeningShare,
    double ClosingShare,
    double EdgeAdjustment,
    double FundingPaid,
    double? Aim
);

/// <summary>Parameters of the problem.</summary>
/// <param name="Equity">W, home currency.</param>
/// <param name="HorizonYears">Horizon.</param>
/// <param name="Objective"><c>growth</c>, <c>protect</c>, or <c>track</c>: near to a method's aim.</param>
/// <param name="KellyFraction">c.</param>
/// <param name="CollateralAdjustment">Constant added to the collateral row for growth and drawdown.</param>
/// <param name="ImpactShare">Share of impact that a horizon bears in growth.</param>
/// <param name="TimeDecay">By column: what <c>protect</c> charges for a contract bought to open, share of
/// equity.</param>
/// <param name="Funding">Netted funding by coin: wealth pays max(least, Σ paid·q / W).</param>
/// <param name="Borrowing">Interest on balances below zero: wealth pays max(0, now + Σ per contract·trade).</param>
/// <param name="StressCollateral">Wealth of today's balances in each stress scenario.</param>
/// <param name="Deleveraging">Winning futures that limits on losses take as closed; null: none.</param>
/// <param name="Constraints">Every limit.</param>
public sealed record AuditProblem(
    double Equity,
    double HorizonYears,
    string Objective,
    double KellyFraction,
    double CollateralAdjustment,
    double ImpactShare,
    double[] TimeDecay,
    ImmutableArray<AuditFunding> Funding,
    ImmutableArray<Borrowing> Borrowing,
    double[] StressCollateral,
    AuditDeleveraging? Deleveraging,
    ImmutableArray<AuditConstraint> Constraints
);

/// <summary>
/// A share of a winning future is closed at a move of its coin: of a gain <c>g(u)</c>, u or u/(1+u) for coin-settled
/// contracts, the part <c>1 − g(move)/g(u)</c> is forgone.
/// </summary>
/// <param name="Move">The move, a fraction.</param>
/// <param name="Share">Share that is closed.</param>
/// <param name="Columns">Futures and perpetuals.</param>
/// <param name="Inverse">Whether each settles in its coin.</param>
/// <param name="StressMoves">Log return of each one's coin by stress scenario: columns by rows, float64.</param>
public sealed record AuditDeleveraging(double Move, double Share, int[] Columns, bool[] Inverse, byte[] StressMoves);

/// <summary>Netted funding of one coin.</summary>
/// <param name="Underlying">Ticker.</param>
/// <param name="Columns">Its perpetuals.</param>
/// <param name="Least">0, or a negative number when receipts count.</param>
public sealed record AuditFunding(string Underlying, int[] Columns, double Least);

/// <summary>One limit; which fields are set depends on the kind.</summary>
public sealed record AuditConstraint
{
    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// <c>exp-mean</c>, <c>expected-shortfall</c>, <c>max-linear</c>, <c>max-linear-per-scenario</c>,
    /// <c>max-linear-per-path</c>, <c>convex-piecewise</c>.
    /// </summary>
    public required string Kind { get; init; }

    /// <summary>Limit.</summary>
    public required double Limit { get; init; }

    /// <summary>Scale in which violation is measured.</summary>
    public required double Scale { get; init; }

    /// <summary>Share of the whole cost of trading in the value.</summary>
    public double CostShare { get; init; }

    /// <summary><c>weights</c> or <c>view_weights</c>.</summary>
    public string? Law { get; init; }

    /// <summary>Level of an expected shortfall.</summary>
    public double? Level { get; init; }

    /// <summary>log(1/β)/n of a drawdown.</summary>
    public double? Rate { get; init; }

    /// <summary>Fixed t of a drawdown that is for ever.</summary>
    public double? FixedT { get; init; }

    /// <summary><c>exp-mean</c>: the largest t of the minimum, log α / log β; null where t is fixed.</summary>
    public double? LargestT { get; init; }

    /// <summary>Rows: offset + Σ long·q⁺ + short·q⁻ over the columns, less the same at the current book.</summary>
    public AuditRows? Rows { get; init; }

    /// <summary>Value by scenario of the same form, float64 little-endian; null: wealth itself.</summary>
    public AuditScenarioRows? Scenarios { get; init; }

    /// <summary>The same at each look of the paths: the least of them counts.</summary>
    public ImmutableArray<AuditScenarioRows>? Looks { get; init; }

    /// <summary>A tail.</summary>
    public AuditTail? Tail { get; init; }

    /// <summary>Charges of a venue's portfolio margin, shares of the pool's equity: their sum is the value.</summary>
    public ImmutableArray<AuditPiece>? Pieces { get; init; }
}

/// <summary>
/// A charge: the largest of 0 and offset + Σ row·q over the columns; rows by columns, float64 little-endian.
/// </summary>
public sealed record AuditPiece(string Name, int Count, int[] Columns, byte[] Offset, byte[] Rows);

/// <summary>Rows of a maximum; arrays are rows by columns, float64 little-endian.</summary>
public sealed record AuditRows(int Count, int[] Columns, byte[] Offset, byte[] Long, byte[] Short);

/// <summary>A value by scenario: base + Σ long_s·q⁺ + short_s·q⁻, less the same at the current book.</summary>
public sealed record AuditScenarioRows(int Count, int[] Columns, byte[] Base, byte[] Long, byte[] Short);

/// <summary>A tail: gains at expiry at knots of x by expiry, and a linear part.</summary>
public sealed record AuditTail(
    double X0,
    double LowX,
    double HighX,
    double Equity,
    double CollateralSlope,
    int[] LinearColumns,
    double[] LinearSlope,
    ImmutableArray<AuditTailExpiry> Expiries,
    ImmutableArray<AuditTailForgone> Forgone,
    double Fixed
);

/// <summary>Per contract of a column, held long and held short: max(0, slope·(x − kink)) is forgone.</summary>
public sealed record AuditTailForgone(
    int Column,
    double LongKink,
    double LongSlope,
    double ShortKink,
    double ShortSlope
);

/// <summary>Gains of one expiry: knots by columns, float64 little-endian, column by column.</summary>
public sealed record AuditTailExpiry(double[] X, int[] Columns, byte[] Gain);

/// <summary>The answer.</summary>
/// <param name="Objective">Objective of the whole-lot book.</param>
/// <param name="ContinuousObjective">Of the continuous optimum.</param>
/// <param name="Gap">Certified gap.</param>
/// <param name="MaximumViolation">Of the continuous optimum.</param>
/// <param name="Values">Left-hand sides at the whole-lot book, in the problem's order.</param>
/// <param name="ShadowPrices">In the problem's order.</param>
public sealed record AuditSolution(
    double Objective,
    double ContinuousObjective,
    double Gap,
    double MaximumViolation,
    double[] Values,
    double[] ShadowPrices
);
