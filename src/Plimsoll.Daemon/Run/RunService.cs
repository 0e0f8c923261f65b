using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Plimsoll.Daemon;

/// <summary>The service of a run on loopback: REST, server-sent events, metrics.</summary>
sealed class RunService : IAsyncDisposable
{
    const int MostConnections = 64;
    const int LargestBody = 16 << 10;
    static readonly TimeSpan Drain = TimeSpan.FromSeconds(1);
    readonly WebApplication app;

    RunService(WebApplication app, string address) => (this.app, Address) = (app, address);

    /// <summary>Where it listens.</summary>
    public string Address { get; }

    /// <summary>Cancelled by a signal.</summary>
    public CancellationToken Stopping => app.Lifetime.ApplicationStopping;

    /// <summary>Starts it.</summary>
    public static async Task<RunService> StartAsync(RunPlan plan, RunFolder folder, RunStage stage)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Drain);
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.UnmappedMemberHandling = System
                .Text
                .Json
                .Serialization
                .JsonUnmappedMemberHandling
                .Disallow;
        });
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        builder.Services.AddOpenApi(options =>
        {
            options.AddDocumentTransformer(
                (document, _, _) =>
                {
                    document.Info.Title = "Plimsoll: one run";
                    document.Info.Version = "1";
                    document.Info.Description =
                        "On loopback alone. Authorization: Bearer TOKEN, the run's read.token for GET and its "
                        + "operate.token for POST; /health needs none.";
                    return Task.CompletedTask;
                }
            );
        });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            kestrel.Listen(IPAddress.Loopback, plan.Options.Port);
        });
        var app = builder.Build();
        var guard = new RunGuard(folder.ReadToken, folder.OperateToken);
        app.Use(RunGuard.InWordsAsync);
        app.Use(guard.CheckAsync);
        app.MapOpenApi();
        RunEndpoints.Map(app, plan, stage, app.Lifetime.ApplicationStopping);
        await app.StartAsync();
        string address = app
            .Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!
            .Addresses.First();
        return new RunService(app, address);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => app.DisposeAsync();
}
