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
                margin-model = "span-like-margin"
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
                "run.toml",
                "deribit"
            )
            .Value;
        Assert.Equal(("desk2", MarginMode.CrossPortfolio, 9ul), (run.Account, run.MarginMode, run.Seed));
        Assert.Equal(["BTC-*", "ETH-PERPETUAL"], run.Instruments);
        Assert.Equal("span-like-margin", run.MarginModel);
        Assert.Equal("desk2", run.Engine.EngineId);
        Assert.Equal((0.025m, TimeSpan.FromSeconds(2.5)), (run.Engine.BandShare, run.Engine.OrderLife));
        Assert.Equal(TimeSpan.FromSeconds(30), run.Engine.SolveInterval);
        Assert.Equal((2.5m, 0.03m), (run.Engine.Controls.OrderShareOfEquity, run.Engine.Controls.LossTodayShare));
        Assert.Equal(new CutLine(0.60m, 1, 0.02m), run.Engine.Cuts[1]);
        Assert.Equal(0.40m, run.Engine.CutTarget);
    }

    /// <summary>Every setting that is a threshold can be written, and arrives where it is used.</summary>
    [Fact]
    public void Every_threshold_of_the_engine_is_a_key()
    {
        var run = RunFile
            .Parse(
                """
                [execution]
                band-lots = 7
                depth = "11%"
                reconcile-every = 21
                simulate-every = 77
                solve-pause = 2.5
                target-age = 90
                index-trigger = "3%"
                volatility-trigger = "12%"
                suspect-move = "6%"
                not-found-margin = 3
                hold = 8
                clock-trust = 0.25

                [passive]
                on = true
                deadline = 45
                re-price-every = 2.5
                re-price-band = "0.1%"

                [cuts]
                second = "75%"
                third = "90%"
                depths = ["20%", "60%", "300%"]
                rooms = ["1%", "3%", "9%"]
                pause = 0.5

                [volatility]
                room = 1.75
                memory = 1800
                surface-error = "0.25%"

                [deleveraging]
                rank = "80%"
                fund = "60%"
                keep = "40%"
                pause = 600

                [controls]
                order-notional = 1
                position-notional = 2
                gross-notional = 3
                open-orders = 4
                price-collar = "5%"
                cut-collar = "12%"
                initial-margin = "61%"
                messages-per-second = 6
                cut-reserve = 9
                duplicate-window = 1.5
                rejects = 8
                reject-window = 33
                book-age = 1
                price-age = 4
                account-age = 15
                settlement-window = 120
                """,
                "run.toml",
                "deribit"
            )
            .Value.Engine;
        var usual = RunFile.Defaults.Engine;
        // How long the ids of trades are kept is no threshold: any time that exceeds the clocks' difference is sound.
        string[] elsewhere =
        [
            "TradeMemory",
            "EngineId",
            "Rules",
            "Drawdowns",
            "BandShare",
            "OrderLife",
            "SolveInterval",
            "CutTarget",
        ];
        Differ(usual, run, elsewhere);
        Differ(usual.Controls, run.Controls, ["OrderShareOfEquity", "LossTodayShare"]);
        CutLine[] lines = [new(0.70m, 0.2m, 0.01m), new(0.75m, 0.6m, 0.03m), new(0.90m, 3m, 0.09m)];
        Assert.Equal(lines, run.Cuts);
        Assert.Equal(
            (1.75m, TimeSpan.FromMinutes(30), 0.0025m),
            (run.VolatilityRoom, run.VolatilityMemory, run.SurfaceError)
        );
        Assert.Equal((0.8m, 0.6m, 0.4m), (run.DeleveragingRank, run.DeleveragingFund, run.DeleveragingKeep));
        Assert.Equal(TimeSpan.FromMinutes(10), run.DeleveragingPause);
        Differ(usual.Resting, run.Resting, ["VenueEdits"]);
        Assert.Equal((TimeSpan.FromSeconds(45), 0.001m), (run.Resting.Deadline, run.Resting.EditBand));
        Assert.Equal(
            (6, 9, 0.12m),
            (run.Controls.MessagesPerSecond, run.Controls.CutReserve, run.Controls.CutPriceCollar)
        );

        static void Differ(object before, object after, string[] except)
        {
            foreach (var setting in before.GetType().GetProperties())
                if (!except.Contains(setting.Name))
                    Assert.False(
                        Equals(setting.GetValue(before), setting.GetValue(after)),
                        $"{setting.Name} cannot be written"
                    );
        }
    }

    /// <summary>What the file leaves out is what the engine itself would take.</summary>
    [Fact]
    public void Defaults_of_the_file_are_those_of_the_engine()
    {
        var run = RunFile.Defaults.Engine;
        var own = new EngineSettings { EngineId = "main", Controls = run.Controls };
        Assert.Equal(own.Cuts, run.Cuts);
        Assert.Equal(own, run with { Cuts = own.Cuts, Drawdowns = own.Drawdowns });
        var limits = new Plimsoll.Controls.ControlLimits();
        Assert.Equal(
            (limits.CutPriceCollar, limits.DuplicateWindow, limits.MostRejects, limits.RejectWindow),
            (
                run.Controls.CutPriceCollar,
                run.Controls.DuplicateWindow,
                run.Controls.MostRejects,
                run.Controls.RejectWindow
            )
        );
        Assert.Equal(
            (limits.BookAge, limits.PriceAge, limits.AccountAge, limits.SettlementWindow, limits.CutReserve),
            (
                run.Controls.BookAge,
                run.Controls.PriceAge,
                run.Controls.AccountAge,
                run.Controls.SettlementWindow,
                run.Controls.CutReserve
            )
        );
    }

    [Theory]
    [InlineData("[cuts]\nsecond = \"65%\"", "cuts.second = \"65%\": expected start, second and third rising")]
    [InlineData("[cuts]\ndepths = [\"50%\"]", "expected a list of at least 3, each entry a percentage")]
    [InlineData("[cuts]\ndepths = [\"50%\", \"1%\", \"2%\"]", "expected three shares, none below the one before")]
    [InlineData("[cuts]\nrooms = [\"1%\", \"2%\", \"20%\"]", "expected rooms of the cuts within controls.cut-collar")]
    [InlineData("[controls]\ncut-collar = \"1%\"", "expected rooms of the cuts within controls.cut-collar")]
    [InlineData("[execution]\nsolve-every = 300", "expected a target-age of at least solve-every")]
    [InlineData("[volatility]\nroom = 0.5", "expected a number, at least 1 and at most 100")]
    [InlineData("[deleveraging]\nrank = \"120%\"", "expected a percentage with its sign")]
    [InlineData("[deleveraging]\nranks = \"90%\"", "expected a known key, perhaps \"rank\"")]
    [InlineData("acount = \"x\"", "run.toml: line 1: acount = \"x\": expected a known key, perhaps \"account\"")]
    [InlineData("account = \"Too Long A Name\"", "expected 1 to 12 small letters or digits")]
    [InlineData("scenarios = 10", "scenarios = 10: expected a whole number, at least 1000 and at most 1000000")]
    [InlineData("[controls]\nprice-collar = 0.02", "expected a percentage with its sign")]
    [InlineData("[cuts]\ntarget = \"75%\"", "expected less than the ratio at which it starts")]
    [InlineData("[cuts]\nstart = \"50%\"", "expected less than the ratio at which it starts")]
    [InlineData("margin-model = \"derive-portfolio-margin\"", "margin-mode \"cross_pm\" beside it")]
    [InlineData("margin-mode = \"cross_pm\"\nmargin-model = \"okx-portfolio-margin\"", "expected a model of derive: ")]
    [InlineData("[execution]\norder-life = 0.5", "expected a number of seconds, at least 1 and at most 60")]
    public void What_is_wrong_is_named(string text, string expected) =>
        Assert.Contains(expected, RunFile.Parse(text, "run.toml", "derive").Faults.Single().ToString());
}
