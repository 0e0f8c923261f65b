using Plimsoll.Markets;
using Plimsoll.Storage;
using Plimsoll.TestSupport;

namespace Plimsoll.Venues.Tests;

/// <summary>What is fetched is what an import reads; an address that would look flat gets nowhere.</summary>
public sealed class HyperliquidFetchTests
{
    static readonly string[] Coins = ["BTC", "ETH"];

    [Fact]
    public void Market_and_account_come_back_through_the_import_also_from_a_venue_that_is_overloaded()
    {
        var answers = Fetch(Coins, true, world => world.Overloaded = 3);
        using var folder = new TemporaryFolder();
        string into = Path.Combine(folder.Path, "answers");
        AnswersFolder.Write(into, answers.Value.Answers.Select(one => (one.Name, one.Text, one.IsPrivate)), "test");
        Assert.True(HyperliquidAnswers.Are(into));
        var read = HyperliquidAnswers.Read(into).Value;
        // Books of two coins; the account's other two are held and so are in the market without quotes.
        Assert.Equal(["ATOM", "BTC", "ETH", "MATIC"], read.Market.Quotes.Select(quote => quote.Instrument.Name));
        Assert.Equal(new DateTimeOffset(2026, 3, 4, 9, 31, 0, TimeSpan.Zero), read.Market.AsOf);
        Assert.All(read.Market.Underlyings, coin => Assert.Equal(29_999, coin.IndexUsd));
        var btc = read.Market.Quotes.Single(quote => quote.Instrument.Name == "BTC");
        Assert.Equal((30_000m, 30_001m, 2m, 3m), (btc.Bid, btc.Ask, btc.BidContracts, btc.AskContracts));
        Assert.Equal((7m, 3m, 688.11m), (btc.BidDepthContracts, btc.AskDepthContracts, btc.OpenInterestContracts));
        Assert.Equal(0.0001, btc.FundingRate8h!.Value, 12);
        Assert.Equal(100m, btc.DailyVolumeContracts!.Value, 9);
        Assert.Equal((0.00015m, 0.00045m), (btc.Instrument.Fees.MakerRate, btc.Instrument.Fees.TakerRate));
        var pool = Assert.Single(read.Account!.Subaccounts);
        Assert.Equal([new Balance(Currency.Usdc, 1182.312496m)], pool.Balances);
        Assert.Equal(
            [("BTC", -0.00785m), ("ETH", 0.1334m), ("ATOM", -0.45m), ("MATIC", 76.6m)],
            pool.Positions.Select(held => (held.Instrument, held.Contracts))
        );
        Assert.Equal(
            ["clearinghouseState.json", "frontendOpenOrders.json", "userFees.json"],
            answers.Value.Answers.Where(one => one.IsPrivate).Select(one => one.Name).Order(StringComparer.Ordinal)
        );

        string mine = Path.Combine(folder.Path, "mine");
        var written = Import.Hyperliquid(into, mine).Value;
        Assert.Equal(["market.json", "account.toml"], written.Files.Select(Path.GetFileName));
        Assert.Equal(read.Market.Quotes.Length, SnapshotFile.Read(written.Files[0]).Value.Quotes.Length);
        Assert.Equal(pool.Positions, AccountFile.Read(written.Files[1]).Value.Subaccounts[0].Positions);
    }

    /// <summary>The isolated position of the venue's documentation: its margin is no cash of the cross account.</summary>
    [Fact]
    public void An_isolated_position_is_imported_with_its_own_margin()
    {
        var answers = Fetch(Coins, true, _ => { });
        using var folder = new TemporaryFolder();
        string into = Path.Combine(folder.Path, "answers");
        AnswersFolder.Write(into, answers.Value.Answers.Select(one => (one.Name, one.Text, one.IsPrivate)), "test");
        string state = Path.Combine(into, "clearinghouseState.json");
        var root = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(state))!;
        root["marginSummary"]!["accountValue"] = "13109.482328";
        var held = root["assetPositions"]![1]!["position"]!;
        held["szi"] = "0.0335";
        held["marginUsed"] = "4.967826";
        held["leverage"] = new System.Text.Json.Nodes.JsonObject
        {
            ["type"] = "isolated",
            ["value"] = 20,
            ["rawUsd"] = "-95.059824",
        };
        File.WriteAllText(state, root.ToJsonString());
        var pool = Assert.Single(HyperliquidAnswers.Read(into).Value.Account!.Subaccounts);
        // The cross account's value in the same documented answer.
        Assert.Equal([new Balance(Currency.Usdc, 13_104.514502m)], pool.Balances);
        Assert.Equal(
            [("BTC", null), ("ETH", 4.967826m), ("ATOM", null), ("MATIC", (decimal?)null)],
            pool.Positions.Select(one => (one.Instrument, one.IsolatedMargin))
        );
    }

    [Fact]
    public void Without_an_address_nothing_of_an_account_is_asked()
    {
        var answers = Fetch(Coins, false, _ => { });
        Assert.DoesNotContain(answers.Value.Answers, one => one.IsPrivate);
        using var folder = new TemporaryFolder();
        string into = Path.Combine(folder.Path, "answers");
        AnswersFolder.Write(into, answers.Value.Answers.Select(one => (one.Name, one.Text, one.IsPrivate)), "test");
        var read = HyperliquidAnswers.Read(into).Value;
        Assert.Null(read.Account);
        Assert.Equal(Coins, read.Market.Quotes.Select(quote => quote.Instrument.Name));
        File.WriteAllText(Path.Combine(into, "l2Book.ETH.json"), """{"coin":"ETH","levels":[[{"px":"x"}],[]]}""");
        Assert.Equal("metaAndAssetCtxs.json", Assert.Single(HyperliquidAnswers.Read(into).Faults).Place);
        File.WriteAllText(Path.Combine(into, "userFees.json"), "<html>");
        Assert.Equal("userFees.json", Assert.Single(HyperliquidAnswers.Read(into).Faults).Place);
    }

    [Theory]
    [InlineData("agent")]
    [InlineData("missing")]
    public void An_agents_address_is_refused_before_anything_is_saved(string role)
    {
        var fault = Assert.Single(Fetch(Coins, true, world => world.Role = role).Faults);
        Assert.Equal("--address", fault.Place);
        Assert.Contains(role, fault.Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void Positions_on_other_dexes_are_refused()
    {
        var fault = Assert.Single(Fetch(Coins, true, world => world.HoldsElsewhere = true).Faults);
        Assert.Equal(("--address", "xyz", "BTC"), (fault.Place, fault.Path, fault.Found));
    }

    [Fact]
    public void A_coin_that_is_not_listed_is_a_fault_and_a_venue_that_never_answers_is_given_up()
    {
        Assert.Equal("DOGE", Assert.Single(Fetch(["BTC", "DOGE"], false, _ => { }).Faults).Found);
        var failed = Assert.Throws<VenueException>(() => Fetch(Coins, false, world => world.Overloaded = 100));
        Assert.Equal("127.0.0.1: metaAndAssetCtxs: status 429", failed.Message);
    }

    [Fact]
    public void The_chain_is_a_second_witness_of_the_account()
    {
        var chain = new ChainWorld();
        foreach (var (place, contracts) in new[] { (0, -0.00785m), (1, 0.1334m), (2, -0.45m), (3, 76.6m) })
            chain.Hold(place, contracts, HyperliquidWorld.Decimals[place], 30_000);
        var same = Fetch(Coins, true, _ => { }, chain).Value;
        Assert.Empty(same.Differences);
        Assert.Equal((998ul, ChainWorld.Block), (same.Chain!.ChainId, same.Chain.Block));
        Assert.StartsWith("final", same.Chain.Finality, StringComparison.Ordinal);
        var saved = same.Answers.Single(one => one.Name == "chainAccount.json");
        Assert.True(saved.IsPrivate);
        Assert.Contains("\"account_value_usd\":1182.312496", saved.Text, StringComparison.Ordinal);

        chain.Hold(1, 0.2m, HyperliquidWorld.Decimals[1], 30_000);
        Assert.Equal(["ETH: 0.1334 by info, 0.2 on chain"], Fetch(Coins, true, _ => { }, chain).Value.Differences);
        chain.ElsewhereUsd = 5_000;
        Assert.Contains(
            "5000 USD on chain in coins that info does not show",
            Fetch(Coins, true, _ => { }, chain).Value.Differences
        );
    }

    static Parsed<HyperliquidFetched> Fetch(
        string[] coins,
        bool withAccount,
        Action<HyperliquidWorld> prepare,
        ChainWorld? chain = null
    )
    {
        var time = new VirtualTime();
        var world = new HyperliquidWorld(time);
        prepare(world);
        Parsed<HyperliquidFetched>? answers = null;
        var node = new Uri("http://127.0.0.1:2/evm");
        time.Run(
            async () =>
                answers = await new HyperliquidFetch(
                    HyperliquidWorld.Settings,
                    (call, _) => Task.FromResult(call.Address == node ? chain!.Answer(call) : world.Answer(call)),
                    time
                ).ReadAsync(coins, withAccount, chain is null ? null : node, CancellationToken.None),
            TimeSpan.FromMinutes(5)
        );
        return answers!;
    }
}
