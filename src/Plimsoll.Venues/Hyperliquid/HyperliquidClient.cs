using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Plimsoll.Engine;
using Plimsoll.Markets;

namespace Plimsoll.Venues;

/// <summary>Hyperliquid's main dex over WebSocket: perpetuals, account, signed orders.</summary>
/// <remarks>
/// The venue states no clock, so no <see cref="ClockOffsetSeen"/> is told. Markets of other deployers and spot are
/// not followed.
/// </remarks>
public sealed class HyperliquidClient : VenueClient
{
    // 1,200 weights a minute for an address on the network; most readings weigh 2 or 20.
    const double MatchingRate = 5;
    const double MatchingBurst = 20;
    const double OtherRate = 2;
    const double OtherBurst = 40;
    readonly HyperliquidSettings settings;
    readonly HyperliquidContracts contracts;
    readonly VenueLine line;
    readonly OrderReports reports;
    readonly HyperliquidOrders? orders;

    /// <inheritdoc />
    /// <remarks>Its <c>modify</c> ends the order and places another, which may trade at once in between.</remarks>
    public override bool ChangesOrders => false;

    /// <summary>A client; it connects when it is run.</summary>
    /// <param name="settings">Where, how and for whom.</param>
    /// <param name="key">Key that signs, the account's own or its agent's; null only reads.</param>
    /// <param name="time">Clock; null: the machine's.</param>
    /// <exception cref="VenueException">The address will not do, such as the live venue without leave.</exception>
    public HyperliquidClient(HyperliquidSettings settings, WalletKey? key, TimeProvider? time = null)
        : this(settings, key, time ?? TimeProvider.System, WebSocketFrames.OpenAsync, null) { }

    internal HyperliquidClient(
        HyperliquidSettings settings,
        WalletKey? key,
        TimeProvider time,
        OpenFrames open,
        SynchronizationContext? context
    )
        : base(
            settings.Socket,
            open,
            new Backoff(TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(30), settings.Seed),
            time,
            context
        )
    {
        if (settings.Problem is { } problem)
            throw new VenueException(problem);
        this.settings = settings;
        contracts = new HyperliquidContracts(settings.Account);
        line = new VenueLine(
            time,
            new CallCredits(time, MatchingRate, MatchingBurst, settings.ReservedMessages),
            new CallCredits(time, OtherRate, OtherBurst, OtherBurst / 4),
            new CallCredits(time, OtherRate, OtherBurst)
        );
        reports = new OrderReports(Tell);
        orders = key is null ? null : new HyperliquidOrders(settings, key, contracts, line, reports, Tell);
        Reading = new Reconciling(line, new HyperliquidReading(settings, contracts, line, reports).TryAsync, Tell);
    }

    private protected override VenueLine Line => line;

    private protected override VenueOrders? Orders => orders;

    private protected override Reconciling Reading { get; }

    private protected override async Task<ImmutableArray<Instrument>> ReadInstrumentsAsync(
        IFrames frames,
        CancellationToken cancel
    )
    {
        var (meta, fees) = await AskAsync(
            frames,
            new HyperliquidDialect(),
            settings.AnswerWait,
            async connection =>
                (
                    await connection.CallAsync(HyperliquidDialect.Info, new JsonObject { ["type"] = "meta" }),
                    await connection.CallAsync(
                        HyperliquidDialect.Info,
                        new JsonObject { ["type"] = "userFees", ["user"] = settings.Account }
                    )
                ),
            cancel
        );
        return contracts.Learn(meta.Needed("meta"), fees.Needed("userFees"));
    }

    private protected override Task<SessionEnd> RunSessionAsync(
        IFrames frames,
        IReadOnlyList<string> instruments,
        Action isUp,
        CancellationToken cancel
    ) =>
        new HyperliquidSession(settings, Time, line, contracts, orders, reports, Tell).RunAsync(
            frames,
            instruments,
            isUp,
            cancel
        );
}
