using System.Collections.Immutable;
using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Sizing;

namespace Plimsoll.Backtest;

/// <summary>What all methods see alike at one instant.</summary>
/// <param name="Step">Its number.</param>
/// <param name="Market">The market.</param>
/// <param name="Histories">Bars that had closed by then.</param>
/// <param name="Store">What the market alone decides.</param>
/// <param name="Elapsed">Since the instant before; zero at the first.</param>
/// <param name="Extremes">Prices at the lows and the highs since then; empty where not recorded.</param>
/// <param name="DeliveryUsd">Delivery price of a coin at an expiry that has passed.</param>
sealed record Instant(
    int Step,
    MarketSnapshot Market,
    Lazy<ImmutableArray<PriceHistory>> Histories,
    IMarketStore Store,
    TimeSpan Elapsed,
    ImmutableArray<MarketSnapshot> Extremes,
    Func<string, DateTimeOffset, double> DeliveryUsd
);

/// <summary>One method's account on its way through the records.</summary>
sealed class MethodRun
{
    readonly BacktestRequest request;
    readonly BacktestMethod method;
    readonly AccountLedger ledger;
    readonly List<StepRecord> records;
    readonly List<string> notes;
    decimal highWaterMark;
    long lastPeriod;
    DateTimeOffset? ruinedAt;

    public MethodRun(BacktestRequest request, BacktestMethod method, Func<string, Instrument?> contract, RunState? from)
    {
        (this.request, this.method) = (request, method);
        var account = from?.Account ?? request.Account;
        ledger = new AccountLedger(account, contract);
        records = [.. from?.Records ?? []];
        notes = [.. from?.Notes ?? []];
        highWaterMark = account.HighWaterMark ?? 0;
        (lastPeriod, ruinedAt) = (from?.LastPeriod ?? -1, from?.RuinedAt);
    }

    public RunState State =>
        new(method.Name, ledger.State(highWaterMark), lastPeriod, ruinedAt, [.. records], [.. notes]);

    /// <summary>Lives through one instant: funding, settlement, marks, liquidation, decision, fills.</summary>
    public void Live(Instant instant, int threads)
    {
        var prices = new InstantPrices(instant.Market, request.Home);
        var flows = new StepFlows();
        var venue = request.Venue;
        var margin = VenueRates.Deribit(request.Account);
        ledger.PayFunding(prices, instant.Elapsed, request.Mandate.Assumptions.Funding8h ?? venue.Funding8h, flows);
        ledger.PayInterest(prices, instant.Elapsed, request.Mandate.Assumptions.BorrowAnnual ?? 0, flows);
        ledger.Settle(prices, instant.DeliveryUsd, flows);
        if (!ledger.IsFlat)
            foreach (var extreme in instant.Extremes)
            {
                var worst = new InstantPrices(extreme, request.Home);
                ledger.MarkTo(worst, flows);
                MarginWatch.Liquidate(ledger, margin, worst, venue, flows);
            }
        flows.StaleMarks = 0;
        ledger.MarkTo(prices, flows);
        MarginWatch.Liquidate(ledger, margin, prices, venue, flows);
        double before = ledger.Equity(prices);
        highWaterMark = Math.Max(highWaterMark, (decimal)Math.Max(before, 0));
        if (!(before > 0))
            ruinedAt ??= prices.Time;
        if (request.SweepsGains && ruinedAt is null)
            ledger.Sweep(request.Account, request.Home, prices, venue.ConversionSpread, flows);
        var decision = ruinedAt is null ? DecideIfDue(instant, prices, threads) : null;
        if (decision is { Status: not DecisionStatus.Undetermined })
            Execution.Fill(ledger, decision, prices, venue, flows);
        records.Add(Record(prices, flows, before, decision, margin));
    }

    Decision? DecideIfDue(Instant instant, InstantPrices prices, int threads)
    {
        long period = PeriodOf(request, prices.Time);
        if (period == lastPeriod)
            return null;
        lastPeriod = period;
        var input = InputOf(request, WithCarried(instant.Market), instant.Histories.Value, instant.Store) with
        {
            Account = ledger.State(highWaterMark),
            Threads = threads,
        };
        var (decision, aside) = DecisionOfDay.Make(input, method);
        foreach (string note in aside.Concat(decision?.Missing ?? []))
            if (!notes.Contains(note))
                notes.Add(note);
        return decision;
    }

    /// <summary>The period between decisions in which an instant lies.</summary>
    public static long PeriodOf(BacktestRequest request, DateTimeOffset time) => time.UtcTicks / request.Every.Ticks;

    /// <summary>What is decided from at an instant, with the account of the first day.</summary>
    public static SizingInput InputOf(
        BacktestRequest request,
        MarketSnapshot market,
        ImmutableArray<PriceHistory> histories,
        IMarketStore store
    )
    {
        var assumptions = request.Mandate.Assumptions;
        return new SizingInput
        {
            Market = market,
            Account = request.Account,
            Mandate = request.Mandate with
            {
                Assumptions = assumptions with
                {
                    Funding8h = assumptions.Funding8h ?? request.Venue.Funding8h,
                    PerpetualSpread = assumptions.PerpetualSpread ?? request.Venue.PerpetualSpread,
                },
            },
            Histories = histories,
            Scenarios = request.Scenarios,
            Seed = request.Seed,
            Explain = false,
            Store = store,
            Threads = 1,
        };
    }

    /// <summary>What is held and not quoted now stands in the market at its last mark, without quotes.</summary>
    MarketSnapshot WithCarried(MarketSnapshot market)
    {
        var listed = market.Quotes.Select(quote => quote.Instrument.Name).ToHashSet(StringComparer.Ordinal);
        var carried = ledger
            .Books.SelectMany(books => books.Positions.Values)
            .Where(held => !listed.Contains(held.Instrument.Name))
            .DistinctBy(held => held.Instrument.Name)
            .Select(held => new InstrumentQuote { Instrument = held.Instrument, Mark = held.Mark })
            .ToList();
        return carried.Count == 0
            ? market
            : market with
            {
                Quotes =
                [
                    .. market.Quotes.Concat(carried).OrderBy(quote => quote.Instrument.Name, StringComparer.Ordinal),
                ],
            };
    }

    StepRecord Record(InstantPrices prices, StepFlows flows, double before, Decision? decision, IMarginModel margin)
    {
        var (gross, net) = ledger.Exposure(prices);
        double share = 0;
        foreach (var pool in MarginWatch.Pools(ledger, margin, prices))
            if (pool.Equity > 0 && pool.Initial > 0)
                share = Math.Max(share, pool.Initial / pool.Equity);
        return new StepRecord
        {
            Time = prices.Time,
            EquityBefore = before,
            Equity = ledger.Equity(prices),
            Fees = flows.Fees,
            Spread = flows.Spread,
            Funding = flows.Funding,
            Traded = flows.Traded,
            Gross = gross,
            NetDeltaOne = net,
            InitialMarginShare = share,
            Fills = flows.Fills,
            Unfilled = flows.Unfilled,
            Liquidations = flows.Liquidations,
            StaleMarks = flows.StaleMarks,
            Status = decision?.Status,
            Promise = decision is { Status: not DecisionStatus.Undetermined } ? PromiseOf(decision) : null,
        };
    }

    static Promise? PromiseOf(Decision decision)
    {
        double? Figure(string key) => decision.After.FirstOrDefault(figure => figure.Key == key)?.Value;
        return
            Figure("value_at_risk_95") is { } var95
            && Figure("value_at_risk_99") is { } var99
            && Figure("expected_shortfall_95") is { } es95
            && Figure("expected_shortfall_99") is { } es99
            ? new Promise(decision.Horizon.Days, var95, var99, es95, es99, Figure("drawdown_probability_bound"))
            : null;
    }
}
