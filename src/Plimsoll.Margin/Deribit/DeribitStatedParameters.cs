using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Plimsoll.Margin;

/// <summary>
/// Portfolio margin's figures as Deribit itself states them: <c>public/pme/get_params</c>, or <c>model_params</c> of an
/// answer of <c>private/pme/simulate</c>.
/// </summary>
/// <remarks>
/// Coins and currencies that the answer does not name, and the extended table's moves, which no answer states, are the
/// shipped ones. The date is the answer's.
/// </remarks>
static class DeribitStatedParameters
{
    const string Source = "https://docs.deribit.com/api-reference/account-management/private-simulate";

    /// <summary>A text in the format of the shipped file; the same text where it is no such answer.</summary>
    public static string InOurFormat(string json)
    {
        JsonNode? stated;
        try
        {
            stated = Find(JsonNode.Parse(json));
        }
        catch (JsonException)
        {
            return json; // the reader says where it is broken
        }
        if (stated is null)
            return json;
        var ours = JsonNode.Parse(VenueParameters.Shipped(DeribitPortfolioParameters.Resource))!.AsObject();
        if (stated["general"]?["timestamp"] is JsonValue at && at.TryGetValue(out long ms))
            ours["dated"] = DateTimeOffset
                .FromUnixTimeMilliseconds(ms)
                .ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        ours["source"] = Source;
        ours["note"] =
            "Deribit portfolio margin as the venue stated it; coins that its answer does not name as shipped.";
        Lay(stated["general"], ours["general"]!.AsObject());
        foreach (var (pair, figures) in stated["currency_pair"]?.AsObject() ?? [])
            Lay(figures, Row(ours["underlyings"]!.AsObject(), pair.Split('_')[0].ToUpperInvariant()));
        foreach (var (currency, figures) in stated["currency"]?.AsObject() ?? [])
        {
            string code = currency.ToUpperInvariant();
            Lay(figures, Row(ours["currencies"]!.AsObject(), code == "USD" ? "USDC" : code));
            // Stated by currency; one that shares its direction makes all pairs move alike, the safe side.
            if (figures?["correlation_set"] is JsonValue shared && shared.TryGetValue(out bool isShared) && isShared)
                ours["general"]!["correlation_set"] = true;
        }
        return ours.ToJsonString();
    }

    static JsonObject? Find(JsonNode? node) =>
        node is not JsonObject at ? null
        : at["currency_pair"] is JsonObject && at["general"] is JsonObject ? at
        : Find(at["model_params"]) ?? Find(at["result"]);

    static JsonObject Row(JsonObject rows, string key)
    {
        if (rows[key] is JsonObject known)
            return known;
        var made = new JsonObject();
        rows[key] = made;
        return made;
    }

    static void Lay(JsonNode? stated, JsonObject over)
    {
        foreach (var (name, value) in stated as JsonObject ?? [])
            over[name] = value?.DeepClone();
    }
}
