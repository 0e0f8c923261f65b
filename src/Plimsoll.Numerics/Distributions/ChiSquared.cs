namespace Plimsoll.Numerics;

/// <summary>Upper tail of the chi-squared distribution.</summary>
public static class ChiSquared
{
    /// <summary>P(X &gt; x) with whole degrees of freedom; closed forms for one and two.</summary>
    /// <param name="x">Below 0 counts as 0.</param>
    /// <param name="degrees">At least 1.</param>
    public static double UpperTail(double x, int degrees)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(degrees, 1);
        x = x < 0 ? 0 : x;
        return degrees switch
        {
            1 => SpecialFunctions.Erfc(Math.Sqrt(x / 2)),
            2 => LaneMath<Lanes1, double>.Exp(-x / 2),
            _ => IncompleteFunctions.UpperGamma(degrees / 2.0, x / 2),
        };
    }
}
