using System.Collections.Immutable;

namespace Plimsoll.Numerics;

/// <summary>
/// Weights of scenarios and rows in the Lagrangian at a solution: what a column costs and earns there, whether the
/// program had it or not (column generation; Dantzig and Wolfe 1960).
/// </summary>
/// <param name="Objective">Weight of each scenario of a growth objective; empty for a cost.</param>
/// <param name="Limits">By a limit's name, the weight of each of its rows or scenarios; limits without a price are not
/// in it. Rows of a maximum have weights of at most 0, scenarios of at least 0.</param>
public sealed record RowPrices(double[] Objective, ImmutableDictionary<string, double[]> Limits)
{
    /// <summary>
    /// The most that each position of another program over the same scenarios and rows could add to the objective by
    /// itself: first order in the prices, exact in its own cost and box, so that by concavity none adds more.
    /// </summary>
    /// <param name="columns">
    /// Its limits are told by name and have the rows of the solved program's in the same order; those without a price
    /// may be left out. Its reference is where the solution leaves these positions.
    /// </param>
    /// <exception cref="ArgumentException">A limit has other rows than the solved program's.</exception>
    public double[] LargestGains(ConvexProgram columns)
    {
        var gain = new double[columns.Reference.Length];
        double costPrice = 0;
        switch (columns.Objective)
        {
            case GrowthObjective growth:
                costPrice += AddScenarios(growth.Value, Objective, gain);
                break;
            case CostObjective cost:
                costPrice += cost.CostShare;
                if (cost.Position is { } position)
                    ColumnProducts.AddScaled(-1, position, gain);
                break;
        }
        foreach (var limit in columns.Constraints)
        {
            if (!Limits.TryGetValue(limit.Name, out double[]? weights))
                continue;
            costPrice += limit switch
            {
                MaxLinearConstraint rows => AddRows(rows, weights, gain),
                ExpectedShortfallConstraint shortfall => AddScenarios(shortfall.Value, weights, gain),
                ScenarioFloorConstraint floor => AddScenarios(floor.Value, weights, gain),
                DrawdownConstraint drawdown => AddScenarios(drawdown.Value, weights, gain),
                _ => throw new ArgumentException("constraint of an unknown kind"),
            };
        }
        for (int i = 0; i < gain.Length; i++)
            gain[i] = PositionGain.Largest(columns, i, gain[i], costPrice, columns.Reference[i]);
        return gain;
    }

    /// <summary>
    /// The same prices for columns that write only some rows of a limit: at least those with a price, which are all
    /// that counts.
    /// </summary>
    /// <param name="rowsOf">By a limit's name, the rows that are written, in their order.</param>
    public RowPrices Only(IReadOnlyDictionary<string, int[]> rowsOf) =>
        this with
        {
            Limits = Limits.SetItems(
                rowsOf
                    .Where(pair => Limits.ContainsKey(pair.Key))
                    .Select(pair =>
                        KeyValuePair.Create(pair.Key, pair.Value.Select(r => Limits[pair.Key][r]).ToArray())
                    )
            ),
        };

    static double AddRows(MaxLinearConstraint limit, double[] weights, double[] gain)
    {
        AddMatrix(limit.Rows, weights, gain);
        return -limit.CostShare * Sum(weights);
    }

    static double AddScenarios(ScenarioValue value, double[] weights, double[] gain)
    {
        double sum = Sum(weights);
        if (value.Matrix is { } matrix)
            AddMatrix(matrix, weights, gain);
        if (value.Shift is { } shift)
            ColumnProducts.AddScaled(sum, shift, gain);
        return value.CostShare * sum;
    }

    static void AddMatrix(ColumnMatrix matrix, double[] weights, double[] gain)
    {
        if (matrix.Rows != weights.Length)
            throw new ArgumentException($"a limit has {matrix.Rows} rows where the solved one has {weights.Length}");
        var room = new double[gain.Length];
        ColumnProducts.TransposeMultiply(matrix, weights, room);
        ColumnProducts.AddScaled(1, room, gain);
    }

    static double Sum(double[] weights)
    {
        double sum = 0;
        foreach (double weight in weights)
            sum += weight;
        return sum;
    }
}
