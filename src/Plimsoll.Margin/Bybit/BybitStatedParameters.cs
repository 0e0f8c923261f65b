namespace Plimsoll.Margin;

/// <summary>
/// Bybit's risk limits and collateral ratios as the venue states them: <c>/v5/market/risk-limit</c> and
/// <c>/v5/spot-margin-trade/collateral</c>.
/// </summary>
/// <remarks>
/// Source: bybit-exchange.github.io/docs/v5/market/risk-limit and /v5/spot-margin-uta/tier-collateral-ratio. Rates are
/// stated as fractions or, in older answers, in percent: initial margin times the largest leverage tells which.
/// Perpetuals alone are read: <c>BTCUSDT</c> in USDT, <c>BTCPERP</c> in USDC, <c>BTCUSD</c> in coin. Of collateral the
/// first tier counts; an amount beyond it is undetermined. Option factors and the fee to close are in no public answer.
/// </remarks>
static class BybitStatedParameters
{
    const double NearlyOne = 0.05;
    const double Percent = 100;

    /// <summary>The reading.</summary>
    public static StatedParameters Reading { get; } =
        new(
            "venues/bybit/unified-margin.json",
            "Bybit unified account under cross margin",
            "https://api.bybit.com",
            "v5/market/risk-limit or v5/spot-margin-trade/collateral",
            Lay
        );

    static bool Lay(ParameterNode answer, ParameterDraft draft)
    {
        if (!answer.HasNode("result"))
            return false;
        var rows = answer.Node("result").List("list");
        bool isRisk = rows.Any(row => row.Has("riskLimitValue")),
            isCollateral = rows.Any(row => row.HasList("collateralRatioList"));
        if (!isRisk && !isCollateral)
            return false;
        draft.At(answer, "time");
        draft.Keeps("option factors");
        draft.Keeps("fee to close");
        foreach (string key in draft.Table("brackets").Select(row => row.Key).ToList())
            draft.Keeps($"tiers of {key}");
        foreach (string currency in draft.Table("collateral_rates").Select(row => row.Key))
            draft.Keeps($"collateral ratio of {currency}");
        if (isRisk)
            Risk(answer.Node("result"), rows, draft);
        else
            foreach (var row in rows)
                Collateral(row, draft);
        return true;
    }

    static void Risk(ParameterNode result, IEnumerable<ParameterNode> rows, ParameterDraft draft)
    {
        bool isAny = false;
        foreach (var contract in rows.GroupBy(row => row.Text("symbol"), StringComparer.Ordinal))
        {
            if (KeyOf(contract.Key) is not { } key)
                continue;
            isAny = true;
            double unit = 1;
            var tiers = new List<StatedTier>();
            foreach (var row in contract)
            {
                double leverage = row.Amount("maxLeverage", 1, 1_000),
                    initial = row.Amount("initialMargin", 0, Percent);
                if (tiers.Count == 0)
                    unit = Math.Abs(initial * leverage / Percent - 1) < NearlyOne ? Percent : 1;
                if (Math.Abs(initial * leverage / unit - 1) > NearlyOne)
                    row.Fail("initialMargin", "one over maxLeverage, as a fraction or in percent");
                tiers.Add(
                    new StatedTier(
                        row.Amount("riskLimitValue", double.Epsilon),
                        row.Amount("maintenanceMargin", 0, Percent) / unit,
                        leverage,
                        row.IsBlank("mmDeduction") ? null : row.Amount("mmDeduction")
                    )
                );
            }
            draft.Table("brackets")[key] = StatedTiers.Brackets(contract.Last(), "riskLimitValue", tiers);
            draft.Says($"tiers of {key}", "/v5/market/risk-limit");
        }
        if (!isAny)
            result.Fail("list", "perpetuals such as BTCUSDT, BTCPERP or BTCUSD");
        draft.Doubt("only the first two tiers", null);
        draft.Doubt("the largest leverage of the second tier", null);
    }

    static void Collateral(ParameterNode row, ParameterDraft draft)
    {
        string currency = row.Text("currency");
        var (share, upTo) = StatedTiers.Collateral(row, "collateralRatioList", "minQty", "maxQty", "collateralRatio");
        draft.Table("collateral_rates")[currency] = StatedTiers.Entry("rate", share, upTo);
        draft.Says($"collateral ratio of {currency}", "/v5/spot-margin-trade/collateral");
        draft.Doubt(
            "stablecoins count in full",
            "of a currency's collateral ratio the first tier is read: an amount beyond it is undetermined; a currency "
                + "without a stated ratio is undetermined but for USD, USDT and USDC, which count in full"
        );
    }

    static string? KeyOf(string symbol) =>
        symbol.Contains('-', StringComparison.Ordinal) ? null
        : Of(symbol, "USDT") is { } linear ? $"{linear}/USDT"
        : Of(symbol, "PERP") is { } usdc ? $"{usdc}/USDC"
        : Of(symbol, "USD") is { } coin ? $"{coin}/{coin}"
        : null;

    static string? Of(string symbol, string ending) =>
        symbol.Length > ending.Length && symbol.EndsWith(ending, StringComparison.Ordinal)
            ? symbol[..^ending.Length]
            : null;
}
