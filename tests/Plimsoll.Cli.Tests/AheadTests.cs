using System.Globalization;
using System.Text.Json.Nodes;
using Plimsoll.Storage;
using Plimsoll.TestSupport;

namespace Plimsoll.Cli.Tests;

/// <summary>
/// Mandates that look ahead: stress files, calendars, and other dependence, through the whole command.
/// </summary>
public sealed class AheadTests
{
    static string Mandate(string survival, string top = "") =>
        top
        + "\n"
        + EmbeddedMarket.MandateText.Replace("[survival]", "[survival]\n" + survival, StringComparison.Ordinal);

    static JsonNode Size(TemporaryFolder folder, string mandate, int code = 0)
    {
        string file = folder.Write("mandate.toml", mandate);
        var run = CommandRun.Of("size", "--mandate", file, "--scenarios", "2000", "--json");
        Assert.Equal((code, ""), (run.Code, run.Error));
        return JsonNode.Parse(run.Out)!;
    }

    [Fact]
    public void A_stress_file_binds_and_the_whole_lot_book_is_within_it()
    {
        using var folder = new TemporaryFolder();
        folder.Write(
            "melt-up.toml",
            "[[case]]\nname = \"melt-up\"\n"
                + "moves = { BTC = { spot = \"+60%\", volatility = \"+50%\" }, other = { spot = \"+80%\" } }"
        );
        var answer = Size(
            folder,
            Mandate("stress = { limit = \"4%\", file = \"melt-up.toml\", days = [\"2025-10-10\"] }")
        );
        var limit = answer["limits"]!.AsArray().Single(row => row!["name"]!.GetValue<string>() == "survival.stress")!;
        Assert.Equal(0.04, limit["limit"]!.GetValue<double>());
        Assert.True(limit["value_before"]!.GetValue<double>() > 0.04);
        Assert.InRange(limit["value"]!.GetValue<double>(), 0, 0.04 + 1e-9);
    }

    [Fact]
    public void Limits_tighten_ahead_of_an_event_of_the_calendar()
    {
        using var folder = new TemporaryFolder();
        folder.Write(
            "events.toml",
            "[[event]]\nname = \"rate decision\"\nat = \"2026-03-04T19:00Z\"\nbefore = \"12h\"\nkeep = \"50%\""
        );
        var answer = Size(folder, Mandate("", "calendar = \"events.toml\""));
        var shortfall = answer["limits"]!
            .AsArray()
            .Single(row => row!["name"]!.GetValue<string>() == "survival.expected-shortfall")!;
        Assert.Equal(0.04, shortfall["limit"]!.GetValue<double>(), 1e-12);
        Assert.Contains(
            answer["warnings"]!.AsArray(),
            line => line!.GetValue<string>().StartsWith("event: rate decision in 9.4 hours", StringComparison.Ordinal)
        );
    }

    /// <summary>End to end: bars are forecast, limits follow, the whole-lot book keeps them.</summary>
    [Fact]
    public void A_forecast_of_stress_tightens_the_limits_and_the_book_keeps_them()
    {
        string? history = Repository.Shared("market/history");
        Assert.SkipUnless(history is not null, Golden.Absent);
        using var folder = new TemporaryFolder();
        JsonNode Sized(string top)
        {
            string file = folder.Write("mandate.toml", Mandate("", top));
            string[] asked = ["size", "--mandate", file, "--history", history, "--scenarios", "2000", "--json"];
            var run = CommandRun.Of(asked);
            Assert.Equal((0, ""), (run.Code, run.Error));
            return JsonNode.Parse(run.Out)!;
        }
        static JsonNode Shortfall(JsonNode answer) =>
            answer["limits"]!
                .AsArray()
                .Single(row => row!["name"]!.GetValue<string>() == "survival.expected-shortfall")!;
        var plain = Sized("");
        var auto = Sized("tail-model = \"auto\"");
        string[] said =
        [
            .. auto["warnings"]!
                .AsArray()
                .Select(line => line!.GetValue<string>())
                .Where(line => line.StartsWith("tail-model: ", StringComparison.Ordinal)),
        ];
        Assert.Equal(["BTC", "ETH"], said.Select(line => line.Split(": ")[1]));
        // "...: 71.3% of the risk limits is kept": the tighter coin holds.
        double share =
            said.Min(line => double.Parse(line.Split(": ")[^1].Split('%')[0], CultureInfo.InvariantCulture)) / 100;
        Assert.InRange(share, 0.25, 0.99);
        double before = Shortfall(plain)["limit"]!.GetValue<double>();
        Assert.Equal(share * before, Shortfall(auto)["limit"]!.GetValue<double>(), 0.0006 * before);
        Assert.InRange(
            Shortfall(auto)["value"]!.GetValue<double>(),
            0,
            Shortfall(auto)["limit"]!.GetValue<double>() + 1e-9
        );
    }

    [Fact]
    public void Many_scenarios_are_drawn_and_few_are_solved_on()
    {
        var run = CommandRun.Of("size", "--scenarios", "4000", "--reduce", "1500", "--json");
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("4,000 scenarios are reduced to 1,500", run.Out, StringComparison.Ordinal);
        var wrong = CommandRun.Of("size", "--reduce", "10");
        Assert.Equal((2, ""), (wrong.Code, wrong.Out));
        Assert.Contains("--reduce: 10: expected a whole number from 1000", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_dependence_is_named_and_keeps_each_coins_law()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("mandate.toml", "dependence = \"tail-copula\"\n" + EmbeddedMarket.MandateText);
        var run = CommandRun.Of("risk", "--mandate", file, "--scenarios", "2000", "--json");
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("dependence: recorded joint falls over Student copula with", run.Out, StringComparison.Ordinal);
        Assert.Equal(
            run.Out,
            CommandRun.Of("risk", "--mandate", file, "--scenarios", "2000", "--threads", "1", "--json").Out
        );
    }

    [Fact]
    public void What_is_wrong_in_a_file_beside_the_mandate_is_named_with_that_file()
    {
        using var folder = new TemporaryFolder();
        folder.Write("events.toml", "[[event]]\nname = \"x\"\nat = \"tomorrow\"\nkeep = \"50%\"");
        string file = folder.Write(
            "mandate.toml",
            Mandate("stress = { limit = \"4%\", file = \"absent.toml\" }", "calendar = \"events.toml\"")
        );
        var run = CommandRun.Of("size", "--mandate", file);
        Assert.Equal((2, ""), (run.Code, run.Out));
        Assert.Contains("events.toml: line 3: event[0].at", run.Error, StringComparison.Ordinal);
        Assert.Contains("absent.toml", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("stress = { limit = \"4%\" }", "survival.stress")]
    [InlineData("stress = { limit = \"4%\", days = [\"2020-01-01\"] }", "survival.stress.days[0]")]
    public void A_named_stress_names_something_that_is_there(string survival, string path)
    {
        using var folder = new TemporaryFolder();
        var run = CommandRun.Of("size", "--mandate", folder.Write("mandate.toml", Mandate(survival)));
        Assert.Equal((2, ""), (run.Code, run.Out));
        Assert.Contains(path, run.Error, StringComparison.Ordinal);
    }
}
