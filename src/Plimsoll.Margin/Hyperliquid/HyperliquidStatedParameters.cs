using System.Globalization;
using System.Text.Json.Nodes;

namespace Plimsoll.Margin;

/// <summary>Margin tiers as Hyperliquid itself states them: <c>info</c> of type <c>meta</c>.</summary>
/// <remarks>
/// Also <c>metaAndAssetCtxs</c>, whose first half it is. It names every coin, so that no shipped tier is left. A
/// table's id under 50 is one tier at that leverage and is not listed (hyperliquid.gitbook.io, <i>margin tiers</i>; the
/// main network lists ids 50 to 56 in <c>marginTables</c> and has coins with ids such as 5). The answer has no date.
/// </remarks>
static class HyperliquidStatedParameters
{
    /// <summary>Ids from here on are listed.</summary>
    const int FirstListed = 50;

    /// <summary>The reading.</summary>
    public static StatedParameters Reading { get; } =
        new(
            "venues/hyperliquid/margin.json",
            "Hyperliquid margin tiers",
            "https://api.hyperliquid.xyz",
            "info of type meta",
            Lay
        );

    static bool Lay(ParameterNode answer, ParameterDraft draft)
    {
        var meta = answer.Rows() is [var first, ..] ? first : answer;
        if (!meta.HasList("universe"))
            return false;
        var listed = Listed(meta);
        var tables = new JsonArray();
        var isolated = new JsonArray();
        var coinsOf = new Dictionary<string, JsonArray>(StringComparer.Ordinal);
        foreach (var coin in meta.List("universe").Where(coin => !coin.IsSet("isDelisted")))
        {
            string name = coin.Text("name");
            if (Tiers(coin, listed) is not { } tiers)
                continue;
            string form = tiers.ToJsonString();
            if (!coinsOf.TryGetValue(form, out var coins))
            {
                coinsOf[form] = coins = [];
                tables.Add(new JsonObject { ["coins"] = coins, ["tiers"] = tiers });
            }
            coins.Add(name);
            // strictIsolated and noCross are later words for the same.
            if (coin.IsSet("onlyIsolated") || coin.Has("marginMode"))
                isolated.Add(name);
        }
        if (tables.Count == 0)
            meta.Fail("universe", "coins that are traded");
        draft.Figures["tables"] = tables;
        draft.Figures["only_isolated"] = isolated;
        draft.Doubt("Coins without a tier table", null);
        draft.Says("tiers of every coin", "/info#meta");
        return true;
    }

    /// <summary>Tiers by id of the table; a fault where they are not in order.</summary>
    static Dictionary<int, JsonArray> Listed(ParameterNode meta)
    {
        var tables = new Dictionary<int, JsonArray>();
        foreach (var pair in meta.List("marginTables"))
        {
            if (pair.Rows() is not [var id, var table] || id.Value() is not { } number)
            {
                pair.Fail("", "an id with its table");
                continue;
            }
            var tiers = new JsonArray();
            foreach (var row in table.List("marginTiers"))
                tiers.Add(Tier(row.Amount("lowerBound"), row.Amount("maxLeverage", 1, 1_000)));
            if (!LeverageTiers.AreOrdered([.. tiers.Select(Tier)]))
                table.Fail("marginTiers", "tiers from 0, ascending in notional and descending in leverage");
            tables[(int)number] = tiers;
        }
        return tables;
    }

    /// <summary>Tiers of a coin; null after a fault.</summary>
    static JsonArray? Tiers(ParameterNode coin, Dictionary<int, JsonArray> listed)
    {
        double largest = coin.Amount("maxLeverage", 1, 1_000);
        int? id = coin.Has("marginTableId") ? (int)coin.Amount("marginTableId", 0, 1e6) : null;
        if (id is { } named && listed.TryGetValue(named, out var tiers))
        {
            if (tiers is [{ } first, ..] && Tier(first).LargestLeverage != largest)
                coin.Fail("maxLeverage", $"the largest leverage of table {named}");
            return (JsonArray)tiers.DeepClone();
        }
        if (id >= FirstListed)
            coin.Fail("marginTableId", "a table of marginTables, or an id under 50: one tier at that leverage");
        else if (id is { } flat && flat != largest)
            coin.Fail("maxLeverage", flat.ToString(CultureInfo.InvariantCulture) + ", the leverage of its table");
        else
            return [Tier(0, largest)];
        return null;
    }

    static JsonObject Tier(double lower, double largest) =>
        new() { ["lower_bound_usd"] = lower, ["largest_leverage"] = largest };

    static LeverageTier Tier(JsonNode? row) => new((double)row!["lower_bound_usd"]!, (double)row["largest_leverage"]!);
}
