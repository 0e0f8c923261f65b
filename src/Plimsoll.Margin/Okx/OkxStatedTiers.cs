using System.Text.Json.Nodes;

namespace Plimsoll.Margin;

/// <summary>
/// First position tiers of OKX's linear perpetuals as the venue states them: <c>/api/v5/public/position-tiers</c>.
/// </summary>
/// <remarks>
/// Source: okx.com/docs-v5, public data. <c>maxSz</c> is in contracts, whose size is in the answer of
/// <c>/api/v5/public/instruments</c> (<c>ctVal</c> times <c>ctMult</c>), which must stand before it: a row of tiers
/// says its family and not its kind of contract. Discounts of coins are read as for portfolio margin. No date is said.
/// </remarks>
static class OkxStatedTiers
{
    const string Sizes = "contract_sizes";

    /// <summary>The reading.</summary>
    public static StatedParameters Reading { get; } =
        new(
            OkxTieredMargin.Resource,
            "OKX futures outside portfolio margin",
            "https://www.okx.com",
            "api/v5/public/instruments, position-tiers after it, or discount-rate-interest-free-quota",
            (answer, draft) => Instruments(answer, draft) || Tiers(answer, draft) || Discounts(answer, draft)
        );

    static bool Instruments(ParameterNode answer, ParameterDraft draft)
    {
        var rows = answer.List("data");
        if (rows.IsEmpty || !rows.All(row => row.Has("ctVal") && row.Has("instType")))
            return false;
        // Dated contracts of a family have tiers of their own, of which no row says so: perpetuals alone are read.
        foreach (var row in rows.Where(row => row.Text("instType") == "SWAP" && row.Text("ctType") == "linear"))
            draft.Scratch[$"{Sizes}/{row.Text("instFamily")}"] =
                row.Amount("ctVal", double.Epsilon)
                * (row.IsBlank("ctMult") ? 1 : row.Amount("ctMult", double.Epsilon));
        return true;
    }

    static bool Tiers(ParameterNode answer, ParameterDraft draft)
    {
        var rows = answer.List("data");
        if (rows.IsEmpty || !rows.All(row => row.Has("mmr") && row.Has("maxSz") && row.Has("instFamily")))
            return false;
        Keep(draft);
        foreach (var family in rows.GroupBy(row => row.Text("instFamily"), StringComparer.Ordinal))
        {
            if (!draft.Scratch.TryGetValue($"{Sizes}/{family.Key}", out double size))
            {
                answer.Fail("data", $"api/v5/public/instruments of {family.Key} before it: its contracts have no size");
                continue;
            }
            string key = family.Key.Replace('-', '/');
            if (First(family, size) is { } tier)
                draft.Table("tiers")[key] = tier;
            draft.Says($"first tier of {key}", "/api/v5/public/position-tiers");
        }
        draft.Doubt(
            "first tiers alone",
            "first tiers alone, of linear perpetuals: a larger position and other contracts are undetermined"
        );
        return true;
    }

    static JsonObject? First(IEnumerable<ParameterNode> family, double size)
    {
        double from = 0,
            rate = 0,
            leverage = double.PositiveInfinity;
        JsonObject? first = null;
        foreach (var row in family)
        {
            double upper = row.Amount("maxSz", double.Epsilon),
                maintenance = row.Amount("mmr", double.Epsilon, 1),
                initial = row.Amount("imr", double.Epsilon, 1),
                largest = row.Amount("maxLever", 1, 1_000);
            if (
                !(upper > from)
                || !(maintenance >= rate)
                || largest > leverage
                || first is null && row.Amount("minSz") != 0
            )
                row.Fail("maxSz", "tiers from 0 that rise in size and in mmr and fall in maxLever");
            if (maintenance > initial)
                row.Fail("mmr", "at most imr");
            first ??= new JsonObject
            {
                ["coins"] = (double)((decimal)upper * (decimal)size),
                ["maintenance"] = maintenance,
                ["leverage"] = largest,
            };
            (from, rate, leverage) = (upper, maintenance, largest);
        }
        return first;
    }

    static bool Discounts(ParameterNode answer, ParameterDraft draft)
    {
        if (!OkxStatedParameters.AreDiscounts(answer))
            return false;
        Keep(draft);
        foreach (var (currency, share, upTo) in OkxStatedParameters.Discounts(answer))
        {
            draft.Table("collateral_rates")[currency] = StatedTiers.Entry("rate", share, upTo);
            draft.Says($"collateral rate of {currency}", OkxStatedParameters.DiscountPath);
        }
        draft.Doubt(
            "stablecoins count in full",
            "of a currency's discount the first tier is read: a balance beyond it is undetermined; USD, USDT and USDC "
                + "count in full where no answer says otherwise"
        );
        return true;
    }

    static void Keep(ParameterDraft draft)
    {
        draft.Keeps("liquidation fee");
        foreach (string key in draft.Table("tiers").Select(row => row.Key))
            draft.Keeps($"first tier of {key}");
        foreach (string currency in draft.Table("collateral_rates").Select(row => row.Key))
            draft.Keeps($"collateral rate of {currency}");
    }
}
