using Plimsoll.Markets;

namespace Plimsoll.Margin.Tests;

/// <summary>
/// Books whose whole needs more than its parts, one for each rule that has such books, and where the figures come from.
/// </summary>
/// <remarks>docs/margin/VENUE.md names each with its effect. Prices are those of the property tests: BTC at 60,000.</remarks>
public sealed class MarginCounterexampleTests
{
    /// <summary>Places of contracts among options and futures, as the property tests list them.</summary>
    const int NearCall = 1,
        NearCall66 = 2,
        NearPut = 4,
        FarCall = 7,
        FarPut = 10,
        NearFuture = 13,
        FarFuture = 14;

    static PropertyRule Perpetuals(string key, PayoffShape shape, Currency settlement) =>
        new(key, 1, false, MarginPropertyBooks.Futures(shape, settlement));

    /// <summary>A size of the first contract, USD.</summary>
    static double[] Usd(PropertyRule rule, double usd) =>
        rule.Of((0, usd / MarginPropertyBooks.EachUsd(rule.Instruments[0])));

    static void Asks(double initial, double maintenance, PropertyRule rule, double[] book)
    {
        var (askedInitial, askedMaintenance) = rule.Asked(book);
        Assert.Equal(initial, askedInitial, 1e-9 * (1 + initial));
        Assert.Equal(maintenance, askedMaintenance, 1e-9 * (1 + maintenance));
    }

    [Fact]
    public void Deribits_standard_margin_of_futures_grows_with_the_square()
    {
        var rule = Perpetuals("deribit-standard-margin", PayoffShape.Inverse, new Currency("BTC"));
        // 2% and 0.005% a coin, 1% and 0.005% a coin: of 10 and of 20 coins.
        Asks(600_000 * (0.02 + 0.0005), 600_000 * (0.01 + 0.0005), rule, Usd(rule, 600_000));
        Asks(1_200_000 * (0.02 + 0.001), 1_200_000 * (0.01 + 0.001), rule, Usd(rule, 1_200_000));
    }

    [Fact]
    public void Deribits_portfolio_margin_adds_a_delta_shock_to_a_large_book()
    {
        var rule = Perpetuals("deribit-portfolio-margin", PayoffShape.Inverse, new Currency("BTC"));
        double[] part = Usd(rule, 15e6);
        Assert.DoesNotContain(rule.Stated(part).Pools.SelectMany(p => p.Charges), c => c.Name == "delta-shock");
        var whole = rule.Stated(part.Times(2)).Pools.Single(p => p.Initial > 0);
        double shock = whole.Charges.Single(charge => charge.Name == "delta-shock").Initial * whole.UnitUsd;
        Assert.Equal(rule.Asked(part).Initial * 2 + shock, rule.Asked(part.Times(2)).Initial, 1e-3);
        Assert.True(shock > 100_000, $"{shock}");
    }

    [Fact]
    public void Okx_charges_a_large_stablecoin_hedge_more_than_twice_its_half()
    {
        var rule = MarginPropertyBooks.Rules["okx-portfolio-margin"];
        double each = 1e6 / MarginPropertyBooks.EachUsd(rule.Instruments[0]);
        // Long in USDT, short in USDC, both perpetual: no shock moves it. The minimum charge binds, 0.45% of 2 million.
        var half = rule.Of((0, each), (3, -each));
        Asks(1.3 * 9_000, 9_000, rule, half);
        // 0.75% of the first million and 1.75% of the second.
        Asks(1.3 * 25_000, 25_000, rule, half.Times(2));
    }

    [Fact]
    public void Span_charges_a_spread_between_months_that_neither_part_has()
    {
        var rule = MarginPropertyBooks.Rules["span-like-margin"];
        // Long near straddles, short far ones, without delta: volatility up at an unmoved price is the worst.
        var straddles = rule.Of(
            (NearCall, 40),
            (NearPut, 40),
            (NearFuture, -3_260),
            (FarCall, -15),
            (FarPut, -15),
            (FarFuture, 4_080)
        );
        double[] near = straddles.With(rule.Of((NearFuture, 1_000))),
            far = straddles.With(rule.Of((FarFuture, -1_000)));
        double Charge(double[] book, string name) =>
            rule.Stated(book).Pools.Single().Charges.Where(charge => charge.Name == name).Sum(charge => charge.Initial);
        double scan = Charge(near, "scan") + Charge(far, "scan");
        Assert.Equal(scan, Charge(near.With(far), "scan"), 1e-6);
        double over = rule.Asked(near.With(far)).Initial - rule.Asked(near).Initial - rule.Asked(far).Initial;
        Assert.Equal(Charge(near.With(far), "inter-month-spread"), over, 1e-6);
        Assert.True(over > 100, $"{over}");
    }

    [Fact]
    public void Derives_standard_manager_charges_a_covered_call_beside_a_naked_put_as_naked()
    {
        var rule = MarginPropertyBooks.Rules["derive-standard-margin"];
        double[] naked = rule.Of((NearPut, -1)),
            spread = rule.Of((NearCall, 1), (NearCall66, -1));
        double call = MarginPropertyBooks.Quote(rule.Instruments[NearCall66], 1).Mark;
        double over = rule.Asked(naked.With(spread)).Initial - rule.Asked(naked).Initial - rule.Asked(spread).Initial;
        // Beside the put the isolated branch is the smaller one, and it does not see the call's cover.
        Assert.Equal(rule.Asked(rule.Of((NearCall66, -1))).Initial + call, over, 1e-6);
        Assert.True(over > 5_000, $"{over}");
    }

    [Fact]
    public void Binances_next_bracket_asks_more()
    {
        var unified = Perpetuals("binance-portfolio-margin", PayoffShape.Linear, MarginPropertyBooks.Usdt);
        Asks(1.2 * 200, 1.05 * 200, unified, Usd(unified, 50_000));
        Asks(1.2 * 450, 1.05 * 450, unified, Usd(unified, 100_000));
        var futures = Perpetuals("binance-margin", PayoffShape.Linear, MarginPropertyBooks.Usdt);
        Asks(50_000 / 125, 200, futures, Usd(futures, 50_000));
        Asks(100_000 / 100, 450, futures, Usd(futures, 100_000));
    }

    [Fact]
    public void Bybits_next_tier_asks_more()
    {
        var rule = Perpetuals("bybit-unified-margin", PayoffShape.Linear, MarginPropertyBooks.Usdt);
        const double fee = 0.00055 * 0.99;
        Asks(1.3e6 * (0.01 + fee), 1.3e6 * (0.005 + fee), rule, Usd(rule, 1.3e6));
        Asks(2.6e6 * (0.01 + fee), 2e6 * 0.005 + 0.6e6 * 0.0056 + 2.6e6 * fee, rule, Usd(rule, 2.6e6));
    }

    [Fact]
    public void Hyperliquids_next_tier_halves_the_leverage_of_the_whole_position()
    {
        var rule = MarginPropertyBooks.Rules["hyperliquid-margin"];
        Asks(150e6 / 40, 150e6 / 80, rule, Usd(rule, 150e6));
        Asks(300e6 / 20, 150e6 / 80 + 150e6 / 40, rule, Usd(rule, 300e6));
    }

    [Fact]
    public void Dydx_rounds_up_to_a_millionth_of_a_dollar_so_that_a_half_may_ask_as_much_as_the_whole()
    {
        var rule = MarginPropertyBooks.Rules["dydx-margin"];
        Assert.Equal(1e-6, rule.Asked(Usd(rule, 0.00002)).Initial, 1e-12);
        Assert.Equal(1e-6, rule.Asked(Usd(rule, 0.00004)).Initial, 1e-12);
    }
}
