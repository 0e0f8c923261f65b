using Plimsoll.Controls;
using Plimsoll.Engine;

namespace Plimsoll.Live.Tests;

public sealed class EngineLoopTests
{
    [Fact]
    public void An_armed_engine_goes_to_its_target_and_no_order_leaves_before_it_is_durable()
    {
        var run = new Run().Armed();
        Assert.InRange(run.Venue.Positions["BTC-PERPETUAL"], 40, 50);
        Assert.NotEmpty(run.Venue.Orders);
        Assert.Empty(run.Venue.Early);
    }

    [Fact]
    public void An_engine_that_no_one_armed_opens_nothing()
    {
        var run = new Run();
        run.Pass(40);
        Assert.Empty(run.Venue.Orders);
        Assert.Equal(EngineMode.ReduceOnly, run.Loop.View.Mode);
    }

    [Fact]
    public void A_restart_is_the_same_state_and_comes_up_unarmed()
    {
        var run = new Run().Armed();
        string digest = run.Engine.State.Digest();
        int orders = run.Venue.Orders.Count();
        run.Engine.Flush();
        run.Open();
        Assert.Equal(digest, run.Engine.State.Digest());
        run.Target = 90;
        run.Pass(30);
        Assert.Equal(orders, run.Venue.Orders.Count());
        Assert.False(run.Loop.View.IsArmed);
        run.Loop.Post(new Armed("ana", "again"));
        run.Pass(200);
        Assert.InRange(run.Venue.Positions["BTC-PERPETUAL"], 80, 90);
        Assert.Equal(run.Venue.Orders.Count(), run.Venue.Orders.Select(order => order.Label).Distinct().Count());
    }

    /// <summary>Whatever byte the process dies at, what reached the venue stands in the journal.</summary>
    [Fact]
    public void A_crash_at_any_flush_loses_no_order_and_doubles_none()
    {
        for (int crash = 1; crash < 90; crash += 7)
        {
            var run = new Run();
            run.Disk.FlushesLeft = crash;
            Assert.ThrowsAny<IOException>(() => RunOn(run));
            int sent = run.Venue.Orders.Count();
            run.Disk.FlushesLeft = int.MaxValue;
            run.Open();
            run.Pass(30);
            run.Loop.Post(new Armed("ana", "after the crash"));
            run.Pass(60);
            Assert.InRange(run.Venue.Positions["BTC-PERPETUAL"], 40, 50);
            Assert.Equal(run.Engine.State.Position("BTC-PERPETUAL"), run.Venue.Positions["BTC-PERPETUAL"]);
            Assert.Empty(run.Venue.Early);
            Assert.Equal(run.Venue.Orders.Count(), run.Venue.Orders.Select(order => order.Label).Distinct().Count());
            Assert.True(Replay.Run(run.Disk).IsSame, $"crash {crash} after {sent} orders");
        }
    }

    static void RunOn(Run run)
    {
        run.Pass(2);
        run.Loop.Post(new Armed("ana", "test"));
        run.Pass(200);
    }

    [Fact]
    public void A_journal_that_cannot_be_written_ends_the_run_and_sends_nothing_more()
    {
        var run = new Run();
        run.Pass(2);
        run.Loop.Post(new Armed("ana", "test"));
        run.Disk.Room = 0;
        int got = run.Venue.Got.Count;
        Assert.ThrowsAny<IOException>(() => run.Pass(20));
        Assert.Equal(got, run.Venue.Got.Count);
    }

    [Fact]
    public void A_solve_that_throws_is_an_alert_and_the_engine_goes_on()
    {
        var run = new Run { Solver = () => throw new InvalidOperationException("singular") };
        var alerts = new List<string>();
        run.Loop.Told += news =>
            alerts.AddRange(news.Effects.OfType<Alert>().Select(alert => $"{alert.Code}: {alert.Words}"));
        run.Pass(20);
        Assert.Contains("solve-failed: InvalidOperationException: singular", alerts);
        run.Solver = null;
        run.Loop.Post(new Armed("ana", "mended"));
        run.Pass(100);
        Assert.InRange(run.Venue.Positions["BTC-PERPETUAL"], 40, 50);
    }

    [Fact]
    public void A_kill_overtakes_a_flood_and_nothing_opens_after_it()
    {
        var run = new Run().Armed();
        for (int i = 0; i < 50_000; i++)
            run.Loop.Post(new AccountSeen(100_000 + i, 0, 0));
        run.Loop.Post(new Killed("ana", "drill", false));
        int before = run.Venue.Got.Count;
        run.Loop.Turn();
        Assert.IsType<CancelAll>(run.Venue.Got[before].Effect);
        run.Target = 150;
        run.Pass(30);
        Assert.Empty(run.Venue.Got.Skip(before).Select(got => got.Effect).OfType<SendOrder>());
        Assert.Equal(EngineMode.Halted, run.Loop.View.Mode);
    }

    [Fact]
    public void A_kill_that_flattens_ends_with_nothing_held()
    {
        var run = new Run().Armed();
        run.Loop.Post(new Killed("ana", "drill", true));
        run.Pass(40);
        Assert.Equal(0, run.Venue.Positions["BTC-PERPETUAL"]);
    }

    [Fact]
    public void Events_beyond_all_room_end_the_run_rather_than_being_lost()
    {
        var run = new Run();
        for (int i = 0; i <= 100_000; i++)
            run.Loop.Post(new AccountSeen(1, 0, 0));
        Assert.Throws<IOException>(() => run.Loop.Turn());
    }

    [Fact]
    public void Waiting_tickers_are_replaced_and_the_newest_one_counts()
    {
        var run = new Run();
        run.Pass(2);
        for (int i = 0; i < 5_000; i++)
            run.Loop.Post(
                new TickerSeen("BTC-PERPETUAL", 60_000 + i % 7, 60_000, new TopOfBook(59_999, 60_001), 1, 1, null)
            );
        ulong before = run.Engine.State.Sequence;
        run.Loop.Turn();
        Assert.Equal(before + 1, run.Engine.State.Sequence);
        Assert.Equal(4_999, run.Loop.Meters.Replaced);
        run.Loop.Finish();
        Assert.Equal(60_000 + 4_999 % 7, run.Loop.View.Instruments.Single().Mark);
    }

    [Fact]
    public async Task In_shadow_nothing_is_sent_and_every_order_ends_unfilled()
    {
        var watched = new FakeVenue();
        var run = new Run();
        var shadow = new ShadowVenue(watched, TimeProvider.System);
        var heard = new List<EngineEvent>();
        await shadow.RunAsync([], heard.Add, CancellationToken.None);
        var order = new OrderIntent(
            "e1-1-BTC-PERPETUAL",
            "BTC-PERPETUAL",
            Markets.Side.Buy,
            1,
            1,
            false,
            false,
            OrderLife.ImmediateOrCancel,
            DateTimeOffset.MaxValue.AddDays(-9_000),
            OrderPurpose.Resize
        );
        shadow.Start(new ReadOrder(order.Label), 2);
        Assert.Equal(new OrderNotFound(order.Label), heard[^1]);
        shadow.Start(new SendOrder(order with { ValidUntil = DateTimeOffset.UnixEpoch }, null), 3);
        Assert.Equal(VenueOrderStatus.Cancelled, Assert.IsType<OrderSeen>(heard[^1]).Status);
        shadow.Start(new CancelAll("kill"), 4);
        shadow.Start(new CancelOrder("somebody's"), 5);
        shadow.Start(new EditOrder(order with { Label = "somebody's" }, null), 5);
        Assert.Equal(new OrderNotFound("somebody's"), heard[^1]);
        // What rests lives until the engine ends it, with the terms of its last change.
        var resting = order with
        {
            Label = "e1-2-BTC-PERPETUAL",
            Life = OrderLife.Rests,
            PostOnly = true,
        };
        shadow.Start(new SendOrder(resting, null), 5);
        shadow.Start(new EditOrder(resting with { LimitPrice = 2 }, null), 5);
        var seen = Assert.IsType<OrderSeen>(heard[^1]);
        Assert.Equal((VenueOrderStatus.Open, 1m, 2m), (seen.Status, seen.Contracts, seen.LimitPrice));
        shadow.Start(new CancelOrder(resting.Label), 5);
        Assert.Equal(VenueOrderStatus.Cancelled, Assert.IsType<OrderSeen>(heard[^1]).Status);
        shadow.Start(new Reconcile(), 6);
        Assert.Equal([new Reconcile()], watched.Got.Select(got => got.Effect));
        Assert.IsType<ReconcileSeen>(heard[^1]);
        watched.Learned(new OrderSeen("somebody's", VenueOrderStatus.Open, 0, ""));
        Assert.IsType<ReconcileSeen>(heard[^1]);
        Assert.Empty(run.Venue.Orders);
    }

    [Fact]
    public void A_lease_is_held_by_one()
    {
        using var folder = new TestSupport.TemporaryFolder();
        string path = Path.Combine(folder.Path, "lease");
        using (var first = Lease.TryTake(path))
        {
            Assert.NotNull(first);
            Assert.Null(Lease.TryTake(path));
        }
        using var second = Lease.TryTake(path);
        Assert.NotNull(second);
    }
}
