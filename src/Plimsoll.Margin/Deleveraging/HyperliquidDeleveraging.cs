namespace Plimsoll.Margin;

/// <summary>
/// Hyperliquid: users in profit on the other side, by <c>(mark/entry)·(notional/account value)</c>, descending, closed
/// at the previous mark.
/// </summary>
/// <remarks>
/// Source: hyperliquid.gitbook.io/hyperliquid-docs/trading/auto-deleveraging (read 2026). The page prints one formula
/// and does not say how the price ratio is taken for shorts; literally a short's profit would lower its index.
/// The mirrored entry/mark is the default here and is inferred; <paramref name="literalShorts"/> gives the other.
/// </remarks>
public sealed class HyperliquidDeleveraging(bool literalShorts = false) : DeleveragingQueue
{
    /// <inheritdoc />
    public override string Key => literalShorts ? "hyperliquid-literal" : "hyperliquid";

    /// <inheritdoc />
    public override string Note =>
        "hyperliquid.gitbook.io auto-deleveraging (read 2026); the price ratio of shorts is "
        + (literalShorts ? "taken as printed" : "mirrored (inferred)");

    /// <inheritdoc />
    public override double? Score(DeleveragingPosition position) =>
        position.UnrealisedUsd > 0 && position.AccountValueUsd > 0 ? Index(position) : null;

    /// <summary>The index of any position, in profit or not; the account's value must be positive.</summary>
    public double Index(DeleveragingPosition position)
    {
        bool mirrored = position.SizeCoin < 0 && !literalShorts;
        double ratio = mirrored
            ? position.EntryPriceUsd / position.MarkPriceUsd
            : position.MarkPriceUsd / position.EntryPriceUsd;
        return ratio * (position.NotionalUsd / position.AccountValueUsd);
    }

    /// <inheritdoc />
    public override double PriceUsd(FailedPosition failed) => failed.PreviousMarkUsd;
}
