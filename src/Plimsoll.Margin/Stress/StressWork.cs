using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Risk;

namespace Plimsoll.Margin;

/// <summary>The account on its market, ready to be revalued under any set of moves.</summary>
sealed class StressWork
{
    public StressWork(StressRequest request, ImmutableArray<Instrument> instruments, bool hasMargin)
    {
        (Request, Instruments, HasMargin) = (request, instruments, hasMargin);
        Book = Book.Of(Risk.Account, Risk.Market.Snapshot, Risk.Market.Prices);
        Law = Matrix(Risk.Scenarios);
        HomePrices = Law.Prices!;
        Equity = Book.EquityNow(HomePrices);
        Gains = Book.GainInScenarios(Law);
        Coins =
        [
            .. Book
                .Holdings.Select(held => held.Instrument.Underlying)
                .Concat(Book.Wallets.Where(wallet => wallet.Equity != 0).Select(wallet => wallet.Currency.Code))
                .Append(Risk.Home.Code)
                .Where(coin => Risk.Market.Snapshot.Find(coin) is not null)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
    }

    public StressRequest Request { get; }
    public RiskRequest Risk => Request.Risk;
    public ImmutableArray<Instrument> Instruments { get; }

    /// <summary>Whether the margin of every pool is known.</summary>
    public bool HasMargin { get; }
    public Book Book { get; }

    /// <summary>The law of risk.</summary>
    public PnlMatrix Law { get; }
    public HomePrices HomePrices { get; }
    public double Equity { get; }

    /// <summary>The account's gain in each scenario of the law.</summary>
    public double[] Gains { get; }

    /// <summary>Coins that the account touches.</summary>
    public ImmutableArray<string> Coins { get; }

    /// <summary>The account's gain under some moves.</summary>
    public double[] GainsUnder(ScenarioSet moves) => Book.GainInScenarios(Matrix(moves));

    /// <summary>Every instrument under some moves.</summary>
    public PnlMatrix Matrix(ScenarioSet moves) =>
        Revaluation.Compute(Risk.Market.Snapshot, Risk.Market.Surfaces, moves, Instruments, Risk.Home, Risk.Threads);

    /// <summary>Pools under some moves.</summary>
    public ImmutableArray<PoolInScenarios> Pools(PnlMatrix matrix) =>
        AccountMargin.InScenarios(Risk.Account, Book, Risk.Margin, matrix, Risk.Market.Prices, Risk.Rule);

    /// <summary>Largest maintenance less balance over the pools: a venue liquidates where it is above 0.</summary>
    public double[] Shortfalls(ScenarioSet moves)
    {
        var shortfall = new double[moves.Count];
        Array.Fill(shortfall, double.NegativeInfinity);
        foreach (var pool in Pools(Matrix(moves)))
            for (int s = 0; s < shortfall.Length; s++)
                shortfall[s] = Math.Max(shortfall[s], pool.Maintenance[s] - pool.Balance[s]);
        return shortfall;
    }

    /// <summary>Standard deviation of one contract's gain over a day, home currency.</summary>
    public double DailyDeviation(Instrument instrument) =>
        RiskMeasures.StandardDeviation(Law.Gain.Column(Instruments.IndexOf(instrument)), Risk.Scenarios.Weights)
        / Math.Sqrt(Risk.Scenarios.Horizon.Days);

    /// <summary>Leaving a position now.</summary>
    public ExitEstimate Exit(Holding held) =>
        ExitCost.Of(held, Risk.Market.Prices, HomePrices, DailyDeviation(held.Instrument), Risk.Exit);

    /// <summary>A move in the terms of people: spot as a fraction, volatility in points at 30 days.</summary>
    public CoinMoves MovesOf(UnderlyingScenarios moves, int row) =>
        new(
            moves.Underlying,
            Math.Exp(moves.LogReturn[row]) - 1,
            PointsOf(moves.Underlying, moves.LogVolatilityMove[row])
        );

    /// <summary>Volatility points at 30 days; null without a surface.</summary>
    public double? PointsOf(string underlying, double logMove) =>
        Risk.Market.Surfaces.TryGetValue(underlying, out var surface)
            ? surface.AtTheMoneyVolatility(Years.FromDays(30).Value) * (Math.Exp(logMove) - 1)
            : null;
}
