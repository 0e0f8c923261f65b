using System.Text.Json;
using Plimsoll.Engine;
using Plimsoll.Markets;
using Plimsoll.Paper.Tests;

namespace Plimsoll.Venues.Tests;

/// <summary>Positions that the venue moves: <c>user.liquidation</c> in the words of its guide, and at the paper venue.</summary>
public sealed class DeribitTransferTests
{
    const string Linear = "BTC_USDC-PERPETUAL";
    readonly VirtualTime time = new();
    readonly List<EngineEvent> told = [];

    // The guide's example of the account that absorbs a position; 4000 of it are contracts of 0.0001 BTC here.
    const string Received = """
        {"state": "adl_transfer_received", "user_id": 42, "instrument_name": "BTC_USDC-PERPETUAL", "direction": "buy",
         "amount": 4000, "price": 63481.75, "currency": "usdc", "commission": 0.2, "timestamp": 1750000400000}
        """;

    // And of the one whose position was taken.
    const string Taken = """
        {"state": "lsp_transfer", "user_id": 7, "instrument_name": "BTC_USDC-PERPETUAL", "direction": "sell",
         "amount": 5000, "price": 63481.75, "currency": "usdc", "commission": 1.25, "timestamp": 1750000400000}
        """;

    /// <summary>What is left of the position says which side made it smaller; where nothing is, the direction does.</summary>
    [Theory]
    [InlineData("""{"size": -10, "direction": "sell"}""", Side.Buy)]
    [InlineData("""{"size": 10, "direction": "buy"}""", Side.Sell)]
    [InlineData("""{"size": 0, "direction": "zero"}""", Side.Buy)]
    [InlineData(null, Side.Buy)]
    public void An_absorbed_position_is_a_deleveraging_of_this_account(string? left, Side side)
    {
        var transfers = Take(left, Received);
        var fill = Assert.IsType<FillSeen>(Assert.Single(told));
        decimal contracts = 4000 / Contracts().Find(Linear)!.OrderAmountPerContract;
        Assert.Equal(
            (side, contracts, 63_481.75m, false, true, null),
            (fill.Side, fill.Contracts, fill.Price, fill.IsForced, fill.IsDeleveraging, fill.Label)
        );
        Assert.Equal([fill], transfers.Since(1_750_000_400_000));
        Assert.Empty(transfers.Since(1_750_000_400_001));
    }

    [Fact]
    public void A_position_that_was_taken_is_a_liquidation_of_this_account()
    {
        Take("""{"size": 0, "direction": "zero"}""", Taken);
        var fill = Assert.IsType<FillSeen>(Assert.Single(told));
        Assert.Equal((Side.Sell, true, false), (fill.Side, fill.IsForced, fill.IsDeleveraging));
    }

    [Fact]
    public void Transfers_that_are_alike_are_two_and_stages_are_none()
    {
        Take(
            null,
            Received,
            Received,
            """{"state": "close_out_liquidation_started", "user_id": 7, "currency": "USDC", "equity": 1, "timestamp": 1}"""
        );
        Assert.Equal(2, told.OfType<FillSeen>().Select(fill => fill.TradeId).Distinct().Count());
        Assert.Equal(2, told.Count);
    }

    /// <summary>
    /// The account is short and wins; the market falls under somebody who is long, and nobody buys: the venue moves the
    /// short onto him. It is told, and counts with the next reading.
    /// </summary>
    [Fact]
    public void A_deleveraging_at_the_paper_venue_is_told_and_agrees_with_the_reading()
    {
        var follower = Follower.Run(async follower =>
        {
            await follower.UpAsync();
            follower.World.Hold(follower.World.Client, Side.Sell, 10_000);
            await follower.WaitAsync(1);
            follower.Client.Start(new Reconcile(), 1);
            await follower.UntilAsync(() => follower.Last<ReconcileSeen>() is not null, "read");
            follower.World.Crash(0.9m);
            await follower.UntilAsync(
                () => follower.Of<FillSeen>().Any(fill => fill.IsDeleveraging),
                "deleveraged",
                300
            );
            follower.Client.Start(new Reconcile(), 2);
            await follower.UntilAsync(() => follower.Last<ReconcileSeen>()!.AskedAt == 2, "read again");
        });
        var before = follower.Of<ReconcileSeen>().First();
        var after = follower.Last<ReconcileSeen>()!;
        decimal held = before.Positions.Single(one => one.Instrument == SmallVenue.Perpetual).Contracts;
        Assert.Equal(-1_000, held);
        var moved = follower.Of<FillSeen>().Where(fill => fill.IsDeleveraging).ToList();
        Assert.All(moved, fill => Assert.Equal((Side.Buy, null, false), (fill.Side, fill.Label, fill.IsForced)));
        decimal left = after.Positions.FirstOrDefault(one => one.Instrument == SmallVenue.Perpetual)?.Contracts ?? 0;
        Assert.Equal(held + moved.Sum(fill => fill.Contracts), left);
        Assert.Equal(
            moved.Select(fill => fill.TradeId).Order(),
            after.Trades.Where(trade => trade.IsDeleveraging).Select(trade => trade.TradeId).Order()
        );
    }

    DeribitTransfers Take(string? left, params string[] notified)
    {
        DeribitTransfers? made = null;
        time.Run(
            async () =>
            {
                var line = new VenueLine(time, new(time, 5, 20), new(time, 20, 100), new(time, 5, 10));
                var frames = new WorldLine(
                    time,
                    () => false,
                    () => false,
                    (to, frame) =>
                    {
                        long id = JsonElement.Parse(frame).GetProperty("id").GetInt64();
                        if (left is not null)
                            to.Arrive($$"""{"jsonrpc":"2.0","id":{{id}},"result":{{left}} }""");
                    }
                );
                var connection = new RpcConnection(frames, new JsonRpc(), time, TimeSpan.FromSeconds(3), _ => { });
                using var stop = new CancellationTokenSource();
                var running = connection.RunAsync(stop.Token);
                line.Use(connection);
                made = new DeribitTransfers(Contracts(), line, new OrderReports(told.Add));
                foreach (string text in notified)
                    made.Take(JsonElement.Parse(text));
                await made.SettledAsync();
                stop.Cancel();
                await running;
            },
            TimeSpan.FromMinutes(1)
        );
        return made!;
    }

    static DeribitContracts Contracts()
    {
        var contracts = new DeribitContracts();
        contracts.Learn(
            JsonElement.Parse(
                """
                {"instrument_name": "BTC_USDC-PERPETUAL", "kind": "future", "settlement_period": "perpetual",
                 "base_currency": "BTC", "quote_currency": "USDC", "counter_currency": "USDC",
                 "settlement_currency": "USDC", "instrument_type": "linear", "tick_size": 1, "contract_size": 0.0001,
                 "min_trade_amount": 0.0001, "maker_commission": 0, "taker_commission": 0.0005, "price_index": "btc_usdc",
                 "is_active": true, "expiration_timestamp": 32503708800000, "creation_timestamp": 1}
                """
            )
        );
        return contracts;
    }
}
