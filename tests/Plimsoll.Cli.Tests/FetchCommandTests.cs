using Plimsoll.TestSupport;

namespace Plimsoll.Cli.Tests;

/// <summary>What can be refused before the venue is asked; the rest is tested with the venue's client.</summary>
public sealed class FetchCommandTests
{
    [Fact]
    public void Every_fault_is_told_at_once_and_nothing_is_written()
    {
        using var folder = new TemporaryFolder();
        string mine = folder.Write("mine.txt", "not a fetch");
        var run = CommandRun.Of(
            "fetch",
            "deribit",
            "--currency",
            "btc,ETH",
            "--into",
            folder.Path,
            "--url",
            "https://www.deribit.com",
            "--key",
            mine + "-not"
        );
        Assert.Equal((2, ""), (run.Code, run.Out));
        foreach (string said in (string[])["4 faults", "btc,ETH", folder.Path, "--live", "no such file"])
            Assert.Contains(said, run.Error, StringComparison.Ordinal);
        Assert.Equal([mine], Directory.GetFileSystemEntries(folder.Path));
    }

    /// <summary>Asked is who is named, of a model of which its venue publishes figures.</summary>
    [Theory]
    [InlineData("--model: bybit-portfolio-margin: expected one of", "--model", "bybit-portfolio-margin")]
    [InlineData("states every coin", "--model", "hyperliquid-margin", "--coin", "BTC")]
    [InlineData("coins such as BTC,ETH", "--model", "bybit-unified-margin", "--coin", "BTC,,")]
    [InlineData("expected --live: the venue has no test net", "--model", "okx-tiered-margin")]
    [InlineData("loopback, or --live", "--model", "dydx-margin", "--url", "https://indexer.dydx.trade")]
    [InlineData("https, or http on loopback", "--model", "dydx-margin", "--url", "http://example.org", "--live")]
    [InlineData("an address such as", "--model", "dydx-margin", "--url", "example")]
    public void Margin_figures_are_refused_before_the_venue_is_asked(string said, params string[] args)
    {
        using var folder = new TemporaryFolder();
        var run = CommandRun.Of(["fetch", "margin", "--out", Path.Combine(folder.Path, "figures.json"), .. args]);
        Assert.Equal((2, ""), (run.Code, run.Out));
        Assert.Contains(said, run.Error, StringComparison.Ordinal);
        run = CommandRun.Of(["fetch", "margin", "--out", folder.Path, .. args]);
        Assert.Contains("a file, not a folder", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_key_file_that_others_may_read_is_refused_without_showing_it()
    {
        using var folder = new TemporaryFolder();
        string key = folder.Write("my.key", "id-of-key\nsecret-of-key\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        string into = Path.Combine(folder.Path, "answers");
        var run = CommandRun.Of("fetch", "deribit", "--currency", "BTC", "--into", into, "--key", key);
        Assert.Equal((2, ""), (run.Code, run.Out));
        Assert.Contains("my.key: mode = 0640", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-of-key", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(into));
    }
}
