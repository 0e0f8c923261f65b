using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Margin;

/// <summary>A part of a requirement as the largest of functions linear in the contracts; never below 0.</summary>
/// <param name="Name">Pair and charge, such as <c>BTC/worst-scenario</c>.</param>
/// <param name="Offsets">Constant of each row.</param>
/// <param name="Rows">Per contract of each column; one array a row.</param>
public sealed record MarginPiece(string Name, ImmutableArray<double> Offsets, ImmutableArray<double[]> Rows)
{
    /// <summary>max(0, largest row) at a book.</summary>
    public double At(double[] contracts) => Worst(contracts).Value;

    /// <summary>The row that is largest at a book; null where none is above 0.</summary>
    public double[]? WorstRow(double[] contracts) => Worst(contracts) is { Row: >= 0 and var row } ? Rows[row] : null;

    (int Row, double Value) Worst(double[] contracts)
    {
        var worst = (Row: -1, Value: 0.0);
        for (int r = 0; r < Rows.Length; r++)
        {
            double value = Offsets[r];
            for (int i = 0; i < contracts.Length; i++)
                if (contracts[i] != 0)
                    value += Rows[r][i] * contracts[i];
            if (value > worst.Value)
                worst = (r, value);
        }
        return worst;
    }
}

/// <summary>Deribit's portfolio margin of one pool at one market: exact, and as convex pieces never below it.</summary>
/// <remarks>
/// Initial margin is at most the sum of <see cref="Pieces"/>; equal to it while no coin's delta is beyond the delta
/// shock's threshold. Home currency throughout. Thread safe.
/// </remarks>
public sealed class DeribitPoolMargin
{
    readonly DeribitPortfolioParameters parameters;
    readonly ImmutableArray<(DeribitPair Pair, int[] Columns, double Unit, bool IsExposed)> pairs;

    /// <summary>Prepares the pairs of a pool over all columns that it margins.</summary>
    /// <param name="parameters">The venue's figures.</param>
    /// <param name="market">Quotes of every instrument that is rated.</param>
    /// <param name="instruments">Columns.</param>
    /// <param name="settlement">Settlement currency of a segregated pool; null: cross, everything.</param>
    /// <param name="homePerUnit">Home currency for one unit of a currency.</param>
    public DeribitPoolMargin(
        DeribitPortfolioParameters parameters,
        MarginMarket market,
        ImmutableArray<Instrument> instruments,
        Currency? settlement,
        Func<Currency, double> homePerUnit
    )
    {
        this.parameters = parameters;
        Columns = instruments.Length;
        bool isCross = settlement is null;
        var groups = Enumerable
            .Range(0, instruments.Length)
            .Where(i =>
                DeribitScenarioMargin.Rates(parameters, instruments[i])
                && market.Quote(instruments[i]) is not null
                && (settlement is not { } own || instruments[i].Settlement == own)
            )
            .GroupBy(i => (instruments[i].Underlying, IsInverse: instruments[i].Shape == PayoffShape.Inverse))
            .ToDictionary(group => group.Key, group => group.ToArray());
        if (isCross)
            foreach (
                string coin in parameters.Coins.Keys.Where(coin => market.PriceUsd(new Currency(coin)) is not null)
            )
                groups.TryAdd((coin, true), []);
        pairs =
        [
            .. groups
                .OrderBy(group => group.Key.Underlying, StringComparer.Ordinal)
                .ThenBy(group => group.Key.IsInverse)
                .Select(group =>
                {
                    bool inCoin = !isCross && group.Key.IsInverse;
                    string coin = group.Key.Underlying;
                    var pair = new DeribitPair(
                        group.Key.IsInverse ? coin : $"{coin}_USDC",
                        parameters,
                        [.. group.Value.Select(i => instruments[i])],
                        market,
                        coin,
                        inCoin
                    );
                    bool isExposed =
                        isCross
                        && group.Key.IsInverse
                        && parameters.Of(new Currency(coin)) is { EquityIsExposed: true };
                    return (pair, group.Value, homePerUnit(inCoin ? new Currency(coin) : Currency.Usd), isExposed);
                }),
        ];
    }

    /// <summary>Number of columns.</summary>
    public int Columns { get; }

    /// <summary>Maintenance over initial margin.</summary>
    public double MaintenanceFactor => parameters.MaintenanceFactor;

    /// <summary>Initial margin of positions, exact.</summary>
    /// <param name="contracts">By column.</param>
    /// <param name="equityCoins">Coins of equity by ticker, for a cross pool.</param>
    public double Initial(double[] contracts, IReadOnlyDictionary<string, double> equityCoins)
    {
        double total = 0;
        foreach (var (pair, columns, unit, isExposed) in pairs)
        {
            double[] held = [.. columns.Select(column => contracts[column])];
            double[] gain = pair.GainOf(held, isExposed ? equityCoins.GetValueOrDefault(pair.Underlying) : 0);
            double worst = 0;
            for (int c = 0; c < gain.Length; c++)
                worst = Math.Max(worst, -pair.Counted(gain[c], c));
            total += (worst + pair.RollShock(held) + pair.DeltaShock(held)) * unit;
        }
        return total;
    }

    /// <summary>
    /// The convex pieces: worst scenario, roll by expiry, and the chord of the delta shock, for each pair.
    /// </summary>
    /// <param name="equityCoins">Coins of equity by ticker, for a cross pool.</param>
    public ImmutableArray<MarginPiece> Pieces(IReadOnlyDictionary<string, double> equityCoins) =>
        Charges(equityCoins, null);

    /// <summary>
    /// The pieces with the delta shock as it is at one book, not its chord: their sum there is
    /// <see cref="Initial"/>.
    /// </summary>
    /// <param name="equityCoins">Coins of equity by ticker, for a cross pool.</param>
    /// <param name="contracts">The book, by column.</param>
    public ImmutableArray<MarginPiece> PiecesAt(IReadOnlyDictionary<string, double> equityCoins, double[] contracts)
    {
        ArgumentNullException.ThrowIfNull(contracts);
        return Charges(equityCoins, contracts);
    }

    ImmutableArray<MarginPiece> Charges(IReadOnlyDictionary<string, double> equityCoins, double[]? contracts)
    {
        var pieces = ImmutableArray.CreateBuilder<MarginPiece>();
        foreach (var (pair, columns, unit, isExposed) in pairs)
        {
            double equity = isExposed ? equityCoins.GetValueOrDefault(pair.Underlying) : 0;
            if (columns.Length == 0 && equity == 0)
                continue;
            double[] own = pair.GainOf([], equity);
            pieces.Add(
                new MarginPiece(
                    $"{pair.Name}/worst-scenario",
                    [.. own.Select((gain, c) => -(gain + pair.Dampener(c)) * unit)],
                    [.. Enumerable.Range(0, own.Length).Select(c => Row(columns, i => -pair.Gain[c, i] * unit))]
                )
            );
            for (int t = 0; t < pair.RollRate.Length; t++)
            {
                int expiry = t;
                double rate = pair.RollRate[t] * pair.PerCoin * unit;
                pieces.Add(Both($"{pair.Name}/roll-shock", expiry, 0, rate));
            }
            var (from, slope) = pair.DeltaShockChord(double.PositiveInfinity);
            if (contracts is not null)
                pieces.Add(
                    new MarginPiece(
                        $"{pair.Name}/delta-shock",
                        [pair.DeltaShock([.. columns.Select(column => contracts[column])]) * unit],
                        [new double[Columns]]
                    )
                );
            else if (columns.Length > 0)
                pieces.Add(Both($"{pair.Name}/delta-shock", null, from, slope * unit));

            MarginPiece Both(string name, int? expiry, double threshold, double rate)
            {
                double[] up = Row(columns, i => expiry is { } t && pair.Expiry[i] != t ? 0 : pair.Delta[i] * rate);
                double[] down = [.. up.Select(value => -value)];
                return new MarginPiece(name, [-threshold * rate, -threshold * rate], [up, down]);
            }
        }
        return pieces.ToImmutable();
    }

    double[] Row(int[] columns, Func<int, double> each)
    {
        var row = new double[Columns];
        for (int i = 0; i < columns.Length; i++)
            row[columns[i]] = each(i);
        return row;
    }
}
