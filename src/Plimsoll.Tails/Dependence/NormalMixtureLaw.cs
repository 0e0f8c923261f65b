using Plimsoll.Numerics;

namespace Plimsoll.Tails;

/// <summary>A mixture of normal laws: the next day of a chain whose state is not known.</summary>
/// <remarks>The quantile of the mixture, which is no mean of the states' quantiles.</remarks>
/// <param name="Weights">Sum 1.</param>
/// <param name="Mean">By state.</param>
/// <param name="Deviation">By state, positive.</param>
public sealed record NormalMixtureLaw(double[] Weights, double[] Mean, double[] Deviation)
{
    /// <summary>P(x ≤ value).</summary>
    public double Cdf(double value)
    {
        double sum = 0;
        for (int i = 0; i < Weights.Length; i++)
            sum += Weights[i] * SpecialFunctions.NormalCdf((value - Mean[i]) / Deviation[i]);
        return sum;
    }

    /// <summary>Quantile, by bisection between the states' own quantiles.</summary>
    public double Quantile(double probability)
    {
        double z = SpecialFunctions.NormalInverse(probability);
        double low = double.PositiveInfinity,
            high = double.NegativeInfinity;
        for (int i = 0; i < Weights.Length; i++)
        {
            double own = Mean[i] + Deviation[i] * z;
            (low, high) = (Math.Min(low, own), Math.Max(high, own));
        }
        for (int step = 0; step < 200 && high - low > 1e-15 * Math.Max(1, Math.Abs(low)); step++)
        {
            double middle = 0.5 * (low + high);
            (low, high) = Cdf(middle) < probability ? (middle, high) : (low, middle);
        }
        return 0.5 * (low + high);
    }

    /// <summary>Mean below the quantile: E[x | x ≤ quantile].</summary>
    public double TailMean(double probability)
    {
        double quantile = Quantile(probability);
        double sum = 0;
        for (int i = 0; i < Weights.Length; i++)
        {
            double z = (quantile - Mean[i]) / Deviation[i];
            sum +=
                Weights[i]
                * (Mean[i] * SpecialFunctions.NormalCdf(z) - Deviation[i] * SpecialFunctions.NormalDensity(z));
        }
        return sum / probability;
    }
}
