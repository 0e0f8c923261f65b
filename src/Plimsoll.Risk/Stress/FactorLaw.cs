using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Numerics;

namespace Plimsoll.Risk;

/// <summary>What a factor of a joint move is.</summary>
public enum StressFactorKind
{
    /// <summary>ln(index then / index now).</summary>
    Spot,

    /// <summary>Change of ln(at-the-money volatility at 30 days).</summary>
    Volatility,
}

/// <summary>One factor of a joint move.</summary>
/// <param name="Underlying">Ticker.</param>
/// <param name="Kind">Spot or volatility.</param>
public readonly record struct StressFactor(string Underlying, StressFactorKind Kind);

/// <summary>
/// Second moments of spot and volatility over the horizon: what makes one joint move more plausible than another.
/// </summary>
/// <remarks>
/// Moments are about no move at all, over the weighted scenarios. x = root·y with y in standard deviations
/// (eigenvectors
/// of the moments, those without any variance left out), so |y| is the Mahalanobis distance of a move. Only coins that
/// the book touches are factors: the others stand at their conditional mean, which changes no maximum and keeps the
/// distance free of factors that do not matter (Breuer, Jandacka, Rheinberger and Summer 2009, section 4).
/// </remarks>
public sealed class FactorLaw
{
    const double LeastVariance = 1e-12;

    readonly double[][] root;
    readonly double[][] inverse;

    FactorLaw(ImmutableArray<StressFactor> factors, SymmetricMatrix moments)
    {
        (Factors, Moments) = (factors, moments);
        var eigen = SymmetricEigen.Of(moments);
        double largest = Math.Max(eigen.Values[^1], 0);
        int[] kept = [.. Enumerable.Range(0, factors.Length).Where(k => eigen.Values[k] > LeastVariance * largest)];
        Dimension = kept.Length;
        root =
        [
            .. factors.Select((_, i) => kept.Select(k => Math.Sqrt(eigen.Values[k]) * eigen.Vector(k)[i]).ToArray()),
        ];
        inverse =
        [
            .. kept.Select(k => eigen.Vector(k).ToArray().Select(v => v / Math.Sqrt(eigen.Values[k])).ToArray()),
        ];
    }

    /// <summary>In order of coin, spot before volatility.</summary>
    public ImmutableArray<StressFactor> Factors { get; }

    /// <summary>E[x·xᵀ].</summary>
    public SymmetricMatrix Moments { get; }

    /// <summary>Directions with variance.</summary>
    public int Dimension { get; }

    /// <summary>The law of some coins in a weighted set.</summary>
    /// <param name="scenarios">Weighted.</param>
    /// <param name="coins">Those that the book touches.</param>
    /// <exception cref="ArgumentException">A set without weights, or nothing that moves.</exception>
    public static FactorLaw Of(ScenarioSet scenarios, IEnumerable<string> coins) =>
        Find(scenarios, coins, _ => true)
        ?? throw new ArgumentException("no coin of the book moves in the scenarios", nameof(coins));

    /// <summary>The law of those factors of some coins that the book touches; null: none of them moves.</summary>
    /// <param name="scenarios">Weighted; coins that are not in it rest.</param>
    /// <param name="coins">Coins.</param>
    /// <param name="touches">Whether the book answers to a factor.</param>
    /// <exception cref="ArgumentException">A set without weights.</exception>
    public static FactorLaw? Find(ScenarioSet scenarios, IEnumerable<string> coins, Func<StressFactor, bool> touches)
    {
        if (scenarios.Weights.Length != scenarios.Count)
            throw new ArgumentException("second moments need weights", nameof(scenarios));
        var factors = ImmutableArray.CreateBuilder<StressFactor>();
        foreach (string coin in coins.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        foreach (var kind in new[] { StressFactorKind.Spot, StressFactorKind.Volatility })
            if (
                new StressFactor(coin, kind) is var factor
                && touches(factor)
                && scenarios.Underlyings.Any(moves => moves.Underlying == coin)
                && Array.Exists(Column(scenarios, factor), move => move != 0)
            )
                factors.Add(factor);
        if (factors.Count == 0)
            return null;
        double[][] columns = [.. factors.Select(factor => Column(scenarios, factor))];
        return OfColumns(factors.ToImmutable(), columns, scenarios.Weights);
    }

    /// <summary>A law with stated second moments.</summary>
    public static FactorLaw OfMoments(ImmutableArray<StressFactor> factors, SymmetricMatrix moments) =>
        new(factors, moments);

    static FactorLaw OfColumns(ImmutableArray<StressFactor> factors, double[][] columns, double[] weights)
    {
        var moments = new SymmetricMatrix(columns.Length);
        var weighted = new double[weights.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            for (int s = 0; s < weighted.Length; s++)
                weighted[s] = weights[s] * columns[i][s];
            for (int j = i; j < columns.Length; j++)
                moments[i, j] = FixedOrderSum.Dot(weighted, columns[j]);
        }
        return new FactorLaw(factors, moments);
    }

    /// <summary>One factor in every scenario.</summary>
    public static double[] Column(ScenarioSet scenarios, StressFactor factor)
    {
        var moves = scenarios.Of(factor.Underlying);
        return factor.Kind == StressFactorKind.Spot ? moves.LogReturn : moves.LogVolatilityMove;
    }

    /// <summary>x = root·y: a move from its coordinates in standard deviations.</summary>
    public double[] Move(ReadOnlySpan<double> y)
    {
        var x = new double[Factors.Length];
        for (int i = 0; i < x.Length; i++)
        for (int k = 0; k < Dimension; k++)
            x[i] += root[i][k] * y[k];
        return x;
    }

    /// <summary>y of a move; what lies outside the directions with variance is dropped.</summary>
    public double[] Whitened(ReadOnlySpan<double> x)
    {
        var y = new double[Dimension];
        for (int k = 0; k < Dimension; k++)
        for (int i = 0; i < x.Length; i++)
            y[k] += inverse[k][i] * x[i];
        return y;
    }

    /// <summary>rootᵀ·v: a gradient by x as a gradient by y.</summary>
    public double[] Pulled(ReadOnlySpan<double> v)
    {
        var y = new double[Dimension];
        for (int k = 0; k < Dimension; k++)
        for (int i = 0; i < v.Length; i++)
            y[k] += root[i][k] * v[i];
        return y;
    }

    /// <summary>Standard deviation of a factor about no move.</summary>
    public double Deviation(int factor) => Math.Sqrt(Moments[factor, factor]);

    /// <summary>Moves as a set without weights: skew answers spot, coins that are no factor stand still.</summary>
    /// <param name="moves">By row, factors in their order.</param>
    /// <param name="snapshot">Its coins.</param>
    /// <param name="horizon">Time that passes with the move.</param>
    public ScenarioSet Scenarios(IReadOnlyList<double[]> moves, MarketSnapshot snapshot, Years horizon)
    {
        int count = moves.Count;
        var deliveries = new ScenarioRequest(horizon).DeliveriesInside(snapshot);
        var none = new double[count];
        string[] origins = new string[count];
        Array.Fill(origins, "move");
        return new ScenarioSet
        {
            Horizon = horizon,
            Count = count,
            Weights = [],
            Origins = origins,
            Underlyings =
            [
                .. snapshot.Underlyings.Select(market =>
                {
                    string coin = market.Underlying;
                    double[] spot = Column(coin, StressFactorKind.Spot);
                    double[] level = Column(coin, StressFactorKind.Volatility);
                    double beta = ReferenceEquals(level, none) ? 0 : VolatilityResponses.For(coin).SkewBeta;
                    return new UnderlyingScenarios
                    {
                        Underlying = coin,
                        LogReturn = spot,
                        LogVolatilityMove = level,
                        SkewMove = [.. spot.Select(r => beta * r)],
                        PathLow = [.. spot.Select(r => Math.Min(0, r))],
                        PathHigh = [.. spot.Select(r => Math.Max(0, r))],
                        DeliveryLogReturn = deliveries.ToImmutableSortedDictionary(at => at, _ => spot),
                    };
                }),
            ],
        };

        double[] Column(string coin, StressFactorKind kind)
        {
            int at = Factors.IndexOf(new StressFactor(coin, kind));
            return at < 0 ? none : [.. moves.Select(move => move[at])];
        }
    }
}
