using System.Collections.Concurrent;
using Plimsoll.Numerics;

namespace Plimsoll.Sizing;

/// <summary>A loss on the way that is linear in the long and in the short part of every position.</summary>
/// <remarks>
/// Losses stand path by path with the looks of a path side by side. A book near one that is known is reckoned on the
/// paths alone that may be in its tail: no path's largest loss changes by more than the positions' changes times the
/// largest figure of their contracts on that path. The value is the same to the last bit either way.
/// </remarks>
abstract class LinearPathRisk(PreparedSizing prepared, PathMatrices paths) : PathRisk(prepared, paths)
{
    /// <summary>Lines that may differ from the known book before everything is reckoned anew.</summary>
    const int MostChanged = 12;

    readonly ConcurrentDictionary<(int Line, bool IsLong), PathLosses> losses = [];
    double[]? without;

    /// <summary>Loss without any contract at a look, share of equity.</summary>
    protected abstract double[] Without(int look);

    /// <summary>Loss of one contract at a look, share of equity; null: the line does not count.</summary>
    protected abstract double[]? OfContract(int line, bool isLong, int look);

    public override double[] Loss(double[] positions, int look)
    {
        double[] loss = (double[])Without(look).Clone();
        for (int i = 0; i < positions.Length; i++)
            if (positions[i] != 0 && OfContract(i, positions[i] > 0, look) is { } each)
                ColumnProducts.AddScaled(Math.Abs(positions[i]), each, loss);
        return loss;
    }

    public override (double[] Long, double[] Short) PerContract(int line, int look)
    {
        double[] Less(bool isLong) =>
            OfContract(line, isLong, look) is { } loss ? [.. loss.Select(each => -each)] : new double[Paths.Count];
        return (Less(true), Less(false));
    }

    protected override (double[] Loss, int[] Look) Largest(double[] positions)
    {
        double[] all = (double[])(without ??= ByPath(Without)).Clone();
        foreach (var (amount, of) in Held(positions))
            ColumnProducts.AddScaled(amount, of.ByPath, all);
        var (loss, look) = (new double[Paths.Count], new int[Paths.Count]);
        for (int s = 0; s < loss.Length; s++)
            (loss[s], look[s]) = Most(all.AsSpan(s * LookCount, LookCount));
        return (loss, look);
    }

    public override double Value(double[] positions, double[] weights, double probability)
    {
        if (Known is not { } near || Changes(near.Positions, positions) is not { } changes)
            return base.Value(positions, weights, probability);
        int count = Paths.Count;
        var reach = new double[count];
        foreach (var (amount, of) in changes)
            ColumnProducts.AddScaled(amount, of.Largest, reach);
        // The paths of the known tail lose at least so much: what cannot lose as much is not in the tail.
        double least = double.PositiveInfinity,
            left = probability;
        foreach (int s in near.Order)
        {
            least = Math.Min(least, near.Loss[s] - reach[s]);
            left -= weights[s];
            if (left <= 0)
                break;
        }
        // Sums are rounded: a path at the very edge is taken in.
        least -= 1e-12 * (1 + Math.Abs(least));
        int[] some = [.. Enumerable.Range(0, count).Where(s => near.Loss[s] + reach[s] >= least)];
        if (some.Length > count / 4)
            return base.Value(positions, weights, probability);
        double[] loss = LossOf(some, positions);
        Array.Sort(some.Select(s => -loss[s]).ToArray(), some);
        return TailMean(some, loss, weights, probability);
    }

    /// <summary>Largest losses of some paths, the rest 0.</summary>
    double[] LossOf(int[] some, double[] positions)
    {
        double[] before = without ??= ByPath(Without);
        var held = Held(positions).ToArray();
        var loss = new double[Paths.Count];
        Span<double> looks = stackalloc double[LookCount];
        foreach (int s in some)
        {
            before.AsSpan(s * LookCount, LookCount).CopyTo(looks);
            foreach (var (amount, of) in held)
                ColumnProducts.AddScaled(amount, of.ByPath.AsSpan(s * LookCount, LookCount), looks);
            loss[s] = Most(looks).Loss;
        }
        return loss;
    }

    IEnumerable<(double Amount, PathLosses Of)> Held(double[] positions)
    {
        for (int i = 0; i < positions.Length; i++)
            if (positions[i] != 0 && Of(i, positions[i] > 0) is { ByPath.Length: > 0 } of)
                yield return (Math.Abs(positions[i]), of);
    }

    /// <summary>How far long and short parts lie apart; null: too many of them.</summary>
    List<(double Amount, PathLosses Of)>? Changes(double[] near, double[] positions)
    {
        var changes = new List<(double Amount, PathLosses Of)>();
        for (int i = 0; i < positions.Length; i++)
        {
            if (positions[i] == near[i])
                continue;
            double up = Math.Abs(Math.Max(0, positions[i]) - Math.Max(0, near[i])),
                down = Math.Abs(Math.Max(0, -positions[i]) - Math.Max(0, -near[i]));
            foreach (var (amount, isLong) in (ReadOnlySpan<(double, bool)>)[(up, true), (down, false)])
                if (amount != 0 && Of(i, isLong) is { ByPath.Length: > 0 } of)
                    changes.Add((amount, of));
            if (changes.Count > MostChanged)
                return null;
        }
        return changes;
    }

    PathLosses Of(int line, bool isLong) =>
        losses.GetOrAdd(
            (line, isLong),
            key =>
            {
                if (OfContract(key.Line, key.IsLong, 0) is null)
                    return new PathLosses([], []);
                double[] all = ByPath(look => OfContract(key.Line, key.IsLong, look)!);
                var largest = new double[Paths.Count];
                for (int i = 0; i < all.Length; i++)
                    largest[i / LookCount] = Math.Max(largest[i / LookCount], Math.Abs(all[i]));
                return new PathLosses(all, largest);
            }
        );

    double[] ByPath(Func<int, double[]> byLook)
    {
        var all = new double[Paths.Count * LookCount];
        for (int look = 0; look < LookCount; look++)
        {
            double[] each = byLook(look);
            for (int s = 0; s < each.Length; s++)
                all[s * LookCount + look] = each[s];
        }
        return all;
    }

    static (double Loss, int Look) Most(ReadOnlySpan<double> looks)
    {
        int most = 0;
        for (int look = 1; look < looks.Length; look++)
            if (looks[look] > looks[most])
                most = look;
        return (looks[most], most);
    }
}

/// <summary>Losses of one contract on one side.</summary>
/// <param name="ByPath">Path by path, the looks of a path side by side; empty: it does not count.</param>
/// <param name="Largest">Largest absolute figure of each path.</param>
sealed record PathLosses(double[] ByPath, double[] Largest);
