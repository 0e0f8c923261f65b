using Plimsoll.Numerics;

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
        var collateral = parts.Prepared.Collateral.Select(value => value / parts.Prepared.Equity - 1).ToArray();
        parts.Add(
            new ExpectedShortfallConstraint(
                name,
                limit.Limit,
                limit.Limit,
                Soft,
                parts.RawValue(1),
                weights,
                limit.Level
            ),
            new LimitMeaning(
                name,
                FormattableString.Invariant(
                    $"mean loss beyond the {limit.Level * 100:0.##}% quantile, share of equity"
                ),
                new Plimsoll.Risk.LossDistribution(collateral, weights).ExpectedShortfall(limit.Level),
                true,
                []
            )
        );
    }
}
