using System.Text.Json.Nodes;
using Plimsoll.Reports.Tests;
using Plimsoll.TestSupport;

namespace Plimsoll.Cli.Tests;

public sealed class StressCommandTests
{
    const string Cases = """
        [[case]]
        name = "scare"
        depth = "10%"
        moves = { BTC = { spot = "+60%" }, other = { spot = "+80%" } }
        """;

    [Fact]
    public void Tables_of_the_built_in_account_fit_a_hundred_columns_and_answer_in_words()
    {
        var run = CommandRun.Of("stress", "--scenarios", "2000");
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.All(run.Out.Split('\n'), line => Assert.True(line.TrimEnd().Length <= 100, line));
        Assert.Contains("Most plausible move that loses 25.00% of equity", run.Out, StringComparison.Ordinal);
        Assert.Contains("Most plausible move that triggers a liquidation", run.Out, StringComparison.Ordinal);
        Assert.Contains("checked: 0 of 4,096 random nearer moves do it", run.Out, StringComparison.Ordinal);
        Assert.Contains("2020-03-12, low", run.Out, StringComparison.Ordinal);
        Assert.Contains("correlation one", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Printed_keys_are_the_documented_ones_and_a_case_of_ones_own_is_there()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("cases.toml", Cases);
        var run = CommandRun.Of("stress", "--scenarios", "2000", "--cases", file, "--loss", "5%", "--json");
        Assert.Equal((0, ""), (run.Code, run.Error));
        DocumentedKeys.Check("stress", run.Out);
        var answer = JsonNode.Parse(run.Out)!;
        var own = answer["named"]!.AsArray()[^1]!;
        Assert.Equal("scare", own["name"]!.GetValue<string>());
        Assert.True(own["gain"]!.GetValue<double>() < -30_000);
        Assert.Equal(0.1, own["depth_left"]!.GetValue<double>());
        var reverse = answer["reverse"]!.AsArray();
        Assert.Equal(2, reverse.Count);
        Assert.Equal(0.05, reverse[0]!["share"]!.GetValue<double>());
        Assert.Equal(0, reverse[0]!["exceeding"]!.GetValue<int>());
    }

    [Fact]
    public void Faults_of_options_and_files_come_together_and_nothing_is_computed()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("cases.toml", "[[case]]\nname = \"x\"\nmoves = { BTC = { spot = 5 } }");
        var run = CommandRun.Of("stress", "--cases", file, "--loss", "0.25");
        Assert.Equal((2, ""), (run.Code, run.Out));
        Assert.Contains("2 faults", run.Error, StringComparison.Ordinal);
        Assert.Contains("case[0].moves.BTC.spot", run.Error, StringComparison.Ordinal);
        Assert.Contains("--loss", run.Error, StringComparison.Ordinal);
    }
}
