using Plimsoll.Markets;

namespace Plimsoll.Margin;

/// <summary>A perpetual as a venue with linear contracts sees it: coins and gain in USD.</summary>
/// <remarks>
/// An inverse perpetual of N USD is N/price coins: its gain in coin, valued at the new price, is exactly
/// <c>N·(P/P₀ − 1)</c> USD, so it is margined as the same exposure.
/// </remarks>
static class PerpetualExposure
{
    /// <summary>Signed size in coins at a price.</summary>
    public static double Coins(MarginPosition position, double priceUsd)
    {
        double size = position.Contracts * (double)position.Instrument.ContractSize;
        return position.Instrument.Shape == PayoffShape.Inverse ? size / priceUsd : size;
    }

    /// <summary>Gain since entry at a price, USD; 0 without an entry.</summary>
    public static double UnrealisedUsd(MarginPosition position, double priceUsd)
    {
        if (position.EntryPrice is not { } entry)
            return 0;
        double size = position.Contracts * (double)position.Instrument.ContractSize;
        return position.Instrument.Shape == PayoffShape.Inverse
            ? size * (priceUsd / entry - 1)
            : size * (priceUsd - entry);
    }

    /// <summary>Cash in dollars that stand for perpetuals; other balances do not.</summary>
    public static double CashUsd(MarginPortfolio portfolio) =>
        portfolio.Balances.Where(balance => IsDollar(balance.Currency)).Sum(balance => balance.Amount);

    /// <summary>Value of everything that is not such cash, USD.</summary>
    public static double OtherUsd(MarginPortfolio portfolio) =>
        portfolio
            .Balances.Where(balance => !IsDollar(balance.Currency))
            .Sum(balance => balance.Amount * portfolio.Market.PriceUsd(balance.Currency)!.Value);

    /// <summary>What a venue of perpetuals alone cannot margin, in words.</summary>
    public static IEnumerable<string> Unfit(MarginPortfolio portfolio, string venue)
    {
        foreach (var balance in portfolio.Balances)
            if (portfolio.Market.PriceUsd(balance.Currency) is null)
                yield return $"{portfolio.Name}: no index of {balance.Currency}";
            else if (!IsDollar(balance.Currency) && balance.Amount < 0)
                yield return $"{portfolio.Name}: {balance.Currency} cannot be owed at {venue}";
        foreach (var position in portfolio.Positions)
            if (portfolio.Market.Quote(position.Instrument) is null)
                yield return $"{position.Instrument.Name}: no mark";
            else if (position.Instrument is not PerpetualInstrument)
                yield return $"{position.Instrument.Name}: {venue} has perpetuals only";
    }

    static bool IsDollar(Currency currency) => currency == Currency.Usd || currency == Currency.Usdc;
}
