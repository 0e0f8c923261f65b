namespace Plimsoll.Pricing;

/// <summary>
/// A normalised smile at one point: value, slope and curvature with their derivatives by (v, L, R, μ, ln ς); see
/// <see cref="SliceProblem"/>.
/// </summary>
struct SmileJet
{
    readonly double least;
    readonly double left;
    readonly double right;
    readonly double geometric;
    double point;
    double z;
    double q;

    public SmileJet(ReadOnlySpan<double> p)
    {
        (least, left, right, Centre) = (p[0], p[1], p[2], p[3]);
        Width = Math.Exp(p[4]);
        geometric = Math.Sqrt(left * right);
    }

    public double Centre { get; }
    public double Width { get; }

    /// <summary>W at the point; positive.</summary>
    public double Value { get; private set; }

    readonly double Slope => 0.5 * (right - left) + 0.5 * (right + left) * z / q;

    readonly double Curvature => 0.5 * (right + left) * Width * Width / (q * q * q);

    public void MoveTo(double y)
    {
        point = y;
        z = y - Centre;
        q = Math.Sqrt(z * z + Width * Width);
        Value = least - Width * geometric + 0.5 * (right - left) * z + 0.5 * (right + left) * q;
        Value = Math.Max(Value, 1e-9);
    }

    /// <summary>Durrleman's g; theta is the unit of W.</summary>
    public readonly double Density(double theta)
    {
        double slope = Slope;
        double first = 1 - point * slope / (2 * Value);
        return first * first - slope * slope / 4 * (1 / Value + theta / 4) + Curvature / 2;
    }

    /// <summary>Adds slope·dr and curvature·dr·drᵀ for a residual r with dr = unit·dW.</summary>
    public readonly void AddValue(
        double slope,
        double curvature,
        double unit,
        Span<double> gradient,
        Span<double> hessian
    )
    {
        Span<double> d = stackalloc double[SliceProblem.Unknowns];
        ValueDerivatives(d, unit);
        Add(d, slope, curvature, gradient, hessian);
    }

    /// <summary>Adds slope·dg and curvature·dg·dgᵀ for Durrleman's g.</summary>
    public readonly void AddDensity(
        double theta,
        double slope,
        double curvature,
        Span<double> gradient,
        Span<double> hessian
    )
    {
        Span<double> d = stackalloc double[SliceProblem.Unknowns];
        double rise = Slope;
        double bend = Curvature;
        double share = point * rise / (2 * Value);
        double byValue = 2 * (1 - share) * share / Value + rise * rise / (4 * Value * Value);
        double bySlope = -(1 - share) * point / Value - rise / 2 * (1 / Value + theta / 4);
        double cube = 0.5 * Width * Width / (q * q * q);
        double ratio = Width * Width / (q * q);
        ValueDerivatives(d, byValue);
        d[1] += bySlope * 0.5 * (z / q - 1) + 0.5 * cube;
        d[2] += bySlope * 0.5 * (z / q + 1) + 0.5 * cube;
        d[3] += -bySlope * bend + 0.5 * 3 * z * bend / (q * q);
        d[4] += -bySlope * z * bend + 0.5 * bend * (2 - 3 * ratio);
        Add(d, slope, curvature, gradient, hessian);
    }

    /// <summary>Derivatives of unit·W by the unknowns.</summary>
    public readonly void ValueDerivatives(Span<double> d, double unit)
    {
        d[0] = unit;
        d[1] = unit * (0.5 * (q - z) - 0.5 * Width * right / geometric);
        d[2] = unit * (0.5 * (q + z) - 0.5 * Width * left / geometric);
        d[3] = -unit * Slope;
        d[4] = unit * (0.5 * (right + left) * Width * Width / q - Width * geometric);
    }

    static void Add(ReadOnlySpan<double> d, double slope, double curvature, Span<double> gradient, Span<double> hessian)
    {
        for (int i = 0; i < d.Length; i++)
        {
            gradient[i] += slope * d[i];
            double row = curvature * d[i];
            for (int j = i; j < d.Length; j++)
                hessian[i * SliceProblem.Unknowns + j] += row * d[j];
        }
    }
}
