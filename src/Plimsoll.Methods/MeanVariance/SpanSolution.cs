using Plimsoll.Numerics;

namespace Plimsoll.Methods;

/// <summary>Σx = v on the span of a covariance matrix that may be singular.</summary>
/// <param name="X">
/// The solution; where Σ is singular, of all those the one of least Σᵢ(σᵢxᵢ)²: they differ by what has no risk.
/// </param>
/// <param name="Rank">Number of directions that have risk.</param>
/// <param name="Outside">
/// Share of v, in units of each σ, that no x explains: an expected gain on what has no risk. 0 to 1.
/// </param>
/// <remarks>
/// Instruments that are made of one another (put, call and future of one strike; a perpetual listed twice) leave
/// directions without risk. Their eigenvalues are rounding alone, below n·1e-12 of a correlation matrix, far under any
/// that two different payoffs have; what is above is inverted as it is.
/// </remarks>
public sealed record SpanSolution(double[] X, int Rank, double Outside)
{
    /// <summary>Eigenvalue of a correlation matrix, per asset, that is rounding and no risk.</summary>
    const double Rounding = 1e-12;

    /// <summary>
    /// Share of v outside of the span that is a gain without risk. What was cut off has at most the deviation
    /// √(n·1e-12) of one instrument, and an edge of the same order, far below.
    /// </summary>
    const double Material = 1e-3;

    /// <summary>Whether v asks for a gain that no risk is taken for.</summary>
    public bool IsInconsistent => Outside > Material;

    /// <summary>Solves for one right-hand side.</summary>
    public static SpanSolution Of(SymmetricMatrix covariance, ReadOnlySpan<double> v)
    {
        int n = covariance.Size;
        double[] deviation = Correlations.Deviations(covariance);
        var scaled = new double[n];
        double length = 0;
        for (int i = 0; i < n; i++)
        {
            // What has no variance of its own spans nothing: it is left at zero and v must be zero there.
            scaled[i] = deviation[i] > 0 ? v[i] / deviation[i] : v[i];
            length += scaled[i] * scaled[i];
        }
        using var correlation = Correlations.Of(covariance, deviation);
        var eigen = SymmetricEigen.Of(correlation);
        var x = new double[n];
        int rank = 0;
        double outside = 0;
        for (int k = 0; k < n; k++)
        {
            var direction = eigen.Vector(k);
            double along = ColumnProducts.Dot(direction, scaled);
            if (eigen.Values[k] > n * Rounding)
            {
                rank++;
                ColumnProducts.AddScaled(along / eigen.Values[k], direction, x);
            }
            else
            {
                outside += along * along;
            }
        }
        for (int i = 0; i < n; i++)
            x[i] = deviation[i] > 0 ? x[i] / deviation[i] : 0;
        return new SpanSolution(x, rank, length > 0 ? Math.Sqrt(outside / length) : 0);
    }
}
