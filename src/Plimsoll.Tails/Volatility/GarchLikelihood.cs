namespace Plimsoll.Tails;

/// <summary>Log-likelihood of a volatility model with its gradient by the natural parameters.</summary>
/// <remarks>
/// One pass over the returns carries h and its derivatives along (Fiorentini, Calzolari and Panattoni, J. Applied
/// Econometrics 11 (1996)). Order of parameters everywhere: μ, ω, α, γ, β, ν, λ.
/// </remarks>
static class GarchLikelihood
{
    /// <summary>Number of natural parameters.</summary>
    public const int Count = 7;

    /// <summary>Σ ln f(r_t); −infinity where a variance is not positive.</summary>
    /// <param name="returns">Percent.</param>
    /// <param name="specification">The model.</param>
    /// <param name="at">Where.</param>
    /// <param name="gradient">7 long, or empty.</param>
    /// <param name="scores">Gradient of each day's term, 7 a day; or empty.</param>
    public static double Value(
        ReadOnlySpan<double> returns,
        GarchSpecification specification,
        GarchParameters at,
        Span<double> gradient = default,
        Span<double> scores = default
    )
    {
        var density = new InnovationDensity(at.Degrees, at.Skew);
        bool isLog = specification.Dynamics == VarianceDynamics.Egarch;
        var centre = isLog ? MeanSize.Of(at.Degrees, at.Skew) : default;
        // State: h or ln h, and its derivatives.
        Span<double> slope = stackalloc double[Count];
        double state = Start(returns, specification, at, slope);
        gradient.Clear();
        double sum = 0;
        for (int t = 0; t < returns.Length; t++)
        {
            double variance = isLog ? Math.Exp(state) : state;
            if (!(variance > 0 && variance < 1e150))
                return double.NegativeInfinity;
            double e = returns[t] - at.Mean;
            double deviation = Math.Sqrt(variance);
            double z = e / deviation;
            sum += density.At(z, out double byZ, out var byShape) - (isLog ? state / 2 : 0.5 * Math.Log(variance));
            double perLog = -0.5 * (1 + z * byZ);
            double toLog = isLog ? 1 : 1 / variance;
            if (!gradient.IsEmpty)
                for (int k = 0; k < Count; k++)
                {
                    double term = perLog * slope[k] * toLog + Direct(k, byZ, deviation, byShape);
                    gradient[k] += term;
                    if (!scores.IsEmpty)
                        scores[t * Count + k] = term;
                }
            state = isLog ? NextLog(at, centre, state, z, deviation, slope) : Next(at, state, e, slope);
        }
        return sum;
    }

    static double Direct(int k, double byZ, double deviation, (double Degrees, double Skew) byShape) =>
        k switch
        {
            0 => -byZ / deviation,
            5 => byShape.Degrees,
            6 => byShape.Skew,
            _ => 0,
        };

    /// <summary>h of the next day; the derivatives are carried along.</summary>
    static double Next(GarchParameters at, double h, double e, Span<double> slope)
    {
        double square = e * e;
        double negative = e < 0 ? square : 0;
        double reaction = at.Alpha + (e < 0 ? at.Gamma : 0);
        for (int k = 0; k < 5; k++)
            slope[k] *= at.Beta;
        slope[0] -= 2 * e * reaction;
        slope[1] += 1;
        slope[2] += square;
        slope[3] += negative;
        slope[4] += h;
        return at.Omega + reaction * square + at.Beta * h;
    }

    /// <summary>ln h of the next day; the derivatives are carried along.</summary>
    static double NextLog(
        GarchParameters at,
        MeanSize centre,
        double log,
        double z,
        double deviation,
        Span<double> slope
    )
    {
        double sign = Math.Sign(z);
        double reaction = at.Alpha + at.Gamma * sign;
        double carried = at.Beta - 0.5 * z * reaction;
        for (int k = 0; k < Count; k++)
            slope[k] *= carried;
        slope[0] -= reaction / deviation;
        slope[1] += 1;
        slope[2] += z;
        slope[3] += Math.Abs(z) - centre.Value;
        slope[4] += log;
        slope[5] -= at.Gamma * centre.ByDegrees;
        slope[6] -= at.Gamma * centre.BySkew;
        return at.Omega + at.Alpha * z + at.Gamma * (Math.Abs(z) - centre.Value) + at.Beta * log;
    }

    /// <summary>First h, or ln h, and its derivatives.</summary>
    static double Start(
        ReadOnlySpan<double> returns,
        GarchSpecification specification,
        GarchParameters at,
        Span<double> slope
    )
    {
        slope.Clear();
        bool isLog = specification.Dynamics == VarianceDynamics.Egarch;
        if (specification.Start == VarianceStart.WindowVariance)
        {
            double variance = WindowVariance(returns);
            return isLog ? Math.Log(variance) : variance;
        }
        var (square, negative, mean, negativeMean) = (0.0, 0.0, 0.0, 0.0);
        foreach (double r in returns)
        {
            double e = r - at.Mean;
            square += e * e;
            mean += e;
            if (e < 0)
                (negative, negativeMean) = (negative + e * e, negativeMean + e);
        }
        int n = returns.Length;
        (square, negative, mean, negativeMean) = (square / n, negative / n, mean / n, negativeMean / n);
        if (isLog)
        {
            slope[0] = -2 * mean / square;
            return Math.Log(square);
        }
        slope[0] = -2 * ((at.Alpha + at.Beta) * mean + at.Gamma * negativeMean);
        (slope[1], slope[2], slope[3], slope[4]) = (1, square, negative, square);
        return at.Omega + (at.Alpha + at.Beta) * square + at.Gamma * negative;
    }

    /// <summary>Σ(r − mean)²/n.</summary>
    public static double WindowVariance(ReadOnlySpan<double> returns)
    {
        var (mean, sum) = (0.0, 0.0);
        foreach (double r in returns)
            mean += r / returns.Length;
        foreach (double r in returns)
            sum += (r - mean) * (r - mean);
        return sum / returns.Length;
    }

    /// <summary>The first h at given parameters.</summary>
    public static double FirstVariance(
        ReadOnlySpan<double> returns,
        GarchSpecification specification,
        GarchParameters at
    )
    {
        Span<double> slope = stackalloc double[Count];
        double state = Start(returns, specification, at, slope);
        return specification.Dynamics == VarianceDynamics.Egarch ? Math.Exp(state) : state;
    }

    /// <summary>E|Z| and its derivatives by the shape, by central differences.</summary>
    readonly record struct MeanSize(double Value, double ByDegrees, double BySkew)
    {
        public static MeanSize Of(double degrees, double skew)
        {
            double value = InnovationDensity.MeanSize(degrees, skew);
            if (double.IsInfinity(degrees))
                return new(value, 0, 0);
            double h = 1e-5 * (degrees - 2);
            double byDegrees =
                (InnovationDensity.MeanSize(degrees + h, skew) - InnovationDensity.MeanSize(degrees - h, skew))
                / (2 * h);
            double bySkew =
                (InnovationDensity.MeanSize(degrees, skew + 1e-5) - InnovationDensity.MeanSize(degrees, skew - 1e-5))
                / 2e-5;
            return new(value, byDegrees, bySkew);
        }
    }
}
