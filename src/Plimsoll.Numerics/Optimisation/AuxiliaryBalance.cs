namespace Plimsoll.Numerics;

/// <summary>
/// Auxiliary variables without a bound make a Lagrangian infinite unless they do not gain toward it. Multipliers may
/// always be made smaller, so limits that push toward an open end are lowered until nothing does.
/// </summary>
static class AuxiliaryBalance
{
    const int MostRounds = 50;

    /// <summary>A gain this much smaller than its parts is their rounding.</summary>
    public const double Rounding = 1e-14;

    /// <summary>A factor in [0, 1] for each limit's multipliers.</summary>
    /// <param name="program">For the bounds.</param>
    /// <param name="objective">Gain of the objective per unit of each auxiliary variable.</param>
    /// <param name="limits">Gain by limit and auxiliary variable; null for a limit without a price.</param>
    public static double[] Factors(ConvexProgram program, double[] objective, double[]?[] limits)
    {
        var factor = new double[limits.Length];
        Array.Fill(factor, 1);
        bool moved = true;
        for (int round = 0; round < MostRounds && moved; round++)
        {
            moved = false;
            for (int j = 0; j < objective.Length; j++)
                moved |= Balance(program, objective[j], limits, factor, j);
        }
        return factor;
    }

    static bool Balance(ConvexProgram program, double objective, double[]?[] limits, double[] factor, int j)
    {
        double sum = objective;
        double size = Math.Abs(objective);
        for (int k = 0; k < limits.Length; k++)
        {
            sum += factor[k] * (limits[k]?[j] ?? 0);
            size += factor[k] * Math.Abs(limits[k]?[j] ?? 0);
        }
        bool open = double.IsInfinity(sum > 0 ? program.AuxiliaryUpper[j] : program.AuxiliaryLower[j]);
        if (!open || Math.Abs(sum) <= 0.1 * Rounding * size)
            return false;
        double pushing = 0;
        for (int k = 0; k < limits.Length; k++)
            if (limits[k] is { } gain && gain[j] * sum > 0)
                pushing += factor[k] * gain[j];
        if (pushing == 0)
            return false;
        double kept = Math.Max(0, 1 - sum / pushing);
        for (int k = 0; k < limits.Length; k++)
            if (limits[k] is { } gain && gain[j] * sum > 0)
                factor[k] *= kept;
        return true;
    }
}
