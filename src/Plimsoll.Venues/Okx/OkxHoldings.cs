using System.Collections.Immutable;
using System.Text.Json;
using Plimsoll.Markets;
using Plimsoll.Storage;

namespace Plimsoll.Venues;

/// <summary>Positions by contract and margin mode: one contract may be held cross and isolated at once.</summary>
/// <remarks>
/// The engine knows one position a contract, their sum. An order names the mode that it trades in; one that reduces
/// finds nothing in the other. Where a contract is held isolated alone, everything of it is traded isolated.
/// </remarks>
sealed class OkxHoldings
{
    const string Cross = "cross";
    const string Isolated = "isolated";
    readonly Dictionary<(string Name, string Mode), (decimal Contracts, decimal? Entry)> held = [];

    /// <summary>Takes a row of the channel <c>positions</c>.</summary>
    public void Take(JsonElement row)
    {
        var key = (row.Text("instId"), row.Text("mgnMode"));
        if (row.Text("instType") == "MARGIN" || row.Amount("pos") is not (not null and not 0 and { } contracts))
            held.Remove(key);
        else
            held[key] = (contracts, DeribitWire.Positive(row.Amount("avgPx")));
    }

    /// <summary>Takes a reading of all of them.</summary>
    /// <returns>One position a contract; no entry price where two make it up.</returns>
    public ImmutableArray<Position> Read(JsonElement rows)
    {
        held.Clear();
        foreach (var row in rows.EnumerateArray())
            Take(row);
        return
        [
            .. held.GroupBy(one => one.Key.Name, StringComparer.Ordinal)
                .Select(group => new Position(
                    group.Key,
                    group.Sum(one => one.Value.Contracts),
                    group.Count() == 1 ? group.First().Value.Entry : null
                ))
                .Where(one => one.Contracts != 0),
        ];
    }

    /// <summary>Mode that an order trades in: of the larger position which it reduces, else of what is held.</summary>
    public string Mode(string name, Side side)
    {
        decimal cross = Of(name, Cross),
            isolated = Of(name, Isolated);
        decimal Reduces(decimal contracts) => side == Side.Buy ? -contracts : contracts;
        if (isolated == 0)
            return Cross;
        return cross == 0 || Reduces(isolated) > Math.Max(0, Reduces(cross)) ? Isolated : Cross;
    }

    decimal Of(string name, string mode) => held.GetValueOrDefault((name, mode)).Contracts;
}
