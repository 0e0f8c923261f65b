using System.Diagnostics;
using System.Text.Json;
using Plimsoll.TestSupport;

namespace Plimsoll.Daemon.Tests;

/// <summary>One run of <c>ccxt/acceptance.mjs</c> against two real processes; every test reads one of its lines.</summary>
public sealed class CcxtRun : IAsyncLifetime
{
    /// <summary>The version whose requests the venue's reference was recorded from.</summary>
    public const string Version = "4.5.84";

    static readonly TimeSpan InstallWait = TimeSpan.FromMinutes(5);
    static readonly TimeSpan RunWait = TimeSpan.FromMinutes(6);

    public Dictionary<string, (bool Ok, string Detail)> Checks { get; } = [];

    /// <summary>Why nothing was run; null when it was.</summary>
    public string? Skipped { get; private set; }

    /// <summary>What the script wrote to its error stream.</summary>
    public string Error { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        if (await InstallAsync() is not { } home)
            return;
        await using var free = await PaperProcess.StartAsync("--tier", "0");
        await using var limited = await PaperProcess.StartAsync("--crowd", "0");
        string script = Path.Combine(Repository.Root, "tests", "Plimsoll.Daemon.Tests", "ccxt", "acceptance.mjs");
        var (_, output, error) = await RunAsync(
            "node",
            [script, $"{free.Port}", $"{limited.Port}"],
            null,
            RunWait,
            ("CCXT_HOME", home)
        );
        Error = error;
        foreach (string line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var row = JsonDocument.Parse(line);
            Checks[row.RootElement.GetProperty("check").GetString()!] = (
                row.RootElement.GetProperty("ok").GetBoolean(),
                row.RootElement.GetProperty("detail").GetString()!
            );
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>The folder that holds the package, installed by npm on first use; null when that cannot be done.</summary>
    async Task<string?> InstallAsync()
    {
        string cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg
            ? xdg
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        string home = Path.Combine(cache, "plimsoll", $"ccxt-{Version}");
        if (File.Exists(Path.Combine(home, "node_modules", "ccxt", "package.json")))
            return home;
        try
        {
            Directory.CreateDirectory(home);
            string[] install = ["install", "--no-audit", "--no-fund", "--ignore-scripts", $"ccxt@{Version}"];
            var (code, _, error) = await RunAsync("npm", install, home, InstallWait);
            if (code == 0)
                return home;
            Skipped = $"npm could not install ccxt {Version}: {error.Split('\n')[0]}";
        }
        catch (Exception e)
            when (e is System.ComponentModel.Win32Exception or IOException or OperationCanceledException)
        {
            Skipped = $"needs node and npm: {e.Message}";
        }
        return null;
    }

    static async Task<(int Code, string Out, string Error)> RunAsync(
        string program,
        string[] arguments,
        string? folder,
        TimeSpan wait,
        params (string Name, string Value)[] environment
    )
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "",
        };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(wait);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var error = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
        return (process.ExitCode, await output, await error);
    }
}

/// <summary>An exchange client that nobody here wrote, unpatched, takes the paper venue for the venue.</summary>
public sealed class CcxtTests(CcxtRun run) : IClassFixture<CcxtRun>
{
    [Theory]
    [InlineData("PV-01 markets")]
    [InlineData("PV-01 status and time")]
    [InlineData("PV-01 market data")]
    [InlineData("PV-01 account")]
    [InlineData("PV-01 orders")]
    [InlineData("PV-02 a wrong secret")]
    [InlineData("PV-03 post only")]
    [InlineData("PV-04 ticks and lots")]
    [InlineData("PV-05 reduce only")]
    [InlineData("PV-06 edit")]
    [InlineData("PV-07 cancel twice")]
    [InlineData("errors by class")]
    [InlineData("PV-08 the raw book and its chain")]
    [InlineData("PV-08 watchOrderBook")]
    [InlineData("PV-08 other watches")]
    [InlineData("PV-09 order of private notifications")]
    [InlineData("PV-10 the 21st order of a burst")]
    [InlineData("PV-11 positions after 1000 orders")]
    public void Ccxt_finds_what_it_expects(string check)
    {
        Assert.SkipWhen(run.Skipped is not null, run.Skipped ?? "");
        Assert.True(run.Checks.TryGetValue(check, out var found), $"{check} was not reached: {run.Error}");
        Assert.True(found.Ok, found.Detail);
    }
}
