using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Venues;

/// <summary>OKX: swaps, futures and options, account, orders; demo trading unless configuration says live.</summary>
public sealed class OkxClient : VenueClient
{
    // The venue's limits by instrument and by account are wider; these are kept under the lowest of them.
    const double MatchingRate = 20;
    const double MatchingBurst = 40;
    const double OtherRate = 4;
    const double OtherBurst = 10;
    const double SubscribeRate = 2;
    readonly OkxSettings settings;
    readonly OkxContracts contracts = new();
    readonly VenueLine line;
    readonly OkxListing listing;
    readonly Func<OkxSession> session;
    int gaps;

    /// <summary>A client; it connects when it is run.</summary>
    /// <param name="settings">Where and how.</param>
    /// <param name="key">Key of the account, with its passphrase.</param>
    /// <param name="time">Clock; null: the machine's.</param>
    /// <exception cref="VenueException">The address will not do.</exception>
    public OkxClient(OkxSettings settings, VenueKey key, TimeProvider? time = null)
        : this(settings, key, time ?? TimeProvider.System, WebSocketFrames.OpenAsync, HttpCalls.SendAsync, null) { }

    internal OkxClient(
        OkxSettings settings,
        VenueKey key,
        TimeProvider time,
        OpenFrames open,
        SendHttp send,
        SynchronizationContext? context
    )
        : base(
            settings.Socket("private"),
            open,
            new Backoff(TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(30), settings.Seed),
            time,
            context
        )
    {
        if (settings.Problem is { } problem)
            throw new VenueException(problem);
        this.settings = settings;
        line = new VenueLine(
            time,
            new CallCredits(time, MatchingRate, MatchingBurst, settings.ReservedMessages),
            new CallCredits(time, OtherRate, OtherBurst, OtherBurst / 4),
            new CallCredits(time, SubscribeRate, SubscribeRate)
        );
        var reports = new OrderReports(Tell);
        var rest = new OkxRest(settings, key, send, line, time);
        var holdings = new OkxHoldings();
        var reading = new OkxReading(contracts, holdings, rest, line, reports, settings.TradesAtStart);
        var orders = new OkxOrders(contracts, holdings, rest, reading, line, reports, Tell);
        listing = new OkxListing(settings, contracts, rest);
        Orders = orders;
        Simulator = new OkxSimulator(rest);
        Reading = new Reconciling(line, reading.TryAsync, Tell);
        session = () =>
            new OkxSession(settings, key, time, line, contracts, holdings, listing, rest, orders, reports, Tell);
    }

    /// <summary>Gaps and wrong sums found in order books so far, over all sessions.</summary>
    internal int Gaps => gaps;

    private protected override VenueLine Line => line;

    private protected override VenueOrders? Orders { get; }

    private protected override Reconciling Reading { get; }

    private protected override IMarginSimulator Simulator { get; }

    private protected override async Task<ImmutableArray<Instrument>> ReadInstrumentsAsync(
        IFrames frames,
        CancellationToken cancel
    )
    {
        try
        {
            return await listing.ReadAsync();
        }
        catch (Exception e) when (e is FormatException or KeyNotFoundException or InvalidOperationException)
        {
            throw new VenueException($"terms that are not understood: {e.Message}", e);
        }
    }

    private protected override async Task<SessionEnd> RunSessionAsync(
        IFrames frames,
        IReadOnlyList<string> instruments,
        Action isUp,
        CancellationToken cancel
    )
    {
        await using var market = await OpenAsync(settings.Socket("public"), cancel);
        var made = session();
        try
        {
            return await made.RunAsync(frames, market, instruments, isUp, cancel);
        }
        finally
        {
            gaps += made.Gaps;
        }
    }
}
