using Plimsoll.Controls;
using Plimsoll.Engine;
using Plimsoll.Markets;
using Plimsoll.Venues;
using Plimsoll.Venues.Tests;

namespace Plimsoll.Daemon.Tests;

/// <summary>The venue client against the real process over a real socket, on a good and on a bad line.</summary>
public sealed class VenueClientTests
{
    const string Perpetual = "BTC-PERPETUAL";
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("")]
    [InlineData("delay=10%:100ms,duplicate=10%,reorder=5%,gap=5%,disconnect=0.3%")]
    public async Task It_follows_trades_and_cancels_over_a_socket(string faults)
    {
        string[] options = faults.Length > 0 ? ["--faults", faults, "--tier", "0"] : [];
        await using var paper = await PaperProcess.StartAsync([.. options, "--crowd", "0"]);
        var settings = new DeribitSettings { Url = paper.Address, Trades = true };
        await using var client = new DeribitClient(settings, VenueKey.Of("paper", "paper-secret"));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        stop.CancelAfter(Patience);
        var instruments = await client.ReadInstrumentsAsync(stop.Token);
        var terms = instruments.Single(one => one.Name == Perpetual);
        var told = System.Threading.Channels.Channel.CreateUnbounded<EngineEvent>();
        var running = client.RunAsync([Perpetual], happened => told.Writer.TryWrite(happened), stop.Token);

        await UntilAsync<SessionUp>(_ => true);
        var ticker = await UntilAsync<TickerSeen>(seen => seen is { Mark: > 0, Top: { Bid: > 0, Ask: > 0 } });
        var account = await UntilAsync<AccountSeen>(_ => true);
        Assert.True(account.EquityUsd > 1_000_000);

        // One order rests, one trades; both are read back, the first is cancelled, and the venue's truth has the second.
        var rests = Order("rests", Side.Buy, Math.Floor(ticker.Mark!.Value * 0.98m), OrderLife.Rests);
        client.Start(Orders.Approved(rests, terms, TimeProvider.System.GetUtcNow()), 1);
        client.Start(new ReadOrder("rests"), 2);
        await UntilAsync<OrderSeen>(seen => seen is { Label: "rests", Status: VenueOrderStatus.Open });
        client.Start(new CancelAll("test"), 3);
        await UntilAsync<OrderSeen>(seen => seen is { Label: "rests", Status: VenueOrderStatus.Cancelled });
        var takes = Order("takes", Side.Buy, Math.Ceiling(ticker.Mark.Value * 1.01m), OrderLife.ImmediateOrCancel);
        client.Start(Orders.Approved(takes, terms, TimeProvider.System.GetUtcNow()), 4);
        decimal held = 0;
        for (ulong i = 5; held == 0 && !stop.IsCancellationRequested; i++)
        {
            client.Start(new Reconcile(), i);
            await Task.Delay(200, stop.Token);
            while (told.Reader.TryRead(out var happened))
                if (happened is ReconcileSeen seen)
                    held = seen.Positions.FirstOrDefault(position => position.Instrument == Perpetual)?.Contracts ?? 0;
        }
        Assert.InRange(held, 1, 3);
        await stop.CancelAsync();
        await running;

        OrderIntent Order(string label, Side side, decimal price, OrderLife life) =>
            new(
                label,
                Perpetual,
                side,
                3,
                price,
                false,
                false,
                life,
                TimeProvider.System.GetUtcNow().AddSeconds(5),
                OrderPurpose.Resize
            );

        async Task<T> UntilAsync<T>(Func<T, bool> holds)
            where T : EngineEvent
        {
            await foreach (var happened in told.Reader.ReadAllAsync(stop.Token))
                if (happened is T found && holds(found))
                    return found;
            throw new InvalidOperationException("ended");
        }
    }
}
