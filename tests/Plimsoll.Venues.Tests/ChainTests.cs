using System.Numerics;
using System.Text.Json;
using CsCheck;
using Plimsoll.Markets;
using Plimsoll.Storage;
using Plimsoll.TestSupport;

namespace Plimsoll.Venues.Tests;

/// <summary>Account state by JSON-RPC: encoding, what is refused, and that "not known" is never zero.</summary>
public sealed class ChainTests
{
    const string Address = "0x5e9ee1089755c3435139848e47e6635505d5a13a";

    /// <summary>Selectors as Multicall3's and Ethereum's pages list them.</summary>
    [Theory]
    [InlineData("aggregate3((address,bool,bytes)[])", "82ad56cb")]
    [InlineData("getBlockNumber()", "42cbb15c")]
    [InlineData("getCurrentBlockTimestamp()", "0f28c97d")]
    [InlineData("balanceOf(address)", "70a08231")]
    public void Selectors_are_the_first_bytes_of_the_keccak(string signature, string selector) =>
        Assert.Equal(selector, Convert.ToHexStringLower(Abi.Selector(signature)));

    /// <summary>Against calldata and answers that another encoder made, where they are at hand.</summary>
    [Fact]
    public void Calls_and_answers_are_those_of_another_encoder()
    {
        string folder = Path.Combine(Repository.Root, "..", "shared", "research", "onchain");
        Assert.SkipUnless(Directory.Exists(folder), "no samples beside the repository");
        var sample = Sample(Path.Combine(folder, "json-rpc-samples.json"), "eth_call-multicall3-aggregate3");
        string expected = sample.GetProperty("request").GetProperty("params")[0].GetProperty("data").GetString()!;
        byte[] made = Multicall.Encode([
            new("0x0000000000000000000000000000000000000807", Abi.Number(0)),
            new(
                "0x0000000000000000000000000000000000000800",
                [.. Abi.Address("0x000000000000000000000000000000000000beef"), .. Abi.Number(0)]
            ),
        ]);
        Assert.Equal(expected, Abi.Hex(made));

        byte[] Returned(string name) =>
            Abi.Bytes(
                Sample(Path.Combine(folder, "hyperevm-precompiles.json"), name).GetProperty("return_data").GetString()!
            );
        var position = new AbiReader(Returned("position"));
        Assert.Equal((-125_000, 11_250_000_000ul), (position.Signed(), position.Unsigned()));
        Assert.Equal((0L, 10ul, false), (position.Signed(), position.Unsigned(), position.Flag()));
        Assert.Equal(-1_500_000, new AbiReader(Returned("accountMarginSummary")).Signed());
        Assert.Equal(900_015ul, new AbiReader(Returned("markPx")).Unsigned());
    }

    [Fact]
    public void Words_come_back_and_what_does_not_fit_is_refused() =>
        Gen.Long.Sample(value =>
        {
            Assert.Equal(value, new AbiReader(ChainWorld.Word(value)).Signed());
            if (value >= 0)
                Assert.Equal(Abi.Number((ulong)value), ChainWorld.Word(value));
            else
                Assert.Throws<FormatException>(() => new AbiReader(ChainWorld.Word(value)).Unsigned());
            Assert.Throws<FormatException>(() =>
                new AbiReader(ChainWorld.Word(BigInteger.Pow(2, 70) + value)).Signed()
            );
        });

    [Fact]
    public void Answers_that_lie_about_their_lengths_are_refused()
    {
        byte[] whole = [.. ChainWorld.Word(32), .. ChainWorld.Word(1), .. ChainWorld.Word(32), .. ChainWorld.Word(1)];
        Assert.Throws<FormatException>(() => Multicall.Decode(whole, 1));
        Assert.Throws<FormatException>(() => Multicall.Decode(whole, 2));
        Assert.Throws<FormatException>(() => Multicall.Decode([.. ChainWorld.Word(BigInteger.Pow(2, 63))], 1));
        Assert.Throws<FormatException>(() => Multicall.Decode([], 1));
    }

    [Fact]
    public void An_account_is_read_in_one_block_and_its_block_is_named()
    {
        var world = new ChainWorld { Overloaded = 2 };
        world.Hold(0, -1.25m, 5, 90_001.5m);
        var account = Read(world);
        Assert.Equal((998ul, ChainWorld.Block, "0x20b5"), (account.ChainId, account.Block, account.BlockHash));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(0x69a7f9b4), account.At);
        Assert.Equal(
            (1182.312496m, 171.740766m, 987_654_321ul),
            (account.AccountValueUsd, account.MarginUsedUsd, account.CoreBlock)
        );
        Assert.Equal([new Position("BTC", -1.25m, 29_000)], account.Positions);
        Assert.Equal(112_501.875m, account.NotionalUsd);
        Assert.Equal(0, account.NotAskedUsd);
        // One call for everything: no block can lie between two of its parts.
        Assert.Equal(["eth_chainId", "eth_call", "eth_getBlockByNumber"], world.Methods);
    }

    [Fact]
    public void Another_chain_an_unknown_user_and_a_reading_that_failed_are_refused()
    {
        Assert.Contains(
            "chain 1, expected 998",
            Assert.Throws<VenueException>(() => Read(new ChainWorld { ChainId = 1 })).Message
        );
        Assert.Contains(
            "no account",
            Assert.Throws<VenueException>(() => Read(new ChainWorld { HasUser = false })).Message
        );
        foreach (int precompile in (int[])[0x80f, 0x813, 0x809])
            Assert.Contains(
                "not known",
                Assert.Throws<VenueException>(() => Read(new ChainWorld { Fails = precompile })).Message
            );
        Assert.Contains("429", Assert.Throws<VenueException>(() => Read(new ChainWorld { Overloaded = 99 })).Message);
    }

    /// <summary>The same over real sockets, by the command's own sender.</summary>
    [Fact]
    public async Task It_is_read_over_sockets()
    {
        var world = new ChainWorld();
        world.Hold(0, 2, 5, 90_000);
        await using var host = new LoopbackHost(world.Answer, _ => throw new InvalidOperationException());
        var rpc = new ChainRpc(new Uri(host.Address, "/evm"), HttpCalls.SendAsync, TimeProvider.System);
        var stop = TestContext.Current.CancellationToken;
        var account = await new HyperliquidChain(rpc).ReadAsync(Address, Coins, 998, stop);
        Assert.Equal(2, Assert.Single(account.Positions).Contracts);
    }

    static ChainAccount Read(ChainWorld world)
    {
        var time = new VirtualTime();
        ChainAccount? account = null;
        time.Run(
            async () =>
                account = await new HyperliquidChain(
                    new ChainRpc(new Uri("http://127.0.0.1:1"), (call, _) => Task.FromResult(world.Answer(call)), time)
                ).ReadAsync(Address, Coins, 998, CancellationToken.None),
            TimeSpan.FromMinutes(5)
        );
        return account!;
    }

    static (int, Instrument)[] Coins { get; } =
    [
        .. HyperliquidInstruments
            .Read(Recorded.Of("hyperliquid", "meta"), JsonElement.Parse("""{"userAddRate":"0","userCrossRate":"0"}"""))
            .Take(2)
            .Select(one => (one.Place, (Instrument)one.Terms)),
    ];

    static JsonElement Sample(string path, string name) =>
        JsonElement
            .Parse(File.ReadAllText(path))
            .GetProperty("samples")
            .EnumerateArray()
            .Single(one => one.GetProperty("name").GetString() == name);
}
