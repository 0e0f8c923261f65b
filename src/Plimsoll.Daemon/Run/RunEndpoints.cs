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
        app.MapGet("/health/live", () => new LiveAnswer("live")).WithSummary("The process answers; no token.");
        app.MapGet("/health/ready", () => Ready(loop.View))
            .WithSummary("The account is followed; 503 with the cause while it is not; no token.")
            .Produces<HealthAnswer>()
            .Produces<HealthAnswer>(StatusCodes.Status503ServiceUnavailable);
        app.MapGet("/v1/status", () => StatusAnswer.Of(plan, loop.View))
            .WithSummary("Mode, account, surface by coin, positions with targets, orders alive.")
            .Produces<StatusAnswer>();
        app.MapGet("/v1/decisions", (int? limit) => news.Decisions(limit ?? MostDecisions))
            .WithSummary("The last decisions of this process, oldest first, at most 1,000.")
            .Produces<DecisionAnswer[]>()
            .Produces<ErrorAnswer>(StatusCodes.Status400BadRequest);
        app.MapGet(
                "/v1/events",
                (CancellationToken gone) => TypedResults.ServerSentEvents(Stream(news, plan, loop, gone, stopping))
            )
            .WithSummary(
                "Server-sent events: status each second; decision, order, cancel, mode, alert, solve as they come."
            );
        app.MapGet("/metrics", () => Results.Text(MetricsText.Write(plan, loop), MetricsText.Type))
            .WithSummary("Prometheus text, base units.");
        Command(app, "/v1/arm", "Lets the run trade again.", loop, body => new Armed(body.Who, body.Why));
        Command(
            app,
            "/v1/reduce-only",
            "Nothing is opened until the run is armed again.",
            loop,
            body => new ReduceOnlyAsked(body.Who, body.Why)
        );
        Command(
            app,
            "/v1/kill",
            "Every order is cancelled and nothing is opened; with flatten every position is closed.",
            loop,
            body => new Killed(body.Who, body.Why, body.Flatten)
        );
    }

    static void Command(
        IEndpointRouteBuilder app,
        string path,
        string summary,
        EngineLoop loop,
        Func<CommandBody, EngineEvent> command
    ) =>
        app.MapPost(path, (CommandBody body) => Post(loop, body, command(body)))
            .WithSummary(summary)
            .Produces<AcceptedAnswer>(StatusCodes.Status202Accepted)
            .Produces<ErrorAnswer>(StatusCodes.Status400BadRequest)
            .Produces<ErrorAnswer>(StatusCodes.Status403Forbidden);

    static IResult Ready(EngineView view)
    {
        bool isReady = view.Mode is not EngineMode.Disconnected && view.SessionIsUp;
        return Results.Json(
            new HealthAnswer(isReady ? "ready" : "not ready", view.Mode.ToString(), view.ModeCause),
            statusCode: isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable
        );
    }

    static IResult Post(EngineLoop loop, CommandBody body, EngineEvent command)
    {
        if (string.IsNullOrWhiteSpace(body.Who) || string.IsNullOrWhiteSpace(body.Why))
            return Results.BadRequest(new ErrorAnswer("who and why are needed"));
        loop.Post(command);
        return Results.Accepted(null as string, new AcceptedAnswer(command.GetType().Name));
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
