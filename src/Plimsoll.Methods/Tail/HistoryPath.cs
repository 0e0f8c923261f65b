using System.Collections.Immutable;
using Plimsoll.Numerics;
using Plimsoll.Risk;

namespace Plimsoll.Methods;

/// <summary>What today's instruments would have gained along the daily path of history, by full revaluation.</summary>
/// <remarks>
/// Each past day's log return of every coin is one step from today's market over one horizon; volatility surfaces stay.
/// A
/// one-period scenario set has no drawdown, so that methods on drawdown need bars.
/// </remarks>
public static class HistoryPath
{
    const int LeastDays = 60;
    const int MostDays = 1500;

    /// <summary>What a refusal says.</summary>
    public const string Needed = "at least 60 common days of history of every coin are needed (--history)";

    /// <summary>Returns per unit of notional on the method's side, T x n in order of time; null: too little
    /// history.</summary>
    public static ColumnMatrix? Of(MethodProblem problem)
    {
        var prepared = problem.Prepared;
        string[] coins = [.. prepared.Scenarios.Underlyings.Select(moves => moves.Underlying)];
        var days = coins.ToDictionary(
            coin => coin,
            coin =>
                DailyBars.Of(prepared.Input, coin).ToDictionary(bar => bar.OpenTime.UtcDateTime.Date, bar => bar.Close)
        );
        var needed = Enumerable
            .Range(0, problem.Count)
            .Select(i => problem.Line(i).Instrument.Underlying)
            .ToHashSet(StringComparer.Ordinal);
        var common = days.Where(row => needed.Contains(row.Key))
            .Select(row => (IEnumerable<DateTime>)row.Value.Keys)
            .Aggregate((a, b) => a.Intersect(b))
            .Order()
            .ToArray();
        if (common.Length < LeastDays + 1)
            return null;
        common = common[^Math.Min(common.Length, MostDays + 1)..];
        int count = common.Length - 1;
        double[] Moves(string coin) =>
            needed.Contains(coin)
                ?
                [
                    .. Enumerable
                        .Range(0, count)
                        .Select(t => Math.Log(days[coin][common[t + 1]] / days[coin][common[t]])),
                ]
                : new double[count];
        var path = new ScenarioSet
        {
            Horizon = prepared.Scenarios.Horizon,
            Count = count,
            Weights = [.. Enumerable.Repeat(1.0 / count, count)],
            Origins = [.. common[1..].Select(day => FormattableString.Invariant($"day:{day:yyyy-MM-dd}"))],
            Underlyings =
            [
                .. prepared.Scenarios.Underlyings.Select(known =>
                {
                    double[] moves = Moves(known.Underlying);
                    return new UnderlyingScenarios
                    {
                        Underlying = known.Underlying,
                        LogReturn = moves,
                        LogVolatilityMove = new double[count],
                        SkewMove = new double[count],
                        PathLow = [.. moves.Select(move => Math.Min(0, move))],
                        PathHigh = [.. moves.Select(move => Math.Max(0, move))],
                        DeliveryLogReturn = known.DeliveryLogReturn.ToImmutableSortedDictionary(
                            row => row.Key,
                            row => moves
                        ),
                    };
                }),
            ],
        };
        var instruments = problem.Universe.Select(line => prepared.Lines[line].Instrument).ToImmutableArray();
        var matrix = Revaluation.Compute(
            prepared.Input.Market,
            prepared.Surfaces,
            path,
            instruments,
            prepared.Home,
            prepared.Input.Threads
        );
        var returns = new ColumnMatrix(count, problem.Count);
        for (int i = 0; i < problem.Count; i++)
            ColumnProducts.AddScaled(problem.Side[i] / problem.Notional[i], matrix.Gain.Column(i), returns.Column(i));
        return returns;
    }
}
