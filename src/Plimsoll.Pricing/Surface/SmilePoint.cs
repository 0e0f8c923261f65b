namespace Plimsoll.Pricing;

/// <summary>One option's quote as a corridor of total deviation σ√t at its log-moneyness.</summary>
/// <param name="LogMoneyness">k = ln(strike/forward).</param>
/// <param name="BidDeviation">Of the bid; 0 where the bid is at or below the intrinsic value and says nothing.</param>
/// <param name="AskDeviation">Of the ask; above the bid's.</param>
/// <param name="IsLiquid">Whether the quality measure counts the quote.</param>
readonly record struct SmilePoint(double LogMoneyness, double BidDeviation, double AskDeviation, bool IsLiquid)
{
    /// <summary>Whether the bid bounds the volatility from below.</summary>
    public bool HasBid => BidDeviation > 0;

    /// <summary>Middle of the corridor; only for points with a bid.</summary>
    public double MidDeviation => 0.5 * (BidDeviation + AskDeviation);
}
