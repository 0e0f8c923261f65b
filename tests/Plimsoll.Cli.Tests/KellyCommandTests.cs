using System.Text.Json;
using Plimsoll.Reports.Tests;

namespace Plimsoll.Cli.Tests;

public sealed class KellyCommandTests
{
    [Fact]
    public void Half_of_the_typed_bet_is_half_of_the_formula()
    {
        var run = CommandRun.Of("kelly", "--win", "55%", "--odds", "1.2", "--fraction", "0.5", "--json");
        Assert.Equal((0, ""), (run.Code, run.Error));
        DocumentedKeys.Check("kelly", run.Out);
        using var document = JsonDocument.Parse(run.Out);
        var root = document.RootElement;
        // p − q/b = 0.55 − 0.45/1.2.
        Assert.Equal(0.175, root.GetProperty("full_fraction").GetDouble(), 1e-12);
        Assert.Equal(0.0875, root.GetProperty("fraction").GetDouble(), 1e-12);
        double growth = 0.55 * Math.Log(1 + 0.0875 * 1.2) + 0.45 * Math.Log(1 - 0.0875);
        Assert.Equal(growth, root.GetProperty("growth_per_bet").GetDouble(), 1e-14);
        Assert.Equal("bet", root.GetProperty("status").GetString());
    }

    [Fact]
    public void No_edge_is_an_answer_of_zero()
    {
        var run = CommandRun.Of("kelly", "--win", "45%", "--json");
        Assert.Equal((0, ""), (run.Code, run.Error));
        DocumentedKeys.Check("kelly", run.Out);
        using var document = JsonDocument.Parse(run.Out);
        Assert.Equal("no_edge", document.RootElement.GetProperty("status").GetString());
        Assert.Equal(0, document.RootElement.GetProperty("fraction").GetDouble());
        Assert.Contains("put down nothing", CommandRun.Of("kelly", "--win", "45%").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Tables_tell_the_stake_and_fit_the_page()
    {
        var run = CommandRun.Of(
            "kelly",
            "--outcome",
            "30%: +80%",
            "--outcome",
            "50%: -10%",
            "--outcome",
            "20%: -50%",
            "--equity",
            "10000",
            "--fraction",
            "0.5",
            "--bets",
            "100"
        );
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("within 100 bets, drawn", run.Out, StringComparison.Ordinal);
        Assert.All(run.Out.Split('\n'), line => Assert.True(line.TrimEnd().Length <= 100, line));
    }
}
