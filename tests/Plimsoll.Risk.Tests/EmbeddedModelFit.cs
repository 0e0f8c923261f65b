using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Risk.Tests;

/// <summary>Fits the embedded scenario model to real bars, apart from the code that uses it.</summary>
static class EmbeddedModelFit
{
    public static double[] Probabilities { get; } =
    [
        0,
        0.0001,
        0.0003,
        0.001,
        0.0025,
        0.005,
        0.01,
        0.02,
        0.035,
        0.05,
        0.075,
        0.1,
        0.15,
        0.2,
        0.25,
        0.3,
        0.35,
        0.4,
        0.45,
        0.5,
        0.55,
        0.6,
        0.65,
        0.7,
        0.75,
        0.8,
        0.85,
        0.9,
        0.925,
        0.95,
        0.965,
        0.98,
        0.99,
        0.995,
        0.9975,
        0.999,
        0.9997,
        0.9999,
        1,
    ];

    public static EmbeddedScenarioModel Fit(ImmutableArray<PriceHistory> histories, string description, double degrees)
    {
        FilteredHistory[] filtered = [.. histories.Select(history => FilteredHistory.Of(history)!)];
        double[] loadings = Loadings(filtered);
        var coins = new Dictionary<string, EmbeddedScenarioModel.Coin>();
        for (int i = 0; i < filtered.Length; i++)
            coins.Add(filtered[i].Underlying, Coin(filtered[i], loadings[i]));
        var others = coins.Where(row => row.Key is not ("BTC" or "ETH")).Select(row => row.Value).ToArray();
        coins.Add(
            EmbeddedScenarioModel.Other,
            new EmbeddedScenarioModel.Coin(
                others.Min(coin => coin.Loading),
                others.Max(coin => coin.AnnualVolatility),
                others.Average(coin => coin.RangeDeviation),
                [.. Probabilities.Select((_, j) => others.Average(coin => coin.Quantiles[j]))]
            )
        );
        var season = filtered.First(history => history.Underlying == "BTC").Season;
        return new EmbeddedScenarioModel
        {
            Description = description,
            Probabilities = Probabilities,
            FreedomDegrees = degrees,
            Season = (season.ByTime, season.ByWeekday),
            Coins = coins,
        };
    }

    /// <summary>
    /// Share of bars, of those of either tail of one coin, in which the other coin is in that tail too.
    /// </summary>
    public static double TailDependence(FilteredHistory a, FilteredHistory b, double tail)
    {
        var (x, y) = Common(a, b);
        double[] sortedX = [.. x.Order()];
        double[] sortedY = [.. y.Order()];
        int cut = (int)(tail * x.Length);
        int together = 0;
        for (int i = 0; i < x.Length; i++)
            if (
                (x[i] <= sortedX[cut] && y[i] <= sortedY[cut])
                || (x[i] >= sortedX[^(cut + 1)] && y[i] >= sortedY[^(cut + 1)])
            )
                together++;
        return together / (2.0 * cut);
    }

    static EmbeddedScenarioModel.Coin Coin(FilteredHistory history, double loading)
    {
        double mean = history.Residual.Average();
        double[] sorted = [.. history.Residual.Select(z => z - mean).Order()];
        double square = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            var (z, low, high) = (history.Residual[i], history.Low[i], history.High[i]);
            square += high * (high - z) + low * (low - z);
        }
        double barYears = 4 / 24.0 / 365;
        return new EmbeddedScenarioModel.Coin(
            Math.Round(loading, 3),
            Math.Round(Math.Sqrt(history.Level * history.ResidualMeanSquare / barYears), 3),
            Math.Round(Math.Sqrt(square / sorted.Length), 3),
            [.. Probabilities.Select(p => Math.Round(Quantile(sorted, p), 3))]
        );
    }

    static double Quantile(double[] sorted, double probability)
    {
        double place = probability * (sorted.Length - 1);
        int below = Math.Min((int)place, sorted.Length - 2);
        return sorted[below] + (place - below) * (sorted[below + 1] - sorted[below]);
    }

    /// <summary>The one-factor loadings nearest to the correlations of normal scores.</summary>
    static double[] Loadings(FilteredHistory[] coins)
    {
        int count = coins.Length;
        var correlation = new double[count, count];
        for (int i = 0; i < count; i++)
        for (int j = 0; j < count; j++)
            if (i != j)
            {
                var (x, y) = Common(coins[i], coins[j]);
                double[] u = EmbeddedScenarioModel.Scores(x);
                double[] v = EmbeddedScenarioModel.Scores(y);
                correlation[i, j] = u.Zip(v, (a, b) => a * b).Sum() / u.Sum(a => a * a);
            }
        var loading = new double[count];
        Array.Fill(loading, 0.8);
        for (int sweep = 0; sweep < 200; sweep++)
        for (int i = 0; i < count; i++)
        {
            double product = 0;
            double square = 0;
            for (int j = 0; j < count; j++)
                if (j != i)
                {
                    product += correlation[i, j] * loading[j];
                    square += loading[j] * loading[j];
                }
            loading[i] = Math.Min(product / square, 0.98);
        }
        return loading;
    }

    static (double[] A, double[] B) Common(FilteredHistory a, FilteredHistory b)
    {
        var other = new Dictionary<long, double>();
        for (int i = 0; i < b.OpenTicks.Length; i++)
            other[b.OpenTicks[i]] = b.Residual[i];
        var x = new List<double>();
        var y = new List<double>();
        for (int i = 0; i < a.OpenTicks.Length; i++)
            if (other.TryGetValue(a.OpenTicks[i], out double z))
            {
                x.Add(a.Residual[i]);
                y.Add(z);
            }
        return ([.. x], [.. y]);
    }
}
