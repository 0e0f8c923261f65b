using Plimsoll.Numerics;
using Plimsoll.Risk;

namespace Plimsoll.Sizing;

/// <summary>The constants that take edge out of payoffs: X~ = X + shift, one number per instrument.</summary>
/// <remarks>
/// shift_i is such that E_x[X_i + shift_i] is the edge that was stated and nothing else:
/// h·E_p[X_i] (the share of history's own premium that the mandate lets stand)
/// + E_o[X_i] − E_p[X_i] (o: the law after level and volatility views, which give options an edge of their own)
/// + delta_i·(E_x[r] − E_o[r]) (drift and relative views: nothing but delta earns them, so that a hedged option has
/// none).
/// Without views shift_i = −(1 − h)·E_p[X_i].
/// </remarks>
public sealed record EdgeAdjustment
{
    /// <summary>By column of the matrix, home currency per contract.</summary>
    public required double[] Shift { get; init; }

    /// <summary>Edge left under x: E_x[X~], by column, home currency per contract and horizon.</summary>
    public required double[] Edge { get; init; }

    /// <summary>Shift of the collateral row, home currency.</summary>
    public required double CollateralShift { get; init; }

    /// <summary>Reckons the constants.</summary>
    /// <param name="matrix">Gains.</param>
    /// <param name="law">p, o and x.</param>
    /// <param name="deltaHome">By column: gain per unit of simple return of the underlying, home currency.</param>
    /// <param name="collateral">Equity revalued in each scenario, without gains of contracts.</param>
    /// <param name="collateralNow">The same now.</param>
    /// <param name="collateralDelta">By underlying: gain of the collateral per unit of simple return.</param>
    /// <param name="historicalPremium">h in [0, 1].</param>
    /// <param name="columns">The columns that are wanted, the others stay zero; null: all.</param>
    /// <param name="threads">The bits do not depend on it.</param>
    public static EdgeAdjustment Of(
        PnlMatrix matrix,
        ViewLaw law,
        double[] deltaHome,
        double[] collateral,
        double collateralNow,
        IReadOnlyDictionary<string, double> collateralDelta,
        double historicalPremium,
        IReadOnlyList<int>? columns = null,
        int threads = 1
    )
    {
        var drift = DriftByUnderlying(matrix.Scenarios, law);
        int count = matrix.Instruments.Length;
        var (shift, edge) = (new double[count], new double[count]);
        Parallel.For(
            0,
            columns?.Count ?? count,
            new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, threads) },
            k =>
            {
                int i = columns?[k] ?? k;
                double stated = deltaHome[i] * drift.GetValueOrDefault(matrix.Instruments[i].Underlying);
                (shift[i], edge[i]) = Adjust(matrix.Gain.Column(i), law, stated, historicalPremium);
            }
        );
        double[] one = [.. collateral.Select(value => value - collateralNow)];
        double statedOnCollateral = collateralDelta.Sum(row => row.Value * drift.GetValueOrDefault(row.Key));
        return new EdgeAdjustment
        {
            Shift = shift,
            Edge = edge,
            CollateralShift = Adjust(one, law, statedOnCollateral, historicalPremium).Shift,
        };
    }

    static (double Shift, double Edge) Adjust(
        ReadOnlySpan<double> gain,
        ViewLaw law,
        double stated,
        double historicalPremium
    )
    {
        double prior = ColumnProducts.Dot(law.Prior, gain);
        if (!law.HasViews)
            return (-(1 - historicalPremium) * prior, historicalPremium * prior);
        double option = ReferenceEquals(law.OptionWeights, law.Prior)
            ? prior
            : ColumnProducts.Dot(law.OptionWeights, gain);
        double edge = historicalPremium * prior + (option - prior) + stated;
        return (edge - ColumnProducts.Dot(law.Weights, gain), edge);
    }

    /// <summary>E_x[simple return] − E_o[simple return] by underlying: what drift and relative views add.</summary>
    static Dictionary<string, double> DriftByUnderlying(ScenarioSet scenarios, ViewLaw law)
    {
        var drift = new Dictionary<string, double>(StringComparer.Ordinal);
        if (ReferenceEquals(law.Weights, law.OptionWeights))
            return drift;
        foreach (var moves in scenarios.Underlyings)
        {
            double sum = 0;
            for (int s = 0; s < scenarios.Count; s++)
                sum += (law.Weights[s] - law.OptionWeights[s]) * (Math.Exp(moves.LogReturn[s]) - 1);
            drift[moves.Underlying] = sum;
        }
        return drift;
    }
}
