using System.Collections.Immutable;
using Plimsoll.Margin;
using Plimsoll.Markets;

namespace Plimsoll.Venues;

/// <summary>OKX, or its demo trading.</summary>
/// <param name="Name">One of <see cref="Named"/>.</param>
/// <param name="Url">Where it listens.</param>
public sealed record OkxPlace(string Name, Uri Url) : VenuePlace(Name, Url)
{
    const string Real = "okx";

    /// <summary>Names by which a person chooses.</summary>
    public static IReadOnlyList<string> Named { get; } = ["okx-demo", Real];

    /// <inheritdoc />
    public override bool IsReal => Name == Real;

    /// <inheritdoc />
    public override string Venue => "okx";

    /// <inheritdoc />
    public override IReadOnlyList<string> UsualInstruments => ["BTC-USDT-SWAP", "ETH-USDT-SWAP"];

    /// <inheritdoc />
    public override Parsed<VenueAccess> Access(string? keyFile, Func<string, string?> environment, bool sendsOrders)
    {
        var key = Key(keyFile, environment);
        return key.Succeeded
            ? Parsed<VenueAccess>.Ok(
                new VenueAccess(
                    key.Value.ClientId,
                    (trades, time) => new OkxClient(Settings with { Trades = trades }, key.Value, time)
                )
            )
            : Parsed<VenueAccess>.Fail(key.Faults);
    }

    /// <inheritdoc />
    public override async Task<Parsed<ImmutableList<StatedMargin>>> AskMarginAsync(
        string? keyFile,
        Func<string, string?> environment,
        ImmutableArray<Position> book,
        CancellationToken cancel
    )
    {
        var key = Key(keyFile, environment);
        return key.Succeeded
            ? Parsed<ImmutableList<StatedMargin>>.Ok(await OkxSimulator.Once(Settings, key.Value).AskAsync(book))
            : Parsed<ImmutableList<StatedMargin>>.Fail(key.Faults);
    }

    /// <inheritdoc />
    public override Parsed<AccountStop> Stop(string? keyFile, Func<string, string?> environment, HttpClient http)
    {
        var key = Key(keyFile, environment);
        return key.Succeeded
            ? Parsed<AccountStop>.Ok(new OkxStop(Settings, key.Value, http))
            : Parsed<AccountStop>.Fail(key.Faults);
    }

    static Parsed<VenueKey> Key(string? file, Func<string, string?> environment) =>
        VenueKey.Read(file, "PLIMSOLL_OKX", environment, hasPassphrase: true);

    internal static OkxPlace? Of(string name, Uri? url) =>
        Named.Contains(name) ? new OkxPlace(name, url ?? OkxSettings.Venue) : null;

    /// <inheritdoc />
    private protected override Fault? Problem => AddressFault(Settings.Problem);

    OkxSettings Settings => new() { Url = Url, IsLive = IsReal };
}
