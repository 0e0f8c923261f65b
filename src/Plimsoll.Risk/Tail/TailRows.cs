using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Numerics;

namespace Plimsoll.Risk;

/// <summary>Builds the rows of <see cref="TailRange"/>.</summary>
static class TailRows
{
    public static TailRange Build(
        string underlying,
        Currency unit,
        bool inverse,
        double unitPerDollar,
        Func<Instrument, bool> counts,
        ImmutableArray<Instrument> instruments,
        ModelPrices prices,
        (double Low, double High, bool Unbounded) range,
        TailClosing? closing
    )
    {
        if (!(range.Low > 0 && range.Low < 1))
            throw new ArgumentOutOfRangeException(nameof(range), range.Low, "the low end is a multiple in (0, 1)");
        if (!(range.High > 1))
            throw new ArgumentOutOfRangeException(nameof(range), range.High, "the high end is a multiple above 1");
        double indexUsd =
            prices.IndexUsd(underlying)
            ?? throw new ArgumentOutOfRangeException(nameof(underlying), underlying, "no index of this coin");
        var linear = new double[instruments.Length];
        var forgone = new TailForgone?[instruments.Length];
        var columnOf = ImmutableDictionary.CreateBuilder<string, int>(StringComparer.Ordinal);
        var settling = new SortedDictionary<DateTimeOffset, List<int>>();
        double mostStrike = 0,
            leastStrike = double.PositiveInfinity;
        for (int i = 0; i < instruments.Length; i++)
        {
            if (instruments[i].Underlying != underlying || !counts(instruments[i]))
                continue;
            columnOf[instruments[i].Name] = i;
            var payoff = TailPayoff.Of(instruments[i], prices, indexUsd);
            if (closing is not null)
                forgone[i] = TailForgone.Of(
                    instruments[i],
                    payoff,
                    instruments[i] is FutureInstrument ? prices.Price(instruments[i])!.Value : indexUsd,
                    closing,
                    inverse,
                    unitPerDollar
                );
            if (instruments[i].SettlesAt is not { } expiry)
            {
                linear[i] = inverse ? payoff.CoinSlopeAtInfinity : payoff.DollarSlopeAtInfinity * unitPerDollar;
                continue;
            }
            if (!settling.TryGetValue(expiry, out var columns))
                settling[expiry] = columns = [];
            columns.Add(i);
            if (instruments[i] is OptionInstrument option)
            {
                mostStrike = Math.Max(mostStrike, (double)option.StrikeUsd);
                leastStrike = Math.Min(leastStrike, (double)option.StrikeUsd);
            }
        }
        double lowUsd = range.Low * indexUsd,
            highUsd = range.High * indexUsd;
        if (range.Unbounded)
            (lowUsd, highUsd) = (Math.Min(lowUsd, leastStrike), Math.Max(highUsd, mostStrike));
        var ends = inverse
            ? (X0: 1 / indexUsd, Low: range.Unbounded ? 0 : 1 / highUsd, High: 1 / lowUsd)
            : (X0: indexUsd, Low: range.Unbounded ? 0 : lowUsd, High: highUsd);
        return TailRange.Create(
            unitPerDollar,
            underlying,
            unit,
            inverse,
            ends,
            range.Unbounded,
            [
                .. settling.Select(group =>
                    Rows(group.Key, group.Value, instruments, prices, indexUsd, inverse, unitPerDollar, ends, forgone)
                ),
            ],
            linear,
            forgone,
            columnOf.ToImmutable()
        );
    }

    static TailExpiry Rows(
        DateTimeOffset expiry,
        List<int> columns,
        ImmutableArray<Instrument> instruments,
        ModelPrices prices,
        double indexUsd,
        bool inverse,
        double unitPerDollar,
        (double X0, double Low, double High) ends,
        TailForgone?[] forgone
    )
    {
        var payoffs = columns.Select(i => TailPayoff.Of(instruments[i], prices, indexUsd)).ToArray();
        var knots = new SortedSet<double> { ends.Low, ends.High };
        foreach (var payoff in payoffs)
        {
            double x = inverse ? 1 / payoff.StrikeUsd : payoff.StrikeUsd;
            if (payoff.Size > 0 && x > ends.Low && x < ends.High)
                knots.Add(x);
        }
        foreach (int i in columns)
            if (forgone[i] is { } hinges)
                knots.UnionWith(
                    ((double[])[hinges.Long.Kink, hinges.Short.Kink]).Where(x => x > ends.Low && x < ends.High)
                );
        double[] xs = [.. knots];
        var gain = new ColumnMatrix(xs.Length, columns.Count);
        for (int j = 0; j < payoffs.Length; j++)
        {
            var column = gain.Column(j);
            for (int k = 0; k < xs.Length; k++)
                column[k] = inverse ? payoffs[j].InCoin(xs[k]) : payoffs[j].Dollars(xs[k]) * unitPerDollar;
        }
        return new TailExpiry(
            expiry,
            xs,
            [.. columns],
            gain,
            [
                .. payoffs.Select(payoff =>
                    inverse ? payoff.CoinSlopeAtInfinity : payoff.DollarSlopeAtInfinity * unitPerDollar
                ),
            ]
        );
    }
}
