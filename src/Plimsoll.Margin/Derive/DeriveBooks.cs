using System.Collections.Immutable;
using System.Globalization;
using Plimsoll.Markets;

namespace Plimsoll.Margin;

/// <summary>A balance that is not cash, before a manager says what of it counts.</summary>
/// <param name="Currency">Ticker.</param>
/// <param name="Amount">Units; positive.</param>
/// <param name="PriceUsd">USD per unit.</param>
/// <param name="Confidence">Of its feed.</param>
/// <param name="Underlying">Coin of the account's options and perpetual; null without any.</param>
public sealed record DeriveHolding(
    string Currency,
    double Amount,
    double PriceUsd,
    double Confidence,
    string? Underlying
);

/// <summary>Portfolios as Derive's managers see them.</summary>
/// <remarks>
/// A subaccount is one pool in USD. Coin-settled contracts of other venues are margined as the same exposure in USD:
/// an inverse option of one coin pays max(S − K, 0) in USD, an inverse perpetual of N USD is N/mark coins. Figures of
/// the market that are used: <c>confidence/spot/BTC</c>, <c>confidence/perpetual/BTC</c>,
/// <c>confidence/expiry/BTC/2026-03-27</c>, <c>rate/BTC/2026-03-27</c>, <c>forward-fixed-usd/BTC/2026-03-27</c>; what
/// is not there is assumed as the parameter file says. Derive lists no dated futures: they are undetermined.
/// </remarks>
static class DeriveBooks
{
    public static MarginStatement Assess(
        MarginPortfolio portfolio,
        IVenueMargin model,
        DeriveAssumed assumed,
        Func<DeriveBook, IEnumerable<string>> lacks,
        Func<DeriveBook, DeriveBalances> balances,
        Func<DeriveHolding, DeriveCollateral?>? collateral = null
    )
    {
        var pool = new PoolContents(
            portfolio.Name,
            Currency.Usd,
            portfolio.Positions,
            portfolio.Balances,
            portfolio.Market
        );
        var missing = pool.MissingPrices(needsVolatility: true).ToList();
        missing.AddRange(Unfit(pool));
        if (missing.Count > 0)
            return MarginStatement.Undetermined(portfolio, model, missing);
        var book = Of(pool, assumed, collateral, missing);
        missing.AddRange(lacks(book));
        return missing.Count > 0
            ? MarginStatement.Undetermined(portfolio, model, missing)
            : new MarginStatement(portfolio.Name, model.Key, model.Venue, [Pool(pool.Name, balances(book))], []);
    }

    static PoolStatement Pool(string name, DeriveBalances of)
    {
        // Marks that admit arbitrage can be worth less than the worst settlement: then nothing is asked.
        double initial = Math.Max(0, of.MarkToMarketUsd - of.InitialBalanceUsd),
            maintenance = Math.Max(0, of.MarkToMarketUsd - of.MaintenanceBalanceUsd);
        return new PoolStatement
        {
            Name = name,
            Currency = Currency.Usd,
            UnitUsd = 1,
            Equity = of.MarkToMarketUsd,
            Balance = of.InitialBalanceUsd + initial,
            MaintenanceBalance = of.MaintenanceBalanceUsd + maintenance,
            Initial = initial,
            Maintenance = maintenance,
            Charges = of.Charges,
            Grids = of.Grids,
        };
    }

    static IEnumerable<string> Unfit(PoolContents pool)
    {
        foreach (var position in pool.Positions)
            if (position.Instrument is not OptionInstrument and not PerpetualInstrument)
                yield return $"{position.Instrument.Name}: Derive has options and perpetuals only";
            else if (Spot(pool.Market, position.Instrument.Underlying) is null)
                yield return $"{pool.Name}: no index of {position.Instrument.Underlying}";
        foreach (var twice in pool.Positions.Where(IsPerpetual).GroupBy(p => p.Instrument.Underlying))
            if (twice.Count() > 1)
                yield return $"{twice.Last().Instrument.Name}: a second perpetual; Derive has one a coin";
        foreach (var balance in pool.Balances.Where(balance => !IsCash(balance) && balance.Amount < 0))
            yield return $"{pool.Name}: {balance.Currency} cannot be borrowed on Derive";
    }

    static DeriveBook Of(
        PoolContents pool,
        DeriveAssumed assumed,
        Func<DeriveHolding, DeriveCollateral?>? collateral,
        List<string> missing
    )
    {
        string? traded = pool.Positions.FirstOrDefault()?.Instrument.Underlying;
        var collaterals = ImmutableArray.CreateBuilder<DeriveCollateral>();
        var coins = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var balance in pool.Balances.Where(balance => !IsCash(balance) && balance.Amount != 0))
        {
            string name = balance.Currency.Code;
            double price = Spot(pool.Market, name)!.Value,
                confidence = Figure(pool.Market, $"confidence/spot/{name}", assumed.Confidence);
            var held = new DeriveHolding(name, balance.Amount, price, confidence, traded);
            if (collateral is null)
                coins[name] = balance.Amount;
            else if (collateral(held) is { } taken)
                collaterals.Add(taken);
            else
                missing.Add($"{name}: no haircut");
        }
        var markets = pool
            .Positions.Select(position => position.Instrument.Underlying)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .Concat(coins.Keys)
            .Distinct()
            .Select(coin => Market(pool, coin, coins.GetValueOrDefault(coin), assumed));
        return new DeriveBook(
            pool.Balances.Where(IsCash).Sum(balance => balance.Amount),
            Spot(pool.Market, "USDC") ?? 1,
            [.. markets],
            collaterals.ToImmutable()
        );
    }

    static DeriveMarketBook Market(PoolContents pool, string coin, double baseCoin, DeriveAssumed assumed)
    {
        var market = pool.Market;
        var held = pool.Positions.Where(position => position.Instrument.Underlying == coin).ToList();
        var perpetual = held.Where(IsPerpetual)
            .Select(position => new DerivePerpetual(
                PerpetualExposure.Coins(position, market.Quote(position.Instrument)!.Mark),
                market.Quote(position.Instrument)!.Mark,
                Figure(market, $"confidence/perpetual/{coin}", assumed.Confidence),
                PerpetualExposure.UnrealisedUsd(position, market.Quote(position.Instrument)!.Mark)
            ))
            .DefaultIfEmpty(new DerivePerpetual(0, 1, 1, 0))
            .First();
        var expiries = held.Where(position => position.Instrument is OptionInstrument)
            .GroupBy(position => ((OptionInstrument)position.Instrument).Expiry)
            .OrderBy(expiry => expiry.Key)
            .Select(expiry => Expiry(market, coin, expiry.Key, [.. expiry], assumed));
        return new DeriveMarketBook(
            coin,
            Spot(market, coin)!.Value,
            Figure(market, $"confidence/spot/{coin}", assumed.Confidence),
            perpetual,
            baseCoin,
            [.. expiries]
        );
    }

    static DeriveExpiry Expiry(
        MarginMarket market,
        string coin,
        DateTimeOffset at,
        ImmutableArray<MarginPosition> held,
        DeriveAssumed assumed
    )
    {
        string day = at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        double forward = market.Quote(held[0].Instrument)!.UnderlyingUsd,
            settled = Figure(market, $"forward-fixed-usd/{coin}/{day}", 0);
        return new DeriveExpiry(
            Math.Max(0, (at - market.AsOf).TotalSeconds),
            forward - settled,
            settled,
            Figure(market, $"rate/{coin}/{day}", assumed.RateAnnual),
            Figure(market, $"confidence/expiry/{coin}/{day}", assumed.Confidence),
            [
                .. held.Select(position =>
                {
                    var option = (OptionInstrument)position.Instrument;
                    return new DeriveOption(
                        (double)option.StrikeUsd,
                        option.Right == OptionRight.Call,
                        position.Contracts * (double)option.ContractSize,
                        market.Quote(option)!.ImpliedVolatility!.Value
                    );
                }),
            ]
        );
    }

    static bool IsPerpetual(MarginPosition position) => position.Instrument is PerpetualInstrument;

    static bool IsCash(CollateralBalance balance) =>
        balance.Currency == Currency.Usd || balance.Currency == Currency.Usdc;

    static double? Spot(MarginMarket market, string ticker) => market.PriceUsd(new Currency(ticker));

    static double Figure(MarginMarket market, string key, double assumed) =>
        market.Figures.TryGetValue(key, out double figure) ? figure : assumed;
}
