using CsCheck;
using Plimsoll.Controls;
using Plimsoll.Markets;

namespace Plimsoll.Engine.Tests;

/// <summary>What the core does by itself between two solves: volatility, deleveraging, the surface, refusals.</summary>
public sealed class BetweenSolvesTests
{
    const string Btc = "BTC-PERPETUAL";

    static FutureInstrument Future { get; } =
        new(EngineDriver.Perpetual(), "BTC-25DEC26", new DateTimeOffset(2026, 12, 25, 8, 0, 0, TimeSpan.Zero));

    static TargetContracts Of(string name, decimal contracts, ContractRisk? risk = null, decimal? rank = null) =>
        new(name, contracts, 0.2m, 0.01m, "survival.worst-case", risk, rank);

    /// <summary>Ten-second samples of the index that move by a share each, with the account's figures in between.</summary>
    static void Walk(EngineDriver driver, int samples, decimal move, ref decimal price)
    {
        for (int i = 0; i < samples; i++)
        {
            price = Math.Round(price * (1 + (i % 2 == 0 ? move : -move)), 1);
            driver.Wait(10);
            driver.Tick(price);
            driver.Tick(2_000, "ETH-PERPETUAL");
            driver.Account();
            if (driver.State.SolveAskedAt is not null)
                driver.Targets([Of(Btc, 1_000)], new CoinVolatility("BTC", 0.5m));
        }
    }

    [Fact]
    public void A_coin_that_becomes_more_volatile_than_its_law_is_scaled_down_and_never_up()
    {
        var driver = EngineDriver.Live(held: 1_000);
        driver.Targets([Of(Btc, 1_000)], new CoinVolatility("BTC", 0.5m));
        decimal price = 60_000;
        // 0.028% in ten seconds is 0.5 a year: nothing happens.
        Walk(driver, 60, 0.00028m, ref price);
        Assert.Equal(1, driver.State.Coins["BTC"].Scale);
        // Four times that, for half an hour.
        driver.Effects.Clear();
        Walk(driver, 180, 0.00112m, ref price);
        var coin = driver.State.Coins["BTC"];
        Assert.InRange(coin.Volatility!.Value, 1.0m, 2.0m);
        Assert.Equal(Math.Round(1.5m * 0.5m / coin.Volatility.Value, 4), coin.Scale);
        Assert.Contains(driver.Effects, effect => effect is Alert { Code: "scaled-down" });
        var order = driver.Effects.OfType<SendOrder>().First().Order;
        Assert.Equal((Side.Sell, true), (order.Side, order.ReduceOnly));
        Assert.Contains("times as volatile", driver.Effects.OfType<Decided>().First().Binding);
        Assert.Equal(1, driver.State.Coins["ETH"].Scale);
    }

    [Fact]
    public void One_wrong_print_of_the_index_scales_nothing()
    {
        var driver = EngineDriver.Live(held: 1_000);
        driver.Targets([Of(Btc, 1_000)], new CoinVolatility("BTC", 0.5m));
        foreach (decimal index in (decimal[])[60_000, 30_000, 60_000, 60_000])
        {
            driver.Wait(10);
            driver.Give(new TickerSeen(Btc, 60_000, index, new TopOfBook(59_999.5m, 60_000), 100, 100, null));
            driver.Account();
        }
        Assert.InRange(driver.State.Coins["BTC"].Volatility!.Value, 0.5m, 0.6m);
        Assert.Equal(1, driver.State.Coins["BTC"].Scale);
    }

    [Fact]
    public void Options_that_imply_more_than_at_the_solve_scale_their_coin_until_the_next_solve()
    {
        var driver = EngineDriver.Live(held: 1_000);
        var option = new OptionInstrument(
            EngineDriver.Perpetual() with
            {
                ContractSize = 1,
                LotContracts = 0.1m,
                MinimumOrderContracts = 0.1m,
            },
            "BTC-25DEC26-60000-C",
            60_000,
            OptionRight.Call,
            Future.Expiry
        );
        driver.Give(new Configured(EngineDriver.Settings, [option]));
        void Implied(decimal volatility) =>
            driver.Give(new TickerSeen(option.Name, 0.05m, 60_000, new TopOfBook(0.049m, 0.051m), 5, 5, volatility));
        Implied(0.5m);
        driver.Targets([Of(Btc, 1_000)]);
        driver.Wait(70); // the next solve is asked for, with 0.5 as its base
        driver.Targets([Of(Btc, 1_000)]);
        Implied(0.54m);
        driver.Account();
        Assert.Equal(1, driver.State.Coins["BTC"].Scale);
        driver.Wait(2);
        driver.Effects.Clear();
        Implied(0.66m);
        driver.Account();
        Assert.Contains(driver.Effects, effect => effect is Solve { Why: var why } && why.Contains("volatility"));
        Assert.Equal(Math.Round(1.1m / 1.32m, 4), driver.State.Coins["BTC"].Scale);
        driver.Targets([Of(Btc, 1_000)]);
        Assert.Equal(1, driver.State.Coins["BTC"].Scale);
    }

    [Fact]
    public void More_volatility_never_leaves_more() =>
        Gen.Select(Gen.Int[10, 300], Gen.Int[0, 300], Gen.Int[1, 100_000])
            .Sample(
                (percent, more, contracts) =>
                {
                    decimal Kept(decimal volatility)
                    {
                        var state = EngineDriver.Live(held: contracts).State;
                        var coin = state.Coins["BTC"];
                        (coin.LawVolatility, coin.Variance) = (0.5m, volatility * volatility);
                        Normalisation.Update(state, []);
                        return Normalisation.Wanted(state, state.Instruments[Btc], Of(Btc, contracts)).Contracts;
                    }
                    decimal calm = Kept(percent / 100m),
                        wild = Kept((percent + more) / 100m);
                    Assert.InRange(wild, 0, calm);
                    Assert.InRange(calm, 0, contracts);
                },
                iter: 300
            );

    static EngineDriver Hedged()
    {
        var driver = EngineDriver.Live(held: 1_000);
        driver.Give(new Configured(EngineDriver.Settings, [Future]));
        driver.Tick(60_000, Future.Name);
        driver.Wait(16);
        // Twice: the first reading differs from what was known, which stops openings until another agrees.
        for (int i = 0; i < 2; i++)
        {
            driver.AnswerReconcile(new Position(Btc, 1_000, 50_000), new Position(Future.Name, -1_000, 61_000));
            driver.Wait(16);
        }
        driver.Account();
        driver.Wait(6);
        driver.Tick(60_000);
        driver.Tick(60_000, Future.Name);
        driver.Account();
        driver.Targets([Of(Btc, 1_000), Of(Future.Name, -1_000)]);
        driver.Effects.Clear();
        return driver;
    }

    [Fact]
    public void When_the_venue_closes_one_leg_the_other_is_taken_back_at_once_and_a_solve_is_asked_for()
    {
        var driver = Hedged();
        var effects = driver.Give(new FillSeen("d1", null, Btc, Side.Sell, 400, 60_000, false, IsDeleveraging: true));
        Assert.Equal(EngineMode.Live, driver.State.Mode);
        Assert.Contains(effects, effect => effect is Alert { Code: "deleveraged" });
        Assert.Contains(effects, effect => effect is Solve { Why: "a leg was deleveraged" });
        effects.AddRange(driver.Tick(60_000, Future.Name));
        effects.AddRange(driver.Tick(60_000));
        var order = Assert.Single(effects.OfType<SendOrder>()).Order;
        Assert.Equal(
            (Future.Name, Side.Buy, 400m, true),
            (order.Instrument, order.Side, order.Contracts, order.ReduceOnly)
        );
        Assert.Contains(effects, effect => effect is Decided { Binding: "BTC-PERPETUAL was deleveraged" });
    }

    [Fact]
    public void Trades_of_one_deleveraging_add_up_go_past_the_band_and_chase_a_market_that_runs()
    {
        var driver = Hedged();
        for (int i = 0; i < 3; i++)
            driver.Give(new FillSeen($"d{i}", null, Btc, Side.Sell, 20, 60_000, false, IsDeleveraging: true));
        Assert.Equal(-940, driver.State.Instruments[Future.Name].Target!.Contracts);
        var prices = new List<decimal>();
        for (int i = 0; i < 4; i++)
        {
            driver.Effects.Clear();
            driver.Wait(0.3);
            driver.Tick(60_000, Future.Name);
            driver.Account();
            var order = driver.LastOrder.Order;
            Assert.Equal(
                (Future.Name, Side.Buy, 60m, true),
                (order.Instrument, order.Side, order.Contracts, order.ReduceOnly)
            );
            prices.Add(order.LimitPrice);
            driver.Give(new OrderSeen(order.Label, VenueOrderStatus.Cancelled, 0, "nobody"));
        }
        Assert.Equal([60_300m, 60_600m, 60_900m, 61_200m], prices);
        // What the venue has just closed is not opened again, whatever a solve wants.
        driver.Effects.Clear();
        driver.Targets([Of(Btc, 1_000), Of(Future.Name, -1_000)]);
        driver.Wait(0.3);
        driver.Tick(60_000);
        driver.Account();
        Assert.DoesNotContain(driver.Effects.OfType<SendOrder>(), send => send.Order.Instrument == Btc);
    }

    /// <summary>
    /// A solve that starts from what is held is content with an open hedge; what is owed is taken back all the same.
    /// </summary>
    [Theory]
    [InlineData(true, -600, "BTC-PERPETUAL was deleveraged")]
    [InlineData(false, -900, "survival.worst-case")]
    public void A_solve_from_holdings_does_not_forgive_what_is_owed_to_a_hedge(
        bool fromHoldings,
        int wanted,
        string binding
    )
    {
        var driver = Hedged();
        driver.Give(new FillSeen("d1", null, Btc, Side.Sell, 400, 60_000, false, IsDeleveraging: true));
        driver.Give(
            new TargetsReady(
                driver.State.SolveAskedSequence,
                driver.State.SolveDigest,
                [Of(Btc, 600), Of(Future.Name, -900)],
                FromHoldings: fromHoldings
            )
        );
        var future = driver.State.Instruments[Future.Name];
        Assert.Equal((wanted, binding, true), (future.Target!.Contracts, future.Target.Binding, future.IsOwed));
    }

    [Fact]
    public void A_resize_that_finds_nobody_goes_farther_each_time_and_starts_anew_once_it_traded()
    {
        var driver = EngineDriver.Live(held: 1_000);
        driver.Target(0);
        var prices = new List<decimal>();
        for (int i = 0; i < 14; i++)
        {
            var order = driver.LastOrder.Order;
            prices.Add(order.LimitPrice);
            bool isLast = i == 12;
            if (isLast)
                driver.Give(new FillSeen("f1", order.Label, Btc, Side.Sell, 1, order.LimitPrice, false));
            driver.Give(
                new OrderSeen(
                    order.Label,
                    isLast ? VenueOrderStatus.Filled : VenueOrderStatus.Cancelled,
                    isLast ? 1 : 0,
                    ""
                )
            );
            driver.Wait(0.3);
            driver.Tick(60_000);
            driver.Account();
        }
        Assert.Equal(59_999.5m, prices[0]);
        Assert.Equal(59_970m, prices[1]);
        Assert.Equal(59_700m, prices[11]);
        Assert.Equal(59_700m, prices[12]);
        Assert.Equal(59_999.5m, prices[13]);
    }

    [Fact]
    public void Targets_made_from_holdings_are_not_scaled_a_second_time()
    {
        var driver = EngineDriver.Live(held: 1_000);
        driver.Targets([Of(Btc, 1_000)], new CoinVolatility("BTC", 0.5m));
        var coin = driver.State.Coins["BTC"];
        coin.Variance = 1.5m * 1.5m; // half of the targets
        driver.Account();
        Assert.Equal(0.5m, coin.Scale);
        Assert.Equal(500, Normalisation.Wanted(driver.State, driver.State.Instruments[Btc], Of(Btc, 1_000)).Contracts);
        driver.Wait(70);
        driver.Give(
            new TargetsReady(
                driver.State.SolveAskedSequence,
                driver.State.SolveDigest,
                [Of(Btc, 500)],
                [new CoinVolatility("BTC", 0.5m)],
                FromHoldings: true
            )
        );
        Assert.Equal(500, Normalisation.Wanted(driver.State, driver.State.Instruments[Btc], Of(Btc, 500)).Contracts);
        coin.Variance = 3m * 3m;
        driver.Account();
        Assert.Equal(250, Normalisation.Wanted(driver.State, driver.State.Instruments[Btc], Of(Btc, 500)).Contracts);
    }

    [Fact]
    public void Legs_of_another_coin_or_of_the_same_side_are_left_alone()
    {
        var driver = Hedged();
        driver.Wait(16);
        driver.AnswerReconcile(
            new Position(Btc, 1_000, 50_000),
            new Position(Future.Name, 500, 61_000),
            new Position("ETH-PERPETUAL", -9_000, 2_000)
        );
        driver.Effects.Clear();
        driver.Give(new FillSeen("d1", null, Btc, Side.Sell, 400, 60_000, false, IsDeleveraging: true));
        foreach (string name in (string[])[Btc, Future.Name, "ETH-PERPETUAL"])
            driver.Tick(name == "ETH-PERPETUAL" ? 2_000 : 60_000, name);
        Assert.DoesNotContain(driver.Effects.OfType<SendOrder>(), send => send.Order.Side == Side.Buy);
        Assert.Equal(-9_000, driver.State.Position("ETH-PERPETUAL"));
    }

    [Fact]
    public void A_leg_near_deleveraging_halves_its_coin_by_the_venues_signals_or_by_the_estimate()
    {
        var driver = Hedged();
        var coin = driver.State.Coins["BTC"];
        driver.Give(new DeleveragingSeen(Btc, 0.95m, 1_000_000));
        Assert.Equal(1, coin.Scale);
        driver.Give(new DeleveragingSeen(Btc, null, 700_000));
        Assert.Equal(0.5m, coin.Scale);
        Assert.Contains("near auto-deleveraging", coin.ScaleCause);
        driver.Give(new DeleveragingSeen(Btc, 0.4m, null));
        Assert.Equal(1, coin.Scale);

        // Without signals: the solve's estimate, while the market is far wilder than its law.
        var other = Hedged();
        other.Give(new SolveFailed(0, "", "x"));
        other.Wait(70);
        other.Targets([Of(Btc, 1_000, rank: 0.97m), Of(Future.Name, -1_000)], new CoinVolatility("BTC", 0.5m));
        other.Account();
        Assert.Equal(1, other.State.Coins["BTC"].Scale);
        other.State.Coins["BTC"].Variance = 1.2m * 1.2m;
        other.Account();
        Assert.Equal(0.5m, other.State.Coins["BTC"].Scale);
    }

    [Fact]
    public void The_surface_moves_by_its_greeks_and_asks_for_a_solve_where_the_marks_say_otherwise()
    {
        var driver = EngineDriver.Live(held: 1_000);
        // A contract of 10 USD: delta 10 USD, no gamma, as the venue's marks have it to first order.
        driver.Targets([Of(Btc, 1_000, new ContractRisk(10, 0, 0))], new CoinVolatility("BTC", 0.5m));
        driver.Wait(2);
        driver.Tick(60_300);
        driver.Account();
        var risk = EngineView.Of(driver.State).Coins.Single(one => one.Underlying == "BTC");
        Assert.Equal((10_000m, 50m), (risk.DeltaUsd, risk.EstimatedGainUsd));
        Assert.InRange(risk.MarkedGainUsd, 49.9m, 50.1m);
        Assert.Equal(0.5m, risk.Volatility);

        // A gamma that the marks do not have: a move of 0.9% is below every trigger but this one.
        driver.Wait(70);
        driver.Targets([Of(Btc, 1_000, new ContractRisk(10, 200, 0))], new CoinVolatility("BTC", 0.5m));
        driver.Wait(2);
        driver.Effects.Clear();
        driver.Tick(60_840);
        driver.Account();
        Assert.Contains(driver.Effects, effect => effect is Solve { Why: var why } && why.Contains("off the marks"));
    }

    [Fact]
    public void A_refusal_is_put_down_once_until_it_changes()
    {
        var driver = EngineDriver.Live();
        var tight = EngineDriver.Settings with
        {
            Controls = EngineDriver.Settings.Controls with { PositionNotionalUsd = 100 },
        };
        driver.Give(new Configured(tight, []));
        driver.Effects.Clear();
        driver.Target(1_000);
        for (int i = 0; i < 10; i++)
        {
            driver.Wait(0.3);
            driver.Tick(60_000);
            driver.Account();
        }
        var refused = Assert.Single(driver.Effects.OfType<Decided>());
        Assert.Equal((0m, "control position-limit"), (refused.Order, refused.Binding));
        // Another target is another wish; a wish that goes out ends the silence.
        for (int i = 0; i < 200; i++)
        {
            driver.Wait(0.3);
            driver.Tick(60_000);
            driver.Account();
        }
        Assert.Single(driver.Effects.OfType<Decided>());
        driver.Target(2_000);
        driver.Tick(60_000);
        Assert.Equal(2, driver.Effects.OfType<Decided>().Count());
        driver.Give(new Configured(EngineDriver.Settings, []));
        driver.Tick(60_000);
        Assert.Equal(2_000, driver.LastOrder.Order.Contracts);
        Assert.Equal(3, driver.Effects.OfType<Decided>().Count());
    }

    [Fact]
    public void Under_the_first_rules_all_stays_as_it_was()
    {
        var driver = EngineDriver.Live(held: 1_000);
        driver.Give(new Configured(EngineDriver.Settings with { Rules = 1 }, []));
        driver.Effects.Clear();
        driver.Give(new FillSeen("d1", null, Btc, Side.Sell, 400, 60_000, true, IsDeleveraging: true));
        Assert.Equal(EngineMode.Liquidating, driver.State.Mode);
        Assert.DoesNotContain(driver.Effects, effect => effect is Alert { Code: "deleveraged" });
    }
}
