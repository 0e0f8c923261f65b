using System.Text.Json;
using System.Text.Json.Nodes;
using Plimsoll.Markets;
using Plimsoll.Storage;

namespace Plimsoll.Venues;

/// <summary>What was read.</summary>
/// <param name="Answers">To be saved.</param>
/// <param name="Chain">The account by the chain itself; null when nobody asked for it.</param>
/// <param name="Differences">Where the two witnesses of the account differ, in words.</param>
public sealed record HyperliquidFetched(
    IReadOnlyList<SavedAnswer> Answers,
    ChainAccount? Chain,
    IReadOnlyList<string> Differences
);

/// <summary>Reads prices, books and, by its address, an account; everything there is public, so without key.</summary>
public sealed class HyperliquidFetch
{
    // 1,200 weights a minute for an address on the network; the heaviest question here weighs 60.
    const double CallsPerSecond = 4;
    const double Burst = 12;
    static readonly JsonSerializerOptions Form = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    readonly HyperliquidSettings settings;
    readonly SendHttp send;
    readonly TimeProvider time;
    readonly PublicCalls calls;

    /// <summary>A fetch.</summary>
    /// <param name="settings">Where, and whose account.</param>
    /// <param name="time">Clock; null: the machine's.</param>
    public HyperliquidFetch(HyperliquidSettings settings, TimeProvider? time = null)
        : this(settings, HttpCalls.SendAsync, time ?? TimeProvider.System) { }

    internal HyperliquidFetch(HyperliquidSettings settings, SendHttp send, TimeProvider time)
    {
        (this.settings, this.send, this.time) = (settings, send, time);
        calls = new PublicCalls(send, time, CallsPerSecond, Burst, settings.Seed);
    }

    /// <summary>Reads everything, or says what stands in the way; nothing is written here.</summary>
    /// <param name="coins">Coins whose books are read.</param>
    /// <param name="withAccount">Whether the account of the settings is read.</param>
    /// <param name="rpc">Node of the HyperEVM that is asked for the account too; null: none.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="VenueException">The venue or the node did not answer.</exception>
    public async Task<Parsed<HyperliquidFetched>> ReadAsync(
        IReadOnlyList<string> coins,
        bool withAccount,
        Uri? rpc,
        CancellationToken cancel
    )
    {
        var saved = new List<SavedAnswer>();
        if (withAccount && await RefuseAsync(cancel) is { } fault)
            return Parsed<HyperliquidFetched>.Fail(fault);
        var meta = (await SaveAsync("metaAndAssetCtxs", []))[0];
        var fees = await SaveAsync("userFees", Whose(), withAccount);
        var listed = HyperliquidInstruments.Read(meta, fees).ToList();
        var known = listed.Select(one => one.Terms.Name).ToHashSet(StringComparer.Ordinal);
        if (coins.FirstOrDefault(coin => !known.Contains(coin)) is { } stranger)
            return Parsed<HyperliquidFetched>.Fail(
                new Fault("--coin", null, "", stranger, "coins that the venue lists, such as BTC,ETH")
            );
        foreach (string coin in coins)
            await SaveAsync("l2Book", new JsonObject { ["coin"] = coin }, of: coin);
        if (!withAccount)
            return Parsed<HyperliquidFetched>.Ok(new(saved, null, []));
        await SaveAsync("frontendOpenOrders", Whose(), isPrivate: true);
        var held = HyperliquidAccount.Positions(await SaveAsync("clearinghouseState", Whose(), isPrivate: true));
        if (rpc is null)
            return Parsed<HyperliquidFetched>.Ok(new(saved, null, []));
        var asked = coins.Concat(held.Select(one => one.Instrument)).ToHashSet(StringComparer.Ordinal);
        var chain = await new HyperliquidChain(new ChainRpc(rpc, send, time)).ReadAsync(
            settings.Account,
            [.. listed.Where(one => asked.Contains(one.Terms.Name)).Select(one => (one.Place, (Instrument)one.Terms))],
            settings.IsLive ? HyperliquidChain.MainChain : HyperliquidChain.TestChain,
            cancel
        );
        saved.Add(new SavedAnswer("chainAccount.json", JsonSerializer.Serialize(chain, Form), true));
        return Parsed<HyperliquidFetched>.Ok(new(saved, chain, chain.Differences(held)));

        async Task<JsonElement> SaveAsync(string type, JsonObject more, bool isPrivate = false, string of = "")
        {
            string text = await AskAsync(type, more, cancel);
            saved.Add(new SavedAnswer(of.Length > 0 ? $"{type}.{of}.json" : $"{type}.json", text, isPrivate));
            return JsonElement.Parse(text);
        }
    }

    JsonObject Whose() => new() { ["user"] = settings.Account };

    /// <summary>An agent looks like an account that is flat; positions on other dexes would be missed.</summary>
    async Task<Fault?> RefuseAsync(CancellationToken cancel)
    {
        string role = JsonElement.Parse(await AskAsync("userRole", Whose(), cancel)).Text("role");
        if (!HyperliquidAccount.IsRole(role))
            return new Fault("--address", null, "", settings.Account, $"an account of its own; this is {role}");
        foreach (var dex in JsonElement.Parse(await AskAsync("perpDexs", [], cancel)).EnumerateArray())
        {
            if (dex.ValueKind != JsonValueKind.Object)
                continue;
            var of = Whose();
            of["dex"] = dex.Text("name");
            var held = HyperliquidAccount.Positions(
                JsonElement.Parse(await AskAsync("clearinghouseState", of, cancel))
            );
            if (held.Length > 0)
                return new Fault(
                    "--address",
                    null,
                    dex.Text("name"),
                    held[0].Instrument,
                    "positions on the main dex alone; those of other dexes have margins that are not known here"
                );
        }
        return null;
    }

    Task<string> AskAsync(string type, JsonObject more, CancellationToken cancel)
    {
        var question = new JsonObject { ["type"] = type };
        foreach (var (name, value) in more)
            question[name] = value?.DeepClone();
        var call = HttpCall.Post(new Uri(settings.Url, "/info"), question.ToJsonString());
        return calls.AskAsync(call, type, cancel);
    }
}
