using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Risk;

namespace Plimsoll.Margin;

/// <summary>An account's subaccounts as venues margin them, at the venue's marks where it states them.</summary>
public static class MarginPortfolios
{
    /// <summary>One portfolio for each subaccount, in the account's order.</summary>
    /// <remarks>
    /// USDC and USDT count as one dollar where the market states no index of theirs (docs/concepts.md). A position that
    /// is not in the market is named in <paramref name="missing"/>; orders on spot or outside the market are left out.
    /// </remarks>
    /// <param name="account">What is held.</param>
    /// <param name="market">Quotes and fitted surfaces.</param>
    /// <param name="missing">Out: positions without contract terms.</param>
    public static ImmutableArray<MarginPortfolio> Of(
        Account account,
        RiskMarket market,
        out ImmutableArray<string> missing
    )
    {
        var lacks = ImmutableArray.CreateBuilder<string>();
        var portfolios = ImmutableArray.CreateBuilder<MarginPortfolio>();
        var named = account.Subaccounts.SelectMany(sub =>
            sub.Positions.Select(position => position.Instrument).Concat(sub.OpenOrders.Select(o => o.Instrument))
        );
        var seen = MarketOf(market, named);
        foreach (var subaccount in account.Subaccounts)
        {
            var positions = ImmutableArray.CreateBuilder<MarginPosition>();
            var cash = subaccount.Balances.ToDictionary(balance => balance.Currency, balance => (double)balance.Amount);
            foreach (var position in subaccount.Positions.Where(position => position.Contracts != 0))
            {
                double contracts = (double)position.Contracts;
                if (market.Prices.Find(position.Instrument) is not { } instrument)
                    lacks.Add($"{position.Instrument}: not in the market snapshot");
                else if (instrument is SpotInstrument)
                {
                    var coin = new Currency(instrument.Underlying);
                    cash[coin] = cash.GetValueOrDefault(coin) + contracts * (double)instrument.ContractSize;
                }
                else
                    positions.Add(
                        new MarginPosition(instrument, contracts, (double?)position.EntryPrice)
                        {
                            Leverage = (double?)position.Leverage,
                        }
                    );
            }
            portfolios.Add(
                new MarginPortfolio
                {
                    Name = subaccount.Name,
                    IsCross = subaccount.MarginMode is MarginMode.CrossStandard or MarginMode.CrossPortfolio,
                    IsIsolated = subaccount.IsIsolated,
                    Positions = positions.ToImmutable(),
                    Balances =
                    [
                        .. cash.OrderBy(pair => pair.Key).Select(pair => new CollateralBalance(pair.Key, pair.Value)),
                    ],
                    Market = seen,
                    OpenOrders = [.. OrdersOf(subaccount, market.Prices)],
                }
            );
        }
        missing = lacks.ToImmutable();
        return portfolios.ToImmutable();
    }

    /// <summary>What a book holds in a subaccount; gains of futures so far are cash.</summary>
    public static MarginPortfolio OfBook(Subaccount subaccount, Book book, RiskMarket market)
    {
        var own = book.Holdings.Where(held => held.Subaccount == subaccount.Name).ToImmutableArray();
        var orders = OrdersOf(subaccount, market.Prices).ToImmutableArray();
        var names = own.Select(held => held.Instrument.Name).Concat(orders.Select(order => order.Instrument.Name));
        return new MarginPortfolio
        {
            Name = subaccount.Name,
            IsCross = subaccount.MarginMode is MarginMode.CrossStandard or MarginMode.CrossPortfolio,
            IsIsolated = subaccount.IsIsolated,
            Positions =
            [
                .. own.Select(held => new MarginPosition(held.Instrument, held.Contracts)
                {
                    Leverage = (double?)
                        subaccount.Positions.FirstOrDefault(one => one.Instrument == held.Instrument.Name)?.Leverage,
                }),
            ],
            Balances =
            [
                .. book
                    .Wallets.Where(wallet => wallet.Subaccount == subaccount.Name)
                    .Select(wallet => new CollateralBalance(wallet.Currency, wallet.Cash + wallet.Unrealised)),
            ],
            Market = MarketOf(market, names),
            OpenOrders = orders,
        };
    }

    internal static IEnumerable<MarginOrder> OrdersOf(Subaccount subaccount, ModelPrices prices)
    {
        foreach (var order in subaccount.OpenOrders.Where(order => !order.ReduceOnly))
            if (prices.Find(order.Instrument) is { } instrument and not SpotInstrument)
                yield return new MarginOrder(
                    instrument,
                    (double)(order.Side == Side.Buy ? order.Contracts : -order.Contracts),
                    (double)order.LimitPrice
                );
    }

    /// <summary>What a market says of some instruments; what it does not say is left out.</summary>
    public static MarginMarket MarketOf(RiskMarket market, IEnumerable<string> instruments)
    {
        var index = ImmutableDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        foreach (string dollar in (string[])["USDC", "USDT"])
            index[dollar] = 1;
        foreach (var underlying in market.Snapshot.Underlyings)
            index[underlying.Underlying] = underlying.IndexUsd;
        var quotes = ImmutableDictionary.CreateBuilder<string, MarginQuote>(StringComparer.Ordinal);
        foreach (string name in instruments.Distinct(StringComparer.Ordinal))
            if (market.Prices.Find(name) is { } instrument && QuoteOf(market.Prices, instrument) is { } quote)
                quotes[name] = quote;
        return new MarginMarket
        {
            AsOf = market.Snapshot.AsOf,
            IndexUsd = index.ToImmutable(),
            Quotes = quotes.ToImmutable(),
        };
    }

    /// <summary>The venue's mark and mark volatility, else the model's; null without either.</summary>
    public static MarginQuote? QuoteOf(ModelPrices prices, Instrument instrument)
    {
        var quote = prices.Quote(instrument);
        double? mark = quote?.Mark is > 0 and { } stated ? (double)stated : prices.Price(instrument);
        if (prices.UnderlyingPriceUsd(instrument) is not { } underlyingUsd || mark is not { } known)
            return null;
        double? volatility =
            instrument is not OptionInstrument option ? null
            : quote?.MarkImpliedVolatility is > 0 and { } ofVenue ? ofVenue
            : prices.Slice(option)?.VolatilityAnnual(Math.Log((double)option.StrikeUsd / underlyingUsd));
        return new MarginQuote(underlyingUsd, known, volatility, quote?.FundingRate8h);
    }
}
