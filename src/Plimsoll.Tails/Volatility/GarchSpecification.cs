namespace Plimsoll.Tails;

/// <summary>How tomorrow's variance follows from today's.</summary>
public enum VarianceDynamics
{
    /// <summary>h' = ω + αe² + βh (Bollerslev, J. Econometrics 31 (1986)).</summary>
    Garch,

    /// <summary>h' = ω + (α + γ1{e &lt; 0})e² + βh (Glosten, Jagannathan and Runkle, J. Finance 48 (1993)).</summary>
    Gjr,

    /// <summary>
    /// ln h' = ω + αz + γ(|z| − E|z|) + β ln h (Nelson, Econometrica 59 (1991)); α is the sign effect.
    /// </summary>
    Egarch,
}

/// <summary>Law of the standardised innovation; all have mean 0 and variance 1.</summary>
public enum InnovationFamily
{
    /// <summary>Normal.</summary>
    Normal,

    /// <summary>Student's t scaled to unit variance.</summary>
    Student,

    /// <summary>Hansen's skewed t.</summary>
    SkewedStudent,
}

/// <summary>Variance of the first day, which no earlier day explains.</summary>
public enum VarianceStart
{
    /// <summary>
    /// Presample squares and variance are the sample's mean squared residual at the current mean (Fiorentini, Calzolari
    /// and Panattoni 1996), those of negative residuals their own mean.
    /// </summary>
    ResidualMean,

    /// <summary>The sample's variance, divided by n.</summary>
    WindowVariance,
}

/// <summary>A volatility model to fit.</summary>
/// <param name="Dynamics">Of the variance.</param>
/// <param name="Innovations">Their family.</param>
/// <param name="Start">Of the recursion.</param>
/// <param name="LargestPersistence">
/// Bound on α + γ/2 + β or |β|; above 1 allows the explosive optimum that Student innovations can have.
/// </param>
public sealed record GarchSpecification(
    VarianceDynamics Dynamics,
    InnovationFamily Innovations,
    VarianceStart Start = VarianceStart.ResidualMean,
    double LargestPersistence = 0.9999
);

/// <summary>Parameters, returns in percent; those that a model lacks are 0.</summary>
/// <param name="Mean">μ, percent a day.</param>
/// <param name="Omega">ω; scales with the square of the unit.</param>
/// <param name="Alpha">α.</param>
/// <param name="Gamma">γ.</param>
/// <param name="Beta">β.</param>
/// <param name="Degrees">ν; infinite for normal innovations.</param>
/// <param name="Skew">λ.</param>
public sealed record GarchParameters(
    double Mean,
    double Omega,
    double Alpha,
    double Gamma,
    double Beta,
    double Degrees = double.PositiveInfinity,
    double Skew = 0
)
{
    /// <summary>α + γ/2 + β, the persistence under a symmetric law; not for EGARCH, where it is β.</summary>
    public double Persistence => Alpha + Gamma / 2 + Beta;

    /// <summary>Law of the innovations.</summary>
    public ITailLaw Law => double.IsInfinity(Degrees) ? NormalLaw.Standard : new SkewedStudentLaw(Degrees, Skew);

    /// <summary>
    /// E h of each of the next days from the first one's: s + (persistence)^k(h − s); not √time unless persistence is
    /// 1.
    /// </summary>
    /// <param name="next">h of the first day.</param>
    /// <param name="days">How many.</param>
    public double[] VarianceAhead(double next, int days)
    {
        var path = new double[days];
        for (int k = 0; k < days; k++, next = Omega + Persistence * next)
            path[k] = next;
        return path;
    }
}
