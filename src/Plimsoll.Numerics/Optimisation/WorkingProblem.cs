namespace Plimsoll.Numerics;

/// <summary>
/// A program restricted to some legs and some rows, scaled, with an elastic excess for every limit: minimise
/// Linear·x + Σ objective terms over boxes, dense linear rows, and a few scalar convex limits.
/// </summary>
/// <remarks>
/// x = (legs; w; shortfall thresholds; drawdown t); an elastic excess e per limit is kept beside it.
/// Being elastic, it always has an interior, and the duals of the limits are bounded by the penalties.
/// </remarks>
sealed class WorkingProblem : IDisposable
{
    public required Leg[] Legs { get; init; }

    /// <summary>Move of a leg per unit of its variable.</summary>
    public required double[] LegScale { get; init; }

    /// <summary>Multiplies the program's objective.</summary>
    public required double ObjectiveScale { get; init; }
    public required double[] Lower { get; init; }
    public required double[] Upper { get; init; }
    public required double[] Linear { get; init; }

    /// <summary>Index of the first auxiliary variable.</summary>
    public required int AuxiliaryStart { get; init; }

    /// <summary>Coefficient of x^(3/2) by leg: P(x) = Σ Power·x^(3/2) is the cost above linear.</summary>
    public required double[] Power { get; init; }

    /// <summary>Share of P in the minimised objective.</summary>
    public required double ObjectiveShare { get; init; }

    /// <summary>Price of one unit of excess of each limit.</summary>
    public required double[] Penalty { get; init; }

    /// <summary>Linear rows: Rows·x + Constant ≤ e (≤ ξ for a shortfall's scenario).</summary>
    public required ColumnMatrix Rows { get; init; }
    public required double[] Constant { get; init; }

    /// <summary>Share of P(x) that a row carries beside its linear part.</summary>
    public required double[] RowShare { get; init; }

    /// <summary>Limit that a row belongs to, and its row or scenario there.</summary>
    public required int[] RowLimit { get; init; }
    public required int[] RowSource { get; init; }

    /// <summary>Index of the scalar limit that a row belongs to.</summary>
    public required int[] RowScalar { get; init; }

    /// <summary>Weight p/(1 − level) of ξ in a shortfall; 0 for a plain row.</summary>
    public required double[] RowMass { get; init; }
    public required ScalarLimit[] Scalars { get; init; }
    public required ScenarioGroup[] Groups { get; init; }

    /// <summary>Number of variables.</summary>
    public int Size => Lower.Length;

    /// <summary>P(x).</summary>
    public double PowerCost(ReadOnlySpan<double> x)
    {
        double cost = 0;
        for (int j = 0; j < Power.Length; j++)
            if (Power[j] > 0)
                cost += Power[j] * x[j] * Math.Sqrt(x[j]);
        return cost;
    }

    public void Dispose()
    {
        Rows.Dispose();
        foreach (var group in Groups)
            group.Matrix.Dispose();
    }
}

/// <summary>What a scalar limit bounds.</summary>
enum ScalarKind
{
    Rows,
    Shortfall,
    Drawdown,
}

/// <summary>One convex limit on a scalar: value(x) ≤ e.</summary>
/// <param name="Kind">Its form.</param>
/// <param name="Limit">Index of the program's limit.</param>
/// <param name="Variable">Threshold v or time t; −1 where there is none.</param>
/// <param name="Constant">Added to the value.</param>
/// <param name="Rate">Of a drawdown, on the limit's scale.</param>
/// <param name="Term">The scenario term of a drawdown.</param>
sealed record ScalarLimit(ScalarKind Kind, int Limit, int Variable, double Constant, double Rate, ScenarioTerm? Term);

/// <summary>Terms over the same scenarios and instruments, whose curvature shares one weighted Gram matrix.</summary>
/// <param name="Matrix">S x (legs, then w where it differs by scenario), scaled and signed.</param>
/// <param name="Terms">The terms.</param>
sealed record ScenarioGroup(ColumnMatrix Matrix, ScenarioTerm[] Terms);

/// <summary>Coefficient·Φ(y, t), y = Base + Matrix·x + Broadcast·x − CostShare·P(x).</summary>
sealed class ScenarioTerm(double[] @base, double[] broadcast, double[] weights, double coefficient, double t)
{
    public double[] Base { get; } = @base;

    /// <summary>Coefficients that are the same in every scenario; length of x.</summary>
    public double[] Broadcast { get; } = broadcast;

    /// <summary>Share of P(x) that is taken off.</summary>
    public double CostShare { get; init; }

    /// <summary>Gradient of what is the same in every scenario: Broadcast less that of the cost.</summary>
    public double[] Along { get; } = new double[broadcast.Length];

    /// <summary>y before P(x) is taken off.</summary>
    public double[] LinearY { get; } = new double[@base.Length];
    public double[] Weights { get; } = weights;
    public double Coefficient { get; } = coefficient;

    /// <summary>t where no variable holds it; infinite for log growth.</summary>
    public double FixedT { get; } = t;

    /// <summary>Index of the variable t; −1 where it is fixed.</summary>
    public int TimeVariable { get; init; } = -1;

    public double[] Y { get; } = new double[@base.Length];
    public double[] Step { get; } = new double[@base.Length];
    public double[] Tilted { get; } = new double[@base.Length];
    public double[] NegativeLog { get; } = new double[@base.Length];
    public double[] Pull { get; } = new double[@base.Length];

    /// <summary>Gradient of Φ in x without t.</summary>
    public double[] Gradient { get; } = new double[broadcast.Length];
    public double PullSum { get; set; }
    public double Value { get; set; }
    public double Slope { get; set; }
}
