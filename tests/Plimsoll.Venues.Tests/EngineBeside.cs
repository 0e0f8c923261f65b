using Plimsoll.Controls;
using Plimsoll.Engine;
using Plimsoll.Paper.Tests;

namespace Plimsoll.Venues.Tests;

/// <summary>The engine's own core beside a client: what the client tells it learns, what it asks the client does.</summary>
sealed class EngineBeside
{
    readonly Follower follower;
    bool isOver;

    public EngineBeside(Follower follower)
    {
        this.follower = follower;
        Give(new Configured(Settings, [follower.Terms(SmallVenue.Perpetual)]));
        Give(new Armed("test", "start"));
        follower.Told = Give;
        _ = TickAsync();
    }

    public EngineState State { get; } = new();

    public List<EngineEffect> Effects { get; } = [];

    /// <summary>Contracts that every solve wants.</summary>
    public decimal Target { get; set; }

    static EngineSettings Settings { get; } =
        new()
        {
            EngineId = "test",
            SolveInterval = TimeSpan.FromSeconds(2),
            SimulateInterval = TimeSpan.Zero,
            ReconcileInterval = TimeSpan.FromSeconds(3),
            BandLots = 1,
            BandShare = 0.02m,
            Controls = new ControlLimits
            {
                OrderNotionalUsd = 50_000,
                OrderShareOfEquity = 1,
                PositionNotionalUsd = 100_000,
                GrossNotionalUsd = 200_000,
                OpenOrders = 10,
                PriceCollar = 0.02m,
                InitialMarginShare = 0.8m,
                LossTodayShare = 0.5m,
                MessagesPerSecond = 20,
            },
            Resting = new RestingSettings
            {
                IsOn = true,
                Deadline = TimeSpan.FromSeconds(6),
                EditPause = TimeSpan.FromSeconds(0.5),
                EditBand = 0.0001m,
            },
        };

    /// <summary>The process ends: orders are cancelled, nothing new is sent.</summary>
    public void Stop() => Give(new Stopped("the test is over"));

    /// <summary>Its clock stands still from now on.</summary>
    public void End() => isOver = true;

    public void Give(EngineEvent happened)
    {
        if (happened is not TickerSeen { Instrument: not SmallVenue.Perpetual })
            Apply(happened);
    }

    void Apply(EngineEvent happened)
    {
        var effects = new List<EngineEffect>();
        ulong sequence = State.Sequence + 1;
        EngineCore.Step(State, new Sequenced(sequence, follower.Time.GetUtcNow(), happened), effects);
        Effects.AddRange(effects);
        foreach (var effect in effects)
            if (effect is Solve asked)
                Give(
                    new TargetsReady(
                        sequence,
                        asked.InputDigest,
                        [new TargetContracts(SmallVenue.Perpetual, Target, 0.2m, 10, "")]
                    )
                );
            else
                follower.Client.Start(effect, sequence);
    }

    async Task TickAsync()
    {
        while (!isOver)
        {
            await follower.WaitAsync(0.25);
            Give(new TimePassed());
        }
    }
}
