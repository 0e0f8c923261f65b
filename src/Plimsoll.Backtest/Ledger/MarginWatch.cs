using Plimsoll.Margin;
using Plimsoll.Markets;

namespace Plimsoll.Backtest;

/// <summary>One margin pool at the venue's marks, home currency.</summary>
/// <param name="Books">The subaccount.</param>
/// <param name="Settlement">Its currency; null for a whole cross-collateral subaccount.</param>
/// <param name="Equity">Cash and option value.</param>
/// <param name="Balance">What may cover margin.</param>
/// <param name="Initial">Initial margin.</param>
/// <param name="Maintenance">Maintenance margin.</param>
sealed record PoolState(
    SubaccountBooks Books,
    Currency? Settlement,
    double Equity,
    double Balance,
    double Initial,
    double Maintenance
)
{
    /// <summary>Whether a position belongs to the pool.</summary>
    public bool Holds(Held held) => Settlement is null || held.Instrument.Settlement == Settlement;
}

/// <summary>Margin and liquidation at each instant, by the venue's rule at its marks.</summary>
/// <remarks>
/// A pool whose balance is below maintenance is closed whole: every position at the touch (the mark and half the
/// assumed spread where nobody quotes), with the liquidation fee on the notional. Harsher than the venue, which closes
/// in steps.
/// </remarks>
static class MarginWatch
{
    public static IEnumerable<PoolState> Pools(AccountLedger ledger, IMarginModel model, InstantPrices prices)
    {
        foreach (var books in ledger.Books)
        {
            bool cross = books.Source.MarginMode is MarginMode.CrossStandard or MarginMode.CrossPortfolio;
            var currencies = books
                .Cash.Keys.Concat(books.Positions.Values.Select(held => held.Instrument.Settlement))
                .Distinct()
                .Order();
            if (cross)
                yield return Pool(books, null, [.. currencies], model, prices);
            else
                foreach (var currency in currencies)
                    yield return Pool(books, currency, [currency], model, prices);
        }
    }

    /// <summary>Closes every pool that is short, until none is.</summary>
    public static void Liquidate(
        AccountLedger ledger,
        IMarginModel model,
        InstantPrices prices,
        VenueAssumptions venue,
        StepFlows flows
    )
    {
        foreach (var pool in Pools(ledger, model, prices).ToList())
        {
            var held = pool.Books.Positions.Values.Where(pool.Holds).ToList();
            if (held.Count == 0 || pool.Balance >= pool.Maintenance)
                continue;
            flows.Liquidations++;
            foreach (var position in held)
                Close(ledger, pool.Books, position, prices, venue, flows);
        }
    }

    static void Close(
        AccountLedger ledger,
        SubaccountBooks books,
        Held held,
        InstantPrices prices,
        VenueAssumptions venue,
        StepFlows flows
    )
    {
        var quote = prices.Quote(held.Instrument.Name);
        decimal half = (decimal)venue.PerpetualSpread / 2;
        decimal price =
            held.Contracts > 0
                ? quote?.Bid ?? (held.Instrument is OptionInstrument ? 0 : held.Mark * (1 - half))
                : quote?.Ask ?? held.Mark * (1 + half);
        ledger.Fill(books, held.Instrument, -held.Contracts, price, prices, flows);
        double fee = Math.Abs((double)held.Contracts) * prices.NotionalHome(held.Instrument) * venue.LiquidationFee;
        books.Pay(held.Instrument.Settlement, -(decimal)(fee / prices.Home(held.Instrument.Settlement)));
        flows.Fees += fee;
    }

    static PoolState Pool(
        SubaccountBooks books,
        Currency? settlement,
        Currency[] currencies,
        IMarginModel model,
        InstantPrices prices
    )
    {
        double cash = 0,
            options = 0,
            initial = 0,
            maintenance = 0;
        foreach (var currency in currencies)
            cash += (double)books.Cash.GetValueOrDefault(currency) * prices.Home(currency);
        foreach (var held in books.Positions.Values.Where(held => currencies.Contains(held.Instrument.Settlement)))
        {
            double home = prices.Home(held.Instrument.Settlement);
            options += AccountLedger.OptionValue(held) * home;
            var price = new MarginPrice(prices.UnderlyingUsd(held.Instrument, held.Mark), (double)held.Mark);
            if (model.Rate(held.Instrument, price) is not { } rate)
                continue;
            initial += rate.Initial((double)held.Contracts) * home;
            maintenance += rate.Maintenance((double)held.Contracts) * home;
        }
        double balance = model.OptionValueIsMargin ? cash + options : cash;
        return new PoolState(books, settlement, cash + options, balance, initial, maintenance);
    }
}
