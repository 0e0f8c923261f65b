namespace Plimsoll.Tails;

/// <summary>Unbounded coordinates of a model's parameters, so that a search cannot leave the domain.</summary>
/// <remarks>
/// GARCH and GJR: μ, ln ω, logit of the persistence over its bound, logit of the share of reaction in it, logit of the
/// share of falls in the reaction. EGARCH: μ, ω, α, γ, artanh of β over its bound. Shapes: ln(ν − 2.05), artanh of λ.
/// </remarks>
sealed class GarchCoordinates(GarchSpecification specification)
{
    const double LeastDegrees = 2.05;
    const double LargestSkew = 0.95;
    const double LargestLogDegrees = 6;

    bool IsLog => specification.Dynamics == VarianceDynamics.Egarch;
    bool IsGjr => specification.Dynamics == VarianceDynamics.Gjr;
    bool HasDegrees => specification.Innovations != InnovationFamily.Normal;
    bool HasSkew => specification.Innovations == InnovationFamily.SkewedStudent;
    int Dynamic => IsLog || IsGjr ? 5 : 4;

    /// <summary>Number of coordinates.</summary>
    public int Count => Dynamic + (HasDegrees ? 1 : 0) + (HasSkew ? 1 : 0);

    /// <summary>Coordinates of parameters inside the domain.</summary>
    public double[] Of(GarchParameters at)
    {
        var x = new double[Count];
        x[0] = at.Mean;
        double bound = specification.LargestPersistence;
        if (IsLog)
            (x[1], x[2], x[3], x[4]) = (at.Omega, at.Alpha, at.Gamma, Math.Atanh(Inside(at.Beta / bound)));
        else
        {
            double persistence = Math.Min(at.Persistence, 0.9999 * bound);
            double reaction = Math.Max(at.Alpha + at.Gamma / 2, 1e-6);
            x[1] = Math.Log(at.Omega);
            x[2] = Logit(persistence / bound);
            x[3] = Logit(Math.Clamp(reaction / persistence, 1e-6, 1 - 1e-6));
            if (IsGjr)
                x[4] = Logit(Math.Clamp((at.Alpha + at.Gamma) / (2 * reaction), 1e-4, 1 - 1e-4));
        }
        if (HasDegrees)
            x[Dynamic] = Math.Log(Math.Max(at.Degrees - LeastDegrees, 1e-3));
        if (HasSkew)
            x[Dynamic + 1] = Math.Atanh(Inside(at.Skew / LargestSkew));
        return x;
    }

    /// <summary>Parameters at the coordinates.</summary>
    public GarchParameters At(ReadOnlySpan<double> x)
    {
        double degrees = HasDegrees
            ? LeastDegrees + Math.Exp(Math.Min(x[Dynamic], LargestLogDegrees))
            : double.PositiveInfinity;
        double skew = HasSkew ? LargestSkew * Math.Tanh(x[Dynamic + 1]) : 0;
        double bound = specification.LargestPersistence;
        if (IsLog)
            return new(x[0], x[1], x[2], x[3], bound * Math.Tanh(x[4]), degrees, skew);
        double persistence = bound * Logistic(x[2]);
        double reaction = persistence * Logistic(x[3]);
        double fall = IsGjr ? Logistic(x[4]) : 0.5;
        return new(
            x[0],
            Math.Exp(x[1]),
            2 * reaction * (1 - fall),
            2 * reaction * (2 * fall - 1),
            persistence - reaction,
            degrees,
            skew
        );
    }

    /// <summary>Gradient by coordinates from that by μ, ω, α, γ, β, ν, λ.</summary>
    public void Pull(ReadOnlySpan<double> x, ReadOnlySpan<double> natural, Span<double> gradient)
    {
        gradient[0] = natural[0];
        double bound = specification.LargestPersistence;
        if (IsLog)
        {
            (gradient[1], gradient[2], gradient[3]) = (natural[1], natural[2], natural[3]);
            double tanh = Math.Tanh(x[4]);
            gradient[4] = natural[4] * bound * (1 - tanh * tanh);
        }
        else
        {
            var (p, s) = (Logistic(x[2]), Logistic(x[3]));
            double f = IsGjr ? Logistic(x[4]) : 0.5;
            double persistence = bound * p;
            // α = 2Ps(1 − f), γ = 2Ps(2f − 1), β = P(1 − s)
            double perReaction = 2 * (1 - f) * natural[2] + 2 * (2 * f - 1) * natural[3];
            gradient[1] = natural[1] * Math.Exp(x[1]);
            gradient[2] = (s * perReaction + (1 - s) * natural[4]) * persistence * (1 - p);
            gradient[3] = (perReaction - natural[4]) * persistence * s * (1 - s);
            if (IsGjr)
                gradient[4] = 2 * persistence * s * (2 * natural[3] - natural[2]) * f * (1 - f);
        }
        if (HasDegrees)
            gradient[Dynamic] = x[Dynamic] < LargestLogDegrees ? natural[5] * Math.Exp(x[Dynamic]) : 0;
        if (HasSkew)
        {
            double tanh = Math.Tanh(x[Dynamic + 1]);
            gradient[Dynamic + 1] = natural[6] * LargestSkew * (1 - tanh * tanh);
        }
    }

    static double Logistic(double x) => 1 / (1 + Math.Exp(-x));

    static double Logit(double p) => Math.Log(p / (1 - p));

    static double Inside(double x) => Math.Clamp(x, -0.99999, 0.99999);
}
