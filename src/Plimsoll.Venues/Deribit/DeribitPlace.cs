using Plimsoll.Markets;

namespace Plimsoll.Venues;

/// <summary>Which of the venues that speak Deribit's API: the paper venue, the test net, or the venue itself.</summary>
/// <param name="Name">One of <see cref="Names"/>.</param>
/// <param name="Url">Where it listens.</param>
public sealed record DeribitPlace(string Name, Uri Url)
{
    const string Paper = "paper";
    const string Real = "deribit";

    // The paper venue prints its keys at its start; they open nothing else.
    const string PaperId = "paper";
    const string PaperSecret = "paper-secret";

    static readonly Uri PaperUrl = new("http://127.0.0.1:8085");

    /// <summary>Names by which a person chooses.</summary>
    public static IReadOnlyList<string> Names { get; } = [Paper, "deribit-test", Real];

    /// <summary>Whether money is real there.</summary>
    public bool IsReal => Name == Real;

    /// <summary>Prefix of the environment variables that hold the key.</summary>
    string KeyPrefix => Name == Paper ? "PLIMSOLL_PAPER" : "PLIMSOLL_DERIBIT";

    /// <summary>A place from what a person wrote, or what is wrong with it.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="url">Another address than the usual one; null: the usual one.</param>
    public static Parsed<DeribitPlace> Read(string name, string? url)
    {
        if (!Names.Contains(name))
            return Parsed<DeribitPlace>.Fail(
                new Fault("--venue", null, "", name, $"one of {string.Join(", ", Names)}")
            );
        var usual = name switch
        {
            Real => DeribitSettings.Live,
            Paper => PaperUrl,
            _ => DeribitSettings.TestNet,
        };
        if (url is null)
            return Parsed<DeribitPlace>.Ok(new DeribitPlace(name, usual));
        if (!Uri.TryCreate(url, UriKind.Absolute, out var other) || other.Scheme is not ("http" or "https"))
            return Parsed<DeribitPlace>.Fail(
                new Fault("--url", null, "", url, $"an address such as {PaperUrl.OriginalString}")
            );
        string? problem =
            name == Paper && !other.IsLoopback
                ? "the paper venue is on loopback"
                : new DeribitSettings { Url = other, IsLive = name == Real }.Problem;
        return problem is null
            ? Parsed<DeribitPlace>.Ok(new DeribitPlace(name, other))
            : Parsed<DeribitPlace>.Fail(new Fault("--url", null, "", url, $"another address: {problem}"));
    }

    /// <summary>The account's key: from a file, from the environment, or the paper venue's own.</summary>
    /// <param name="file">Path; null: the environment.</param>
    /// <param name="environment">Variables by name.</param>
    public Parsed<VenueKey> Key(string? file, Func<string, string?> environment) =>
        VenueKey.Read(
            file,
            KeyPrefix,
            name =>
                environment(name)
                ?? (
                    Name != Paper ? null
                    : name.EndsWith("_ID", StringComparison.Ordinal) ? PaperId
                    : PaperSecret
                )
        );
}
