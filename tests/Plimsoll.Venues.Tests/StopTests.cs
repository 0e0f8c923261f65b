using Plimsoll.Markets;

namespace Plimsoll.Venues.Tests;

/// <summary>An account is stopped at OKX and at Hyperliquid without an engine.</summary>
public sealed class StopTests
{
    readonly VirtualTime time = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void At_Okx_every_order_is_cancelled_and_if_asked_every_position_closed(bool flatten)
    {
        var world = new OkxWorld(time);
        world.Place("buy", 150, 30_100, "ioc");
        world.Place("buy", 3, 29_000, "limit");
        world.Place("sell", 3, 31_000, "limit");
        world.Conditional.Add(
            System
                .Text.Json.Nodes.JsonNode.Parse("""{"instId":"BTC-USDT-SWAP","algoId":"77","ordType":"conditional"}""")!
                .AsObject()
        );
        var report = Run(() => new OkxStop(OkxWorld.Settings, OkxWorld.Key, world.SendAsync, time), flatten);
        Assert.Equal((3, 0), (report.Cancelled, report.OrdersLeft));
        Assert.Empty(world.Resting);
        Assert.Empty(world.Conditional);
        var held = new Position(OkxWorld.Swap, 150, null);
        Assert.Equal(flatten ? [held] : [], report.Closed);
        Assert.Equal(flatten ? [] : [held], report.PositionsLeft);
        if (!flatten)
            return;
        var closing = Assert.Single(world.Closings);
        // Half a percent below the mark of 30,000.4, down to the tick.
        Assert.Equal(
            ("sell", "ioc", "150", "29850.3", "cross", "net", true),
            (
                closing.Text("side"),
                closing.Text("ordType"),
                closing.Text("sz"),
                closing.Text("px"),
                closing.Text("tdMode"),
                closing.Text("posSide"),
                closing.Flag("reduceOnly")
            )
        );
    }

    [Fact]
    public void In_the_other_position_mode_a_long_is_closed_as_a_long()
    {
        var world = new OkxWorld(time) { PositionMode = "long_short_mode", PositionSide = "long" };
        world.Place("buy", 15, 30_100, "ioc");
        var report = Run(() => new OkxStop(OkxWorld.Settings, OkxWorld.Key, world.SendAsync, time), flatten: true);
        Assert.Empty(report.PositionsLeft);
        Assert.Equal(("sell", "long"), (world.Closings[0].Text("side"), world.Closings[0].Text("posSide")));
    }

    /// <summary>The price goes farther each round; a venue that is busy is asked again.</summary>
    [Fact]
    public void A_position_larger_than_the_book_takes_several_rounds()
    {
        var world = new OkxWorld(time) { Busy = 2 };
        for (int i = 0; i < 3; i++)
            world.Place("buy", 200, 30_100, "ioc");
        var report = Run(() => new OkxStop(OkxWorld.Settings, OkxWorld.Key, world.SendAsync, time), flatten: true);
        Assert.Empty(report.PositionsLeft);
        Assert.Equal(["29850.3", "29700.3", "29400.3"], world.Closings.Select(row => row.Text("px")));
    }

    [Fact]
    public void A_key_of_Okx_that_may_not_trade_or_is_wrong_is_refused_and_nothing_is_done()
    {
        var world = new OkxWorld(time) { Permissions = "read_only" };
        world.Place("buy", 3, 29_000, "limit");
        var reader = Assert.Throws<VenueKeyRefused>(() =>
            Run(() => new OkxStop(OkxWorld.Settings, OkxWorld.Key, world.SendAsync, time), flatten: true)
        );
        Assert.Contains("may not trade", reader.Message);
        var wrong = VenueKey.Of("okx-id", "not-the-secret", "okx-passphrase");
        var refused = Assert.Throws<VenueKeyRefused>(() =>
            Run(() => new OkxStop(OkxWorld.Settings, wrong, world.SendAsync, time), flatten: true)
        );
        Assert.DoesNotContain("not-the-secret", refused.ToString(), StringComparison.Ordinal);
        Assert.Single(world.Resting);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void At_Hyperliquid_every_order_is_cancelled_and_if_asked_every_position_closed(bool flatten)
    {
        var world = new HyperliquidWorld(time) { EquityUsd = 1_000 };
        world.Place(true, 1.5m, 30_100, "Ioc");
        world.Place(true, 1, 29_000, "Gtc");
        world.Place(false, 1, 31_000, "Gtc");
        var report = Run(() => Hyperliquid(world), flatten);
        Assert.Equal((2, 0), (report.Cancelled, report.OrdersLeft));
        Assert.Empty(world.Resting);
        var held = Assert.Single(flatten ? report.Closed : report.PositionsLeft);
        Assert.Equal((HyperliquidWorld.Coin, 1.5m), (held.Instrument, held.Contracts));
        Assert.Equal(flatten ? ["cancel", "order"] : ["cancel"], world.Actions);
        Assert.Equal(flatten, report.PositionsLeft.IsEmpty);
    }

    [Fact]
    public void At_Hyperliquid_a_position_larger_than_the_book_takes_several_rounds_and_an_agents_address_is_refused()
    {
        var world = new HyperliquidWorld(time) { EquityUsd = 1_000, Overloaded = 2 };
        for (int i = 0; i < 3; i++)
            world.Place(true, 2, 30_100, "Ioc");
        var report = Run(() => Hyperliquid(world), flatten: true);
        Assert.Empty(report.PositionsLeft);
        Assert.Equal(["order", "order", "order"], world.Actions);
        world.Role = "agent";
        Assert.Throws<VenueKeyRefused>(() => Run(() => Hyperliquid(world), flatten: true));
    }

    HyperliquidStop Hyperliquid(HyperliquidWorld world) =>
        new(HyperliquidWorld.Settings, HyperliquidWorld.Agent, (call, _) => Task.FromResult(world.Answer(call)), time);

    StopReport Run(Func<AccountStop> stop, bool flatten)
    {
        StopReport? report = null;
        time.Run(
            async () => report = await stop().RunAsync(flatten, TestContext.Current.CancellationToken),
            TimeSpan.FromHours(1)
        );
        return report!;
    }
}
