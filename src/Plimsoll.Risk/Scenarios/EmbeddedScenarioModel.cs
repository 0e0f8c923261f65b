using System.Text.Json;
using Plimsoll.Numerics;

namespace Plimsoll.Risk;

/// <summary>The law of risk for coins without bars: a dated compact model, fitted to real four-hour bars.</summary>
/// <remarks>
/// By coin the quantiles of its standardised residuals, whose ends are the largest fall and rise ever seen as single
/// figures; a Student copula with one common factor (loading by coin); the week's season; the slow level of volatility;
/// clustering as in <see cref="VolatilityDynamics"/>. It makes a record of residuals, from which paths are drawn as
/// from a real one. Where another coin has bars the missing coin is drawn given that coin's residuals.
/// </remarks>
internal sealed class EmbeddedScenarioModel
{
    /// <summary>Figures of one coin.</summary>
    /// <param name="Loading">Correlation with the common factor.</param>
    /// <param name="AnnualVolatility">Slow level.</param>
    /// <param name="RangeDeviation">Deviation inside a bar, in residual units: sets the lows and highs.</param>
    /// <param name="Quantiles">Of the residual, at <see cref="Probabilities"/>.</param>
    internal sealed record Coin(double Loading, double AnnualVolatility, double RangeDeviation, double[] Quantiles);

    /// <summary>Key of the figures for coins that the model does not know.</summary>
    internal const string Other = "other";
    const int Bars = 16_384;
    const ulong ModelSeed = 20260304;
    static readonly Lazy<EmbeddedScenarioModel> Shipped = new(Load);

    /// <summary>The model that this version ships.</summary>
    public static EmbeddedScenarioModel Default => Shipped.Value;

    /// <summary>Bars of four hours.</summary>
    public static TimeSpan BarLength => TimeSpan.FromHours(4);

    /// <summary>What the model is, for notes.</summary>
    public required string Description { get; init; }

    /// <summary>Probabilities of the quantiles, from 0 to 1.</summary>
    public required double[] Probabilities { get; init; }

    /// <summary>Degrees of freedom of the copula.</summary>
    public required double FreedomDegrees { get; init; }

    /// <summary>Factors of the season by time of day and by weekday from Monday.</summary>
    public required (double[] ByTime, double[] ByWeekday) Season { get; init; }

    /// <summary>By ticker, and <see cref="Other"/>.</summary>
    public required IReadOnlyDictionary<string, Coin> Coins { get; init; }

    /// <summary>Residuals of some coins, at the instants of a reference where there is one.</summary>
    public FilteredHistory[] Histories(string[] coins, FilteredHistory? reference)
    {
        long start = new DateTimeOffset(2018, 1, 1, 0, 0, 0, TimeSpan.Zero).UtcTicks;
        long[] ticks =
            reference?.OpenTicks ?? [.. Enumerable.Range(0, Bars).Select(bar => start + bar * BarLength.Ticks)];
        var common = reference is null ? Factor(ticks.Length) : Scores(reference.Residual);
        double share = reference is null ? 1 : Of(reference.Underlying).Loading;
        var scale = reference is null ? Scale(ticks.Length) : null;
        return [.. coins.Select((coin, index) => History(coin, (ulong)index, ticks, common, share, scale))];
    }

    /// <summary>Figures of a coin, or those for unknown coins.</summary>
    Coin Of(string underlying) => Coins.TryGetValue(underlying, out var own) ? own : Coins[Other];

    FilteredHistory History(
        string underlying,
        ulong index,
        long[] ticks,
        double[] common,
        double commonLoading,
        double[]? scale
    )
    {
        var coin = Of(underlying);
        double loading = coin.Loading * commonLoading;
        var random = new SeededRandom(ModelSeed, 2 + index);
        var scores = new double[ticks.Length];
        for (int i = 0; i < scores.Length; i++)
            scores[i] =
                (loading * common[i] + Math.Sqrt(1 - loading * loading) * random.NextNormal()) * (scale?[i] ?? 1);
        var residual = Residuals(scores, coin);
        var (low, high) = (new double[ticks.Length], new double[ticks.Length]);
        double square = coin.RangeDeviation * coin.RangeDeviation;
        for (int i = 0; i < residual.Length; i++)
        {
            double z = residual[i];
            low[i] = 0.5 * (z - Math.Sqrt(z * z - 2 * square * Math.Log(random.NextDouble())));
            high[i] = 0.5 * (z + Math.Sqrt(z * z - 2 * square * Math.Log(random.NextDouble())));
        }
        double meanSquare = FixedOrderSum.Dot(residual, residual) / residual.Length;
        double level = coin.AnnualVolatility * coin.AnnualVolatility * BarLength.TotalDays / 365 / meanSquare;
        return new FilteredHistory
        {
            Underlying = underlying,
            OpenTicks = ticks,
            Residual = residual,
            Low = low,
            High = high,
            Variance = level,
            Level = level,
            Season = new WeeklySeason(BarLength, Season.ByTime, Season.ByWeekday),
            ResidualMeanSquare = meanSquare,
            End = new DateTimeOffset(ticks[^1], TimeSpan.Zero) + BarLength,
        };
    }

    /// <summary>The quantile of each score's rank: the scores' dependence with the coin's own law.</summary>
    double[] Residuals(double[] scores, Coin coin)
    {
        int[] order = Order(scores);
        var residual = new double[scores.Length];
        int cell = 0;
        for (int rank = 0; rank < order.Length; rank++)
        {
            double probability = (double)rank / (order.Length - 1);
            while (Probabilities[cell + 1] < probability)
                cell++;
            double share = (probability - Probabilities[cell]) / (Probabilities[cell + 1] - Probabilities[cell]);
            residual[order[rank]] = (1 - share) * coin.Quantiles[cell] + share * coin.Quantiles[cell + 1];
        }
        return residual;
    }

    /// <summary>Normal scores of the ranks.</summary>
    internal static double[] Scores(double[] values)
    {
        int[] order = Order(values);
        var scores = new double[values.Length];
        for (int rank = 0; rank < order.Length; rank++)
            scores[order[rank]] = SpecialFunctions.NormalInverse((rank + 0.5) / order.Length);
        return scores;
    }

    static int[] Order(double[] values)
    {
        int[] order = [.. Enumerable.Range(0, values.Length)];
        Array.Sort((double[])values.Clone(), order);
        return order;
    }

    static double[] Factor(int count)
    {
        var random = new SeededRandom(ModelSeed, 0);
        var factor = new double[count];
        for (int i = 0; i < count; i++)
            factor[i] = random.NextNormal();
        return factor;
    }

    /// <summary>√(ν/χ²) of each bar, one for all coins: large bars come together.</summary>
    double[] Scale(int count)
    {
        var random = new SeededRandom(ModelSeed, 1);
        var scale = new double[count];
        for (int i = 0; i < count; i++)
        {
            double chi = 0;
            for (int k = 0; k < FreedomDegrees; k++)
            {
                double normal = random.NextNormal();
                chi += normal * normal;
            }
            scale[i] = Math.Sqrt(FreedomDegrees / chi);
        }
        return scale;
    }

    static EmbeddedScenarioModel Load()
    {
        using var stream = typeof(EmbeddedScenarioModel).Assembly.GetManifestResourceStream("scenarios/embedded.json")!;
        using var document = JsonDocument.Parse(stream);
        var root = document.RootElement;
        var season = root.GetProperty("season");
        return new EmbeddedScenarioModel
        {
            Description = root.GetProperty("description").GetString()!,
            Probabilities = Numbers(root.GetProperty("probabilities")),
            FreedomDegrees = root.GetProperty("degrees_of_freedom").GetDouble(),
            Season = (Numbers(season.GetProperty("by_time")), Numbers(season.GetProperty("by_weekday"))),
            Coins = root.GetProperty("coins")
                .EnumerateObject()
                .ToDictionary(
                    row => row.Name,
                    row => new Coin(
                        row.Value.GetProperty("loading").GetDouble(),
                        row.Value.GetProperty("annual_volatility").GetDouble(),
                        row.Value.GetProperty("range_deviation").GetDouble(),
                        Numbers(row.Value.GetProperty("residual"))
                    )
                ),
        };
    }

    static double[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(number => number.GetDouble())];
}
