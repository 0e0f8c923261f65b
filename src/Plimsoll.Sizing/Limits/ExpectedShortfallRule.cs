using Plimsoll.Numerics;
using Plimsoll.Risk;

namespace Plimsoll.Sizing;

/// <summary>
/// survival.expected-shortfall: mean of the worst losses over the horizon, under p and under the views' law.
/// </summary>
sealed class ExpectedShortfallRule : LimitRule
{
    public const string Name = "survival.expected-shortfall";

    public override void AddTo(ProgramParts parts)
    {
        var prepared = parts.Prepared;
        if (prepared.Mandate.Survival.ExpectedShortfall is not { } limit)
            return;
        Add(parts, Name, prepared.Law.Prior, limit);
        if (prepared.Law.HasViews)
            Add(parts, $"{Name}[views]", prepared.Law.Weights, limit);
    }

    static void Add(ProgramParts parts, string name, double[] weights, ExpectedShortfallLimit limit)
    {
        if (!parts.Wants(name))
            return;
        parts.Add(
            new ExpectedShortfallConstraint(
                name,
                limit.Limit,
                limit.Limit,
                Soft,
                DeleveragedParts.Loss(parts),
                weights,
                limit.Level
            ),
            new LimitMeaning(
                name,
                FormattableString.Invariant(
                    $"mean loss beyond the {limit.Level * 100:0.##}% quantile, share of equity"
                ),
                parts.IsPricing ? null : OfCollateral(parts.Prepared, weights, limit.Level),
                true,
                []
            )
        );
    }

    static double OfCollateral(PreparedSizing prepared, double[] weights, double level) =>
        RiskMeasures.ExpectedShortfall(
            [.. prepared.Collateral.Select(value => value / prepared.Equity - 1)],
            weights,
            level
        );
}
