using System.Diagnostics;
using System.Text.RegularExpressions;
using Plimsoll.TestSupport;

namespace Plimsoll.Daemon.Tests;

/// <summary>The real process of a paper venue on a free port.</summary>
sealed partial class PaperProcess : IAsyncDisposable
{
    static readonly TimeSpan StartWait = TimeSpan.FromMinutes(2);
    readonly Process process;

    PaperProcess(Process process, Uri address) => (this.process, Address) = (process, address);

    public Uri Address { get; }

    public int Port => Address.Port;

    public static string Executable { get; } =
        Path.Combine(
            Repository.Root,
            "src",
            "Plimsoll.Daemon",
            "bin",
            "Release",
            "net10.0",
            "linux-x64",
            "plimsoll-daemon"
        );

    public static async Task<PaperProcess> StartAsync(params string[] options)
    {
        var process = Start([.. options, "--port", "0"]);
        using var limit = new CancellationTokenSource(StartWait);
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            if (Listening().Match(line) is { Success: true } match)
                return new PaperProcess(process, new Uri(match.Groups[1].Value));
        throw new InvalidOperationException(
            "did not start: " + await process.StandardError.ReadToEndAsync(limit.Token)
        );
    }

    /// <summary>Runs to its own end and tells the exit code and what it wrote on the error stream.</summary>
    public static async Task<(int Code, string Error)> RefusedAsync(params string[] options)
    {
        using var process = Start(options);
        using var limit = new CancellationTokenSource(StartWait);
        string error = await process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, error);
    }

    /// <summary>Ends it by SIGTERM.</summary>
    /// <returns>Exit code and how long it took.</returns>
    public async Task<(int Code, TimeSpan Took)> TerminateAsync()
    {
        var watch = Stopwatch.StartNew();
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, watch.Elapsed);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            await TerminateAsync();
        process.Dispose();
    }

    static Process Start(string[] options)
    {
        var start = new ProcessStartInfo(Executable)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (string argument in (string[])["paper", .. options])
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    [GeneratedRegex(@"^paper venue on (http://127\.0\.0\.1:\d+)/")]
    private static partial Regex Listening();
}
