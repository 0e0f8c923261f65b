using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Plimsoll.Paper;

/// <summary>A key of an account.</summary>
/// <param name="ClientId">Public part.</param>
/// <param name="Secret">Secret part; never shown.</param>
/// <param name="Account">Whose it is.</param>
/// <param name="MayTrade">Whether it may send orders.</param>
public sealed record ApiKey(string ClientId, string Secret, PaperAccount Account, bool MayTrade)
{
    /// <summary>Scopes that the key grants.</summary>
    public string Scope => $"account:read trade:{(MayTrade ? "read_write" : "read")} wallet:read";

    /// <inheritdoc />
    public override string ToString() => ClientId;
}

/// <summary>What a login is worth.</summary>
/// <param name="Key">Whose.</param>
/// <param name="Scope">Granted scopes.</param>
/// <param name="AccessToken">For later calls.</param>
/// <param name="RefreshToken">For the next token.</param>
/// <param name="ExpiresUs">End of the access token.</param>
/// <param name="Session">Name of the session; null for connection scope.</param>
sealed record Grant(ApiKey Key, string Scope, string AccessToken, string RefreshToken, long ExpiresUs, string? Session)
{
    public bool MayTrade => Scope.Contains("trade:read_write", StringComparison.Ordinal);
}

/// <summary>Keys, signatures and tokens. Secrets are compared in constant time.</summary>
sealed class Credentials(VenueFigures figures, IReadOnlyList<ApiKey> keys)
{
    readonly Dictionary<string, Grant> byAccess = [];
    readonly Dictionary<string, Grant> byRefresh = [];
    long issued;

    public Grant BySecret(string clientId, string secret, string? scope, long nowUs)
    {
        if (Find(clientId) is { } key && Same(key.Secret, secret))
            return Issue(key, scope, nowUs);
        throw new RpcRefusal(VenueError.InvalidCredentials);
    }

    /// <summary>Login by HMAC-SHA256 of <c>timestamp \n nonce \n data</c> under the secret, in hex.</summary>
    public Grant BySignature(
        (string ClientId, long TimestampMs, string Nonce, string Data, string Signature) login,
        string? scope,
        long nowUs
    )
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"{login.TimestampMs}\n{login.Nonce}\n{login.Data}");
        if (
            Find(login.ClientId) is { } key
            && IsRecent(login.TimestampMs, nowUs)
            && Same(Sign(key.Secret, text), login.Signature.ToLowerInvariant())
        )
            return Issue(key, scope, nowUs);
        throw new RpcRefusal(VenueError.InvalidCredentials);
    }

    public Grant ByRefresh(string refreshToken, string? scope, long nowUs)
    {
        if (!byRefresh.Remove(refreshToken, out var old))
            throw new RpcRefusal(VenueError.InvalidCredentials);
        byAccess.Remove(old.AccessToken);
        string kept = old.Session is { } session ? $"session:{session} {scope ?? old.Scope}" : scope ?? old.Scope;
        return Issue(old.Key, kept, nowUs);
    }

    public Grant ByToken(string accessToken, long nowUs) =>
        byAccess.TryGetValue(accessToken, out var grant) && grant.ExpiresUs > nowUs
            ? grant
            : throw new RpcRefusal(VenueError.Unauthorized, "invalid_token");

    /// <summary>Whose an <c>Authorization</c> header is: Bearer, Basic or the venue's own signature.</summary>
    /// <param name="header">The header's value.</param>
    /// <param name="request">Method, raw target and body of the request, as signed.</param>
    /// <param name="nowUs">Time, microseconds UTC.</param>
    public Grant ByHeader(string header, (string Method, string RawTarget, string Body) request, long nowUs)
    {
        int space = header.IndexOf(' ');
        string scheme = space < 0 ? header : header[..space];
        string rest = space < 0 ? "" : header[(space + 1)..].Trim();
        return scheme.ToLowerInvariant() switch
        {
            "bearer" => ByToken(rest, nowUs),
            "basic" => ByBasic(rest),
            "deri-hmac-sha256" => ByRequestSignature(rest, request, nowUs),
            _ => throw new RpcRefusal(VenueError.Unauthorized, "unsupported authorization"),
        };
    }

    Grant ByBasic(string encoded)
    {
        var bytes = new byte[encoded.Length];
        if (Convert.TryFromBase64String(encoded, bytes, out int length))
        {
            string[] parts = Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2);
            if (parts.Length == 2 && Find(parts[0]) is { } key && Same(key.Secret, parts[1]))
                return Momentary(key);
        }
        throw new RpcRefusal(VenueError.Unauthorized);
    }

    Grant ByRequestSignature(string fields, (string Method, string RawTarget, string Body) request, long nowUs)
    {
        var parts = fields
            .Split(',')
            .Select(field => field.Trim().Split('=', 2))
            .Where(pair => pair.Length == 2)
            .GroupBy(pair => pair[0], StringComparer.Ordinal)
            .ToDictionary(pair => pair.Key, pair => pair.First()[1], StringComparer.Ordinal);
        string Field(string name) => parts.GetValueOrDefault(name, "");
        string text = $"{Field("ts")}\n{Field("nonce")}\n{request.Method}\n{request.RawTarget}\n{request.Body}\n";
        bool timed = long.TryParse(Field("ts"), NumberStyles.None, CultureInfo.InvariantCulture, out long atMs);
        // A nonce may repeat: known clients use the clock's millisecond, and two calls may share one.
        if (
            timed
            && IsRecent(atMs, nowUs)
            && Find(Field("id")) is { } key
            && Same(Sign(key.Secret, text), Field("sig").ToLowerInvariant())
        )
            return Momentary(key);
        throw new RpcRefusal(VenueError.Unauthorized);
    }

    internal static string Sign(string secret, string text) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text)));

    static Grant Momentary(ApiKey key) => new(key, key.Scope, "", "", long.MaxValue, null);

    Grant Issue(ApiKey key, string? scope, long nowUs)
    {
        string? session = (scope ?? "")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .FirstOrDefault(part => part.StartsWith("session:", StringComparison.Ordinal))
            ?["session:".Length..];
        long seconds = session is null ? figures.ConnectionTokenSeconds : figures.SessionTokenSeconds;
        var grant = new Grant(
            key,
            $"{(session is null ? "connection" : "session:" + session)} {Granted(key, scope)}",
            Token(key, "access"),
            Token(key, "refresh"),
            nowUs + seconds * 1_000_000,
            session
        );
        byAccess[grant.AccessToken] = grant;
        byRefresh[grant.RefreshToken] = grant;
        return grant;
    }

    /// <summary>What the key grants of what was asked.</summary>
    static string Granted(ApiKey key, string? asked)
    {
        var parts = (asked ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        bool readOnly = parts.Contains("trade:read") || parts.Contains("trade:none") || !key.MayTrade;
        return $"account:read trade:{(readOnly ? "read" : "read_write")} wallet:read";
    }

    string Token(ApiKey key, string use) => Sign(key.Secret, $"{use} {++issued}");

    ApiKey? Find(string clientId) => keys.FirstOrDefault(key => key.ClientId == clientId);

    bool IsRecent(long timestampMs, long nowUs) => Math.Abs(timestampMs - nowUs / 1000) <= figures.ClockSkewMs;

    static bool Same(string expected, string given) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(given));
}
