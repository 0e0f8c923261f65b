using Plimsoll.Engine;
using Plimsoll.Markets;

namespace Plimsoll.Storage.Tests;

public sealed class RunFileTests
{
    [Fact]
    public void Without_a_file_no_opening_limit_is_missing()
    {
        var run = RunFile.Defaults;
        Assert.Equal(
            ("main", MarginMode.SegregatedStandard, 10_000, 1ul),
            (run.Account, run.MarginMode, run.Scenarios, run.Seed)
        );
        var limits = run.Engine.Controls;
        Assert.Equal(50_000, limits.OrderNotionalUsd);
        Assert.All(
            (decimal?[])
                [
                    limits.OrderShareOfEquity,
                    limits.PositionNotionalUsd,
                    limits.GrossNotionalUsd,
                    limits.OpenOrders,
                    limits.PriceCollar,
                    limits.InitialMarginShare,
                    limits.LossTodayShare,
                ],
            limit => Assert.NotNull(limit)
        );
        Assert.Equal([0.70m, 0.80m, 0.88m], run.Engine.Cuts.Select(line => line.MarginRatio));
    }

    [Fact]
    public void What_is_written_is_what_the_engine_gets()
    {
        var run = RunFile
            .Parse(
                """
                account     = "desk2"
                margin-mode = "cross_pm"
                instruments = ["BTC-*", "ETH-PERPETUAL"]
                seed        = 9

                [execution]
                band        = "2.5%"
                order-life  = 2.5
                solve-every = 30

                [cuts]
                start  = "50%"
                target = "40%"

                [controls]
                order-share = "250%"
                loss-today  = "3%"
                """,
                "run.toml"
            )
            .Value;
        Assert.Equal(("desk2", MarginMode.CrossPortfolio, 9ul), (run.Account, run.MarginMode, run.Seed));
        Assert.Equal(["BTC-*", "ETH-PERPETUAL"], run.Instruments);
        Assert.Equal("desk2", run.Engine.EngineId);
        Assert.Equal((0.025m, TimeSpan.FromSeconds(2.5)), (run.Engine.BandShare, run.Engine.OrderLife));
        Assert.Equal(TimeSpan.FromSeconds(30), run.Engine.SolveInterval);
        Assert.Equal((2.5m, 0.03m), (run.Engine.Controls.OrderShareOfEquity, run.Engine.Controls.LossTodayShare));
        Assert.Equal(new CutLine(0.60m, 1, 0.02m), run.Engine.Cuts[1]);
        Assert.Equal(0.40m, run.Engine.CutTarget);
    }

    [Theory]
    [InlineData("acount = \"x\"", "run.toml: line 1: acount = \"x\": expected a known key, perhaps \"account\"")]
    [InlineData("account = \"Too Long A Name\"", "expected 1 to 12 small letters or digits")]
    [InlineData("scenarios = 10", "scenarios = 10: expected a whole number, at least 1000 and at most 1000000")]
    [InlineData("[controls]\nprice-collar = 0.02", "expected a percentage with its sign")]
    [InlineData("[cuts]\ntarget = \"75%\"", "expected less than the ratio at which it starts")]
    [InlineData("[cuts]\nstart = \"50%\"", "expected less than the ratio at which it starts")]
    [InlineData("[execution]\norder-life = 0.5", "expected a number of seconds, at least 1 and at most 60")]
    public void What_is_wrong_is_named(string text, string expected) =>
        Assert.Contains(expected, RunFile.Parse(text, "run.toml").Faults.Single().ToString());
}
