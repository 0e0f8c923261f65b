namespace Plimsoll.Numerics;

/// <summary>
/// min over x of the mean of the worst 1 − level of losses −(base + Mx), plus cᵀx − Σ b_i·log x_i, in a polytope.
/// </summary>
/// <remarks>
/// The mean beyond the quantile with the atom at the quantile split: Rockafellar and Uryasev 2002, definition 3 and
/// theorem 10.
/// </remarks>
public sealed record TailLossProgram
{
    /// <summary>M, S x n: gain per unit of each unknown.</summary>
    public required ColumnMatrix Gains { get; init; }

    /// <summary>Gain without any unknown; empty is zero.</summary>
    public double[] Base { get; init; } = [];

    /// <summary>Probabilities, at least 0, sum 1.</summary>
    public required double[] Weights { get; init; }

    /// <summary>Level in (0, 1): the worst 1 − level of probability is averaged.</summary>
    public required double Level { get; init; }

    /// <summary>The polytope, c and b; a quadratic term is allowed.</summary>
    public required QuadraticProgram Domain { get; init; }
}

/// <summary>A point of a <see cref="TailLossProgram"/>.</summary>
/// <param name="Report">Its gap is rigorous where all bounds are finite: it comes from a dual law of the tail.</param>
/// <param name="X">The point.</param>
/// <param name="TailLoss">Mean of the worst losses there, exact.</param>
/// <param name="Objective">With the linear and logarithmic terms.</param>
/// <param name="TailWeights">The dual law: at most p/(1 − level) each, sum 1; −Mᵀ·law is a subgradient.</param>
/// <param name="EqualPrices">Multipliers of the equal rows.</param>
/// <param name="LessPrices">Multipliers of the less rows, at least 0.</param>
public sealed record TailLossSolution(
    SolverReport Report,
    double[] X,
    double TailLoss,
    double Objective,
    double[] TailWeights,
    double[] EqualPrices,
    double[] LessPrices
);
