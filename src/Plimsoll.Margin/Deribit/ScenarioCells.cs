using Plimsoll.Numerics;

namespace Plimsoll.Margin;

/// <summary>Deltas of one book of a pair over some scenarios, as the roll and delta shocks need them.</summary>
/// <param name="groups">Expiries.</param>
/// <param name="count">Scenarios.</param>
sealed class DeltaSums(int groups, int count)
{
    readonly double[] net = new double[groups * count];
    readonly double[] bought = new double[count];
    readonly double[] other = new double[count];

    /// <summary>Adds contracts of one column, whose coins of delta are given by scenario.</summary>
    public void Add(PairScenarios pair, int i, double held, ReadOnlySpan<double> delta)
    {
        ColumnProducts.AddScaled(held, delta, net.AsSpan(pair.Expiry[i] * count, count));
        ColumnProducts.AddScaled(held, delta, held > 0 && pair.IsOption(i) ? bought : other);
    }

    /// <summary>Changes what is held of a column.</summary>
    public void Move(PairScenarios pair, int i, double from, double to, ReadOnlySpan<double> delta)
    {
        ColumnProducts.AddScaled(to - from, delta, net.AsSpan(pair.Expiry[i] * count, count));
        bool isOption = pair.IsOption(i);
        ColumnProducts.AddScaled(-from, delta, from > 0 && isOption ? bought : other);
        ColumnProducts.AddScaled(to, delta, to > 0 && isOption ? bought : other);
    }

    public void Clear()
    {
        Array.Clear(net);
        Array.Clear(bought);
        Array.Clear(other);
    }

    /// <summary>Σ over expiries of |net delta|·rate, coins.</summary>
    public double Roll(PairScenarios pair, int at)
    {
        double roll = 0;
        for (int t = 0; t < groups; t++)
            roll += Math.Abs(net[t * count + at]) * pair.RollRate[t];
        return roll;
    }

    /// <summary>Net delta without the help of long options, coins.</summary>
    public double Unhelped(int at)
    {
        double all = bought[at] + other[at];
        return other[at] < 0 ? Math.Min(Math.Max(all, other[at]), 0) : Math.Max(Math.Min(all, other[at]), 0);
    }
}

/// <summary>
/// Cells of the columns that were asked for, and the sum for the last book: a next one costs its changes.
/// </summary>
sealed class ScenarioCells(int scenarios)
{
    // Sums are formed anew after so many changes, before rounding can pile up.
    const int MostChanges = 64;

    readonly Dictionary<int, StoredBook> books = [];

    public StoredBook Book(int pairIndex, PairScenarios pair, double[] contracts, int run)
    {
        if (!books.TryGetValue(pairIndex, out var book))
            books[pairIndex] = book = new StoredBook(pair, scenarios, run);
        book.MoveTo(contracts, MostChanges);
        return book;
    }
}

/// <summary>Sums of one pair for one book.</summary>
sealed class StoredBook(PairScenarios pair, int scenarios, int run)
{
    readonly double[]?[] stored = new double[pair.Columns.Length][];
    readonly double[]?[] deltas = new double[pair.Columns.Length][];
    readonly double[] held = new double[pair.Columns.Length];
    int changes = int.MaxValue;

    /// <summary>Gains by run of scenarios, cell by cell within it.</summary>
    public double[] Cells { get; } = new double[pair.Grid.Count * scenarios];

    /// <summary>Deltas by scenario.</summary>
    public DeltaSums Deltas { get; } = new(pair.RollRate.Length, scenarios);

    public void MoveTo(double[] contracts, int mostChanges)
    {
        bool isAnew = changes > mostChanges;
        if (isAnew)
        {
            Array.Clear(Cells);
            Deltas.Clear();
            Array.Clear(held);
        }
        for (int i = 0; i < held.Length; i++)
        {
            double wanted = contracts[pair.Columns[i]];
            if (wanted == held[i])
                continue;
            ColumnProducts.AddScaled(wanted - held[i], stored[i] ??= Fill(i), Cells);
            Deltas.Move(pair, i, held[i], wanted, deltas[i]);
            held[i] = wanted;
            changes += isAnew ? 0 : 1;
        }
        if (isAnew)
            changes = 0;
    }

    double[] Fill(int i)
    {
        var all = new double[pair.Grid.Count * scenarios];
        var delta = new double[scenarios];
        var scratch = new double[PairScenarios.ScratchOf(run)];
        for (int from = 0; from < scenarios; from += run)
        {
            int count = Math.Min(run, scenarios - from);
            pair.AddCells(i, 1, from, scratch, all.AsSpan(from * pair.Grid.Count, count * pair.Grid.Count));
            pair.Deltas(i, from, scratch, delta.AsSpan(from, count));
        }
        deltas[i] = delta;
        return all;
    }
}
