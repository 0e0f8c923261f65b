using System.Text;
using Plimsoll.Reports.Tests;
using Plimsoll.TestSupport;

namespace Plimsoll.Cli.Tests;

public sealed class MarketCommandTests
{
    [Fact]
    public void Tables_of_the_built_in_market_fit_a_hundred_columns_and_are_plain()
    {
        var run = CommandRun.Of("market");
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("BTC, index", run.Out, StringComparison.Ordinal);
        Assert.Contains("no butterfly or calendar arbitrage", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Out);
        Assert.All(run.Out.Split('\n'), line => Assert.True(line.TrimEnd().Length <= 100, line));
    }

    [Fact]
    public void Printed_keys_are_the_documented_ones()
    {
        var run = CommandRun.Of("market", "--underlying", "BTC", "--json");
        Assert.Equal((0, ""), (run.Code, run.Error));
        DocumentedKeys.Check("market", run.Out);
    }

    [Fact]
    public void Same_input_gives_the_same_bytes() =>
        Assert.Equal(CommandRun.Of("market", "--json").Out, CommandRun.Of("market", "--json").Out);

    [Fact]
    public void Chart_is_an_svg_or_png_by_its_ending()
    {
        using var folder = new TemporaryFolder();
        string svg = Path.Combine(folder.Path, "smiles.svg");
        string png = Path.Combine(folder.Path, "smiles.png");
        Assert.Equal(0, CommandRun.Of("market", "--underlying", "ETH", "--chart", svg).Code);
        Assert.Equal(0, CommandRun.Of("market", "--underlying", "ETH", "--chart", png).Code);
        Assert.Contains("<svg", File.ReadAllText(svg), StringComparison.Ordinal);
        Assert.Equal("\u0089PNG", Encoding.Latin1.GetString(File.ReadAllBytes(png), 0, 4));
        Assert.Equal(2, Directory.GetFiles(folder.Path).Length);
    }
}
