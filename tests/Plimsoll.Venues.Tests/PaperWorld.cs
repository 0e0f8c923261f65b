using Plimsoll.Markets;
using Plimsoll.Numerics;
using Plimsoll.Paper;
using Plimsoll.Paper.Tests;

namespace Plimsoll.Venues.Tests;

/// <summary>The real paper venue in the test's own thread and time, with a maker, and faults on the way.</summary>
sealed class PaperWorld
{
    readonly VirtualTime time;
    readonly SmallVenue small = new();
    readonly PaperAccount maker;
    readonly SeededRandom random;
    decimal indexUsd = 65_000;
    GatewayFrames? last;
    bool hasMaker = true;

    public PaperWorld(VirtualTime time, ulong seed = 1, int tier = 0)
    {
        this.time = time;
        random = new SeededRandom(seed, 9);
        maker = small.House();
        Client = small.Client("paper");
        Gateway = new Gateway(
            small.Venue,
            [new ApiKey("paper", "paper-secret", Client, true), new ApiKey("reader", "reader-secret", Client, false)],
            us => us / 1000,
            matchingTier: tier
        );
        Quote();
    }

    public Gateway Gateway { get; }

    public PaperAccount Client { get; }

    public Venue Venue => small.Venue;

    public FaultPlan Faults { get; set; } = FaultPlan.None;

    /// <summary>Share of requests that never reach the venue.</summary>
    public double LostRequests { get; set; }

    /// <summary>Whether the venue takes connections.</summary>
    public bool IsReachable { get; set; } = true;

    /// <summary>An error by which the venue answers a request in place of doing it; null: it does it.</summary>
    public Func<string, (int Code, string Words)?>? Refuses { get; set; }

    /// <summary>Whether the market stands still.</summary>
    public bool IsFrozen { get; set; }

    /// <summary>Time between two looks of the venue at its clock.</summary>
    public TimeSpan Beat { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Connections made so far.</summary>
    public int Connections { get; private set; }

    /// <summary>Every order request that reached the venue, by label.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>Changes of orders that reached the venue.</summary>
    public int Edits { get; set; }

    /// <summary>A frame comes on the last connection that the venue's model has no cause to send.</summary>
    public void Notify(string frame) => last!.Arrive(frame);

    /// <summary>Somebody else with the same key uses up every order message that the account has.</summary>
    public void Drain()
    {
        var session = Gateway.Open("127.0.0.2", NowUs);
        void Ask(string method, string parameters) =>
            Gateway.Receive(
                session,
                $$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{{parameters}}}""",
                NowUs
            );
        Ask(
            "public/auth",
            """{"grant_type":"client_credentials","client_id":"paper","client_secret":"paper-secret"}"""
        );
        for (int i = 0; i < 40; i++)
            Ask("private/cancel_by_label", """{"label":"nobody's"}""");
        Gateway.Close(session, NowUs);
    }

    public long NowUs => time.GetUtcNow().ToUnixTimeMilliseconds() * 1000 + Lead.Ticks / 10;

    /// <summary>The venue's clock less ours.</summary>
    public TimeSpan Lead { get; set; }

    public static VenueKey Key => VenueKey.Of("paper", "paper-secret");

    public static DeribitSettings Settings { get; } =
        new()
        {
            Url = new Uri("http://127.0.0.1:1"),
            Trades = true,
            LongestPause = TimeSpan.FromSeconds(2),
        };

    public DeribitClient Connect(DeribitSettings? settings = null, VenueKey? key = null) =>
        new(settings ?? Settings, key ?? Key, time, OpenAsync, time.Context);

    /// <summary>The venue lives until cancelled: quotes move, notifications leave.</summary>
    public async Task LiveAsync(CancellationToken cancel)
    {
        for (int i = 0; !cancel.IsCancellationRequested; i++)
        {
            if (i % 25 == 0 && !IsFrozen)
                Move();
            Gateway.Pump(NowUs);
            await Task.Delay(Beat, time, CancellationToken.None);
        }
    }

    /// <summary>Somebody sells into the bids, or buys the asks.</summary>
    public void Trade(string name, Side side, decimal amount)
    {
        Gateway.Pass(NowUs);
        var request = new OrderRequest
        {
            Instrument = name,
            Side = side,
            Amount = amount,
            Kind = OrderKind.Market,
        };
        Venue.Place(maker, request);
        Gateway.Dispatch(NowUs);
    }

    /// <summary>An account takes a position from another that is ten times leveraged on the other side.</summary>
    public void Hold(PaperAccount account, Side side, decimal usd)
    {
        Gateway.Pass(NowUs);
        Venue.CancelWhere(maker, _ => true, CancelReason.UserRequest);
        var other = small.Client("other", decimal.Round(usd / indexUsd / 10, 8), 0);
        var taken = side == Side.Sell ? Side.Buy : Side.Sell;
        foreach (var (who, where) in ((PaperAccount, Side)[])[(account, side), (other, taken)])
            Venue.Place(
                who,
                new OrderRequest
                {
                    Instrument = SmallVenue.Perpetual,
                    Side = where,
                    Amount = usd,
                    Kind = OrderKind.Limit,
                    Price = indexUsd,
                }
            );
        Gateway.Dispatch(NowUs);
    }

    /// <summary>The index falls at once and nobody quotes any more.</summary>
    public void Crash(decimal factor)
    {
        hasMaker = false;
        indexUsd *= factor;
        Move();
    }

    void Move()
    {
        indexUsd = Math.Round(indexUsd * (1 + 0.0002m * (random.NextInt(3) - 1)), 0);
        Gateway.Pass(NowUs);
        small.Observe(indexUsd, 2_000, 0);
        Quote();
        Gateway.Dispatch(NowUs);
    }

    void Quote()
    {
        Venue.CancelWhere(maker, _ => true, CancelReason.UserRequest);
        if (!hasMaker)
            return;
        foreach (string name in (string[])[SmallVenue.Perpetual, SmallVenue.Future])
            for (int level = 1; level <= 3; level++)
            {
                decimal amount = 10 * (1 + random.NextInt(50));
                Rest(name, Side.Buy, amount, indexUsd - 10 * level);
                Rest(name, Side.Sell, amount, indexUsd + 10 * level);
            }
    }

    void Rest(string name, Side side, decimal amount, decimal price) =>
        Venue.Place(
            maker,
            new OrderRequest
            {
                Instrument = name,
                Side = side,
                Amount = amount,
                Kind = OrderKind.Limit,
                Price = price,
            }
        );

    Task<IFrames> OpenAsync(Uri address, CancellationToken cancel)
    {
        if (!IsReachable)
            throw new IOException("refused");
        Connections++;
        last = new GatewayFrames(this, time, random);
        return Task.FromResult<IFrames>(last);
    }
}
