using System.Text.Json.Nodes;

namespace Plimsoll.Margin;

/// <summary>What Derive's <c>public/get_all_currencies</c> (or <c>get_currency</c>) states of its managers.</summary>
/// <remarks>
/// Source: docs.derive.xyz. Standard manager: fractions of perpetuals (<c>srm_perp_margin_requirements</c>) and what of
/// a coin counts (<c>srm_mm_discount</c>, <c>srm_im_discount</c>: the credit, 1 for cash and 0 for no collateral).
/// Second portfolio manager: the credit of collateral (<c>pm2_mm_discount</c>, <c>pm2_im_discount</c>). The older API
/// has them in the currency's row, the newer one by universe under <c>spot</c> and <c>perp</c>: of several universes
/// the one that asks most counts. Options' factors, scenarios and contingencies are in no public answer. No date.
/// </remarks>
static class DeriveStatedParameters
{
    const string Path = "/public/get_all_currencies";
    const string Host = "https://api.derive.xyz/v3";
    const string Answers = "public/get_all_currencies or public/get_currency";

    /// <summary>The standard manager.</summary>
    public static StatedParameters Standard { get; } =
        new(
            "venues/derive/standard-margin.json",
            "Derive standard manager",
            Host,
            Answers,
            (answer, draft) => Lay(answer, draft, OfStandard)
        );

    /// <summary>The second portfolio manager.</summary>
    public static StatedParameters Portfolio { get; } =
        new(
            "venues/derive/portfolio-margin-2.json",
            "Derive second portfolio manager",
            Host,
            Answers,
            (answer, draft) => Lay(answer, draft, OfPortfolio)
        );

    static bool Lay(ParameterNode answer, ParameterDraft draft, Action<ParameterNode, ParameterDraft> of)
    {
        ParameterNode[] rows =
            answer.HasList("result") ? [.. answer.List("result")]
            : answer.HasNode("result") ? [answer.Node("result")]
            : answer.IsList ? [.. answer.Rows()]
            : [answer];
        if (rows.Length == 0 || !rows.All(row => row.Has("currency") && row.Has("market_type")))
            return false;
        // Cash is no collateral with a discount: it is what all else is counted in.
        foreach (var row in rows.Where(row => row.Text("market_type") != "CASH"))
            of(row, draft);
        return true;
    }

    static void OfStandard(ParameterNode row, ParameterDraft draft)
    {
        string coin = row.Text("currency");
        draft.Keeps("option factors, depeg and confidence");
        foreach (var of in draft.Figures["markets"]!.AsArray())
        {
            if (of!["perpetual"] is not null)
                draft.Keeps($"perpetual of {(string)of["underlying"]!}");
            if (of["coin"] is not null)
                draft.Keeps($"credit of {(string)of["underlying"]!}");
        }
        var market = Market(draft, coin);
        if (Requirements(row) is { Count: > 0 } asked)
        {
            foreach (var one in asked)
                if (one.Amount("mm_perp_req", 1e-6, 1) > one.Amount("im_perp_req", 1e-6, 1))
                    one.Fail("mm_perp_req", "at most im_perp_req");
            market["perpetual"] = new JsonObject
            {
                ["initial"] = asked.Max(one => one.Amount("im_perp_req", 0, 1)),
                ["maintenance"] = asked.Max(one => one.Amount("mm_perp_req", 0, 1)),
            };
            draft.Says($"perpetual of {coin}", Path);
        }
        if (Credit(row, coin, "srm_mm_discount", "srm_im_discount") is { } credit)
        {
            market["coin"] = new JsonObject
            {
                ["fraction"] = credit.Maintenance,
                ["initial_scale"] = credit.Maintenance > 0 ? credit.Initial / credit.Maintenance : 0,
            };
            draft.Says($"credit of {coin}", Path);
        }
        if (market.Count == 1)
            draft.Figures["markets"]!.AsArray().Remove(market);
    }

    static void OfPortfolio(ParameterNode row, ParameterDraft draft)
    {
        string coin = row.Text("currency");
        draft.Keeps("scenarios, shocks and contingencies");
        if (Credit(row, coin, "pm2_mm_discount", "pm2_im_discount") is not { Maintenance: > 0 } credit)
            return;
        var collaterals = draft.Figures["collaterals"]!.AsArray();
        if (collaterals.FirstOrDefault(of => (string?)of?["name"] == coin) is { } old)
            collaterals.Remove(old);
        collaterals.Add(
            new JsonObject
            {
                ["name"] = coin,
                ["maintenance_haircut"] = (double)(1 - (decimal)credit.Maintenance),
                ["initial_haircut_on_top"] = (double)((decimal)credit.Maintenance - (decimal)credit.Initial),
            }
        );
        draft.Says($"haircut of {coin}", Path);
        draft.Doubt(
            "Haircuts of collateral were not found",
            "A coin that is collateral is taken to cover no call: which coin covers which is in no public answer."
        );
    }

    /// <summary>Requirements of a perpetual in every universe that has them.</summary>
    static List<ParameterNode> Requirements(ParameterNode row)
    {
        const string key = "srm_perp_margin_requirements";
        var asked = new List<ParameterNode>();
        if (row.HasNode(key))
            asked.Add(row.Node(key));
        if (row.HasNode("perp"))
            asked.AddRange(row.Node("perp").List("universes").Where(of => of.HasNode(key)).Select(of => of.Node(key)));
        return asked;
    }

    /// <summary>Credit of a coin, the least of every universe; null where none states it.</summary>
    static (double Maintenance, double Initial)? Credit(
        ParameterNode row,
        string coin,
        string maintenance,
        string initial
    )
    {
        (double Maintenance, double Initial)? least = null;
        var nodes = new List<ParameterNode>();
        if (row.Has(maintenance))
            nodes.Add(row);
        foreach (var asset in row.List("spot").Where(asset => asset.Has("name") && asset.Text("name") == coin))
            nodes.AddRange(asset.List("universes").Where(of => of.Has(maintenance)));
        // The older API lists the portfolio manager's by the manager's own currency.
        if (nodes.Count == 0 && maintenance == "pm2_mm_discount")
            foreach (var of in row.List("pm2_collateral_discounts"))
                Add(of, "mm_discount", "im_discount");
        foreach (var of in nodes)
            Add(of, maintenance, initial);
        return least;

        void Add(ParameterNode of, string whole, string less)
        {
            var (mm, im) = (of.Amount(whole, 0, 1), of.Amount(less, 0, 1));
            if (im > mm)
                of.Fail(less, $"at most {whole}");
            least = least is { } so ? (Math.Min(so.Maintenance, mm), Math.Min(so.Initial, im)) : (mm, im);
        }
    }

    static JsonObject Market(ParameterDraft draft, string coin)
    {
        var markets = draft.Figures["markets"]!.AsArray();
        if (markets.FirstOrDefault(of => (string?)of?["underlying"] == coin) is JsonObject known)
            return known;
        var made = new JsonObject { ["underlying"] = coin };
        markets.Add(made);
        return made;
    }
}
