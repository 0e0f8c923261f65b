using System.Text.Json;
using System.Text.Json.Nodes;
using Plimsoll.Engine;
using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Paper.Tests;

namespace Plimsoll.Venues.Tests;

/// <summary>Questions to venues' own margin simulators.</summary>
public sealed class SimulatorTests
{
    static readonly VenueKey Reader = VenueKey.Of("reader", "reader-secret");

    static SimulateMargin Book(params (string Name, decimal Contracts)[] book) =>
        new([.. book.Select(one => new Position(one.Name, one.Contracts, null))]);

    /// <summary>A key that only reads is enough; the venue's answer is what the account then has.</summary>
    [Fact]
    public void The_paper_venue_states_the_margin_of_a_book_that_nobody_holds()
    {
        var book = Book((SmallVenue.Perpetual, 5_000), (SmallVenue.Call, -30));
        var follower = Follower.Run(
            async follower =>
            {
                await follower.UpAsync();
                follower.World.IsFrozen = true;
                await follower.WaitAsync(1);
                follower.Client.Start(book, 41);
                await follower.UntilAsync(() => follower.Last<MarginStated>() is not null, "an answer");
            },
            settings: new DeribitSettings { Url = new Uri("http://127.0.0.1:1"), Trades = false },
            key: Reader
        );
        var stated = follower.Last<MarginStated>()!;
        Assert.Equal((41UL, ""), (stated.AskedAt, stated.Reason));
        var pool = Assert.Single(stated.Pools);
        double expectedInitial = 0,
            expectedMaintenance = 0;
        foreach (var position in book.Positions)
        {
            var listed = follower.World.Venue.Listed[position.Instrument];
            var price = new MarginPrice((double)listed.UnderlyingUsd, (double)listed.Mark);
            var rate = DeribitStandardMargin.Shipped.Rate(listed.Instrument, price)!.Value;
            expectedInitial += rate.Initial((double)position.Contracts);
            expectedMaintenance += rate.Maintenance((double)position.Contracts);
        }
        Assert.Equal("BTC", pool.Currency.Code);
        Assert.InRange((double)pool.Initial - expectedInitial, 0, 2e-8);
        Assert.InRange((double)pool.Maintenance - expectedMaintenance, 0, 2e-8);
        Assert.Empty(follower.World.Client.Positions);
    }

    [Fact]
    public void Without_a_session_or_with_an_unknown_name_there_is_a_reason_and_no_figure()
    {
        var follower = Follower.Run(async follower =>
        {
            follower.Client.Start(Book((SmallVenue.Perpetual, 1)), 1);
            await follower.UntilAsync(() => follower.Last<MarginStated>() is not null, "a reason");
            await follower.UpAsync();
            follower.Client.Start(Book(("BTC-1JAN30", 1)), 2);
            await follower.UntilAsync(() => follower.Last<MarginStated>()!.AskedAt == 2, "a reason");
        });
        Assert.All(follower.Of<MarginStated>(), stated => Assert.Empty(stated.Pools));
        Assert.Contains("BTC-1JAN30", follower.Last<MarginStated>()!.Reason, StringComparison.Ordinal);
    }

    sealed class Calls(string model)
    {
        public List<(string Method, JsonObject Parameters)> Made { get; } = [];

        public Task<JsonElement> Answer(string method, JsonObject parameters)
        {
            Made.Add((method, parameters));
            string json = method switch
            {
                "private/get_account_summaries" => "{\"summaries\":[{\"currency\":\"BTC\",\"margin_model\":\""
                    + model
                    + "\"},{\"currency\":\"USDC\",\"margin_model\":\""
                    + model
                    + "\"}]}",
                "public/ticker" => "{\"mark_price\":50000}",
                "private/pme/simulate" => "{\"margins\":{\"btc\":{\"initial_margin\":0.5,\"maintenance_margin\":0.4}}}",
                _ => "{\"currency\":\""
                    + parameters["currency"]
                    + "\",\"initial_margin\":0.5,\"maintenance_margin\":0.4}",
            };
            return Task.FromResult(JsonElement.Parse(json));
        }
    }

    /// <summary>Two units for one idea: dollars of an inverse future for the one, coins for the other.</summary>
    [Theory]
    [InlineData(
        "segregated_sm",
        "private/simulate_portfolio",
        "BTC",
        """{"BTC-PERPETUAL":20000,"BTC-27MAR26-60000-C":-2}""",
        2
    )]
    [InlineData(
        "segregated_pm",
        "private/pme/simulate",
        "BTC",
        """{"BTC-PERPETUAL":0.4,"BTC-27MAR26-60000-C":-2}""",
        2
    )]
    [InlineData(
        "cross_sm",
        "private/simulate_portfolio",
        "BTC",
        """{"BTC-PERPETUAL":20000,"BTC-27MAR26-60000-C":-2,"SOL_USDC-PERPETUAL":30}""",
        1
    )]
    [InlineData(
        "cross_pm",
        "private/pme/simulate",
        "CROSS",
        """{"BTC-PERPETUAL":0.4,"BTC-27MAR26-60000-C":-2,"SOL_USDC-PERPETUAL":30}""",
        1
    )]
    public void Each_margin_model_asks_its_own_simulator_in_its_own_units(
        string model,
        string method,
        string currency,
        string positions,
        int questions
    )
    {
        var time = new VirtualTime();
        time.Run(
            async () =>
            {
                var calls = new Calls(model);
                var simulator = new DeribitSimulator(Listed(), time, calls.Answer);
                await simulator.AskAsync(
                    Book(("BTC-PERPETUAL", 2_000), ("BTC-27MAR26-60000-C", -2), ("SOL_USDC-PERPETUAL", 300)).Positions
                );
                var asked = calls.Made.Where(call => call.Method == method).ToList();
                Assert.Equal(questions, asked.Count);
                Assert.Equal(currency, $"{asked[0].Parameters["currency"]}");
                Assert.False((bool)asked[0].Parameters["add_positions"]!);
                var expected = JsonNode.Parse(positions)!.AsObject();
                var sizes = asked[0].Parameters["simulated_positions"]!.AsObject();
                Assert.Equal(expected.Select(of => of.Key), sizes.Select(of => of.Key));
                foreach (var (name, size) in expected)
                    Assert.Equal((decimal)size!, (decimal)sizes[name]!);
            },
            TimeSpan.FromMinutes(1)
        );
    }

    static DeribitContracts Listed()
    {
        var contracts = new DeribitContracts();
        const string common =
            "\"tick_size\":0.0005,\"tick_size_steps\":[],\"taker_commission\":0.0005,\"maker_commission\":0,"
            + "\"is_active\":true,\"state\":\"open\",\"instrument_id\":1,\"creation_timestamp\":1664524802000,";
        contracts.Learn(
            JsonElement.Parse(
                $$"""
                [{{{common}}"instrument_name":"BTC-PERPETUAL","kind":"future","settlement_period":"perpetual",
                  "instrument_type":"reversed","base_currency":"BTC","counter_currency":"USD","quote_currency":"USD",
                  "settlement_currency":"BTC","contract_size":10,"min_trade_amount":10,
                  "expiration_timestamp":32503708800000},
                 {{{common}}"instrument_name":"BTC-27MAR26-60000-C","kind":"option","settlement_period":"month",
                  "instrument_type":"reversed","base_currency":"BTC","counter_currency":"USD","quote_currency":"BTC",
                  "settlement_currency":"BTC","contract_size":1,"min_trade_amount":0.1,"strike":60000,
                  "option_type":"call","expiration_timestamp":1774598400000},
                 {{{common}}"instrument_name":"SOL_USDC-PERPETUAL","kind":"future","settlement_period":"perpetual",
                  "instrument_type":"linear","base_currency":"SOL","counter_currency":"USDC","quote_currency":"USDC",
                  "settlement_currency":"USDC","contract_size":0.1,"min_trade_amount":0.1,
                  "expiration_timestamp":32503708800000}]
                """
            )
        );
        return contracts;
    }
}
