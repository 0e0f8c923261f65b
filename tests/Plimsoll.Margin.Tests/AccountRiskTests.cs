using Plimsoll.Markets;
using Plimsoll.Risk;
using static Plimsoll.Risk.Tests.SmallWorld;

namespace Plimsoll.Margin.Tests;

public sealed class AccountRiskTests
{
    static readonly OptionInstrument Call = Option("BTC", 66_000, OptionRight.Call, Middle);
    static readonly OptionInstrument Put = Option("BTC", 50_000, OptionRight.Put, Far);
    static readonly OptionInstrument EtherCall = Option("ETH", 2_200, OptionRight.Call, Far, PayoffShape.Linear, 0.1m);
    static readonly PerpetualInstrument Bitcoin = Perpetual("BTC");
    static readonly SpotInstrument Coins = Spot("BTC");
    static readonly MarketSnapshot Snapshot = Market(Call, Put, EtherCall, Bitcoin, Coins);

    static readonly Account Account = Accounts.Segregated(
        [new Balance(Btc, 2), new Balance(Currency.Usdc, 50_000)],
        [
            new Position(Call.Name, -3, null),
            new Position(Put.Name, 2, null),
            new Position(EtherCall.Name, -100, null),
            new Position(Bitcoin.Name, -1_500, 58_000),
        ]
    );

    static RiskRequest Request(Currency home, params TypedTrade[] trades) =>
        new()
        {
            Market = new RiskMarket(Snapshot, Surfaces),
            Account = Account,
            Scenarios = Scenarios(Spread(801)),
            Stress = Scenarios([-0.5, -0.2, 0.2, 0.5], weighted: false),
            Home = home,
            Trades = [.. trades],
        };

    static double Value(RiskView view, string key) =>
        Assert.Single(view.Figures, figure => figure.Key == key).Value!.Value;

    [Fact]
    public void Figures_hang_together_and_keys_are_unique()
    {
        var report = AccountRisk.Report(Request(Currency.Usd));
        Assert.Empty(report.Missing);
        Assert.Null(report.After);
        var view = report.Before!;
        Assert.Equal(view.Figures.Length, view.Figures.Select(figure => figure.Key).Distinct().Count());
        Assert.Equal(801, report.EffectiveSample, 1e-9);
        Assert.True(Value(view, "expected_shortfall[99%]") >= Value(view, "value_at_risk[99%]"));
        Assert.True(Value(view, "value_at_risk[99%]") >= Value(view, "value_at_risk[95%]"));
        Assert.True(Value(view, "worst_scenario") >= Value(view, "expected_shortfall[99%]"));
        Assert.Equal(view.Equity, Value(view, "equity[BTC]") * 60_000 + Value(view, "equity[USDC]"), 1e-6);
        Assert.Equal(view.Pools.Sum(pool => pool.Equity), view.Equity, 1e-6);
        Assert.InRange(Value(view, "drawdown_probability"), 0, 1);
        foreach (var contract in view.WorstByContract)
            Assert.True(contract.Loss > 0, contract.Name);
        Assert.True(
            view.WorstByUnderlying.Single(worst => worst.Name == "BTC").Loss
                <= view.WorstByUnit.Where(worst => worst.Name.StartsWith("BTC", StringComparison.Ordinal))
                    .Sum(w => w.Loss) + 1e-9,
            "netting inside an underlying can only help"
        );
    }

    [Fact]
    public void The_middle_of_the_grid_gains_nothing_and_its_coin_figures_are_the_positions_dollars_at_the_price_there()
    {
        var view = AccountRisk.Report(Request(Currency.Usd)).Before!;
        var grid = view.Grids.Single(grid => grid.Underlying == "BTC");
        int still = grid.SpotMoves.IndexOf(0),
            same = grid.VolatilityMoves.IndexOf(0);
        Assert.Equal(0, grid.GainHome[still, same], 1e-6);
        for (int i = 0; i < grid.SpotMoves.Length; i++)
        for (int j = 0; j < grid.VolatilityMoves.Length; j++)
            Assert.Equal(
                grid.PositionGainHome[i, j] / (60_000 * (1 + grid.SpotMoves[i])),
                grid.PositionGainCoin[i, j],
                1e-9
            );
        // The short near call loses more to volatility, which moves near expiries most, than the far put gains.
        Assert.True(grid.GainHome[still, same + 1] < 0);
        Assert.True(grid.GainHome[still, same + 2] < grid.GainHome[still, same + 1]);
    }

    [Fact]
    public void Coin_figures_of_the_grid_are_what_the_coin_balance_gains_and_leave_collateral_out()
    {
        var account = Accounts.Segregated([new Balance(Btc, 2)], [new Position(Bitcoin.Name, -1_500, null)]);
        var grid = AccountRisk.Report(Request(Currency.Usd) with { Account = account }).Before!.Grids.Single();
        int same = grid.VolatilityMoves.IndexOf(0);
        double mark = new ModelPrices(Snapshot, Surfaces).Price(Bitcoin)!.Value;
        double size = (double)Bitcoin.ContractSize;
        for (int i = 0; i < grid.SpotMoves.Length; i++)
        {
            double move = 1 + grid.SpotMoves[i];
            double coins = -1_500 * size * (1 / mark - 1 / (mark * move));
            Assert.Equal(coins, grid.PositionGainCoin[i, same], 1e-12);
            Assert.Equal(coins * 60_000 * move, grid.PositionGainHome[i, same], 1e-6);
            double collateral = 2 * 60_000 * grid.SpotMoves[i];
            Assert.Equal(coins * 60_000 * move + collateral, grid.GainHome[i, same], 1e-6);
        }
    }

    [Fact]
    public void Worst_cases_say_whether_collateral_counts_and_what_the_stress_set_alone_says()
    {
        var view = AccountRisk.Report(Request(Currency.Usd)).Before!;
        string Words(string key) => view.Figures.Single(figure => figure.Key == key).Description;
        Assert.StartsWith("whole account, collateral included", Words("worst_scenario"), StringComparison.Ordinal);
        Assert.StartsWith("whole account, collateral included", Words("worst_stress"), StringComparison.Ordinal);
        Assert.StartsWith("positions on BTC and collateral in it", Words("worst_tail[BTC]"), StringComparison.Ordinal);
        Assert.StartsWith("positions alone", Words("worst_case_underlying[BTC]"), StringComparison.Ordinal);
        foreach (var worst in view.WorstByUnderlying.Concat(view.WorstByUnit).Concat(view.WorstByContract))
            Assert.True(worst.StressLoss <= worst.Loss, worst.Name);
        Assert.Contains(view.WorstByContract, worst => worst.StressLoss < worst.Loss);
    }

    [Fact]
    public void A_trade_and_its_opposite_leave_only_their_cost()
    {
        var report = AccountRisk.Report(
            Request(Currency.Usd, new TypedTrade(Call.Name, 0.5), new TypedTrade(Call.Name, -0.5))
        );
        var (before, after) = (report.Before!, report.After!);
        double price = new ModelPrices(Snapshot, Surfaces).Price(Call)!.Value;
        var held = before.Exit.Single(exit => exit.Instrument == Call.Name);
        double impact = held.Impact!.Value * Math.Pow(0.5 / Math.Abs(held.Contracts), 1.5);
        double cost = 2 * 0.5 * (0.01 * price + Math.Min(0.0003, 0.125 * price)) * 60_000 + 2 * impact;
        Assert.Equal(before.Equity - cost, after.Equity, 1e-6);
        Assert.Equal(before.StandardDeviation, after.StandardDeviation, 0.01 * before.StandardDeviation);
        Assert.Equal(before.Pools[1], after.Pools[1]);
    }

    [Fact]
    public void Trading_the_position_away_removes_its_risk()
    {
        var report = AccountRisk.Report(Request(Currency.Usd, new TypedTrade(Call.Name, 3)));
        Assert.Contains(report.Before!.WorstByContract, worst => worst.Name == Call.Name);
        Assert.DoesNotContain(report.After!.WorstByContract, worst => worst.Name == Call.Name);
        Assert.True(Value(report.After!, "worst_tail[BTC]") < Value(report.Before!, "worst_tail[BTC]"));
        Assert.True(
            Value(report.After!, "initial_margin[main/BTC]") < Value(report.Before!, "initial_margin[main/BTC]")
        );
    }

    [Fact]
    public void Spot_moves_dollars_into_coins_and_their_delta()
    {
        var report = AccountRisk.Report(Request(Currency.Usd, new TypedTrade(Coins.Name, 0.5)));
        var (before, after) = (report.Before!, report.After!);
        Assert.Equal(before.EquityByCurrency[Btc] + 0.5, after.EquityByCurrency[Btc], 1e-12);
        Assert.Equal(Value(before, "delta_usd[BTC]") + 30_000, Value(after, "delta_usd[BTC]"), 1e-6);
        Assert.True(after.Equity < before.Equity);
    }

    [Fact]
    public void Home_in_coin_counts_dollars_as_the_risk()
    {
        var view = AccountRisk.Report(Request(Btc)).Before!;
        var dollars = AccountRisk.Report(Request(Currency.Usd)).Before!;
        Assert.Equal(dollars.Equity / 60_000, view.Equity, 1e-9);
        double expected = (Value(dollars, "delta_usd[BTC]") - dollars.Equity) / 60_000;
        Assert.Equal(expected, Value(view, "delta_home[BTC]"), 1e-9);
    }

    [Fact]
    public void What_is_missing_is_named_and_there_is_no_view()
    {
        var request = Request(Currency.Usd, new TypedTrade("BTC-1JAN30-1-C", 1));
        var report = AccountRisk.Report(
            request with
            {
                Account = Accounts.Segregated([new Balance(new Currency("DOGE"), 5)], []),
            }
        );
        Assert.Null(report.Before);
        Assert.Equal(
            ["BTC-1JAN30-1-C: not in the market snapshot", "DOGE: no index or no scenarios to value it by"],
            report.Missing
        );
    }

    [Fact]
    public void Unknown_margin_is_undetermined_and_the_rest_still_stands()
    {
        var without = new DeribitStandardMargin(
            StandardMarginParameters.Shipped() with
            {
                Underlyings = [.. StandardMarginParameters.Shipped().Underlyings.Where(row => row.Underlying == "BTC")],
            }
        );
        var report = AccountRisk.Report(Request(Currency.Usd) with { Margin = without });
        Assert.Empty(report.Before!.Pools);
        Assert.Null(report.Before.LiquidationProbability);
        Assert.Contains(
            report.Warnings,
            line => line.StartsWith("margin is undetermined: ETH", StringComparison.Ordinal)
        );
        Assert.True(report.Before.StandardDeviation > 0);
    }

    [Fact]
    public void Liquidation_probability_is_the_weight_of_scenarios_that_fail_a_pool()
    {
        var request = Request(Currency.Usd);
        var view = AccountRisk.Report(request).Before!;
        var matrix = Revaluation.Compute(
            Snapshot,
            Surfaces,
            request.Scenarios,
            view.Book.Instruments(),
            Currency.Usd,
            1
        );
        var pools = AccountMargin.InScenarios(Account, view.Book, request.Margin, matrix, request.Market.Prices);
        int failed = Enumerable.Range(0, 801).Count(s => pools.Any(pool => pool.Balance[s] - pool.Maintenance[s] < 0));
        Assert.InRange(failed, 1, 800);
        Assert.Equal(failed / 801.0, view.LiquidationProbability!.Value, 1e-12);
    }

    [Fact]
    public void Two_threads_report_the_figures_of_one()
    {
        var one = AccountRisk.Report(Request(Currency.Usd)).Before!.Figures;
        var two = AccountRisk.Report(Request(Currency.Usd) with { Threads = 2 }).Before!.Figures;
        Assert.Equal<RiskFigure>(one, two);
    }
}
