using Plimsoll.Markets;
using Plimsoll.Paper;

namespace Plimsoll.Daemon;

/// <summary>Venue, market and gateway of one run, behind one lock; time comes from the host's clock.</summary>
sealed class PaperWorld
{
    // A host that was kept waiting shows the market of now, and of the second before it.
    const int MostSteps = 4;
    readonly Lock gate = new();
    readonly TimeProvider clock;
    readonly Gateway gateway;

    PaperWorld(Venue venue, Gateway gateway, FaultPlan faults, string what, TimeProvider clock)
    {
        (Venue, this.gateway, Faults, What, this.clock) = (venue, gateway, faults, what, clock);
    }

    /// <summary>What goes wrong on the way out.</summary>
    public FaultPlan Faults { get; }

    /// <summary>The market in words.</summary>
    public string What { get; }

    /// <summary>The venue; touch it only within <see cref="With{T}"/>.</summary>
    public Venue Venue { get; }

    /// <summary>Largest body or frame.</summary>
    public int LargestFrameBytes => Venue.Figures.LargestFrameBytes;

    /// <summary>Keys of the accounts that a run has.</summary>
    public static IReadOnlyList<(string ClientId, string Secret, bool MayTrade)> Keys { get; } =
    [("paper", "paper-secret", true), ("paper-read", "paper-read-secret", false), ("paper-2", "paper-2-secret", true)];

    /// <summary>Time now, microseconds UTC.</summary>
    public long NowUs => clock.GetUtcNow().ToUnixTimeMilliseconds() * 1000 + clock.GetUtcNow().Microsecond;

    /// <summary>Builds a run.</summary>
    public static Parsed<PaperWorld> Make(PaperOptions options, TimeProvider clock)
    {
        long nowMs = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var market = PaperMarket.Read(options, nowMs);
        if (!market.Succeeded)
            return Parsed<PaperWorld>.Fail(market.Faults);
        var start = market.Value.Start;
        long startMs = options.RecordedClock ? start.Snapshot.AsOf.ToUnixTimeMilliseconds() : nowMs;
        // With its own dates a recorded series also runs at its own speed, so that expiries meet their chains.
        double pace = options.RecordedClock ? options.Speed : 1;
        var venue = new Venue(VenueFigures.Shipped, options.Margin, startMs);
        var driver = new MarketDriver(
            venue,
            start,
            options.RecordedClock ? new PacedPath(market.Value.Path, options.Speed) : market.Value.Path,
            new MarketLife(options.Crowd),
            options.Seed
        );
        var owner = Client(venue, "paper");
        var second = Client(venue, "paper-2");
        var keys = Keys.Select(key => new ApiKey(
                key.ClientId,
                key.Secret,
                key.ClientId == "paper-2" ? second : owner,
                key.MayTrade
            ))
            .ToList();
        venue.Drain();
        long originMs = nowMs;
        long VenueMs(long us) => startMs + (long)((us / 1000 - originMs) * pace);
        var gateway = new Gateway(venue, keys, VenueMs, ms => driver.RunTo(ms, MostSteps), options.Tier);
        return Parsed<PaperWorld>.Ok(new PaperWorld(venue, gateway, options.Faults, market.Value.What, clock));
    }

    /// <summary>Works on the gateway alone.</summary>
    public T With<T>(Func<Gateway, T> work)
    {
        lock (gate)
            return work(gateway);
    }

    /// <summary>Works on the gateway alone.</summary>
    public void With(Action<Gateway> work)
    {
        lock (gate)
            work(gateway);
    }

    static PaperAccount Client(Venue venue, string name) =>
        venue.OpenAccount(
            name,
            AccountRole.Client,
            new Balance(new Currency("BTC"), 10),
            new Balance(new Currency("ETH"), 100),
            new Balance(Currency.Usdc, 1_000_000)
        );

    /// <summary>A path whose time is the venue's own, which runs faster than the path's.</summary>
    sealed class PacedPath(IMarketPath under, double pace) : IMarketPath
    {
        public void MoveTo(long elapsedMs) => under.MoveTo((long)(elapsedMs / pace));

        public CoinMoment At(string coin) => under.At(coin);

        public double VolatilityAnnual(string coin, double strikeUsd, double tYears, double forwardUsd) =>
            under.VolatilityAnnual(coin, strikeUsd, tYears, forwardUsd);
    }
}
