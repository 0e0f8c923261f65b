using System.Collections.Immutable;
using Plimsoll.Margin;
using Plimsoll.Markets;

namespace Plimsoll.Venues;

/// <summary>An account at a venue that may be opened: whose it is, and how a client of it is made.</summary>
/// <param name="Account">The public part of its key or its address; no secret.</param>
/// <param name="Connect">Makes a client; whether it may send orders, and its clock.</param>
public sealed record VenueAccess(string Account, Func<bool, TimeProvider, VenueClient> Connect);

/// <summary>A venue as a person names it, and where it listens.</summary>
/// <param name="Name">One of <see cref="Names"/>.</param>
/// <param name="Url">Where it listens.</param>
public abstract record VenuePlace(string Name, Uri Url)
{
    /// <summary>Names by which a person chooses; the first is chosen when nobody does.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [.. DeribitPlace.Named, .. HyperliquidPlace.Named, .. OkxPlace.Named];

    /// <summary>Whether money is real there.</summary>
    public abstract bool IsReal { get; }

    /// <summary>The venue's key, by which its margin is known.</summary>
    public abstract string Venue { get; }

    /// <summary>Names or patterns that are followed where nothing else says which.</summary>
    public abstract IReadOnlyList<string> UsualInstruments { get; }

    /// <summary>A place from what a person wrote, or what is wrong with it.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="url">Another address than the usual one; null: the usual one.</param>
    /// <param name="address">Address of the account at a venue whose accounts have one; else null.</param>
    public static Parsed<VenuePlace> Read(string name, string? url, string? address = null)
    {
        Uri? other = null;
        if (
            url is not null
            && (!Uri.TryCreate(url, UriKind.Absolute, out other) || other.Scheme is not ("http" or "https"))
        )
            return Fail("--url", url, "an address such as http://127.0.0.1:8085");
        var place =
            DeribitPlace.Of(name, other)
            ?? OkxPlace.Of(name, other)
            ?? (VenuePlace?)HyperliquidPlace.Of(name, other, address);
        if (place is null)
            return Fail("--venue", name, $"one of {string.Join(", ", Names)}");
        if (address is not null && place is not HyperliquidPlace)
            return Fail("--address", address, $"nothing: an account of {name} is known by its key");
        return place.Problem is { } problem ? Parsed<VenuePlace>.Fail(problem) : Parsed<VenuePlace>.Ok(place);
    }

    /// <summary>The account and how to reach it; its key from a file or from the environment.</summary>
    /// <param name="keyFile">Path; null: the environment.</param>
    /// <param name="environment">Variables by name.</param>
    /// <param name="sendsOrders">Whether a key that signs is needed.</param>
    public abstract Parsed<VenueAccess> Access(string? keyFile, Func<string, string?> environment, bool sendsOrders);

    /// <summary>What the venue's own simulator states of a book's margin; asked once, without a session.</summary>
    /// <param name="keyFile">Path of the account's key; null: the environment.</param>
    /// <param name="environment">Variables by name.</param>
    /// <param name="book">Positions of this venue.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="VenueException">The venue did not answer.</exception>
    public virtual Task<Parsed<ImmutableList<StatedMargin>>> AskMarginAsync(
        string? keyFile,
        Func<string, string?> environment,
        ImmutableArray<Position> book,
        CancellationToken cancel
    ) =>
        Task.FromResult(
            Parsed<ImmutableList<StatedMargin>>.Fail(
                new Fault("--reconcile", null, "", Name, "a venue with a margin simulator: Deribit, OKX, paper")
            )
        );

    /// <summary>What stops the account there without an engine.</summary>
    /// <param name="keyFile">Path; null: the environment.</param>
    /// <param name="environment">Variables by name.</param>
    /// <param name="http">Makes the requests.</param>
    public abstract Parsed<AccountStop> Stop(string? keyFile, Func<string, string?> environment, HttpClient http);

    /// <summary>Why the place cannot be used; null when it can.</summary>
    private protected abstract Fault? Problem { get; }

    /// <summary>A fault of the address, from what the venue's settings say.</summary>
    private protected Fault? AddressFault(string? problem) =>
        problem is null ? null : new Fault("--url", null, "", Url.OriginalString, $"another address: {problem}");

    static Parsed<VenuePlace> Fail(string option, string found, string expected) =>
        Parsed<VenuePlace>.Fail(new Fault(option, null, "", found, expected));
}
