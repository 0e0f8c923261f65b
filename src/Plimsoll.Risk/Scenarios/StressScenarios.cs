using System.Collections.Immutable;
using System.Globalization;
using Plimsoll.Markets;
using Plimsoll.Pricing;

namespace Plimsoll.Risk;

/// <summary>The stress set: joint moves without weights, for worst-case and margin limits only.</summary>
/// <remarks>
/// A spot grid crossed with volatility moves, each coin alone (the others stand still) and all together (correlation
/// one); a crash of each alone and of all; the recorded days, at their close and at their low, because the close hides
/// what a leveraged account met. Moves are taken to happen before any settlement inside the horizon. Volatility of a
/// day without a recorded chain is the coin's response to the move, an assumption, and its origin says <c>vol
/// assumed</c>.
/// </remarks>
public static class StressScenarios
{
    /// <summary>The rows for a snapshot's coins.</summary>
    /// <param name="snapshot">Its coins move.</param>
    /// <param name="surfaces">By ticker; a coin without a surface has no volatility to move.</param>
    /// <param name="horizon">Time that passes with the move; positive.</param>
    /// <param name="definition">The grid, the crash and the days.</param>
    public static ScenarioSet Build(
        MarketSnapshot snapshot,
        IReadOnlyDictionary<string, VolatilitySurface> surfaces,
        Years horizon,
        StressDefinition definition
    )
    {
        string[] coins = [.. snapshot.Underlyings.Select(market => market.Underlying)];
        var rows = new List<StressRow>();
        AddGrid(rows, coins, definition);
        AddCrash(rows, coins, definition);
        foreach (var day in definition.Days)
            AddDay(rows, coins, day);
        string assumed = string.Join(", ", definition.Days.Where(day => day.Measured.IsEmpty).Select(day => day.Label));
        var deliveries = new ScenarioRequest(horizon).DeliveriesInside(snapshot);
        return new ScenarioSet
        {
            Horizon = horizon,
            Count = rows.Count,
            Weights = [],
            Origins = [.. rows.Select(row => row.Origin)],
            Underlyings =
            [
                .. coins.Select((coin, i) => Moves(coin, [.. rows.Select(row => row.Moves[i])], surfaces, deliveries)),
            ],
            Notes =
            [
                $"stress: no chain was recorded on {assumed}; the volatility moves are assumed (response to spot)",
                $"stress: definition of {definition.Dated}",
            ],
        };
    }

    readonly record struct CoinMove(double LogReturn, double Low, double High, double LogVolatility, double Skew)
    {
        public static CoinMove None => default;

        public static CoinMove Jump(double simpleReturn, double volatilityChange)
        {
            double r = Math.Log(1 + simpleReturn);
            return new CoinMove(r, Math.Min(0, r), Math.Max(0, r), Math.Log(1 + volatilityChange), 0);
        }
    }

    sealed record StressRow(string Origin, CoinMove[] Moves);

    static void AddGrid(List<StressRow> rows, string[] coins, StressDefinition definition)
    {
        int levels = definition.GridReturns[StressDefinition.Other].Length;
        foreach (double volatility in definition.GridVolatilityChanges)
            for (int level = 0; level < levels; level++)
            {
                CoinMove Move(string coin) => CoinMove.Jump(Figure(definition.GridReturns, coin)[level], volatility);
                AddAllAndEach(rows, coins, "stress", Move, volatility);
            }
    }

    static void AddCrash(List<StressRow> rows, string[] coins, StressDefinition definition) =>
        AddAllAndEach(
            rows,
            coins,
            "crash",
            coin => CoinMove.Jump(Figure(definition.CrashReturns, coin), definition.CrashVolatilityChange),
            definition.CrashVolatilityChange
        );

    static void AddAllAndEach(
        List<StressRow> rows,
        string[] coins,
        string kind,
        Func<string, CoinMove> move,
        double volatility
    )
    {
        if (coins.Length > 1)
            rows.Add(new StressRow(Origin(kind, coins, move, volatility), [.. coins.Select(move)]));
        foreach (string moved in coins)
            rows.Add(
                new StressRow(
                    Origin(kind, [moved], move, volatility),
                    [.. coins.Select(coin => coin == moved ? move(coin) : CoinMove.None)]
                )
            );
    }

    /// <summary><c>stress:BTC-25%,ETH-30%,vol+30%</c>.</summary>
    static string Origin(string kind, string[] coins, Func<string, CoinMove> move, double volatility)
    {
        var spots = coins.Select(coin => coin + Percent(Math.Exp(move(coin).LogReturn) - 1));
        return $"{kind}:{string.Join(",", spots)},vol{Percent(volatility)}";
    }

    static void AddDay(List<StressRow> rows, string[] coins, StressDay day)
    {
        string assumed = coins.All(day.Measured.ContainsKey) ? "" : ",vol assumed";
        rows.Add(new StressRow($"day:{day.Label}{assumed}", [.. coins.Select(coin => OnDay(day, coin, atLow: false))]));
        rows.Add(
            new StressRow(
                $"day:{day.Label},at the low{assumed}",
                [.. coins.Select(coin => OnDay(day, coin, atLow: true))]
            )
        );
    }

    static CoinMove OnDay(StressDay day, string coin, bool atLow)
    {
        var figures = day.Moves.TryGetValue(coin, out var own) ? own : day.Moves.Values.MinBy(move => move.Low)!;
        double low = Math.Log(1 + figures.Low);
        double r = atLow ? low : Math.Log(1 + figures.Return);
        var response = VolatilityResponses.For(coin);
        var measured = day.Measured.TryGetValue(coin, out var seen)
            ? seen
            : new MeasuredVolatility(VolatilityMoves.Answer(response, r), response.SkewBeta * r);
        return new CoinMove(r, low, Math.Log(1 + figures.High), measured.LogVolatilityMove, measured.SkewMove);
    }

    static UnderlyingScenarios Moves(
        string coin,
        CoinMove[] rows,
        IReadOnlyDictionary<string, VolatilitySurface> surfaces,
        ImmutableArray<DateTimeOffset> deliveries
    )
    {
        const double Largest = VolatilityMoves.LargestLogMove;
        bool moves = surfaces.ContainsKey(coin);
        double[] returns = [.. rows.Select(row => row.LogReturn)];
        return new UnderlyingScenarios
        {
            Underlying = coin,
            LogReturn = returns,
            LogVolatilityMove = [.. rows.Select(row => moves ? Math.Clamp(row.LogVolatility, -Largest, Largest) : 0)],
            SkewMove = [.. rows.Select(row => moves ? row.Skew : 0)],
            PathLow = [.. rows.Select(row => row.Low)],
            PathHigh = [.. rows.Select(row => row.High)],
            DeliveryLogReturn = deliveries.ToImmutableSortedDictionary(at => at, _ => returns),
        };
    }

    static T Figure<T>(ImmutableSortedDictionary<string, T> table, string coin) =>
        table.TryGetValue(coin, out var own) ? own : table[StressDefinition.Other];

    static string Percent(double fraction) =>
        (fraction * 100).ToString("+0.#;-0.#;+0", CultureInfo.InvariantCulture) + "%";
}
