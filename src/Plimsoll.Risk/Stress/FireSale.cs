using Plimsoll.Numerics;

namespace Plimsoll.Risk;

/// <summary>What selling by those who must adds to prices.</summary>
/// <remarks>
/// Cont and Wagalath 2013 and 2016, one fund, linear: it sells the fraction slope times its own return of each holding,
/// which moves price i by holding over depth, so returns are (I + s·Λ·wᵀ) times the fundamental ones: volatilities and
/// correlations rise together, by what no calm sample shows.
/// </remarks>
public static class FireSale
{
    /// <summary>(I + sΛwᵀ)·Σ·(I + sΛwᵀ)ᵀ.</summary>
    /// <param name="fundamental">Σ.</param>
    /// <param name="holdingsOverDepth">Λ.</param>
    /// <param name="fundWeights">w.</param>
    /// <param name="slope">s.</param>
    public static SymmetricMatrix Covariance(
        SymmetricMatrix fundamental,
        ReadOnlySpan<double> holdingsOverDepth,
        ReadOnlySpan<double> fundWeights,
        double slope
    )
    {
        int n = fundamental.Size;
        var own = new double[n];
        fundamental.Multiply(fundWeights, own);
        double variance = FixedOrderSum.Dot(own, fundWeights);
        var realised = new SymmetricMatrix(n);
        for (int i = 0; i < n; i++)
        for (int j = i; j < n; j++)
        {
            double first = slope * (holdingsOverDepth[i] * own[j] + own[i] * holdingsOverDepth[j]);
            double second = slope * slope * variance * holdingsOverDepth[i] * holdingsOverDepth[j];
            realised[i, j] = fundamental[i, j] + first + second;
        }
        return realised;
    }

    /// <summary>The move after those who must sell have sold: the least fixed point of m = shock + push(m).</summary>
    /// <remarks>
    /// Sold: own + crowd·|m| contracts; push: Y·σ·√(sold / (volume·depth)), of the shock's sign. The root grows slower
    /// than its argument, so the iteration from the shock rises to the one fixed point above it.
    /// </remarks>
    /// <param name="shock">ln move before anyone is forced; not 0.</param>
    /// <param name="ownContracts">What the account itself must sell, at least 0.</param>
    /// <param name="crowdContracts">What the crowd must sell per unit of ln move, at least 0.</param>
    /// <param name="dailyVolumeContracts">Volume of a day before the crash, positive.</param>
    /// <param name="depth">Share of the depth that is left.</param>
    /// <param name="dailyDeviation">σ of a day in the stress.</param>
    /// <param name="prefactor">Y.</param>
    public static double AmplifiedMove(
        double shock,
        double ownContracts,
        double crowdContracts,
        double dailyVolumeContracts,
        double depth,
        double dailyDeviation,
        double prefactor
    )
    {
        double size = Math.Abs(shock);
        // (m − shock)² = c²·(own + crowd·m): the root above the shock, written so that nothing cancels.
        double squared = prefactor * prefactor * dailyDeviation * dailyDeviation / (dailyVolumeContracts * depth);
        double slope = squared * crowdContracts;
        double root = Math.Sqrt(4 * size * slope + slope * slope + 4 * squared * ownContracts);
        double move = size + 0.5 * (slope + root);
        return Math.Sign(shock) * move;
    }
}
