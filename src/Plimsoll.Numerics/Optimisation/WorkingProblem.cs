namespace Plimsoll.Numerics;

/// <summary>
/// A program restricted to some legs and some rows, scaled, with an elastic excess for every limit: minimise
/// Linear·x + Σ objective terms over boxes, dense linear rows, and a few scalar convex limits.
/// </summary>
/// <remarks>
/// x = (legs; w; cost above linear; shortfall thresholds; drawdown t); an elastic excess e per limit is kept beside it.
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

    /// <summary>Index of the variable that bounds the 3/2-power cost; −1 without.</summary>
    public required int PowerVariable { get; init; }

    /// <summary>Coefficient of x^(3/2) by leg.</summary>
    public required double[] Power { get; init; }

    /// <summary>Price of one unit of excess of each limit.</summary>
    public required double[] Penalty { get; init; }

    /// <summary>Linear rows: Rows·x + Constant ≤ e (≤ ξ for a shortfall's scenario).</summary>
    public required ColumnMatrix Rows { get; init; }
    public required double[] Constant { get; init; }

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
    PowerCost,
}

/// <summary>One convex limit on a scalar: value(x) ≤ e.</summary>
/// <param name="Kind">Its form.</param>
/// <param name="Limit">Index of the program's limit; −1 for the power cost.</param>
/// <param name="Variable">Threshold v, time t (−1 where fixed), or the cost variable.</param>
/// <param name="Constant">Added to the value.</param>
/// <param name="Rate">Of a drawdown, on the limit's scale.</param>
/// <param name="Term">The scenario term of a drawdown.</param>
sealed record ScalarLimit(ScalarKind Kind, int Limit, int Variable, double Constant, double Rate, ScenarioTerm? Term);

/// <summary>Terms over the same scenarios and instruments, whose curvature shares one weighted Gram matrix.</summary>
/// <param name="Matrix">S x (legs, then w where it differs by scenario), scaled and signed.</param>
/// <param name="Terms">The terms.</param>
sealed record ScenarioGroup(ColumnMatrix Matrix, ScenarioTerm[] Terms);

/// <summary>Coefficient·Φ(y, t), y = Base + Matrix·x + Broadcast·x.</summary>
sealed class ScenarioTerm(double[] @base, double[] broadcast, double[] weights, double coefficient, double t)
{
    public double[] Base { get; } = @base;

    /// <summary>Coefficients that are the same in every scenario; length of x.</summary>
    public double[] Broadcast { get; } = broadcast;
    public bool HasBroadcast { get; } = broadcast.AsSpan().ContainsAnyExcept(0.0);
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
    public double Value { get; set; }
    public double Slope { get; set; }
}
