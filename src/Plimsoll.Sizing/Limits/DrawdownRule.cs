using Plimsoll.Numerics;

namespace Plimsoll.Sizing;

/// <summary>
/// survival.drawdown: P(wealth below 1 − limit at a decision within the time) is at most the probability.
/// </summary>
/// <remarks>
/// min over t of t·log E g^(−1/t) + (t/n)·log(1/β) ≤ (1/n)·log(1/α), t at most log α / log β, beyond which E g^(−1/t)
/// is
/// below 1 and Ville's inequality would no longer hold at every decision; with <c>ever</c>, E g^−λ ≤ 1 at λ = log β /
/// log α
/// (Busseti, Ryu and Boyd 2016, eq. 8). Wealth is counted after the whole cost of trading, without unstated edge, under
/// the law after views.
/// </remarks>
sealed class DrawdownRule : LimitRule
{
    public const string Name = "survival.drawdown";

    public override void AddTo(ProgramParts parts)
    {
        var prepared = parts.Prepared;
        if (prepared.Mandate.Survival.Drawdown is not { } drawdown || !parts.Wants(Name))
            return;
        double alpha = 1 - drawdown.Limit,
            beta = drawdown.Probability;
        double periods = drawdown.Within is { } within
            ? Math.Max(1, within.Value / prepared.Mandate.Horizon.Value)
            : double.PositiveInfinity;
        bool ever = double.IsInfinity(periods);
        double limit = ever ? 0 : Math.Log(1 / alpha) / periods;
        double rate = ever ? 0 : Math.Log(1 / beta) / periods;
        double? fixedT = ever ? Math.Log(alpha) / Math.Log(beta) : null;
        double scale = ever ? 1e-3 : limit;
        parts.Add(
            new DrawdownConstraint(
                Name,
                limit,
                scale,
                Soft,
                DeleveragedParts.Drawdown(parts),
                prepared.Law.Weights,
                rate,
                fixedT,
                ever ? null : limit / rate
            ),
            new LimitMeaning(
                Name,
                ever && prepared.Law.HasViews
                    ? "bound on the log probability of the drawdown, per horizon, if the view is right"
                    : "bound on the log probability of the drawdown, per horizon",
                null,
                true,
                []
            )
        );
    }
}
