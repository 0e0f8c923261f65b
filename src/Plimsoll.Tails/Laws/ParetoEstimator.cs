using Plimsoll.Numerics;

namespace Plimsoll.Tails;

/// <summary>A normal prior on the shape of a tail, so that ten new days do not swing it.</summary>
/// <param name="Mean">Prior mean of ξ.</param>
/// <param name="Deviation">Prior standard deviation.</param>
public sealed record ShapePrior(double Mean, double Deviation);

/// <summary>Fits of the tail beyond a threshold.</summary>
public static class ParetoEstimator
{
    /// <summary>Shapes are kept within these: below likelihood is irregular, above the mean fails.</summary>
    const double LeastShape = -0.5;
    const double LargestShape = 0.9;

    /// <summary>Maximum likelihood, or the posterior mode with a prior, of losses over a threshold.</summary>
    /// <param name="losses">Positive is a loss.</param>
    /// <param name="threshold">u.</param>
    /// <param name="prior">None: maximum likelihood.</param>
    /// <exception cref="ArgumentException">Fewer than 10 losses beyond the threshold.</exception>
    /// <remarks>
    /// Reparametrised as (ξ, ln β) within −0.5 ≤ ξ ≤ 0.9 (Smith 1985: regular for ξ &gt; −0.5). McNeil, ASTIN Bulletin
    /// 27 (1997).
    /// </remarks>
    public static ParetoFit Fit(ReadOnlySpan<double> losses, double threshold, ShapePrior? prior = null)
    {
        double[] excess = Excesses(losses, threshold);
        if (excess.Length < 10)
            throw new ArgumentException($"{excess.Length} losses over {threshold}; at least 10 are needed");
        double mean = excess.Average();
        double Objective(ReadOnlySpan<double> x, Span<double> gradient)
        {
            var (shape, slope) = Shape(x[0]);
            double value = NegativeLogLikelihood(excess, shape, Math.Exp(x[1]), out double byShape, out double byLog);
            if (prior is not null)
            {
                double z = (shape - prior.Mean) / prior.Deviation;
                value += 0.5 * z * z;
                byShape += z / prior.Deviation;
            }
            if (!gradient.IsEmpty)
                (gradient[0], gradient[1]) = (byShape * slope, byLog);
            return value;
        }
        Minimum? best = null;
        foreach (double shape in (double[])[0.1, 0.4])
        {
            var found = Bfgs.Minimise(Objective, [Unbounded(shape), Math.Log(mean * (1 - shape))], 1e-9);
            if (best is null || found.Value < best.Value)
                best = found;
        }
        double xi = Shape(best!.Point[0]).Shape;
        double beta = Math.Exp(best.Point[1]);
        var (shapeError, scaleError) = Errors(excess, xi, beta);
        return new ParetoFit(
            new GeneralisedPareto(threshold, xi, beta, losses.Length, excess.Length),
            prior is null ? shapeError : double.NaN,
            prior is null ? scaleError : double.NaN,
            NegativeLogLikelihood(excess, xi, beta, out _, out _),
            best.Converged
        );
    }

    /// <summary>Hill's index of the k largest losses: 1/mean ln(X_(i)/X_(k+1)).</summary>
    /// <param name="losses">Positive beyond the k-th.</param>
    /// <param name="count">k, below the number of losses.</param>
    /// <remarks>Hill, Annals of Statistics 3 (1975). The base is the (k+1)-th largest, not the k-th.</remarks>
    public static double HillIndex(ReadOnlySpan<double> losses, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(count, losses.Length);
        double[] sorted = losses.ToArray();
        Array.Sort(sorted);
        double logBase = Math.Log(sorted[^(count + 1)]);
        double sum = 0;
        for (int i = 1; i <= count; i++)
            sum += Math.Log(sorted[^i]) - logBase;
        return count / sum;
    }

    static double[] Excesses(ReadOnlySpan<double> losses, double threshold)
    {
        var excess = new List<double>();
        foreach (double loss in losses)
            if (loss > threshold)
                excess.Add(loss - threshold);
        return [.. excess];
    }

    static (double Shape, double Slope) Shape(double x)
    {
        double s = 1 / (1 + Math.Exp(-x));
        double width = LargestShape - LeastShape;
        return (LeastShape + width * s, width * s * (1 - s));
    }

    static double Unbounded(double shape) => Math.Log((shape - LeastShape) / (LargestShape - shape));

    /// <summary>Σ ln β + (1 + 1/ξ)·ln(1 + ξx/β), infinite outside the support; derivatives by ξ and ln β.</summary>
    internal static double NegativeLogLikelihood(
        double[] excess,
        double shape,
        double scale,
        out double byShape,
        out double byLogScale
    )
    {
        var (sum, shapeSum, scaleSum) = (0.0, 0.0, 0.0);
        foreach (double x in excess)
        {
            double y = x / scale;
            double inside = 1 + shape * y;
            if (!(inside > 0))
            {
                byShape = byLogScale = double.NaN;
                return double.PositiveInfinity;
            }
            double ratio = y / inside;
            if (Math.Abs(shape) < GeneralisedPareto.ExponentialBelow)
            {
                sum += y + shape * (y - y * y / 2);
                shapeSum += y - y * y / 2;
            }
            else
            {
                double log = SpecialFunctions.Log1p(shape * y);
                sum += (1 + 1 / shape) * log;
                shapeSum += (1 + 1 / shape) * ratio - log / (shape * shape);
            }
            scaleSum -= (1 + shape) * ratio;
        }
        byShape = shapeSum;
        byLogScale = excess.Length + scaleSum;
        return excess.Length * Math.Log(scale) + sum;
    }

    /// <summary>Inverse of the observed information by (ξ, β), from differences of the gradient.</summary>
    static (double Shape, double Scale) Errors(double[] excess, double shape, double scale)
    {
        (double, double) Gradient(double xi, double beta)
        {
            NegativeLogLikelihood(excess, xi, beta, out double byShape, out double byLog);
            return (byShape, byLog / beta);
        }
        double h = 1e-5;
        var (a1, b1) = Gradient(shape + h, scale);
        var (a0, b0) = Gradient(shape - h, scale);
        var (_, d1) = Gradient(shape, scale * (1 + h));
        var (_, d0) = Gradient(shape, scale * (1 - h));
        double aa = (a1 - a0) / (2 * h);
        double ab = (b1 - b0) / (2 * h);
        double bb = (d1 - d0) / (2 * h * scale);
        double determinant = aa * bb - ab * ab;
        return (Math.Sqrt(bb / determinant), Math.Sqrt(aa / determinant));
    }
}
