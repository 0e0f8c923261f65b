using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Risk;

namespace Plimsoll.Margin;

/// <summary>Named moves, ladders and other dependence on today's account.</summary>
static class StressLosses
{
    static readonly double[] SpotSteps = [-0.5, -0.3, -0.2, -0.1, -0.05, 0.05, 0.1, 0.2, 0.3, 0.5];
    static readonly double[] VolatilitySteps = [-0.4, -0.2, 0.2, 0.5, 1];
    static readonly double[] SkewSteps = [-0.4, -0.2, 0.2, 0.4];
    static readonly double[] TermSteps = [-0.3, 0.3, 0.6];
    static readonly double[] BasisSteps = [-0.05, -0.02, 0.02, 0.05];
    static readonly double[] RateSteps = [-0.2, -0.1, 0.1, 0.2];

    /// <summary>Recorded days and the user's cases.</summary>
    public static ImmutableArray<NamedLoss> Named(StressWork work)
    {
        var market = work.Risk.Market;
        var (set, rows) = StressScenarios.Named(
            market.Snapshot,
            market.Surfaces,
            work.Risk.Scenarios.Horizon,
            work.Request.Definition
        );
        var matrix = work.Matrix(set);
        double[] gain = work.Book.GainInScenarios(matrix);
        double[] own = work.Book.PositionGainInScenarios(matrix);
        double[] contracts = work.Book.Contracts(matrix.Instruments);
        var pools = work.HasMargin ? work.Pools(matrix) : [];
        ExitEstimate[] exits = [.. work.Book.Holdings.Select(work.Exit)];
        var amplified = new ForcedSelling(work, set, rows, pools);
        double[]? deeper = amplified.Gains();
        return
        [
            .. rows.Select(
                (row, s) =>
                    new NamedLoss(
                        row,
                        [.. work.Coins.Select(coin => work.MovesOf(set.Of(coin), s))],
                        gain[s],
                        ByUnderlying(matrix, contracts, s),
                        gain[s] - own[s],
                        Leaving(work, set, exits, row.Liquidity, s),
                        [.. pools.Where(pool => pool.Balance[s] < pool.Maintenance[s]).Select(pool => pool.Name)],
                        amplified.Moves(s),
                        deeper?[s]
                    )
            ),
        ];
    }

    static ImmutableSortedDictionary<string, double> ByUnderlying(PnlMatrix matrix, double[] contracts, int row)
    {
        var sums = new SortedDictionary<string, double>(StringComparer.Ordinal);
        for (int i = 0; i < contracts.Length; i++)
        {
            string coin = matrix.Instruments[i].Underlying;
            sums[coin] = sums.GetValueOrDefault(coin) + contracts[i] * matrix.Gain[row, i];
        }
        return sums.ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    /// <summary>
    /// Stressed spread, fee, and impact on the depth that is left of a normal day: the crash's own volume would make
    /// leaving look cheap. A day's deviation grows as short-dated volatility does.
    /// </summary>
    static double? Leaving(StressWork work, ScenarioSet set, ExitEstimate[] exits, LiquidityStress liquidity, int row)
    {
        double? sum = 0;
        for (int i = 0; i < exits.Length; i++)
        {
            string coin = work.Book.Holdings[i].Instrument.Underlying;
            double louder = StressedDeviation(coin, set.Of(coin).LogVolatilityMove[row]);
            sum +=
                exits[i].HalfSpread * liquidity.Spread
                + exits[i].Fee
                + exits[i].Impact * louder / Math.Sqrt(liquidity.Depth);
        }
        return sum;
    }

    /// <summary>Factor on a day's deviation that goes with a move of ln(volatility) at 30 days; at least 1.</summary>
    public static double StressedDeviation(string coin, double logMove)
    {
        const double Largest = 1.6;
        double factor = SurfaceMoves.TenorFactor(VolatilityResponses.For(coin), Years.FromDays(1).Value);
        return Math.Exp(Math.Clamp(logMove * factor, 0, Largest));
    }

    /// <summary>One thing at a time, no time passing.</summary>
    public static ImmutableArray<LadderRung> Ladders(StressWork work)
    {
        var rungs = new List<(string Coin, string Kind, double Step, CoinStress Stress)>();
        foreach (string coin in work.Coins)
        {
            Add("spot", SpotSteps, step => new CoinStress(step));
            Add("spot, volatility still", SpotSteps, step => new CoinStress(step, 0));
            if (work.Risk.Market.Surfaces.ContainsKey(coin))
            {
                Add("volatility", VolatilitySteps, step => new CoinStress(0, step));
                Add("skew", SkewSteps, step => new CoinStress(0, 0, step));
                Add("term", TermSteps, step => new CoinStress(0, 0, TermChange: step));
            }
            Add("perpetual basis", BasisSteps, step => new CoinStress(0, 0, PerpetualBasis: step));
            Add("forward rate", RateSteps, step => new CoinStress(0, 0, ForwardRate: step));

            void Add(string kind, double[] steps, Func<double, CoinStress> stress) =>
                rungs.AddRange(steps.Select(step => (coin, kind, step, stress(step))));
        }
        var cases = rungs.Select(rung => new StressCase(
            "rung",
            ImmutableSortedDictionary<string, CoinStress>.Empty.Add(rung.Coin, rung.Stress),
            LiquidityStress.None
        ));
        var (set, _) = StressScenarios.Named(
            work.Risk.Market.Snapshot,
            work.Risk.Market.Surfaces,
            Years.FromDays(0),
            StressDefinition.Default with
            {
                Days = [],
                Cases = [.. cases],
            }
        );
        double[] gains = work.GainsUnder(set);
        return [.. rungs.Select((rung, i) => new LadderRung(rung.Coin, rung.Kind, rung.Step, gains[i]))];
    }

    /// <summary>The law as drawn, with all coins at their worst together, and independent.</summary>
    public static ImmutableArray<DependenceLoss> Dependence(StressWork work)
    {
        var drawn = work.Risk.Scenarios;
        var rows = ImmutableArray.CreateBuilder<DependenceLoss>();
        rows.Add(Of("as drawn", work.Gains));
        if (drawn.Weights.All(weight => Math.Abs(weight - drawn.Weights[0]) < 1e-12))
        {
            rows.Add(Of("correlation one", work.GainsUnder(Rearrangement.CorrelationOne(drawn))));
            rows.Add(Of("correlation zero", work.GainsUnder(Rearrangement.CorrelationZero(drawn, work.Request.Seed))));
        }
        return rows.ToImmutable();

        DependenceLoss Of(string name, double[] gains)
        {
            var law = new LossDistribution(gains, drawn.Weights);
            double level = work.Request.Level;
            return new DependenceLoss(
                name,
                law.ValueAtRisk(level),
                law.ExpectedShortfall(level),
                RiskMeasures.WorstScenario(gains).Loss
            );
        }
    }

    /// <summary>Leaving now, and when everyone leaves at once.</summary>
    public static LiquidityLoss Liquidity(StressWork work)
    {
        var crunch = work.Request.Crunch;
        double impact = work.Request.CrunchVolatility / Math.Sqrt(crunch.Depth);
        ImmutableArray<CrunchExit> exits =
        [
            .. work.Book.Holdings.Select(held =>
            {
                var calm = work.Exit(held);
                return new CrunchExit(
                    calm,
                    calm.HalfSpread * crunch.Spread,
                    calm.Impact * impact,
                    calm.Days / crunch.Depth
                );
            }),
        ];
        double? calmExit = 0,
            crunchExit = 0,
            days = 0;
        foreach (var exit in exits)
        {
            (calmExit, crunchExit) = (calmExit + exit.Calm.Total, crunchExit + exit.CrunchTotal);
            days = days is { } most && exit.CrunchDays is { } own ? Math.Max(most, own) : null;
        }
        var law = new LossDistribution(work.Gains, work.Risk.Scenarios.Weights);
        double level = work.Request.Level;
        return new LiquidityLoss(
            law.ValueAtRisk(level),
            law.ExpectedShortfall(level),
            calmExit,
            crunchExit,
            days,
            exits
        );
    }
}
