using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Plimsoll.Paper;

namespace Plimsoll.Daemon;

/// <summary>HTTP and WebSocket requests of the paper venue.</summary>
sealed class PaperEndpoint(PaperWorld world, CancellationToken stopping)
{
    const string Json = "application/json";

    /// <summary>One request: an upgrade, or a call.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        if (!IsLoopback(context.Request.Host.Host) || !OriginIsLoopback(context.Request.Headers.Origin))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }
        string address = context.Connection.RemoteIpAddress?.ToString() ?? "";
        if (!world.With(gateway => gateway.TryEnter(address)))
        {
            await AnswerAsync(
                context,
                new HttpAnswer(429, Gateway.Refusal(VenueError.TooManyRequests, world.NowUs)),
                context.RequestAborted
            );
            return;
        }
        try
        {
            if (context.WebSockets.IsWebSocketRequest && context.Request.Path.StartsWithSegments("/ws"))
                await SocketAsync(context, address);
            else
                await CallAsync(context, address);
        }
        finally
        {
            world.With(gateway => gateway.Leave(address));
        }
    }

    async Task SocketAsync(HttpContext context, string address)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var session = world.With(gateway => gateway.Open(address, world.NowUs));
        var connection = new PaperConnection(world, socket, session);
        await connection.RunAsync(stopping);
    }

    async Task CallAsync(HttpContext context, string address)
    {
        var fault = world.With(_ => world.Faults.OfRequest());
        if (fault?.Kind == FaultKind.TooManyRequests)
        {
            await AnswerAsync(
                context,
                new HttpAnswer(429, Gateway.Refusal(VenueError.TooManyRequests, world.NowUs)),
                context.RequestAborted
            );
            return;
        }
        string? body = await BodyAsync(context);
        if (body is null)
        {
            await AnswerAsync(
                context,
                new HttpAnswer(413, Gateway.Refusal(VenueError.RequestEntityTooLarge, world.NowUs)),
                context.RequestAborted
            );
            return;
        }
        string target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        string? authorization = context.Request.Headers.Authorization;
        var answer = world.With(gateway =>
            gateway.Http(context.Request.Method, target, authorization, body, address, world.NowUs)
        );
        PaperConnection.WakeAll();
        // The command was done; what goes wrong from here on is only its answer.
        switch (fault)
        {
            case { Kind: FaultKind.Drop or FaultKind.Disconnect }:
                context.Abort();
                return;
            case { Kind: FaultKind.Delay, ForMs: var ms }:
                await Task.Delay(TimeSpan.FromMilliseconds(ms), context.RequestAborted);
                break;
            case { Kind: FaultKind.Garbage }:
                answer = answer with { Json = PaperConnection.Garbled(answer.Json) };
                break;
        }
        await AnswerAsync(context, answer, context.RequestAborted);
    }

    /// <summary>The body; null when it is over the limit.</summary>
    async Task<string?> BodyAsync(HttpContext context)
    {
        if (context.Request.ContentLength > world.LargestFrameBytes)
            return null;
        var buffer = new byte[world.LargestFrameBytes + 1];
        int length = 0;
        while (length < buffer.Length)
        {
            int read = await context.Request.Body.ReadAsync(buffer.AsMemory(length), context.RequestAborted);
            if (read == 0)
                break;
            length += read;
        }
        return length == buffer.Length ? null : Encoding.UTF8.GetString(buffer, 0, length);
    }

    static async Task AnswerAsync(HttpContext context, HttpAnswer answer, CancellationToken aborted)
    {
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = Json;
        byte[] bytes = Encoding.UTF8.GetBytes(answer.Json);
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, aborted);
    }

    static bool OriginIsLoopback(string? origin) =>
        string.IsNullOrEmpty(origin) || (Uri.TryCreate(origin, UriKind.Absolute, out var uri) && IsLoopback(uri.Host));

    static bool IsLoopback(string host) =>
        host == "localhost"
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
