using Plimsoll.Controls;
using Plimsoll.Engine;
using Plimsoll.Markets;

namespace Plimsoll.Venues.Tests;

/// <summary>The public clients over real sockets, as a process uses them.</summary>
public sealed class LoopbackTests
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Okx_is_followed_and_traded_over_sockets()
    {
        var world = new OkxWorld(TimeProvider.System);
        await using var host = new LoopbackHost(world.Answer, world.Connect);
        await using var client = new OkxClient(OkxWorld.Settings with { Url = host.Address }, OkxWorld.Key);
        await TradeAsync(client, OkxWorld.Swap, 2, 30_001);
        Assert.Single(world.Arrived);
    }

    [Fact]
    public async Task Hyperliquid_is_followed_and_traded_over_sockets()
    {
        var world = new HyperliquidWorld(TimeProvider.System);
        await using var host = new LoopbackHost(world.Answer, _ => world.Connect());
        await using var client = new HyperliquidClient(
            HyperliquidWorld.Settings with
            {
                Url = host.Address,
            },
            HyperliquidWorld.Agent
        );
        await TradeAsync(client, HyperliquidWorld.Coin, 2, 30_002);
        Assert.Single(world.Arrived);
    }

    static async Task TradeAsync(VenueClient client, string name, decimal contracts, decimal price)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        stop.CancelAfter(Patience);
        var listed = await client.ReadInstrumentsAsync(stop.Token);
        var terms = listed.Single(one => one.Name == name);
        var told = new System.Collections.Concurrent.ConcurrentQueue<EngineEvent>();
        var running = client.RunAsync([name], told.Enqueue, stop.Token);
        await UntilAsync<SessionUp>(_ => true);
        await UntilAsync<TickerSeen>(seen => seen is { Mark: > 0, Top: { Bid: > 0, Ask: > 0 } });
        var now = TimeProvider.System.GetUtcNow();
        var order = new OrderIntent(
            "takes",
            name,
            Side.Buy,
            contracts,
            price,
            false,
            false,
            OrderLife.ImmediateOrCancel,
            now.AddSeconds(5),
            OrderPurpose.Resize
        );
        client.Start(Orders.Approved(order, terms, now), 1);
        await UntilAsync<OrderSeen>(seen => seen is { Status: VenueOrderStatus.Filled } && seen.FilledContracts == 2);
        client.Start(new Reconcile(), 2);
        var seen = await UntilAsync<ReconcileSeen>(_ => true);
        Assert.Equal(contracts, Assert.Single(seen.Positions).Contracts);
        await stop.CancelAsync();
        await running;

        async Task<T> UntilAsync<T>(Func<T, bool> holds)
            where T : EngineEvent
        {
            while (true)
            {
                if (told.OfType<T>().FirstOrDefault(holds) is { } found)
                    return found;
                await Task.Delay(5, stop.Token);
            }
        }
    }
}
