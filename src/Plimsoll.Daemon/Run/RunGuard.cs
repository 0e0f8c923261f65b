using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Plimsoll.Daemon;

/// <summary>Who may ask what: a token to look, another to command; nothing from another host or page.</summary>
sealed class RunGuard(string readToken, string operateToken)
{
    const string Bearer = "Bearer ";
    readonly byte[] read = Hash(readToken);
    readonly byte[] operate = Hash(operateToken);

    /// <summary>Lets a request on, or answers it.</summary>
    public Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        if (!IsLoopback(context.Request.Host.Host) || !OriginIsLoopback(context.Request.Headers.Origin))
            return AnswerAsync(context, StatusCodes.Status403Forbidden, "only from this machine");
        if (context.Request.Path.StartsWithSegments("/health"))
            return next(context);
        string given = context.Request.Headers.Authorization.ToString();
        byte[] token = Hash(given.StartsWith(Bearer, StringComparison.Ordinal) ? given[Bearer.Length..] : "");
        bool mayOperate = CryptographicOperations.FixedTimeEquals(token, operate);
        bool mayRead = mayOperate || CryptographicOperations.FixedTimeEquals(token, read);
        if (!mayRead)
            return AnswerAsync(context, StatusCodes.Status401Unauthorized, "a token of the run's folder is needed");
        if (!HttpMethods.IsGet(context.Request.Method) && !mayOperate)
            return AnswerAsync(context, StatusCodes.Status403Forbidden, "the operate token is needed");
        return next(context);
    }

    /// <summary>Whatever is refused is refused in words, also by the server itself.</summary>
    public static async Task InWordsAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (BadHttpRequestException refused) when (!context.Response.HasStarted)
        {
            string why = refused.InnerException is { } cause ? $"{refused.Message} {cause.Message}" : refused.Message;
            await AnswerAsync(context, refused.StatusCode, why);
            return;
        }
        if (context.Response is not { HasStarted: false, StatusCode: >= 400 and var status, ContentType: null })
            return;
        await AnswerAsync(
            context,
            status,
            status switch
            {
                StatusCodes.Status404NotFound => $"there is no {context.Request.Path}; see /openapi/v1.json",
                StatusCodes.Status405MethodNotAllowed =>
                    $"{context.Request.Path} is not asked by {context.Request.Method}",
                StatusCodes.Status413PayloadTooLarge => "the body is larger than 16 KiB",
                StatusCodes.Status415UnsupportedMediaType => "the body is JSON: Content-Type application/json",
                _ => "refused",
            }
        );
    }

    static Task AnswerAsync(HttpContext context, int status, string why)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new { error = why });
    }

    // Hashes have one length, so that comparing takes one time.
    static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    static bool OriginIsLoopback(string? origin) =>
        string.IsNullOrEmpty(origin) || (Uri.TryCreate(origin, UriKind.Absolute, out var uri) && IsLoopback(uri.Host));

    static bool IsLoopback(string host) =>
        host == "localhost"
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
