using System.Globalization;
using System.Text.Json.Nodes;

namespace Plimsoll.Margin;

/// <summary>Margin fractions as dYdX's indexer states them: <c>/v4/perpetualMarkets</c>.</summary>
/// <remarks>
/// Source: docs.dydx.xyz, indexer HTTP API. <c>initialMarginFraction</c> is the base fraction, which grows between the
/// two caps of open interest (USD). A tier has no name there: it is called by its figures. The answer has no date.
/// </remarks>
static class DydxStatedParameters
{
    /// <summary>The reading.</summary>
    public static StatedParameters Reading { get; } =
        new(
            "venues/dydx/margin.json",
            "dYdX v4 margin fractions",
            "https://indexer.dydx.trade",
            "v4/perpetualMarkets",
            Lay
        );

    static bool Lay(ParameterNode answer, ParameterDraft draft)
    {
        var markets = answer.HasNode("markets") ? answer.Entries("markets") : [];
        if (!answer.HasNode("markets") || !markets.All(row => row.Node.Has("initialMarginFraction")))
            return false;
        var tiers = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        var tierOf = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (ticker, market) in markets)
        {
            if (market.Has("status") && market.Text("status") == "FINAL_SETTLEMENT")
                continue;
            var tier = Tier(market);
            tiers.TryAdd((string)tier["name"]!, tier);
            // A ticker such as COIN,pool,address-USD names where its price is from too.
            tierOf[ticker.Split('-')[0].Split(',')[0]] = (string)tier["name"]!;
        }
        if (tierOf.Count == 0)
            answer.Fail("markets", "markets that are traded");
        Overlay(draft, tiers, tierOf);
        draft.Doubt("Tiers are those of the repository's genesis", null);
        draft.Doubt(
            "Only BTC and ETH are placed",
            "A market whose initial fraction grows with open interest needs it."
        );
        draft.Says("fractions of every market", "/v4/perpetualMarkets");
        return true;
    }

    static JsonObject Tier(ParameterNode market)
    {
        double initial = market.Amount("initialMarginFraction", 1e-6, 1),
            maintenance = market.Amount("maintenanceMarginFraction", 1e-6, 1),
            lower = market.Amount("openInterestLowerCap", 0, 1e15),
            upper = market.Amount("openInterestUpperCap", 0, 1e15);
        if (maintenance > initial)
            market.Fail("maintenanceMarginFraction", "at most initialMarginFraction");
        if (upper != 0 && upper <= lower)
            market.Fail("openInterestUpperCap", "0, or more than openInterestLowerCap");
        return new JsonObject
        {
            ["name"] = string.Create(CultureInfo.InvariantCulture, $"{initial}/{maintenance}/{lower}/{upper}"),
            ["initial_fraction"] = initial,
            ["maintenance_share"] = Math.Min(1, (double)((decimal)maintenance / (decimal)initial)),
            ["lower_cap_usd"] = lower,
            ["upper_cap_usd"] = upper,
        };
    }

    /// <summary>Stated markets over those that are there; a market that no answer names keeps its tier.</summary>
    static void Overlay(
        ParameterDraft draft,
        Dictionary<string, JsonObject> tiers,
        SortedDictionary<string, string> tierOf
    )
    {
        var markets = new JsonArray();
        foreach (var row in draft.Figures["markets"]!.AsArray())
            if (!tierOf.ContainsKey((string)row!["underlying"]!))
            {
                markets.Add(row.DeepClone());
                draft.Keeps($"tier of {(string)row["underlying"]!}");
            }
        foreach (var (coin, tier) in tierOf)
            markets.Add(new JsonObject { ["underlying"] = coin, ["tier"] = tier });
        var used = markets.Select(row => (string)row!["tier"]!).ToHashSet(StringComparer.Ordinal);
        var all = new JsonArray();
        foreach (var row in draft.Figures["tiers"]!.AsArray())
            if (used.Contains((string)row!["name"]!) && !tiers.ContainsKey((string)row["name"]!))
                all.Add(row.DeepClone());
        foreach (var tier in tiers.Values)
            all.Add(tier);
        (draft.Figures["markets"], draft.Figures["tiers"]) = (markets, all);
    }
}
