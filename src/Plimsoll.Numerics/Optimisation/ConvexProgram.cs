using System.Collections.Immutable;

namespace Plimsoll.Numerics;

/// <summary>
/// A convex program over positions q (n) and auxiliary variables w (m), with rows over scenarios that are dense.
/// </summary>
/// <remarks>
/// Everything is stated over z = (q; w) and over C(q) = Σ_i [ buy_i·u_i⁺ + sell_i·u_i⁻ + power_i·|u_i|^{3/2} ],
/// u = q − Reference, the separable cost of moving. Scenario value (affine in z, concave in q through C):
/// <c>y_s(z) = Base_s + Σ_i Matrix[s,i]·(q_i) + Σ_i Shift_i·q_i + Σ_j Auxiliary_j·w_j − CostShare·C(q)</c>.
/// Sign of objective: maximised. A limit's shadow price is the gain of the objective per unit of the limit.
/// </remarks>
public sealed record ConvexProgram
{
    /// <summary>Reference point q0 of the cost; length n.</summary>
    public required double[] Reference { get; init; }

    /// <summary>Lower bounds of q; finite; at most <see cref="Upper"/>.</summary>
    public required double[] Lower { get; init; }

    /// <summary>Upper bounds of q; finite.</summary>
    public required double[] Upper { get; init; }

    /// <summary>Natural size of each q_i (the solver scales by it); positive.</summary>
    public required double[] Scale { get; init; }

    /// <summary>Linear cost of a unit bought, at least 0.</summary>
    public required double[] BuyCost { get; init; }

    /// <summary>Linear cost of a unit sold, at least 0.</summary>
    public required double[] SellCost { get; init; }

    /// <summary>Coefficient of |u|^{3/2}, at least 0.</summary>
    public required double[] PowerCost { get; init; }

    /// <summary>Bounds of the auxiliary variables; infinite ends allowed.</summary>
    public double[] AuxiliaryLower { get; init; } = [];

    /// <summary>Bounds of the auxiliary variables; infinite ends allowed.</summary>
    public double[] AuxiliaryUpper { get; init; } = [];

    /// <summary>What is maximised.</summary>
    public required ProgramObjective Objective { get; init; }

    /// <summary>All limits; names are unique.</summary>
    public ImmutableArray<ProgramConstraint> Constraints { get; init; } = [];
}

/// <summary>A scenario value y_s(z), see <see cref="ConvexProgram"/>.</summary>
/// <param name="Base">S constants.</param>
/// <param name="Matrix">S x n (columns as q); null: no dependence on q but through <paramref name="Shift"/>.</param>
/// <param name="Shift">Constant added to every row of each column (the edge adjustment); null is zero.</param>
/// <param name="Auxiliary">Coefficients of w, the same in every scenario; null is zero.</param>
/// <param name="AuxiliaryMatrix">S x m coefficients of w that differ by scenario; null is zero.</param>
/// <param name="CostShare">Share of C(q) that is subtracted; at least 0.</param>
public sealed record ScenarioValue(
    double[] Base,
    ColumnMatrix? Matrix,
    double[]? Shift,
    double[]? Auxiliary,
    ColumnMatrix? AuxiliaryMatrix,
    double CostShare
);

/// <summary>What a program maximises.</summary>
public abstract record ProgramObjective
{
    private protected ProgramObjective() { }
}

/// <summary>
/// Certainty-equivalent log growth: E log y for risk aversion 1, otherwise (1/(1−a))·log E y^{1−a}; a ≥ 1, y &gt; 0.
/// </summary>
/// <param name="Value">Wealth ratio by scenario.</param>
/// <param name="Weights">Probabilities, sum 1; zero entries are allowed and drop the row.</param>
/// <param name="RiskAversion">1/Kelly fraction; at least 1.</param>
public sealed record GrowthObjective(ScenarioValue Value, double[] Weights, double RiskAversion) : ProgramObjective;

/// <summary>−(C(q)·CostShare + Position·q + Auxiliary·w): the cheapest point.</summary>
public sealed record CostObjective(double[]? Position, double[]? Auxiliary, double CostShare) : ProgramObjective;

/// <summary>One limit: value(z) ≤ Limit.</summary>
/// <param name="Name">Unique; the mandate's key path with its scope.</param>
/// <param name="Limit">Right-hand side.</param>
/// <param name="Scale">The limit's own scale, in which violation is measured; positive.</param>
/// <param name="SlackWeight">
/// Null: the limit is hard. Otherwise it may be exceeded by s ≥ 0 units of <paramref name="Scale"/> in stage one, at
/// this weight.
/// </param>
public abstract record ProgramConstraint(string Name, double Limit, double Scale, double? SlackWeight);

/// <summary>max over rows r of ( Offset_r + Σ Rows[r,i]·q_i + Σ AuxiliaryRows[r,j]·w_j ) + CostShare·C(q) ≤
/// Limit.</summary>
/// <remarks>One row is a plain linear limit; many rows are a worst case. Rows is K x n by columns.</remarks>
public sealed record MaxLinearConstraint(
    string Name,
    double Limit,
    double Scale,
    double? SlackWeight,
    double[] Offset,
    ColumnMatrix Rows,
    ColumnMatrix? AuxiliaryRows,
    double CostShare
) : ProgramConstraint(Name, Limit, Scale, SlackWeight);

/// <summary>Expected shortfall of −y at a level is at most Limit: min_v v + E[(−y − v)⁺]/(1 − Level).</summary>
public sealed record ExpectedShortfallConstraint(
    string Name,
    double Limit,
    double Scale,
    double? SlackWeight,
    ScenarioValue Value,
    double[] Weights,
    double Level
) : ProgramConstraint(Name, Limit, Scale, SlackWeight);

/// <summary>
/// Drawdown: min over t &gt; 0 of t·log E y^{−1/t} + t·Rate ≤ Limit.
/// </summary>
/// <remarks>
/// Rate = log(1/β)/n, Limit = log(1/α)/n, see docs/concepts.md. Jointly convex in (z, t). With n infinite Rate is 0 and
/// t is given by FixedT: the classic risk-constrained Kelly E y^{−λ} ≤ 1, λ = 1/t. LargestT bounds t from above: at
/// Limit/Rate the constraint is that of max(1, E y^{−1/t}), as Ville's inequality asks when y has edge.
/// </remarks>
public sealed record DrawdownConstraint(
    string Name,
    double Limit,
    double Scale,
    double? SlackWeight,
    ScenarioValue Value,
    double[] Weights,
    double Rate,
    double? FixedT,
    double? LargestT = null
) : ProgramConstraint(Name, Limit, Scale, SlackWeight);

/// <summary>y_s(z) ≥ Floor in every scenario of the value (positive wealth under every law).</summary>
public sealed record ScenarioFloorConstraint(
    string Name,
    ScenarioValue Value,
    double Floor,
    double Scale,
    double? SlackWeight
) : ProgramConstraint(Name, -Floor, Scale, SlackWeight);
