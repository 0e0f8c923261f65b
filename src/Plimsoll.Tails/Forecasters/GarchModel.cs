namespace Plimsoll.Tails;

/// <summary>What stands for the tail of a volatility model's residuals.</summary>
public enum ResidualTail
{
    /// <summary>The fitted family itself.</summary>
    Parametric,

    /// <summary>Past residuals (filtered historical simulation).</summary>
    Empirical,

    /// <summary>Past residuals with a generalised Pareto tail (McNeil and Frey 2000).</summary>
    Pareto,
}

/// <summary>A volatility model as a forecaster.</summary>
/// <param name="Name">As in tables.</param>
/// <param name="Specification">Of the fit.</param>
/// <param name="Tail">Of the residuals.</param>
/// <param name="Pool">Last residuals used for an empirical or Pareto tail.</param>
public sealed record GarchModel(
    string Name,
    GarchSpecification Specification,
    ResidualTail Tail = ResidualTail.Parametric,
    int Pool = 1000
) : ITailModel
{
    /// <inheritdoc />
    public IFittedTailModel Fit(TailHistory history, int day, IFittedTailModel? previous) =>
        new FittedGarch(
            GarchEstimator.Fit(history.Before(day), Specification, (previous as FittedGarch)?.Fit.Parameters),
            Tail,
            Pool
        );
}

/// <summary>A fitted volatility model as a forecaster.</summary>
/// <param name="Fit">Parameters and start of the filter.</param>
/// <param name="Tail">Of the residuals.</param>
/// <param name="Pool">Last residuals used.</param>
public sealed record FittedGarch(GarchFit Fit, ResidualTail Tail, int Pool) : IFittedLawModel
{
    /// <inheritdoc />
    public bool Converged => Fit.Converged;

    /// <inheritdoc />
    public ReturnForecast? Law(TailHistory history, int day)
    {
        var returns = history.Before(day);
        double[] variances = Fit.Variances(returns);
        double mean = Fit.Parameters.Mean;
        var law =
            Tail == ResidualTail.Parametric
                ? Fit.Parameters.Law
                : ResidualLaw.Of(Residuals.Standardised(returns, mean, variances, Pool), Tail);
        return new ReturnForecast(mean, Math.Sqrt(variances[^1]), law);
    }
}

/// <summary>The law of residuals: atoms, with or without fitted tails.</summary>
static class ResidualLaw
{
    /// <summary>Share of residuals beyond each threshold (McNeil and Frey 2000).</summary>
    public const double TailShare = 0.1;

    /// <summary>Residuals' shapes are near 0.2, and daily refits of it are noise.</summary>
    public static readonly ShapePrior Prior = new(0.2, 0.1);

    public static ITailLaw Of(double[] residuals, ResidualTail tail)
    {
        var body = new EmpiricalLaw(residuals);
        if (tail != ResidualTail.Pareto || residuals.Length < 200)
            return body;
        double[] losses = [.. residuals.Select(z => -z)];
        return new ParetoTailLaw(
            body,
            ParetoEstimator.Fit(losses, -body.Quantile(TailShare), Prior).Law,
            ParetoEstimator.Fit(residuals, body.Quantile(1 - TailShare), Prior).Law
        );
    }
}
