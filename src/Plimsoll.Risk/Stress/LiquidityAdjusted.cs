using Plimsoll.Numerics;

namespace Plimsoll.Risk;

/// <summary>Value at risk with the cost of leaving at stressed spreads.</summary>
/// <param name="PriceRisk">Value at risk of the price.</param>
/// <param name="ExogenousCost">Half of the stressed spread.</param>
public sealed record LiquidityAdjustedRisk(double PriceRisk, double ExogenousCost)
{
    /// <summary>Both.</summary>
    public double Total => PriceRisk + ExogenousCost;
}

/// <summary>Liquidity-adjusted value at risk of one position.</summary>
/// <remarks>
/// Bangia, Diebold, Schuermann and Stroughair 1999: P(1 − e^(−θzσ)) + ½P(mean spread + a·deviation of the spread); it
/// takes extremes of price and of spread to come together.
/// </remarks>
public static class LiquidityAdjusted
{
    /// <summary>The two parts.</summary>
    /// <param name="position">Value of the position, positive.</param>
    /// <param name="dailyDeviation">σ of the log return.</param>
    /// <param name="level">Such as 0.99.</param>
    /// <param name="correction">θ, for fat tails; 1: normal.</param>
    /// <param name="spreadMean">Mean relative spread.</param>
    /// <param name="spreadDeviation">Its deviation.</param>
    /// <param name="multiplier">a.</param>
    public static LiquidityAdjustedRisk Bangia(
        double position,
        double dailyDeviation,
        double level,
        double correction,
        double spreadMean,
        double spreadDeviation,
        double multiplier
    ) =>
        new(
            position * -SpecialFunctions.Expm1(-correction * SpecialFunctions.NormalInverse(level) * dailyDeviation),
            0.5 * position * (spreadMean + multiplier * spreadDeviation)
        );
}
