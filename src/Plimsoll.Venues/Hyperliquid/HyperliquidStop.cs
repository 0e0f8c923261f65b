using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Plimsoll.Engine;
using Plimsoll.Markets;
using Plimsoll.Storage;

namespace Plimsoll.Venues;

/// <summary>Stops an account at Hyperliquid's main dex by signed actions over HTTP.</summary>
/// <remarks>
/// Positions are closed by immediate-or-cancel orders that reduce only and expire within seconds. Orders and positions
/// on the dexes of other deployers are neither seen nor touched.
/// </remarks>
public sealed class HyperliquidStop : AccountStop
{
    const double CallsPerSecond = 4;
    const double Burst = 12;
    const int Tries = 4;
    static readonly TimeSpan Again = TimeSpan.FromMilliseconds(300);
    static readonly TimeSpan OrderLife = TimeSpan.FromSeconds(5);
    readonly HyperliquidSettings settings;
    readonly WalletKey key;
    readonly SendHttp send;
    readonly CallCredits credits;
    readonly HyperliquidContracts contracts;
    readonly Dictionary<string, decimal> marks = new(StringComparer.Ordinal);
    long lastNonce;

    /// <summary>A stop.</summary>
    /// <param name="settings">Where, and whose account.</param>
    /// <param name="key">Signs for it.</param>
    /// <param name="http">Makes the requests.</param>
    /// <param name="time">Clock; null: the machine's.</param>
    public HyperliquidStop(HyperliquidSettings settings, WalletKey key, HttpClient http, TimeProvider? time = null)
        : this(settings, key, (call, cancel) => HttpCalls.SendAsync(http, call, cancel), time ?? TimeProvider.System)
    { }

    internal HyperliquidStop(HyperliquidSettings settings, WalletKey key, SendHttp send, TimeProvider time)
        : base(time)
    {
        (this.settings, this.key, this.send) = (settings, key, send);
        credits = new CallCredits(time, CallsPerSecond, Burst);
        contracts = new HyperliquidContracts(settings.Account);
    }

    private protected override async Task EnterAsync(CancellationToken cancel)
    {
        string role = (await InfoAsync("userRole", cancel)).Text("role");
        if (!HyperliquidAccount.IsRole(role))
            throw new VenueKeyRefused($"{settings.Account} is no account of its own: its role is {role}");
        contracts.Learn((await InfoAsync("metaAndAssetCtxs", cancel))[0], await InfoAsync("userFees", cancel));
    }

    private protected override async Task<(int Cancelled, int Left)> CancelOnceAsync(CancellationToken cancel)
    {
        var resting = await RestingAsync(cancel);
        if (resting.Count == 0)
            return (0, 0);
        var ids = resting
            .Where(row => contracts.Find(row.Text("coin")) is not null)
            .Select(row =>
                (JsonNode)
                    new JsonObject
                    {
                        ["a"] = contracts.Asset(row.Text("coin")),
                        ["o"] = row.GetProperty("oid").GetInt64(),
                    }
            );
        try
        {
            var action = new JsonObject { ["type"] = "cancel", ["cancels"] = new JsonArray([.. ids]) };
            await ActAsync(action, null, cancel);
        }
        catch (VenueException fault) when (fault is not VenueKeyRefused)
        {
            // Whatever became of it, what rests is read.
        }
        int left = (await RestingAsync(cancel)).Count;
        return (Math.Max(0, resting.Count - left), left);
    }

    private protected override async Task<ImmutableArray<Position>> PositionsAsync(CancellationToken cancel)
    {
        var listed = await InfoAsync("metaAndAssetCtxs", cancel);
        int place = 0;
        foreach (var coin in listed[0].GetProperty("universe").EnumerateArray())
            if (listed[1][place++].Amount("markPx") is { } mark)
                marks[coin.Text("name")] = mark;
        return HyperliquidAccount.Positions(await InfoAsync("clearinghouseState", cancel));
    }

    private protected override async Task CloseAsync(Position held, int round, CancellationToken cancel)
    {
        if (contracts.Find(held.Instrument) is not { } terms || !marks.TryGetValue(held.Instrument, out decimal mark))
            return;
        bool buys = held.Contracts < 0;
        decimal far = Far(mark, buys, round);
        var order = new JsonObject
        {
            ["a"] = contracts.Asset(held.Instrument),
            ["b"] = buys,
            ["p"] = TextNumbers.Write(buys ? terms.Ticks.RoundUp(far) : terms.Ticks.RoundDown(far)),
            ["s"] = TextNumbers.Write(Math.Abs(held.Contracts)),
            ["r"] = true,
            ["t"] = new JsonObject { ["limit"] = new JsonObject { ["tif"] = "Ioc" } },
        };
        await ActAsync(
            new JsonObject
            {
                ["type"] = "order",
                ["orders"] = new JsonArray(order),
                ["grouping"] = "na",
            },
            (Clock.GetUtcNow() + OrderLife).ToUnixTimeMilliseconds(),
            cancel
        );
    }

    async Task<List<JsonElement>> RestingAsync(CancellationToken cancel) =>
        [.. (await InfoAsync("frontendOpenOrders", cancel)).EnumerateArray()];

    /// <summary>Reads; what failed is read again, a few times.</summary>
    async Task<JsonElement> InfoAsync(string type, CancellationToken cancel)
    {
        var question = new JsonObject { ["type"] = type, ["user"] = settings.Account };
        for (int i = 1; ; i++)
            try
            {
                return await PostAsync("info", question, cancel);
            }
            catch (VenueException) when (i < Tries)
            {
                await Task.Delay(Again, Clock, cancel);
            }
    }

    /// <summary>Signs an action and sends it once.</summary>
    async Task ActAsync(JsonObject action, long? expiresAfter, CancellationToken cancel)
    {
        lastNonce = Math.Max(lastNonce + 1, Clock.GetUtcNow().ToUnixTimeMilliseconds());
        string? vault = settings.IsVault ? settings.Account.ToLowerInvariant() : null;
        var body = HyperliquidSigning.Signed(key, action, lastNonce, vault, expiresAfter, settings.IsMainnet);
        var answer = await PostAsync("exchange", body, cancel);
        if (answer.Text("status") == "ok")
            return;
        string words = answer.TryGetProperty("response", out var said) ? said.ToString() : "refused";
        throw HyperliquidErrors.KindOf(words) == RefusalKind.Access
            ? new VenueKeyRefused($"the venue does not take the key: {words}")
            : new VenueException($"exchange: {words}");
    }

    async Task<JsonElement> PostAsync(string path, JsonObject body, CancellationToken cancel)
    {
        await credits.TakeAsync(urgent: false);
        try
        {
            var call = HttpCall.Post(new Uri(settings.Url, "/" + path), body.ToJsonString());
            var reply = await send(call, cancel);
            return reply.Status == 200
                ? JsonElement.Parse(reply.Text)
                : throw new VenueException(FormattableString.Invariant($"{path}: status {reply.Status}"));
        }
        catch (Exception e)
            when (e is HttpRequestException or IOException or JsonException
                || e is TaskCanceledException && !cancel.IsCancellationRequested
            )
        {
            throw new VenueException($"{path}: {e.Message}", e);
        }
    }
}
