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
    const double OrderLifeSeconds = 5;

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
        switch (random.NextInt(4))
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
            default:
                book.CancelOne(random);
                break;
        }
    }

    /// <summary>
    /// Follows orders as the engine is bound to: what is unknown is read back, what rests too long cancelled.
    /// </summary>
    sealed class Ledger
    {
        readonly Follower follower;
        readonly SortedDictionary<string, Entry> entries = new(StringComparer.Ordinal);
        readonly Dictionary<string, FillSeen> fills = [];
        bool isWatching;

        public Ledger(Follower follower)
        {
            this.follower = follower;
            follower.Told = Take;
        }

        public bool IsSettled => entries.Values.All(entry => entry.IsOver);

        public string Send(
            string name,
            Side side,
            decimal contracts,
            decimal price,
            OrderLife life,
            bool reduceOnly = false
        )
        {
            var now = follower.Time.GetUtcNow();
            var order = new OrderIntent(
                $"test-{entries.Count + 1:0000}",
                name,
                side,
                contracts,
                price,
                reduceOnly,
                false,
                life,
                now.AddSeconds(OrderLifeSeconds),
                reduceOnly ? OrderPurpose.Cut : OrderPurpose.Resize
            );
            var terms = follower.Terms(name);
            entries.Add(order.Label, new Entry(order));
            var send = Orders.Approved(order with { LimitPrice = Math.Round(price) }, terms, now);
            follower.Client.Start(
                price == send.Order.LimitPrice ? send : Unrounded(order, terms, now),
                (ulong)entries.Count
            );
            if (!isWatching)
                _ = WatchAsync();
            return order.Label;
        }

        public void Cancel(string label) => follower.Client.Start(new CancelOrder(label), 0);

        public void CancelOne(SeededRandom random)
        {
            var alive = entries.Values.Where(entry => !entry.IsOver).ToList();
            if (alive.Count > 0)
                Cancel(alive[random.NextInt(alive.Count)].Order.Label);
        }

        public void MustAgreeWithTheVenue(string what)
        {
            var account = follower.World.Client;
            var atVenue = account
                .OpenOrders.Concat(account.ClosedOrders)
                .Where(order => order.Label.Length > 0)
                .ToList();
            Assert.Equal(atVenue.Count, atVenue.Select(order => order.Label).Distinct().Count());
            Assert.Equal(follower.World.Requests.Count, follower.World.Requests.Distinct().Count());
            Assert.True(account.OpenOrders.Count == 0, what);
            var byLabel = atVenue.ToDictionary(order => order.Label);
            foreach (var (label, entry) in entries)
                Assert.True(
                    byLabel.TryGetValue(label, out var order)
                        ? entry.Filled == order.Filled / 10 && !entry.WasMissing
                        : entry.Filled == 0,
                    $"{what}: {label} {entry.Filled} here, {order?.Filled} {order?.State} there"
                );
            var seen = follower.Last<ReconcileSeen>()!;
            foreach (var trade in seen.Trades)
                fills[trade.TradeId] = trade;
            Assert.Equal(account.Fills.Select(fill => fill.Trade.Id).Order(), fills.Keys.Order());
            Assert.Equal(account.Fills.Sum(fill => fill.Trade.Amount) / 10, fills.Values.Sum(fill => fill.Contracts));
            foreach (var held in account.Positions.Values.Where(held => held.Size != 0))
                Assert.Equal(
                    held.Size / 10,
                    Assert.Single(seen.Positions, position => position.Instrument == held.Listed.Name).Contracts
                );
            Assert.Empty(seen.Orders);
        }

        static SendOrder Unrounded(OrderIntent order, Instrument terms, DateTimeOffset now)
        {
            // The gate refuses a price off the tick; the venue must be seen to refuse it too.
            var coarse = (PerpetualInstrument)terms with
            {
                Ticks = new TickSchedule(0.25m, []),
            };
            return Orders.Approved(order, coarse, now);
        }

        void Take(EngineEvent happened)
        {
            switch (happened)
            {
                case OrderSeen seen when entries.TryGetValue(seen.Label, out var entry):
                    Assert.True(seen.FilledContracts >= entry.Filled, $"{seen} after {entry.Filled}");
                    Assert.True(!entry.IsOver || seen.Status != VenueOrderStatus.Open, $"{seen} after its end");
                    entry.Filled = seen.FilledContracts;
                    entry.IsUnknown = false;
                    entry.IsOver |= seen.Status != VenueOrderStatus.Open;
                    break;
                case SendFailed failed:
                    entries[failed.Label].IsUnknown = failed.IsAmbiguous;
                    entries[failed.Label].IsOver |= !failed.IsAmbiguous;
                    break;
                case OrderNotFound missing when entries[missing.Label] is { IsOver: false } entry:
                    if (follower.Time.GetUtcNow() > entry.Order.ValidUntil.AddSeconds(2) && ++entry.Misses == 2)
                        (entry.IsOver, entry.WasMissing) = (true, true);
                    break;
                case FillSeen fill:
                    Assert.True(fills.TryAdd(fill.TradeId, fill) || fills[fill.TradeId] == fill);
                    break;
                case SessionDown:
                    foreach (var entry in entries.Values.Where(entry => !entry.IsOver))
                        entry.IsUnknown = true;
                    break;
            }
        }

        async Task WatchAsync()
        {
            isWatching = true;
            while (!IsSettled)
            {
                await follower.WaitAsync(1);
                var now = follower.Time.GetUtcNow();
                foreach (var entry in entries.Values.Where(entry => !entry.IsOver && follower.IsUp).ToList())
                {
                    bool isOverdue = now > entry.Order.ValidUntil;
                    if (entry.IsUnknown || isOverdue)
                        follower.Client.Start(new ReadOrder(entry.Order.Label), 0);
                    if (isOverdue)
                        Cancel(entry.Order.Label);
                }
            }
            isWatching = false;
        }

        sealed class Entry(OrderIntent order)
        {
            public OrderIntent Order { get; } = order;

            public decimal Filled { get; set; }

            public bool IsUnknown { get; set; }

            public bool IsOver { get; set; }

            public bool WasMissing { get; set; }

            public int Misses { get; set; }
        }
    }
}
