namespace Plimsoll.Numerics;

/// <summary>
/// What one limit g(z) ≤ L, priced at λ, adds to the Lagrangian at a point z0, bounded from above by a function that
/// is linear but for the cost: λ·(L − g(z)) ≤ Slackness + Σ_s Pull_s·(a_s·(z − z0)) − CostPrice·(C(q) − C(q0)).
/// </summary>
/// <remarks>
/// Each kind of g is a maximum over a set of dual weights; whatever numbers are read as multipliers, they are moved
/// into that set first, so that the inequality holds for every z and the bound that is built of it is a bound:
/// rows and floors, v ≥ 0 with λ = Σ v; expected shortfall, 0 ≤ v_s ≤ λ·w_s/(1 − level) with Σ v = λ (Rockafellar and
/// Uryasev 2002); drawdown, g = max over laws π with KL(π ‖ p) ≤ rate of E_π(−log y) (Donsker and Varadhan's formula,
/// the minimum over t taken inside), less T·(KL − rate) where t is bounded by T.
/// </remarks>
sealed class LimitDual
{
    /// <summary>λ.</summary>
    public required double Total { get; init; }

    /// <summary>Rows or scenarios with a multiplier of their own, ascending; empty for a drawdown.</summary>
    public int[] Rows { get; init; } = [];

    /// <summary>Theirs; they sum to the total.</summary>
    public double[] Duals { get; init; } = [];

    /// <summary>Weights of the rows a_s.</summary>
    public required double[] Pull { get; init; }
    public required ColumnMatrix? Matrix { get; init; }
    public required ColumnMatrix? AuxiliaryMatrix { get; init; }

    /// <summary>Parts of a_s that are the same in every row.</summary>
    public double[]? Shift { get; init; }
    public double[]? Auxiliary { get; init; }
    public required double CostPrice { get; init; }
    public required double Slackness { get; init; }

    /// <summary>The limit's dual at a point; null where it has no price, or no value to take a tangent at.</summary>
    public static LimitDual? Of(ProgramPoint point, int k, LimitMultipliers read)
    {
        if (!(read.Total[k] > 0) || !double.IsFinite(point.Value[k]))
            return null;
        return point.Program.Constraints[k] switch
        {
            MaxLinearConstraint limit => OfRows(point, limit, read.Rows[k], read.RowDuals[k]),
            ScenarioFloorConstraint floor => OfFloor(point, floor, read.Rows[k], read.RowDuals[k]),
            ExpectedShortfallConstraint shortfall => OfShortfall(
                shortfall.Value,
                point.Scenarios(shortfall.Value),
                Shortfall.DualWeights(
                    point.Scenarios(shortfall.Value),
                    shortfall,
                    read.Rows[k],
                    read.RowDuals[k],
                    read.Total[k]
                ),
                read.Total[k],
                shortfall.Limit
            ),
            DrawdownConstraint drawdown => OfDrawdown(point, k, drawdown, read.Total[k]),
            _ => throw new ArgumentException("constraint of an unknown kind"),
        };
    }

    static LimitDual OfRows(ProgramPoint point, MaxLinearConstraint limit, int[] rows, double[] duals)
    {
        var value = point.Rows(limit);
        var pull = new double[value.Length];
        double slackness = 0;
        double total = 0;
        for (int r = 0; r < rows.Length; r++)
        {
            double dual = Math.Max(0, duals[r]);
            total += dual;
            pull[rows[r]] = -dual;
            slackness += dual * (limit.Limit - value[rows[r]]);
        }
        return new LimitDual
        {
            Total = total,
            Rows = rows,
            Duals = [.. duals.Select(dual => Math.Max(0, dual))],
            Pull = pull,
            Matrix = limit.Rows,
            AuxiliaryMatrix = limit.AuxiliaryRows,
            CostPrice = limit.CostShare * total,
            Slackness = slackness,
        };
    }

    static LimitDual OfFloor(ProgramPoint point, ScenarioFloorConstraint floor, int[] rows, double[] duals)
    {
        var y = point.Scenarios(floor.Value);
        var pull = new double[y.Length];
        double total = 0;
        for (int r = 0; r < rows.Length; r++)
        {
            pull[rows[r]] = Math.Max(0, duals[r]);
            total += pull[rows[r]];
        }
        return OfShortfall(floor.Value, y, pull, total, floor.Limit);
    }

    /// <summary>λ·L + Σ v_s·y_s: of a shortfall, and of a floor, which is the shortfall of level one.</summary>
    static LimitDual OfShortfall(ScenarioValue value, double[] y, double[] pull, double total, double limit)
    {
        int[] rows = [.. Enumerable.Range(0, pull.Length).Where(s => pull[s] > 0)];
        double slackness = total * limit + ColumnProducts.Dot(pull, y);
        return OfScenarios(value, pull, total, slackness, rows);
    }

    static LimitDual OfDrawdown(ProgramPoint point, int k, DrawdownConstraint drawdown, double total)
    {
        var y = point.Scenarios(drawdown.Value);
        var pull = new double[y.Length];
        var negativeLog = new double[y.Length];
        double t = point.BestT[k];
        TailMean.Evaluate(y, drawdown.Weights, t, pull, negativeLog, out double slope);
        double slack = drawdown.Limit - point.Value[k];
        if (drawdown.FixedT is null)
        {
            double divergence = -slope;
            double beyond = 0;
            if (divergence > drawdown.Rate && drawdown.LargestT is { } largest)
                beyond = largest * (divergence - drawdown.Rate);
            else if (divergence > drawdown.Rate)
                MixIn(drawdown.Weights, pull, drawdown.Rate / divergence);
            slack = drawdown.Limit - ColumnProducts.Dot(pull, negativeLog) + beyond;
        }
        for (int s = 0; s < y.Length; s++)
            pull[s] = drawdown.Weights[s] > 0 ? total * pull[s] / y[s] : 0;
        return OfScenarios(drawdown.Value, pull, total, total * slack, []);
    }

    /// <summary>A law nearer to p: the divergence is convex, so it falls at least to the kept share.</summary>
    static void MixIn(double[] weights, double[] law, double kept)
    {
        double sum = 0;
        foreach (double weight in weights)
            sum += weight;
        for (int s = 0; s < law.Length; s++)
            law[s] = kept * law[s] + (1 - kept) * weights[s] / sum;
    }

    static LimitDual OfScenarios(ScenarioValue value, double[] pull, double total, double slackness, int[] rows)
    {
        double sum = 0;
        foreach (double weight in pull)
            sum += weight;
        return new LimitDual
        {
            Total = total,
            Rows = rows,
            Duals = [.. rows.Select(s => pull[s])],
            Pull = pull,
            Matrix = value.Matrix,
            AuxiliaryMatrix = value.AuxiliaryMatrix,
            Shift = value.Shift,
            Auxiliary = value.Auxiliary,
            CostPrice = value.CostShare * sum,
            Slackness = slackness,
        };
    }

    /// <summary>What a unit of each auxiliary variable adds to the Lagrangian.</summary>
    public double[] AuxiliaryGain(int count)
    {
        var gain = new double[count];
        if (AuxiliaryMatrix is { } matrix)
            ColumnProducts.TransposeMultiply(matrix, Pull, gain);
        if (Auxiliary is { } same)
            ColumnProducts.AddScaled(PullSum, same, gain);
        return gain;
    }

    public double PullSum
    {
        get
        {
            double sum = 0;
            foreach (double weight in Pull)
                sum += weight;
            return sum;
        }
    }
}
