namespace Plimsoll.Tails;

/// <summary>What the bars inside a day tell of its volatility; percent squared.</summary>
/// <param name="Variance">Σr².</param>
/// <param name="DownVariance">Σr²1{r &lt; 0}.</param>
/// <param name="Bipower">(π/2)Σ|r_i||r_(i−1)|, which a jump does not lift; no small-sample factor.</param>
/// <remarks>Barndorff-Nielsen, Kinnebrock and Shephard (2010); Barndorff-Nielsen and Shephard (2004).</remarks>
public readonly record struct RealisedMeasures(double Variance, double DownVariance, double Bipower)
{
    /// <summary>Σr²1{r &gt; 0}.</summary>
    public double UpVariance => Variance - DownVariance;

    /// <summary>Share of the variance that came in jumps: max(0, 1 − bipower/variance); 0 for a still day.</summary>
    public double JumpShare => Variance > 0 ? Math.Max(0, 1 - Bipower / Variance) : 0;

    /// <summary>From the returns of the bars in order.</summary>
    public static RealisedMeasures Of(ReadOnlySpan<double> returns)
    {
        var (variance, down, pairs) = (0.0, 0.0, 0.0);
        for (int i = 0; i < returns.Length; i++)
        {
            double square = returns[i] * returns[i];
            variance += square;
            down += returns[i] < 0 ? square : 0;
            pairs += i > 0 ? Math.Abs(returns[i] * returns[i - 1]) : 0;
        }
        return new(variance, down, Math.PI / 2 * pairs);
    }
}
