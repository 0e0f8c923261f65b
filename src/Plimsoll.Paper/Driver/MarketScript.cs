using System.Collections.Immutable;
using System.Text.Json;
using Plimsoll.Markets;

namespace Plimsoll.Paper;

/// <summary>One thing that a script does to the market.</summary>
/// <param name="AfterMs">When it begins, since the start.</param>
/// <param name="OverMs">How long it takes to come in full; 0: at once.</param>
/// <param name="ForMs">How long it stays in full before it is gone at once; null: for good.</param>
/// <param name="Coins">Which coins; empty: all.</param>
/// <param name="IndexFactor">Multiplies the index, geometrically in time.</param>
/// <param name="VolatilityFactor">Multiplies implied volatility.</param>
/// <param name="SpreadFactor">Multiplies spreads.</param>
/// <param name="DepthFactor">Multiplies resting amounts.</param>
/// <param name="Premium">Added to the perpetual's premium over the index, a fraction.</param>
public sealed record ScriptLeg(
    long AfterMs,
    long OverMs,
    long? ForMs,
    ImmutableArray<string> Coins,
    double IndexFactor,
    double VolatilityFactor,
    double SpreadFactor,
    double DepthFactor,
    double Premium
)
{
    /// <summary>How much of the leg holds at a time: 0 before it, 1 when it has come in full.</summary>
    public double Share(long elapsedMs)
    {
        long since = elapsedMs - AfterMs;
        if (since < 0 || ForMs is { } stays && since >= OverMs + stays)
            return 0;
        return OverMs == 0 ? 1 : Math.Min(1, (double)since / OverMs);
    }
}

/// <summary>What happens to the market and when.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Legs">Each by itself; they multiply.</param>
public sealed record MarketScript(string Name, ImmutableArray<ScriptLeg> Legs)
{
    static readonly string[] Known =
    [
        "after_seconds",
        "over_seconds",
        "for_seconds",
        "coins",
        "index_factor",
        "volatility_factor",
        "spread_factor",
        "depth_factor",
        "premium",
    ];

    /// <summary>Names of the scripts that ship with the program.</summary>
    public static IReadOnlyList<string> Shipped { get; } =
    [
        .. typeof(MarketScript)
            .Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith("scripts/", StringComparison.Ordinal))
            .Select(name => Path.GetFileNameWithoutExtension(name)!)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>A script that ships with the program, or null.</summary>
    public static MarketScript? Find(string name)
    {
        using var stream = typeof(MarketScript).Assembly.GetManifestResourceStream($"scripts/{name}.json");
        if (stream is null)
            return null;
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd(), name).Value;
    }

    /// <summary>Reads a script: <c>{"name": ..., "legs": [{"after_seconds": 60, "index_factor": 0.7}]}</c>.</summary>
    /// <param name="json">The text.</param>
    /// <param name="place">What to call it in faults.</param>
    public static Parsed<MarketScript> Parse(string json, string place)
    {
        var faults = new List<Fault>();
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("legs", out var rows))
                faults.Add(new Fault(place, null, "legs", "missing", "a list of legs"));
            else if (rows.ValueKind != JsonValueKind.Array || rows.GetArrayLength() == 0)
                faults.Add(new Fault(place, null, "legs", rows.GetRawText(), "a list of at least one leg"));
            else
            {
                var legs = rows.EnumerateArray().Select((row, i) => Leg(row, $"legs[{i}]", place, faults)).ToList();
                string name = root.TryGetProperty("name", out var text) ? text.ToString() : place;
                if (faults.Count == 0)
                    return Parsed<MarketScript>.Ok(new MarketScript(name, [.. legs]));
            }
        }
        catch (JsonException e)
        {
            faults.Add(new Fault(place, (int?)e.LineNumber + 1, "", "no JSON", "a script as docs/paper.md has it"));
        }
        return Parsed<MarketScript>.Fail(faults);
    }

    static ScriptLeg Leg(JsonElement row, string path, string place, List<Fault> faults)
    {
        void Wrong(string key, string found, string expected) =>
            faults.Add(new Fault(place, null, $"{path}.{key}", found, expected));
        double Number(string key, double otherwise, double least, bool mayEqual, string expected)
        {
            if (row.ValueKind != JsonValueKind.Object || !row.TryGetProperty(key, out var value))
                return otherwise;
            if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number))
                if (double.IsFinite(number) && (number > least || mayEqual && number == least))
                    return number;
            Wrong(key, value.GetRawText(), expected);
            return otherwise;
        }
        if (row.ValueKind != JsonValueKind.Object)
            Wrong("", row.GetRawText(), "an object");
        else
            foreach (var member in row.EnumerateObject())
                if (!Known.Contains(member.Name))
                    Wrong(member.Name, member.Value.GetRawText(), $"one of {string.Join(", ", Known)}");
        double Seconds(string key) => Number(key, 0, 0, true, "seconds, at least 0");
        double Factor(string key) => Number(key, 1, 0, false, "a positive factor");
        double stays = Number("for_seconds", -1, 0, true, "seconds, at least 0");
        return new ScriptLeg(
            (long)(1000 * Seconds("after_seconds")),
            (long)(1000 * Seconds("over_seconds")),
            stays < 0 ? null : (long)(1000 * stays),
            Coins(row, Wrong),
            Factor("index_factor"),
            Factor("volatility_factor"),
            Factor("spread_factor"),
            Factor("depth_factor"),
            Number("premium", 0, -1, false, "a fraction above -1")
        );
    }

    static ImmutableArray<string> Coins(JsonElement row, Action<string, string, string> wrong)
    {
        if (row.ValueKind != JsonValueKind.Object || !row.TryGetProperty("coins", out var coins))
            return [];
        if (coins.ValueKind == JsonValueKind.Array)
            if (coins.EnumerateArray().All(coin => coin.ValueKind == JsonValueKind.String))
                return [.. coins.EnumerateArray().Select(coin => coin.GetString()!)];
        wrong("coins", coins.GetRawText(), "a list of tickers");
        return [];
    }
}
