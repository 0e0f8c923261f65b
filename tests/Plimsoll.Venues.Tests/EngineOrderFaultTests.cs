using Plimsoll.Engine;
using Plimsoll.Markets;
using Plimsoll.Paper;
using Plimsoll.Paper.Tests;

namespace Plimsoll.Venues.Tests;

/// <summary>
/// Orders of the engine itself through each thing that can happen on the way: it rests, changes, crosses and cancels as
/// it likes, and at the end what it believes is what the venue has, and nothing was done twice.
/// </summary>
public sealed class EngineOrderFaultTests
{
    const string Name = SmallVenue.Perpetual;

    public static TheoryData<string, bool> Cells()
    {
        var cells = new TheoryData<string, bool>();
        foreach (
            string fault in (string[])
                [
                    "none",
                    "drop=30%",
                    "drop=100%",
                    "delay=60%:900ms",
                    "delay=50%:6s",
                    "duplicate=100%",
                    "reorder=50%",
                    "gap=100%",
                    "garbage=20%",
                    "disconnect=5%",
                    "slow=100%:2s",
                    "requests lost",
                    "no credits",
                ]
        )
        {
            cells.Add(fault, false);
            cells.Add(fault, true);
        }
        return cells;
    }

    [Theory, MemberData(nameof(Cells))]
    public void What_the_engine_believes_is_what_the_venue_has(string fault, bool isTraded)
    {
        EngineBeside? engine = null;
        var follower = Follower.Run(
            async follower =>
            {
                engine = new EngineBeside(follower) { Target = 40 };
                await follower.UpAsync();
                await follower.UntilAsync(() => engine.State.AliveOrders.Any(), "its first order");
                for (int round = 0; round < 3; round++)
                {
                    Begin(follower.World, fault);
                    for (int i = 0; i < 8; i++)
                    {
                        await follower.WaitAsync(0.5);
                        if (isTraded)
                            follower.World.Trade(Name, i % 2 == 0 ? Side.Sell : Side.Buy, 20);
                    }
                    (follower.World.Faults, follower.World.LostRequests) = (FaultPlan.None, 0);
                    engine.Target = -engine.Target;
                    await follower.WaitAsync(8);
                }
                engine.Stop();
                await follower.UntilAsync(() => !engine.State.AliveOrders.Any(), "every order is over", 60);
                await follower.UpAsync();
                var stoppedAt = follower.Time.GetUtcNow();
                await follower.UntilAsync(() => ReadAfter(follower, engine, stoppedAt), "read back", 30);
                engine.End();
            },
            tier: fault == "no credits" ? 4 : 0
        );
        var (account, state) = (follower.World.Client, engine!.State);
        var sent = engine.Effects.OfType<SendOrder>().Select(send => send.Order.Label).ToList();
        Assert.Equal(sent.Count, sent.Distinct().Count());
        Assert.Empty(account.OpenOrders);
        // What reached the venue was sent, once.
        Assert.Equal(follower.World.Requests.Count, follower.World.Requests.Distinct().Count());
        Assert.Empty(follower.World.Requests.Except(sent));
        Assert.True(follower.World.Edits <= engine.Effects.OfType<EditOrder>().Count());
        decimal held = account.Positions.Values.SingleOrDefault(one => one.Listed.Name == Name)?.Size ?? 0;
        Assert.Equal(held / 10, state.Position(Name));
        if (fault == "none")
        {
            Assert.True(follower.World.Edits > 3, $"{follower.World.Edits} changes");
            Assert.Contains(engine.Effects, effect => effect is CancelOrder);
            Assert.True(account.Fills.Count > 3, $"{account.Fills.Count} trades");
        }
    }

    // Its clock still ticks: the venue is read every three seconds.
    static bool ReadAfter(Follower follower, EngineBeside engine, DateTimeOffset at) =>
        EngineView.Of(engine.State).ReconciledAt is { } read && read > at && follower.IsUp;

    static void Begin(PaperWorld world, string fault)
    {
        switch (fault)
        {
            case "none":
                break;
            case "requests lost":
                world.LostRequests = 0.5;
                break;
            case "no credits":
                world.Drain();
                break;
            default:
                world.Faults = SessionTests.Faults(fault);
                break;
        }
    }
}
