using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Numerics;
using Plimsoll.Pricing;
using Plimsoll.Risk;
using Scalar = Plimsoll.Numerics.LaneMath<Plimsoll.Numerics.Lanes1, double>;

namespace Plimsoll.Margin;

/// <summary>One currency pair of Deribit's risk matrix at every scenario's market, per contract.</summary>
/// <remarks>
/// The same cells as <see cref="DeribitPair"/>, from the smile as each scenario moves it and with the time left at the
/// horizon. What settles inside the horizon needs no margin. In a cross pool the coin's gains since today are equity
/// that moves with the coin.
/// </remarks>
sealed class PairScenarios
{
    const double LeastDeviation = 1e-12;

    readonly DeribitCoinRisk coin;
    readonly DeribitCurrencyRisk currency;
    readonly bool inCoin;
    readonly bool isExposed;
    readonly double[] ratio;
    readonly ImmutableArray<Instrument> instruments;
    readonly double[] priceNow;
    readonly double[] forwardNow;
    readonly double[] yearsLeft;
    readonly SurfaceMove?[] moves;
    readonly double[][] logForward;
    readonly double[][] inverseForward;

    public PairScenarios(
        string name,
        DeribitPortfolioParameters parameters,
        RiskMarket market,
        PnlMatrix matrix,
        ImmutableArray<SurfaceMove> surface,
        int[] columns,
        string underlying,
        bool isInverse,
        bool isCross
    )
    {
        (Name, Underlying, Columns, IsInverse) = (name, underlying, columns, isInverse);
        inCoin = isInverse && !isCross;
        var settlement = isInverse ? new Currency(underlying) : Currency.Usdc;
        coin = parameters.Coins[underlying];
        currency = parameters.Of(settlement)!;
        isExposed = isCross && isInverse && currency.EquityIsExposed;
        Grid = new DeribitGrid(parameters, coin);
        IndexNow = market.Prices.IndexUsd(underlying)!.Value;
        double[] logReturn = matrix.Scenarios.Of(underlying).LogReturn;
        ratio = [.. logReturn.Select(move => Scalar.Exp(move))];
        Money = matrix.Prices!.InScenarios(inCoin ? settlement : Currency.Usd).ToArray();
        instruments = [.. columns.Select(column => matrix.Instruments[column])];
        int count = columns.Length;
        (priceNow, forwardNow, yearsLeft) = (new double[count], new double[count], new double[count]);
        (moves, Settles, Expiry) = (new SurfaceMove?[count], new bool[count], new int[count]);
        (logForward, inverseForward) = (new double[count][], new double[count][]);
        var rates = new List<double>();
        var groups = new Dictionary<DateTimeOffset, int>();
        var shared = new Dictionary<SurfaceMove, double[]>();
        for (int i = 0; i < count; i++)
        {
            var instrument = instruments[i];
            var at = instrument.SettlesAt ?? DateTimeOffset.MinValue;
            Settles[i] = matrix.Scenarios.Of(underlying).DeliveryLogReturn.ContainsKey(at);
            yearsLeft[i] = instrument.SettlesAt is { } end
                ? Math.Max(0, Years.Between(market.Snapshot.AsOf, end).Value - matrix.Scenarios.Horizon.Value)
                : 0;
            priceNow[i] = market.Prices.Price(instrument)!.Value;
            forwardNow[i] = market.Prices.UnderlyingPriceUsd(instrument)!.Value;
            if (instrument is OptionInstrument option && !Settles[i])
            {
                var move = surface.First(move => move.Slice.Expiry == option.Expiry);
                if (!shared.TryGetValue(move, out double[]? inverse))
                    shared[move] = inverse = [.. move.LogForward.Select(log => Scalar.Exp(-log))];
                (moves[i], logForward[i], inverseForward[i]) = (move, move.LogForward, inverse);
            }
            if (!groups.TryGetValue(at, out Expiry[i]))
            {
                groups[at] = Expiry[i] = rates.Count;
                double growth = Math.Exp(currency.AnnualisedMoveRisk * yearsLeft[i]) - 1;
                rates.Add(Math.Max(currency.MinimumAnnualisedMove, growth));
            }
        }
        RollRate = [.. rates];
    }

    public string Name { get; }

    public string Underlying { get; }

    /// <summary>Columns of the matrix.</summary>
    public int[] Columns { get; }

    public bool IsInverse { get; }

    /// <summary>Whether coins of equity count in the cells.</summary>
    public bool IsExposed => isExposed;

    public DeribitGrid Grid { get; }

    /// <summary>Index now, USD.</summary>
    public double IndexNow { get; }

    /// <summary>Home currency for one unit of the pair's money, by scenario.</summary>
    public double[] Money { get; }

    /// <summary>Whether a column settles inside the horizon.</summary>
    public bool[] Settles { get; }

    /// <summary>Group of equal expiry by column.</summary>
    public int[] Expiry { get; }

    public double[] RollRate { get; }

    /// <summary>Whether a column is an option.</summary>
    public bool IsOption(int i) => instruments[i] is OptionInstrument;

    /// <summary>The pair's money for one coin at a scenario's index.</summary>
    public double PerCoin(int scenario) => inCoin ? 1 : IndexNow * ratio[scenario];

    /// <summary>Index in a scenario, USD.</summary>
    public double IndexUsd(int scenario) => IndexNow * ratio[scenario];

    /// <summary>Amount by which a cell's loss is dampened in a scenario, in the pair's money.</summary>
    public double Dampener(int cell, int scenario) =>
        Grid.DampenerSteps[cell]
        * currency.ExtendedDampenerUsd
        / (inCoin ? IndexUsd(scenario) * (1 + Grid.RestatedMove[cell]) : 1);

    /// <summary>Gain of a coin of equity in a cell, USD.</summary>
    public double EquityGain(int cell, int scenario) => IndexUsd(scenario) * Grid.PriceMove[cell] * Grid.Scale[cell];

    /// <summary>The delta shock of net coins in a scenario, in the pair's money.</summary>
    public double DeltaShock(double coins, int scenario) =>
        DeribitPair.DeltaShockUsd(Math.Abs(coins), IndexUsd(scenario), coin) / (inCoin ? IndexUsd(scenario) : 1);

    /// <summary>Gains of +1 contract of a column in every cell over a run of scenarios, cell by cell.</summary>
    /// <param name="i">Column of the pair.</param>
    /// <param name="from">First scenario.</param>
    /// <param name="scratch">At least 8 runs.</param>
    /// <param name="gain">Cells times run.</param>
    public void CellGains(int i, int from, Span<double> scratch, Span<double> gain)
    {
        int run = gain.Length / Grid.Count;
        if (Settles[i])
        {
            gain.Clear();
            return;
        }
        if (instruments[i] is OptionInstrument option)
            OptionGains(i, option, from, run, scratch, gain);
        else
            FutureGains(i, from, run, gain);
    }

    /// <summary>Coins of delta of +1 contract of a column in a scenario.</summary>
    public double Delta(int i, int scenario)
    {
        if (Settles[i])
            return 0;
        double size = (double)instruments[i].ContractSize;
        if (instruments[i] is not OptionInstrument option)
            return IsInverse ? size / (forwardNow[i] * ratio[scenario]) : size;
        double strike = (double)option.StrikeUsd;
        double deviation = Deviation(i, strike, scenario);
        double d2 = (logForward[i][scenario] - Math.Log(strike)) / deviation - deviation / 2;
        double sign = Black76.SignOf(option.Right);
        return IsInverse
            ? size * sign * strike * inverseForward[i][scenario] * SpecialFunctions.NormalCdf(sign * d2)
            : size * sign * SpecialFunctions.NormalCdf(sign * (d2 + deviation));
    }

    double Deviation(int i, double strike, int scenario)
    {
        var move = moves[i]!;
        double root = Math.Sqrt(move.VarianceScale[scenario]);
        double kappa = (Math.Log(strike) - logForward[i][scenario]) / root;
        double variance = move.Slice.TotalVariance(kappa) + move.Tilt[scenario] * kappa;
        return Math.Sqrt(Math.Max(1e-24, variance)) * root;
    }

    void OptionGains(int i, OptionInstrument option, int from, int run, Span<double> scratch, Span<double> gain)
    {
        double strike = (double)option.StrikeUsd;
        double size = (double)option.ContractSize;
        var log = logForward[i].AsSpan(from, run);
        var inverse = inverseForward[i].AsSpan(from, run);
        var still = scratch[(6 * run)..(7 * run)];
        double days = yearsLeft[i] * 365;
        double rootTime = Math.Sqrt(yearsLeft[i]);
        for (int s = 0; s < run; s++)
        {
            double deviation = Deviation(i, strike, from + s);
            for (int v = 0; v < 3; v++)
            {
                double shocked = Math.Max(
                    LeastDeviation,
                    Grid.ShockedVolatility(deviation / rootTime, days, (VolatilityShock)v) * rootTime
                );
                scratch[v * run + s] = shocked;
                scratch[(3 + v) * run + s] = 1 / shocked;
            }
        }
        Cell(0, (int)VolatilityShock.Same, scratch, still);
        for (int c = 0; c < Grid.Count; c++)
        {
            double u = Grid.PriceMove[c];
            var cells = gain.Slice(c * run, run);
            Cell(Math.Log(1 + u), (int)Grid.Shock[c], scratch, cells);
            double scale = Grid.Scale[c];
            if (!IsInverse)
                for (int s = 0; s < run; s++)
                    cells[s] = size * scale * (cells[s] * (1 + u) - still[s]) / inverse[s];
            else if (inCoin)
            {
                double restated = c < Grid.Regular ? 1 : (1 + u) * scale / (1 + Grid.RestatedMove[c]);
                for (int s = 0; s < run; s++)
                    cells[s] = size * restated * (cells[s] - still[s]);
            }
            else
                for (int s = 0; s < run; s++)
                    cells[s] =
                        size
                        * scale
                        * IndexUsd(from + s)
                        * ((cells[s] - still[s]) * (1 + u) + (isExposed ? (still[s] - priceNow[i]) * u : 0));
        }

        void Cell(double logMove, int v, Span<double> deviations, Span<double> into) =>
            ScanKernel.ValueOverForward(
                strike,
                option.Right,
                logForward[i].AsSpan(from, run),
                inverseForward[i].AsSpan(from, run),
                deviations.Slice(v * run, run),
                deviations.Slice((3 + v) * run, run),
                logMove,
                into
            );
    }

    void FutureGains(int i, int from, int run, Span<double> gain)
    {
        double size = (double)instruments[i].ContractSize;
        for (int c = 0; c < Grid.Count; c++)
        {
            double u = Grid.PriceMove[c];
            double scale = Grid.Scale[c];
            for (int s = 0; s < run; s++)
            {
                double move = ratio[from + s];
                double coins = size / (forwardNow[i] * move);
                gain[c * run + s] =
                    !IsInverse ? size * forwardNow[i] * move * u * scale
                    : inCoin ? coins * u * (c < Grid.Regular ? 1 / (1 + u) : scale / (1 + Grid.RestatedMove[c]))
                    : IndexUsd(from + s) * u * scale * (coins + (isExposed ? size / forwardNow[i] - coins : 0));
            }
        }
    }
}
