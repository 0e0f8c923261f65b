namespace Plimsoll.Risk;

/// <summary>The response of implied volatility to spot that this version ships, as dated data.</summary>
/// <remarks>
/// Estimated by <see cref="VolatilityResponseEstimator"/> on 193 moves between the 194 recorded Deribit chains of
/// 2025-12-30 to 2026-05-31. Standard errors (jackknife over 15 blocks of consecutive days), BTC and ETH: down beta
/// 0.63 and 0.25, up beta 0.48 and 0.22, tenor exponent 0.07 and 0.03, skew beta 0.18 and 0.10, residual log-volatility
/// 0.009 and 0.004, residual skew 0.004 and 0.004. Spot explains 53% and 40% of the variance of the 30-day moves. One
/// half-year with a crash in it, skew downward all through: an estimate for such times, not a constant of nature.
/// </remarks>
public static class VolatilityResponses
{
    const string Source = "recorded Deribit chains, 2025-12-30 to 2026-05-31, 193 moves";

    static readonly VolatilityResponse Bitcoin = new(
        "BTC",
        Source,
        DownBeta: -2.00,
        UpBeta: -1.18,
        TenorExponent: 0.40,
        SkewBeta: 1.61,
        ResidualLogVolatilityPerDay: 0.0366,
        ResidualSkewPerDay: 0.0527
    );

    static readonly VolatilityResponse Ether = new(
        "ETH",
        Source,
        DownBeta: -0.96,
        UpBeta: -0.46,
        TenorExponent: 0.52,
        SkewBeta: 0.94,
        ResidualLogVolatilityPerDay: 0.0309,
        ResidualSkewPerDay: 0.0382
    );

    /// <summary>Whether the response of this coin was estimated from its own chains.</summary>
    public static bool IsEstimated(string underlying) => underlying is "BTC" or "ETH";

    /// <summary>
    /// The response of a coin: its own estimate for BTC and ETH, BTC's figures for any other coin, which is an
    /// assumption and says so in <see cref="VolatilityResponse.Source"/>.
    /// </summary>
    public static VolatilityResponse For(string underlying) =>
        underlying switch
        {
            "BTC" => Bitcoin,
            "ETH" => Ether,
            _ => Bitcoin with { Underlying = underlying, Source = $"assumed: as BTC's, {Bitcoin.Source}" },
        };
}
