using System.Collections.Immutable;
using Plimsoll.Margin;
using Plimsoll.Markets;

namespace Plimsoll.Venues;

/// <summary>Which of the venues that speak Deribit's API: the paper venue, the test net, or the venue itself.</summary>
/// <param name="Name">One of <see cref="Named"/>.</param>
/// <param name="Url">Where it listens.</param>
public sealed record DeribitPlace(string Name, Uri Url) : VenuePlace(Name, Url)
{
    const string Paper = "paper";
    const string Real = "deribit";

    // The paper venue prints its keys at its start; they open nothing else.
    const string PaperId = "paper";
    const string PaperSecret = "paper-secret";
    const string PaperReaderId = "paper-read";
    const string PaperReaderSecret = "paper-read-secret";

    static readonly Uri PaperUrl = new("http://127.0.0.1:8085");

    /// <summary>Names by which a person chooses.</summary>
    public static IReadOnlyList<string> Named { get; } = [Paper, "deribit-test", Real];

    /// <inheritdoc />
    public override bool IsReal => Name == Real;

    /// <inheritdoc />
    public override string Venue => "deribit";

    /// <inheritdoc />
    public override IReadOnlyList<string> UsualInstruments => ["*-PERPETUAL"];

    /// <inheritdoc />
    public override Parsed<VenueAccess> Access(string? keyFile, Func<string, string?> environment, bool sendsOrders)
    {
        var key = Key(keyFile, environment);
        return key.Succeeded
            ? Parsed<VenueAccess>.Ok(
                new VenueAccess(
                    key.Value.ClientId,
                    (trades, time) => new DeribitClient(Settings with { Trades = trades }, key.Value, time)
                )
            )
            : Parsed<VenueAccess>.Fail(key.Faults);
    }

    /// <inheritdoc />
    public override Parsed<AccountStop> Stop(string? keyFile, Func<string, string?> environment, HttpClient http)
    {
        var key = Key(keyFile, environment);
        return key.Succeeded
            ? Parsed<AccountStop>.Ok(new DeribitStop(Settings, key.Value, http))
            : Parsed<AccountStop>.Fail(key.Faults);
    }

    /// <summary>The account's key: from a file, from the environment, or the paper venue's own.</summary>
    /// <param name="file">Path; null: the environment.</param>
    /// <param name="environment">Variables by name.</param>
    /// <param name="reads">Whether the paper venue's own is the one that only reads.</param>
    public Parsed<VenueKey> Key(string? file, Func<string, string?> environment, bool reads = false) =>
        VenueKey.Read(
            file,
            Name == Paper ? "PLIMSOLL_PAPER" : "PLIMSOLL_DERIBIT",
            name =>
                environment(name)
                ?? (
                    Name != Paper ? null
                    : name.EndsWith("_ID", StringComparison.Ordinal)
                        ? reads ? PaperReaderId
                            : PaperId
                    : reads ? PaperReaderSecret
                    : PaperSecret
                )
        );

    /// <inheritdoc />
    public override async Task<Parsed<ImmutableList<StatedMargin>>> AskMarginAsync(
        string? keyFile,
        Func<string, string?> environment,
        ImmutableArray<Position> book,
        CancellationToken cancel
    )
    {
        var key = Key(keyFile, environment, reads: true);
        return key.Succeeded
            ? await DeribitSimulator.OnceAsync(Settings, key.Value, book, cancel)
            : Parsed<ImmutableList<StatedMargin>>.Fail(key.Faults);
    }

    /// <summary>How to reach it.</summary>
    public DeribitSettings Settings => new() { Url = Url, IsLive = IsReal };

    internal static DeribitPlace? Of(string name, Uri? url) =>
        Named.Contains(name)
            ? new DeribitPlace(
                name,
                url
                    ?? name switch
                    {
                        Real => DeribitSettings.Live,
                        Paper => PaperUrl,
                        _ => DeribitSettings.TestNet,
                    }
            )
            : null;

    /// <inheritdoc />
    private protected override Fault? Problem =>
        AddressFault(Name == Paper && !Url.IsLoopback ? "the paper venue is on loopback" : Settings.Problem);
}
