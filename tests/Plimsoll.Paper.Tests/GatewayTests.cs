using System.Text.Json;
using CsCheck;
using Plimsoll.Markets;
using static Plimsoll.Paper.Tests.SmallVenue;

namespace Plimsoll.Paper.Tests;

/// <summary>The API over a small venue, frame by frame, with the time in hand.</summary>
public sealed class GatewayTests
{
    readonly SmallVenue small = new();
    readonly PaperAccount owner;
    readonly PaperAccount other;
    readonly Gateway gateway;
    long nowUs;

    public GatewayTests()
    {
        (owner, other) = (small.Client("paper", 50), small.Client("other", 50));
        ApiKey[] keys =
        [
            new("paper", "paper-secret", owner, true),
            new("read", "read-secret", owner, false),
            new("other", "other-secret", other, true),
        ];
        gateway = new Gateway(small.Venue, keys, matchingTier: 4);
        nowUs = small.Venue.NowMs * 1000;
        small.Venue.Drain();
    }

    WireClient Connect(string? login = "paper") => new(gateway, () => nowUs, login);

    static object Order(decimal price, decimal amount = 10, string name = Perpetual) =>
        new
        {
            instrument_name = name,
            amount,
            price,
        };

    /// <summary>The fault <c>429</c> on a socket: the answer has the call's id and the venue's code, nothing was done.</summary>
    [Fact]
    public void A_call_that_came_too_often_is_answered_and_not_done()
    {
        var plan = FaultPlan.Parse("429=50%", "test", 1).Value;
        int refused = Enumerable.Range(0, 1000).Count(_ => plan.RefusesCall());
        Assert.InRange(refused, 430, 570);
        Assert.False(FaultPlan.Parse("drop=100%", "test", 1).Value.RefusesCall());
        var session = gateway.Open("127.0.0.1", nowUs);
        Gateway.RefuseOften(session, """{"jsonrpc":"2.0","id":"mine","method":"public/test"}""", nowUs);
        var answer = JsonElement.Parse(session.Take()!);
        Assert.Equal("mine", answer.GetProperty("id").GetString());
        Assert.Equal(10028, answer.GetProperty("error").GetProperty("code").GetInt32());
        Gateway.RefuseOften(session, "no JSON", nowUs);
        Assert.Contains("10028", session.Take());
    }

    /// <summary>What is simulated is what the account shows once it holds the same; equity stays as it was.</summary>
    [Fact]
    public void A_simulated_portfolio_has_the_margin_of_the_real_one()
    {
        var client = Connect();
        static decimal Figure(JsonElement row, string name) => row.GetProperty(name).GetDecimal();
        var before = client.Call("private/get_account_summary", new { currency = "BTC" });
        object positions = new Dictionary<string, decimal> { [Perpetual] = 500_000, [Call] = -3 };
        var simulated = client.Call(
            "private/simulate_portfolio",
            new { currency = "BTC", simulated_positions = positions }
        );
        Assert.Equal(Figure(before, "equity"), Figure(simulated, "equity"));
        small.Sell(other, Perpetual, 500_000, 65_000);
        small.Buy(owner, Perpetual, 500_000, 65_000);
        decimal price = small[Call].Instrument.Ticks.RoundUp(small[Call].Mark);
        small.Buy(other, Call, 3, price);
        small.Sell(owner, Call, 3, price);
        var held = client.Call("private/get_account_summary", new { currency = "BTC" });
        foreach (string name in (string[])["initial_margin", "maintenance_margin", "options_value", "delta_total"])
        {
            Assert.NotEqual(Figure(before, name), Figure(held, name));
            Assert.Equal(Figure(held, name), Figure(simulated, name));
        }
        var replaced = client.Call(
            "private/simulate_portfolio",
            new
            {
                currency = "BTC",
                add_positions = false,
                simulated_positions = new Dictionary<string, decimal>(),
            }
        );
        Assert.Equal(0, Figure(replaced, "maintenance_margin"));
        Assert.Equal(
            -32602,
            client.Refusal("private/simulate_portfolio", new { currency = "BTC", simulated_positions = "x" })
        );
    }

    /// <summary>Shape of the recorded answers; sizes in coins even of inverse futures.</summary>
    [Fact]
    public void The_risk_matrix_of_positions_in_coins_is_that_of_portfolio_margin()
    {
        var client = Connect();
        var answer = client.Call(
            "private/pme/simulate",
            new
            {
                currency = "BTC",
                add_positions = false,
                simulated_positions = new Dictionary<string, decimal> { [Perpetual] = -1 },
            }
        );
        var margin = answer.GetProperty("margins").GetProperty("btc");
        var details = margin.GetProperty("initial_margin_details").GetProperty("risk_matrix_margin_details");
        double range = Plimsoll.Margin.DeribitPortfolioMargin.Shipped.Parameters.Coins["BTC"].PriceRange;
        // One coin short loses u/(1 + u) of a coin at the upper end, and the roll of a perpetual is the least one.
        Assert.Equal(range / (1 + range), details.GetProperty("worst_case").GetDouble(), 1e-8);
        double least = Plimsoll
            .Margin
            .DeribitPortfolioMargin
            .Shipped
            .Parameters
            .Currencies["BTC"]
            .MinimumAnnualisedMove;
        Assert.Equal(least, details.GetProperty("roll_shock").GetDouble(), 1e-8);
        Assert.Equal(range / (1 + range) + least, margin.GetProperty("initial_margin").GetDouble(), 2e-9);
        Assert.Equal(
            -1,
            answer.GetProperty("portfolio").GetProperty("position").GetProperty(Perpetual).GetDouble(),
            1e-6
        );
        var vectors = answer.GetProperty("aggregated_risk_vectors").GetProperty("btc_btc");
        Assert.Equal(
            (27, 8),
            (vectors.GetProperty("standard").GetArrayLength(), vectors.GetProperty("extended").GetArrayLength())
        );
        Assert.Equal(-32602, client.Refusal("private/pme/simulate", new { currency = "DOGE" }));
    }

    [Fact]
    public void Frames_that_are_no_requests_are_refused_by_code_and_ids_are_echoed()
    {
        var client = Connect();
        string Raw(string frame)
        {
            gateway.Receive(client.Session, frame, nowUs);
            return client.Session.Take()!;
        }
        Assert.Contains("-32700", Raw("{"), StringComparison.Ordinal);
        Assert.Contains("11050", Raw("[]"), StringComparison.Ordinal);
        Assert.Contains(
            "11050",
            Raw("""{"jsonrpc":"2.0","method":"public/test","params":{}}"""),
            StringComparison.Ordinal
        );
        Assert.Contains("-32602", Raw("""{"id":1,"method":"public/test","params":[1]}"""), StringComparison.Ordinal);
        Assert.Contains("-32601", Raw("""{"id":1,"method":"public/nothing"}"""), StringComparison.Ordinal);
        Assert.Contains("\"id\":\"x-7\"", Raw("""{"id":"x-7","method":"public/get_time"}"""), StringComparison.Ordinal);
    }

    [Fact]
    public void Logins_by_secret_signature_and_refresh_and_what_a_read_key_may_not_do()
    {
        var client = Connect(null);
        Assert.Equal(13009, client.Refusal("private/get_positions"));
        Assert.Equal(
            13004,
            client.Refusal(
                "public/auth",
                new
                {
                    grant_type = "client_credentials",
                    client_id = "paper",
                    client_secret = "no",
                }
            )
        );
        long ms = nowUs / 1000;
        // Independent of the program's own signing: HMAC-SHA256 as .NET has it, over the text that the venue documents.
        string Signature(long at) =>
            Convert.ToHexStringLower(
                System.Security.Cryptography.HMACSHA256.HashData(
                    "paper-secret"u8.ToArray(),
                    System.Text.Encoding.UTF8.GetBytes($"{at}\nabc\n")
                )
            );
        object Signed(long at) =>
            new
            {
                grant_type = "client_signature",
                client_id = "paper",
                timestamp = at,
                nonce = "abc",
                data = "",
                signature = Signature(at),
            };
        Assert.Equal(13004, client.Refusal("public/auth", Signed(ms - 61_000)));
        var grant = client.Call("public/auth", Signed(ms));
        Assert.Equal(900, grant.GetProperty("expires_in").GetInt32());
        Assert.Contains("trade:read_write", grant.GetProperty("scope").GetString(), StringComparison.Ordinal);
        string refresh = grant.GetProperty("refresh_token").GetString()!;
        var next = client.Call("public/auth", new { grant_type = "refresh_token", refresh_token = refresh });
        Assert.NotEqual(refresh, next.GetProperty("refresh_token").GetString());
        Assert.Equal(
            13004,
            client.Refusal("public/auth", new { grant_type = "refresh_token", refresh_token = refresh })
        );

        var reader = Connect("read");
        reader.Call("private/get_positions");
        Assert.Equal(13021, reader.Refusal("private/buy", Order(64_900m)));
        Assert.Equal(13021, client.Refusal("private/withdraw"));
    }

    [Fact]
    public void Http_reads_query_strings_checks_signatures_on_the_raw_target_and_answers_by_status()
    {
        const string Target =
            "/api/v2/private/buy?instrument_name=BTC-PERPETUAL&amount=10&type=limit&price=64900&label=a%20b";
        HttpAnswer Signed(string target, string secret)
        {
            string text = $"{nowUs / 1000}\nn1\nGET\n{target}\n\n";
            string sig = Convert.ToHexStringLower(
                System.Security.Cryptography.HMACSHA256.HashData(
                    System.Text.Encoding.UTF8.GetBytes(secret),
                    System.Text.Encoding.UTF8.GetBytes(text)
                )
            );
            string header = $"deri-hmac-sha256 id=paper,ts={nowUs / 1000},sig={sig},nonce=n1";
            return gateway.Http("GET", Target, header, "", "127.0.0.1", nowUs);
        }
        Assert.Equal(401, Signed(Target, "wrong").Status);
        Assert.Equal(401, Signed(Target.Replace("%20", "+", StringComparison.Ordinal), "paper-secret").Status);
        var bought = Signed(Target, "paper-secret");
        Assert.Equal(200, bought.Status);
        Assert.Contains("\"label\":\"a b\"", bought.Json, StringComparison.Ordinal);
        var bad = gateway.Http("GET", "/api/v2/public/ticker", null, "", "127.0.0.1", nowUs);
        Assert.Equal(400, bad.Status);
        Assert.Contains("\"param\":\"instrument_name\"", bad.Json, StringComparison.Ordinal);
        var socketOnly = gateway.Http("GET", "/api/v2/public/set_heartbeat?interval=10", null, "", "127.0.0.1", nowUs);
        Assert.Contains("10030", socketOnly.Json, StringComparison.Ordinal);
        gateway.Http("GET", "/api/v2/public/get_time?triggerPrice=5", null, "", "127.0.0.1", nowUs);
        Assert.Equal(1, gateway.IgnoredParameters["triggerPrice"]);
    }

    [Fact]
    public void PV08_ten_thousand_book_changes_keep_the_chain_and_equal_the_book()
    {
        var client = Connect();
        string raw = $"book.{Perpetual}.raw",
            slow = $"book.{Perpetual}.100ms";
        client.Call("private/subscribe", new { channels = new[] { raw, slow } });
        var book = small[Perpetual];
        var random = new Random(7);
        for (int changes = 0; changes < 10_000; changes++)
        {
            decimal price = 65_000 + random.Next(-40, 40) * 0.5m;
            var account = random.Next(2) == 0 ? owner : other;
            account.SelfTrade = SelfTradeMode.CancelMaker;
            if (account.OpenOrders.Count > 60 || random.Next(3) == 0 && account.OpenOrders.Count > 0)
                small.Venue.Cancel(account, account.OpenOrders[random.Next(account.OpenOrders.Count)].Id);
            else if (random.Next(2) == 0)
                small.Buy(account, Perpetual, 10 * random.Next(1, 9), price);
            else
                small.Sell(account, Perpetual, 10 * random.Next(1, 9), price);
            nowUs += 30_000;
            client.Pump();
        }
        nowUs += 200_000;
        client.Pump();
        foreach (string channel in (string[])[raw, slow])
        {
            var replica = new Dictionary<(string Side, decimal Price), decimal>();
            long last = 0;
            int count = 0;
            foreach (var data in client.Data(channel))
            {
                if (count++ > 0)
                    Assert.Equal(last, data.GetProperty("prev_change_id").GetInt64());
                last = data.GetProperty("change_id").GetInt64();
                foreach (string side in (string[])["bids", "asks"])
                foreach (var level in data.GetProperty(side).EnumerateArray())
                {
                    var key = (side, level[1].GetDecimal());
                    Assert.Equal(level[0].GetString() == "new", !replica.ContainsKey(key));
                    if (level[0].GetString() == "delete")
                        replica.Remove(key);
                    else
                        replica[key] = level[2].GetDecimal();
                }
            }
            Assert.Equal(book.ChangeId, last);
            Assert.True(count > 1_000, $"{channel}: {count} notifications");
            var expected = new[] { ("bids", Side.Buy), ("asks", Side.Sell) }.SelectMany(side =>
                book.Book.Levels(side.Item2).Select(level => ((side.Item1, level.Price), level.Amount))
            );
            Assert.Equal(expected.OrderBy(l => l), replica.Select(l => (l.Key, l.Value)).OrderBy(l => l));
        }
    }

    [Fact]
    public void PV09_notifications_come_as_order_open_trade_order_filled_portfolio()
    {
        var client = Connect();
        string[] channels =
        [
            "user.portfolio.btc",
            "user.orders.any.any.raw",
            "user.trades.future.BTC.raw",
            $"user.changes.{Perpetual}.raw",
            "no.such.channel",
        ];
        var subscribed = client.Call("private/subscribe", new { channels });
        Assert.Equal(channels[..4], subscribed.EnumerateArray().Select(name => name.GetString()));
        client.Notifications.Clear();
        client.Call("private/buy", Order(64_990m));
        new WireClient(gateway, () => nowUs, "other").Call("private/sell", Order(64_990m));
        client.Pump();
        string[] seen =
        [
            .. client
                .Notifications.Select(frame => frame.GetProperty("params"))
                .Select(p =>
                    p.GetProperty("channel").GetString()!.Split('.')[1]
                    + (
                        p.GetProperty("data") is { ValueKind: JsonValueKind.Object } data
                        && data.TryGetProperty("order_state", out var state)
                            ? " " + state.GetString()
                            : ""
                    )
                ),
        ];
        Assert.Equal(["orders open", "changes", "trades", "orders filled", "changes", "portfolio"], Once(seen));
        var change = client.Data(channels[3]).Last();
        Assert.Equal(10, change.GetProperty("positions")[0].GetProperty("size").GetDecimal());
    }

    [Fact]
    public void PV10_credits_refill_by_five_a_second_and_cancel_all_has_its_own()
    {
        var client = Connect();
        for (int i = 0; i < 20; i++)
            client.Call("private/buy", Order(64_500m));
        Assert.Equal(10028, client.Refusal("private/buy", Order(64_500m)));
        Assert.Equal(20, client.Call("private/cancel_all").GetInt32());
        nowUs += 1_000_000;
        for (int i = 0; i < 5; i++)
            client.Call("private/buy", Order(64_500m));
        Assert.Equal(10028, client.Refusal("private/buy", Order(64_500m)));
    }

    [Fact]
    public void PV13_the_pause_at_eight_answers_10041_and_the_session_becomes_balance()
    {
        small.Sell(other, Perpetual, 100_000, 65_000m);
        small.Buy(owner, Perpetual, 100_000, 65_000m);
        small.Observe(65_650m, 2_000m, 120_000);
        var client = Connect();
        decimal Field(string name) =>
            client.Call("private/get_account_summary", new { currency = "BTC" }).GetProperty(name).GetDecimal();
        nowUs = small.Venue.NowMs * 1000;
        var (balance, gain) = (Field("balance"), Field("session_upl"));
        Assert.True(gain > 0.015m);
        nowUs = Venue.NextSettlement(small.Venue.NowMs) * 1000 + 1_000_000;
        Assert.Equal(10041, client.Refusal("private/buy", Order(64_900m)));
        Assert.Equal("partial", client.Call("public/status").GetProperty("locked").GetString());
        Assert.Equal(0, Field("session_upl"));
        Assert.Equal(balance + gain, Field("balance"), 7);
        var log = client.Call(
            "private/get_transaction_log",
            new
            {
                currency = "BTC",
                start_timestamp = 0,
                end_timestamp = nowUs / 1000,
                query = "settlement",
            }
        );
        Assert.Equal(Perpetual, log.GetProperty("logs")[0].GetProperty("instrument_name").GetString());
        nowUs += 5_000_000;
        client.Call("private/buy", Order(64_900m));
    }

    [Fact]
    public void PV14_an_expiry_pays_the_half_hours_average_in_two_entries()
    {
        small.Sell(other, Call, 2, 0.1m);
        small.Buy(owner, Call, 2, 0.1m);
        long expiry = small[Call].ExpiryMs!.Value;
        small.Observe(66_000m, 2_100m, expiry - 1_800_000 - small.Venue.NowMs);
        small.Observe(67_000m, 2_100m, 900_000);
        nowUs = (expiry + 10_000) * 1000;
        var client = Connect();
        client.Call("private/get_positions");
        var log = client
            .Call(
                "private/get_transaction_log",
                new
                {
                    currency = "BTC",
                    start_timestamp = 0,
                    end_timestamp = nowUs / 1000,
                    query = "delivery",
                }
            )
            .GetProperty("logs")
            .EnumerateArray()
            .ToList();
        Assert.Equal([Future, Call], log.Select(row => row.GetProperty("instrument_name").GetString()));
        Assert.Equal(2 * 6_500m / 66_500m, log[0].GetProperty("change").GetDecimal(), 9);
        Assert.Equal(66_500m, log[1].GetProperty("price").GetDecimal());
        var delivered = client.Call("public/get_delivery_prices", new { index_name = "btc_usd" });
        Assert.Equal(66_500m, delivered.GetProperty("data")[0].GetProperty("delivery_price").GetDecimal());
    }

    [Fact]
    public void A_silent_connection_is_asked_for_life_and_then_closed_with_its_orders()
    {
        var client = Connect();
        Assert.Equal(-32602, client.Refusal("public/set_heartbeat", new { interval = 5 }));
        client.Call("public/set_heartbeat", new { interval = 10 });
        client.Call("private/enable_cancel_on_disconnect");
        client.Call("private/buy", Order(64_900m));
        nowUs += 10_500_000;
        client.Pump();
        string[] types =
        [
            .. client.Notifications.Select(f => f.GetProperty("params").GetProperty("type").GetString()!),
        ];
        Assert.Equal(["heartbeat", "test_request"], types);
        client.Call("public/test");
        nowUs += 10_500_000;
        client.Pump();
        Assert.False(client.Session.IsClosing);
        nowUs += 10_500_000;
        client.Pump();
        Assert.True(client.Session.IsClosing);
        gateway.Close(client.Session, nowUs);
        Assert.Equal(CancelReason.CancelOnDisconnect, owner.ClosedOrders[^1].CancelReason);
    }

    [Fact]
    public void Raw_intervals_need_a_login_and_labels_must_be_unique_to_edit_by_them()
    {
        var stranger = Connect(null);
        Assert.Equal(13778, stranger.Refusal("public/subscribe", new { channels = new[] { $"book.{Perpetual}.raw" } }));
        var client = Connect();
        object Labelled(string label) =>
            new
            {
                instrument_name = Perpetual,
                amount = 10,
                price = 64_900,
                label,
            };
        client.Call("private/buy", Labelled("x"));
        client.Call("private/buy", Labelled("y"));
        client.Call("private/buy", Labelled("y"));
        object Edit(string label) =>
            new
            {
                instrument_name = Perpetual,
                label,
                amount = 20,
                price = 64_901,
            };
        Assert.True(
            client.Call("private/edit_by_label", Edit("x")).GetProperty("order").GetProperty("replaced").GetBoolean()
        );
        Assert.Equal(13032, client.Refusal("private/edit_by_label", Edit("y")));
        Assert.Equal(10004, client.Refusal("private/edit_by_label", Edit("z")));
        Assert.Equal(2, client.Call("private/cancel_by_label", new { label = "y" }).GetInt32());
        Assert.Equal(
            -32602,
            client.Refusal(
                "private/buy",
                new
                {
                    instrument_name = Perpetual,
                    amount = 20,
                    contracts = 1,
                    price = 64_900,
                }
            )
        );
        Assert.Equal(10020, client.Refusal("private/buy", Order(1, 1, "BTC-1JAN20")));
        Assert.Equal(
            13888,
            client.Refusal(
                "private/buy",
                new
                {
                    instrument_name = Perpetual,
                    amount = 10,
                    price = 64_900,
                    valid_until = 1,
                }
            )
        );
    }

    [Fact]
    public void No_bytes_at_all_make_the_gateway_throw()
    {
        string[] methods = [.. gateway.Methods];
        Gen.Select(Gen.Int[-1, methods.Length - 1], Gen.Bool, Gen.String)
            .Sample(
                (number, sensible, text) =>
                {
                    var session = Connect().Session;
                    while (session.Take() is not null) { }
                    nowUs += 1_000_000;
                    gateway.Receive(session, number < 0 ? text : Frame(methods[number], sensible, text), nowUs);
                    Assert.NotNull(session.Take());
                    gateway.Close(session, nowUs);
                },
                iter: 2000,
                threads: 1
            );
    }

    /// <summary>A request with every parameter that any method knows.</summary>
    static string Frame(string method, bool sensible, string text)
    {
        string[] names =
        [
            "instrument_name=BTC-PERPETUAL",
            "currency=BTC",
            "amount=10",
            "price=64900",
            "type=limit",
            "channels=[\"a.b\",\"book..raw\",\"ticker.BTC-PERPETUAL.raw\"]",
            "start_timestamp=0",
            "end_timestamp=1772616660000",
            "resolution=1",
            "order_id=1",
            "label=q",
            "index_name=btc_usd",
            "ids=[]",
            "length=8h",
            "interval=10",
            "mode=cancel_maker",
            "grant_type=refresh_token",
            "refresh_token=r",
            "session_name=s",
            "client_name=a",
            "client_version=1",
        ];
        var parameters = names
            .Select(name => name.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => sensible ? pair[1] : text);
        return JsonSerializer.Serialize(
            new
            {
                id = 1,
                method,
                @params = parameters,
            }
        );
    }

    static string[] Once(string[] rows) => [.. rows.Where((row, i) => i == 0 || rows[i - 1] != row)];
}
