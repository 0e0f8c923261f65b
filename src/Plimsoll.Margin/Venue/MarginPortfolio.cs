using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Margin;

/// <summary>A position as a venue margins it.</summary>
/// <param name="Instrument">Contract terms.</param>
/// <param name="Contracts">Signed: short is negative.</param>
/// <param name="EntryPrice">
/// Average entry in the instrument's price unit; for futures the gain since entry is part of equity. Null: nothing is
/// unrealised.
/// </param>
public sealed record MarginPosition(Instrument Instrument, double Contracts, double? EntryPrice = null)
{
    /// <summary>The user's leverage setting where the venue has one; null: the largest that its tiers allow.</summary>
    public double? Leverage { get; init; }
}

/// <summary>Cash of one currency: deposits less debts and realised gains; negative is a debt.</summary>
public sealed record CollateralBalance(Currency Currency, double Amount);

/// <summary>A resting order that may add to a position.</summary>
/// <param name="Instrument">Contract terms.</param>
/// <param name="Contracts">Signed: a sale is negative.</param>
/// <param name="LimitPrice">In the instrument's price unit.</param>
public sealed record MarginOrder(Instrument Instrument, double Contracts, double LimitPrice);

/// <summary>What the market says of one instrument.</summary>
/// <param name="UnderlyingUsd">
/// Price of what drives the payoff, USD per coin: the expiry's forward for options, its own mark for futures, the index
/// for spot. Positive.
/// </param>
/// <param name="Mark">
/// The instrument's mark in its own unit: coin per coin for inverse options, USDC per coin for linear ones, USD per
/// coin otherwise. At least 0.
/// </param>
/// <param name="ImpliedVolatility">A fraction a year; options only.</param>
/// <param name="FundingRate8h">For 8 hours; positive: longs pay. Perpetuals only.</param>
public sealed record MarginQuote(
    double UnderlyingUsd,
    double Mark,
    double? ImpliedVolatility = null,
    double? FundingRate8h = null
);

/// <summary>The market at which a portfolio is margined. What it does not say is not known.</summary>
public sealed record MarginMarket
{
    /// <summary>Instant of the quotes, UTC.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>Index by ticker, USD per unit: coins, and stablecoins as the venue values them.</summary>
    public required ImmutableDictionary<string, double> IndexUsd { get; init; }

    /// <summary>Quotes by instrument name.</summary>
    public required ImmutableDictionary<string, MarginQuote> Quotes { get; init; }

    /// <summary>
    /// Further figures that single venues need, by a key that the model documents, such as
    /// <c>confidence/spot/ETH</c> or <c>open-interest-usd/BTC</c>.
    /// </summary>
    public ImmutableDictionary<string, double> Figures { get; init; } = ImmutableDictionary<string, double>.Empty;

    /// <summary>USD per unit of a currency; the dollar is 1, what is not stated is null.</summary>
    public double? PriceUsd(Currency currency) =>
        currency == Currency.Usd ? 1
        : IndexUsd.TryGetValue(currency.Code, out double price) && price > 0 ? price
        : null;

    /// <summary>Quote of an instrument with a positive underlying price, or null.</summary>
    public MarginQuote? Quote(Instrument instrument) =>
        Quotes.TryGetValue(instrument.Name, out var quote) && quote.UnderlyingUsd > 0 && quote.Mark >= 0 ? quote : null;
}

/// <summary>Everything that one account at one venue holds, with the market at which it is margined.</summary>
public sealed record MarginPortfolio
{
    /// <summary>Name of the subaccount.</summary>
    public required string Name { get; init; }

    /// <summary>Whether all currencies stand for all positions; otherwise each settlement currency is a pool.</summary>
    public required bool IsCross { get; init; }

    /// <summary>Whether it is one position with the margin set aside for it alone.</summary>
    public bool IsIsolated { get; init; }

    /// <summary>Positions; an instrument stands once. Spot is a balance, not a position.</summary>
    public required ImmutableArray<MarginPosition> Positions { get; init; }

    /// <summary>Cash; a currency stands once.</summary>
    public required ImmutableArray<CollateralBalance> Balances { get; init; }

    /// <summary>The market.</summary>
    public required MarginMarket Market { get; init; }

    /// <summary>Resting orders.</summary>
    public ImmutableArray<MarginOrder> OpenOrders { get; init; } = [];

    /// <summary>
    /// The pools: one of everything in USD when cross, else one for each currency held or settled in, in its order.
    /// </summary>
    public ImmutableArray<PoolContents> Pools()
    {
        if (IsCross)
            return [new PoolContents(Name, Currency.Usd, Positions, Balances, Market)];
        var currencies = Balances
            .Select(balance => balance.Currency)
            .Concat(Positions.Select(position => position.Instrument.Settlement))
            .Distinct()
            .Order();
        return
        [
            .. currencies.Select(currency => new PoolContents(
                $"{Name}/{currency}",
                currency,
                [.. Positions.Where(position => position.Instrument.Settlement == currency)],
                [.. Balances.Where(balance => balance.Currency == currency)],
                Market
            )),
        ];
    }
}
