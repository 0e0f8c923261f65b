using Plimsoll.Numerics;

namespace Plimsoll.Risk;

/// <summary>Where a book loses most among all moves of a plausibility.</summary>
/// <param name="Loss">Largest loss, positive.</param>
/// <param name="Move">The move.</param>
/// <param name="Multiplier">Of |y| ≤ radius in whitened coordinates: (B + λI)·y = −a.</param>
public sealed record EllipsoidWorst(double Loss, double[] Move, double Multiplier);

/// <summary>Largest loss of a linear or quadratic book over xᵀΣ⁻¹x ≤ k².</summary>
/// <remarks>
/// Studer 1997, Maximum loss for measurement of market risk; Breuer, Jandacka, Rheinberger and Summer 2009. Linear:
/// k·√(wᵀΣw) at −kΣw/√(wᵀΣw). Quadratic: a trust-region problem (Moré and Sorensen 1983), solved on the eigenvalues of
/// the whitened second derivative, with its hard case; its multiplier certifies a global optimum.
/// </remarks>
public static class EllipsoidLoss
{
    /// <summary>Loss of gain wᵀx.</summary>
    /// <param name="law">Second moments.</param>
    /// <param name="slope">w.</param>
    /// <param name="radius">k, standard deviations.</param>
    public static EllipsoidWorst Linear(FactorLaw law, ReadOnlySpan<double> slope, double radius)
    {
        double[] a = law.Pulled(slope);
        double size = Math.Sqrt(FixedOrderSum.Dot(a, a));
        double[] y = [.. a.Select(value => size == 0 ? 0 : -radius * value / size)];
        return new EllipsoidWorst(radius * size, law.Move(y), size / radius);
    }

    /// <summary>Least radius at which gain wᵀx loses an amount, and the move: b/√(wᵀΣw).</summary>
    public static (double Radius, double[] Move) Reverse(FactorLaw law, ReadOnlySpan<double> slope, double loss)
    {
        double deviation = Linear(law, slope, 1).Loss;
        double radius = loss / deviation;
        return (radius, Linear(law, slope, radius).Move);
    }

    /// <summary>Loss of gain δᵀx + ½xᵀΓx.</summary>
    /// <param name="law">Second moments.</param>
    /// <param name="slope">δ.</param>
    /// <param name="curvature">Γ.</param>
    /// <param name="radius">k, standard deviations.</param>
    public static EllipsoidWorst Quadratic(
        FactorLaw law,
        ReadOnlySpan<double> slope,
        SymmetricMatrix curvature,
        double radius
    )
    {
        double[] a = law.Pulled(slope);
        int n = a.Length;
        var whitened = new SymmetricMatrix(n);
        for (int k = 0; k < n; k++)
        {
            var unit = new double[n];
            unit[k] = 1;
            var column = new double[curvature.Size];
            curvature.Multiply(law.Move(unit), column);
            double[] pulled = law.Pulled(column);
            for (int j = 0; j <= k; j++)
                whitened[j, k] = pulled[j];
        }
        var eigen = SymmetricEigen.Of(whitened);
        double[] along = [.. Enumerable.Range(0, n).Select(k => FixedOrderSum.Dot(eigen.Vector(k), a))];
        var (coordinates, multiplier) = TrustRegion(eigen.Values, along, radius);
        var y = new double[n];
        for (int k = 0; k < n; k++)
        for (int i = 0; i < n; i++)
            y[i] += coordinates[k] * eigen.Vector(k)[i];
        double gain = 0;
        for (int k = 0; k < n; k++)
            gain += along[k] * coordinates[k] + 0.5 * eigen.Values[k] * coordinates[k] * coordinates[k];
        return new EllipsoidWorst(-gain, law.Move(y), multiplier);
    }

    /// <summary>min aᵀz + ½Σβz² over |z| ≤ radius, coordinates along the eigenvectors, eigenvalues ascending.</summary>
    static (double[] Z, double Multiplier) TrustRegion(double[] eigenvalues, double[] along, double radius)
    {
        double least = Math.Max(0, -eigenvalues[0]);
        // The multiplier is least + excess: near the hard case the excess is far below the last digit of the sum.
        double[] raised = [.. eigenvalues.Select(value => value + least)];
        double size = Math.Sqrt(along.Sum(value => value * value));
        if (eigenvalues[0] > 0 && Norm(0) <= radius)
            return (At(0), 0);
        double high = Math.Max(size / radius, double.Epsilon),
            low = 1e-24 * high;
        if (Norm(low) < radius)
        {
            // The hard case: nothing along the lowest eigenvector, so the multiplier stops at its bound.
            double[] z = At(low);
            z[0] = 0;
            double left = Math.Sqrt(Math.Max(0, radius * radius - z.Sum(value => value * value)));
            z[0] = along[0] > 0 ? -left : left;
            return (z, least);
        }
        for (int step = 0; step < 200 && high - low > 1e-16 * high; step++)
        {
            double middle = Math.Sqrt(low * high);
            (low, high) = Norm(middle) > radius ? (middle, high) : (low, middle);
        }
        return (At(high), least + high);

        double[] At(double excess) =>
            [.. along.Select((value, k) => value == 0 ? 0 : -value / Math.Max(raised[k] + excess, double.Epsilon))];

        double Norm(double excess) => Math.Sqrt(At(excess).Sum(value => value * value));
    }
}
