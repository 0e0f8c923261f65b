using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Margin;

/// <summary>What shares one equity.</summary>
/// <param name="Name">Subaccount, with the currency where it is segregated.</param>
/// <param name="Currency">Currency of the pool's figures.</param>
/// <param name="Positions">Positions margined here.</param>
/// <param name="Balances">Cash held here.</param>
/// <param name="Market">The market.</param>
public sealed record PoolContents(
    string Name,
    Currency Currency,
    ImmutableArray<MarginPosition> Positions,
    ImmutableArray<CollateralBalance> Balances,
    MarginMarket Market
)
{
    /// <summary>
    /// Prices that a valuation needs and the market lacks: of each currency, each instrument, and the implied
    /// volatility of each option when <paramref name="needsVolatility"/>.
    /// </summary>
    public ImmutableArray<string> MissingPrices(bool needsVolatility)
    {
        var missing = ImmutableArray.CreateBuilder<string>();
        foreach (
            var currency in Balances
                .Select(balance => balance.Currency)
                .Concat(Positions.Select(position => position.Instrument.Settlement))
                .Append(Currency)
                .Distinct()
                .Order()
        )
            if (Market.PriceUsd(currency) is null)
                missing.Add($"{Name}: no index of {currency}");
        foreach (var position in Positions)
            if (Market.Quote(position.Instrument) is not { } quote)
                missing.Add($"{position.Instrument}: no mark");
            else if (needsVolatility && position.Instrument is OptionInstrument && !(quote.ImpliedVolatility > 0))
                missing.Add($"{position.Instrument}: no implied volatility");
        return missing.ToImmutable();
    }

    /// <summary>The same contents by the currency that they are held or settled in, each in its own currency.</summary>
    public ImmutableArray<PoolContents> ByCurrency() =>
        new MarginPortfolio
        {
            Name = Name,
            IsCross = false,
            Positions = Positions,
            Balances = Balances,
            Market = Market,
        }.Pools();

    /// <summary>Cash, unrealised gains of futures and value of options, in the pool's currency.</summary>
    /// <exception cref="InvalidOperationException">A price is missing: ask <see cref="MissingPrices"/>.</exception>
    public PoolValue Value()
    {
        double cash = 0,
            unrealised = 0,
            options = 0;
        foreach (var balance in Balances)
            cash += balance.Amount * InPool(balance.Currency);
        foreach (var position in Positions)
        {
            var instrument = position.Instrument;
            var quote = Market.Quote(instrument) ?? throw new InvalidOperationException($"no mark of {instrument}");
            double contracts = position.Contracts * InPool(instrument.Settlement);
            if (instrument is OptionInstrument)
                options += contracts * (double)instrument.ContractSize * quote.Mark;
            else if (position.EntryPrice is { } entry)
                unrealised += contracts * FutureGain.PerContract(instrument, entry, quote.Mark);
        }
        return new PoolValue(cash, unrealised, options);
    }

    /// <summary>Units of the pool's currency for one unit of another.</summary>
    /// <exception cref="InvalidOperationException">A price is missing: ask <see cref="MissingPrices"/>.</exception>
    public double InPool(Currency currency) => currency == Currency ? 1 : PriceUsd(currency) / PriceUsd(Currency);

    /// <summary>USD for one unit of the pool's currency.</summary>
    public double UnitUsd => PriceUsd(Currency);

    double PriceUsd(Currency currency) =>
        Market.PriceUsd(currency) ?? throw new InvalidOperationException($"no index of {currency}");
}

/// <summary>Equity of a pool by part, in its currency.</summary>
/// <param name="Cash">Balances.</param>
/// <param name="Unrealised">Gain of futures and perpetuals since entry.</param>
/// <param name="Options">Options at mark; negative when short.</param>
public readonly record struct PoolValue(double Cash, double Unrealised, double Options)
{
    /// <summary>The sum.</summary>
    public double Equity => Cash + Unrealised + Options;
}
