using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Risk;

namespace Plimsoll.Margin;

/// <summary>Portfolio margin of an account's subaccounts that are under it, now and in scenarios.</summary>
/// <remarks>Each by its venue's rule, with the figures that the subaccount names or the shipped ones.</remarks>
/// <param name="Market">Market and surfaces.</param>
public sealed record PortfolioRule(RiskMarket Market)
{
    /// <summary>Whether a mode is a portfolio margin.</summary>
    public static bool IsPortfolio(MarginMode mode) =>
        mode is MarginMode.SegregatedPortfolio or MarginMode.CrossPortfolio;

    /// <summary>The venue's rule of an account under portfolio margin that has one in scenarios, or null.</summary>
    public static IVenueMargin? ModelOf(Subaccount subaccount)
    {
        ArgumentNullException.ThrowIfNull(subaccount);
        return
            IsPortfolio(subaccount.MarginMode)
            && VenueMargins.EntryOf(subaccount) is { IsPortfolio: true } entry
            && entry.With(subaccount.MarginParameters) is var rule and (IConvexVenue or DeribitPortfolioMargin)
            ? rule
            : null;
    }

    /// <summary>Whether this rule margins a subaccount.</summary>
    public static bool Covers(Subaccount subaccount) => ModelOf(subaccount) is not null;

    /// <summary>Why a venue's figures do not cover an instrument; null: they do.</summary>
    public static string? Refuses(IVenueMargin model, Instrument instrument) =>
        instrument is SpotInstrument ? null
        : model is IConvexVenue venue ? venue.Refuses(instrument)
        : model is DeribitPortfolioMargin deribit && DeribitScenarioMargin.Rates(deribit.Parameters, instrument) ? null
        : $"no portfolio-margin parameters of {instrument.Underlying}";

    /// <summary>What the figures lack for an account and what may be traded in it; empty when they are known.</summary>
    /// <param name="account">The account.</param>
    /// <param name="instruments">What is held or traded.</param>
    public ImmutableArray<string> Missing(Account account, IEnumerable<Instrument> instruments)
    {
        var missing = ImmutableArray.CreateBuilder<string>();
        foreach (var subaccount in account.Subaccounts)
        {
            if (ModelOf(subaccount) is not { } model)
                continue;
            var held = subaccount.Positions.Where(position => position.Contracts != 0).Select(p => p.Instrument);
            foreach (var instrument in instruments)
                if (held.Contains(instrument.Name) || instrument.Venue == subaccount.Venue)
                    if (Refuses(model, instrument) is { } why)
                        missing.Add($"{instrument.Name}: {why}");
            if (model is IConvexVenue)
                missing.AddRange(Stated(model, subaccount, Book.Of(account, Market.Snapshot, Market.Prices)).Missing);
        }
        return [.. missing.Distinct()];
    }

    /// <summary>Whether the venues state the margin of a book: a trade may leave what a venue does not lend.</summary>
    public bool States(Account account, Book book) =>
        account.Subaccounts.All(subaccount =>
            ModelOf(subaccount) is not IConvexVenue venue || Stated(venue, subaccount, book).IsDetermined
        );

    /// <summary>The venue's statement of a subaccount that holds what the book says.</summary>
    /// <exception cref="ArgumentException">Something is missing.</exception>
    public MarginStatement Assess(Subaccount subaccount, Book book)
    {
        var statement = Stated(ModelOf(subaccount)!, subaccount, book);
        return statement.IsDetermined
            ? statement
            : throw new ArgumentException(string.Join("; ", statement.Missing), nameof(subaccount));
    }

    MarginStatement Stated(IVenueMargin model, Subaccount subaccount, Book book) =>
        model.Assess(MarginPortfolios.OfBook(subaccount, book, Market));

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
        if (ModelOf(subaccount) is IConvexVenue venue)
        {
            AddForm(venue, subaccount, book, matrix, contracts, poolOf);
            return;
        }
        var deribit = (DeribitPortfolioMargin)ModelOf(subaccount)!;
        var coins = EquityCoins(book.Wallets.Where(wallet => wallet.Subaccount == subaccount.Name));
        Currency?[] pools = IsCross(subaccount)
            ? [null]
            : [.. own.Select(held => (Currency?)held.Instrument.Settlement).Distinct()];
        foreach (var settlement in pools)
        {
            var margin = new DeribitScenarioMargin(deribit.Parameters, Market, matrix, settlement);
            double[] into = poolOf(settlement ?? Currency.Usd).Maintenance;
            double[] maintenance = margin.Maintenance(contracts, coins);
            for (int s = 0; s < into.Length; s++)
                into[s] += maintenance[s];
        }
    }

    /// <summary>Maintenance by the venue's form, and what of the balance the venue does not count.</summary>
    void AddForm(
        IConvexVenue venue,
        Subaccount subaccount,
        Book book,
        PnlMatrix matrix,
        double[] contracts,
        Func<Currency, PoolInScenarios> poolOf
    )
    {
        var wallets = book.Wallets.Where(wallet => wallet.Subaccount == subaccount.Name).ToImmutableArray();
        var form = venue.FormOf(matrix.Instruments, ConvexPool.Of(wallets, contracts));
        double[] maintenance = new ConvexScenarios(form, Market, matrix).Exact(contracts, MarginKind.Maintenance);
        var usd = matrix.Prices!.InScenarios(Currency.Usd);
        double[] into = poolOf(Currency.Usd).Maintenance;
        for (int s = 0; s < into.Length; s++)
            into[s] += maintenance[s] * usd[s];
        foreach (var (currency, equity) in CurrencyEquity.InScenarios(wallets, matrix, contracts))
        {
            var share = venue.Counts(currency, MarginKind.Maintenance);
            for (int s = 0; s < into.Length; s++)
                into[s] += equity[s] - share.Value(equity[s]);
        }
    }

    /// <summary>Equity of wallets by ticker, in coins.</summary>
    public static IReadOnlyDictionary<string, double> EquityCoins(IEnumerable<Wallet> wallets) =>
        wallets
            .GroupBy(wallet => wallet.Currency.Code)
            .ToDictionary(group => group.Key, group => group.Sum(wallet => wallet.Equity));

    static bool IsCross(Subaccount subaccount) => subaccount.MarginMode is MarginMode.CrossPortfolio;
}
