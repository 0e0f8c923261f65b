using System.Collections.Immutable;

namespace Plimsoll.Backtest;

/// <summary>One split of a series into days to choose on and days to test on.</summary>
/// <param name="TestGroups">Numbers of the groups tested, rising.</param>
/// <param name="Train">Days to choose on, purged and embargoed, rising.</param>
/// <param name="Test">Days to test on, rising.</param>
public sealed record CrossSplit(ImmutableArray<int> TestGroups, ImmutableArray<int> Train, ImmutableArray<int> Test);

/// <summary>Combinatorial purged cross-validation: every choice of groups to test on.</summary>
/// <remarks>
/// López de Prado, Advances in Financial Machine Learning (2018), chapter 12, with purging and embargo of chapter 7: a
/// day is not chosen on when its outcome, which takes a horizon, overlaps a tested day, nor within the embargo after
/// one. N groups of which k are tested give C(N, k) splits and k/N·C(N, k) whole paths.
/// </remarks>
public static class PurgedCrossValidation
{
    /// <summary>Number of whole test paths: C(N, k)·k/N.</summary>
    public static int Paths(int groups, int tested) => (int)(Choose(groups, tested) * tested / groups);

    /// <summary>Every split.</summary>
    /// <param name="count">Days; at least as many as groups.</param>
    /// <param name="groups">N.</param>
    /// <param name="tested">k, below N.</param>
    /// <param name="horizon">Days that an outcome takes beyond its own; 0: returns that end with their day.</param>
    /// <param name="embargo">Days left out after each tested group.</param>
    public static IEnumerable<CrossSplit> Splits(int count, int groups, int tested, int horizon, int embargo)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, groups);
        ArgumentOutOfRangeException.ThrowIfLessThan(tested, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(tested, groups);
        return Combinations(groups, tested).Select(chosen => Split(count, groups, chosen, horizon, embargo));
    }

    /// <summary>First day of a group, and one past the last group for <paramref name="group"/> = N.</summary>
    public static int Start(int count, int groups, int group) => (int)((long)count * group / groups);

    /// <summary>Choices of k numbers below n, in order.</summary>
    public static IEnumerable<int[]> Combinations(int n, int k)
    {
        int[] chosen = [.. Enumerable.Range(0, k)];
        while (true)
        {
            yield return [.. chosen];
            int last = k - 1;
            while (last >= 0 && chosen[last] == n - k + last)
                last--;
            if (last < 0)
                yield break;
            chosen[last]++;
            for (int next = last + 1; next < k; next++)
                chosen[next] = chosen[next - 1] + 1;
        }
    }

    static CrossSplit Split(int count, int groups, int[] chosen, int horizon, int embargo)
    {
        var state = new byte[count];
        foreach (int group in chosen)
        {
            int first = Start(count, groups, group),
                end = Start(count, groups, group + 1);
            for (int t = Math.Max(0, first - horizon); t < Math.Min(count, end + horizon + embargo); t++)
                state[t] = Math.Max(state[t], (byte)1);
            for (int t = first; t < end; t++)
                state[t] = 2;
        }
        var days = Enumerable.Range(0, count);
        return new CrossSplit([.. chosen], [.. days.Where(t => state[t] == 0)], [.. days.Where(t => state[t] == 2)]);
    }

    static long Choose(int n, int k)
    {
        long result = 1;
        for (int i = 1; i <= k; i++)
            result = result * (n - k + i) / i;
        return result;
    }
}
