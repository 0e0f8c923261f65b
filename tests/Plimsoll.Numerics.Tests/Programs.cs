namespace Plimsoll.Numerics.Tests;

/// <summary>Short forms of the programs that tests write down.</summary>
static class Programs
{
    public static ColumnMatrix Matrix(double[][] rows)
    {
        var matrix = new ColumnMatrix(rows.Length, rows[0].Length);
        for (int i = 0; i < rows.Length; i++)
        for (int j = 0; j < rows[0].Length; j++)
            matrix[i, j] = rows[i][j];
        return matrix;
    }

    public static double[] Fill(int length, double value)
    {
        var vector = new double[length];
        Array.Fill(vector, value);
        return vector;
    }

    public static ScenarioValue Wealth(double[][] returns) =>
        new(Fill(returns.Length, 1), Matrix(returns), null, null, null, 0);

    /// <summary>Growth of a book without cost, flat at the start, unit scales.</summary>
    public static ConvexProgram Growth(double[][] returns, double[] weights, double lower, double upper)
    {
        int n = returns[0].Length;
        return new ConvexProgram
        {
            Reference = new double[n],
            Lower = Fill(n, lower),
            Upper = Fill(n, upper),
            Scale = Fill(n, 1),
            BuyCost = new double[n],
            SellCost = new double[n],
            PowerCost = new double[n],
            Objective = new GrowthObjective(Wealth(returns), weights, 1),
        };
    }

    /// <summary>coefficients·q ≤ limit.</summary>
    public static MaxLinearConstraint Row(string name, double limit, params double[] coefficients) =>
        new(name, limit, 1, 1, [0], Matrix([coefficients]), null, 0);

    public static MaxLinearConstraint Budget(int n, double limit) => Row("budget", limit, Fill(n, 1));
}
