namespace Plimsoll.Margin;

/// <summary>Hyperliquid's portfolio margin (pre-alpha): what may be borrowed against spot collateral.</summary>
/// <remarks>
/// Source: hyperliquid.gitbook.io/hyperliquid-docs/support/faq/portfolio-margin (read 2026). Caps of the reserve bind
/// besides, and the liquidation ratio is not published: no requirement is computed from it.
/// </remarks>
public static class HyperliquidBorrowing
{
    /// <summary><c>balance · oracle price · loan to value</c>, USD.</summary>
    public static double BorrowableUsd(double balanceCoin, double oraclePriceUsd, double loanToValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(balanceCoin);
        if (!(oraclePriceUsd > 0))
            throw new ArgumentOutOfRangeException(nameof(oraclePriceUsd), oraclePriceUsd, "must be positive");
        if (!(loanToValue is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(loanToValue), loanToValue, "must be in [0, 1]");
        return balanceCoin * oraclePriceUsd * loanToValue;
    }
}
