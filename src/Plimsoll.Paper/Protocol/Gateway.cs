using System.Text.Json;
using System.Text.Json.Nodes;
using Plimsoll.Markets;

namespace Plimsoll.Paper;

/// <summary>One method of the API.</summary>
/// <param name="Name">Such as <c>public/ticker</c>.</param>
/// <param name="Rate">Bucket that it draws on.</param>
/// <param name="Run">What it does.</param>
/// <param name="SocketOnly">Whether it means nothing without a connection.</param>
/// <param name="Trades">Whether it needs the scope to trade.</param>
sealed record RpcMethod(
    string Name,
    RateClass Rate,
    Func<RpcCall, JsonNode?> Run,
    bool SocketOnly = false,
    bool Trades = false
)
{
    public bool IsPrivate => Name.StartsWith("private/", StringComparison.Ordinal);
}

/// <summary>One call: who asks what, and when.</summary>
/// <param name="Parameters">Named parameters.</param>
/// <param name="Session">Connection; for HTTP one that lives for the call.</param>
/// <param name="Grant">Login; null for public calls without one.</param>
/// <param name="IsSocket">Whether it came over WebSocket.</param>
/// <param name="NowUs">Time, microseconds UTC.</param>
sealed record RpcCall(RpcParameters Parameters, Session Session, Grant? Grant, bool IsSocket, long NowUs)
{
    public PaperAccount Account => Grant!.Key.Account;

    /// <summary>Connection that orders belong to; none over HTTP.</summary>
    public long? Connection => IsSocket ? Session.Id : null;
}

/// <summary>An answer over HTTP.</summary>
/// <param name="Status">200, 400, 401 or 429.</param>
/// <param name="Json">Body.</param>
public sealed record HttpAnswer(int Status, string Json);

/// <summary>The venue's JSON-RPC API over connections that a host holds: frames and requests in, frames out.</summary>
/// <remarks>
/// Single-threaded like the venue, and as deterministic: every call carries its time. The venue's own time runs
/// beside it, so that a recorded market may be replayed at its own dates or faster.
/// </remarks>
public sealed partial class Gateway
{
    readonly Venue venue;
    readonly Credentials credentials;
    readonly RateLimits limits;
    readonly Func<long, long> venueTimeMs;
    readonly Action<long> market;
    readonly SortedDictionary<long, Session> sessions = [];
    readonly Dictionary<string, int> connections = [];
    readonly SortedDictionary<string, RpcMethod> methods = new(StringComparer.Ordinal);
    readonly SortedDictionary<string, long> ignored = new(StringComparer.Ordinal);
    long sessionNumber;

    /// <summary>An API over a venue.</summary>
    /// <param name="venue">What it speaks for.</param>
    /// <param name="keys">Who may log in.</param>
    /// <param name="venueTimeMs">
    /// Venue time, milliseconds, at a time of the host, microseconds; null: the same time.
    /// </param>
    /// <param name="market">Moves the market up to a venue time, milliseconds; null: nobody does.</param>
    /// <param name="matchingTier">1 to 4: how many orders a second an account may send; 0: no limit.</param>
    public Gateway(
        Venue venue,
        IReadOnlyList<ApiKey> keys,
        Func<long, long>? venueTimeMs = null,
        Action<long>? market = null,
        int matchingTier = 4
    )
    {
        this.venue = venue;
        credentials = new Credentials(venue.Figures, keys);
        limits = new RateLimits(venue.Figures, matchingTier);
        this.venueTimeMs = venueTimeMs ?? (nowUs => nowUs / 1000);
        this.market = market ?? (_ => { });
        foreach (
            var method in SessionMethods()
                .Concat(MarketMethods())
                .Concat(OrderMethods())
                .Concat(QuoteMethods())
                .Concat(AccountMethods())
                .Concat(SimulatorMethods())
        )
            methods.Add(method.Name, method);
    }

    /// <summary>Names of all methods, in order.</summary>
    public IEnumerable<string> Methods => methods.Keys;

    /// <summary>Parameters that nobody asked for, with how often they came: two of them hide mistakes.</summary>
    public IReadOnlyDictionary<string, long> IgnoredParameters => ignored;

    /// <summary>Connections that are open.</summary>
    public IReadOnlyCollection<Session> Sessions => sessions.Values;

    /// <summary>Counts a connection or a request in flight; false when the address has its share already.</summary>
    public bool TryEnter(string address)
    {
        int count = connections.GetValueOrDefault(address);
        if (count >= venue.Figures.ConnectionsPerAddress)
            return false;
        connections[address] = count + 1;
        return true;
    }

    /// <summary>The connection or request is over.</summary>
    public void Leave(string address) => connections[address] = connections.GetValueOrDefault(address) - 1;

    /// <summary>A new WebSocket connection.</summary>
    public Session Open(string address, long nowUs)
    {
        var session = new Session(++sessionNumber, address, nowUs);
        sessions.Add(session.Id, session);
        return session;
    }

    /// <summary>The connection is gone; cancel on disconnect takes its orders, and no others.</summary>
    public void Close(Session session, long nowUs)
    {
        if (!sessions.Remove(session.Id))
            return;
        Pass(nowUs);
        session.Subscriptions.Clear();
        if (session is { CancelOnDisconnect: true, LoggedOut: false, Account: { } account })
            venue.CancelWhere(account, order => order.Connection == session.Id, CancelReason.CancelOnDisconnect);
        Dispatch(nowUs);
    }

    /// <summary>A frame of a connection; the answer and what follows from it stand in the outboxes.</summary>
    public void Receive(Session session, string frame, long nowUs)
    {
        Pass(nowUs);
        Dispatch(nowUs);
        session.HeardUs = nowUs;
        session.Send(Answer(frame, session, null, isSocket: true, nowUs).Json);
        Begin();
        Dispatch(nowUs);
    }

    /// <summary>A frame that was too large to be read.</summary>
    public static void RefuseLarge(Session session, long nowUs) =>
        session.Send(Wire.Error(null, new RpcRefusal(VenueError.RequestEntityTooLarge), nowUs, nowUs));

    /// <summary>A frame that came too often: nothing is done, and the answer carries its id.</summary>
    public static void RefuseOften(Session session, string frame, long nowUs)
    {
        JsonNode? id = null;
        try
        {
            id = (JsonNode.Parse(frame) as JsonObject)?["id"]?.DeepClone();
        }
        catch (JsonException)
        {
            // It has none.
        }
        session.Send(Wire.Error(id, new RpcRefusal(VenueError.TooManyRequests), nowUs, nowUs));
    }

    /// <summary>The body of an answer to a request that was too large or came too often.</summary>
    public static string Refusal(VenueError error, long nowUs) => Wire.Error(null, new RpcRefusal(error), nowUs, nowUs);

    /// <summary>One HTTP request.</summary>
    /// <param name="verb">GET or POST.</param>
    /// <param name="rawTarget">Path and query exactly as sent: signatures cover them.</param>
    /// <param name="authorization">Header; null when absent.</param>
    /// <param name="body">Body; empty for GET.</param>
    /// <param name="address">Where it comes from.</param>
    /// <param name="nowUs">Time, microseconds UTC.</param>
    public HttpAnswer Http(
        string verb,
        string rawTarget,
        string? authorization,
        string body,
        string address,
        long nowUs
    )
    {
        Pass(nowUs);
        var session = new Session(0, address, nowUs);
        HttpAnswer answer;
        try
        {
            if (authorization is { Length: > 0 })
                session.Grant = credentials.ByHeader(authorization, (verb, rawTarget, body), nowUs);
            answer = Answer(body, session, verb == "GET" ? rawTarget : null, isSocket: false, nowUs);
        }
        catch (RpcRefusal refusal)
        {
            answer = new HttpAnswer(Status(refusal.Error), Wire.Error(null, refusal, nowUs, nowUs));
        }
        Dispatch(nowUs);
        return answer;
    }

    /// <summary>Time passes: gathered notifications, heartbeats, silent connections.</summary>
    public void Pump(long nowUs)
    {
        Pass(nowUs);
        Dispatch(nowUs);
        foreach (var session in sessions.Values.ToList())
        {
            foreach (var subscription in session.Subscriptions.Values)
                subscription.Flush(venue, nowUs);
            Beat(session, nowUs);
        }
    }

    /// <summary>Brings the venue to the time of the host.</summary>
    public void Pass(long nowUs)
    {
        long ms = venueTimeMs(nowUs);
        market(ms);
        venue.Advance(ms);
    }

    /// <summary>Tells the subscribers what happened since the last time.</summary>
    public void Dispatch(long nowUs)
    {
        var events = venue.Drain();
        if (events.Count == 0)
            return;
        foreach (var session in sessions.Values)
        foreach (var happened in events)
        foreach (var subscription in session.Subscriptions.Values)
            subscription.Accept(venue, happened);
        // Portfolios after orders and trades, whatever the names of the channels are.
        foreach (var session in sessions.Values)
        foreach (var subscription in session.Subscriptions.Values)
            if (subscription.IsRaw)
                subscription.Flush(venue, nowUs);
    }

    HttpAnswer Answer(string text, Session session, string? getTarget, bool isSocket, long nowUs)
    {
        JsonNode? id = null;
        try
        {
            var (name, parameters) = getTarget is null ? Parse(text, out id, isSocket) : ParseTarget(getTarget);
            var result = Call(name, parameters, session, isSocket, nowUs);
            return new HttpAnswer(200, Wire.Result(id, result, nowUs, nowUs + 1));
        }
        catch (RpcRefusal refusal)
        {
            return new HttpAnswer(Status(refusal.Error), Wire.Error(id, refusal, nowUs, nowUs + 1));
        }
    }

    JsonNode? Call(string name, RpcParameters parameters, Session session, bool isSocket, long nowUs)
    {
        if (!methods.TryGetValue(name, out var method))
            throw new RpcRefusal(
                name.StartsWith("private/", StringComparison.Ordinal) && Wallet.Contains(name)
                    ? VenueError.Forbidden
                    : VenueError.MethodNotFound
            );
        if (method.SocketOnly && !isSocket)
            throw new RpcRefusal(VenueError.MustBeWebsocketRequest);
        if (parameters.OptionalText("access_token") is { } token)
            session.Grant = credentials.ByToken(token, nowUs);
        if (method.IsPrivate && session.Grant is null)
            throw new RpcRefusal(VenueError.Unauthorized);
        if (method.Trades && !session.Grant!.MayTrade)
            throw new RpcRefusal(VenueError.Forbidden, "scope trade:read_write is missing");
        limits.Take(session.Who, method.Rate, nowUs);
        var result = method.Run(new RpcCall(parameters, session, session.Grant, isSocket, nowUs));
        foreach (string unread in parameters.Unread)
            ignored[unread] = ignored.GetValueOrDefault(unread) + 1;
        return result;
    }

    static (string, RpcParameters) Parse(string text, out JsonNode? id, bool isSocket)
    {
        id = null;
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(text);
        }
        catch (JsonException)
        {
            throw new RpcRefusal(VenueError.ParseError);
        }
        using (document)
        {
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                throw new RpcRefusal(VenueError.BadRequest, "one request object; batches are not supported");
            if (root.TryGetProperty("id", out var given))
                id = given.ValueKind is JsonValueKind.Number or JsonValueKind.String
                    ? JsonNode.Parse(given.GetRawText())
                    : throw new RpcRefusal(VenueError.BadRequest, "must be a number or a text", "id");
            else if (isSocket)
                throw new RpcRefusal(VenueError.BadRequest, "value required", "id");
            if (!root.TryGetProperty("method", out var method) || method.ValueKind != JsonValueKind.String)
                throw new RpcRefusal(VenueError.BadRequest, "value required", "method");
            root.TryGetProperty("params", out var parameters);
            return (method.GetString()!, RpcParameters.Of(parameters));
        }
    }

    static (string, RpcParameters) ParseTarget(string target)
    {
        int question = target.IndexOf('?');
        string path = question < 0 ? target : target[..question];
        const string Root = "/api/v2/";
        if (!path.StartsWith(Root, StringComparison.Ordinal))
            throw new RpcRefusal(VenueError.MethodNotFound);
        return (path[Root.Length..], RpcParameters.Of(question < 0 ? "" : target[(question + 1)..]));
    }

    static int Status(VenueError error) =>
        error switch
        {
            VenueError.Unauthorized or VenueError.InvalidCredentials => 401,
            VenueError.TooManyRequests => 429,
            VenueError.RequestEntityTooLarge => 413,
            _ => 400,
        };

    ListedInstrument Book(RpcCall call) => Book(call.Parameters.Text("instrument_name"));

    ListedInstrument Book(string name) =>
        venue.Listed.GetValueOrDefault(name)
        ?? throw new RpcRefusal(VenueError.InvalidOrUnsupportedInstrument, "instrument not found", "instrument_name");

    static JsonNode Answered(OrderAnswer answer) =>
        answer.Error == VenueError.None ? WireOrders.Answer(answer) : throw new RpcRefusal(answer.Error, answer.Detail);

    static Currency CurrencyOf(RpcCall call) => new(call.Parameters.Text("currency"));
}
