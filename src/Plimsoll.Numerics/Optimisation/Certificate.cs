namespace Plimsoll.Numerics;

/// <summary>
/// A rigorous bound on what any feasible point can gain over a given one, from multipliers: by concavity the
/// Lagrangian lies under its tangent in y and w, and the rest is separable over the box with the exact cost.
/// </summary>
sealed class Certificate
{
    readonly ConvexProgram program;
    readonly ProgramPoint point;
    readonly Dictionary<ColumnMatrix, double[]> pulls = new(ReferenceEqualityComparer.Instance);
    readonly double[] auxiliaryGain;
    double costShare;
    double complementarity;

    /// <param name="point">Where the bound is taken.</param>
    /// <param name="multipliers">Of the limits.</param>
    public Certificate(ProgramPoint point, LimitMultipliers multipliers)
    {
        (program, this.point) = (point.Program, point);
        Gain = new double[point.Position.Length];
        auxiliaryGain = new double[point.Auxiliary.Length];
        AddObjective();
        for (int k = 0; k < program.Constraints.Length; k++)
            AddLimit(k, multipliers);
        var room = new double[Gain.Length];
        foreach (var (matrix, pull) in pulls)
        {
            ColumnProducts.TransposeMultiply(matrix, pull, room);
            ColumnProducts.AddScaled(1, room, Gain);
        }
        Bound = complementarity + BoxBound();
    }

    /// <summary>Gain of the Lagrangian per unit of each position, before its cost.</summary>
    public double[] Gain { get; }

    /// <summary>Price of one unit of cost C(q).</summary>
    public double CostPrice => costShare;

    /// <summary>No feasible point has an objective above the point's by more than this.</summary>
    public double Bound { get; }

    /// <summary>Gain of a small buy, its cost taken off.</summary>
    public double BuyGain(int i) => Gain[i] - costShare * SlopeUp(i);

    /// <summary>Gain of a small sale, its cost taken off.</summary>
    public double SellGain(int i) => -Gain[i] + costShare * SlopeDown(i);

    double SlopeUp(int i)
    {
        double moved = point.Position[i] - program.Reference[i];
        return moved >= 0 ? Side(program.BuyCost[i], i, moved) : -Side(program.SellCost[i], i, -moved);
    }

    double SlopeDown(int i)
    {
        double moved = point.Position[i] - program.Reference[i];
        return moved > 0 ? Side(program.BuyCost[i], i, moved) : -Side(program.SellCost[i], i, -moved);
    }

    double Side(double cost, int i, double size) => cost + 1.5 * program.PowerCost[i] * Math.Sqrt(size);

    void AddObjective()
    {
        switch (program.Objective)
        {
            case GrowthObjective growth:
                AddTail(growth.Value, growth.Weights, 1 / (growth.RiskAversion - 1), 1);
                break;
            case CostObjective cost:
                costShare += cost.CostShare;
                if (cost.Position is { } position)
                    ColumnProducts.AddScaled(-1, position, Gain);
                if (cost.Auxiliary is { } auxiliary)
                    ColumnProducts.AddScaled(-1, auxiliary, auxiliaryGain);
                break;
        }
    }

    void AddTail(ScenarioValue value, double[] weights, double t, double multiplier)
    {
        var y = point.Scenarios(value);
        var tilted = new double[y.Length];
        TailMean.Evaluate(y, weights, t, tilted, new double[y.Length], out _);
        for (int s = 0; s < y.Length; s++)
            tilted[s] = weights[s] > 0 ? multiplier * tilted[s] / y[s] : 0;
        AddScenarios(value, tilted);
    }

    /// <summary>Adds Σ v_s·y_s, v ≥ 0, to the Lagrangian.</summary>
    void AddScenarios(ScenarioValue value, double[] v)
    {
        double sum = 0;
        foreach (double weight in v)
            sum += weight;
        costShare += value.CostShare * sum;
        AddMatrix(value.Matrix, v);
        if (value.Shift is { } shift)
            ColumnProducts.AddScaled(sum, shift, Gain);
        if (value.Auxiliary is { } auxiliary)
            ColumnProducts.AddScaled(sum, auxiliary, auxiliaryGain);
        AddAuxiliary(value.AuxiliaryMatrix, v, 1);
    }

    void AddMatrix(ColumnMatrix? matrix, double[] v)
    {
        if (matrix is null)
            return;
        if (!pulls.TryGetValue(matrix, out var pull))
            pulls[matrix] = pull = new double[matrix.Rows];
        ColumnProducts.AddScaled(1, v, pull);
    }

    void AddAuxiliary(ColumnMatrix? matrix, double[] v, double sign)
    {
        if (matrix is null)
            return;
        var room = new double[matrix.Columns];
        ColumnProducts.TransposeMultiply(matrix, v, room);
        ColumnProducts.AddScaled(sign, room, auxiliaryGain);
    }

    void AddLimit(int k, LimitMultipliers multipliers)
    {
        if (!(multipliers.Total[k] > 0))
            return;
        var (rows, duals) = (multipliers.Rows[k], multipliers.RowDuals[k]);
        switch (program.Constraints[k])
        {
            case DrawdownConstraint drawdown:
                AddTail(drawdown.Value, drawdown.Weights, point.BestT[k], multipliers.Total[k]);
                complementarity += multipliers.Total[k] * (drawdown.Limit - point.Value[k]);
                break;
            case MaxLinearConstraint limit:
                var value = point.Rows(limit);
                var v = new double[value.Length];
                for (int r = 0; r < rows.Length; r++)
                {
                    v[rows[r]] = -duals[r];
                    complementarity += duals[r] * (limit.Limit - value[rows[r]]);
                }
                costShare += limit.CostShare * multipliers.Total[k];
                AddMatrix(limit.Rows, v);
                AddAuxiliary(limit.AuxiliaryRows, v, 1);
                break;
            case ScenarioFloorConstraint floor:
                AddWeighted(floor.Value, rows, duals, floor.Limit, multipliers.Total[k]);
                break;
            case ExpectedShortfallConstraint shortfall:
                AddWeighted(shortfall.Value, rows, duals, shortfall.Limit, multipliers.Total[k]);
                break;
        }
    }

    void AddWeighted(ScenarioValue value, int[] rows, double[] duals, double limit, double total)
    {
        var y = point.Scenarios(value);
        var v = new double[y.Length];
        complementarity += total * limit;
        for (int r = 0; r < rows.Length; r++)
        {
            v[rows[r]] = duals[r];
            complementarity += duals[r] * y[rows[r]];
        }
        AddScenarios(value, v);
    }

    double BoxBound()
    {
        double bound = 0;
        for (int i = 0; i < Gain.Length; i++)
            bound += PositionBound(i);
        for (int j = 0; j < auxiliaryGain.Length; j++)
        {
            double gain = auxiliaryGain[j];
            double reach =
                gain > 0
                    ? program.AuxiliaryUpper[j] - point.Auxiliary[j]
                    : point.Auxiliary[j] - program.AuxiliaryLower[j];
            // An unbounded auxiliary variable is an epigraph; its reach is taken as a hundred times its own size.
            bound += Math.Abs(gain) * (double.IsFinite(reach) ? reach : 100 * (1 + Math.Abs(point.Auxiliary[j])));
        }
        return bound;
    }

    /// <summary>Largest gain of one position over its box, exact: concave, so at an end, the reference or a
    /// root.</summary>
    double PositionBound(int i)
    {
        double best = 0;
        double reference = program.Reference[i];
        double now = PositionCost(i, point.Position[i]);
        Try(program.Lower[i]);
        Try(program.Upper[i]);
        Try(reference);
        double power = 1.5 * costShare * program.PowerCost[i];
        if (power > 0)
        {
            double up = Math.Max(0, Gain[i] - costShare * program.BuyCost[i]) / power;
            double down = Math.Max(0, -Gain[i] - costShare * program.SellCost[i]) / power;
            Try(reference + up * up);
            Try(reference - down * down);
        }
        return best;

        void Try(double q)
        {
            q = Math.Clamp(q, program.Lower[i], program.Upper[i]);
            double gain = Gain[i] * (q - point.Position[i]) - costShare * (PositionCost(i, q) - now);
            best = Math.Max(best, gain);
        }
    }

    double PositionCost(int i, double q)
    {
        double moved = q - program.Reference[i];
        double size = Math.Abs(moved);
        return (moved > 0 ? program.BuyCost[i] : program.SellCost[i]) * size
            + program.PowerCost[i] * size * Math.Sqrt(size);
    }
}

/// <summary>Multipliers of the limits in units of the program's objective per unit of each limit.</summary>
/// <param name="Total">Multiplier of the limit: its shadow price.</param>
/// <param name="Rows">Rows or scenarios with a multiplier of their own.</param>
/// <param name="RowDuals">Theirs; they sum to the total.</param>
sealed record LimitMultipliers(double[] Total, int[][] Rows, double[][] RowDuals)
{
    /// <summary>All zero.</summary>
    public static LimitMultipliers None(int count) =>
        new(
            new double[count],
            [.. Enumerable.Repeat(Array.Empty<int>(), count)],
            [.. Enumerable.Repeat(Array.Empty<double>(), count)]
        );
}
