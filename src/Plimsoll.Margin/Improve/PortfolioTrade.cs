using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Margin;

/// <summary>A contract that may be traded now, with what it costs.</summary>
/// <param name="Instrument">Contract terms.</param>
/// <param name="BuyUsd">Half spread and fee of buying one contract, USD, at least 0; null: nobody sells it.</param>
/// <param name="SellUsd">The same of selling one; null: nobody buys it.</param>
public sealed record TradeQuote(Instrument Instrument, double? BuyUsd, double? SellUsd)
{
    /// <summary>Cost of one contract of a signed trade; null: it cannot be traded.</summary>
    public double? CostUsd(double contracts) => contracts > 0 ? BuyUsd : SellUsd;
}

/// <summary>A trade of a whole number of lots.</summary>
/// <param name="Instrument">Contract terms.</param>
/// <param name="Contracts">Signed; a whole number of lots.</param>
/// <param name="CostUsd">Half spread and fee of all of it.</param>
public sealed record PortfolioTrade(Instrument Instrument, double Contracts, double CostUsd);

/// <summary>Portfolios after trades at the mark.</summary>
public static class PortfolioTrades
{
    /// <summary>
    /// The portfolio after trades at the mark whose cost is paid from cash: options bought are paid for, what a closed
    /// future had gained is cash, new futures start at their mark.
    /// </summary>
    /// <exception cref="ArgumentException">The market does not quote an instrument or its settlement.</exception>
    public static MarginPortfolio After(this MarginPortfolio portfolio, IEnumerable<PortfolioTrade> trades)
    {
        ArgumentNullException.ThrowIfNull(portfolio);
        ArgumentNullException.ThrowIfNull(trades);
        var positions = portfolio.Positions.ToDictionary(position => position.Instrument.Name, StringComparer.Ordinal);
        var order = portfolio.Positions.Select(position => position.Instrument.Name).ToList();
        var cash = portfolio.Balances.ToDictionary(balance => balance.Currency, balance => balance.Amount);
        foreach (var trade in trades.Where(trade => trade.Contracts != 0))
        {
            var instrument = trade.Instrument;
            if (
                portfolio.Market.Quote(instrument) is not { } quote
                || portfolio.Market.PriceUsd(instrument.Settlement) is not { } unitUsd
            )
                throw new ArgumentException($"{instrument}: no mark or no index", nameof(trades));
            var held = positions.GetValueOrDefault(instrument.Name);
            if (held is null)
                order.Add(instrument.Name);
            cash[instrument.Settlement] =
                cash.GetValueOrDefault(instrument.Settlement)
                + Cash(instrument, held, trade.Contracts, quote.Mark)
                - trade.CostUsd / unitUsd;
            positions[instrument.Name] = held is null
                ? new MarginPosition(instrument, trade.Contracts, EntryOf(instrument, quote.Mark))
                : held with
                {
                    Contracts = Whole(held.Contracts + trade.Contracts),
                    EntryPrice = held.EntryPrice is null ? null : EntryOf(instrument, quote.Mark),
                };
        }
        return portfolio with
        {
            Positions = [.. order.Select(name => positions[name]).Where(position => position.Contracts != 0)],
            Balances = [.. cash.OrderBy(pair => pair.Key).Select(pair => new CollateralBalance(pair.Key, pair.Value))],
        };
    }

    /// <summary>Premium of an option; of a future all that it gained since entry, which starts anew.</summary>
    static double Cash(Instrument instrument, MarginPosition? held, double contracts, double mark)
    {
        double size = (double)instrument.ContractSize;
        if (instrument is OptionInstrument)
            return -contracts * size * mark;
        if (held?.EntryPrice is not { } entry)
            return 0;
        bool isInverse = instrument.Shape == PayoffShape.Inverse;
        return held.Contracts * size * (isInverse ? 1 / entry - 1 / mark : mark - entry);
    }

    static double? EntryOf(Instrument instrument, double mark) => instrument is OptionInstrument ? null : mark;

    /// <summary>Removes what floating point leaves of a position that was closed.</summary>
    static double Whole(double contracts) => Math.Round(contracts, 9, MidpointRounding.AwayFromZero);
}
