using System.Collections.Immutable;
using Plimsoll.Markets;
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
        Index = [.. ratio.Select(move => IndexNow * move)];
        Unit = [.. Index.Select(usd => inCoin ? 1 / usd : 1)];
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

    /// <summary>
    /// Amount by which a cell's loss is dampened, in the pair's money for one <see cref="Unit"/>.
    /// </summary>
    public double Dampener(int cell) =>
        Grid.DampenerSteps[cell] * currency.ExtendedDampenerUsd / (inCoin ? 1 + Grid.RestatedMove[cell] : 1);

    /// <summary>The pair's money for one dollar, by scenario.</summary>
    public double[] Unit { get; }

    /// <summary>Index in each scenario, USD.</summary>
    public double[] Index { get; }

    /// <summary>Gain of a coin of equity in a cell as a share of the index.</summary>
    public double EquityMove(int cell) => Grid.PriceMove[cell] * Grid.Scale[cell];

    /// <summary>The delta shock of net coins in a scenario, in the pair's money.</summary>
    public double DeltaShock(double coins, int scenario) =>
        DeribitPair.DeltaShockUsd(Math.Abs(coins), IndexUsd(scenario), coin) / (inCoin ? IndexUsd(scenario) : 1);

    /// <summary>Doubles of scratch that <see cref="AddCells"/> and <see cref="Deltas"/> need for a run.</summary>
    public static int ScratchOf(int run) => 9 * run;

    /// <summary>
    /// Adds the gains of some contracts of a column in every cell over a run of scenarios, cell by cell.
    /// </summary>
    /// <param name="i">Column of the pair.</param>
    /// <param name="held">Contracts.</param>
    /// <param name="from">First scenario.</param>
    /// <param name="scratch">See <see cref="ScratchOf"/>.</param>
    /// <param name="sums">Cells times run.</param>
    public void AddCells(int i, double held, int from, Span<double> scratch, Span<double> sums)
    {
        if (Settles[i])
            return;
        int run = sums.Length / Grid.Count;
        if (instruments[i] is OptionInstrument option)
            AddOption(i, held, option, from, run, scratch, sums);
        else
            for (int c = 0; c < Grid.Count; c++)
            for (int s = 0; s < run; s++)
                sums[c * run + s] += held * FutureGain(i, c, from + s);
    }

    /// <summary>Gain of +1 contract of a column in one cell of one scenario.</summary>
    public double CellGain(int i, int cell, int scenario)
    {
        if (Settles[i])
            return 0;
        if (instruments[i] is not OptionInstrument option)
            return FutureGain(i, cell, scenario);
        Span<double> scratch = stackalloc double[ScratchOf(1)];
        double gain = 0;
        Place(i, option, scenario, 1, scratch);
        AddCell(i, 1, option, cell, scenario, scratch, new Span<double>(ref gain));
        return gain;
    }

    /// <summary>Coins of delta of +1 contract of a column over a run of scenarios.</summary>
    public void Deltas(int i, int from, Span<double> scratch, Span<double> delta)
    {
        if (Settles[i])
        {
            delta.Clear();
            return;
        }
        double size = (double)instruments[i].ContractSize;
        if (instruments[i] is not OptionInstrument option)
        {
            for (int s = 0; s < delta.Length; s++)
                delta[s] = IsInverse ? size / (forwardNow[i] * ratio[from + s]) : size;
            return;
        }
        double strike = (double)option.StrikeUsd;
        var log = logForward[i].AsSpan(from, delta.Length);
        Deviations(i, strike, from, scratch[..delta.Length]);
        ScanSmiles.Probabilities(strike, option.Right, IsInverse, log, scratch[..delta.Length], delta);
        var inverse = inverseForward[i].AsSpan(from, delta.Length);
        for (int s = 0; s < delta.Length; s++)
            delta[s] *= IsInverse ? size * strike * inverse[s] : size;
    }

    void Deviations(int i, double strike, int from, Span<double> deviation)
    {
        var move = moves[i]!;
        ScanSmiles.Deviations(
            move.Slice,
            strike,
            logForward[i].AsSpan(from, deviation.Length),
            move.VarianceScale.AsSpan(from, deviation.Length),
            move.Tilt.AsSpan(from, deviation.Length),
            deviation
        );
    }

    void AddOption(
        int i,
        double held,
        OptionInstrument option,
        int from,
        int run,
        Span<double> scratch,
        Span<double> sums
    )
    {
        Place(i, option, from, run, scratch);
        for (int c = 0; c < Grid.Count; c++)
            AddCell(i, held, option, c, from, scratch, sums.Slice(c * run, run));
    }

    // Scratch of a run: deviations down, same and up, their inverses, the value now, the money of a gain, a value.
    void Place(int i, OptionInstrument option, int from, int run, Span<double> scratch)
    {
        double strike = (double)option.StrikeUsd;
        var same = scratch.Slice((int)VolatilityShock.Same * run, run);
        Deviations(i, strike, from, same);
        double rootTime = Math.Sqrt(yearsLeft[i]);
        var (down, up, floor) = Grid.ShockFactors(yearsLeft[i] * 365);
        for (int s = 0; s < run; s++)
        {
            scratch[(int)VolatilityShock.Down * run + s] = Math.Max(LeastDeviation, same[s] * down);
            scratch[(int)VolatilityShock.Up * run + s] = Math.Max(
                LeastDeviation,
                Math.Max(same[s] * up, floor * rootTime)
            );
            same[s] = Math.Max(LeastDeviation, same[s]);
        }
        for (int s = 0; s < 3 * run; s++)
            scratch[3 * run + s] = 1 / scratch[s];
        Value(i, option, 0, (int)VolatilityShock.Same, from, run, scratch, scratch.Slice(6 * run, run));
        var money = scratch.Slice(7 * run, run);
        for (int s = 0; s < run; s++)
            money[s] =
                !IsInverse ? 1 / inverseForward[i][from + s]
                : inCoin ? 1
                : IndexUsd(from + s);
    }

    void AddCell(int i, double held, OptionInstrument option, int c, int from, Span<double> scratch, Span<double> sums)
    {
        int run = sums.Length;
        double u = Grid.PriceMove[c];
        double size = held * (double)option.ContractSize * Grid.Scale[c];
        var value = scratch.Slice(8 * run, run);
        Value(i, option, Math.Log(1 + u), (int)Grid.Shock[c], from, run, scratch, value);
        if (inCoin && c < Grid.Regular)
            size /= 1 + u;
        else if (inCoin)
            size /= 1 + Grid.RestatedMove[c];
        // Coins gained since today are equity of a cross pool, and move with the index.
        double exposed = isExposed ? size * u : 0;
        double after = size * (1 + u);
        ScanSums.Add(
            value,
            scratch.Slice(6 * run, run),
            scratch.Slice(7 * run, run),
            after,
            IsInverse ? after - exposed : size,
            exposed * priceNow[i],
            sums
        );
    }

    void Value(
        int i,
        OptionInstrument option,
        double logMove,
        int v,
        int from,
        int run,
        Span<double> scratch,
        Span<double> into
    ) =>
        ScanKernel.ValueOverForward(
            (double)option.StrikeUsd,
            option.Right,
            logForward[i].AsSpan(from, run),
            inverseForward[i].AsSpan(from, run),
            scratch.Slice(v * run, run),
            scratch.Slice((3 + v) * run, run),
            logMove,
            into
        );

    double FutureGain(int i, int c, int scenario)
    {
        double size = (double)instruments[i].ContractSize;
        double u = Grid.PriceMove[c];
        double scale = Grid.Scale[c];
        double move = ratio[scenario];
        double coins = size / (forwardNow[i] * move);
        return !IsInverse ? size * forwardNow[i] * move * u * scale
            : inCoin ? coins * u * (c < Grid.Regular ? 1 / (1 + u) : scale / (1 + Grid.RestatedMove[c]))
            : IndexUsd(scenario) * u * scale * (coins + (isExposed ? size / forwardNow[i] - coins : 0));
    }
}
