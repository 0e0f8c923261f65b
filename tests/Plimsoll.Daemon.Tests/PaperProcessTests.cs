using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Plimsoll.Daemon.Tests;

/// <summary>The real process: limits, faults, cancel on disconnect, signals.</summary>
public sealed class PaperProcessTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_serves_http_refuses_strangers_and_ends_within_three_seconds_of_a_signal()
    {
        await using var paper = await PaperProcess.StartAsync();
        using var http = new HttpClient { BaseAddress = paper.Address };
        string instruments = await http.GetStringAsync("/api/v2/public/get_instruments?currency=BTC&kind=option", Stop);
        using var answer = JsonDocument.Parse(instruments);
        Assert.True(answer.RootElement.GetProperty("result").GetArrayLength() > 50);

        var unknown = await http.GetAsync("/api/v2/public/no_such", Stop);
        Assert.Equal(HttpStatusCode.BadRequest, unknown.StatusCode);
        Assert.Contains("-32601", await unknown.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);

        using var foreign = new HttpRequestMessage(HttpMethod.Get, "/api/v2/public/get_time");
        foreign.Headers.Host = "venue.example";
        Assert.Equal(HttpStatusCode.Forbidden, (await http.SendAsync(foreign, Stop)).StatusCode);
        using var page = new HttpRequestMessage(HttpMethod.Get, "/api/v2/public/get_time");
        page.Headers.Add("Origin", "https://page.example");
        Assert.Equal(HttpStatusCode.Forbidden, (await http.SendAsync(page, Stop)).StatusCode);

        string large = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + new string('x', 40_000) + "\"}";
        var refused = await http.PostAsync(
            "/api/v2",
            new StringContent(large, Encoding.UTF8, "application/json"),
            Stop
        );
        Assert.Contains("-32600", await refused.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);

        using var socket = await Socket.OpenAsync(paper, Stop);
        var (code, took) = await paper.TerminateAsync();
        Assert.Equal(0, code);
        Assert.True(took < TimeSpan.FromSeconds(3), $"{took}");
    }

    [Fact]
    public async Task PV12_cod_takes_the_orders_of_its_connection_and_no_others()
    {
        await using var paper = await PaperProcess.StartAsync("--crowd", "0");
        using var first = await Socket.OpenAsync(paper, Stop);
        using var second = await Socket.OpenAsync(paper, Stop);
        await first.LoginAsync();
        await second.LoginAsync();
        Assert.Equal("ok", (await first.CallAsync("private/enable_cancel_on_disconnect", new { })).GetString());
        decimal bid = (await first.CallAsync("public/ticker", new { instrument_name = "BTC-PERPETUAL" }))
            .GetProperty("best_bid_price")
            .GetDecimal();
        object order = new
        {
            instrument_name = "BTC-PERPETUAL",
            amount = 10,
            price = Math.Floor(bid * 0.99m),
        };
        string mine = OrderId(await first.CallAsync("private/buy", order));
        string other = OrderId(await second.CallAsync("private/buy", order));
        first.Abort();
        for (int i = 0; i < 100; i++)
        {
            var state = await second.CallAsync("private/get_order_state", new { order_id = mine });
            if (state.GetProperty("order_state").GetString() == "cancelled")
            {
                Assert.Equal("cancel_on_disconnect", state.GetProperty("cancel_reason").GetString());
                break;
            }
            await Task.Delay(50, Stop);
        }
        var open = await second.CallAsync("private/get_open_orders", new { });
        Assert.Equal([other], open.EnumerateArray().Select(row => row.GetProperty("order_id").GetString()));
    }

    [Fact]
    public async Task PV15_the_33rd_connection_gets_429_and_a_large_frame_is_refused()
    {
        await using var paper = await PaperProcess.StartAsync("--crowd", "0");
        var sockets = new List<Socket>();
        for (int i = 0; i < 32; i++)
            sockets.Add(await Socket.OpenAsync(paper, Stop));
        var refused = await Assert.ThrowsAsync<WebSocketException>(() => Socket.OpenAsync(paper, Stop));
        Assert.Contains("429", refused.Message, StringComparison.Ordinal);
        string answer = await sockets[0].RawAsync(new string(' ', 33_000));
        Assert.Contains("-32600", answer, StringComparison.Ordinal);
        Assert.True((await sockets[0].CallAsync("public/get_time", new { })).GetInt64() > 0);
        foreach (var socket in sockets)
            socket.Dispose();
    }

    [Fact]
    public async Task Faults_on_request_reach_the_client()
    {
        await using var paper = await PaperProcess.StartAsync("--crowd", "0", "--faults", "429=30%,garbage=30%");
        using var http = new HttpClient { BaseAddress = paper.Address };
        int limited = 0,
            garbled = 0,
            whole = 0;
        for (int i = 0; i < 60; i++)
        {
            var answer = await http.GetAsync("/api/v2/public/get_time", Stop);
            string text = await answer.Content.ReadAsStringAsync(Stop);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
                limited++;
            else if (IsJson(text))
                whole++;
            else
                garbled++;
        }
        Assert.True(limited > 5 && garbled > 5 && whole > 5, $"{limited} limited, {garbled} garbled, {whole} whole");
    }

    [Fact]
    public async Task Bad_options_are_refused_all_at_once()
    {
        var (code, error) = await PaperProcess.RefusedAsync(
            "--seed",
            "x",
            "--port",
            "70000",
            "--faults",
            "drop=1%,flood=2%,delay=3%",
            "--script",
            "no-such",
            "--market",
            "/no/such"
        );
        Assert.Equal(2, code);
        foreach (string option in (string[])["--seed", "--port", "--faults", "flood", "delay", "--script", "5 faults"])
            Assert.Contains(option, error, StringComparison.Ordinal);
    }

    static string OrderId(JsonElement result) => result.GetProperty("order").GetProperty("order_id").GetString()!;

    static bool IsJson(string text)
    {
        try
        {
            JsonDocument.Parse(text).Dispose();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
