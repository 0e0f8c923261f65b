namespace Plimsoll.Risk;

/// <summary>The response of implied volatility to spot that this version ships, as dated data.</summary>
public static class VolatilityResponses
{
    static readonly VolatilityResponse Bitcoin = new(
        "BTC",
        "recorded Deribit chains, 2025-12-30 to 2026-05-31",
        DownBeta: -2.2,
        UpBeta: -1.2,
        TenorExponent: 0.5,
        SkewBeta: 0,
        ResidualLogVolatilityPerDay: 0.04,
        ResidualSkewPerDay: 0.05
    );

    static readonly VolatilityResponse Ether = new(
        "ETH",
        "recorded Deribit chains, 2025-12-30 to 2026-05-31",
        DownBeta: -1.0,
        UpBeta: -0.5,
        TenorExponent: 0.5,
        SkewBeta: 0,
        ResidualLogVolatilityPerDay: 0.04,
        ResidualSkewPerDay: 0.05
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
