using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Plimsoll.TestSupport;

namespace Plimsoll.Daemon.Tests;

/// <summary>The real process of a run against a paper venue, and its service.</summary>
sealed partial class RunProcess : IAsyncDisposable
{
    static readonly TimeSpan StartWait = TimeSpan.FromMinutes(2);
    readonly Process process;
    readonly HttpClient client;
    readonly List<string> said = [];
    readonly Task reading;

    RunProcess(Process process, Uri address, string folder, IEnumerable<string> begun)
    {
        this.process = process;
        said.AddRange(begun);
        client = new HttpClient { BaseAddress = address, Timeout = StartWait };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            File.ReadAllText(Path.Combine(folder, "operate.token"))
        );
        reading = Task.Run(ReadAsync);
    }

    public const string Mandate = """
        objective  = "growth"
        horizon    = "1d"
        candidates = ["BTC-PERPETUAL", "ETH-PERPETUAL"]

        [survival]
        expected-shortfall = { level = "99%", limit = "5%" }

        [limits]
        initial-margin = "50%"

        [assumptions]
        funding-8h       = "0.001%"
        perpetual-spread = "0.01%"

        [[views]]
        kind       = "drift"
        underlying = "BTC"
        drift      = "60%"
        confidence = "50%"
        """;

    public const string Config = """
        account   = "main"
        scenarios = 1000
        [controls]
        order-share       = "100%"
        order-notional    = 20000
        position-notional = 900000
        gross-notional    = 1600000
        """;

    const string Passive = """

        [passive]
        on             = true
        deadline       = 8
        re-price-every = 0.5
        """;

    static Dictionary<string, string> NoSecrets { get; } = [];

    public HttpClient Client => client;

    /// <summary>Lines of its log so far.</summary>
    public IReadOnlyList<string> Said
    {
        get
        {
            lock (said)
                return [.. said];
        }
    }

    /// <summary>Starts one on a folder; mandate and configuration are written beside it.</summary>
    public static Task<RunProcess> StartAsync(
        PaperProcess paper,
        TemporaryFolder folder,
        bool live,
        bool rests = false
    ) => StartAsync(Start(folder, live, Mandate, ["--url", $"{paper.Address}"], NoSecrets, rests), folder);

    /// <summary>Starts one on a folder for another venue.</summary>
    /// <param name="folder">Where its files are.</param>
    /// <param name="live">Whether it sends orders.</param>
    /// <param name="mandate">Text of the mandate.</param>
    /// <param name="venue">Options that name the venue.</param>
    /// <param name="secrets">Environment of the process.</param>
    public static Task<RunProcess> StartAsync(
        TemporaryFolder folder,
        bool live,
        string mandate,
        string[] venue,
        IReadOnlyDictionary<string, string> secrets
    ) => StartAsync(Start(folder, live, mandate, venue, secrets), folder);

    static async Task<RunProcess> StartAsync(Process process, TemporaryFolder folder)
    {
        using var limit = new CancellationTokenSource(StartWait);
        var begun = new List<string>();
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            begun.Add(line);
            if (Listening().Match(line) is { Success: true } match)
                return new RunProcess(process, new Uri(match.Groups[1].Value), Data(folder), begun);
        }
        throw new InvalidOperationException(
            "did not start: " + await process.StandardError.ReadToEndAsync(limit.Token)
        );
    }

    /// <summary>Runs to its own end and tells the exit code and what it wrote on the error stream.</summary>
    public static async Task<(int Code, string Error)> RefusedAsync(PaperProcess paper, TemporaryFolder folder)
    {
        using var process = Start(folder, live: true, Mandate, ["--url", $"{paper.Address}"], NoSecrets);
        using var limit = new CancellationTokenSource(StartWait);
        string error = await process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, error);
    }

    public static string Data(TemporaryFolder folder) => Path.Combine(folder.Path, "data");

    public async Task<JsonElement> StatusAsync()
    {
        using var answer = JsonDocument.Parse(await client.GetStringAsync("/v1/status"));
        return answer.RootElement.Clone();
    }

    public async Task CommandAsync(string path, bool flatten = false)
    {
        using var answer = await client.PostAsJsonAsync(
            path,
            new
            {
                who = "test",
                why = "drill",
                flatten,
            }
        );
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Waits for something that the run's log says.</summary>
    public async Task<string> HeardAsync(string word, int times = 1)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < StartWait)
        {
            var lines = Said.Where(line => line.Contains(word, StringComparison.Ordinal)).ToList();
            if (lines.Count >= times)
                return lines[times - 1];
            if (process.HasExited)
                break;
            await Task.Delay(50);
        }
        throw new InvalidOperationException($"no \"{word}\" x {times} in:\n{string.Join('\n', Said.TakeLast(30))}");
    }

    /// <summary>The power goes.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        await reading;
    }

    /// <summary>It stands still, as if it hung; what it listens on stays open.</summary>
    public void Hang()
    {
        using var stop = Process.Start("kill", ["-STOP", $"{process.Id}"]);
        stop.WaitForExit();
    }

    /// <summary>Waits for its end, whoever brings it.</summary>
    public async Task<int> EndedAsync()
    {
        using var limit = new CancellationTokenSource(StartWait);
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode;
    }

    /// <summary>Ends it by SIGTERM.</summary>
    public async Task<(int Code, TimeSpan Took)> TerminateAsync()
    {
        var watch = Stopwatch.StartNew();
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await process.WaitForExitAsync(limit.Token);
        var took = watch.Elapsed;
        await reading;
        return (process.ExitCode, took);
    }

    /// <summary>What it wrote on its error stream; once it has ended.</summary>
    public Task<string> ErrorsAsync() => process.StandardError.ReadToEndAsync();

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            await KillAsync();
        process.Dispose();
        client.Dispose();
    }

    async Task ReadAsync()
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
            lock (said)
                said.Add(line);
    }

    static Process Start(
        TemporaryFolder folder,
        bool live,
        string mandateText,
        string[] venue,
        IReadOnlyDictionary<string, string> secrets,
        bool rests = false
    )
    {
        string mandate = Path.Combine(folder.Path, "mandate.toml");
        string config = Path.Combine(folder.Path, "run.toml");
        File.WriteAllText(mandate, mandateText);
        File.WriteAllText(config, rests ? Config + Passive : Config);
        var start = new ProcessStartInfo(PaperProcess.Executable)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        string[] options =
        [
            "run",
            .. venue,
            "--mandate",
            mandate,
            "--config",
            config,
            "--data",
            Data(folder),
            "--port",
            "0",
            "--mode",
            live ? "live" : "shadow",
        ];
        foreach (string argument in options)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in secrets)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    [GeneratedRegex(@" run .* service=(http://127\.0\.0\.1:\d+)$")]
    private static partial Regex Listening();
}
