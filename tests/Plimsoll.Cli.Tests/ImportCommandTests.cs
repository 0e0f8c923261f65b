using System.Text.Json;
using Plimsoll.Reports.Tests;
using Plimsoll.TestSupport;

namespace Plimsoll.Cli.Tests;

public sealed class ImportCommandTests
{
    const string Chain = "market/chains/deribit-20260531T110526Z.csv.gz";

    [Fact]
    public void Chain_becomes_a_market_file_that_reads_the_same()
    {
        Assert.SkipUnless(Repository.Shared(Chain) is not null, Golden.Absent);
        using var folder = new TemporaryFolder();
        string market = Path.Combine(folder.Path, "market.json");
        var run = CommandRun.Of("import", "chain", Repository.Shared(Chain)!, "--out", market, "--json");
        Assert.Equal((0, ""), (run.Code, run.Error));
        DocumentedKeys.Check("import", run.Out);
        Assert.Equal(Instruments(Repository.Shared(Chain)!), Instruments(market));
        var other = CommandRun.Of("import", "deribit", Repository.Shared(Chain)!, "--out", folder.Path + "/in");
        Assert.Equal((0, ""), (other.Code, other.Error));
        Assert.Equal(File.ReadAllBytes(market), File.ReadAllBytes(Path.Combine(folder.Path, "in", "market.json")));
    }

    [Fact]
    public void Import_without_out_writes_nothing()
    {
        using var folder = new TemporaryFolder();
        string bars = folder.Write("BTC-4h.csv", Bars);
        var run = CommandRun.Of("import", "bars", bars, "--json");
        Assert.Equal((0, ""), (run.Code, run.Error));
        DocumentedKeys.Check("import bars", run.Out);
        Assert.Single(Directory.GetFiles(folder.Path));
        Assert.Contains("1", CommandRun.Of("import", "bars", bars).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Positions_replace_those_of_an_account_or_nothing_is_written()
    {
        using var folder = new TemporaryFolder();
        string account = folder.Write("account.toml", "[[subaccount]]\nname = \"main\"\nbalances = { BTC = 1 }\n");
        string good = folder.Write("positions.csv", "instrument,contracts\nBTC-PERPETUAL,300\n");
        string bad = folder.Write("bad.csv", "instrument,contracts\nBTC-PERPETUAL,many\n");
        string output = Path.Combine(folder.Path, "new.toml");
        var refused = CommandRun.Of("import", "positions", bad, "--account", account, "--out", output);
        Assert.Equal((2, ""), (refused.Code, refused.Out));
        Assert.False(File.Exists(output));
        var done = CommandRun.Of("import", "positions", good, "--account", account, "--out", output, "--json");
        Assert.Equal((0, ""), (done.Code, done.Error));
        DocumentedKeys.Check("import", done.Out);
        Assert.Contains("BTC-PERPETUAL", File.ReadAllText(output), StringComparison.Ordinal);
    }

    const string Bars = """
        open_time,open,high,low,close,volume_base
        2026-03-04T00:00:00Z,70000,71000,69000,70500,10
        2026-03-04T04:00:00Z,70500,71500,70000,71000,12
        2026-03-04T12:00:00Z,71000,72000,70500,71500,9

        """;

    static int Instruments(string market)
    {
        using var document = JsonDocument.Parse(CommandRun.Of("market", "--market", market, "--json").Out);
        return document
            .RootElement.GetProperty("underlyings")
            .EnumerateArray()
            .Sum(coin => coin.GetProperty("instruments").GetArrayLength());
    }
}
