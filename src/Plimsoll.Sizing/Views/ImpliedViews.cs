using System.Collections.Immutable;

namespace Plimsoll.Sizing;

/// <summary>What today's book is betting on: the law under which it would be the optimum without costs.</summary>
/// <param name="Weights">x_s ∝ p_s·g~_s^(1/c).</param>
/// <param name="Divergence">Relative entropy to the law of risk: how strong the bet is.</param>
/// <param name="Lines">Drift, volatility, implied volatility and skew by coin, under p and under x.</param>
public sealed record ImpliedViews(double[] Weights, double Divergence, ImmutableArray<ImpliedMoment> Lines)
{
    /// <summary>Inverts the first-order condition E_x[g~^(−1/c)·X~] = 0.</summary>
    /// <param name="prior">p.</param>
    /// <param name="edgelessReturns">g~ of today's book: gross returns whose instruments have no edge;
    /// positive.</param>
    /// <param name="kellyFraction">c.</param>
    /// <param name="targets">Moments of the scenarios.</param>
    /// <param name="horizonYears">Length of the horizon.</param>
    public static ImpliedViews Of(
        double[] prior,
        double[] edgelessReturns,
        double kellyFraction,
        ViewTargets targets,
        double horizonYears
    )
    {
        var weights = new double[prior.Length];
        double sum = 0;
        for (int s = 0; s < prior.Length; s++)
            sum += weights[s] = prior[s] * Math.Pow(edgelessReturns[s], 1 / kellyFraction);
        for (int s = 0; s < prior.Length; s++)
            weights[s] /= sum;
        var lines = targets.AllMoments().Select(key => Line(key, prior, weights, targets, horizonYears));
        return new ImpliedViews(weights, EntropyPooling.Divergence(weights, prior), [.. lines]);
    }

    static ImpliedMoment Line(string key, double[] prior, double[] weights, ViewTargets targets, double horizonYears)
    {
        string[] parts = key.Split(':');
        double InUnit(double[] law)
        {
            double mean = ViewTargets.Mean(law, targets.Moment(key));
            return parts[0] switch
            {
                "mean" => mean / horizonYears,
                "square" => Math.Sqrt(mean / horizonYears),
                _ => mean,
            };
        }
        string kind = parts[0] switch
        {
            "mean" => "drift",
            "square" => "realised-volatility",
            "vol" => "implied-volatility-30d",
            _ => "skew-30d",
        };
        return new ImpliedMoment(parts[1], kind, InUnit(prior), InUnit(weights));
    }
}

/// <summary>One moment under the law of risk and under the law that a book implies.</summary>
/// <param name="Underlying">Ticker.</param>
/// <param name="Kind">
/// <c>drift</c> (arithmetic, a year), <c>realised-volatility</c> and <c>implied-volatility-30d</c> (a year), or
/// <c>skew-30d</c> (volatility per unit of log-moneyness, change).
/// </param>
/// <param name="Prior">Under p.</param>
/// <param name="Implied">Under the implied law.</param>
public sealed record ImpliedMoment(string Underlying, string Kind, double Prior, double Implied);
