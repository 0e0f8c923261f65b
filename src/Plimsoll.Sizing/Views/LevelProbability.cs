using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Numerics;
using Plimsoll.Pricing;
using Plimsoll.Risk;

namespace Plimsoll.Sizing;

/// <summary>Conditional probability of a level view's event in each scenario.</summary>
/// <remarks>
/// Inside the horizon the scenario itself decides. Beyond it the rest of the way is Brownian in the log, without drift
/// of the price, at the volatility that the surface moved by the scenario has for that level: P(above) = N(d2) (Black
/// 1976), touch by the reflection formula (Musiela and Rutkowski, Martingale Methods, sec. B.3); a path that has
/// already touched counts as 1.
/// </remarks>
public static class LevelProbability
{
    /// <summary>D_s for every scenario.</summary>
    /// <param name="view">The view.</param>
    /// <param name="market">Its coin's market.</param>
    /// <param name="asOf">Time of the market.</param>
    /// <param name="surface">Fitted surface of the coin.</param>
    /// <param name="scenarios">The law of risk.</param>
    public static double[] InScenarios(
        LevelView view,
        UnderlyingMarket market,
        DateTimeOffset asOf,
        VolatilitySurface surface,
        ScenarioSet scenarios
    )
    {
        var moves = scenarios.Of(view.Underlying);
        double tYears = Years.Between(asOf, view.At).Value;
        double left = tYears - scenarios.Horizon.Value;
        double logLevel = Math.Log(view.LevelUsd / market.IndexUsd);
        var probability = new double[scenarios.Count];
        if (left <= 1e-9)
        {
            double[] end = moves.DeliveryLogReturn.GetValueOrDefault(view.At, moves.LogReturn);
            for (int s = 0; s < probability.Length; s++)
                probability[s] = Happened(view, moves, s, end[s], logLevel) ? 1 : 0;
            return probability;
        }
        double basis = view.Touch ? 0 : Math.Log(ForwardAt(market, asOf, tYears) / market.IndexUsd);
        double exponent = VolatilityResponses.For(view.Underlying).TenorExponent;
        double tenor = Math.Pow(30 / 365.0 / Math.Max(left, 1 / 365.0), exponent);
        for (int s = 0; s < probability.Length; s++)
        {
            if (view.Touch && (view.Above ? moves.PathHigh[s] >= logLevel : moves.PathLow[s] <= logLevel))
            {
                probability[s] = 1;
                continue;
            }
            double away = logLevel - moves.LogReturn[s] - basis;
            double variance = surface.TotalVariance(away, left) * Math.Exp(2 * tenor * moves.LogVolatilityMove[s]);
            probability[s] = view.Touch ? Touch(away, variance, view.Above) : Ends(away, variance, view.Above);
        }
        return probability;
    }

    /// <summary>P(log move without price drift ends beyond a distance).</summary>
    internal static double Ends(double away, double variance, bool above)
    {
        double d2 = (-away - variance / 2) / Math.Sqrt(variance);
        return SpecialFunctions.NormalCdf(above ? d2 : -d2);
    }

    /// <summary>P(log move without price drift reaches a distance), from before it.</summary>
    internal static double Touch(double away, double variance, bool above)
    {
        double deviation = Math.Sqrt(variance),
            side = above ? 1 : -1,
            distance = side * away,
            drift = -side * variance / 2;
        if (distance <= 0)
            return 1;
        double first = SpecialFunctions.NormalCdf((drift - distance) / deviation);
        double second =
            Math.Exp(2 * drift * distance / variance) * SpecialFunctions.NormalCdf((-drift - distance) / deviation);
        return Math.Min(1, first + second);
    }

    static bool Happened(LevelView view, UnderlyingScenarios moves, int s, double end, double logLevel)
    {
        if (view.Touch)
            return view.Above ? moves.PathHigh[s] >= logLevel : moves.PathLow[s] <= logLevel;
        return view.Above ? end > logLevel : end < logLevel;
    }

    /// <summary>Forward at a time: log-linear between the listed ones, the nearest beyond them.</summary>
    static double ForwardAt(UnderlyingMarket market, DateTimeOffset asOf, double tYears)
    {
        ImmutableArray<ForwardQuote> forwards = market.Forwards;
        double before = market.IndexUsd,
            beforeYears = 0;
        foreach (var forward in forwards)
        {
            double years = Years.Between(asOf, forward.Expiry).Value;
            if (years >= tYears)
            {
                double share = years > beforeYears ? (tYears - beforeYears) / (years - beforeYears) : 1;
                return before * Math.Pow(forward.PriceUsd / before, share);
            }
            (before, beforeYears) = (forward.PriceUsd, years);
        }
        return before;
    }
}
