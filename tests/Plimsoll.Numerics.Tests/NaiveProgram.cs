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

    static double Drawdown(DrawdownConstraint drawdown, double[] y)
    {
        if (y.Where((value, s) => drawdown.Weights[s] > 0 && value <= 0).Any())
            return double.PositiveInfinity;
        double worst = y.Where((_, s) => drawdown.Weights[s] > 0).Min();
        double At(double logT)
        {
            double t = Math.Exp(logT);
            double sum = 0;
            for (int s = 0; s < y.Length; s++)
                if (drawdown.Weights[s] > 0)
                    sum += drawdown.Weights[s] * Math.Pow(worst / y[s], 1 / t);
            return -Math.Log(worst) + t * Math.Log(sum) + t * drawdown.Rate;
        }
        if (drawdown.FixedT is { } fixedT)
            return At(Math.Log(fixedT));
        double low = Math.Log(1e-8);
        double high = Math.Log(1e6);
        double golden = (Math.Sqrt(5) - 1) / 2;
        for (int round = 0; round < 100; round++)
        {
            double left = high - golden * (high - low);
            double right = low + golden * (high - low);
            if (At(left) < At(right))
                high = right;
            else
                low = left;
        }
        return At(0.5 * (low + high));
    }

    /// <summary>weight·f − Σ price·(value − limit): a saddle point maximises it over the box.</summary>
    public double Lagrangian(double weight, double[] q, double[] w, IReadOnlyList<ConstraintState> states)
    {
        double value = weight == 0 ? 0 : Objective(q, w);
        for (int k = 0; k < states.Count; k++)
            if (states[k].ShadowPrice > 0 && double.IsFinite(value))
                value -= states[k].ShadowPrice * (Value(program.Constraints[k], q, w) - states[k].Limit);
        return value;
    }
}
