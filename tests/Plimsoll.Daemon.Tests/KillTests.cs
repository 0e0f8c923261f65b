using System.Diagnostics;
using System.Text.Json;
using Plimsoll.TestSupport;

namespace Plimsoll.Daemon.Tests;

/// <summary>The real <c>plimsoll kill</c> where no engine answers: straight to the paper venue.</summary>
public sealed class KillTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    static string Command { get; } =
        Path.Combine(Repository.Root, "src", "Plimsoll.Cli", "bin", "Release", "net10.0", "linux-x64", "plimsoll");

    [Fact]
    public async Task Without_an_engine_every_order_is_cancelled_and_every_position_closed_at_the_venue()
    {
        using var folder = new TemporaryFolder();
        await using var paper = await PaperProcess.StartAsync("--crowd", "0");
        await using (var run = await RunProcess.StartAsync(paper, folder, live: true))
        {
            await run.HeardAsync(" order ", 3);
            await run.KillAsync();
        }
        using var socket = await Socket.OpenAsync(paper, Stop);
        await socket.LoginAsync();
        await RestAsync(socket);
        // Nothing that the engine was made from is needed: neither its journal nor its mandate.
        Directory.Delete(Path.Combine(RunProcess.Data(folder), "journal"), recursive: true);

        var killed = await KillAsync("--data", RunProcess.Data(folder), "--flatten", "--why", "power");
        Assert.Equal(0, killed.Code);
        Assert.Contains("does not answer", killed.Error);
        Assert.Contains("orders cancelled", killed.Out);
        Assert.Contains("kill: closed ", killed.Out);
        Assert.Equal((0, 0), await LeftAsync(socket));

        // What starts on the folder again knows it, and opens nothing.
        await using var next = await RunProcess.StartAsync(paper, folder, live: true);
        await next.HeardAsync("after=Halted cause=\"killed by");
        await Task.Delay(TimeSpan.FromSeconds(1), Stop);
        Assert.DoesNotContain(next.Said, line => line.Contains(" order ", StringComparison.Ordinal));
        await next.CommandAsync("/v1/arm");
        await next.HeardAsync(" order ");
    }

    [Fact]
    public async Task An_engine_that_stands_still_is_ended_and_its_orders_are_cancelled()
    {
        using var folder = new TemporaryFolder();
        await using var paper = await PaperProcess.StartAsync("--crowd", "0");
        await using var run = await RunProcess.StartAsync(paper, folder, live: true);
        await run.HeardAsync(" order ");
        using var socket = await Socket.OpenAsync(paper, Stop);
        await socket.LoginAsync();
        run.Hang();
        await RestAsync(socket);
        var killed = await KillAsync("--data", RunProcess.Data(folder), "--why", "hung");
        Assert.Equal(0, killed.Code);
        Assert.Contains("was ended", killed.Out);
        Assert.NotEqual(0, await run.EndedAsync());
        Assert.Equal(0, (await LeftAsync(socket)).Orders);
    }

    [Fact]
    public async Task A_venue_can_be_named_without_any_run_and_a_shadow_stops_nothing_by_itself()
    {
        using var folder = new TemporaryFolder();
        await using var paper = await PaperProcess.StartAsync("--crowd", "0");
        using var socket = await Socket.OpenAsync(paper, Stop);
        await socket.LoginAsync();
        await RestAsync(socket);
        await using (var shadow = await RunProcess.StartAsync(paper, folder, live: false))
            await shadow.KillAsync();
        var refused = await KillAsync("--data", RunProcess.Data(folder));
        Assert.Equal(2, refused.Code);
        Assert.Contains("it was a shadow", refused.Error);
        Assert.Equal(1, (await LeftAsync(socket)).Orders);

        string url = paper.Address.ToString();
        Assert.Equal(2, (await KillAsync("--venue", "paper", "--url", "http://203.0.113.1")).Code);
        Assert.Equal(2, (await KillAsync("--data", folder.Path)).Code);
        Assert.Equal(0, (await KillAsync("--venue", "paper", "--url", url)).Code);
        Assert.Equal((0, 0), await LeftAsync(socket));
    }

    static Task<JsonElement> RestAsync(Socket socket) =>
        socket.CallAsync(
            "private/buy",
            new
            {
                instrument_name = "BTC-PERPETUAL",
                amount = 100,
                type = "limit",
                price = 60_000,
            }
        );

    static async Task<(int Orders, int Positions)> LeftAsync(Socket socket)
    {
        var open = await socket.CallAsync("private/get_open_orders", new { });
        var held = await socket.CallAsync("private/get_positions", new { currency = "any" });
        return (open.GetArrayLength(), held.EnumerateArray().Count(row => row.GetProperty("size").GetDecimal() != 0));
    }

    static Task<(int Code, string Out, string Error)> KillAsync(params string[] options) =>
        KillAsync(new Dictionary<string, string>(), options);

    /// <summary>The command with variables of its environment.</summary>
    internal static async Task<(int Code, string Out, string Error)> KillAsync(
        IReadOnlyDictionary<string, string> environment,
        params string[] options
    )
    {
        var start = new ProcessStartInfo(Command, ["kill", .. options])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(Stop);
        string output = await process.StandardOutput.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);
        return (process.ExitCode, output, await error);
    }
}
