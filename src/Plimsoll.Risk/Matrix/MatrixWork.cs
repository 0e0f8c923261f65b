using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Numerics;
using Plimsoll.Pricing;

namespace Plimsoll.Risk;

/// <summary>A part of the matrix that one thread fills: some columns over a range of scenarios.</summary>
abstract class MatrixWork
{
    /// <summary>
    /// Scenarios at a time: five arrays of 1,024 doubles and one column stay in the first-level cache of most cores
    /// while all options of an expiry pass over them.
    /// </summary>
    protected const int ChunkRows = 1024;

    /// <summary>Writes this part.</summary>
    public abstract void Fill(ColumnMatrix gain);

    /// <summary>Cuts the matrix into parts that do not overlap and together cover it.</summary>
    public static IReadOnlyList<MatrixWork> Plan(
        MarketSnapshot snapshot,
        IReadOnlyDictionary<string, VolatilitySurface> surfaces,
        ScenarioSet scenarios,
        ImmutableArray<Instrument> instruments,
        ModelPrices prices,
        HomePrices homePrices,
        ScenarioPrices then,
        int threads = 1
    )
    {
        var work = new List<MatrixWork>();
        var live = new SortedDictionary<(string, DateTimeOffset), List<int>>();
        for (int i = 0; i < instruments.Length; i++)
        {
            var instrument = instruments[i];
            var moves = scenarios.Of(instrument.Underlying);
            bool settles = instrument.SettlesAt is { } at && moves.DeliveryLogReturn.ContainsKey(at);
            if (instrument is OptionInstrument option && !settles)
            {
                var key = (option.Underlying, option.Expiry);
                if (!live.TryGetValue(key, out var columns))
                    live[key] = columns = [];
                columns.Add(i);
            }
            else
                work.Add(new DeltaOneOrSettledWork(i, instrument, then, prices, homePrices));
        }
        foreach (var underlying in live.GroupBy(group => group.Key.Item1))
        {
            var moves = SurfaceMoves.Build(
                surfaces[underlying.Key],
                snapshot,
                scenarios,
                VolatilityResponses.For(underlying.Key),
                threads
            );
            foreach (var (key, columns) in underlying)
            {
                var move = moves.First(move => move.Slice.Expiry == key.Item2);
                var terms = LiveOptionTerms.Of(columns, instruments, move, prices, homePrices);
                for (int from = 0; from < scenarios.Count; from += ChunkRows)
                    work.Add(new LiveOptionsWork(terms, from, Math.Min(ChunkRows, scenarios.Count - from)));
            }
        }
        return work;
    }
}
