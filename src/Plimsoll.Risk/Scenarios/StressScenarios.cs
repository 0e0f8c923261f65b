using System.Collections.Immutable;
using System.Globalization;
using Plimsoll.Markets;
using Plimsoll.Pricing;

namespace Plimsoll.Risk;

/// <summary>One row of <see cref="StressScenarios.Named"/>.</summary>
/// <param name="Name">Date or the user's name.</param>
/// <param name="Words">What happened; empty for a user's case.</param>
/// <param name="AtLow">Whether every coin stands at its lowest price of the day, not at the close.</param>
/// <param name="IsHistory">A recorded day, not a user's case.</param>
/// <param name="VolatilityAssumed">Whether some coin's volatility answers its spot for want of a record.</param>
/// <param name="Liquidity">Spreads and depth.</param>
public sealed record NamedStress(
    string Name,
    string Words,
    bool AtLow,
    bool IsHistory,
    bool VolatilityAssumed,
    LiquidityStress Liquidity
);

/// <summary>The stress set: joint moves without weights, for worst-case and margin limits only.</summary>
/// <remarks>
/// A spot grid crossed with volatility moves, each coin alone (the others stand still) and all together (correlation
/// one); a crash of each alone and of all; the recorded days, at their close and at their low, because the close hides
/// what a leveraged account met; the cases that a user wrote. Moves are taken to happen before any settlement inside
/// the horizon. Volatility of a day without a recorded chain is the coin's response to the move, an assumption, and its
/// origin says <c>vol assumed</c>.
/// </remarks>
public static class StressScenarios
{
    /// <summary>How the label of a user's case begins.</summary>
    public const string CasePrefix = "case:";

    /// <summary>The rows for a snapshot's coins.</summary>
    /// <param name="snapshot">Its coins move.</param>
    /// <param name="surfaces">By ticker; a coin without a surface has no volatility to move.</param>
    /// <param name="horizon">Time that passes with the move; positive.</param>
    /// <param name="definition">The grid, the crash, the days and the cases.</param>
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
            rows.AddRange([OnDay(coins, day, atLow: false), OnDay(coins, day, atLow: true)]);
        rows.AddRange(definition.Cases.Select(written => OfCase(coins, written)));
        string assumed = string.Join(", ", definition.Days.Where(day => day.Measured.IsEmpty).Select(day => day.Label));
        return Assemble(snapshot, surfaces, horizon, rows) with
        {
            Notes =
            [
                $"stress: no chain was recorded on {assumed}; the volatility moves are assumed (response to spot)",
                $"stress: definition of {definition.Dated}",
            ],
        };
    }

    /// <summary>The recorded days, each at its close and at its low, then the user's cases: one row each.</summary>
    /// <param name="snapshot">Its coins move.</param>
    /// <param name="surfaces">By ticker.</param>
    /// <param name="horizon">Time that passes with the move.</param>
    /// <param name="definition">The days and the cases.</param>
    public static (ScenarioSet Set, ImmutableArray<NamedStress> Rows) Named(
        MarketSnapshot snapshot,
        IReadOnlyDictionary<string, VolatilitySurface> surfaces,
        Years horizon,
        StressDefinition definition
    )
    {
        string[] coins = [.. snapshot.Underlyings.Select(market => market.Underlying)];
        var rows = new List<StressRow>();
        var names = ImmutableArray.CreateBuilder<NamedStress>();
        foreach (var day in definition.Days)
        foreach (bool atLow in new[] { false, true })
        {
            rows.Add(OnDay(coins, day, atLow));
            bool assumed = !coins.All(day.Measured.ContainsKey);
            names.Add(new NamedStress(day.Label, day.Name, atLow, true, assumed, day.Liquidity));
        }
        foreach (var written in definition.Cases)
        {
            rows.Add(OfCase(coins, written));
            bool assumed = coins.Any(coin => Find(written.Coins, coin) is { VolatilityChange: null, Return: not 0 });
            names.Add(new NamedStress(written.Name, "", false, false, assumed, written.Liquidity));
        }
        return (Assemble(snapshot, surfaces, horizon, rows), names.ToImmutable());
    }

    readonly record struct CoinMove(double LogReturn, double Low, double High, double LogVolatility, double Skew)
    {
        public static CoinMove None => default;

        /// <summary>ln(volatility) at a week over that at 30 days.</summary>
        public double Term { get; init; }

        /// <summary>ln(perpetual / index).</summary>
        public double PerpetualBasis { get; init; }

        /// <summary>ln(forward / index) a year.</summary>
        public double ForwardRate { get; init; }

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

    static StressRow OnDay(string[] coins, StressDay day, bool atLow)
    {
        string low = atLow ? ",at the low" : "";
        string assumed = coins.All(day.Measured.ContainsKey) ? "" : ",vol assumed";
        return new StressRow($"day:{day.Label}{low}{assumed}", [.. coins.Select(coin => OnDay(day, coin, atLow))]);
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
        var basis = Find(day.Basis, coin) ?? BasisMove.None;
        return new CoinMove(r, low, Math.Log(1 + figures.High), measured.LogVolatilityMove, measured.SkewMove)
        {
            PerpetualBasis = atLow ? Math.Log(1 + basis.PerpetualAtLow) : 0,
            ForwardRate = basis.ForwardRate,
        };
    }

    static StressRow OfCase(string[] coins, StressCase written) =>
        new(CasePrefix + written.Name, [.. coins.Select(coin => InCase(written, coin))]);

    static CoinMove InCase(StressCase written, string coin)
    {
        if (Find(written.Coins, coin) is not { } stress)
            return CoinMove.None;
        double r = Math.Log(1 + stress.Return);
        var response = VolatilityResponses.For(coin);
        bool answers = stress.VolatilityChange is null;
        double level = stress.VolatilityChange is { } change
            ? Math.Log(1 + change)
            : VolatilityMoves.Answer(response, r);
        double skew = stress.SkewMove ?? (answers ? response.SkewBeta * r : 0);
        return new CoinMove(r, Math.Min(0, r), Math.Max(0, r), level, skew)
        {
            Term = Math.Log(1 + stress.TermChange),
            PerpetualBasis = Math.Log(1 + stress.PerpetualBasis),
            ForwardRate = stress.ForwardRate,
        };
    }

    static ScenarioSet Assemble(
        MarketSnapshot snapshot,
        IReadOnlyDictionary<string, VolatilitySurface> surfaces,
        Years horizon,
        List<StressRow> rows
    )
    {
        var deliveries = new ScenarioRequest(horizon).DeliveriesInside(snapshot);
        return new ScenarioSet
        {
            Horizon = horizon,
            Count = rows.Count,
            Weights = [],
            Origins = [.. rows.Select(row => row.Origin)],
            Underlyings =
            [
                .. snapshot.Underlyings.Select(
                    (market, i) => Moves(market.Underlying, [.. rows.Select(row => row.Moves[i])], surfaces, deliveries)
                ),
            ],
        };
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
            TermMove = Where(rows, row => row.Term),
            PerpetualBasisMove = Where(rows, row => row.PerpetualBasis),
            ForwardRateMove = Where(rows, row => row.ForwardRate),
        };
    }

    static double[] Where(CoinMove[] rows, Func<CoinMove, double> figure) =>
        Array.Exists(rows, row => figure(row) != 0) ? [.. rows.Select(figure)] : [];

    static T? Find<T>(ImmutableSortedDictionary<string, T> coins, string coin)
        where T : class => coins.TryGetValue(coin, out var own) ? own : coins.GetValueOrDefault(StressDefinition.Other);

    static T Figure<T>(ImmutableSortedDictionary<string, T> table, string coin) =>
        table.TryGetValue(coin, out var own) ? own : table[StressDefinition.Other];

    static string Percent(double fraction) =>
        (fraction * 100).ToString("+0.#;-0.#;+0", CultureInfo.InvariantCulture) + "%";
}
