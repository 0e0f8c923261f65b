using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Numerics;

namespace Plimsoll.Margin;

/// <summary>
/// Contracts of one coin that settle alike (a currency pair of Deribit's risk matrix) at one market, per contract.
/// </summary>
/// <remarks>
/// Gains are in coin for a coin-settled pair of a segregated pool, in USD otherwise. Everything but the delta shock is
/// a maximum of functions linear in the contracts.
/// </remarks>
sealed class DeribitPair
{
    readonly DeribitCoinRisk coin;
    readonly DeribitCurrencyRisk currency;
    readonly double indexUsd;
    readonly bool inCoin;
    readonly bool[] isOption;

    public DeribitPair(
        string name,
        DeribitPortfolioParameters parameters,
        ImmutableArray<Instrument> instruments,
        MarginMarket market,
        string underlying,
        bool inCoin
    )
    {
        (Name, Underlying, Instruments, this.inCoin) = (name, underlying, instruments, inCoin);
        indexUsd = market.PriceUsd(new Currency(underlying))!.Value;
        coin = parameters.Coins[underlying];
        currency = parameters.Of(instruments.IsEmpty ? new Currency(underlying) : instruments[0].Settlement)!;
        Grid = new DeribitGrid(parameters, coin);
        Gain = new ColumnMatrix(Grid.Count, instruments.Length);
        Delta = new double[instruments.Length];
        Expiry = new int[instruments.Length];
        isOption = [.. instruments.Select(instrument => instrument is OptionInstrument)];
        var rates = new List<double>();
        var known = new Dictionary<DateTimeOffset, int>();
        Span<double> volatility = stackalloc double[Grid.Count];
        for (int i = 0; i < instruments.Length; i++)
        {
            var instrument = instruments[i];
            var quote = market.Quote(instrument)!;
            var at = instrument.SettlesAt ?? DateTimeOffset.MinValue;
            double tYears = instrument.SettlesAt is { } end ? Years.Between(market.AsOf, end).Value : 0;
            for (int c = 0; c < Grid.Count; c++)
                volatility[c] = isOption[i]
                    ? Grid.ShockedVolatility(quote.ImpliedVolatility!.Value, tYears * 365, Grid.Shock[c])
                    : 0;
            ShockedValue.Gains(instrument, quote, tYears, Grid.PriceMove, volatility, Gain.Column(i));
            Restate(instrument, Gain.Column(i));
            Delta[i] = ShockedValue.DeltaCoins(instrument, quote, tYears);
            if (!known.TryGetValue(at, out Expiry[i]))
            {
                known[at] = Expiry[i] = rates.Count;
                double growth = Math.Exp(currency.AnnualisedMoveRisk * tYears) - 1;
                rates.Add(Math.Max(currency.MinimumAnnualisedMove, growth));
            }
        }
        RollRate = [.. rates];
    }

    /// <summary><c>BTC</c>, <c>BTC_USDC</c>.</summary>
    public string Name { get; }

    /// <summary>The coin.</summary>
    public string Underlying { get; }

    /// <summary>Columns.</summary>
    public ImmutableArray<Instrument> Instruments { get; }

    /// <summary>Scenarios: rows.</summary>
    public DeribitGrid Grid { get; }

    /// <summary>Gain of one contract by cell, before dampening.</summary>
    public ColumnMatrix Gain { get; }

    /// <summary>Coins of delta of one contract.</summary>
    public double[] Delta { get; }

    /// <summary>Group of equal expiry by column.</summary>
    public int[] Expiry { get; }

    /// <summary>Roll shock of one coin of net delta by group, a fraction.</summary>
    public double[] RollRate { get; }

    /// <summary>Units of the pair's money for one coin at today's index.</summary>
    public double PerCoin => inCoin ? 1 : indexUsd;

    /// <summary>Gains by cell of a book, and of coins of equity that move with the index.</summary>
    public double[] GainOf(ReadOnlySpan<double> contracts, double equityCoins)
    {
        var gain = new double[Grid.Count];
        for (int i = 0; i < contracts.Length; i++)
        {
            var column = Gain.Column(i);
            for (int c = 0; c < gain.Length; c++)
                gain[c] += contracts[i] * column[c];
        }
        for (int c = 0; c < gain.Length && equityCoins != 0; c++)
            gain[c] += equityCoins * indexUsd * Grid.PriceMove[c] * Grid.Scale[c];
        return gain;
    }

    /// <summary>A gain as it counts in a cell: gains in part, extended cells dampened toward zero.</summary>
    public double Counted(double gain, int cell)
    {
        double offset =
            gain > 0 ? Math.Min(gain * currency.GainOffset, currency.MaximumOffsetUsd / UnitUsd(cell)) : gain;
        return Math.CopySign(Math.Max(0, Math.Abs(offset) - Dampener(cell)), offset);
    }

    /// <summary>Amount by which a cell moves toward zero, in the pair's money.</summary>
    public double Dampener(int cell) => Grid.DampenerSteps[cell] * currency.ExtendedDampenerUsd / UnitUsd(cell);

    /// <summary>Σ over expiries of |net delta|·rate, in the pair's money.</summary>
    public double RollShock(ReadOnlySpan<double> contracts)
    {
        Span<double> net = stackalloc double[RollRate.Length];
        net.Clear();
        for (int i = 0; i < contracts.Length; i++)
            net[Expiry[i]] += contracts[i] * Delta[i];
        double sum = 0;
        for (int t = 0; t < net.Length; t++)
            sum += Math.Abs(net[t]) * RollRate[t];
        return sum * PerCoin;
    }

    /// <summary>
    /// Charge for a delta that is large for its market:
    /// <c>min((|D|·S − threshold)⁺·|D|·m, cap·S·|D|)</c>, D the delta without the help of long options.
    /// </summary>
    public double DeltaShock(ReadOnlySpan<double> contracts)
    {
        double bought = 0,
            other = 0;
        for (int i = 0; i < contracts.Length; i++)
            if (isOption[i] && contracts[i] > 0)
                bought += contracts[i] * Delta[i];
            else
                other += contracts[i] * Delta[i];
        double delta =
            other < 0 ? Math.Min(Math.Max(bought + other, other), 0) : Math.Max(Math.Min(bought + other, other), 0);
        return DeltaShockUsd(Math.Abs(delta), indexUsd, coin) / indexUsd * PerCoin;
    }

    /// <summary>Whether no book whose positions lie between zero and these has a delta shock.</summary>
    public bool StaysUnderDeltaShock(ReadOnlySpan<double> contracts)
    {
        double gross = 0;
        for (int i = 0; i < contracts.Length; i++)
            gross += Math.Abs(contracts[i] * Delta[i]);
        return gross * indexUsd <= coin.DeltaShockThresholdUsd;
    }

    /// <summary>The delta shock of some coins of delta, USD.</summary>
    public static double DeltaShockUsd(double deltaCoins, double indexUsd, DeribitCoinRisk coin) =>
        Math.Min(
            Math.Max(0, deltaCoins * indexUsd - coin.DeltaShockThresholdUsd) * deltaCoins * coin.DeltaShockPerCoin,
            coin.MaximumDeltaShock * indexUsd * deltaCoins
        );

    /// <summary>
    /// Steepest line from the threshold that is nowhere below the delta shock up to a reach: coins at which it starts,
    /// and the pair's money per coin beyond.
    /// </summary>
    public (double FromCoins, double Slope) DeltaShockChord(double reachCoins)
    {
        double from = coin.DeltaShockThresholdUsd / indexUsd;
        double capped = coin.DeltaShockPerCoin > 0 ? from + coin.MaximumDeltaShock / coin.DeltaShockPerCoin : from;
        double slopeUsd = coin.DeltaShockPerCoin * indexUsd * Math.Min(reachCoins, capped);
        return (from, slopeUsd / indexUsd * PerCoin);
    }

    double UnitUsd(int cell) => inCoin ? indexUsd * (1 + Grid.RestatedMove[cell]) : 1;

    // Coin gains of the extended table are scaled in USD and restated in coin at the end of the grid.
    void Restate(Instrument instrument, Span<double> gain)
    {
        bool paysCoin = instrument.Shape == PayoffShape.Inverse;
        for (int c = 0; c < gain.Length; c++)
        {
            double usd = paysCoin ? gain[c] * indexUsd * (1 + Grid.PriceMove[c]) : gain[c];
            gain[c] =
                !inCoin ? usd * Grid.Scale[c]
                : c < Grid.Regular ? gain[c]
                : usd * Grid.Scale[c] / UnitUsd(c);
        }
    }
}
