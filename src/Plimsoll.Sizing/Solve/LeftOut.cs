using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Sizing;

/// <summary>A line that passed the screen but was left out by number, and what it would add.</summary>
/// <param name="Line">Index of the line.</param>
/// <param name="Side">Side of the better trade.</param>
/// <param name="Gain">
/// The most that it could add to the objective by itself, at least 0: at the prices of the solution, over its whole
/// box, its own cost and impact taken off. A bound, since prices only get worse.
/// </param>
sealed record LeftOut(int Line, Side Side, double Gain)
{
    /// <summary>Why such a line is no candidate.</summary>
    public const string Because = "dearer to trade for its risk than the candidates kept";

    /// <summary>Lines that are taken in at once.</summary>
    public const int MostTakenIn = 40;

    /// <summary>Lines whose columns are written at once: bounds the memory.</summary>
    const int Chunk = 32;

    /// <summary>Every line left out by number and not taken in since, the best first.</summary>
    public static ImmutableArray<LeftOut> Price(ContinuousSolve solve, IReadOnlyCollection<int> chosen)
    {
        var prepared = solve.Parts.Prepared;
        var taken = chosen.ToHashSet();
        var lines = Enumerable
            .Range(0, prepared.Lines.Length)
            .Where(i => prepared.Lines[i].ScreenedBecause == Because && !taken.Contains(i));
        int[][] chunks = [.. lines.Chunk(Chunk)];
        var priced = new LeftOut[chunks.Length][];
        Parallel.For(
            0,
            chunks.Length,
            new ParallelOptions { MaxDegreeOfParallelism = prepared.SolvesAtOnce },
            c => priced[c] = [.. Best(solve, chunks[c])]
        );
        return [.. priced.SelectMany(some => some).OrderByDescending(line => line.Gain).ThenBy(line => line.Line)];
    }

    static IEnumerable<LeftOut> Best(ContinuousSolve solve, int[] lines)
    {
        var legs = Leg.Of(solve.Parts.Prepared.Lines, lines);
        if (legs.IsEmpty)
            return [];
        var (program, prices) = solve.Columns(legs);
        double[] gains = prices.LargestGains(program);
        return Enumerable
            .Range(0, legs.Length)
            .GroupBy(j => legs[j].Line)
            .Select(own => own.MaxBy(j => gains[j]))
            .Select(j => new LeftOut(legs[j].Line, legs[j].Direction > 0 ? Side.Buy : Side.Sell, gains[j]));
    }
}
