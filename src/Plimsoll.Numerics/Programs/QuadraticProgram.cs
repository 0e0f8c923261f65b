namespace Plimsoll.Numerics;

/// <summary>
/// min ½·xᵀPx + qᵀx − Σ b_i·log x_i subject to Ax = e, Gx ≤ h, lower ≤ x ≤ upper; dense, of a few hundred unknowns.
/// </summary>
public sealed record QuadraticProgram
{
    /// <summary>Number of unknowns n.</summary>
    public int Size => Linear.Length;

    /// <summary>P, positive semidefinite; null is zero (a linear program).</summary>
    public SymmetricMatrix? Quadratic { get; init; }

    /// <summary>q.</summary>
    public required double[] Linear { get; init; }

    /// <summary>b, at least 0; an unknown with a logarithm needs a lower bound of 0. Empty: none.</summary>
    public double[] LogWeight { get; init; } = [];

    /// <summary>Lower bounds, −∞ allowed; at most the upper ones.</summary>
    public required double[] Lower { get; init; }

    /// <summary>Upper bounds, ∞ allowed.</summary>
    public required double[] Upper { get; init; }

    /// <summary>Rows of A.</summary>
    public double[][] EqualRows { get; init; } = [];

    /// <summary>e.</summary>
    public double[] EqualTo { get; init; } = [];

    /// <summary>Rows of G.</summary>
    public double[][] LessRows { get; init; } = [];

    /// <summary>h.</summary>
    public double[] LessThan { get; init; } = [];

    /// <summary>Objective at a point.</summary>
    public double Objective(ReadOnlySpan<double> x)
    {
        double sum = ColumnProducts.Dot(Linear, x);
        if (Quadratic is not null)
        {
            var product = new double[Size];
            Quadratic.Multiply(x, product);
            sum += 0.5 * ColumnProducts.Dot(product, x);
        }
        for (int i = 0; i < LogWeight.Length; i++)
            if (LogWeight[i] > 0)
                sum -= LogWeight[i] * Math.Log(x[i]);
        return sum;
    }
}

/// <summary>A point of a <see cref="QuadraticProgram"/>, its multipliers and its certificate.</summary>
/// <param name="Report">How it ended; the gap is the sum of all complementary products, a bound on the distance to the
/// optimum at a point whose residuals vanish.</param>
/// <param name="X">The point; length n.</param>
/// <param name="Objective">Objective there.</param>
/// <param name="EqualPrices">y of Ax = e: fall of the objective per unit of −e.</param>
/// <param name="LessPrices">z ≥ 0 of Gx ≤ h: fall of the objective per unit of h.</param>
/// <param name="LowerPrices">Of the lower bounds, at least 0.</param>
/// <param name="UpperPrices">Of the upper bounds, at least 0.</param>
public sealed record QuadraticSolution(
    SolverReport Report,
    double[] X,
    double Objective,
    double[] EqualPrices,
    double[] LessPrices,
    double[] LowerPrices,
    double[] UpperPrices
);
