using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Plimsoll.Markets;

namespace Plimsoll.Venues;

/// <summary>Deribit over WebSocket, or any venue that speaks its API: market data, account, orders.</summary>
public sealed class DeribitClient : VenueClient
{
    // Until the venue has stated the account's own limits: its lowest tier.
    const double MatchingRate = 5;
    const double MatchingBurst = 20;
    const double OtherRate = 20;
    const double OtherBurst = 100;
    const double SubscribeRate = 10.0 / 3;
    const double SubscribeBurst = 10;
    readonly DeribitSettings settings;
    readonly VenueKey? key;
    readonly DeribitContracts contracts = new();
    readonly VenueLine line;
    readonly OrderReports reports;
    readonly DeribitTransfers transfers;

    /// <summary>A client; it connects when it is run.</summary>
    /// <param name="settings">Where and how.</param>
    /// <param name="key">Key of the account; null reads public data only.</param>
    /// <param name="time">Clock; null: the machine's.</param>
    /// <exception cref="VenueException">The address will not do, such as the live venue without leave.</exception>
    public DeribitClient(DeribitSettings settings, VenueKey? key, TimeProvider? time = null)
        : this(settings, key, time ?? TimeProvider.System, WebSocketFrames.OpenAsync, null) { }

    internal DeribitClient(
        DeribitSettings settings,
        VenueKey? key,
        TimeProvider time,
        OpenFrames open,
        SynchronizationContext? context
    )
        : base(
            settings.Socket,
            open,
            new Backoff(settings.FirstPause, settings.LongestPause, settings.Seed),
            time,
            context
        )
    {
        if (settings.Problem is { } problem)
            throw new VenueException(problem);
        (this.settings, this.key) = (settings, key);
        line = new VenueLine(
            time,
            new CallCredits(time, MatchingRate, MatchingBurst, settings.ReservedMessages),
            new CallCredits(time, OtherRate, OtherBurst, OtherBurst / 10),
            new CallCredits(time, SubscribeRate, SubscribeBurst)
        );
        Simulator = new DeribitSimulator(contracts, time, line.ReadAsync);
        reports = new OrderReports(Tell);
        transfers = new DeribitTransfers(contracts, line, reports);
        Orders = new DeribitOrders(contracts, line, reports, Tell);
        Reading = new Reconciling(
            line,
            new DeribitReading(contracts, transfers, line, reports, settings.TradesAtStart).TryAsync,
            Tell
        );
    }

    private protected override VenueLine Line => line;

    private protected override VenueOrders? Orders { get; }

    private protected override Reconciling Reading { get; }

    private protected override IMarginSimulator Simulator { get; }

    private protected override async Task<ImmutableArray<Instrument>> ReadInstrumentsAsync(
        IFrames frames,
        CancellationToken cancel
    )
    {
        const string Method = "public/get_instruments";
        var answer = await AskAsync(
            frames,
            new JsonRpc(),
            settings.AnswerWait,
            connection => connection.CallAsync(Method, new JsonObject { ["currency"] = "any" }),
            cancel
        );
        return contracts.Learn(answer.Needed(Method));
    }

    private protected override Task<SessionEnd> RunSessionAsync(
        IFrames frames,
        IReadOnlyList<string> instruments,
        Action isUp,
        CancellationToken cancel
    ) =>
        key is null
            ? throw new VenueKeyRefused("an account needs a key")
            : new DeribitSession(settings, key, Time, line, contracts, transfers, reports, Tell).RunAsync(
                frames,
                instruments,
                isUp,
                cancel
            );
}
