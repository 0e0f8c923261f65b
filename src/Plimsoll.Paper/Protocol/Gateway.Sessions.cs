using System.Text.Json.Nodes;

namespace Plimsoll.Paper;

public sealed partial class Gateway
{
    const string Version = "1.2.26";
    const decimal ShortestHeartbeat = 10;

    IEnumerable<RpcMethod> SessionMethods() =>
        [
            new("public/auth", RateClass.NonMatching, Authenticate),
            new("public/exchange_token", RateClass.NonMatching, Exchange),
            new("public/fork_token", RateClass.NonMatching, Fork),
            new("private/logout", RateClass.NonMatching, Logout, SocketOnly: true),
            new("public/hello", RateClass.NonMatching, Hello),
            new("public/test", RateClass.NonMatching, Test),
            new("public/get_time", RateClass.NonMatching, _ => venue.NowMs),
            new("public/status", RateClass.NonMatching, _ => Status()),
            new("public/set_heartbeat", RateClass.NonMatching, SetHeartbeat, SocketOnly: true),
            new("public/disable_heartbeat", RateClass.NonMatching, DisableHeartbeat, SocketOnly: true),
            new("public/subscribe", RateClass.Subscribe, Subscribe, SocketOnly: true),
            new("private/subscribe", RateClass.Subscribe, Subscribe, SocketOnly: true),
            new("public/unsubscribe", RateClass.Subscribe, Unsubscribe, SocketOnly: true),
            new("private/unsubscribe", RateClass.Subscribe, Unsubscribe, SocketOnly: true),
            new("public/unsubscribe_all", RateClass.Subscribe, UnsubscribeAll, SocketOnly: true),
            new("private/unsubscribe_all", RateClass.Subscribe, UnsubscribeAll, SocketOnly: true),
            new(
                "private/enable_cancel_on_disconnect",
                RateClass.NonMatching,
                call => CancelOnDisconnect(call, true),
                SocketOnly: true
            ),
            new(
                "private/disable_cancel_on_disconnect",
                RateClass.NonMatching,
                call => CancelOnDisconnect(call, false),
                SocketOnly: true
            ),
            new("private/get_cancel_on_disconnect", RateClass.NonMatching, GetCancelOnDisconnect),
        ];

    JsonNode Authenticate(RpcCall call)
    {
        var from = call.Parameters;
        string? scope = from.OptionalText("scope");
        var grant = from.Text("grant_type") switch
        {
            "client_credentials" => credentials.BySecret(
                from.Text("client_id"),
                from.Text("client_secret"),
                scope,
                call.NowUs
            ),
            "client_signature" => credentials.BySignature(
                (
                    from.Text("client_id"),
                    from.Whole("timestamp") ?? throw RpcRefusal.Bad("timestamp", "value required"),
                    from.OptionalText("nonce") ?? "",
                    from.OptionalText("data") ?? "",
                    from.Text("signature")
                ),
                scope,
                call.NowUs
            ),
            "refresh_token" => credentials.ByRefresh(from.Text("refresh_token"), scope, call.NowUs),
            _ => throw RpcRefusal.Bad("grant_type", "client_credentials, client_signature or refresh_token"),
        };
        return Granted(call, grant, from.OptionalText("state"));
    }

    JsonNode Exchange(RpcCall call) =>
        Granted(
            call,
            credentials.ByRefresh(
                call.Parameters.Text("refresh_token"),
                call.Parameters.OptionalText("scope"),
                call.NowUs
            ),
            null
        );

    JsonNode Fork(RpcCall call) =>
        Granted(
            call,
            credentials.ByRefresh(
                call.Parameters.Text("refresh_token"),
                $"session:{call.Parameters.Text("session_name")}",
                call.NowUs
            ),
            null
        );

    static JsonObject Granted(RpcCall call, Grant grant, string? state)
    {
        // A connection stays logged in for its life, whatever becomes of the token.
        call.Session.Grant = grant;
        var answer = new JsonObject
        {
            ["access_token"] = grant.AccessToken,
            ["refresh_token"] = grant.RefreshToken,
            ["expires_in"] = (grant.ExpiresUs - call.NowUs) / 1_000_000,
            ["token_type"] = "bearer",
            ["scope"] = grant.Scope,
            ["sid"] = $"{grant.Key.ClientId}.{call.Session.Id}",
            ["enabled_features"] = new JsonArray(),
        };
        if (state is not null)
            answer["state"] = state;
        return answer;
    }

    static JsonNode Logout(RpcCall call)
    {
        call.Session.LoggedOut = true;
        call.Session.IsClosing = true;
        return "ok";
    }

    static JsonNode Hello(RpcCall call)
    {
        call.Parameters.Text("client_name");
        call.Parameters.Text("client_version");
        return new JsonObject { ["version"] = Version };
    }

    static JsonNode Test(RpcCall call)
    {
        call.Session.TestSentUs = null;
        if (call.Parameters.OptionalText("expected_result") == "exception")
            throw new RpcRefusal(VenueError.InvalidParams, "as asked for", "expected_result");
        return new JsonObject { ["version"] = Version };
    }

    JsonObject Status()
    {
        bool paused = venue.Listed.Values.Any(book => book.State == BookState.Settlement);
        return new JsonObject { ["locked"] = paused ? "partial" : "false", ["locked_indices"] = new JsonArray() };
    }

    static JsonNode SetHeartbeat(RpcCall call)
    {
        decimal seconds = call.Parameters.Number("interval");
        if (seconds < ShortestHeartbeat)
            throw RpcRefusal.Bad("interval", "at least 10");
        call.Session.HeartbeatUs = (long)(seconds * 1_000_000);
        call.Session.NextHeartbeatUs = call.NowUs + call.Session.HeartbeatUs.Value;
        return "ok";
    }

    static JsonNode DisableHeartbeat(RpcCall call)
    {
        call.Session.HeartbeatUs = null;
        call.Session.TestSentUs = null;
        return "ok";
    }

    JsonNode Subscribe(RpcCall call)
    {
        var made = call
            .Parameters.Texts("channels")
            .Distinct(StringComparer.Ordinal)
            .Select(channel => (channel, subscription: Channels.Make(venue, call.Session, channel)))
            .Where(row => row.subscription is not null)
            .ToList();
        call.Parameters.OptionalText("label");
        foreach (var (channel, subscription) in made)
            starting.Add((call.Session, channel, subscription!));
        return Wire.List(made.Select(row => (JsonNode)row.channel));
    }

    JsonNode Unsubscribe(RpcCall call)
    {
        var channels = call.Parameters.Texts("channels").Where(call.Session.Subscriptions.Remove).ToList();
        return Wire.List(channels.Select(channel => (JsonNode)channel));
    }

    static JsonNode UnsubscribeAll(RpcCall call)
    {
        call.Session.Subscriptions.Clear();
        return "ok";
    }

    // Subscriptions of the request being answered: their first notification follows the answer.
    readonly List<(Session Session, string Channel, Subscription Subscription)> starting = [];

    void Begin()
    {
        foreach (var (session, channel, subscription) in starting)
            if (session.Subscriptions.TryAdd(channel, subscription))
                subscription.Begin(venue);
        starting.Clear();
    }

    static JsonNode CancelOnDisconnect(RpcCall call, bool enabled)
    {
        call.Parameters.OptionalText("scope");
        call.Session.CancelOnDisconnect = enabled;
        return "ok";
    }

    static JsonNode GetCancelOnDisconnect(RpcCall call) =>
        new JsonObject
        {
            ["scope"] = call.Parameters.OptionalText("scope") ?? "connection",
            ["enabled"] = call.Session.CancelOnDisconnect,
        };

    /// <summary>Heartbeats, the request to show life, and the end of a connection that shows none.</summary>
    void Beat(Session session, long nowUs)
    {
        if (nowUs - session.HeardUs > venue.Figures.IdleDisconnectMs * 1000)
            session.IsClosing = true;
        if (session.HeartbeatUs is not { } interval || nowUs < session.NextHeartbeatUs)
            return;
        session.NextHeartbeatUs = nowUs + interval;
        if (session.TestSentUs is not null)
        {
            session.IsClosing = true;
            return;
        }
        session.Send(Wire.Heartbeat("heartbeat"));
        if (nowUs - session.HeardUs < interval)
            return;
        session.TestSentUs = nowUs;
        session.Send(Wire.Heartbeat("test_request"));
    }
}
