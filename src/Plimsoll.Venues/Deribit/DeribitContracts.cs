using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Plimsoll.Engine;
using Plimsoll.Markets;
using Plimsoll.Storage;

namespace Plimsoll.Venues;

/// <summary>Contract terms by name, and the venue's amounts turned into contracts by them.</summary>
sealed class DeribitContracts
{
    readonly Dictionary<string, Instrument> byName = new(StringComparer.Ordinal);

    /// <summary>Currencies that the known contracts settle in, in order.</summary>
    public IEnumerable<string> Currencies =>
        byName.Values.Select(one => one.Settlement.Code).Distinct().Order(StringComparer.Ordinal);

    /// <summary>Whether any terms are known.</summary>
    public bool IsEmpty => byName.Count == 0;

    /// <summary>Terms of a name; null when it is not known.</summary>
    public Instrument? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>Takes rows of <c>get_instruments</c>.</summary>
    /// <exception cref="VenueException">A row is not understood.</exception>
    public ImmutableArray<Instrument> Learn(JsonElement rows)
    {
        var (instruments, faults) = DeribitInstruments.Read(rows, "get_instruments");
        if (!faults.IsEmpty)
            throw new VenueException($"{faults[0]}{(faults.Length > 1 ? $" and {faults.Length - 1} more" : "")}");
        foreach (var one in instruments)
            byName[one.Name] = one;
        return instruments;
    }

    /// <summary>Asks for the terms of a contract that was listed after the terms were read.</summary>
    /// <remarks>Combinations have none: their trades come leg by leg.</remarks>
    public async Task LearnAsync(VenueLine line, string name)
    {
        if (byName.ContainsKey(name) || DeribitNames.Parse(name, out _) is null)
            return;
        const string Method = "public/get_instrument";
        await line.Other.TakeAsync(urgent: true);
        var answer = await line.CallAsync(Method, new JsonObject { ["instrument_name"] = name });
        Learn(answer.Needed(Method));
    }

    /// <summary>
    /// Contracts of an amount that stands in a row: by the contract's terms, else as the row itself says.
    /// </summary>
    /// <exception cref="FormatException">Neither is known.</exception>
    public decimal Of(JsonElement row, string field)
    {
        string name = row.Text("instrument_name");
        decimal amount = row.Number(field) ?? 0;
        if (byName.TryGetValue(name, out var terms))
            return amount / terms.OrderAmountPerContract;
        return row.Number("contracts") is { } contracts && row.Number("amount") is > 0 and { } whole
            ? amount * contracts / whole
            : throw new FormatException($"an amount of {name}, whose terms are not known");
    }

    /// <summary>An order.</summary>
    public OrderReport Order(JsonElement row)
    {
        string id = row.Text("order_id"),
            name = row.Text("instrument_name"),
            reason = row.Text("cancel_reason");
        if (id.Length == 0 || name.Length == 0)
            throw new FormatException("an order without an id or an instrument");
        return new OrderReport(
            id,
            VenueLabel.Of(row.Text("label"), id),
            name,
            DeribitWire.Status(row.Text("order_state")),
            Of(row, "filled_amount"),
            row.Number("last_update_timestamp") ?? 0,
            reason.Length > 0 ? reason : row.Text("reject_reason"),
            Contracts: row.Number("amount") is null ? null : Of(row, "amount"),
            LimitPrice: row.Number("price")
        );
    }

    /// <summary>A trade of the account.</summary>
    public FillSeen Fill(JsonElement row)
    {
        string forced = row.Text("liquidation"),
            role = row.Text("liquidity"),
            label = row.Text("label");
        // The other side of a liquidation is a trade like any: what is deleveraged is moved without one.
        bool isForced = forced.Length > 0 && role.Length > 0 && forced.Contains(role, StringComparison.Ordinal);
        return new FillSeen(
            row.Text("trade_id"),
            label.Length > 0 ? label : null,
            row.Text("instrument_name"),
            row.Side(),
            Of(row, "amount"),
            row.Needed("price"),
            isForced,
            VenueAt: row.Number("timestamp") is { } at ? DateTimeOffset.FromUnixTimeMilliseconds((long)at) : null
        );
    }
}
