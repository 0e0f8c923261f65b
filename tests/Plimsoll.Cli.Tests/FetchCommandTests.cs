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
