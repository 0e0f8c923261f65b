using Plimsoll.Controls;
using Plimsoll.Engine;
using Plimsoll.Markets;
using Plimsoll.Numerics;
using Plimsoll.Paper;
using Plimsoll.Paper.Tests;

namespace Plimsoll.Venues.Tests;

/// <summary>Orders through everything that can go wrong on the way: none lost, none doubled.</summary>
public sealed class OrderLifeTests
{
    public static TheoryData<string> Plans() =>
        [
            "none=0%",
            "drop=5%",
            "delay=10%:400ms",
            "delay=10%:4s",
            "duplicate=20%",
            "reorder=20%",
            "gap=10%",
            "garbage=1%",
            "disconnect=1%",
            "slow=1%:6s",
            "drop=2%,delay=3%:1s,duplicate=5%,reorder=5%,gap=3%,garbage=0.3%,disconnect=0.3%",
        ];

    [Theory, MemberData(nameof(Plans))]
    public void No_order_is_lost_or_doubled(string plan)
    {
        for (ulong seed = 1; seed <= 4; seed++)
            Live(plan, seed);
    }

    [Theory, MemberData(nameof(Plans)), Trait("suite", "all")]
    public void No_order_is_lost_or_doubled_whatever_the_seed(string plan)
    {
        for (ulong seed = 5; seed <= 60; seed++)
            Live(plan, seed);
    }

    [Fact]
    public void An_order_that_never_reached_the_venue_is_found_missing_and_not_sent_again()
    {
        var follower = Follower.Run(async follower =>
        {
            var book = new Ledger(follower);
            await follower.UpAsync();
            follower.World.LostRequests = 1;
            book.Send(SmallVenue.Perpetual, Side.Buy, 1, 60_000, OrderLife.Rests);
            await follower.WaitAsync(4);
            follower.World.LostRequests = 0;
            await follower.UntilAsync(() => book.IsSettled, "settled", 60);
        });
        Assert.Empty(follower.World.Requests);
        var failed = Assert.Single(follower.Of<SendFailed>());
        Assert.True(failed.IsAmbiguous);
        Assert.Contains(new OrderNotFound(failed.Label), follower.Events);
    }

    [Fact]
    public void An_order_whose_answer_was_lost_is_read_back_by_its_label()
    {
        var follower = Follower.Run(async follower =>
        {
            var book = new Ledger(follower);
            await follower.UpAsync();
            follower.World.Faults = SessionTests.Faults("drop=100%");
            string label = book.Send(SmallVenue.Perpetual, Side.Buy, 1, 60_000, OrderLife.Rests);
            await follower.WaitAsync(4);
            follower.World.Faults = FaultPlan.None;
            await follower.UntilAsync(() => follower.Of<OrderSeen>().Any(seen => seen.Label == label), "read back");
            await follower.UntilAsync(() => book.IsSettled, "settled", 60);
        });
        Assert.Single(follower.World.Requests);
        Assert.True(Assert.Single(follower.Of<SendFailed>()).IsAmbiguous);
    }

    [Fact]
    public void A_refusal_is_no_ambiguity_and_is_told_in_the_venues_words()
    {
        var follower = Follower.Run(async follower =>
        {
            var book = new Ledger(follower);
            await follower.UpAsync();
            book.Send(SmallVenue.Perpetual, Side.Buy, 1, 60_000.25m, OrderLife.Rests);
            await follower.UntilAsync(() => follower.Of<SendFailed>().Any(), "refused");
        });
        var failed = Assert.Single(follower.Of<SendFailed>());
        Assert.False(failed.IsAmbiguous);
        Assert.Equal(RefusalKind.Tick, failed.Refusal);
        Assert.Contains("price_wrong_tick", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Valid_until_goes_out_on_the_venues_clock()
    {
        // Our clock is eight seconds behind: an order of five seconds would be refused if it went out on it.
        var follower = Follower.Run(
            async follower =>
            {
                var book = new Ledger(follower);
                await follower.UpAsync();
                book.Send(SmallVenue.Perpetual, Side.Buy, 1, 60_000, OrderLife.Rests);
                await follower.UntilAsync(() => follower.Of<OrderSeen>().Any(), "seen");
            },
            world => world.Lead = TimeSpan.FromSeconds(8)
        );
        Assert.Empty(follower.Of<SendFailed>());
        Assert.Equal(VenueOrderStatus.Open, follower.Of<OrderSeen>().First().Status);
    }

    /// <summary>A burst uses up the messages, but a cut and a cancellation still go out at once.</summary>
    [Fact]
    public void The_reserve_of_messages_is_for_cuts_and_cancellations()
    {
        var follower = Follower.Run(
            async follower =>
            {
                var book = new Ledger(follower);
                await follower.UpAsync();
                string first = book.Send(SmallVenue.Perpetual, Side.Buy, 1, 60_000, OrderLife.Rests);
                for (int i = 1; i < 60; i++)
                    book.Send(SmallVenue.Perpetual, Side.Buy, 1, 60_000, OrderLife.Rests);
                await follower.WaitAsync(0.05);
                int sent = follower.World.Requests.Count;
                Assert.InRange(sent, 14, 16);
                string cut = book.Send(SmallVenue.Perpetual, Side.Sell, 1, 60_000, OrderLife.ImmediateOrCancel, true);
                book.Cancel(first);
                await follower.WaitAsync(0.05);
                Assert.Contains(cut, follower.World.Requests);
                Assert.Contains(
                    follower.Of<OrderSeen>(),
                    seen => seen.Label == first && seen.Status == VenueOrderStatus.Cancelled
                );
                await follower.UntilAsync(() => book.IsSettled, "settled", 60);
            },
            tier: 4
        );
        Assert.DoesNotContain(follower.Of<SendFailed>(), failed => failed.Reason.Contains("10028"));
        Assert.Contains(
            follower.Of<SendFailed>(),
            failed => failed is { IsAmbiguous: false } && failed.Reason.Contains("rate limit")
        );
    }

    /// <summary>The kill goes on over a lost line until the venue has confirmed it.</summary>
    [Fact]
    public void Cancelling_everything_survives_a_lost_line()
    {
        var follower = Follower.Run(async follower =>
        {
            await follower.UpAsync();
            var foreign = new OrderRequest
            {
                Instrument = SmallVenue.Perpetual,
                Side = Side.Buy,
                Amount = 100,
                Kind = OrderKind.Limit,
                Price = 50_000,
            };
            follower.World.Venue.Place(follower.World.Client, foreign);
            follower.World.Faults = SessionTests.Faults("drop=100%");
            follower.World.LostRequests = 1;
            follower.Client.Start(new CancelAll("test"), 1);
            await follower.WaitAsync(10);
            Assert.Single(follower.World.Client.OpenOrders);
            follower.World.LostRequests = 0;
            follower.World.Faults = SessionTests.Faults("disconnect=100%");
            await follower.UntilAsync(() => !follower.IsUp, "down");
            follower.World.Faults = FaultPlan.None;
            await follower.UntilAsync(() => follower.World.Client.OpenOrders.Count == 0, "all cancelled");
        });
        Assert.Empty(follower.World.Client.OpenOrders);
    }

    /// <summary>
    /// Positions, orders and trades of one reading belong together, also while trades happen all the time.
    /// </summary>
    [Fact]
    public void A_reading_counts_exactly_the_trades_that_it_lists()
    {
        int readings = 0;
        var run = Follower.Run(async follower =>
        {
            var book = new Ledger(follower);
            await follower.UpAsync();
            follower.Told += happened =>
            {
                if (happened is not ReconcileSeen seen)
                    return;
                readings++;
                decimal traded = seen.Trades.Sum(t => t.Side == Side.Buy ? t.Contracts : -t.Contracts);
                Assert.Equal(traded, seen.Positions.Sum(p => p.Contracts));
            };
            for (int i = 0; i < 200; i++)
            {
                book.Send(
                    SmallVenue.Perpetual,
                    i % 2 == 0 ? Side.Buy : Side.Sell,
                    1 + i % 3,
                    i % 2 == 0 ? 65_500 : 64_500,
                    OrderLife.ImmediateOrCancel
                );
                if (i % 12 == 0)
                    follower.Client.Start(new Reconcile(), (ulong)i);
                await follower.WaitAsync(0.017);
            }
            await follower.UntilAsync(() => book.IsSettled, "settled");
        });
        Assert.InRange(readings, 3, 18);
        Assert.True(run.Of<FillSeen>().Count() > 20, "trades happened all the time");
    }

    static void Live(string plan, ulong seed)
    {
        Ledger? book = null;
        var follower = Follower.Run(
            async follower =>
            {
                book = new Ledger(follower);
                var random = new SeededRandom(seed, 12);
                await follower.UpAsync();
                if (!plan.StartsWith("none"))
                    follower.World.Faults = SessionTests.Faults(plan, seed);
                follower.World.LostRequests = plan.Contains("drop") ? 0.05 : 0;
                for (int i = 0; i < 60; i++)
                {
                    Act(book, random);
                    await follower.WaitAsync(random.NextDouble());
                }
                follower.World.Faults = FaultPlan.None;
                follower.World.LostRequests = 0;
                await follower.UntilAsync(() => book.IsSettled, "every order settled", 120);
                await follower.UpAsync();
                follower.Client.Start(new Reconcile(), 777);
                await follower.UntilAsync(() => follower.Last<ReconcileSeen>()?.AskedAt == 777, "read back");
            },
            seed: seed,
            minutes: 30
        );
        book!.MustAgreeWithTheVenue($"{plan}, seed {seed}");
    }

    static void Act(Ledger book, SeededRandom random)
    {
        string name = random.NextInt(2) == 0 ? SmallVenue.Perpetual : SmallVenue.Future;
        var side = random.NextInt(2) == 0 ? Side.Buy : Side.Sell;
        decimal away = side == Side.Buy ? -1 : 1;
        switch (random.NextInt(5))
        {
            case 0:
                book.Send(name, side, 1 + random.NextInt(30), 65_000 + away * 500, OrderLife.Rests);
                break;
            case 1:
                book.Send(name, side, 1 + random.NextInt(100), 65_000 - away * 100, OrderLife.ImmediateOrCancel);
                break;
            case 2:
                book.Send(name, side, 1 + random.NextInt(100), 65_000 - away * 100, OrderLife.Rests);
                break;
            case 3:
                book.EditOne(random);
                break;
            default:
                book.CancelOne(random);
                break;
        }
    }
}
