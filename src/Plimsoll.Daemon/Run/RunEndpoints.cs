using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Plimsoll.Engine;
using Plimsoll.Live;

namespace Plimsoll.Daemon;

/// <summary>What the service of a run answers.</summary>
static class RunEndpoints
{
    const int MostDecisions = 1_000;
    static readonly TimeSpan Stale = TimeSpan.FromSeconds(5);

    /// <summary>Maps every path.</summary>
    public static void Map(IEndpointRouteBuilder app, RunPlan plan, EngineLoop loop, CancellationToken stopping)
    {
        var news = new NewsBoard(MostDecisions);
        loop.Told += news.Take;
        app.MapGet("/health/live", () => Results.Ok(new { status = "live" }));
        app.MapGet("/health/ready", () => Ready(loop.View));
        app.MapGet("/v1/status", () => StatusAnswer.Of(plan, loop.View)).Produces<StatusAnswer>();
        app.MapGet("/v1/decisions", (int? limit) => news.Decisions(limit ?? MostDecisions))
            .Produces<DecisionAnswer[]>();
        app.MapGet(
            "/v1/events",
            (CancellationToken gone) => TypedResults.ServerSentEvents(Stream(news, plan, loop, gone, stopping))
        );
        app.MapGet("/metrics", () => Results.Text(MetricsText.Write(plan, loop), MetricsText.Type));
        app.MapPost("/v1/arm", (CommandBody body) => Post(loop, body, new Armed(body.Who, body.Why)));
        app.MapPost("/v1/reduce-only", (CommandBody body) => Post(loop, body, new ReduceOnlyAsked(body.Who, body.Why)));
        app.MapPost("/v1/kill", (CommandBody body) => Post(loop, body, new Killed(body.Who, body.Why, body.Flatten)));
    }

    static IResult Ready(EngineView view)
    {
        bool isReady = view.Mode is not EngineMode.Disconnected && view.SessionIsUp;
        return Results.Json(
            new
            {
                status = isReady ? "ready" : "not ready",
                mode = view.Mode.ToString(),
                cause = view.ModeCause,
            },
            statusCode: isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable
        );
    }

    static IResult Post(EngineLoop loop, CommandBody body, EngineEvent command)
    {
        if (string.IsNullOrWhiteSpace(body.Who) || string.IsNullOrWhiteSpace(body.Why))
            return Results.BadRequest(new { error = "who and why are needed" });
        loop.Post(command);
        return Results.Accepted(null as string, new { accepted = command.GetType().Name });
    }

    static async IAsyncEnumerable<SseItem<object>> Stream(
        NewsBoard news,
        RunPlan plan,
        EngineLoop loop,
        [EnumeratorCancellation] CancellationToken gone,
        CancellationToken stopping
    )
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(gone, stopping);
        using var reader = news.Subscribe();
        yield return new SseItem<object>(StatusAnswer.Of(plan, loop.View), "status");
        while (!ending.IsCancellationRequested)
        {
            EventAnswer? next = await reader.NextAsync(Stale / 5, ending.Token);
            // Every second without news the state itself, which is also what keeps the connection alive.
            yield return next is null
                ? new SseItem<object>(StatusAnswer.Of(plan, loop.View), "status")
                : new SseItem<object>(next, next.Kind) { EventId = $"{next.Sequence}" };
        }
    }
}
