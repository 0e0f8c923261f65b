namespace Plimsoll.Numerics.Tests;

/// <summary>The definitions of a program written out plainly, sharing nothing with the solver.</summary>
sealed class NaiveProgram(ConvexProgram program)
{
    public double Cost(double[] q)
    {
        double cost = 0;
        for (int i = 0; i < q.Length; i++)
        {
            double u = q[i] - program.Reference[i];
            cost += program.BuyCost[i] * Math.Max(u, 0) + program.SellCost[i] * Math.Max(-u, 0);
            cost += program.PowerCost[i] * Math.Pow(Math.Abs(u), 1.5);
        }
        return cost;
    }

    public double[] Y(ScenarioValue value, double[] q, double[] w)
    {
        double cost = Cost(q);
        var y = new double[value.Base.Length];
        for (int s = 0; s < y.Length; s++)
        {
            y[s] = value.Base[s] - value.CostShare * cost;
            for (int i = 0; i < q.Length; i++)
                y[s] += ((value.Matrix?[s, i] ?? 0) + (value.Shift?[i] ?? 0)) * q[i];
            for (int j = 0; j < w.Length; j++)
                y[s] += ((value.AuxiliaryMatrix?[s, j] ?? 0) + (value.Auxiliary?[j] ?? 0)) * w[j];
        }
        return y;
    }

    public double Objective(double[] q, double[] w)
    {
        if (program.Objective is CostObjective cost)
        {
            double value = cost.CostShare * Cost(q);
            for (int i = 0; i < q.Length; i++)
                value += (cost.Position?[i] ?? 0) * q[i];
            for (int j = 0; j < w.Length; j++)
                value += (cost.Auxiliary?[j] ?? 0) * w[j];
            return -value;
        }
        var growth = (GrowthObjective)program.Objective;
        double[] y = Y(growth.Value, q, w);
        double a = growth.RiskAversion;
        double sum = 0;
        for (int s = 0; s < y.Length; s++)
        {
            if (growth.Weights[s] == 0)
                continue;
            if (y[s] <= 0)
                return double.NegativeInfinity;
            sum += growth.Weights[s] * (a == 1 ? Math.Log(y[s]) : Math.Pow(y[s], 1 - a));
        }
        return a == 1 ? sum : Math.Log(sum) / (1 - a);
    }

    /// <summary>Change of the objective for a relative rounding of each scenario value by one.</summary>
    public double Sensitivity(double[] q)
    {
        if (program.Objective is not GrowthObjective growth)
            return 0;
        double[] y = Y(growth.Value, q, []);
        return Tilt(y, growth.Weights, growth.RiskAversion).Sum();
    }

    public double Value(ProgramConstraint limit, double[] q, double[] w)
    {
        switch (limit)
        {
            case MaxLinearConstraint linear:
                double best = double.NegativeInfinity;
                for (int r = 0; r < linear.Offset.Length; r++)
                {
                    double row = linear.Offset[r] + linear.CostShare * Cost(q);
                    for (int i = 0; i < q.Length; i++)
                        row += linear.Rows[r, i] * q[i];
                    for (int j = 0; j < w.Length; j++)
                        row += (linear.AuxiliaryRows?[r, j] ?? 0) * w[j];
                    best = Math.Max(best, row);
                }
                return best;
            case ExpectedShortfallConstraint shortfall:
                // min over v of v + E(−y − v)⁺/(1 − level) is attained at one of the losses.
                double[] y = Y(shortfall.Value, q, w);
                double least = double.PositiveInfinity;
                foreach (double v in y.Where((_, s) => shortfall.Weights[s] > 0).Select(x => -x))
                {
                    double tail = 0;
                    for (int s = 0; s < y.Length; s++)
                        tail += shortfall.Weights[s] * Math.Max(-y[s] - v, 0);
                    least = Math.Min(least, v + tail / (1 - shortfall.Level));
                }
                return least;
            case ScenarioFloorConstraint floor:
                return -Y(floor.Value, q, w).Min();
            case DrawdownConstraint drawdown:
                return Drawdown(drawdown, Y(drawdown.Value, q, w));
            default:
                throw new InvalidOperationException();
        }
    }

    static double Drawdown(DrawdownConstraint drawdown, double[] y) =>
        y.Where((value, s) => drawdown.Weights[s] > 0 && value <= 0).Any()
            ? double.PositiveInfinity
            : DrawdownAt(drawdown, y, drawdown.FixedT ?? BestT(drawdown, y));

    static double DrawdownAt(DrawdownConstraint drawdown, double[] y, double t)
    {
        double worst = y.Where((_, s) => drawdown.Weights[s] > 0).Min();
        double sum = 0;
        for (int s = 0; s < y.Length; s++)
            if (drawdown.Weights[s] > 0)
                sum += drawdown.Weights[s] * Math.Pow(worst / y[s], 1 / t);
        return -Math.Log(worst) + t * Math.Log(sum) + t * drawdown.Rate;
    }

    /// <summary>The t of least value, by golden section in its logarithm.</summary>
    static double BestT(DrawdownConstraint drawdown, double[] y)
    {
        double low = Math.Log(1e-8);
        double high = Math.Log(Math.Min(1e6, drawdown.LargestT ?? 1e6));
        double golden = (Math.Sqrt(5) - 1) / 2;
        for (int round = 0; round < 100; round++)
        {
            double left = high - golden * (high - low);
            double right = low + golden * (high - low);
            if (DrawdownAt(drawdown, y, Math.Exp(left)) < DrawdownAt(drawdown, y, Math.Exp(right)))
                high = right;
            else
                low = left;
        }
        return Math.Exp(0.5 * (low + high));
    }

    /// <summary>weight·f − Σ price·(value − limit): a saddle point maximises it over the box.</summary>
    public double Lagrangian(double weight, double[] q, double[] w, IReadOnlyList<ConstraintState> states)
    {
        double value = weight == 0 ? 0 : weight * Objective(q, w);
        for (int k = 0; k < states.Count; k++)
            if (states[k].ShadowPrice > 0 && double.IsFinite(value))
                value -= states[k].ShadowPrice * (Value(program.Constraints[k], q, w) - states[k].Limit);
        return value;
    }

    double[] CostGradient(double[] q)
    {
        var gradient = new double[q.Length];
        for (int i = 0; i < q.Length; i++)
        {
            double u = q[i] - program.Reference[i];
            gradient[i] =
                u > 0 ? program.BuyCost[i]
                : u < 0 ? -program.SellCost[i]
                : 0;
            gradient[i] += 1.5 * program.PowerCost[i] * Math.Sqrt(Math.Abs(u)) * Math.Sign(u);
        }
        return gradient;
    }

    /// <summary>Gradient of Σ v_s·y_s.</summary>
    double[] Weighted(ScenarioValue value, double[] v, double[] q)
    {
        double[] cost = CostGradient(q);
        var gradient = new double[q.Length];
        for (int i = 0; i < q.Length; i++)
        for (int s = 0; s < v.Length; s++)
        {
            double slope = (value.Matrix?[s, i] ?? 0) + (value.Shift?[i] ?? 0) - value.CostShare * cost[i];
            gradient[i] += v[s] * slope;
        }
        return gradient;
    }

    /// <summary>A subgradient of the objective where it is finite.</summary>
    public double[] ObjectiveGradient(double[] q)
    {
        if (program.Objective is CostObjective cost)
            return [.. CostGradient(q).Select((c, i) => -(cost.CostShare * c + (cost.Position?[i] ?? 0)))];
        var growth = (GrowthObjective)program.Objective;
        double[] y = Y(growth.Value, q, []);
        return Weighted(growth.Value, Tilt(y, growth.Weights, growth.RiskAversion), q);
    }

    /// <summary>p_s·y_s^−a / Σ p·y^(1−a).</summary>
    static double[] Tilt(double[] y, double[] weights, double a)
    {
        double worst = y.Where((_, s) => weights[s] > 0).Min();
        double[] v = [.. y.Select((value, s) => weights[s] > 0 ? weights[s] * Math.Pow(worst / value, a) : 0)];
        double sum = 0;
        for (int s = 0; s < y.Length; s++)
            sum += v[s] * y[s];
        return [.. v.Select(weight => weight / sum)];
    }

    /// <summary>A subgradient of a limit where its value is finite.</summary>
    public double[] Gradient(ProgramConstraint limit, double[] q)
    {
        switch (limit)
        {
            case MaxLinearConstraint linear:
                double[] cost = CostGradient(q);
                var rows = Enumerable.Range(0, linear.Offset.Length);
                int r = rows.MaxBy(row => linear.Offset[row] + q.Select((x, i) => linear.Rows[row, i] * x).Sum());
                return [.. q.Select((_, i) => linear.Rows[r, i] + linear.CostShare * cost[i])];
            case ExpectedShortfallConstraint shortfall:
                double[] y = Y(shortfall.Value, q, []);
                var v = new double[y.Length];
                double left = 1 - shortfall.Level;
                foreach (int s in Enumerable.Range(0, y.Length).OrderBy(s => y[s]))
                {
                    double mass = Math.Min(left, shortfall.Weights[s]);
                    v[s] = -mass / (1 - shortfall.Level);
                    left -= mass;
                }
                return Weighted(shortfall.Value, v, q);
            case ScenarioFloorConstraint floor:
                double[] wealth = Y(floor.Value, q, []);
                return Weighted(floor.Value, Only(wealth.Length, Array.IndexOf(wealth, wealth.Min())), q);
            case DrawdownConstraint drawdown:
                double[] gains = Y(drawdown.Value, q, []);
                double t = drawdown.FixedT ?? BestT(drawdown, gains);
                return [.. Weighted(drawdown.Value, Tilt(gains, drawdown.Weights, 1 + 1 / t), q).Select(g => -g)];
            default:
                throw new InvalidOperationException();
        }
    }

    /// <summary>Where some weighted y is not positive: slope of −y in the worst scenario, and −y.</summary>
    public (double[] Slope, double Depth) Ruin(ScenarioValue value, double[] weights, double[] q)
    {
        double[] y = Y(value, q, []);
        int worst = Enumerable.Range(0, y.Length).Where(s => weights[s] > 0).MinBy(s => y[s]);
        return (Weighted(value, Only(y.Length, worst), q), -y[worst]);
    }

    static double[] Only(int length, int at)
    {
        var v = new double[length];
        v[at] = -1;
        return v;
    }
}
