namespace Plimsoll.Margin;

/// <summary>
/// Binance: profit over wallet times margin ratio, descending, closed at the bankruptcy price of the failed order.
/// </summary>
/// <remarks>
/// <c>score = max(0, uPnL)/max(1, wallet) · MM/(wallet + uPnL)</c>, the second factor 0 when wallet + uPnL ≤ 0.
/// Source: Binance support FAQ 360033525471 (formula as kept in public copies, 2019-09 to 2025-02). Losers score 0 and
/// stand last. No fee; the open orders of the deleveraged are cancelled. The same formula is used by venues built on
/// the same model.
/// </remarks>
public sealed class BinanceDeleveraging : DeleveragingQueue
{
    /// <inheritdoc />
    public override string Key => "binance";

    /// <inheritdoc />
    public override string Note => "Binance support FAQ 360033525471; five lights are fifths of the queue (inferred)";

    /// <inheritdoc />
    public override double? Score(DeleveragingPosition position)
    {
        double unrealised = position.AccountUnrealisedUsd ?? position.UnrealisedUsd;
        double wallet = position.AccountValueUsd - unrealised;
        double profit = Math.Max(0, unrealised) / Math.Max(1, wallet);
        return position.AccountValueUsd > 0 ? profit * (position.MaintenanceUsd / position.AccountValueUsd) : 0;
    }

    /// <inheritdoc />
    public override double PriceUsd(FailedPosition failed) => failed.BankruptcyPriceUsd;
}
