namespace Plimsoll.Margin;

/// <summary>
/// dYdX v4: no ranking: the other side in rotation from a pseudo-random start, whole, at the bankruptcy price.
/// </summary>
/// <remarks>
/// Source: dydxprotocol/v4-chain 84d4664b (2026-03-05), x/clob/keeper/deleveraging.go. A market in final settlement
/// closes accounts with positive equity at the oracle price. A counterparty whose own bankruptcy price does not
/// overlap the deal is skipped; here that is the price at which its whole equity is lost by this position alone, the
/// chain spreads equity over its positions by maintenance. At most <paramref name="mostAccounts"/> are looked at.
/// </remarks>
/// <param name="start">Where the rotation starts; the chain draws it from the block.</param>
/// <param name="finalSettlement">Whether the market is in final settlement.</param>
/// <param name="mostAccounts">Flag of the node; 500 by default.</param>
public sealed class DydxDeleveraging(int start = 0, bool finalSettlement = false, int mostAccounts = 500)
    : IDeleveragingRule
{
    /// <inheritdoc />
    public string Key => "dydx";

    /// <inheritdoc />
    public string Note =>
        "dydxprotocol/v4-chain 84d4664b (2026-03-05); the order is pseudo-random: neither profit nor leverage counts";

    /// <inheritdoc />
    public DeleveragingOutcome Apply(FailedPosition failed, IReadOnlyList<DeleveragingPosition> book)
    {
        double price = finalSettlement
            ? failed.OraclePriceUsd
                ?? throw new ArgumentException("final settlement needs the oracle price", nameof(failed))
            : failed.BankruptcyPriceUsd;
        double left = Math.Abs(failed.SizeCoin);
        var fills = new List<DeleveragingFill>();
        for (int i = 0; i < Math.Min(book.Count, mostAccounts) && left > 0; i++)
        {
            var position = book[(start + i) % book.Count];
            DeleveragingBook.Check(position);
            if (!failed.IsOpposite(position) || !Overlaps(position, price))
                continue;
            double closed = Math.Min(left, Math.Abs(position.SizeCoin));
            fills.Add(DeleveragingBook.Fill(position, fills.Count + 1, null, closed, price));
            left -= closed;
        }
        return new DeleveragingOutcome(fills, left);
    }

    static bool Overlaps(DeleveragingPosition position, double priceUsd) =>
        position.SizeCoin > 0 ? priceUsd >= position.BankruptcyPriceUsd : priceUsd <= position.BankruptcyPriceUsd;
}
