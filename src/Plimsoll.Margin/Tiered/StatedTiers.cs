using System.Text.Json.Nodes;

namespace Plimsoll.Margin;

/// <summary>A venue's tier of notional: maintenance rate and largest leverage up to a notional.</summary>
readonly record struct StatedTier(double Upper, double Rate, double Leverage, double? Deduction);

/// <summary>Tiers as venues state them, in the form of our parameter files.</summary>
static class StatedTiers
{
    /// <summary>Relative difference at which a venue's own deduction is not the one of its rates.</summary>
    const double Rounding = 1e-3;

    /// <summary>A table of brackets; faults where tiers are out of order or ask more than all.</summary>
    /// <param name="node">The list of tiers, for faults.</param>
    /// <param name="key">Its key there; empty: the node itself.</param>
    /// <param name="tiers">In the venue's order; the first begins at 0.</param>
    public static JsonObject Brackets(ParameterNode node, string key, IReadOnlyList<StatedTier> tiers)
    {
        var (lower, rates, leverage) = (new JsonArray(), new JsonArray(), new JsonArray());
        double from = 0,
            deduction = 0;
        StatedTier? last = null;
        foreach (var tier in tiers)
        {
            if (
                !(tier.Upper > from)
                || last is { } before && !(tier.Rate > before.Rate && tier.Leverage <= before.Leverage)
            )
                node.Fail(key, "tiers that rise in notional and in rate and fall in leverage");
            if (tier.Rate * tier.Leverage > 1)
                node.Fail(key, "maintenance at most the initial margin of the tier's largest leverage");
            deduction += last is { } previous ? from * (tier.Rate - previous.Rate) : 0;
            if (tier.Deduction is { } said && Math.Abs(said - deduction) > Rounding * Math.Max(1, deduction))
                node.Fail(
                    key,
                    FormattableString.Invariant($"a deduction of {deduction:0.##} at {from:0.##}, not {said:0.##}")
                );
            lower.Add(from);
            rates.Add(tier.Rate);
            leverage.Add(tier.Leverage);
            (from, last) = (tier.Upper, tier);
        }
        if (tiers.Count == 0)
            node.Fail(key, "at least one tier");
        return new JsonObject
        {
            ["lower"] = lower,
            ["rates"] = rates,
            ["leverage"] = leverage,
            ["cap"] = from,
        };
    }

    /// <summary>
    /// Share of a currency that counts, by its first tier, and the amount up to which that tier goes (null: any);
    /// what is beyond it is not known to our models.
    /// </summary>
    /// <param name="of">Holds the list.</param>
    /// <param name="list">Its key.</param>
    /// <param name="least">Key of a tier's lower end, in the currency.</param>
    /// <param name="most">Key of its upper end; an empty text is no end.</param>
    /// <param name="rate">Key of its share.</param>
    public static (double Share, double? UpTo) Collateral(
        ParameterNode of,
        string list,
        string least,
        string most,
        string rate
    )
    {
        double from = 0,
            last = 1;
        (double Share, double? UpTo)? first = null;
        foreach (var tier in of.List(list))
        {
            double share = tier.Amount(rate, 0, 1);
            double? end = tier.IsBlank(most) ? null : tier.Amount(most, double.Epsilon);
            if (tier.Amount(least) != from || end <= from)
                tier.Fail(least, "tiers from 0, each from the end of the one before");
            if (share > last)
                tier.Fail(rate, "at most the share of the tier before");
            first ??= (share, end);
            (from, last) = (end ?? double.PositiveInfinity, share);
        }
        if (first is null)
            of.Fail(list, "at least one tier");
        return first ?? (0, 0);
    }

    /// <summary>A currency's entry: a share or a haircut with the amount up to which it is known.</summary>
    public static JsonObject Entry(string key, double value, double? upTo)
    {
        var made = new JsonObject { [key] = value };
        if (upTo is { } end)
            made["up_to"] = end;
        return made;
    }
}
