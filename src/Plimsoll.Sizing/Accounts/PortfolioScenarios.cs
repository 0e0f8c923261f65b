using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Risk;

namespace Plimsoll.Sizing;

/// <summary>A pool's margin over one set of scenarios.</summary>
/// <param name="Matrix">Gains.</param>
/// <param name="Margin">Maintenance.</param>
/// <param name="Pool">Whose equity covers it.</param>
/// <param name="Counts">What of a currency's equity the venue counts for maintenance.</param>
/// <param name="Deleveraging">Assumption on winning futures; null: none are closed.</param>
public sealed record PortfolioScenarios(
    PnlMatrix Matrix,
    IPoolScenarios Margin,
    MarginPool Pool,
    Func<Currency, CollateralShare> Counts,
    DeleveragingStress? Deleveraging = null
)
{
    readonly ForgoneGains? forgone = Deleveraging is null ? null : new ForgoneGains(Deleveraging, Matrix);

    /// <summary>Gain that a contract of a column forgoes in each scenario on one side; null where none is.</summary>
    public double[]? Forgone(int column, bool isLong) => forgone?.Of(column, isLong);

    /// <summary>Maintenance less what counts of the margin balance by scenario, home currency.</summary>
    /// <param name="contracts">By column.</param>
    /// <param name="isExact">The venue's own maintenance, else its convex bound.</param>
    public double[] Shortage(double[] contracts, bool isExact)
    {
        double[] shortage = isExact ? Margin.Exact(contracts) : Margin.Bound(contracts);
        foreach (var (currency, equity) in Equity(contracts))
        {
            var share = Counts(currency);
            for (int s = 0; s < shortage.Length; s++)
                shortage[s] -= share.Value(equity[s]);
        }
        for (int i = 0; i < contracts.Length; i++)
            if (contracts[i] != 0 && Forgone(i, contracts[i] > 0) is { } lost)
                for (int s = 0; s < shortage.Length; s++)
                    shortage[s] += Math.Abs(contracts[i]) * lost[s];
        return shortage;
    }

    /// <summary>Slope of the mean shortage over a tail, by column: that of the convex bound.</summary>
    /// <param name="contracts">By column.</param>
    /// <param name="tail">Weights by scenario.</param>
    public double[] Slope(double[] contracts, double[] tail)
    {
        var slope = new double[contracts.Length];
        Margin.Slope(contracts, tail, slope);
        var counted = new Dictionary<Currency, double[]>();
        foreach (var (currency, equity) in Equity(contracts))
        {
            var share = Counts(currency);
            counted[currency] = [.. equity.Select((value, s) => tail[s] * share.Slope(value))];
        }
        for (int i = 0; i < slope.Length; i++)
        {
            var settlement = Matrix.Instruments[i].Settlement;
            // Where nothing is held of a currency both sides' shares are slopes.
            double[] weight = counted.TryGetValue(settlement, out double[]? known)
                ? known
                : counted[settlement] = [.. tail.Select(each => each * Counts(settlement).Held)];
            var gain = Matrix.Gain.Column(i);
            // Forgone gain is convex in the contracts with a kink at none: there 0 is a slope of it.
            double[]? lost = contracts[i] == 0 ? null : Forgone(i, contracts[i] > 0);
            for (int s = 0; s < tail.Length; s++)
                if (tail[s] > 0)
                    slope[i] -= weight[s] * gain[s] - tail[s] * Math.Sign(contracts[i]) * (lost?[s] ?? 0);
        }
        return slope;
    }

    SortedDictionary<Currency, double[]> Equity(double[] contracts) =>
        CurrencyEquity.InScenarios(Pool.Wallets, Matrix, contracts);
}
