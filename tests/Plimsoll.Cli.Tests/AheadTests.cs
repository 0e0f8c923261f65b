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
