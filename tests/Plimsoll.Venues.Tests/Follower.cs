using Plimsoll.Engine;
using Plimsoll.Markets;
using Plimsoll.Paper.Tests;

namespace Plimsoll.Venues.Tests;

/// <summary>Runs a client against the paper venue in virtual time and keeps what it tells.</summary>
sealed class Follower
{
    public static readonly string[] Names = [SmallVenue.Perpetual, SmallVenue.Future, SmallVenue.Call];

    public Follower(PaperWorld world, VirtualTime time, DeribitSettings? settings = null, VenueKey? key = null) =>
        (World, Time, Client) = (world, time, world.Connect(settings, key));

    public PaperWorld World { get; }

    public VirtualTime Time { get; }

    public DeribitClient Client { get; }

    public List<EngineEvent> Events { get; } = [];

    /// <summary>Called with each event after it is kept.</summary>
    public Action<EngineEvent>? Told { get; set; }

    public bool IsUp { get; private set; }

    public IEnumerable<T> Of<T>()
        where T : EngineEvent => Events.OfType<T>();

    public T? Last<T>()
        where T : EngineEvent => Of<T>().LastOrDefault();

    /// <summary>Runs a scenario beside the living venue and the running client.</summary>
    public static Follower Run(
        Func<Follower, Task> scenario,
        Action<PaperWorld>? prepare = null,
        DeribitSettings? settings = null,
        VenueKey? key = null,
        ulong seed = 1,
        int tier = 0,
        double minutes = 10
    )
    {
        var time = new VirtualTime();
        Follower? follower = null;
        time.Run(
            async () =>
            {
                var world = new PaperWorld(time, seed, tier);
                prepare?.Invoke(world);
                follower = new Follower(world, time, settings, key);
                using var stop = new CancellationTokenSource();
                var venue = world.LiveAsync(stop.Token);
                var client = VirtualTime.Within(follower.Client.RunAsync(Names, follower.Take, stop.Token));
                try
                {
                    var done = scenario(follower);
                    if (await Task.WhenAny(done, client) == client)
                        await client;
                    await done;
                }
                finally
                {
                    stop.Cancel();
                    await venue;
                }
                await client;
            },
            TimeSpan.FromMinutes(minutes)
        );
        return follower!;
    }

    /// <summary>Waits until something holds.</summary>
    public async Task UntilAsync(Func<bool> holds, string what, double seconds = 60)
    {
        var limit = Time.GetUtcNow().AddSeconds(seconds);
        while (!holds())
        {
            Assert.True(Time.GetUtcNow() < limit, $"not within {seconds} s: {what}");
            await WaitAsync(0.01);
        }
    }

    public Task UpAsync() => UntilAsync(() => IsUp, "the session is up");

    public Task WaitAsync(double seconds) => Task.Delay(TimeSpan.FromSeconds(seconds), Time);

    public Instrument Terms(string name) => World.Venue.Listed[name].Instrument;

    void Take(EngineEvent happened)
    {
        Events.Add(happened);
        IsUp = happened switch
        {
            SessionUp => true,
            SessionDown => false,
            _ => IsUp,
        };
        Told?.Invoke(happened);
    }
}
