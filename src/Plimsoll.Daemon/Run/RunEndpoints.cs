using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Plimsoll.Engine;

namespace Plimsoll.Daemon;

/// <summary>What the service of a run answers.</summary>
static class RunEndpoints
{
    /// <summary>Decisions of the process that are kept.</summary>
    public const int MostDecisions = 1_000;

    static readonly TimeSpan Stale = TimeSpan.FromSeconds(5);

    /// <summary>Maps every path.</summary>
    public static void Map(IEndpointRouteBuilder app, RunPlan plan, RunStage stage, CancellationToken stopping)
    {
        var news = stage.News;
        app.MapGet("/health/live", () => new LiveAnswer("live")).WithSummary("The process answers; no token.");
        app.MapGet("/health/ready", () => Ready(stage))
            .WithSummary("The account is followed; 503 with the cause while it is not; no token.")
            .Produces<HealthAnswer>()
            .Produces<HealthAnswer>(StatusCodes.Status503ServiceUnavailable);
        app.MapGet("/v1/status", () => StatusAnswer.Of(plan, stage))
            .WithSummary("Mode, account, surface by coin, positions with targets, orders alive.")
            .Produces<StatusAnswer>();
        app.MapGet("/v1/decisions", (int? limit) => news.Decisions(limit ?? MostDecisions))
            .WithSummary("The last decisions of this process, oldest first, at most 1,000.")
            .Produces<DecisionAnswer[]>()
            .Produces<ErrorAnswer>(StatusCodes.Status400BadRequest);
        app.MapGet(
                "/v1/events",
                (CancellationToken gone) => TypedResults.ServerSentEvents(Stream(news, plan, stage, gone, stopping))
            )
            .WithSummary(
                "Server-sent events: status each second; decision, order, cancel, mode, alert, solve as they come."
            );
        app.MapGet("/metrics", () => Results.Text(MetricsText.Write(plan, stage), MetricsText.Type))
            .WithSummary("Prometheus text, base units.");
        Command(app, "/v1/arm", "Lets the run trade again.", stage, body => new Armed(body.Who, body.Why));
        Command(
            app,
            "/v1/reduce-only",
            "Nothing is opened until the run is armed again.",
            stage,
            body => new ReduceOnlyAsked(body.Who, body.Why)
        );
        Command(
            app,
            "/v1/kill",
            "Every order is cancelled and nothing is opened; with flatten every position is closed.",
            stage,
            body => new Killed(body.Who, body.Why, body.Flatten)
        );
    }

    static void Command(
        IEndpointRouteBuilder app,
        string path,
        string summary,
        RunStage stage,
        Func<CommandBody, EngineEvent> command
    ) =>
        app.MapPost(path, (CommandBody body) => Post(stage, body, command(body)))
            .WithSummary(summary)
            .Produces<AcceptedAnswer>(StatusCodes.Status202Accepted)
            .Produces<ErrorAnswer>(StatusCodes.Status400BadRequest)
            .Produces<ErrorAnswer>(StatusCodes.Status403Forbidden)
            .Produces<ErrorAnswer>(StatusCodes.Status503ServiceUnavailable);

    static IResult Ready(RunStage stage)
    {
        if (stage.Loop is null)
            return Results.Json(
                new HealthAnswer("not ready", RunStage.Replaying, stage.Cause),
                statusCode: StatusCodes.Status503ServiceUnavailable
            );
        var view = stage.View;
        bool isReady = view.Mode is not EngineMode.Disconnected && view.SessionIsUp;
        return Results.Json(
            new HealthAnswer(isReady ? "ready" : "not ready", view.Mode.ToString(), view.ModeCause),
            statusCode: isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable
        );
    }

    // A command is not kept for later: plimsoll kill goes to the venue itself where it is refused.
    static IResult Post(RunStage stage, CommandBody body, EngineEvent command)
    {
        if (stage.Loop is not { } loop)
            return Results.Json(
                new ErrorAnswer($"replaying: {stage.Cause}"),
                statusCode: StatusCodes.Status503ServiceUnavailable
            );
        if (string.IsNullOrWhiteSpace(body.Who) || string.IsNullOrWhiteSpace(body.Why))
            return Results.BadRequest(new ErrorAnswer("who and why are needed"));
        loop.Post(command);
        return Results.Accepted(null as string, new AcceptedAnswer(command.GetType().Name));
    }

    static async IAsyncEnumerable<SseItem<object>> Stream(
        NewsBoard news,
        RunPlan plan,
        RunStage stage,
        [EnumeratorCancellation] CancellationToken gone,
        CancellationToken stopping
    )
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(gone, stopping);
        using var reader = news.Subscribe();
        yield return new SseItem<object>(StatusAnswer.Of(plan, stage), "status");
        while (!ending.IsCancellationRequested)
        {
            EventAnswer? next = await reader.NextAsync(Stale / 5, ending.Token);
            // Every second without news the state itself, which is also what keeps the connection alive.
            yield return next is null
                ? new SseItem<object>(StatusAnswer.Of(plan, stage), "status")
                : new SseItem<object>(next, next.Kind) { EventId = $"{next.Sequence}" };
        }
    }
}
