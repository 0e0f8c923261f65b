using System.Collections.Immutable;

namespace Plimsoll.Margin;

/// <summary>A tier of an asset by notional: from here on, this leverage at most.</summary>
public readonly record struct LeverageTier(double LowerBoundUsd, double LargestLeverage);

/// <summary>Hyperliquid's maintenance margin of one asset: marginal rates by notional.</summary>
/// <remarks>
/// Source: hyperliquid.gitbook.io/hyperliquid-docs/trading/margin-tiers (read 2026).
/// <c>rate_n = ½/largest leverage</c>, <c>deduction_n = deduction_{n−1} + lower_n·(rate_n − rate_{n−1})</c>, <c>MM =
/// notional·rate_n − deduction_n</c>: continuous, convex, piecewise linear, and so the largest over all tiers of
/// <c>rate·notional − deduction</c>.
/// </remarks>
public sealed class LeverageTiers
{
    readonly double[] lower;
    readonly double[] rate;
    readonly double[] deduction;

    /// <summary>Tiers in ascending order; the first starts at 0, leverage falls.</summary>
    /// <exception cref="ArgumentException">They are not so.</exception>
    public LeverageTiers(ImmutableArray<LeverageTier> tiers)
    {
        if (!AreOrdered(tiers))
            throw new ArgumentException("tiers start at 0, ascend in notional and descend in leverage", nameof(tiers));
        Tiers = tiers;
        lower = [.. tiers.Select(tier => tier.LowerBoundUsd)];
        rate = [.. tiers.Select(tier => 0.5 / tier.LargestLeverage)];
        deduction = new double[tiers.Length];
        for (int n = 1; n < tiers.Length; n++)
            deduction[n] = deduction[n - 1] + lower[n] * (rate[n] - rate[n - 1]);
    }

    /// <summary>Whether tiers start at 0, ascend in notional and descend in leverage, which is positive.</summary>
    public static bool AreOrdered(ImmutableArray<LeverageTier> tiers)
    {
        if (tiers.IsEmpty || tiers[0].LowerBoundUsd != 0 || !tiers.All(tier => tier.LargestLeverage > 0))
            return false;
        for (int n = 1; n < tiers.Length; n++)
            if (
                !(tiers[n].LowerBoundUsd > tiers[n - 1].LowerBoundUsd)
                || !(tiers[n].LargestLeverage < tiers[n - 1].LargestLeverage)
            )
                return false;
        return true;
    }

    /// <summary>As given.</summary>
    public ImmutableArray<LeverageTier> Tiers { get; }

    /// <summary>Largest leverage at any size.</summary>
    public double LargestLeverage => Tiers[0].LargestLeverage;

    /// <summary>Marginal rate at a notional; a bound belongs to the lower tier.</summary>
    public double Rate(double notionalUsd) => rate[Tier(notionalUsd)];

    /// <summary>What is taken off at a notional, USD.</summary>
    public double DeductionUsd(double notionalUsd) => deduction[Tier(notionalUsd)];

    /// <summary>Maintenance margin of a notional, USD.</summary>
    public double MaintenanceUsd(double notionalUsd)
    {
        int n = Tier(notionalUsd);
        return notionalUsd * rate[n] - deduction[n];
    }

    /// <summary>Largest leverage that may be chosen for a position of this notional.</summary>
    public double LeverageAt(double notionalUsd) => Tiers[Tier(notionalUsd)].LargestLeverage;

    /// <summary>Largest notional whose initial margin at the tier's leverage is within an equity; positive.</summary>
    public double LargestOpenUsd(double equityUsd)
    {
        double largest = 1;
        for (int n = 0; n < Tiers.Length; n++)
        {
            double upper = n + 1 < Tiers.Length ? lower[n + 1] : double.PositiveInfinity;
            double open = Math.Min(upper, equityUsd * Tiers[n].LargestLeverage);
            if (open > lower[n])
                largest = Math.Max(largest, open);
        }
        return largest;
    }

    /// <summary>
    /// Price of the coin at which equity meets maintenance margin, the rest unmoved; null when none is positive.
    /// </summary>
    /// <remarks>
    /// <c>liq = price − side·available/size/(1 − rate·side)</c> inside a tier (…/trading/liquidations); across tiers
    /// the piece whose notional lies in its own tier is taken: equity less maintenance is concave in the price, and has
    /// one zero on the side where the position loses.
    /// </remarks>
    /// <param name="sizeCoin">Signed; not 0.</param>
    /// <param name="markUsd">Mark now.</param>
    /// <param name="equityUsd">Account value (cross) or the isolated margin with its P&amp;L.</param>
    /// <param name="otherMaintenanceUsd">Maintenance margin of the account's other positions.</param>
    public double? LiquidationPriceUsd(double sizeCoin, double markUsd, double equityUsd, double otherMaintenanceUsd)
    {
        double size = Math.Abs(sizeCoin);
        double fixedUsd = otherMaintenanceUsd - equityUsd + sizeCoin * markUsd;
        for (int n = 0; n < rate.Length; n++)
        {
            double price = (fixedUsd - deduction[n]) / (sizeCoin - size * rate[n]);
            double notional = size * price;
            double upper = n + 1 < rate.Length ? lower[n + 1] : double.PositiveInfinity;
            if (price > 0 && notional >= lower[n] && notional <= upper)
                return price;
        }
        return null;
    }

    int Tier(double notionalUsd)
    {
        int n = rate.Length - 1;
        while (n > 0 && notionalUsd <= lower[n])
            n--;
        return n;
    }
}
