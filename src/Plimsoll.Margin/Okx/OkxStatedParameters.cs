namespace Plimsoll.Margin;

/// <summary>
/// Collateral discounts of OKX as the venue states them: <c>/api/v5/public/discount-rate-interest-free-quota</c>.
/// </summary>
/// <remarks>
/// Source: okx.com/docs-v5, public data. A currency's discount is tiered by amount; the first tier counts and an amount
/// beyond it is undetermined. It is all that the venue publishes of portfolio margin: <c>position-tiers</c> speaks of
/// the other account modes (<see cref="OkxStatedTiers"/>). The answer has no date.
/// </remarks>
static class OkxStatedParameters
{
    internal const string DiscountPath = "/api/v5/public/discount-rate-interest-free-quota";

    /// <summary>The reading.</summary>
    public static StatedParameters Reading { get; } =
        new(
            OkxParameters.Resource,
            "OKX portfolio margin",
            "https://www.okx.com",
            "api/v5/public/discount-rate-interest-free-quota",
            Lay
        );

    static bool Lay(ParameterNode answer, ParameterDraft draft)
    {
        if (!AreDiscounts(answer))
            return false;
        draft.Keeps("shocks, charges and borrowing");
        foreach (string currency in draft.Table("haircuts").Select(of => of.Key))
            draft.Keeps($"haircut of {currency}");
        foreach (var (currency, share, upTo) in Discounts(answer))
        {
            draft.Table("haircuts")[currency] = StatedTiers.Entry("haircut", Haircut(share), upTo);
            draft.Says($"haircut of {currency}", DiscountPath);
        }
        draft.Doubt(
            null,
            "of a currency's discount the first tier is read: a balance beyond it is undetermined; gains in scenarios "
                + "count at the first tier"
        );
        return true;
    }

    /// <summary>Whether an answer states discounts of currencies.</summary>
    internal static bool AreDiscounts(ParameterNode answer) =>
        answer.List("data") is { IsEmpty: false } rows && rows.All(row => row.HasList("details") && row.Has("ccy"));

    /// <summary>Share of each currency that counts, by its first tier, with the amount up to which it goes.</summary>
    internal static IEnumerable<(string Currency, double Share, double? UpTo)> Discounts(ParameterNode answer)
    {
        foreach (var row in answer.List("data"))
        {
            var (share, upTo) = StatedTiers.Collateral(row, "details", "minAmt", "maxAmt", "discountRate");
            yield return (row.Text("ccy"), share, upTo);
        }
    }

    // 1 − 0.98 in binary is not 0.02.
    static double Haircut(double share) => (double)(1 - (decimal)share);
}
