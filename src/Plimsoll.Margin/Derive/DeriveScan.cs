using System.Collections.Immutable;

namespace Plimsoll.Margin;

/// <summary>Tilt of the volatility smile in the second manager's skew scenarios.</summary>
/// <remarks>
/// Multiplier of a strike at k = ln(K/F): <c>1 + clip(k·cap/k*, ±cap)</c>, with |k| in the absolute one;
/// <c>cap = base + c·√τ</c>, <c>k* = max(least, √τ·width·(static + scale·√τ))</c> (PMRMLib_2, skew shock).
/// </remarks>
public sealed record DeriveSkew(
    double LinearBaseCap,
    double LinearC,
    double AbsBaseCap,
    double AbsC,
    double LeastKStar,
    double WidthScale,
    double VolatilityStatic,
    double VolatilityScale
)
{
    /// <summary>Reads the node <c>skew</c> of a parameter file.</summary>
    public static DeriveSkew Read(ParameterNode node) =>
        new(
            node.Number("linear_base_cap", 0, 10),
            node.Number("linear_c", -10, 10),
            node.Number("abs_base_cap", 0, 10),
            node.Number("abs_c", -10, 10),
            node.Number("least_k_star", 0, 10),
            node.Number("width_scale", 0, 10),
            node.Number("volatility_static", 0, 10),
            node.Number("volatility_scale", -20, 20)
        );

    /// <summary>Volatility multiplier as a function of ln(strike/forward).</summary>
    public Func<double, double> Multiplier(DeriveShock shock, double tYears)
    {
        bool linear = shock == DeriveShock.Linear;
        double root = Math.Sqrt(tYears);
        double cap = linear ? LinearBaseCap + LinearC * root : AbsBaseCap + AbsC * root;
        double kStar = Math.Max(LeastKStar, root * WidthScale * (VolatilityStatic + root * VolatilityScale));
        return k =>
        {
            double along = linear ? k : Math.Abs(k);
            double tilt = along * cap / kStar;
            return 1 + (along >= 0 ? Math.Min(cap, tilt) : Math.Max(-cap, tilt));
        };
    }
}

/// <summary>An expiry ready to be scanned.</summary>
/// <param name="Expiry">What is held.</param>
/// <param name="Value">Its valuation.</param>
/// <param name="NowUsd">Its value as the market is.</param>
/// <param name="LongDiscount">Times a shocked value that is positive.</param>
/// <param name="ShortDiscount">Times a shocked value that is negative.</param>
sealed record DeriveExpiryScan(
    DeriveExpiry Expiry,
    DeriveExpiryValue Value,
    double NowUsd,
    double LongDiscount,
    double ShortDiscount
);

/// <summary>Worst scenario of a portfolio manager.</summary>
static class DeriveScan
{
    /// <summary>The grid, the basis charge first; its worst cell is at most 0 USD.</summary>
    /// <param name="market">Perpetual and coin.</param>
    /// <param name="coinUsd">Value that moves with spot.</param>
    /// <param name="expiries">Options.</param>
    /// <param name="scenarios">The manager's list.</param>
    /// <param name="shocks">Of volatility.</param>
    /// <param name="skew">Where the list has skew scenarios.</param>
    /// <param name="basis">Basis charge.</param>
    public static MarginGrid Of(
        DeriveMarketBook market,
        double coinUsd,
        IReadOnlyList<DeriveExpiryScan> expiries,
        ImmutableArray<DeriveScenario> scenarios,
        DeriveVolatilityShocks shocks,
        DeriveSkew? skew,
        DeriveBasis basis
    )
    {
        var cells = ImmutableArray.CreateBuilder<GridCell>(scenarios.Length + 1);
        double apart = expiries.Sum(expiry => basis.Of(expiry.Expiry, expiry.Value, expiry.NowUsd));
        cells.Add(new GridCell("basis", 0, VolatilityShock.Same, apart, apart, false));
        foreach (var scenario in scenarios)
        {
            double move = scenario.SpotMultiple - 1;
            double gain = market.Perpetual.Amount * market.Perpetual.PriceUsd * move + coinUsd * move;
            foreach (var expiry in expiries)
            {
                bool tilts = scenario.Volatility is DeriveShock.Linear or DeriveShock.Abs;
                double value = tilts ? Skewed(expiry, scenario, skew!) : Shocked(expiry, scenario, shocks);
                double change = value * (value >= 0 ? expiry.LongDiscount : expiry.ShortDiscount) - expiry.NowUsd;
                gain += tilts ? -Math.Abs(change) : change;
            }
            cells.Add(scenario.Cell(gain * scenario.Dampening, gain));
        }
        return MarginGrid.Of(market.Underlying, cells.MoveToImmutable());
    }

    static double Shocked(DeriveExpiryScan expiry, DeriveScenario scenario, DeriveVolatilityShocks shocks)
    {
        if (scenario is { Volatility: DeriveShock.None, SpotMultiple: 1 })
            return expiry.NowUsd;
        var (multiple, least) = shocks.Of(scenario.Volatility, expiry.Expiry.SecondsToExpiry);
        return expiry.Value.Shocked(scenario.SpotMultiple, multiple, least);
    }

    static double Skewed(DeriveExpiryScan expiry, DeriveScenario scenario, DeriveSkew skew) =>
        expiry.Value.Skewed(skew.Multiplier(scenario.Volatility, expiry.Expiry.TYears));
}
