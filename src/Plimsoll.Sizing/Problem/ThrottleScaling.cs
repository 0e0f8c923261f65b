namespace Plimsoll.Sizing;

/// <summary>
/// Applies the throttle of the drawdown from the high-water mark: it scales risk limits, not positions.
/// </summary>
public static class ThrottleScaling
{
    /// <summary>Share of the risk limits that is kept at a drawdown: a step holds until the next one.</summary>
    public static double Kept(Mandate mandate, double drawdown)
    {
        double keep = 1;
        foreach (var step in mandate.Throttles)
            if (drawdown >= step.Drawdown)
                keep = step.Keep;
        return keep;
    }

    /// <summary>
    /// The mandate at a drawdown. A throttle that keeps nothing means reduce only and leaves limits as they are.
    /// </summary>
    public static (Mandate Mandate, double Keep) Apply(Mandate mandate, double drawdown)
    {
        double keep = Kept(mandate, drawdown);
        return keep is 0 or 1 ? (mandate, keep) : (Scaled(mandate, keep), keep);
    }

    /// <summary>The mandate with its risk limits times a share above 0.</summary>
    public static Mandate Scaled(Mandate mandate, double keep)
    {
        var survival = mandate.Survival;
        var limits = mandate.Limits;
        return mandate with
        {
            Survival = survival with
            {
                Drawdown = survival.Drawdown is { } d ? d with { Limit = keep * d.Limit } : null,
                WorstCase = survival.WorstCase is { } w ? w with { Limit = keep * w.Limit } : null,
                Stress = survival.Stress is { } s ? s with { Limit = keep * s.Limit } : null,
                ExpectedShortfall = survival.ExpectedShortfall is { } e ? e with { Limit = keep * e.Limit } : null,
                PathLoss = survival.PathLoss is { } p ? p with { Limit = keep * p.Limit } : null,
            },
            Limits = limits with
            {
                RiskUnitWorstCase = keep * limits.RiskUnitWorstCase,
                UnderlyingWorstCase = keep * limits.UnderlyingWorstCase,
                ContractStandaloneWorstCase = keep * limits.ContractStandaloneWorstCase,
                InitialMargin = keep * limits.InitialMargin,
                Greeks = limits.Greeks is { } g
                    ? new GreekLimits(keep * g.Delta, keep * g.Gamma1Pct, keep * g.Vega1Pt, keep * g.Theta1D)
                    : null,
            },
        };
    }
}
