using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Risk;

namespace Plimsoll.Margin;

/// <summary>Portfolio margin of an account's subaccounts that are under it, now and in scenarios.</summary>
/// <param name="Model">The venue's rule.</param>
/// <param name="Market">Market and surfaces.</param>
public sealed record PortfolioRule(DeribitPortfolioMargin Model, RiskMarket Market)
{
    /// <summary>Whether a mode is a portfolio margin.</summary>
    public static bool IsPortfolio(MarginMode mode) =>
        mode is MarginMode.SegregatedPortfolio or MarginMode.CrossPortfolio;

    /// <summary>Whether this rule margins a subaccount.</summary>
    public bool Covers(Subaccount subaccount) => IsPortfolio(subaccount.MarginMode) && subaccount.Venue == Model.Venue;

    /// <summary>What the figures of a book lack; empty when they are known.</summary>
    public ImmutableArray<string> Missing(Account account, IEnumerable<Instrument> instruments)
    {
        if (!account.Subaccounts.Any(Covers))
            return [];
        return
        [
            .. instruments
                .Where(instrument =>
                    instrument is not SpotInstrument && !DeribitScenarioMargin.Rates(Model.Parameters, instrument)
                )
                .Select(instrument => $"{instrument.Name}: no portfolio-margin parameters of {instrument.Underlying}"),
        ];
    }

    /// <summary>The venue's statement of a subaccount that holds what the book says.</summary>
    /// <exception cref="ArgumentException">Something is missing.</exception>
    public MarginStatement Assess(Subaccount subaccount, Book book)
    {
        var statement = Model.Assess(MarginPortfolios.OfBook(subaccount, book, Market));
        return statement.IsDetermined
            ? statement
            : throw new ArgumentException(string.Join("; ", statement.Missing), nameof(subaccount));
    }

    /// <summary>Adds gains and maintenance of a subaccount's holdings to its pools in every scenario.</summary>
    internal void AddScenarios(
        Subaccount subaccount,
        Book book,
        PnlMatrix matrix,
        IReadOnlyDictionary<string, int> columns,
        Func<Currency, PoolInScenarios> poolOf
    )
    {
        var contracts = new double[matrix.Instruments.Length];
        var own = book.Holdings.Where(held => held.Subaccount == subaccount.Name).ToList();
        foreach (var held in own)
        {
            int column = columns[held.Instrument.Name];
            contracts[column] += held.Contracts;
            double[] balance = poolOf(held.Instrument.Settlement).Balance;
            var gain = matrix.Gain.Column(column);
            for (int s = 0; s < balance.Length; s++)
                balance[s] += held.Contracts * gain[s];
        }
        var coins = EquityCoins(book.Wallets.Where(wallet => wallet.Subaccount == subaccount.Name));
        Currency?[] pools = IsCross(subaccount)
            ? [null]
            : [.. own.Select(held => (Currency?)held.Instrument.Settlement).Distinct()];
        foreach (var settlement in pools)
        {
            var margin = new DeribitScenarioMargin(Model.Parameters, Market, matrix, settlement);
            double[] into = poolOf(settlement ?? Currency.Usd).Maintenance;
            double[] maintenance = margin.Maintenance(contracts, coins);
            for (int s = 0; s < into.Length; s++)
                into[s] += maintenance[s];
        }
    }

    /// <summary>Equity of wallets by ticker, in coins.</summary>
    public static IReadOnlyDictionary<string, double> EquityCoins(IEnumerable<Wallet> wallets) =>
        wallets
            .GroupBy(wallet => wallet.Currency.Code)
            .ToDictionary(group => group.Key, group => group.Sum(wallet => wallet.Equity));

    static bool IsCross(Subaccount subaccount) => subaccount.MarginMode is MarginMode.CrossPortfolio;
}
