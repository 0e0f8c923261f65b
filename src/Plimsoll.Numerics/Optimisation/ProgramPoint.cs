namespace Plimsoll.Numerics;

/// <summary>A point of a program with every value recomputed from its definition.</summary>
sealed class ProgramPoint
{
    readonly Dictionary<ScenarioValue, double[]> values = new(ReferenceEqualityComparer.Instance);
    readonly Dictionary<ColumnMatrix, double[]> products = new(ReferenceEqualityComparer.Instance);

    public ProgramPoint(ConvexProgram program, double[] position, double[] auxiliary, double[]? hintT = null)
    {
        (Program, Position, Auxiliary) = (program, position, auxiliary);
        Cost = CostOf(program, position);
        int count = program.Constraints.Length;
        (Value, WorstRow, BestT) = (new double[count], new int[count], new double[count]);
        for (int k = 0; k < count; k++)
            Value[k] = Evaluate(program.Constraints[k], k, hintT);
        Objective = program.Objective switch
        {
            GrowthObjective growth => 0.0
                - TailMean.Evaluate(
                    Scenarios(growth.Value),
                    growth.Weights,
                    1 / (growth.RiskAversion - 1),
                    new double[growth.Weights.Length],
                    new double[growth.Weights.Length],
                    out _
                ),
            CostObjective cost => 0.0
                - (cost.CostShare * Cost + Inner(cost.Position, position) + Inner(cost.Auxiliary, auxiliary)),
            _ => throw new ArgumentException("objective of an unknown kind"),
        };
    }

    public ConvexProgram Program { get; }
    public double[] Position { get; }
    public double[] Auxiliary { get; }

    /// <summary>C(q).</summary>
    public double Cost { get; }
    public double Objective { get; }

    /// <summary>Left-hand side of every constraint.</summary>
    public double[] Value { get; }
    public int[] WorstRow { get; }

    /// <summary>The t of each drawdown constraint; zero for the others.</summary>
    public double[] BestT { get; }

    /// <summary>Largest (value − limit)/scale, bounds included; at least 0.</summary>
    public double MaximumViolation
    {
        get
        {
            double worst = 0;
            for (int k = 0; k < Value.Length; k++)
                worst = Math.Max(worst, Violation(k));
            for (int i = 0; i < Position.Length; i++)
            {
                double outside = Math.Max(Program.Lower[i] - Position[i], Position[i] - Program.Upper[i]);
                worst = Math.Max(worst, outside / Program.Scale[i]);
            }
            for (int j = 0; j < Auxiliary.Length; j++)
                worst = Math.Max(
                    worst,
                    Math.Max(Program.AuxiliaryLower[j] - Auxiliary[j], Auxiliary[j] - Program.AuxiliaryUpper[j])
                );
            return worst;
        }
    }

    /// <summary>Positive part of (value − limit)/scale.</summary>
    public double Violation(int k)
    {
        double excess = (Value[k] - Program.Constraints[k].Limit) / Program.Constraints[k].Scale;
        return excess > 0 ? excess
            : double.IsNaN(excess) ? double.PositiveInfinity
            : 0;
    }

    /// <summary>y_s of a scenario value at this point.</summary>
    public double[] Scenarios(ScenarioValue value)
    {
        if (values.TryGetValue(value, out var known))
            return known;
        var y = (double[])value.Base.Clone();
        if (value.Matrix is { } matrix)
            Add(Product(matrix, Position), y);
        if (value.AuxiliaryMatrix is { } auxiliary)
            ColumnProducts.MultiplyAdd(auxiliary, Auxiliary, y);
        double constant = Inner(value.Shift, Position) + Inner(value.Auxiliary, Auxiliary) - value.CostShare * Cost;
        if (constant != 0)
            for (int s = 0; s < y.Length; s++)
                y[s] += constant;
        return values[value] = y;
    }

    /// <summary>Row values of a maximum of linear functions, cost included.</summary>
    public double[] Rows(MaxLinearConstraint limit)
    {
        var rows = (double[])limit.Offset.Clone();
        ColumnProducts.MultiplyAdd(limit.Rows, Position, rows);
        if (limit.AuxiliaryRows is { } auxiliary)
            ColumnProducts.MultiplyAdd(auxiliary, Auxiliary, rows);
        for (int r = 0; r < rows.Length; r++)
            rows[r] += limit.CostShare * Cost;
        return rows;
    }

    /// <summary>C(q) of a program.</summary>
    public static double CostOf(ConvexProgram program, ReadOnlySpan<double> position)
    {
        double cost = 0;
        for (int i = 0; i < position.Length; i++)
        {
            double moved = position[i] - program.Reference[i];
            if (moved == 0)
                continue;
            double size = Math.Abs(moved);
            cost += (moved > 0 ? program.BuyCost[i] : program.SellCost[i]) * size;
            cost += program.PowerCost[i] * size * Math.Sqrt(size);
        }
        return cost;
    }

    static double Inner(double[]? a, double[] b) => a is null ? 0 : ColumnProducts.Dot(a, b);

    static void Add(ReadOnlySpan<double> from, Span<double> into) => ColumnProducts.AddScaled(1, from, into);

    double[] Product(ColumnMatrix matrix, double[] position)
    {
        if (products.TryGetValue(matrix, out var known))
            return known;
        var product = new double[matrix.Rows];
        ColumnProducts.MultiplyAdd(matrix, position, product);
        return products[matrix] = product;
    }

    double Evaluate(ProgramConstraint constraint, int k, double[]? hintT)
    {
        switch (constraint)
        {
            case MaxLinearConstraint limit:
                var rows = Rows(limit);
                WorstRow[k] = Largest(rows);
                return rows[WorstRow[k]];
            case ExpectedShortfallConstraint shortfall:
                var gains = Scenarios(shortfall.Value);
                WorstRow[k] = Smallest(gains);
                return Shortfall.Of(gains, shortfall.Weights, shortfall.Level);
            case ScenarioFloorConstraint floor:
                var wealth = Scenarios(floor.Value);
                WorstRow[k] = Smallest(wealth);
                return -wealth[WorstRow[k]];
            case DrawdownConstraint drawdown:
                return Drawdown(drawdown, k, hintT);
            default:
                throw new ArgumentException("constraint of an unknown kind");
        }
    }

    double Drawdown(DrawdownConstraint drawdown, int k, double[]? hintT)
    {
        var y = Scenarios(drawdown.Value);
        var negativeLog = new double[y.Length];
        var tilted = new double[y.Length];
        WorstRow[k] = Smallest(y);
        BestT[k] = drawdown.FixedT ?? 1;
        if (!TailMean.NegativeLog(y, drawdown.Weights, negativeLog))
            return double.PositiveInfinity;
        if (drawdown.FixedT is null)
        {
            double guess = hintT is { } hint && hint[k] > 0 ? hint[k] : Math.Max(drawdown.Limit / drawdown.Rate, 1e-3);
            double free = TailMean.BestT(negativeLog, drawdown.Weights, drawdown.Rate, guess, tilted);
            BestT[k] = Math.Min(free, drawdown.LargestT ?? double.PositiveInfinity);
        }
        double t = BestT[k];
        return TailMean.FromLog(negativeLog, drawdown.Weights, t, tilted, out _) + t * drawdown.Rate;
    }

    static int Largest(double[] v)
    {
        int best = 0;
        for (int s = 1; s < v.Length; s++)
            if (v[s] > v[best])
                best = s;
        return best;
    }

    static int Smallest(double[] v)
    {
        int best = 0;
        for (int s = 1; s < v.Length; s++)
            if (v[s] < v[best])
                best = s;
        return best;
    }
}
