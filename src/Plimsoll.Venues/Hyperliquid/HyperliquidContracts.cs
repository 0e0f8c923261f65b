using System.Collections.Immutable;
using System.Text.Json;
using Plimsoll.Engine;
using Plimsoll.Markets;
using Plimsoll.Storage;

namespace Plimsoll.Venues;

/// <summary>
/// Perpetuals of the venue's main dex by coin, with their place in its list, which is their id on the wire.
/// </summary>
/// <remarks>Markets that others deploy (HIP-3) and spot are not listed; positions in the former are refused.</remarks>
/// <param name="account">Address of the account, by which its own liquidation is known.</param>
sealed class HyperliquidContracts(string account)
{
    readonly Dictionary<string, (int Asset, Instrument Terms)> byCoin = new(StringComparer.Ordinal);

    /// <summary>Labels by client id: 0x and 16 bytes, as the venue wants them.</summary>
    public HashedLabels Labels { get; } = new(ClientId);

    /// <summary>Whether the list was read.</summary>
    public bool IsEmpty => byCoin.Count == 0;

    /// <summary>Terms of a coin; null when it is not known.</summary>
    public Instrument? Find(string coin) => byCoin.TryGetValue(coin, out var found) ? found.Terms : null;

    /// <summary>Place of a coin in the venue's list.</summary>
    /// <exception cref="FormatException">It is not known.</exception>
    public int Asset(string coin) =>
        byCoin.TryGetValue(coin, out var found)
            ? found.Asset
            : throw new FormatException($"{coin} is not in the venue's list");

    /// <summary>
    /// Takes <c>meta</c> and the account's <c>userFees</c>. Delisted coins keep their place and are left out.
    /// </summary>
    public ImmutableArray<Instrument> Learn(JsonElement meta, JsonElement fees)
    {
        foreach (var (place, terms) in HyperliquidInstruments.Read(meta, fees))
            byCoin[terms.Name] = (place, terms);
        return [.. byCoin.OrderBy(row => row.Key, StringComparer.Ordinal).Select(row => row.Value.Terms)];
    }

    /// <summary>The client's id of a label.</summary>
    public static string ClientId(string label) => "0x" + HashedLabels.Hex(label, 16);

    /// <summary>An order with the venue's word for its state.</summary>
    public OrderReport Order(JsonElement order, string status, decimal updatedMs)
    {
        decimal whole = order.Amount("origSz") ?? order.NeededAmount("sz");
        var means = HyperliquidWire.Status(status);
        decimal left = means == VenueOrderStatus.Filled ? 0 : order.NeededAmount("sz");
        string said = means is VenueOrderStatus.Open or VenueOrderStatus.Filled ? "" : status;
        return new OrderReport(
            order.GetProperty("oid").ToString(),
            Label(order),
            order.GetProperty("coin").GetString()!,
            means,
            whole - left,
            updatedMs,
            said,
            HyperliquidErrors.KindOf(said),
            whole,
            order.Amount("limitPx")
        );
    }

    /// <summary>A trade of the account.</summary>
    public FillSeen Fill(JsonElement row)
    {
        string label = Label(row),
            direction = row.Text("dir");
        // The mark of a liquidation stands at both sides' trades, and names whose it was.
        bool isOwn =
            row.TryGetProperty("liquidation", out var liquidation)
            && liquidation.ValueKind == JsonValueKind.Object
            && string.Equals(liquidation.Text("liquidatedUser"), account, StringComparison.OrdinalIgnoreCase);
        return new FillSeen(
            row.GetProperty("tid").ToString(),
            HashedLabels.Own(label),
            row.GetProperty("coin").GetString()!,
            row.BookSide(),
            row.NeededAmount("sz"),
            row.NeededAmount("px"),
            isOwn || direction.Contains("Liquidat", StringComparison.Ordinal),
            !isOwn && direction.Contains("Deleverag", StringComparison.Ordinal),
            row.Amount("time") is { } at ? DateTimeOffset.FromUnixTimeMilliseconds((long)at) : null
        );
    }

    string Label(JsonElement row) => Labels.Of(row.Text("cloid"), row.GetProperty("oid").ToString());
}
