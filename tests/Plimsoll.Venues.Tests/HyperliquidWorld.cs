using System.Text.Json;
using System.Text.Json.Nodes;
using Plimsoll.Storage;

namespace Plimsoll.Venues.Tests;

/// <summary>A small Hyperliquid: one coin with a touch on each side, orders by client id, signatures checked.</summary>
/// <remarks>Its messages have the shape of the venue's published examples; the account's state is one of them.</remarks>
sealed class HyperliquidWorld(TimeProvider time)
{
    public const string Coin = "BTC";
    public const decimal Bid = 30_000;
    public const decimal Ask = 30_001;
    public const decimal Size = 2;
    readonly SortedDictionary<string, JsonObject> byClientId = new(StringComparer.Ordinal);
    readonly List<JsonObject> fills = [];
    readonly HashSet<long> nonces = [];
    long lastId = 100;

    /// <summary>Decimals of the sizes of the coins that are listed, by their places.</summary>
    public static int[] Decimals { get; } = [5, 4, 2, 1];

    public static string AgentSecret { get; } = new('1', 64);

    public static WalletKey Agent { get; } = WalletKey.Of(AgentSecret)!;

    public static HyperliquidSettings Settings { get; } =
        new() { Url = new Uri("http://127.0.0.1:1"), Account = "0x5e9ee1089755c3435139848e47e6635505d5a13a" };

    public string Role { get; set; } = "user";

    /// <summary>Value of an account that holds only what was traded here; null: the published example's.</summary>
    public decimal? EquityUsd { get; set; }

    /// <summary>Whether the account holds something on a market that others deployed.</summary>
    public bool HoldsElsewhere { get; set; }

    /// <summary>Whether requests are lost before, or answers after they did anything.</summary>
    public bool LosesRequests { get; set; }

    /// <summary>Whether nothing comes back.</summary>
    public bool LosesAnswers { get; set; }

    /// <summary>Answer to the next order in place of doing it.</summary>
    public JsonNode? NextAnswer { get; set; }

    /// <summary>Client ids of the orders that arrived, in order.</summary>
    public List<string> Arrived { get; } = [];

    public List<string> Actions { get; } = [];

    public IEnumerable<JsonObject> Resting => byClientId.Values.Where(row => Text(row, "status") == "open");

    public JsonObject? Find(string label) => byClientId.GetValueOrDefault(HyperliquidContracts.ClientId(label));

    public WorldLine? Current { get; private set; }

    public Task<IFrames> OpenAsync(Uri address, CancellationToken cancel) => Task.FromResult(Connect());

    public IFrames Connect() => Current = new WorldLine(time, () => LosesRequests, () => LosesAnswers, Take);

    /// <summary>The market as it is, told again.</summary>
    public void Beat()
    {
        foreach (string type in (string[])["bbo", "activeAssetCtx"])
            Current?.Arrive(First(type));
    }

    /// <summary>An answer over HTTP; the first few times as told, the venue is overloaded.</summary>
    public HttpReply Answer(HttpCall call) =>
        Overloaded > 0 && Overloaded-- > 0 ? new HttpReply(429, "")
        : call.Address.AbsolutePath == "/info" ? new HttpReply(200, Info(JsonElement.Parse(call.Body!)).ToJsonString())
        : call.Address.AbsolutePath == "/exchange"
            ? new HttpReply(200, Act(JsonElement.Parse(call.Body!)).ToJsonString())
        : new HttpReply(422, "Failed to deserialize the JSON body");

    /// <summary>How many more requests over HTTP are turned away.</summary>
    public int Overloaded { get; set; }

    JsonNode Info(JsonElement asked) =>
        asked.Text("type") switch
        {
            "metaAndAssetCtxs" => new JsonArray(
                Copy("meta"),
                new JsonArray([
                    .. Copy("meta")["universe"]!
                        .AsArray()
                        .Select(_ =>
                            JsonNode.Parse(
                                """{"funding":"0.0000125","openInterest":"688.11","dayNtlVlm":"3000040","oraclePx":"29999","markPx":"30000.4"}"""
                            )
                        ),
                ])
            ),
            "l2Book" => JsonNode.Parse(
                $$$"""{"coin":"{{{asked.Text("coin")}}}","time":1772616660000,"levels":[[{"px":"{{{Bid}}}","sz":"2","n":1},{"px":"29999","sz":"5","n":2}],[{"px":"{{{Ask}}}","sz":"3","n":1}]]}"""
            )!,
            "meta" => Copy("meta"),
            "userFees" => new JsonObject { ["userAddRate"] = "0.00015", ["userCrossRate"] = "0.00045" },
            "userRole" => new JsonObject { ["role"] = Role },
            "perpDexs" => new JsonArray(null, new JsonObject { ["name"] = "xyz" }),
            "clearinghouseState" when asked.Text("dex") == "xyz" && !HoldsElsewhere => new JsonObject
            {
                ["assetPositions"] = new JsonArray(),
            },
            "clearinghouseState" => State(),
            "frontendOpenOrders" => new JsonArray([.. Resting.Select(row => row["order"]!.DeepClone())]),
            "userFillsByTime" => new JsonArray([.. fills.Select(row => row.DeepClone())]),
            "orderStatus" => byClientId.TryGetValue(asked.Text("oid"), out var found)
                ? new JsonObject { ["status"] = "order", ["order"] = found.DeepClone() }
                : new JsonObject { ["status"] = "unknownOid" },
            var other => throw new InvalidOperationException(other),
        };

    JsonNode Act(JsonElement body)
    {
        var action = JsonNode.Parse(body.GetProperty("action").GetRawText())!.AsObject();
        long nonce = body.GetProperty("nonce").GetInt64();
        long? expires = body.TryGetProperty("expiresAfter", out var until) ? until.GetInt64() : null;
        byte[] digest = HyperliquidSigning.Digest(HyperliquidSigning.Hash(action, nonce, null, expires), false);
        var signature = body.GetProperty("signature");
        var made = new WalletSignature(
            Convert.FromHexString(signature.Text("r")[2..]),
            Convert.FromHexString(signature.Text("s")[2..]),
            signature.GetProperty("v").GetInt32()
        );
        Assert.Equal(Agent.Address, WalletKey.Signer(digest, made));
        Assert.True(nonces.Add(nonce), "a nonce twice");
        Actions.Add(Text(action, "type"));
        if (expires < time.GetUtcNow().ToUnixTimeMilliseconds())
            return new JsonObject { ["status"] = "err", ["response"] = "expired" };
        return Text(action, "type") switch
        {
            "order" => Ok("order", Place(action["orders"]![0]!.AsObject())),
            "cancelByCloid" => Ok("cancel", Cancel(Text(action["cancels"]![0]!, "cloid"))),
            "cancel" => Ok(
                "cancel",
                [.. action["cancels"]!.AsArray().SelectMany(row => Cancel(ClientIdOf(row!["o"]!.GetValue<long>())))]
            ),
            _ => new JsonObject
            {
                ["status"] = "ok",
                ["response"] = new JsonObject { ["type"] = "default" },
            },
        };
    }

    /// <summary>An order of the account, whoever sent it.</summary>
    public void Place(bool buys, decimal size, decimal price, string life) =>
        Place(
            JsonNode
                .Parse(
                    $$$"""{"a":1,"b":{{{(buys ? "true" : "false")}}},"p":"{{{TextNumbers.Write(price)}}}","s":"{{{TextNumbers.Write(size)}}}","r":false,"t":{"limit":{"tif":"{{{life}}}"} } }"""
                )!
                .AsObject()
        );

    JsonNode[] Place(JsonObject order)
    {
        string clientId = order["c"]?.GetValue<string>() ?? $"none-{lastId}";
        Arrived.Add(clientId);
        decimal price = decimal.Parse(Text(order, "p")),
            size = decimal.Parse(Text(order, "s"));
        bool buys = order["b"]!.GetValue<bool>();
        bool takes = buys ? price >= Ask : price <= Bid;
        decimal done = takes ? Math.Min(size, Size) : 0;
        bool rests = Text(order["t"]!["limit"]!, "tif") == "Gtc" && done < size;
        string status =
            done == size ? "filled"
            : rests ? "open"
            : "iocCancelRejected";
        long id = ++lastId;
        byClientId[clientId] = new JsonObject
        {
            ["order"] = new JsonObject
            {
                ["coin"] = Coin,
                ["side"] = buys ? "B" : "A",
                ["limitPx"] = Text(order, "p"),
                ["sz"] = TextNumbers.Write(size - done),
                ["oid"] = id,
                ["timestamp"] = Now,
                ["origSz"] = Text(order, "s"),
                ["cloid"] = clientId,
                ["orderType"] = "Limit",
                ["reduceOnly"] = order["r"]!.GetValue<bool>(),
            },
            ["status"] = done > 0 && !rests && done < size ? "canceled" : status,
            ["statusTimestamp"] = Now,
        };
        if (done > 0)
            Fill(byClientId[clientId], done, buys ? Ask : Bid);
        Tell("orderUpdates", new JsonArray(byClientId[clientId].DeepClone()));
        JsonNode answer =
            rests
                ? new JsonObject
                {
                    ["resting"] = new JsonObject { ["oid"] = id, ["cloid"] = clientId },
                }
            : done == 0 ? new JsonObject { ["error"] = "Order could not immediately match against any resting orders." }
            : new JsonObject
            {
                ["filled"] = new JsonObject
                {
                    ["totalSz"] = TextNumbers.Write(done),
                    ["avgPx"] = "30001.0",
                    ["oid"] = id,
                },
            };
        return [answer];
    }

    void Fill(JsonObject placed, decimal size, decimal price)
    {
        var order = placed["order"]!;
        fills.Add(
            new JsonObject
            {
                ["coin"] = Coin,
                ["px"] = TextNumbers.Write(price),
                ["sz"] = TextNumbers.Write(size),
                ["side"] = Text(order, "side"),
                ["time"] = Now,
                ["dir"] = "Open Long",
                ["oid"] = order["oid"]!.GetValue<long>(),
                ["cloid"] = Text(order, "cloid"),
                ["tid"] = 900_000 + fills.Count,
            }
        );
        Tell(
            "userFills",
            new JsonObject { ["user"] = Settings.Account, ["fills"] = new JsonArray(fills[^1].DeepClone()) }
        );
    }

    JsonNode[] Cancel(string? clientId)
    {
        if (clientId is null || !byClientId.TryGetValue(clientId, out var found) || Text(found, "status") != "open")
            return [new JsonObject { ["error"] = "Order was never placed, already canceled, or filled." }];
        (found["status"], found["statusTimestamp"]) = ("canceled", Now);
        Tell("orderUpdates", new JsonArray(found.DeepClone()));
        return ["success"];
    }

    string? ClientIdOf(long id) =>
        byClientId.FirstOrDefault(row => row.Value["order"]!["oid"]!.GetValue<long>() == id).Key;

    JsonNode State()
    {
        // The published example is older than this member, which the venue states today.
        var state = Copy("clearinghouseState").AsObject();
        state["crossMaintenanceMarginUsed"] = "34.3";
        if (EquityUsd is { } equity)
        {
            foreach (string summary in (string[])["marginSummary", "crossMarginSummary"])
                state[summary]!["accountValue"] = TextNumbers.Write(equity);
            state["assetPositions"] = new JsonArray();
        }
        decimal held = fills.Sum(row => decimal.Parse(Text(row, "sz")) * (Text(row, "side") == "B" ? 1 : -1));
        if (held != 0)
            state["assetPositions"] = new JsonArray(
                new JsonObject
                {
                    ["position"] = new JsonObject
                    {
                        ["coin"] = Coin,
                        ["szi"] = TextNumbers.Write(held),
                        ["entryPx"] = "30001.0",
                        ["leverage"] = new JsonObject { ["type"] = "cross" },
                    },
                }
            );
        return state;
    }

    void Tell(string channel, JsonNode data) =>
        Current?.Arrive(new JsonObject { ["channel"] = channel, ["data"] = data }.ToJsonString());

    long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    static JsonObject Ok(string type, JsonNode[] statuses) =>
        new()
        {
            ["status"] = "ok",
            ["response"] = new JsonObject
            {
                ["type"] = type,
                ["data"] = new JsonObject { ["statuses"] = new JsonArray(statuses) },
            },
        };

    static JsonNode Copy(string name) => JsonNode.Parse(Recorded.Of("hyperliquid", name).GetRawText())!;

    static string Text(JsonNode row, string name) => row[name]!.GetValue<string>();

    void Take(WorldLine line, string frame)
    {
        var root = JsonElement.Parse(frame);
        switch (root.Text("method"))
        {
            case "ping":
                line.Arrive("""{"channel":"pong"}""");
                break;
            case "subscribe":
                var what = root.GetProperty("subscription");
                line.Arrive($$"""{"channel":"subscriptionResponse","data":{{frame}}}""");
                line.Arrive(First(what.Text("type")));
                break;
            default:
                Answer(line, root);
                break;
        }
    }

    void Answer(WorldLine line, JsonElement root)
    {
        var request = root.GetProperty("request");
        bool isInfo = request.Text("type") == "info";
        var payload = request.GetProperty("payload");
        JsonNode answer;
        if (!isInfo && NextAnswer is { } prepared)
            (answer, NextAnswer) = (prepared, null);
        else
            answer = isInfo
                ? new JsonObject { ["type"] = payload.Text("type"), ["data"] = Info(payload) }
                : Act(payload);
        line.Arrive(
            new JsonObject
            {
                ["channel"] = "post",
                ["data"] = new JsonObject
                {
                    ["id"] = root.GetProperty("id").GetInt64(),
                    ["response"] = new JsonObject { ["type"] = request.Text("type"), ["payload"] = answer },
                },
            }.ToJsonString()
        );
    }

    static string First(string type) =>
        type switch
        {
            "bbo" =>
                $$$"""{"channel":"bbo","data":{"coin":"{{{Coin}}}","time":1,"bbo":[{"px":"{{{Bid}}}.0","sz":"{{{Size}}}","n":1},{"px":"{{{Ask}}}.0","sz":"{{{Size}}}","n":1}]}}""",
            "activeAssetCtx" =>
                $$$"""{"channel":"activeAssetCtx","data":{"coin":"{{{Coin}}}","ctx":{"markPx":"30000.4","oraclePx":"29999.0","funding":"0.0000125","openInterest":"688.11","dayNtlVlm":"3000040"} } }""",
            "userFills" => Recorded.Of("hyperliquid", "userFills_snapshot").GetRawText(),
            _ => """{"channel":"pong"}""",
        };
}
