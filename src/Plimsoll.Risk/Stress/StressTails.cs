using Plimsoll.Numerics;

namespace Plimsoll.Risk;

/// <summary>The calm half of a law of risk, and its two tails of the whole market.</summary>
/// <remarks>
/// Chosen by what the market does, never by what the book loses: a tail picked by the book's own losses would show any
/// two positions losing together. Calm: the half of the weight with the smallest Mahalanobis distance. Fall and rise:
/// the given share of weight with the lowest and highest mean of the coins' returns in their own deviations.
/// </remarks>
public sealed class StressTails
{
    /// <summary>Weight of the calm scenarios.</summary>
    public const double CalmShare = 0.5;

    StressTails(double[] calm, double[] fall, double[] rise) => (Calm, Fall, Rise) = (calm, fall, rise);

    /// <summary>Law of the calm half: weights by scenario, sum 1.</summary>
    public double[] Calm { get; }

    /// <summary>Law of the market's worst falls.</summary>
    public double[] Fall { get; }

    /// <summary>Law of the market's largest rises.</summary>
    public double[] Rise { get; }

    /// <summary>Splits a weighted set.</summary>
    /// <param name="scenarios">Weighted.</param>
    /// <param name="law">Its second moments.</param>
    /// <param name="share">Weight of each tail, in (0, 0.5).</param>
    public static StressTails Of(ScenarioSet scenarios, FactorLaw law, double share)
    {
        double[][] columns = [.. law.Factors.Select(factor => FactorLaw.Column(scenarios, factor))];
        var (distance, market) = (new double[scenarios.Count], new double[scenarios.Count]);
        var move = new double[columns.Length];
        for (int s = 0; s < scenarios.Count; s++)
        {
            for (int i = 0; i < move.Length; i++)
                move[i] = columns[i][s];
            double[] y = law.Whitened(move);
            distance[s] = FixedOrderSum.Dot(y, y);
            for (int i = 0; i < move.Length; i++)
                if (law.Factors[i].Kind == StressFactorKind.Spot)
                    market[s] += move[i] / law.Deviation(i);
        }
        double[] weights = scenarios.Weights;
        return new StressTails(
            Lowest(distance, weights, CalmShare),
            Lowest(market, weights, share),
            Lowest([.. market.Select(value => -value)], weights, share)
        );
    }

    /// <summary>Weights of the lowest share of a figure, the scenario at the border taken in part, sum 1.</summary>
    static double[] Lowest(double[] figure, double[] weights, double share)
    {
        int[] order = StableOrder.Of(figure);
        var law = new double[figure.Length];
        double left = share;
        foreach (int s in order)
        {
            double taken = Math.Min(left, weights[s]);
            law[s] = taken / share;
            left -= taken;
            if (left <= 0)
                break;
        }
        return law;
    }
}
