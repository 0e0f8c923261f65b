namespace Plimsoll.Tails;

/// <summary>Clayton's copula of two: joint lows only.</summary>
/// <remarks>Nelsen 2006, An Introduction to Copulas, table 4.1.</remarks>
/// <param name="Theta">θ, above 0.</param>
public readonly record struct ClaytonCopula(double Theta)
{
    /// <summary>C(u, v).</summary>
    public double Cdf(double u, double v) => Math.Pow(Math.Pow(u, -Theta) + Math.Pow(v, -Theta) - 1, -1 / Theta);

    /// <summary>c(u, v).</summary>
    public double Density(double u, double v) =>
        (1 + Theta)
        * Math.Pow(u * v, -Theta - 1)
        * Math.Pow(Math.Pow(u, -Theta) + Math.Pow(v, -Theta) - 1, -2 - 1 / Theta);

    /// <summary>2^(−1/θ).</summary>
    public double LowerTailDependence => Math.Pow(2, -1 / Theta);

    /// <summary>θ/(θ + 2).</summary>
    public double KendallTau => Theta / (Theta + 2);
}

/// <summary>Gumbel's copula of two: joint highs only; for losses of returns use it on 1 − u.</summary>
/// <remarks>Nelsen 2006, table 4.1.</remarks>
/// <param name="Theta">θ, at least 1.</param>
public readonly record struct GumbelCopula(double Theta)
{
    /// <summary>C(u, v).</summary>
    public double Cdf(double u, double v) => Math.Exp(-Math.Pow(Sum(u, v), 1 / Theta));

    /// <summary>c(u, v).</summary>
    public double Density(double u, double v)
    {
        double sum = Sum(u, v);
        double root = Math.Pow(sum, 1 / Theta);
        return Cdf(u, v)
            / (u * v)
            * Math.Pow(Math.Log(u) * Math.Log(v), Theta - 1)
            * Math.Pow(sum, 1 / Theta - 2)
            * (root + Theta - 1);
    }

    /// <summary>2 − 2^(1/θ).</summary>
    public double UpperTailDependence => 2 - Math.Pow(2, 1 / Theta);

    /// <summary>1 − 1/θ.</summary>
    public double KendallTau => 1 - 1 / Theta;

    double Sum(double u, double v) => Math.Pow(-Math.Log(u), Theta) + Math.Pow(-Math.Log(v), Theta);
}
