using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Sizing;

/// <summary>Trades that were nearly made: the least loss of the objective for the first lot.</summary>
static class RunnersUpReport
{
    const int Most = 5;

    public static ImmutableArray<RunnerUp> Of(ContinuousSolve solve)
    {
        var (parts, solution) = (solve.Parts, solve.Solution);
        var traded = Enumerable
            .Range(0, parts.Legs.Length)
            .Where(j => solution.Position[j] > 1e-6 * parts.Legs[j].Cap)
            .Select(j => parts.Legs[j].Line)
            .ToHashSet();
        return
        [
            .. Enumerable
                .Range(0, parts.Legs.Length)
                .Where(j => !traded.Contains(parts.Legs[j].Line) && double.IsFinite(solution.BuyGain[j]))
                .OrderByDescending(j => solution.BuyGain[j] * solve.Program.Scale[j])
                .Take(Most)
                .Select(j => Line(solve, j)),
        ];
    }

    static RunnerUp Line(ContinuousSolve solve, int j)
    {
        var line = solve.Parts.LineOf(j);
        double perContract = solve.Solution.BuyGain[j];
        double cost = solve.Parts.Share[j] * solve.Parts.Cost[j];
        double missing = cost > 0 ? -perContract / cost : double.NaN;
        string why = missing is > 0 and < 1
            ? FormattableString.Invariant($"would trade if its cost were {missing * 100:0}% lower")
            : "what it earns does not pay for its cost and the limits that it uses";
        return new RunnerUp(
            line.Name,
            solve.Parts.Legs[j].Direction > 0 ? Side.Buy : Side.Sell,
            perContract * (double)line.Lot,
            why
        );
    }
}
