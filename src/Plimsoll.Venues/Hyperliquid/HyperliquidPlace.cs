using Plimsoll.Markets;

namespace Plimsoll.Venues;

/// <summary>Hyperliquid, or its test net; an account there is known by its address and read without a key.</summary>
/// <param name="Name">One of <see cref="Named"/>.</param>
/// <param name="Url">Where it listens.</param>
/// <param name="Address">Of the account; null: as the environment says.</param>
public sealed record HyperliquidPlace(string Name, Uri Url, string? Address) : VenuePlace(Name, Url)
{
    const string Real = "hyperliquid";
    const string AddressVariable = "PLIMSOLL_HYPERLIQUID_ADDRESS";
    const string KeyVariable = "PLIMSOLL_HYPERLIQUID_KEY";

    /// <summary>Names by which a person chooses.</summary>
    public static IReadOnlyList<string> Named { get; } = ["hyperliquid-test", Real];

    /// <inheritdoc />
    public override bool IsReal => Name == Real;

    /// <inheritdoc />
    public override string Venue => "hyperliquid";

    /// <inheritdoc />
    public override IReadOnlyList<string> UsualInstruments => ["BTC", "ETH"];

    /// <inheritdoc />
    public override Parsed<VenueAccess> Access(string? keyFile, Func<string, string?> environment, bool sendsOrders)
    {
        var (address, key, faults) = Read(keyFile, environment, sendsOrders || keyFile is not null);
        return faults.Count > 0
            ? Parsed<VenueAccess>.Fail(faults)
            : Parsed<VenueAccess>.Ok(
                new VenueAccess(
                    address!.ToLowerInvariant(),
                    (_, time) => new HyperliquidClient(SettingsOf(address), key, time)
                )
            );
    }

    /// <inheritdoc />
    public override Parsed<AccountStop> Stop(string? keyFile, Func<string, string?> environment, HttpClient http)
    {
        var (address, key, faults) = Read(keyFile, environment, needsKey: true);
        return faults.Count > 0
            ? Parsed<AccountStop>.Fail(faults)
            : Parsed<AccountStop>.Ok(new HyperliquidStop(SettingsOf(address!), key!, http));
    }

    (string? Address, WalletKey? Key, List<Fault> Faults) Read(
        string? keyFile,
        Func<string, string?> environment,
        bool needsKey
    )
    {
        string? address = Address ?? environment(AddressVariable);
        var faults = new List<Fault>();
        if (address is null)
            faults.Add(
                new Fault(
                    "--address",
                    null,
                    "",
                    "nothing",
                    $"the account's address, or {AddressVariable}: 0x, 40 hex digits"
                )
            );
        else if (!HyperliquidSettings.IsAddress(address))
            faults.Add(NoAddress(address));
        if (!needsKey)
            return (address, null, faults);
        var read = WalletKey.Read(keyFile, KeyVariable, environment);
        faults.AddRange(read.Faults);
        return (address, read.Succeeded ? read.Value : null, faults);
    }

    internal static HyperliquidPlace? Of(string name, Uri? url, string? address) =>
        Named.Contains(name)
            ? new HyperliquidPlace(
                name,
                url ?? (name == Real ? HyperliquidSettings.Live : HyperliquidSettings.TestNet),
                address
            )
            : null;

    /// <inheritdoc />
    private protected override Fault? Problem =>
        AddressProblem ?? AddressFault(SettingsOf(HyperliquidSettings.NobodysAddress).Problem);

    /// <summary>How to reach it, for the address that was given.</summary>
    public HyperliquidSettings Settings => SettingsOf(Address ?? HyperliquidSettings.NobodysAddress);

    Fault? AddressProblem => Address is not null && !HyperliquidSettings.IsAddress(Address) ? NoAddress(Address) : null;

    static Fault NoAddress(string found) => new("--address", null, "", found, "an address: 0x and 40 hex digits");

    HyperliquidSettings SettingsOf(string address) =>
        new()
        {
            Url = Url,
            IsLive = IsReal,
            Account = address,
        };
}
