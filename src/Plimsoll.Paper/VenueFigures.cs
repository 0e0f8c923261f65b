using System.Text.Json;

namespace Plimsoll.Paper;

/// <summary>One credit bucket: a call costs <paramref name="Cost"/>, the bucket refills continuously.</summary>
/// <param name="Cost">Credits that one call takes.</param>
/// <param name="Burst">Credits of a full bucket.</param>
/// <param name="Rate">Credits a second.</param>
public sealed record CreditRule(decimal Cost, decimal Burst, decimal Rate);

/// <summary>Figures of the venue that are neither contract terms nor margin: dated data, never code.</summary>
/// <remarks>Read from <c>data/venues/deribit/paper-venue.json</c>, which names each source.</remarks>
public sealed record VenueFigures
{
    const string Resource = "venues/deribit/paper-venue.json";

    /// <summary>Share of the notional that a liquidated account pays to the insurance fund.</summary>
    public required decimal LiquidationFee { get; init; }

    /// <summary>Share of a position that one round of liquidation sells.</summary>
    public required decimal LiquidationShare { get; init; }

    /// <summary>Time between rounds of liquidation.</summary>
    public required long LiquidationRoundMs { get; init; }

    /// <summary>Premium within which no funding is paid, a fraction for 8 hours.</summary>
    public required decimal FundingDeadBand8h { get; init; }

    /// <summary>Largest funding, a fraction for 8 hours.</summary>
    public required decimal FundingCap8h { get; init; }

    /// <summary>Time constant of the mark's moving average over the index.</summary>
    public required long MarkAverageMs { get; init; }

    /// <summary>Orders of futures are accepted within this fraction of the mark.</summary>
    public required decimal FutureBandShare { get; init; }

    /// <summary>Orders of options are accepted within this fraction of the underlying about the mark.</summary>
    public required decimal OptionBandShare { get; init; }

    /// <summary>Pause of trading at 08:00 UTC.</summary>
    public required long SettlementPauseMs { get; init; }

    /// <summary>Window of the delivery price before expiry.</summary>
    public required long DeliveryAverageMs { get; init; }

    /// <summary>Trigger orders that an account may have.</summary>
    public required int TriggersPerAccount { get; init; }

    /// <summary>Open orders that an account may have.</summary>
    public required int OpenOrdersPerAccount { get; init; }

    /// <summary>Longest label.</summary>
    public required int LabelCharacters { get; init; }

    /// <summary>Credit buckets by their key in the file.</summary>
    public required IReadOnlyDictionary<string, CreditRule> Credits { get; init; }

    /// <summary>Connections from one address; HTTP requests in flight count.</summary>
    public required int ConnectionsPerAddress { get; init; }

    /// <summary>Largest body or frame that is read.</summary>
    public required int LargestFrameBytes { get; init; }

    /// <summary>Life of a token of connection scope.</summary>
    public required long ConnectionTokenSeconds { get; init; }

    /// <summary>Life of a token of session scope.</summary>
    public required long SessionTokenSeconds { get; init; }

    /// <summary>Tolerated difference between a signature's time and the clock.</summary>
    public required long ClockSkewMs { get; init; }

    /// <summary>Silence after which a connection is closed.</summary>
    public required long IdleDisconnectMs { get; init; }

    /// <summary>The figures that ship with the program.</summary>
    public static VenueFigures Shipped { get; } = Read();

    static VenueFigures Read()
    {
        using var stream = typeof(VenueFigures).Assembly.GetManifestResourceStream(Resource)!;
        using var document = JsonDocument.Parse(stream);
        var root = document.RootElement;
        decimal Number(string key) => root.GetProperty(key).GetDecimal();
        int Count(string key) => root.GetProperty(key).GetInt32();
        long Ms(string key) => 1000 * root.GetProperty(key).GetInt64();
        var funding = root.GetProperty("funding");
        var tokens = root.GetProperty("token_seconds");
        return new VenueFigures
        {
            LiquidationFee = Number("liquidation_fee"),
            LiquidationShare = Number("liquidation_share"),
            LiquidationRoundMs = Ms("liquidation_round_seconds"),
            FundingDeadBand8h = funding.GetProperty("dead_band_8h").GetDecimal(),
            FundingCap8h = funding.GetProperty("cap_8h").GetDecimal(),
            MarkAverageMs = Ms("mark_average_seconds"),
            FutureBandShare = Number("future_band_share"),
            OptionBandShare = Number("option_band_share"),
            SettlementPauseMs = Ms("settlement_pause_seconds"),
            DeliveryAverageMs = Ms("delivery_average_seconds"),
            TriggersPerAccount = Count("triggers_per_account"),
            OpenOrdersPerAccount = Count("open_orders_per_account"),
            LabelCharacters = Count("label_characters"),
            Credits = root.GetProperty("credits")
                .EnumerateObject()
                .ToDictionary(
                    row => row.Name,
                    row => new CreditRule(
                        row.Value.GetProperty("cost").GetDecimal(),
                        row.Value.GetProperty("burst").GetDecimal(),
                        row.Value.GetProperty("rate").GetDecimal()
                    )
                ),
            ConnectionsPerAddress = Count("connections_per_address"),
            LargestFrameBytes = Count("largest_frame_bytes"),
            ConnectionTokenSeconds = tokens.GetProperty("connection").GetInt64(),
            SessionTokenSeconds = tokens.GetProperty("session").GetInt64(),
            ClockSkewMs = Ms("clock_skew_seconds"),
            IdleDisconnectMs = Ms("idle_disconnect_seconds"),
        };
    }
}
