using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Pricing;

namespace Plimsoll.Margin;

/// <summary>A portfolio at other markets: every price, mark and volatility moved, expired contracts settled.</summary>
/// <remarks>
/// Forwards, perpetuals and the index of a coin move in proportion; each option's implied volatility moves by the same
/// ratio (sticky strike); its mark moves by the difference of the Black-76 values, so that nothing moved is exactly the
/// market of now. A future without an entry price starts at its mark. Dollars and stablecoins rest. Thread safe.
/// </remarks>
public sealed class MovedPortfolio
{
    const double LowestLogMove = -4.6;
    const double HighestLogMove = 3;

    readonly MarginPortfolio portfolio;
    readonly Dictionary<string, int> places = new(StringComparer.Ordinal);

    /// <param name="portfolio">Now; ask <see cref="Missing"/> before it is moved.</param>
    public MovedPortfolio(MarginPortfolio portfolio)
    {
        ArgumentNullException.ThrowIfNull(portfolio);
        this.portfolio = portfolio with
        {
            Positions =
            [
                .. portfolio.Positions.Select(position =>
                    position.EntryPrice is null && portfolio.Market.Quote(position.Instrument) is { } quote
                        ? position with
                        {
                            EntryPrice = quote.Mark,
                        }
                        : position
                ),
            ],
        };
        Coins =
        [
            .. portfolio
                .Positions.Select(position => position.Instrument.Underlying)
                .Concat(portfolio.Positions.Select(position => position.Instrument.Settlement.Code))
                .Concat(portfolio.Balances.Where(b => b.Amount != 0).Select(balance => balance.Currency.Code))
                .Where(coin => !new Currency(coin).IsDollar)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
        for (int c = 0; c < Coins.Length; c++)
            places[Coins[c]] = c;
    }

    /// <summary>Now.</summary>
    public MarginPortfolio Now => portfolio;

    /// <summary>Coins whose price bears on the portfolio, in order; moves are given in this order.</summary>
    public ImmutableArray<string> Coins { get; }

    /// <summary>Whether options of a coin are held.</summary>
    public bool HasOptions(string coin) =>
        portfolio.Positions.Any(p => p.Instrument is OptionInstrument && p.Instrument.Underlying == coin);

    /// <summary>What moving needs and the market lacks.</summary>
    public ImmutableArray<string> Missing() =>
        [
            .. portfolio.Pools().SelectMany(pool => pool.MissingPrices(needsVolatility: true)).Distinct(),
            .. Coins
                .Where(coin => portfolio.Market.PriceUsd(new Currency(coin)) is null)
                .Select(c => $"no index of {c}"),
        ];

    /// <summary>The portfolio at a moved market.</summary>
    /// <param name="logPrice">ln(price then / price now) by coin, in the order of <see cref="Coins"/>.</param>
    /// <param name="logVolatility">ln(volatility then / now) by coin.</param>
    /// <param name="days">Days that have passed; contracts that expired by then have settled into cash.</param>
    /// <param name="delivery">ln(delivery price / index now) of a coin's expiry; null: the price then.</param>
    public MarginPortfolio At(
        ReadOnlySpan<double> logPrice,
        ReadOnlySpan<double> logVolatility,
        double days = 0,
        Func<string, DateTimeOffset, double?>? delivery = null
    )
    {
        var market = portfolio.Market;
        var asOf = market.AsOf + TimeSpan.FromDays(days);
        var index = market.IndexUsd.ToBuilder();
        for (int c = 0; c < Coins.Length; c++)
            index[Coins[c]] = market.IndexUsd[Coins[c]] * Math.Exp(Bounded(logPrice[c]));
        var quotes = market.Quotes.ToBuilder();
        var positions = ImmutableArray.CreateBuilder<MarginPosition>(portfolio.Positions.Length);
        Dictionary<Currency, double>? settled = null;
        foreach (var position in portfolio.Positions)
        {
            var instrument = position.Instrument;
            int coin = places[instrument.Underlying];
            double move = Bounded(logPrice[coin]);
            var quote = market.Quote(instrument)!;
            if (days > 0 && instrument.SettlesAt is { } at && at <= asOf)
            {
                double end = delivery?.Invoke(instrument.Underlying, at) is { } own ? Bounded(own) : move;
                settled ??= [];
                settled[instrument.Settlement] =
                    settled.GetValueOrDefault(instrument.Settlement)
                    + Settled(position, market.IndexUsd[instrument.Underlying] * Math.Exp(end));
                continue;
            }
            quotes[instrument.Name] = Moved(instrument, quote, asOf, move, logVolatility[coin]);
            positions.Add(position);
        }
        return portfolio with
        {
            Positions = positions.Count == positions.Capacity ? positions.MoveToImmutable() : positions.ToImmutable(),
            Balances = settled is null ? portfolio.Balances : With(settled),
            Market = market with { AsOf = asOf, IndexUsd = index.ToImmutable(), Quotes = quotes.ToImmutable() },
        };
    }

    MarginQuote Moved(
        Instrument instrument,
        MarginQuote quote,
        DateTimeOffset asOf,
        double logPrice,
        double logVolatility
    )
    {
        double factor = Math.Exp(logPrice),
            underlying = quote.UnderlyingUsd * factor;
        if (instrument is not OptionInstrument option)
            return quote with { UnderlyingUsd = underlying, Mark = quote.Mark * factor };
        double now = quote.ImpliedVolatility!.Value,
            then = now * Math.Exp(logVolatility);
        double strike = (double)option.StrikeUsd;
        double before = Value(quote.UnderlyingUsd, strike, portfolio.Market.AsOf, now, option);
        double after = Value(underlying, strike, asOf, then, option);
        return quote with
        {
            UnderlyingUsd = underlying,
            Mark = Math.Max(0, quote.Mark + (after - before)),
            ImpliedVolatility = then,
        };
    }

    /// <summary>Black-76 in the option's own unit.</summary>
    static double Value(double forward, double strike, DateTimeOffset asOf, double vol, OptionInstrument option)
    {
        double tYears = Years.Between(asOf, option.Expiry).Value;
        double usd = Black76.PriceUsd(forward, strike, tYears, vol, option.Right);
        return option.Shape == PayoffShape.Inverse ? usd / forward : usd;
    }

    /// <summary>What a position is worth in its settlement currency at its delivery price.</summary>
    static double Settled(MarginPosition position, double priceUsd)
    {
        var instrument = position.Instrument;
        double size = position.Contracts * (double)instrument.ContractSize;
        bool isInverse = instrument.Shape == PayoffShape.Inverse;
        if (instrument is OptionInstrument option)
        {
            double strike = (double)option.StrikeUsd;
            double payoff = Math.Max(0, option.Right == OptionRight.Call ? priceUsd - strike : strike - priceUsd);
            return size * (isInverse ? payoff / priceUsd : payoff);
        }
        double entry = position.EntryPrice!.Value;
        return size * (isInverse ? 1 / entry - 1 / priceUsd : priceUsd - entry);
    }

    ImmutableArray<CollateralBalance> With(Dictionary<Currency, double> settled)
    {
        foreach (var balance in portfolio.Balances)
            settled[balance.Currency] = settled.GetValueOrDefault(balance.Currency) + balance.Amount;
        return [.. settled.OrderBy(pair => pair.Key).Select(pair => new CollateralBalance(pair.Key, pair.Value))];
    }

    static double Bounded(double logMove) => Math.Clamp(logMove, LowestLogMove, HighestLogMove);
}
