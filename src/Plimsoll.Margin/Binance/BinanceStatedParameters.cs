using System.Text.Json.Nodes;

namespace Plimsoll.Margin;

/// <summary>
/// Binance's figures as the venue states them: <c>/fapi/v1/leverageBracket</c>, the margin ratios of options in
/// <c>/eapi/v1/exchangeInfo</c>, and for portfolio margin <c>/sapi/v1/portfolio/collateralRate</c>.
/// </summary>
/// <remarks>
/// Source: developers.binance.com, USD-M futures (notional and leverage brackets), options (exchange information) and
/// portfolio margin (collateral rate). Brackets need a key's signature and collateral rates its header, so that both
/// are saved by hand. Neither they nor collateral rates have a date; exchangeInfo has <c>serverTime</c>.
/// </remarks>
static class BinanceStatedParameters
{
    static readonly string[] Quotes = ["USDT", "USDC"];
    static readonly string[] Ratios =
    [
        "initialMargin",
        "minInitialMargin",
        "maintenanceMargin",
        "minMaintenanceMargin",
    ];

    /// <summary>Futures and options, each wallet by itself.</summary>
    public static StatedParameters Reading { get; } =
        new(
            "venues/binance/margin.json",
            "Binance USD-M futures and options",
            "https://eapi.binance.com",
            "fapi/v1/leverageBracket or eapi/v1/exchangeInfo",
            (answer, draft) => Brackets(answer, draft) || Options(answer, draft)
        );

    /// <summary>Portfolio margin.</summary>
    public static StatedParameters Portfolio { get; } =
        new(
            "venues/binance/portfolio-margin.json",
            "Binance portfolio margin",
            "https://fapi.binance.com",
            "fapi/v1/leverageBracket or sapi/v1/portfolio/collateralRate",
            (answer, draft) => Brackets(answer, draft) || Collateral(answer, draft)
        );

    static bool Brackets(ParameterNode answer, ParameterDraft draft)
    {
        var rows = answer.IsList ? answer.Rows() : [answer];
        if (rows.IsEmpty || !rows.All(row => row.Has("symbol") && row.HasList("brackets")))
            return false;
        Keep(draft, brackets: false);
        var tables = draft.Table("brackets");
        foreach (string key in tables.Select(row => row.Key).ToList())
            draft.Keeps($"brackets of {key}");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            if (KeyOf(row.Text("symbol")) is not { } key)
                continue;
            var made = Table(row);
            // Dated contracts of a coin stand in one table: where they differ none is known.
            if (!seen.Add(key) && tables[key]?.ToJsonString() != made.ToJsonString())
            {
                tables.Remove(key);
                draft.Doubt(null, $"contracts of {key} have different brackets: undetermined");
                continue;
            }
            tables[key] = made;
            draft.Says($"brackets of {key}", "https://fapi.binance.com/fapi/v1/leverageBracket");
        }
        if (seen.Count == 0)
            answer.Fail("", "contracts in USDT or USDC");
        draft.Doubt("brackets are the API's answer of between", null);
        draft.Doubt("BTC/USDC and dated contracts", null);
        return true;
    }

    static JsonObject Table(ParameterNode row)
    {
        var tiers = new List<StatedTier>();
        double from = 0;
        foreach (var bracket in row.List("brackets"))
        {
            if (bracket.Amount("notionalFloor") != from)
                bracket.Fail("notionalFloor", FormattableString.Invariant($"{from}, where the bracket before ends"));
            from = bracket.Amount("notionalCap", double.Epsilon);
            tiers.Add(
                new StatedTier(
                    from,
                    bracket.Amount("maintMarginRatio", 0, 1),
                    bracket.Amount("initialLeverage", 1, 1_000),
                    bracket.Has("cum") ? bracket.Amount("cum") : null
                )
            );
        }
        return StatedTiers.Brackets(row, "brackets", tiers);
    }

    static bool Options(ParameterNode answer, ParameterDraft draft)
    {
        if (!answer.HasList("optionSymbols"))
            return false;
        Keep(draft, brackets: true);
        draft.At(answer, "serverTime");
        var symbols = answer.List("optionSymbols");
        if (symbols.IsEmpty)
            answer.Fail("optionSymbols", "at least one option");
        var ratios = draft.Table("options");
        var differing = new List<string>();
        foreach (string name in Ratios)
        {
            double[] values = [.. symbols.Select(symbol => symbol.Amount(name, double.Epsilon, 1))];
            ratios[name] = values.DefaultIfEmpty(0).Max();
            if (values.Distinct().Skip(1).Any())
                differing.Add(name);
        }
        foreach (var symbol in symbols)
            if (
                symbol.Amount("maintenanceMargin", 0, 1) > symbol.Amount("initialMargin", 0, 1)
                || symbol.Amount("minMaintenanceMargin", 0, 1) > symbol.Amount("minInitialMargin", 0, 1)
            )
                symbol.Fail("maintenanceMargin", "at most the initial margin");
        draft.Says("option ratios", "/eapi/v1/exchangeInfo");
        if (differing.Count > 0)
            draft.Doubt(null, $"options differ in {string.Join(", ", differing)}: the largest is taken for all");
        return true;
    }

    static bool Collateral(ParameterNode answer, ParameterDraft draft)
    {
        var rows = answer.IsList ? answer.Rows() : [answer];
        if (rows.IsEmpty || !rows.All(row => row.Has("asset") && row.Has("collateralRate")))
            return false;
        Keep(draft, brackets: true);
        foreach (var row in rows)
            draft.Table("collateral_rates")[row.Text("asset")] = new JsonObject
            {
                ["rate"] = row.Amount("collateralRate", 0, 1),
            };
        draft.Says("collateral rates", "https://api.binance.com/sapi/v1/portfolio/collateralRate");
        draft.Doubt("collateral rates of coins", null);
        return true;
    }

    static void Keep(ParameterDraft draft, bool brackets)
    {
        draft.Keeps(draft.Figures.ContainsKey("options") ? "option ratios" : "liquidation and order ratios");
        draft.Keeps("collateral rates");
        if (brackets)
            foreach (string key in draft.Table("brackets").Select(row => row.Key))
                draft.Keeps($"brackets of {key}");
    }

    static string? KeyOf(string symbol)
    {
        string[] parts = symbol.Split('_');
        return
            Quotes.FirstOrDefault(quote => parts[0].EndsWith(quote, StringComparison.Ordinal)) is { } quote
            && parts[0].Length > quote.Length
            ? $"{parts[0][..^quote.Length]}/{quote}" + (parts.Length > 1 ? "/dated" : "")
            : null;
    }
}
