using System.Collections.Immutable;
using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Risk;

namespace Plimsoll.Sizing;

/// <summary>
/// The tails that the worst-case limit looks at: each coin in home currency, each coin's pool in the coin.
/// </summary>
static class TailBooks
{
    public static ImmutableArray<TailBook> Of(
        WorstCaseLimit limit,
        ImmutableArray<Instrument> instruments,
        ModelPrices model,
        HomePrices prices,
        Wallets wallets,
        ImmutableArray<MarginPool> pools,
        double equity,
        TailClosing? closing,
        Account account,
        Book book
    )
    {
        ImmutableHashSet<int> isolated = [.. Enumerable.Range(0, pools.Length).Where(k => pools[k].IsIsolated)];
        var tails = ImmutableArray.CreateBuilder<TailBook>();
        // A coin held as collateral has a tail whether or not anything on it is listed.
        var held = wallets
            .List.Where(wallet => wallet.Equity != 0 && !wallet.Currency.IsDollar && wallet.Currency != prices.Home)
            .Select(wallet => wallet.Currency.Code)
            .Where(coin => model.IndexUsd(coin) is not null);
        var coins = instruments.Select(instrument => instrument.Underlying).Union(held);
        foreach (string coin in coins.Order(StringComparer.Ordinal))
        {
            var range = TailRange.InHome(
                coin,
                instruments,
                model,
                prices,
                limit.TailLow,
                limit.TailHigh,
                limit.Unbounded,
                closing
            );
            tails.Add(
                new TailBook(coin, range, equity, range.CollateralSlope(wallets.ByCurrency(), prices), null)
                {
                    Isolated = isolated,
                    Fixed = IsolatedMargin.WorstTail(account, book, range, prices) / equity,
                }
            );
            for (int k = 0; k < pools.Length; k++)
            {
                var wallet = pools[k].Wallets.FirstOrDefault(wallet => wallet.Currency.Code == coin);
                if (pools[k].IsCross || wallet is null || !(wallet.Equity > 0) || prices.Home.Code == coin)
                    continue;
                var inCoin = TailRange.InSettlement(
                    coin,
                    wallet.Currency,
                    instruments,
                    model,
                    limit.TailLow,
                    limit.TailHigh,
                    limit.Unbounded,
                    closing
                );
                tails.Add(new TailBook($"{coin} in {pools[k].Name}", inCoin, wallet.Equity, 0, k));
            }
        }
        return tails.ToImmutable();
    }
}
