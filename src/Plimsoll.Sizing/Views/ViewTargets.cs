using Plimsoll.Markets;
using Plimsoll.Pricing;
using Plimsoll.Risk;

namespace Plimsoll.Sizing;

/// <summary>A view as statements about the law: what it says, and what it holds still.</summary>
/// <param name="View">The view.</param>
/// <param name="Frees">Keys of the moments that it speaks of, such as <c>mean:BTC</c>: these are never held
/// still.</param>
/// <param name="Says">Target of the view.</param>
/// <param name="Prior">Expectation under the law of risk, in the view's own unit.</param>
/// <param name="Stated">What the view says, in its own unit.</param>
/// <param name="FromExpectation">Turns an expectation of the rows into the view's own unit.</param>
/// <param name="Pins">Keys of the quantities that it holds still.</param>
public sealed record ViewTarget(
    View View,
    IReadOnlyList<string> Frees,
    PoolingTarget Says,
    double Prior,
    double Stated,
    Func<double, double> FromExpectation,
    IReadOnlyList<string> Pins
);

/// <summary>
/// Turns views into targets of entropy pooling, and names the moments of the scenarios that views pin.
/// </summary>
/// <remarks>
/// Moments by key: <c>mean:U</c> of the price's simple return, <c>square:U</c> of the log return about its mean under
/// p,
/// <c>vol:U</c> of the implied volatility at 30 days, <c>skew:U</c> of its tilt.
/// </remarks>
public sealed class ViewTargets
{
    readonly MarketSnapshot market;
    readonly IReadOnlyDictionary<string, VolatilitySurface> surfaces;
    readonly ScenarioSet scenarios;
    readonly Dictionary<string, double[]> moments = new(StringComparer.Ordinal);

    /// <param name="market">Cleaned market.</param>
    /// <param name="surfaces">By underlying.</param>
    /// <param name="scenarios">The law of risk.</param>
    public ViewTargets(
        MarketSnapshot market,
        IReadOnlyDictionary<string, VolatilitySurface> surfaces,
        ScenarioSet scenarios
    ) => (this.market, this.surfaces, this.scenarios) = (market, surfaces, scenarios);

    /// <summary>Expectation under a law.</summary>
    public static double Mean(double[] weights, double[] rows)
    {
        double sum = 0;
        for (int s = 0; s < rows.Length; s++)
            sum += weights[s] * rows[s];
        return sum;
    }

    /// <summary>Rows of a moment by its key.</summary>
    public double[] Moment(string key)
    {
        if (moments.TryGetValue(key, out double[]? known))
            return known;
        int colon = key.IndexOf(':', StringComparison.Ordinal);
        string kind = key[..colon],
            underlying = key[(colon + 1)..];
        var moves = scenarios.Of(underlying);
        double volatility = surfaces.TryGetValue(underlying, out var surface) ? Volatility30(surface) : 1;
        double centre = kind == "square" ? Mean(scenarios.Weights, moves.LogReturn) : 0;
        var rows = new double[scenarios.Count];
        for (int s = 0; s < rows.Length; s++)
            rows[s] = kind switch
            {
                "mean" => Math.Exp(moves.LogReturn[s]) - 1,
                "square" => (moves.LogReturn[s] - centre) * (moves.LogReturn[s] - centre),
                "vol" => volatility * Math.Exp(moves.LogVolatilityMove[s]),
                _ => moves.SkewMove[s],
            };
        return moments[key] = rows;
    }

    /// <summary>At-the-money volatility at 30 days, annual.</summary>
    static double Volatility30(VolatilitySurface surface)
    {
        const double month = 30 / 365.0;
        return Math.Sqrt(surface.TotalVariance(0, month) / month);
    }

    /// <summary>The target of one view.</summary>
    public ViewTarget Of(View view) =>
        view switch
        {
            LevelView level => Of(level),
            DriftView drift => OfMean(
                drift,
                drift.AnnualDrift,
                Moment($"mean:{drift.Underlying}"),
                [$"mean:{drift.Underlying}"]
            ),
            RelativeView relative => OfMean(
                relative,
                relative.AnnualOutperformance,
                Difference(Moment($"mean:{relative.Underlying}"), Moment($"mean:{relative.Against}")),
                [$"mean:{relative.Underlying}", $"mean:{relative.Against}"]
            ),
            VolatilityView volatility => Of(volatility),
            _ => throw new ArgumentOutOfRangeException(nameof(view), view, "an unknown kind of view"),
        };

    /// <summary>A moment held at its own expectation under p.</summary>
    public PoolingTarget Pin(string key)
    {
        double[] rows = Moment(key);
        return new PoolingTarget(key, rows, Mean(scenarios.Weights, rows), false);
    }

    /// <summary>Keys of every moment of every coin, in order.</summary>
    public IEnumerable<string> AllMoments() =>
        from coin in scenarios.Underlyings
        from kind in new[] { "mean", "square", "vol", "skew" }
        select $"{kind}:{coin.Underlying}";

    ViewTarget Of(LevelView level)
    {
        double[] rows = LevelProbability.InScenarios(
            level,
            market.Find(level.Underlying)!,
            market.AsOf,
            surfaces[level.Underlying],
            scenarios
        );
        var says = new PoolingTarget(level.Text, rows, level.Probability, true);
        string[] free = [$"mean:{level.Underlying}", $"square:{level.Underlying}"];
        return new ViewTarget(
            level,
            free,
            says,
            Mean(scenarios.Weights, rows),
            level.Probability,
            probability => probability,
            Pins(level, free)
        );
    }

    ViewTarget OfMean(View view, double annual, double[] rows, string[] free)
    {
        double horizon = scenarios.Horizon.Value;
        return new ViewTarget(
            view,
            free,
            new PoolingTarget(view.Text, rows, annual * horizon, false),
            Mean(scenarios.Weights, rows) / horizon,
            annual,
            mean => mean / horizon,
            Pins(view, free)
        );
    }

    ViewTarget Of(VolatilityView view)
    {
        double horizon = scenarios.Horizon.Value;
        string key = view.Implied ? $"vol:{view.Underlying}" : $"square:{view.Underlying}";
        double[] rows = Moment(key);
        double target = view.Implied ? view.Volatility : view.Volatility * view.Volatility * horizon;
        double InOwnUnit(double mean) => view.Implied ? mean : Math.Sqrt(Math.Max(0, mean) / horizon);
        return new ViewTarget(
            view,
            [key],
            new PoolingTarget(view.Text, rows, target, false),
            InOwnUnit(Mean(scenarios.Weights, rows)),
            view.Volatility,
            InOwnUnit,
            Pins(view, [key])
        );
    }

    string[] Pins(View view, string[] free) => view.Spillover ? [] : [.. AllMoments().Except(free)];

    static double[] Difference(double[] a, double[] b)
    {
        var rows = new double[a.Length];
        for (int s = 0; s < rows.Length; s++)
            rows[s] = a[s] - b[s];
        return rows;
    }
}
