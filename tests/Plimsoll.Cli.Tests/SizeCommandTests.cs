using System.Globalization;
using System.Text;
using System.Text.Json;
using Plimsoll.Reports.Tests;
using Plimsoll.Storage;
using Plimsoll.TestSupport;

namespace Plimsoll.Cli.Tests;

/// <summary>The whole command on the built-in market; few scenarios, since speed is not what is tested here.</summary>
public sealed class SizeCommandTests
{
    static readonly string[] Few = ["--scenarios", "3000"];
    static readonly Lazy<CommandRun> WithOneThread = new(() =>
        CommandRun.Of(["size", "--json", "--implied-views", "--threads", "1", .. Few])
    );

    static CommandRun Size => WithOneThread.Value;

    [Fact]
    public void Built_in_account_breaks_a_limit_and_gets_trades_with_reasons()
    {
        var run = Size;
        Assert.Equal((0, ""), (run.Code, run.Error));
        DocumentedKeys.Check("size", run.Out, "before", "after");
        using var document = JsonDocument.Parse(run.Out);
        var root = document.RootElement;
        Assert.Equal("sized", root.GetProperty("status").GetString());
        var limits = root.GetProperty("limits").EnumerateArray().ToArray();
        Assert.Contains(limits, limit => Number(limit, "value_before") > Number(limit, "limit"));
        Assert.All(limits, limit => Assert.True(Number(limit, "value") <= Number(limit, "limit") + 1e-9));
        var trades = root.GetProperty("targets").EnumerateArray().Where(line => Number(line, "trade") != 0).ToArray();
        Assert.NotEmpty(trades);
        Assert.All(trades, line => Assert.NotEqual(0, line.GetProperty("reasons").GetArrayLength()));
        Assert.Equal(
            Enumerable.Range(1, trades.Length),
            trades.Select(line => line.GetProperty("step").GetInt32()).Order()
        );
    }

    [Fact]
    public void Tables_fit_a_hundred_columns_and_the_payoff_is_drawn()
    {
        using var folder = new TemporaryFolder();
        string svg = Path.Combine(folder.Path, "payoff.svg");
        var run = CommandRun.Of(["size", "--chart", svg, .. Few]);
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("Trades, in the order in which they can be done", run.Out, StringComparison.Ordinal);
        Assert.All(run.Out.Split('\n'), line => Assert.True(line.TrimEnd().Length <= 100, line));
        Assert.Contains("<svg", File.ReadAllText(svg), StringComparison.Ordinal);
    }

    [Fact]
    public void Answer_does_not_depend_on_the_number_of_threads() =>
        Assert.Equal(Size.Out, CommandRun.Of(["size", "--json", "--implied-views", "--threads", "3", .. Few]).Out);

    [Fact]
    public void Limits_that_no_book_can_meet_give_exit_code_1_and_the_least_violating_trades()
    {
        using var folder = new TemporaryFolder();
        // Ether is held as collateral, and bitcoin alone may be traded: the loss cannot come down this far.
        string mandate = folder.Write(
            "mandate.toml",
            "candidates = [\"BTC-PERPETUAL\"]\n[survival]\nexpected-shortfall = { level = \"99%\", limit = \"0.001%\" }\n"
        );
        var run = CommandRun.Of(["size", "--mandate", mandate, "--json", .. Few]);
        using var document = JsonDocument.Parse(run.Out);
        Assert.Equal(("infeasible", 1), (document.RootElement.GetProperty("status").GetString(), run.Code));
        Assert.NotEqual(0, document.RootElement.GetProperty("conflicts").GetArrayLength());
    }

    [Fact]
    public void Market_alone_is_sized_flat_without_the_built_in_view_and_stays_flat()
    {
        using var folder = new TemporaryFolder();
        string market = Path.Combine(folder.Path, "market.json");
        SnapshotFile.Write(EmbeddedMarket.Snapshot(), market);
        var run = CommandRun.Of(["size", "--market", market, "--json", .. Few]);
        Assert.Equal((0, ""), (run.Code, run.Error));
        using var document = JsonDocument.Parse(run.Out);
        var root = document.RootElement;
        Assert.All(root.GetProperty("targets").EnumerateArray(), line => Assert.Equal(0, Number(line, "target")));
        string[] warnings = [.. root.GetProperty("warnings").EnumerateArray().Select(text => text.GetString()!)];
        Assert.Contains(warnings, text => text.StartsWith("without --account", StringComparison.Ordinal));
        Assert.Contains(warnings, text => text.StartsWith("without --mandate", StringComparison.Ordinal));
    }

    [Fact]
    public void One_trade_stays_within_its_budget()
    {
        var run = CommandRun.Of(
            "size",
            "ETH-PERPETUAL",
            "sell",
            "--risk",
            "0.5%",
            "--stop",
            "2300",
            "--json",
            "--scenarios",
            "3000"
        );
        Assert.Equal((0, ""), (run.Code, run.Error));
        DocumentedKeys.Check("size INSTRUMENT", run.Out);
        using var document = JsonDocument.Parse(run.Out);
        Assert.True(Number(document.RootElement, "loss_at_stop") <= Number(document.RootElement, "budget"));
        Assert.Equal(0.005 * Number(document.RootElement, "equity"), Number(document.RootElement, "budget"), 1e-6);
    }

    [Fact]
    public void Risk_before_and_after_typed_trades_has_the_documented_keys()
    {
        using var folder = new TemporaryFolder();
        string png = Path.Combine(folder.Path, "map.png");
        var run = CommandRun.Of([
            "risk",
            "--trade",
            "+100 BTC-PERPETUAL",
            "--trade",
            "-10 ETH-PERPETUAL",
            "--chart",
            png,
            "--json",
            .. Few,
        ]);
        Assert.Equal((0, ""), (run.Code, run.Error));
        DocumentedKeys.Check("risk", run.Out, "before", "after");
        using var document = JsonDocument.Parse(run.Out);
        double now = Number(document.RootElement.GetProperty("before"), "delta_usd[BTC]");
        double then = Number(document.RootElement.GetProperty("after"), "delta_usd[BTC]");
        // 100 contracts of 10 USD, at a forward that is the index but for the basis; the spread is paid in coin.
        Assert.InRange(then - now, 990, 1010);
        Assert.Equal("\u0089PNG", Encoding.Latin1.GetString(File.ReadAllBytes(png), 0, 4));
        string tables = CommandRun.Of(["risk", .. Few]).Out;
        Assert.All(tables.Split('\n'), line => Assert.True(line.TrimEnd().Length <= 100, line));
    }

    [Fact]
    public void Typed_trades_are_answered_without_distances_unless_they_are_asked_for()
    {
        bool Measures(params string[] options)
        {
            var run = CommandRun.Of(["risk", "--json", .. options, .. Few]);
            Assert.Equal((0, ""), (run.Code, run.Error));
            using var document = JsonDocument.Parse(run.Out);
            return document
                .RootElement.GetProperty("before")
                .EnumerateObject()
                .Any(figure => OfDistance.Any(figure.Name.StartsWith));
        }
        Assert.True(Measures());
        Assert.False(Measures("--trade", "+100 BTC-PERPETUAL"));
        Assert.True(Measures("--trade", "+100 BTC-PERPETUAL", "--distances"));
    }

    [Fact]
    public void Risk_and_size_agree_on_the_same_book()
    {
        using var risk = JsonDocument.Parse(CommandRun.Of(["risk", "--json", .. Few]).Out);
        using var size = JsonDocument.Parse(Size.Out);
        double equity = Number(size.RootElement, "equity");
        double shortfall = Number(size.RootElement.GetProperty("before"), "expected_shortfall_99");
        Assert.Equal(equity, Number(risk.RootElement, "equity"), 1e-6 * equity);
        Assert.Equal(
            shortfall * equity,
            Number(risk.RootElement.GetProperty("before"), "expected_shortfall[99%]"),
            1e-6 * equity
        );
    }

    [Fact]
    public void Every_figure_of_the_risk_report_stands_in_size_before_and_after_the_trades()
    {
        using var size = JsonDocument.Parse(Size.Out);
        string[] trades =
        [
            .. size
                .RootElement.GetProperty("targets")
                .EnumerateArray()
                .Where(line => Number(line, "trade") != 0)
                .SelectMany(line =>
                    new[]
                    {
                        "--trade",
                        line.GetProperty("trade").GetDecimal().ToString("+0.####;-0.####", CultureInfo.InvariantCulture)
                            + " "
                            + line.GetProperty("instrument").GetString(),
                    }
                ),
        ];
        using var risk = JsonDocument.Parse(CommandRun.Of(["risk", "--json", .. trades, .. Few]).Out);
        foreach (string side in new[] { "before", "after" })
        {
            var figures = risk
                .RootElement.GetProperty(side)
                .EnumerateObject()
                .Where(figure => !figure.Name.EndsWith(']') || !OfDistance.Any(figure.Name.StartsWith))
                .ToArray();
            Assert.True(figures.Length > 90);
            var own = size.RootElement.GetProperty(side);
            foreach (var figure in figures)
            {
                Assert.True(own.TryGetProperty(figure.Name, out var found), $"{side}: {figure.Name}");
                // The one key of another unit: size gives it as a share of equity, the cost of the trades included.
                if (figure.Name == "worst_scenario")
                    continue;
                Assert.Equal(figure.Value.GetRawText(), found.GetRawText());
            }
        }
        Assert.Equal(
            size.RootElement.GetProperty("before").EnumerateObject().Select(figure => figure.Name).Order(),
            size.RootElement.GetProperty("after").EnumerateObject().Select(figure => figure.Name).Order()
        );
    }

    /// <summary>Distances under the venue's own margin, with paths: a matter of a second, left to <c>risk</c>.</summary>
    static readonly string[] OfDistance =
    [
        "distance_",
        "liquidation_price[",
        "liquidation_on_the_way[",
        "liquidation_at_horizon[",
    ];

    static double Number(JsonElement element, string key) => element.GetProperty(key).GetDouble();
}
