using System.Collections.Immutable;
using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Risk;

namespace Plimsoll.Sizing;

/// <summary>
/// Portfolio margin of one pool: at today's market, at every scenario's, and on the way to a distance.
/// </summary>
/// <param name="Index">Index of the pool.</param>
/// <param name="Pool">The pool.</param>
/// <param name="Today">Initial margin now, exact and as convex pieces.</param>
/// <param name="Scenarios">Maintenance at the scenarios of the law.</param>
/// <param name="Distance">Maintenance on the way to the least distance; null without such a limit.</param>
/// <param name="EquityCoins">Coins of equity by ticker.</param>
public sealed record PortfolioPool(
    int Index,
    MarginPool Pool,
    DeribitPoolMargin Today,
    PortfolioScenarios Scenarios,
    PortfolioScenarios? Distance,
    IReadOnlyDictionary<string, double> EquityCoins
)
{
    /// <summary>The venue's rule with its shipped figures.</summary>
    public static DeribitPortfolioMargin Model => DeribitPortfolioMargin.Shipped;

    /// <summary>Whether a pool is margined by it.</summary>
    public static bool Covers(MarginPool pool) => PortfolioRule.IsPortfolio(pool.Mode) && pool.Venue == Model.Venue;

    /// <summary>Whether the venue's figures cover an instrument.</summary>
    public static bool Rates(Instrument instrument) =>
        instrument is SpotInstrument || DeribitScenarioMargin.Rates(Model.Parameters, instrument);

    /// <summary>The lines with those that the venue's figures do not cover closed to opening.</summary>
    public static ImmutableArray<SizingLine> Rated(
        ImmutableArray<SizingLine> lines,
        ImmutableArray<MarginPool> pools
    ) =>
        [
            .. lines.Select(line =>
                !Covers(pools[line.Wallet]) || Rates(line.Instrument)
                    ? line
                    : line with
                    {
                        Low = Math.Min(0, line.CurrentContracts),
                        High = Math.Max(0, line.CurrentContracts),
                        IsCandidate = false,
                        ScreenedBecause = $"no portfolio-margin parameters of {line.Instrument.Underlying}",
                    }
            ),
        ];

    /// <summary>The margin of a pool, or null where standard margin holds.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="index">Its index.</param>
    /// <param name="market">Market and surfaces.</param>
    /// <param name="matrix">The law's matrix.</param>
    /// <param name="distance">The matrix of single moves; null without such a limit.</param>
    /// <param name="deleveraging">
    /// Gains that winning futures would forgo count as maintenance does; null: none are forgone.
    /// </param>
    public static PortfolioPool? Of(
        MarginPool pool,
        int index,
        RiskMarket market,
        PnlMatrix matrix,
        PnlMatrix? distance,
        DeleveragingStress? deleveraging = null
    )
    {
        if (!Covers(pool))
            return null;
        Currency? settlement = pool.IsCross ? null : pool.Wallets[0].Currency;
        var quotes = MarginPortfolios.MarketOf(market, matrix.Instruments.Select(instrument => instrument.Name));
        var today = new DeribitPoolMargin(
            Model.Parameters,
            quotes,
            matrix.Instruments,
            settlement,
            currency => matrix.Prices!.Now(currency)
        );
        PortfolioScenarios At(PnlMatrix of) =>
            new(of, new DeribitScenarioMargin(Model.Parameters, market, of, settlement), pool, deleveraging);
        return new PortfolioPool(
            index,
            pool,
            today,
            At(matrix),
            distance is null ? null : At(distance),
            PortfolioRule.EquityCoins(pool.Wallets)
        );
    }

    /// <summary>Exact initial margin of positions by line, home currency.</summary>
    public double Initial(PreparedSizing prepared, double[] positions) =>
        Today.Initial(Columns(prepared, positions), EquityCoins);

    /// <summary>Contracts by column of the matrix from positions by line, of this pool alone.</summary>
    public double[] Columns(PreparedSizing prepared, double[] positions)
    {
        var contracts = new double[prepared.Matrix.Instruments.Length];
        for (int i = 0; i < positions.Length; i++)
            if (prepared.Lines[i].Wallet == Index)
                contracts[prepared.Lines[i].Column] += positions[i];
        return contracts;
    }
}

/// <summary>A pool's margin over one set of scenarios.</summary>
/// <param name="Matrix">Gains.</param>
/// <param name="Margin">Maintenance.</param>
/// <param name="Pool">Whose equity covers it.</param>
/// <param name="Deleveraging">Assumption on winning futures; null: none are closed.</param>
public sealed record PortfolioScenarios(
    PnlMatrix Matrix,
    DeribitScenarioMargin Margin,
    MarginPool Pool,
    DeleveragingStress? Deleveraging = null
)
{
    readonly Dictionary<int, (double[] Long, double[] Short)> forgone = [];

    /// <summary>Gain that a contract of a column forgoes in each scenario on one side; null where none is.</summary>
    public double[]? Forgone(int column, bool isLong)
    {
        if (Deleveraging is not { } stress || !DeleveragingStress.Reaches(Matrix.Instruments[column]))
            return null;
        lock (forgone)
        {
            if (!forgone.TryGetValue(column, out var known))
            {
                int count = Matrix.Scenarios.Count;
                known = (new double[count], new double[count]);
                stress.Forgone(Matrix, column, known.Long, known.Short);
                forgone[column] = known;
            }
            return isLong ? known.Long : known.Short;
        }
    }

    /// <summary>Maintenance less margin balance by scenario, home currency.</summary>
    /// <param name="contracts">By column.</param>
    /// <param name="equityCoins">Coins of equity by ticker.</param>
    public double[] Shortage(double[] contracts, IReadOnlyDictionary<string, double> equityCoins)
    {
        double[] shortage = Margin.Kept(contracts, equityCoins);
        double[] equity = Pool.EquityInScenarios(Matrix.Prices!);
        for (int s = 0; s < equity.Length; s++)
            shortage[s] -= equity[s];
        for (int i = 0; i < contracts.Length; i++)
        {
            if (contracts[i] == 0)
                continue;
            var gain = Matrix.Gain.Column(i);
            for (int s = 0; s < shortage.Length; s++)
                shortage[s] -= contracts[i] * gain[s];
            if (Forgone(i, contracts[i] > 0) is { } lost)
                for (int s = 0; s < shortage.Length; s++)
                    shortage[s] += Math.Abs(contracts[i]) * lost[s];
        }
        return shortage;
    }
}
