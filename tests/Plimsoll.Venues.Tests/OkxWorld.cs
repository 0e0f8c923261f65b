using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Web;
using Plimsoll.Storage;

namespace Plimsoll.Venues.Tests;

/// <summary>A small OKX: two swaps, a future and an option, one touch; signatures of requests and logins checked.</summary>
/// <remarks>Its messages have the members of the venue's manual; numbers are texts, what is absent is an empty one.</remarks>
sealed class OkxWorld(TimeProvider time)
{
    public const string Swap = "BTC-USDT-SWAP";
    public const string Option = "BTC-USD-260327-60000-C";
    public const decimal Bid = 30_000;
    public const decimal Ask = 30_000.1m;
    public const decimal Size = 200;
    const string Secret = "okx-secret";
    const string Passphrase = "okx-passphrase";
    readonly SortedDictionary<string, JsonObject> byClientId = new(StringComparer.Ordinal);
    readonly List<JsonObject> fills = [];
    readonly HashSet<WorldLine> subscribed = [];
    long sequence = 1000;
    long lastId = 500;

    public static VenueKey Key { get; } = VenueKey.Of("okx-id", Secret, Passphrase);

    /// <summary>The key as the environment of a process holds it.</summary>
    public static IReadOnlyDictionary<string, string> Secrets { get; } =
        new Dictionary<string, string>
        {
            ["PLIMSOLL_OKX_CLIENT_ID"] = Key.ClientId,
            ["PLIMSOLL_OKX_CLIENT_SECRET"] = Secret,
            ["PLIMSOLL_OKX_PASSPHRASE"] = Passphrase,
        };

    /// <summary>Equity of the account, all of it dollars; null: an example with a coin.</summary>
    public decimal? EquityUsd { get; set; }

    public static OkxSettings Settings { get; } = new() { Url = new Uri("http://127.0.0.1:1"), Trades = true };

    public string Permissions { get; set; } = "read_only,trade";

    public string PositionMode { get; set; } = "net_mode";

    public string Level { get; set; } = "3";

    /// <summary>Margin mode of the position.</summary>
    public string MarginMode { get; set; } = "cross";

    /// <summary>Margin modes that orders asked for.</summary>
    public List<string> Modes { get; } = [];

    /// <summary>Side of the position as its row states it.</summary>
    public string PositionSide { get; set; } = "net";

    /// <summary>The venue's clock less ours.</summary>
    public TimeSpan Lead { get; set; }

    public bool LosesRequests { get; set; }

    public bool LosesAnswers { get; set; }

    /// <summary>Code and words of the next order's row in place of taking it.</summary>
    public (string Code, string Words)? Refuses { get; set; }

    /// <summary>How many more readings are answered by "busy".</summary>
    public int Busy { get; set; }

    /// <summary>Client ids of the orders that arrived, in order.</summary>
    public List<string> Arrived { get; } = [];

    /// <summary>Channels that were asked for.</summary>
    public List<JsonElement> Subscriptions { get; } = [];

    /// <summary>Operations and paths that arrived.</summary>
    public List<string> Asked { get; } = [];

    public IEnumerable<JsonObject> Resting => byClientId.Values.Where(row => IsOpen(Text(row, "state")));

    public WorldLine? Private { get; private set; }

    public WorldLine? Public { get; private set; }

    public Task<IFrames> OpenAsync(Uri address, CancellationToken cancel) =>
        Task.FromResult(Connect(address.AbsolutePath));

    public IFrames Connect(string path)
    {
        var line = new WorldLine(time, () => LosesRequests, () => LosesAnswers, Take);
        if (path.EndsWith("/private", StringComparison.Ordinal))
            Private = line;
        else
            Public = line;
        return line;
    }

    public async Task<HttpReply> SendAsync(HttpCall call, CancellationToken cancel)
    {
        bool isLost = LosesRequests;
        await Task.Delay(TimeSpan.FromMilliseconds(5), time, cancel);
        if (isLost)
            await Task.Delay(TimeSpan.FromHours(1), time, cancel);
        var reply = Answer(call);
        if (LosesAnswers)
            await Task.Delay(TimeSpan.FromHours(1), time, cancel);
        return reply;
    }

    /// <summary>An answer over HTTP.</summary>
    public HttpReply Answer(HttpCall call)
    {
        string Header(string name) => call.Headers.FirstOrDefault(header => header.Name == name).Value ?? "";
        string at = Header("OK-ACCESS-TIMESTAMP");
        string path = call.Address.AbsolutePath["/api/v5/".Length..];
        Asked.Add(path);
        if (
            Header("OK-ACCESS-SIGN") != Sign(at + call.Method + call.Address.PathAndQuery + call.Body)
            || Header("OK-ACCESS-KEY") != Key.ClientId
            || Header("OK-ACCESS-PASSPHRASE") != Passphrase
        )
            return Refused("50113", "Invalid Sign");
        if (Header("x-simulated-trading") != "1")
            return Refused("50101", "the key is of demo trading");
        if ((DateTimeOffset.Parse(at, CultureInfo.InvariantCulture) - Now).Duration() > TimeSpan.FromSeconds(30))
            if (path != "public/time")
                return Refused("50102", "Timestamp request expired");
        if (Busy > 0 && Busy-- > 0)
            return Refused("50013", "Systems are busy");
        var query = HttpUtility.ParseQueryString(call.Address.Query);
        JsonArray? rows = path switch
        {
            "public/time" => [Json($$"""{"ts":"{{Milliseconds}}"}""")],
            "account/config" =>
            [
                Json($$"""{"acctLv":"{{Level}}","posMode":"{{PositionMode}}","perm":"{{Permissions}}","uid":"1"}"""),
            ],
            "account/trade-fee" =>
            [
                Json(
                    """{"maker":"-0.0002","taker":"-0.0005","makerU":"-0.0001","takerU":"-0.0004","exercise":"","delivery":"0.0001"}"""
                ),
            ],
            "public/instruments" => query["instFamily"] is "ETH-USD" ? [] : Listed(query["instType"]!),
            "public/instrument-tick-bands" when query["instFamily"] == "BTC-USD" =>
            [
                Json(
                    """{"instType":"OPTION","instFamily":"BTC-USD","tickBand":[{"minPx":"0.005","maxPx":"100","tickSz":"0.0005"},{"minPx":"0","maxPx":"0.005","tickSz":"0.0001"}]}"""
                ),
            ],
            "public/instrument-tick-bands" => [],
            "account/positions" => Positions(),
            "trade/orders-pending" => [.. Resting.Where(row => Text(row, "ordId").Length > 0).Select(Copy)],
            "trade/fills" =>
            [
                .. fills
                    .Where(row => long.Parse(Text(row, "ts")) >= long.Parse(query["begin"]!))
                    .Reverse()
                    .Select(Copy),
            ],
            "trade/order" when call.Method == HttpMethod.Post => [Close(JsonElement.Parse(call.Body!))],
            "trade/cancel-batch-orders" =>
            [
                .. JsonElement.Parse(call.Body!).EnumerateArray().Select(row => Cancel(Find(null, row.Text("ordId")))),
            ],
            "trade/orders-algo-pending" =>
            [
                .. Conditional.Where(row => Text(row, "ordType") == query["ordType"]).Select(Copy),
            ],
            "trade/cancel-algos" => Forget(JsonElement.Parse(call.Body!)),
            "public/mark-price" => [Json($$"""{"instId":"{{query["instId"]}}","markPx":"30000.4"}""")],
            "public/price-limit" => [Json("""{"buyLmt":"31000","sellLmt":"29000"}""")],
            "trade/order" => Find(query["clOrdId"], query["ordId"]) is { } found ? [Copy(found)] : null,
            "account/balance" =>
            [
                Json("""{"details":[{"ccy":"USDT","cashBal":"1000.5"},{"ccy":"BTC","cashBal":""}]}"""),
            ],
            "account/position-builder" => BuiltOf(JsonNode.Parse(call.Body!)!.AsObject()),
            "trade/cancel-all-after" => [Json("""{"triggerTime":"1"}""")],
            _ => throw new InvalidOperationException(path),
        };
        return rows is null
            ? Refused("51603", "Order does not exist")
            : new HttpReply(200, $$"""{"code":"0","msg":"","data":{{rows.ToJsonString()}}}""");
    }

    /// <summary>Questions to the position builder.</summary>
    public List<JsonObject> Built { get; } = [];

    JsonArray BuiltOf(JsonObject body)
    {
        Built.Add(body);
        return [Json("""{"eq":"1000.5","totalImr":"130.5","totalMmr":"100.4","riskUnitData":[]}""")];
    }

    /// <summary>A change of the best bid's size, told to every follower of the book.</summary>
    /// <param name="follows">Id that it says it follows; null: the right one.</param>
    /// <param name="next">Its own id; null: a larger one.</param>
    /// <param name="checksum">What it states; null: the right one.</param>
    public void ChangeBid(decimal size, long? follows = null, long? next = null, int? checksum = null)
    {
        long before = follows ?? sequence;
        sequence = next ?? sequence + 3;
        string written = size.ToString(CultureInfo.InvariantCulture);
        var message = new JsonObject
        {
            ["arg"] = Json($$"""{"channel":"books","instId":"{{Swap}}"}"""),
            ["action"] = "update",
            ["data"] = new JsonArray(
                new JsonObject
                {
                    ["asks"] = new JsonArray(),
                    ["bids"] = new JsonArray(new JsonArray("30000", written, "0", "4")),
                    ["ts"] = Milliseconds,
                    ["checksum"] = checksum ?? 0,
                    ["prevSeqId"] = before,
                    ["seqId"] = sequence,
                }
            ),
        };
        Public!.Arrive(message.ToJsonString());
    }

    /// <summary>The market and the account as they are, told again.</summary>
    public void Beat()
    {
        if (Public is null || Private is null || !subscribed.Contains(Public) || !subscribed.Contains(Private))
            return;
        ChangeBid(Size);
        foreach (var (line, channel) in new[] { (Public, "mark-price"), (Private, "account") })
        foreach (string frame in First(JsonElement.Parse($$"""{"channel":"{{channel}}","instId":"{{Swap}}"}""")))
            line.Arrive(frame);
    }

    void Take(WorldLine line, string frame)
    {
        if (frame == "ping")
        {
            line.Arrive("pong");
            return;
        }
        var root = JsonElement.Parse(frame);
        string operation = root.Text("op");
        Asked.Add(operation);
        var arguments = root.GetProperty("args").EnumerateArray().ToArray();
        switch (operation)
        {
            case "login":
                bool isGood =
                    arguments[0].Text("sign") == Sign(arguments[0].Text("timestamp") + "GET/users/self/verify")
                    && arguments[0].Text("passphrase") == Passphrase;
                line.Arrive(
                    isGood
                        ? """{"event":"login","code":"0","msg":"","connId":"a4d3ae55"}"""
                        : """{"event":"error","code":"60009","msg":"Login failed.","connId":"a4d3ae55"}"""
                );
                break;
            case "subscribe":
                subscribed.Add(line);
                Subscriptions.AddRange(arguments);
                foreach (var channel in arguments)
                {
                    line.Arrive($$"""{"event":"subscribe","arg":{{channel.GetRawText()}},"connId":"a4d3ae55"}""");
                    foreach (string first in First(channel))
                        line.Arrive(first);
                }
                break;
            case "unsubscribe":
                foreach (var channel in arguments)
                    line.Arrive($$"""{"event":"unsubscribe","arg":{{channel.GetRawText()}},"connId":"a4d3ae55"}""");
                break;
            default:
                var rows = new JsonArray([.. arguments.Select(row => Act(operation, root, row))]);
                bool failed = rows.All(row => Text(row!.AsObject(), "sCode") != "0");
                line.Arrive(
                    new JsonObject
                    {
                        ["id"] = root.Text("id"),
                        ["op"] = operation,
                        ["code"] = failed ? "1" : "0",
                        ["msg"] = failed ? "All operations failed" : "",
                        ["data"] = rows,
                    }.ToJsonString()
                );
                break;
        }
    }

    IEnumerable<string> First(JsonElement channel)
    {
        string name = channel.Text("instId");
        string? data = channel.Text("channel") switch
        {
            "books" =>
                $$"""[{"asks":[["30000.1","{{Size}}","0","9"]],"bids":[["30000","{{Size}}","0","4"]],"ts":"1","checksum":{{Checksum(Size)}},"prevSeqId":-1,"seqId":{{sequence}}}]""",
            "mark-price" =>
                $$"""[{"instId":"{{name}}","markPx":"{{(name == Option ? "0.05" : "30000.4")}}","ts":"1"}]""",
            "index-tickers" => $$"""[{"instId":"{{name}}","idxPx":"29999"}]""",
            "funding-rate" =>
                $$"""[{"instId":"{{name}}","fundingRate":"0.0001","fundingTime":"1000","nextFundingTime":"14401000"}]""",
            "opt-summary" => $$"""[{"instId":"{{Option}}","markVol":"0.592","fwdPx":"30100","delta":""}]""",
            "account" when EquityUsd is { } equity =>
                $$"""[{"adjEq":"{{equity}}","imr":"0","mmr":"0","mgnRatio":"","totalEq":"{{equity}}","details":[{"ccy":"USDT","eq":"{{equity}}"}]}]""",
            "account" =>
                """[{"adjEq":"800","imr":"200","mmr":"80","mgnRatio":"10","totalEq":"1000","details":[{"ccy":"USDT","eq":"600","mmr":""},{"ccy":"BTC","eq":"0.01333"}]}]""",
            _ => null,
        };
        if (data is not null)
            yield return $$"""{"arg":{{channel.GetRawText()}},"action":"snapshot","data":{{data}}}""";
    }

    JsonNode Act(string operation, JsonElement request, JsonElement row) =>
        operation switch
        {
            "order" => Place(request, row),
            "cancel-order" or "batch-cancel-orders" => Cancel(Find(row.Text("clOrdId"), row.Text("ordId"))),
            "amend-order" => Amend(Find(row.Text("clOrdId"), row.Text("ordId")), row),
            _ => throw new InvalidOperationException(operation),
        };

    /// <summary>Orders that wait for a condition.</summary>
    public List<JsonObject> Conditional { get; } = [];

    /// <summary>Bodies of the orders that came over HTTP.</summary>
    public List<JsonElement> Closings { get; } = [];

    /// <summary>An order of the account, whoever sent it.</summary>
    public void Place(string side, decimal size, decimal price, string type) =>
        Place(
            JsonElement.Parse($$"""{"expTime":"{{Milliseconds + 1000}}"}"""),
            JsonElement.Parse(
                $$"""{"instId":"{{Swap}}","clOrdId":"x{{lastId}}","side":"{{side}}","ordType":"{{type}}","sz":"{{Write(size)}}","px":"{{Write(price)}}"}"""
            )
        );

    JsonNode Close(JsonElement row)
    {
        Closings.Add(row);
        var order = JsonNode.Parse(row.GetRawText())!.AsObject();
        order["clOrdId"] = $"x{lastId}";
        return Place(
            JsonElement.Parse($$"""{"expTime":"{{Milliseconds + 1000}}"}"""),
            JsonElement.Parse(order.ToJsonString())
        );
    }

    JsonArray Forget(JsonElement asked)
    {
        var gone = asked.EnumerateArray().Select(row => row.Text("algoId")).ToList();
        Conditional.RemoveAll(row => gone.Contains(Text(row, "algoId")));
        return [.. gone.Select(id => Json($$"""{"algoId":"{{id}}","sCode":"0","sMsg":""}"""))];
    }

    JsonNode Place(JsonElement request, JsonElement row)
    {
        string clientId = row.Text("clOrdId");
        if (Refuses is { } refusal)
        {
            Refuses = null;
            return Answered("", clientId, refusal.Code, refusal.Words);
        }
        if (clientId.Length is 0 or > 32 || !clientId.All(char.IsAsciiLetterOrDigit))
            return Answered("", clientId, "51000", "Parameter clOrdId error");
        if (request.NeededAmount("expTime") < Milliseconds)
            return Answered("", clientId, "51149", "Order timed out");
        if (byClientId.ContainsKey(clientId))
            return Answered("", clientId, "51016", "Duplicated client order ID");
        Arrived.Add(clientId);
        Modes.Add(row.Text("tdMode"));
        decimal price = row.NeededAmount("px"),
            size = row.NeededAmount("sz");
        bool buys = row.Text("side") == "buy",
            takes = buys ? price >= Ask : price <= Bid;
        decimal done = takes ? Math.Min(size, Size) : 0;
        string state =
            done == size ? "filled"
            : row.Text("ordType") == "ioc" ? "canceled"
            : done > 0 ? "partially_filled"
            : "live";
        var order = new JsonObject
        {
            ["instId"] = row.Text("instId"),
            ["instType"] = "SWAP",
            ["ordId"] = $"{++lastId}",
            ["clOrdId"] = clientId,
            ["side"] = row.Text("side"),
            ["px"] = row.Text("px"),
            ["sz"] = row.Text("sz"),
            ["accFillSz"] = "0",
            ["state"] = "live",
            ["category"] = "normal",
            ["reduceOnly"] = row.Flag("reduceOnly") ? "true" : "false",
            ["tradeId"] = "",
            ["fillSz"] = "",
            ["fillPx"] = "",
            ["cancelSource"] = "",
            ["uTime"] = $"{Milliseconds}",
        };
        byClientId.Add(clientId, order);
        Tell(order);
        if (done > 0)
            Fill(order, done, buys ? Ask : Bid);
        (order["state"], order["uTime"]) = (state, $"{Milliseconds}");
        if (state != "live")
            Tell(order);
        (order["tradeId"], order["fillSz"], order["fillPx"]) = ("", "", "");
        return Answered(Text(order, "ordId"), clientId, "0", "");
    }

    void Fill(JsonObject order, decimal size, decimal price)
    {
        (order["tradeId"], order["fillSz"], order["fillPx"]) = ($"{900 + fills.Count}", Write(size), Write(price));
        order["accFillSz"] = Write(size);
        var row = Copy(order).AsObject();
        (row["ts"], row["billId"]) = ($"{Milliseconds}", $"{7000 + fills.Count}");
        fills.Add(row);
    }

    JsonNode Cancel(JsonObject? order)
    {
        if (order is null || !IsOpen(Text(order, "state")))
            return Answered("", "", "51400", "Cancellation failed as the order does not exist");
        (order["state"], order["cancelSource"], order["uTime"]) = ("canceled", "1", $"{Milliseconds}");
        Tell(order);
        return Answered(Text(order, "ordId"), Text(order, "clOrdId"), "0", "");
    }

    JsonNode Amend(JsonObject? order, JsonElement row)
    {
        if (order is null || !IsOpen(Text(order, "state")))
            return Answered("", "", "51503", "Your order has already been filled or canceled");
        (order["px"], order["sz"], order["uTime"]) = (row.Text("newPx"), row.Text("newSz"), $"{Milliseconds}");
        Tell(order);
        return Answered(Text(order, "ordId"), Text(order, "clOrdId"), "0", "");
    }

    void Tell(JsonObject order) =>
        Private?.Arrive(
            $$"""{"arg":{"channel":"orders","instType":"ANY","uid":"1"},"data":[{{order.ToJsonString()}}]}"""
        );

    JsonArray Positions()
    {
        decimal held = fills.Sum(row => decimal.Parse(Text(row, "fillSz")) * (Text(row, "side") == "buy" ? 1 : -1));
        return
        [
            Json(
                $$"""{"instId":"{{Swap}}","instType":"SWAP","mgnMode":"{{MarginMode}}","posSide":"{{PositionSide}}","pos":"{{held}}","avgPx":"{{(held == 0 ? "" : "30000.1")}}","posId":"1"}"""
            ),
        ];
    }

    static JsonArray Listed(string type)
    {
        string Row(string name, string kind, string value, string multiplier, string of, string settles, string more) =>
            $$"""{"instId":"{{name}}","instType":"{{type}}","uly":"{{of}}","instFamily":"{{of}}","ctType":"{{kind}}","ctVal":"{{value}}","ctMult":"{{multiplier}}","ctValCcy":"BTC","settleCcy":"{{settles}}","lotSz":"1","minSz":"1","tickSz":"0.1","state":"live"{{more}} }""";
        string[] rows = type switch
        {
            "SWAP" =>
            [
                Row(Swap, "linear", "0.01", "1", "BTC-USDT", "USDT", ""","instIdCode":10458"""),
                Row("BTC-USD-SWAP", "inverse", "100", "1", "BTC-USD", "BTC", ""),
                Row("TEST-USDT-SWAP", "linear", "1", "1", "TEST-USDT", "USDT", "").Replace("\"live\"", "\"test\""),
            ],
            "FUTURES" =>
            [
                Row("BTC-USD-260327", "inverse", "100", "1", "BTC-USD", "BTC", ""","expTime":"1774598400000" """),
            ],
            _ =>
            [
                Row(
                    Option,
                    "",
                    "1",
                    "0.01",
                    "BTC-USD",
                    "BTC",
                    ""","expTime":"1774598400000","stk":"60000","optType":"C" """
                ),
            ],
        };
        return [.. rows.Select(Json)];
    }

    JsonObject? Find(string? clientId, string? orderId) =>
        byClientId.Values.FirstOrDefault(row =>
            clientId is { Length: > 0 } ? Text(row, "clOrdId") == clientId : Text(row, "ordId") == orderId
        );

    DateTimeOffset Now => time.GetUtcNow() + Lead;

    long Milliseconds => Now.ToUnixTimeMilliseconds();

    static string Sign(string text) =>
        Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(text)));

    /// <summary>The sum of the book with this size at the bid, by the framework's own zlib.</summary>
    public static int Checksum(decimal bidSize)
    {
        string text = FormattableString.Invariant($"30000:{bidSize}:30000.1:{Size}");
        using var packed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest))
            gzip.Write(Encoding.ASCII.GetBytes(text));
        // The last eight bytes of a gzip member are the sum and the length (RFC 1952).
        return BitConverter.ToInt32(packed.ToArray().AsSpan()[^8..^4]);
    }

    static bool IsOpen(string state) => state is "live" or "partially_filled";

    static string Write(decimal number) => number.ToString(CultureInfo.InvariantCulture);

    static HttpReply Refused(string code, string words) =>
        new(200, $$"""{"code":"{{code}}","msg":"{{words}}","data":[]}""");

    static JsonNode Answered(string id, string clientId, string code, string words) =>
        new JsonObject
        {
            ["ordId"] = id,
            ["clOrdId"] = clientId,
            ["sCode"] = code,
            ["sMsg"] = words,
        };

    static JsonNode Copy(JsonObject row) => row.DeepClone();

    static JsonNode Json(string text) => JsonNode.Parse(text)!;

    static string Text(JsonObject row, string name) => row[name]!.GetValue<string>();
}
