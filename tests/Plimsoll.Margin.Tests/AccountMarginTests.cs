using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Risk;
using Plimsoll.Risk.Tests;
using static Plimsoll.Risk.Tests.SmallWorld;

namespace Plimsoll.Margin.Tests;

public sealed class AccountMarginTests
{
    static readonly DeribitStandardMargin Model = DeribitStandardMargin.Shipped;
    static readonly OptionInstrument Call = Option("BTC", 66_000, OptionRight.Call, Middle);
    static readonly OptionInstrument Put = Option("BTC", 50_000, OptionRight.Put, Far);
    static readonly OptionInstrument EtherCall = Option("ETH", 2_200, OptionRight.Call, Far, PayoffShape.Linear, 0.1m);
    static readonly PerpetualInstrument Perpetual = SmallWorld.Perpetual("BTC");
    static readonly MarketSnapshot Snapshot = Market(Call, Put, EtherCall, Perpetual);
    static readonly RiskMarket World = new(Snapshot, Surfaces);
    static readonly HomePrices Home = HomePrices.Of(Snapshot, Scenarios([0.0]), Currency.Usd);

    static readonly ImmutableArray<Balance> Cash = [new Balance(Btc, 2), new Balance(Currency.Usdc, 50_000)];

    static readonly ImmutableArray<Position> Positions =
    [
        new Position(Call.Name, -3, null),
        new Position(Put.Name, 2, null),
        new Position(EtherCall.Name, -100, null),
        new Position(Perpetual.Name, -1_500, 58_000),
    ];

    static ImmutableArray<PoolMargin> Now(Account account) =>
        AccountMargin.Now(account, Book.Of(account, Snapshot, World.Prices), Model, World.Prices, Home);

    [Fact]
    public void Segregated_wallets_stand_alone_and_option_value_is_no_margin()
    {
        var pools = Now(Accounts.Segregated(Cash, Positions));
        Assert.Equal(["main/BTC", "main/USDC"], pools.Select(pool => pool.Name));
        double call = World.Prices.Price(Call)!.Value,
            put = World.Prices.Price(Put)!.Value;
        double unrealised = -1_500 * 10 * (1 / 58_000.0 - 1 / 60_060.0);
        Assert.Equal((2 + unrealised) * 60_000, pools[0].Balance, 1e-6);
        Assert.Equal((2 + unrealised - 3 * call + 2 * put) * 60_000, pools[0].Equity, 1e-6);
        double coins = 15_000 / 60_060.0;
        double future = coins * (0.01 + 0.00005 * coins);
        Assert.Equal((3 * (0.075 + call) + future) * 60_000, pools[0].Maintenance, 1e-4);
        Assert.Equal(
            100 * 0.1 * (0.075 * ForwardUsd(2_000, Far)) + -(pools[1].Equity - 50_000),
            pools[1].Maintenance,
            1e-4
        );
        Assert.Equal(50_000, pools[1].Balance, 1e-9);
    }

    [Fact]
    public void Cross_collateral_is_one_pool_with_the_same_sums()
    {
        var apart = Now(Accounts.Segregated(Cash, Positions));
        var account = Accounts.Of(MarginMode.CrossStandard, Cash, Positions);
        var pool = Assert.Single(Now(account));
        Assert.Equal("main", pool.Name);
        Assert.Equal(apart.Sum(p => p.Equity), pool.Equity, 1e-6);
        Assert.Equal(apart.Sum(p => p.Initial), pool.Initial, 1e-6);
        Assert.Contains(AccountMargin.Warnings(account, Model), line => line.Contains("haircuts"));
    }

    [Fact]
    public void Portfolio_margin_is_named_as_not_modelled() =>
        Assert.Contains(
            AccountMargin.Warnings(Accounts.Of(MarginMode.SegregatedPortfolio, Cash, []), Model),
            line => line.Contains("portfolio margin is not modelled; standard margin, which nets nothing, stands in")
        );

    [Fact]
    public void A_scenario_in_which_nothing_happens_has_todays_margin()
    {
        var account = Accounts.Segregated(Cash, Positions);
        var book = Book.Of(account, Snapshot, World.Prices);
        var still = StillScenarios.OneCoin(Snapshot, "BTC", [0.0]);
        var matrix = Revaluation.Compute(Snapshot, Surfaces, still, book.Instruments(), Currency.Usd, 1);
        var then = AccountMargin.InScenarios(account, book, Model, matrix, World.Prices);
        var now = Now(account);
        for (int p = 0; p < now.Length; p++)
        {
            Assert.Equal(now[p].Name, then[p].Name);
            Assert.Equal(now[p].Balance, then[p].Balance[0], 1e-6);
            Assert.Equal(now[p].Maintenance, then[p].Maintenance[0], 1e-4);
        }
    }

    [Fact]
    public void Scenario_margin_is_the_rule_at_that_market_reckoned_by_hand()
    {
        var account = Accounts.Segregated(Cash, Positions);
        var book = Book.Of(account, Snapshot, World.Prices);
        var moves = StillScenarios.OneCoin(Snapshot, "BTC", [Math.Log(1.2)]);
        var matrix = Revaluation.Compute(Snapshot, Surfaces, moves, book.Instruments(), Currency.Usd, 1);
        var pool = AccountMargin.InScenarios(account, book, Model, matrix, World.Prices)[0];
        double index = 72_000;
        double Then(OptionInstrument option)
        {
            int column = matrix.Instruments.IndexOf(option);
            return World.Prices.Price(option)!.Value + matrix.Gain[0, column] / index;
        }
        double coins = 15_000 / (60_060 * 1.2);
        double future = coins * (0.01 + 0.00005 * coins);
        Assert.Equal((3 * (0.075 + Then(Call)) + future) * index, pool.Maintenance[0], 1e-4);
        double unrealised = -15_000 * (1 / 58_000.0 - 1 / (60_060 * 1.2));
        Assert.Equal((2 + unrealised) * index, pool.Balance[0], 1e-4);
    }

    [Fact]
    public void Open_orders_count_on_their_worse_side_and_a_bought_option_costs_its_premium()
    {
        OpenOrder Order(string id, Instrument of, Side side, decimal contracts, decimal price, bool reduce = false) =>
            new(id, of.Name, side, contracts, price, reduce);
        var account = Accounts.Segregated(
            Cash,
            Positions,
            Order("1", Call, Side.Sell, 2, 0.03m),
            Order("2", Call, Side.Buy, 3, 0.01m),
            Order("3", Put, Side.Buy, 1, 0.05m),
            Order("4", Put, Side.Sell, 5, 0.05m, reduce: true),
            Order("5", Perpetual, Side.Sell, 1_500, 61_000m)
        );
        var rate = AccountMargin.RateNow(Model, Call, World.Prices);
        double onSale = 2 * rate.InitialShort;
        double coins = 15_000 / 60_060.0;
        double future = 0.02 * coins + 0.00005 * (4 - 1) * coins * coins;
        Assert.Equal((onSale + 0.05 + future) * 60_000, Now(account)[0].OpenOrders, 1e-4);
    }

    [Fact]
    public void Requirement_of_a_book_is_convex_and_removing_a_short_option_never_raises_it()
    {
        var random = new Plimsoll.Numerics.SeededRandom(3, 1);
        for (int trial = 0; trial < 50; trial++)
        {
            double[] Draw() => [.. Enumerable.Range(0, 4).Select(_ => 20 * random.NextNormal())];
            double[] a = Draw(),
                b = Draw();
            double Initial(double[] q) => Sum(q, (rate, contracts) => rate.Initial(contracts));
            double[] middle = [.. a.Zip(b, (x, y) => (x + y) / 2)];
            Assert.True(Initial(middle) <= (Initial(a) + Initial(b)) / 2 * (1 + 1e-12));
            double[] fewer = [Math.Max(a[0], 0), .. a[1..]];
            Assert.True(Initial(fewer) <= Initial(a) * (1 + 1e-12));
        }
    }

    static double Sum(double[] contracts, Func<MarginRate, double, double> of)
    {
        Instrument[] instruments = [Call, Put, EtherCall, Perpetual];
        double sum = 0;
        for (int i = 0; i < contracts.Length; i++)
            sum +=
                of(AccountMargin.RateNow(Model, instruments[i], World.Prices), contracts[i])
                * Home.Now(instruments[i].Settlement);
        return sum;
    }
}
