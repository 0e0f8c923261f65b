using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Plimsoll.Reports.Tests;
using Plimsoll.TestSupport;

namespace Plimsoll.Cli.Tests;

public sealed class MarginCommandTests
{
    const string Portfolio = "deribit-portfolio-margin";

    static JsonNode Json(params string[] args)
    {
        var run = CommandRun.Of(["margin", "--json", .. args]);
        Assert.True(run.Error.Length == 0, run.Error);
        return JsonNode.Parse(run.Out)!;
    }

    [Theory]
    [InlineData()]
    [InlineData("--model", Portfolio)]
    public void Tables_of_the_built_in_account_fit_a_hundred_columns(params string[] args)
    {
        var run = CommandRun.Of(["margin", .. args]);
        Assert.Equal("", run.Error);
        Assert.Contains("parameters of 2026-", run.Out, StringComparison.Ordinal);
        Assert.All(run.Out.Split('\n'), line => Assert.True(line.TrimEnd().Length <= 100, line));
    }

    [Fact]
    public void Printed_keys_are_the_documented_ones()
    {
        var run = CommandRun.Of("margin", "--model", Portfolio, "--json");
        Assert.Equal("", run.Error);
        DocumentedKeys.Check("margin", run.Out);
    }

    [Fact]
    public void Worst_cell_and_charges_make_the_margin_and_hedged_books_need_less_than_standard_margin()
    {
        var portfolio = Json("--model", Portfolio)["subaccounts"]![0]!;
        var pool = portfolio["pools"]![0]!;
        var grid = pool["grids"]![0]!;
        double least = grid["cells"]!.AsArray().Min(cell => cell!["gain"]!.GetValue<double>());
        string worst = grid["worst"]!.GetValue<string>();
        var named = grid["cells"]!.AsArray().First(cell => cell!["scenario"]!.GetValue<string>() == worst)!;
        Assert.Equal(least, named["gain"]!.GetValue<double>());
        double charged = pool["charges"]!.AsArray().Sum(charge => charge!["initial"]!.GetValue<double>());
        Assert.Equal(pool["initial_margin"]!.GetValue<double>(), charged, 1e-6);
        double Usd(JsonNode of) =>
            of["pools"]!
                .AsArray()
                .Sum(p => p!["initial_margin"]!.GetValue<double>() * p["unit_usd"]!.GetValue<double>());
        var standard = Json("--model", "deribit-standard-margin")["subaccounts"]![0]!;
        Assert.True(Usd(portfolio) > 0 && Usd(portfolio) != Usd(standard));
    }

    [Fact]
    public void Figures_in_the_venues_own_words_are_used_and_their_parts_said()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write(
            "bybit.json",
            """
            {"retCode":0,"result":{"category":"linear","list":[{"id":1,"symbol":"ETHUSDT","riskLimitValue":"900000",
              "maintenanceMargin":"0.005","initialMargin":"0.01","maxLeverage":"100","mmDeduction":""}]},
             "time":1795737600000}
            """
        );
        string[] asked = ["margin", "--model", "bybit-unified-margin", "--parameters", file];
        var row = JsonNode.Parse(CommandRun.Of([.. asked, "--json"]).Out)!["subaccounts"]![0]!;
        Assert.Equal("2026-11-27", (string)row["parameters_dated"]!);
        Assert.Equal("https://api.bybit.com/v5/market/risk-limit", (string)row["parameters_source"]!);
        Assert.Equal(
            ["2026-11-27 tiers of ETH/USDT", "2025-09-05 collateral ratio of USD"],
            row["parameters_parts"]!.AsArray().Select(part => $"{part!["dated"]} {part["part"]}").Take(2)
        );
        DocumentedKeys.Check("margin", CommandRun.Of([.. asked, "--json"]).Out);
        var refused = CommandRun.Of([.. asked[..^1], folder.Write("none.json", "{}")]);
        Assert.Equal(2, refused.Code);
        Assert.Contains("none.json", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_saved_answer_is_compared_kept_and_widens_the_sizing()
    {
        using var folder = new TemporaryFolder();
        var pool = Json()["subaccounts"]![0]!["pools"]![0]!;
        double usd = pool["unit_usd"]!.GetValue<double>();
        string answer = Path.Combine(folder.Path, "simulate.json"),
            kept = Path.Combine(folder.Path, "errors.jsonl");
        var stated = new JsonObject
        {
            ["currency"] = "USDC",
            ["initial_margin"] = 1.1 * usd * pool["initial_margin"]!.GetValue<double>(),
            ["maintenance_margin"] = 0.9 * usd * pool["maintenance_margin"]!.GetValue<double>(),
        };
        File.WriteAllText(answer, new JsonObject { ["result"] = stated }.ToJsonString());
        string[] args = ["margin", "--json", "--reconcile", answer, "--errors", kept];
        var run = CommandRun.Of(args);
        Assert.Equal("", run.Error);
        DocumentedKeys.Check("margin", run.Out);
        var row = Assert.Single(JsonNode.Parse(run.Out)!["reconciliation"]!.AsArray())!;
        Assert.Equal(0.1, row["shortfall"]!.GetValue<double>(), 1e-9);
        var sized = CommandRun.Of("size", "--json", "--scenarios", "1000", "--margin-errors", kept);
        Assert.Contains("is widened by 10%", sized.Out, StringComparison.Ordinal);
        var alone = CommandRun.Of("margin", "--errors", kept);
        Assert.Contains("--reconcile", alone.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Chart_is_a_heat_map_of_the_chosen_unit()
    {
        using var folder = new TemporaryFolder();
        string svg = Path.Combine(folder.Path, "grid.svg");
        string png = Path.Combine(folder.Path, "grid.png");
        CommandRun.Of("margin", "--model", Portfolio, "--chart", svg);
        CommandRun.Of("margin", "--model", Portfolio, "--underlying", "ETH", "--chart", png);
        // Each of the grid's 35 cells is a tile with its gain; a picture of nothing is a file too.
        Assert.True(Regex.Count(File.ReadAllText(svg), "<(rect|path)") > 2 * 35);
        Assert.True(new FileInfo(png).Length > 20_000);
    }

    /// <summary>Why there is no picture: not known, no such unit, or a model without scenarios.</summary>
    [Theory]
    [InlineData("okx-portfolio-margin", null, "the margin is undetermined: ")]
    [InlineData(Portfolio, "DOGE", "--underlying one of ")]
    [InlineData("deribit-standard-margin", null, "a model with a scenario grid; deribit-standard-margin has none")]
    public void A_chart_that_cannot_be_drawn_has_its_true_reason(string model, string? unit, string expected)
    {
        using var folder = new TemporaryFolder();
        string chart = Path.Combine(folder.Path, "grid.svg");
        string[] args = ["margin", "--model", model, "--chart", chart];
        var run = CommandRun.Of(unit is null ? args : [.. args, "--underlying", unit]);
        Assert.Equal(2, run.Code);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_venue_that_cannot_be_asked_is_refused_with_its_reason()
    {
        var unknown = CommandRun.Of("margin", "--reconcile", "nowhere");
        Assert.Contains(
            "--reconcile: nowhere: expected a file that exists, or one of paper",
            unknown.Error,
            StringComparison.Ordinal
        );
        var silent = CommandRun.Of("margin", "--reconcile", "paper", "--url", "http://127.0.0.1:9");
        Assert.Equal(2, silent.Code);
        Assert.Contains("a venue that answers", silent.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_fault_of_the_options_is_told_and_nothing_is_written()
    {
        using var folder = new TemporaryFolder();
        string chart = Path.Combine(folder.Path, "grid.svg");
        var run = CommandRun.Of("margin", "--venue", "nowhere", "--model", "nothing", "--chart", chart);
        Assert.Equal((2, ""), (run.Code, run.Out));
        Assert.Contains("--venue: nowhere: expected one of deribit", run.Error, StringComparison.Ordinal);
        Assert.Contains("--model: nothing: expected one of deribit-", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Parameters_may_come_from_a_file_and_bad_ones_are_refused_with_their_path()
    {
        using var folder = new TemporaryFolder();
        string shipped = Path.Combine(Repository.Root, "data", "venues", "deribit", "portfolio-margin.json");
        string wide = Path.Combine(folder.Path, "wide.json");
        string bad = Path.Combine(folder.Path, "bad.json");
        string text = File.ReadAllText(shipped);
        File.WriteAllText(
            wide,
            text.Replace("\"price_range\": 0.16", "\"price_range\": 0.5", StringComparison.Ordinal)
        );
        File.WriteAllText(bad, text.Replace("\"price_range\": 0.16", "\"price_range\": 16", StringComparison.Ordinal));
        double Margin(params string[] args) =>
            Json(["--model", Portfolio, .. args])["subaccounts"]![0]!["pools"]![0]![
                "initial_margin"
            ]!.GetValue<double>();
        Assert.True(Margin("--parameters", wide) > Margin());
        var run = CommandRun.Of("margin", "--model", Portfolio, "--parameters", bad);
        Assert.Equal((2, ""), (run.Code, run.Out));
        Assert.Contains("underlyings.BTC.price_range = 16", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_position_without_a_price_is_undetermined()
    {
        using var folder = new TemporaryFolder();
        string account = Path.Combine(folder.Path, "account.toml");
        string text = File.ReadAllText(Path.Combine(Repository.Root, "examples", "account.toml"));
        File.WriteAllText(
            account,
            text + "\n[[subaccount.positions]]\ninstrument = \"BTC-1JAN31-1000-C\"\ncontracts = 1\n"
        );
        var run = CommandRun.Of("margin", "--account", account, "--json");
        Assert.Equal("", run.Error);
        Assert.Equal(4, run.Code);
        Assert.Contains("BTC-1JAN31-1000-C", run.Out, StringComparison.Ordinal);
    }
}
