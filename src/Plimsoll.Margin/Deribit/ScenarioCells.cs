using Plimsoll.Numerics;

namespace Plimsoll.Margin;

/// <summary>What the roll and delta shocks need of a book in one scenario.</summary>
/// <param name="Roll">Σ over expiries of |net delta|·rate, coins.</param>
/// <param name="Unhelped">Net delta without the help of long options, coins.</param>
readonly record struct DeltaSums(double Roll, double Unhelped)
{
    public static DeltaSums Of(PairScenarios pair, double[] contracts, int scenario)
    {
        Span<double> net = stackalloc double[pair.RollRate.Length];
        net.Clear();
        double bought = 0,
            other = 0;
        for (int i = 0; i < pair.Columns.Length; i++)
        {
            double held = contracts[pair.Columns[i]];
            if (held == 0)
                continue;
            Add(pair, i, held, held * pair.Delta(i, scenario), net, ref bought, ref other);
        }
        return Of(pair, net, bought, other);
    }

    public static void Add(
        PairScenarios pair,
        int i,
        double held,
        double delta,
        Span<double> net,
        ref double bought,
        ref double other
    )
    {
        net[pair.Expiry[i]] += delta;
        if (held > 0 && pair.IsOption(i))
            bought += delta;
        else
            other += delta;
    }

    public static DeltaSums Of(PairScenarios pair, ReadOnlySpan<double> net, double bought, double other)
    {
        double roll = 0;
        for (int t = 0; t < net.Length; t++)
            roll += Math.Abs(net[t]) * pair.RollRate[t];
        double unhelped =
            other < 0 ? Math.Min(Math.Max(bought + other, other), 0) : Math.Max(Math.Min(bought + other, other), 0);
        return new DeltaSums(roll, unhelped);
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
    int changes;

    /// <summary>Gains by run of scenarios, cell by cell within it.</summary>
    public double[] Cells { get; } = new double[pair.Grid.Count * scenarios];

    public void MoveTo(double[] contracts, int mostChanges)
    {
        if (changes > mostChanges)
        {
            Array.Clear(Cells);
            Array.Clear(held);
            changes = 0;
        }
        for (int i = 0; i < held.Length; i++)
        {
            double wanted = contracts[pair.Columns[i]];
            if (wanted == held[i])
                continue;
            ColumnProducts.AddScaled(wanted - held[i], stored[i] ??= Fill(i), Cells);
            held[i] = wanted;
            changes++;
        }
    }

    public DeltaSums Deltas(int scenario)
    {
        Span<double> net = stackalloc double[pair.RollRate.Length];
        net.Clear();
        double bought = 0,
            other = 0;
        for (int i = 0; i < held.Length; i++)
            if (held[i] != 0)
                DeltaSums.Add(pair, i, held[i], held[i] * deltas[i]![scenario], net, ref bought, ref other);
        return DeltaSums.Of(pair, net, bought, other);
    }

    double[] Fill(int i)
    {
        var all = new double[pair.Grid.Count * scenarios];
        var scratch = new double[8 * run];
        for (int from = 0; from < scenarios; from += run)
        {
            int count = Math.Min(run, scenarios - from);
            pair.CellGains(i, from, scratch, all.AsSpan(from * pair.Grid.Count, count * pair.Grid.Count));
        }
        var delta = new double[scenarios];
        for (int s = 0; s < scenarios; s++)
            delta[s] = pair.Delta(i, s);
        deltas[i] = delta;
        return all;
    }
}
