using Plimsoll.Numerics;

namespace Plimsoll.Methods;

/// <summary>A covariance taken apart into scales and correlations.</summary>
static class Correlations
{
    /// <summary>Standard deviations; 0 where rounding left a variance below it.</summary>
    public static double[] Deviations(SymmetricMatrix covariance) =>
        [.. Enumerable.Range(0, covariance.Size).Select(i => Math.Sqrt(Math.Max(0, covariance[i, i])))];

    /// <summary>Correlations, 1 on the diagonal; all 0 with what has no variance.</summary>
    public static SymmetricMatrix Of(SymmetricMatrix covariance, double[] deviations)
    {
        var matrix = new SymmetricMatrix(covariance.Size);
        for (int i = 0; i < covariance.Size; i++)
        for (int j = i; j < covariance.Size; j++)
            matrix[i, j] =
                !(deviations[i] > 0 && deviations[j] > 0) ? 0
                : i == j ? 1
                : covariance[i, j] / deviations[i] / deviations[j];
        return matrix;
    }
}
