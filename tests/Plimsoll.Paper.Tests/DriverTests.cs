using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Storage;
using Plimsoll.TestSupport;

namespace Plimsoll.Paper.Tests;

/// <summary>The simulated, recorded and scripted markets.</summary>
public sealed class DriverTests
{
    static readonly MarketSnapshot Embedded = EmbeddedMarket.Snapshot();
    static readonly MarketStart Still = MarketStart
        .Of(Embedded, Embedded.AsOf.ToUnixTimeMilliseconds(), "embedded")
        .Value;

    static (Venue Venue, MarketDriver Driver) Make(IMarketPath path, ulong seed, MarketLife? life = null)
    {
        var venue = new Venue(
            VenueFigures.Shipped,
            DeribitStandardMargin.Shipped,
            Embedded.AsOf.ToUnixTimeMilliseconds()
        );
        return (venue, new MarketDriver(venue, Still, path, life ?? new MarketLife(), seed));
    }

    [Fact]
    public void The_same_seed_gives_the_same_events_and_another_seed_others()
    {
        static string Run(ulong seed)
        {
            var (venue, driver) = Make(new StochasticPath(Still, new StochasticLaw(), seed), seed);
            var text = new System.Text.StringBuilder();
            for (int i = 1; i <= 40; i++)
            {
                driver.RunTo(Embedded.AsOf.ToUnixTimeMilliseconds() + i * 500);
                foreach (var happened in venue.Drain())
                    if (happened is BookChanged c)
                        text.Append($"{c.Listed.Name} {c.Id} {string.Join(' ', c.Changes)}\n");
                    else if (happened is Traded t)
                        text.Append($"{t.Trade.Id} {t.Trade.Listed.Name} {t.Trade.Price} {t.Trade.Amount}\n");
            }
            return text.ToString();
        }
        string first = Run(3);
        Assert.True(first.Length > 50_000);
        Assert.Equal(first, Run(3));
        Assert.NotEqual(first, Run(4));
    }

    [Fact]
    public void When_an_expiry_is_delivered_the_next_of_its_distance_is_listed_and_quoted()
    {
        var (venue, driver) = Make(new StochasticPath(Still, new StochasticLaw(), 5), 5, new MarketLife(0, 0));
        long startMs = venue.NowMs;
        var before = Expiries(venue);
        long boundary = before[0];
        Assert.True(boundary - startMs < 5 * 86_400_000L, "the nearest expiry is near");
        driver.RunTo(boundary - 2_000, 1);
        driver.RunTo(boundary + 20_000);
        var after = Expiries(venue);
        long days = Math.Max(1, (long)Math.Round((boundary - startMs) / 86_400_000.0));
        Assert.Equal(before.Skip(1).Append(boundary + days * 86_400_000L).Distinct().Order(), after);
        var listed = venue.Listed.Values.Where(book => book.ExpiryMs == after[0] && book.State == BookState.Open);
        Assert.True(listed.Count(book => book.Book.BestBid is not null) > 10);
        Assert.Contains(venue.Drain(), happened => happened is InstrumentChanged { State: "created" });

        static List<long> Expiries(Venue venue) =>
            [
                .. venue
                    .Listed.Values.Where(book => book.State != BookState.Closed && book.Instrument.Underlying == "BTC")
                    .Select(book => book.ExpiryMs)
                    .OfType<long>()
                    .Distinct()
                    .Order(),
            ];
    }

    [Fact]
    public void Quotes_never_cross_stand_on_ticks_and_options_are_worth_their_surface()
    {
        var (venue, driver) = Make(new StochasticPath(Still, new StochasticLaw(), 5), 5);
        driver.RunTo(venue.NowMs + 60_000);
        int quoted = 0;
        foreach (var book in venue.Listed.Values)
        {
            if (book.Book is not { BestBid: { } bid, BestAsk: { } ask })
                continue;
            quoted++;
            Assert.True(bid.Price < ask.Price, book.Name);
            Assert.Equal(0, bid.Price % book.Instrument.Ticks.At(bid.Price));
            Assert.Equal(0, ask.Price % book.Instrument.Ticks.At(ask.Price));
            Assert.InRange(book.Mark, bid.Price * 0.5m, ask.Price * 1.5m + book.LowestTick);
        }
        Assert.True(quoted > 300, $"{quoted} books are quoted");
        foreach (var currency in (Currency[])[new("BTC"), new("ETH"), Currency.Usdc])
            Assert.Equal(0, venue.Imbalance(currency));
    }

    [Fact]
    public void The_stochastic_index_has_the_surfaces_volatility_without_jumps()
    {
        var law = new StochasticLaw { JumpsPerDay = 0, VolatilityOfVolatility = 0 };
        var path = new StochasticPath(Still, law, 9);
        double last = path.At("BTC").IndexUsd,
            sum = 0;
        const int Minutes = 20_000;
        for (int i = 1; i <= Minutes; i++)
        {
            path.MoveTo(i * 60_000L);
            double now = path.At("BTC").IndexUsd;
            sum += Math.Pow(Math.Log(now / last), 2);
            last = now;
        }
        double annual = Math.Sqrt(sum / Minutes * 525_600);
        double surface = Still.Surface("BTC").AtTheMoneyVolatility(7 / 365.0);
        // 20,000 minutes: the standard error of a volatility is 1/sqrt(2n), half a percent; four of them.
        Assert.InRange(annual / surface, 0.98, 1.02);
    }

    [Fact]
    public void A_crash_liquidates_the_crowd_and_deleverages_when_the_fund_is_empty_and_books_balance()
    {
        var script = MarketScript.Find("flash-crash")!;
        var path = new ScriptedPath(new StochasticPath(Still, new StochasticLaw(), 2), script);
        var life = new MarketLife(CrowdAccounts: 40, FundCoins: 0, FundDollars: 0);
        var (venue, driver) = Make(path, 2, life);
        var user = venue.OpenAccount("user", AccountRole.Client, new Balance(new Currency("BTC"), 1));
        venue.Place(
            user,
            new OrderRequest
            {
                Instrument = "BTC-PERPETUAL",
                Side = Side.Sell,
                Amount = 300_000,
                Kind = OrderKind.Market,
            }
        );
        long start = venue.NowMs;
        var events = new List<VenueEvent>();
        for (int second = 1; second <= 120; second++)
        {
            driver.RunTo(start + second * 1000);
            events.AddRange(venue.Drain());
            foreach (var currency in (Currency[])[new("BTC"), new("ETH"), Currency.Usdc])
                Assert.Equal(0, venue.Imbalance(currency));
        }
        Assert.Contains(events, e => e is LockChanged { IsLocked: true, Account.Role: AccountRole.Crowd });
        Assert.Contains(
            venue.Accounts.SelectMany(a => a.Fills),
            f => f.Order.IsLiquidation && f.Order.Account.Role == AccountRole.Crowd
        );
        decimal fall = venue.Index("BTC") / (decimal)Still.IndexUsd("BTC");
        Assert.InRange(fall, 0.6m, 0.98m);
        Assert.All(
            venue.Accounts.Where(a => a.IsMargined),
            a => Assert.True(venue.Wallet(a, a.Cash.Keys.First()).Equity > -0.5m)
        );
    }

    [Fact]
    public void A_bad_tick_is_there_for_one_second_and_the_mark_hardly_moves()
    {
        var law = new StochasticLaw { JumpsPerDay = 0 };
        var path = new ScriptedPath(new StochasticPath(Still, law, 1), MarketScript.Find("bad-tick")!);
        path.MoveTo(29_000);
        double before = path.At("BTC").IndexUsd;
        path.MoveTo(30_500);
        Assert.InRange(path.At("BTC").IndexUsd / before, 0.59, 0.61);
        path.MoveTo(31_250);
        Assert.InRange(path.At("BTC").IndexUsd / before, 0.99, 1.01);
    }

    [Fact]
    public void A_recorded_series_meets_each_chain_at_its_time()
    {
        string[] names = ["20260205T093647Z", "20260205T155132Z", "20260205T212937Z"];
        string?[] files = [.. names.Select(name => Repository.Shared($"market/chains/deribit-{name}.csv.gz"))];
        Assert.SkipWhen(files.Contains(null), Golden.Absent);
        var snapshots = files.Select(file => RecordedChainFile.Read(file!).Value).ToList();
        var starts = snapshots.Select(s => MarketStart.Of(s, s.AsOf.ToUnixTimeMilliseconds(), s.Source).Value).ToList();
        var path = new RecordedPath(starts, 60, 1);
        Assert.Equal(snapshots[0].Find("BTC")!.IndexUsd, path.At("BTC").IndexUsd, 6);
        for (int i = 1; i < 3; i++)
        {
            double ms = (snapshots[i].AsOf - snapshots[0].AsOf).TotalMilliseconds / 60;
            path.MoveTo((long)Math.Ceiling(ms / 250) * 250);
            // Within a step of the chain's own time the bridge has all but closed.
            Assert.InRange(path.At("BTC").IndexUsd / snapshots[i].Find("BTC")!.IndexUsd, 0.998, 1.002);
        }
        double tYears = 20 / 365.0;
        double recorded = starts[2].Surface("BTC").VolatilityAnnual(60_000, tYears, 63_000);
        Assert.Equal(recorded, path.VolatilityAnnual("BTC", 60_000, tYears, 63_000), 2);
    }

    [Fact]
    public void Dates_move_by_whole_days_and_names_with_them()
    {
        long later = Embedded.AsOf.AddDays(10.3).ToUnixTimeMilliseconds();
        var moved = MarketStart.Of(Embedded, later, "embedded").Value;
        Assert.Equal(11, moved.ShiftDays);
        var contracts = moved.Contracts().ToList();
        Assert.All(
            contracts,
            row => Assert.True(row.Instrument.SettlesAt is null || row.Instrument.SettlesAt.Value.Hour == 8)
        );
        Assert.All(contracts, row => Assert.NotNull(DeribitNames.Parse(row.Instrument.Name, out _)));
        Assert.Contains(
            contracts,
            row => row.Instrument.Name == "BTC-7APR26-70000-C" || row.Instrument.SettlesAt is not null
        );
    }

    [Theory]
    [InlineData("{", "no JSON")]
    [InlineData("{}", "legs")]
    [InlineData("""{"legs": []}""", "at least one")]
    [InlineData(
        """{"legs": [{"index_factor": -1, "drop": 2, "coins": 3}]}""",
        "legs[0].index_factor",
        "legs[0].drop",
        "legs[0].coins"
    )]
    public void A_broken_script_is_refused_with_every_fault(string text, params string[] parts)
    {
        var script = MarketScript.Parse(text, "script.json");
        Assert.False(script.Succeeded);
        string faults = string.Join('\n', script.Faults);
        Assert.All(parts, part => Assert.Contains(part, faults, StringComparison.Ordinal));
    }

    [Fact]
    public void Shipped_scripts_are_read_and_faults_are_drawn_by_their_seed()
    {
        Assert.Equal(["bad-tick", "crash", "flash-crash", "squeeze"], MarketScript.Shipped);
        Assert.All(MarketScript.Shipped, name => Assert.NotEmpty(MarketScript.Find(name)!.Legs));
        static string Run(ulong seed)
        {
            var plan = FaultPlan.Parse("drop=10%,delay=20%:50ms,gap=50%", "--faults", seed).Value;
            return string.Concat(
                Enumerable
                    .Range(0, 400)
                    .Select(i => plan.OfFrame(i % 2 == 0 ? "{}" : "{\"prev_change_id\":1}")?.Kind.ToString()[0] ?? '.')
            );
        }
        Assert.Equal(Run(1), Run(1));
        Assert.NotEqual(Run(1), Run(2));
        Assert.True(Run(1).Where((_, i) => i % 2 == 0).All(c => c != 'G'), "only book changes make gaps");
        Assert.Contains('G', Run(1));
    }
}
