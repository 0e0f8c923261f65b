using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Plimsoll.Daemon;

/// <summary>One run of the paper venue: options, world, Kestrel, until a signal.</summary>
static class PaperHost
{
    const int Done = 0;
    const int BadInput = 2;
    const int Fault = 3;
    const int MostConnections = 512;
    static readonly TimeSpan Drain = TimeSpan.FromSeconds(1.5);
    static readonly TimeSpan PumpEvery = TimeSpan.FromMilliseconds(20);

    /// <summary>Runs until SIGTERM or SIGINT.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        var options = PaperOptions.Parse(args);
        var world = options.Succeeded
            ? PaperWorld.Make(options.Value, TimeProvider.System)
            : Markets.Parsed<PaperWorld>.Fail(options.Faults);
        if (!world.Succeeded)
        {
            string count = world.Faults.Length == 1 ? "1 fault" : $"{world.Faults.Length} faults";
            error.WriteLine($"plimsoll: {count} in the input, nothing was started");
            foreach (var fault in world.Faults)
                error.WriteLine(fault.ToString());
            return BadInput;
        }
        await using var app = Build(world.Value, options.Value.Port);
        try
        {
            await app.StartAsync();
        }
        catch (IOException taken)
        {
            error.WriteLine($"plimsoll: fault: {taken.Message}");
            return Fault;
        }
        Announce(app, world.Value, output);
        await PumpAsync(world.Value, app.Lifetime.ApplicationStopping);
        await app.WaitForShutdownAsync();
        return Done;
    }

    static WebApplication Build(PaperWorld world, int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Drain);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null; // the endpoint answers larger bodies itself, as the venue does
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            kestrel.Limits.MaxConcurrentUpgradedConnections = MostConnections;
            kestrel.Listen(IPAddress.Loopback, port);
        });
        var app = builder.Build();
        app.UseWebSockets();
        var endpoint = new PaperEndpoint(world, app.Lifetime.ApplicationStopping);
        app.Run(endpoint.HandleAsync);
        return app;
    }

    static void Announce(WebApplication app, PaperWorld world, TextWriter output)
    {
        string address = app
            .Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!
            .Addresses.First();
        output.WriteLine($"paper venue on {address}/api/v2 and {address.Replace("http", "ws")}/ws/api/v2");
        output.WriteLine($"market  {world.What}");
        int open = world.With(_ => world.Venue.Listed.Count);
        output.WriteLine($"listed  {open} instruments");
        foreach (var (clientId, secret, mayTrade) in PaperWorld.Keys)
            output.WriteLine($"key     {clientId} / {secret}{(mayTrade ? "" : "  (read only)")}");
        output.WriteLine("ends on Ctrl-C");
        output.Flush();
    }

    /// <summary>Lets time pass for the venue until the host stops.</summary>
    static async Task PumpAsync(PaperWorld world, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(PumpEvery);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping))
            {
                world.With(gateway => gateway.Pump(world.NowUs));
                PaperConnection.WakeAll();
            }
        }
        catch (OperationCanceledException)
        {
            // The signal came.
        }
    }
}
