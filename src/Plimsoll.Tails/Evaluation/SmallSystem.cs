namespace Plimsoll.Tails;

/// <summary>Positive definite systems of a few unknowns, row by row in plain arrays.</summary>
static class SmallSystem
{
    /// <summary>b'·A⁻¹·b; NaN where A is not positive definite to rounding.</summary>
    /// <param name="lower">A by rows, the lower triangle read.</param>
    /// <param name="b">Right side.</param>
    public static double QuadraticFormOfInverse(double[] lower, double[] b)
    {
        if (!TryFactor(lower, b.Length, out double[] factor))
            return double.NaN;
        double[] y = Forward(factor, b);
        double sum = 0;
        foreach (double part in y)
            sum += part * part;
        return sum;
    }

    /// <summary>x with A·x = b; null where A is not positive definite to rounding.</summary>
    public static double[]? Solve(double[] lower, double[] b)
    {
        if (!TryFactor(lower, b.Length, out double[] factor))
            return null;
        double[] x = Forward(factor, b);
        int n = x.Length;
        for (int i = n - 1; i >= 0; i--)
        {
            for (int j = i + 1; j < n; j++)
                x[i] -= factor[j * n + i] * x[j];
            x[i] /= factor[i * n + i];
        }
        return x;
    }

    /// <summary>A⁻¹ by rows; NaN throughout where A is not positive definite to rounding.</summary>
    public static double[] Inverse(double[] lower, int n)
    {
        var inverse = new double[n * n];
        for (int j = 0; j < n; j++)
        {
            var unit = new double[n];
            unit[j] = 1;
            double[]? column = Solve(lower, unit);
            for (int i = 0; i < n; i++)
                inverse[i * n + j] = column is null ? double.NaN : column[i];
        }
        return inverse;
    }

    static double[] Forward(double[] factor, double[] b)
    {
        int n = b.Length;
        double[] y = [.. b];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < i; j++)
                y[i] -= factor[i * n + j] * y[j];
            y[i] /= factor[i * n + i];
        }
        return y;
    }

    static bool TryFactor(double[] lower, int n, out double[] factor)
    {
        factor = new double[n * n];
        for (int i = 0; i < n; i++)
        for (int j = 0; j <= i; j++)
        {
            double sum = lower[i * n + j];
            for (int k = 0; k < j; k++)
                sum -= factor[i * n + k] * factor[j * n + k];
            if (i != j)
                factor[i * n + j] = sum / factor[j * n + j];
            else if (sum > 1e-13 * lower[i * n + i])
                factor[i * n + i] = Math.Sqrt(sum);
            else
                return false;
        }
        return true;
    }
}
