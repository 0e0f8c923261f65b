using System.Text.Json;
using Plimsoll.Engine;
using Plimsoll.Markets;

namespace Plimsoll.Venues;

/// <summary>Fields of the venue's messages.</summary>
static class DeribitWire
{
    /// <summary>A number; null where it is absent, null or not a number.</summary>
    public static decimal? Number(this JsonElement row, string name) =>
        row.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetDecimal(out var d)
            ? d
            : null;

    /// <summary>A number that must be there.</summary>
    public static decimal Needed(this JsonElement row, string name) => row.GetProperty(name).GetDecimal();

    /// <summary>A text; empty where it is absent or no text.</summary>
    public static string Text(this JsonElement row, string name) =>
        row.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    /// <summary>A flag; false where it is absent.</summary>
    public static bool Flag(this JsonElement row, string name) =>
        row.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    /// <summary>Positive, or null: the venue writes 0 where nobody quotes.</summary>
    public static decimal? Positive(decimal? value) => value > 0 ? value : null;

    /// <summary>Bought or sold.</summary>
    public static Side Side(this JsonElement row) =>
        row.Text("direction") switch
        {
            "buy" => Markets.Side.Buy,
            "sell" => Markets.Side.Sell,
            var other => throw new FormatException($"direction {other}"),
        };

    /// <summary>How an order stands. A trigger that waits is open; one that fired lives on as another order.</summary>
    public static VenueOrderStatus Status(string state) =>
        state switch
        {
            "open" or "untriggered" => VenueOrderStatus.Open,
            "filled" => VenueOrderStatus.Filled,
            "cancelled" or "triggered" => VenueOrderStatus.Cancelled,
            "rejected" => VenueOrderStatus.Rejected,
            _ => throw new FormatException($"order_state {state}"),
        };
}
