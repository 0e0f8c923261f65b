using System.Collections.Immutable;

namespace Plimsoll.Numerics;

/// <summary>
/// A rigorous bound on what any feasible point can gain over a given one, from any multipliers: by concavity the
/// Lagrangian lies under its tangent in y and w, and the rest is separable over the box with the exact cost. It holds
/// to the rounding of the sums in it, not to a tolerance.
/// </summary>
sealed class Certificate
{
    readonly ConvexProgram program;
    readonly ProgramPoint point;
    readonly Dictionary<ColumnMatrix, double[]> pulls = new(ReferenceEqualityComparer.Instance);
    readonly double[] auxiliaryGain;
    readonly double[] auxiliarySize;
    readonly ImmutableDictionary<string, double[]>.Builder rowPrices = ImmutableDictionary.CreateBuilder<
        string,
        double[]
    >(StringComparer.Ordinal);
    double[] objectivePrices = [];
    double costShare;
    double complementarity;

    /// <param name="point">Where the bound is taken.</param>
    /// <param name="read">Multipliers of the limits, as good as they were found: any give a bound.</param>
    public Certificate(ProgramPoint point, LimitMultipliers read)
    {
        (program, this.point) = (point.Program, point);
        int count = program.Constraints.Length;
        Gain = new double[point.Position.Length];
        auxiliaryGain = new double[point.Auxiliary.Length];
        AddObjective();
        auxiliarySize = [.. auxiliaryGain.Select(Math.Abs)];
        LimitDual?[] duals = [.. Enumerable.Range(0, count).Select(k => LimitDual.Of(point, k, read))];
        double[]?[] gains = [.. duals.Select(dual => dual?.AuxiliaryGain(auxiliaryGain.Length))];
        double[] factors = AuxiliaryBalance.Factors(program, auxiliaryGain, gains);
        Multipliers = LimitMultipliers.None(count);
        for (int k = 0; k < count; k++)
            if (duals[k] is { } dual)
                Add(k, dual, factors[k], gains[k]!);
        var room = new double[Gain.Length];
        foreach (var (matrix, pull) in pulls)
        {
            ColumnProducts.TransposeMultiply(matrix, pull, room);
            ColumnProducts.AddScaled(1, room, Gain);
        }
        Bound = complementarity + BoxBound();
    }

    /// <summary>Weights of scenarios and rows in the Lagrangian.</summary>
    public RowPrices Prices => new(objectivePrices, rowPrices.ToImmutable());

    /// <summary>The multipliers that the bound is built of: those read, moved into each limit's dual set.</summary>
    public LimitMultipliers Multipliers { get; }

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
                AddGrowth(growth);
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

    /// <summary>Adds −Φ(y, t), concave, by its tangent.</summary>
    void AddGrowth(GrowthObjective growth)
    {
        var y = point.Scenarios(growth.Value);
        var v = new double[y.Length];
        TailMean.Evaluate(y, growth.Weights, 1 / (growth.RiskAversion - 1), v, new double[y.Length], out _);
        double sum = 0;
        for (int s = 0; s < y.Length; s++)
        {
            v[s] = growth.Weights[s] > 0 ? v[s] / y[s] : 0;
            sum += v[s];
        }
        objectivePrices = v;
        costShare += growth.Value.CostShare * sum;
        AddMatrix(growth.Value.Matrix, v, 1);
        if (growth.Value.Shift is { } shift)
            ColumnProducts.AddScaled(sum, shift, Gain);
        if (growth.Value.Auxiliary is { } auxiliary)
            ColumnProducts.AddScaled(sum, auxiliary, auxiliaryGain);
        if (growth.Value.AuxiliaryMatrix is not { } matrix)
            return;
        var room = new double[matrix.Columns];
        ColumnProducts.TransposeMultiply(matrix, v, room);
        ColumnProducts.AddScaled(1, room, auxiliaryGain);
    }

    void Add(int k, LimitDual dual, double factor, double[] gains)
    {
        Multipliers.Total[k] = factor * dual.Total;
        Multipliers.Rows[k] = dual.Rows;
        Multipliers.RowDuals[k] = [.. dual.Duals.Select(v => factor * v)];
        rowPrices[program.Constraints[k].Name] = [.. dual.Pull.Select(v => factor * v)];
        complementarity += factor * dual.Slackness;
        costShare += factor * dual.CostPrice;
        AddMatrix(dual.Matrix, dual.Pull, factor);
        if (dual.Shift is { } shift)
            ColumnProducts.AddScaled(factor * dual.PullSum, shift, Gain);
        for (int j = 0; j < gains.Length; j++)
        {
            auxiliaryGain[j] += factor * gains[j];
            auxiliarySize[j] += factor * Math.Abs(gains[j]);
        }
    }

    void AddMatrix(ColumnMatrix? matrix, double[] v, double factor)
    {
        if (matrix is null)
            return;
        if (!pulls.TryGetValue(matrix, out var pull))
            pulls[matrix] = pull = new double[matrix.Rows];
        ColumnProducts.AddScaled(factor, v, pull);
    }

    double BoxBound()
    {
        double bound = 0;
        for (int i = 0; i < Gain.Length; i++)
            bound += PositionGain.Largest(program, i, Gain[i], costShare, point.Position[i]);
        for (int j = 0; j < auxiliaryGain.Length; j++)
        {
            double gain = auxiliaryGain[j];
            double reach =
                gain > 0
                    ? program.AuxiliaryUpper[j] - point.Auxiliary[j]
                    : point.Auxiliary[j] - program.AuxiliaryLower[j];
            // Toward an open end the balance has left rounding or nothing; what is more makes the bound infinite.
            if (double.IsFinite(reach) || Math.Abs(gain) > AuxiliaryBalance.Rounding * auxiliarySize[j])
                bound += Math.Abs(gain) * reach;
        }
        return bound;
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
