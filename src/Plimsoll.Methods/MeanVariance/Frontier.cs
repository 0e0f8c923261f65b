using Plimsoll.Numerics;

namespace Plimsoll.Methods;

/// <summary>Closed forms of mean and variance without limits.</summary>
/// <remarks>Merton 1972, JFQA 7: with a = 1ᵀΣ⁻¹1, b = 1ᵀΣ⁻¹μ, c = μᵀΣ⁻¹μ.</remarks>
public static class Frontier
{
    /// <summary>Σ⁻¹·v; null where Σ is singular.</summary>
    public static double[]? Solve(SymmetricMatrix covariance, ReadOnlySpan<double> v)
    {
        using var factor = new SymmetricMatrix(covariance.Size);
        factor.CopyFrom(covariance);
        if (Cholesky.Factor(factor) > 0)
            return null;
        var x = new double[v.Length];
        var residual = new double[v.Length];
        Cholesky.SolveRefined(covariance, factor, v, x, residual, 3);
        return x;
    }

    /// <summary>Weights of least variance that sum to 1.</summary>
    public static double[]? MinimumVariance(SymmetricMatrix covariance)
    {
        double[] ones = [.. Enumerable.Repeat(1.0, covariance.Size)];
        return Solve(covariance, ones) is { } x ? Scaled(x, 1 / x.Sum()) : null;
    }

    /// <summary>Weights of least variance with a given mean, sum 1.</summary>
    public static double[]? AtMean(SymmetricMatrix covariance, double[] mean, double target)
    {
        double[] ones = [.. Enumerable.Repeat(1.0, covariance.Size)];
        if (Solve(covariance, ones) is not { } one || Solve(covariance, mean) is not { } two)
            return null;
        double a = one.Sum(),
            b = two.Sum(),
            c = ColumnProducts.Dot(mean, two),
            d = a * c - b * b;
        return [.. one.Select((value, i) => ((c - b * target) * value + (a * target - b) * two[i]) / d)];
    }

    /// <summary>Σ⁻¹(μ − r): growth-optimal fractions, and the direction of the largest Sharpe ratio.</summary>
    public static double[]? Growth(SymmetricMatrix covariance, double[] excess) => Solve(covariance, excess);

    /// <summary>Largest Sharpe ratio: √((μ − r)ᵀΣ⁻¹(μ − r)).</summary>
    public static double? LargestSharpe(SymmetricMatrix covariance, double[] excess) =>
        Solve(covariance, excess) is { } x ? Math.Sqrt(Math.Max(0, ColumnProducts.Dot(x, excess))) : null;

    static double[] Scaled(double[] x, double factor) => [.. x.Select(v => factor * v)];
}
