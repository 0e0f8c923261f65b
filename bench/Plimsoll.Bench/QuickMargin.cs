using System.Collections.Immutable;
using System.Globalization;
using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Numerics;
using Plimsoll.Pricing;
using Plimsoll.Risk;
using Plimsoll.Storage;

namespace Plimsoll.Bench;

/// <summary>
/// Portfolio margin of 500 contracts at each of 10,000 scenarios' own market, beside the textbook's formulas on some of
/// those scenarios; seconds, least of the repeats.
/// </summary>
static class QuickMargin
{
    const int Repeats = 7;
    const int Contracts = 500;
    const int Scenarios = 10_000;
    const int PlainScenarios = 200;

    public static void Run(TextWriter output)
    {
        var work = Work.Make();
        int cells = 0;
        foreach (var pool in work.Pools)
            cells += pool.Columns.Length * PlainMargin.CellsOf(work.Parameters, pool.Coin);
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{work.Matrix.Instruments.Length} contracts x {Scenarios:N0} scenarios, {cells} cells a scenario"
            )
        );
        double[][] fast = [];
        double one = Least(output, "maintenance in every scenario, 1 thread", () => fast = work.Fast(1));
        Least(output, "maintenance in every scenario, 2 threads", () => fast = work.Fast(2));
        DeribitScenarioMargin[] stored = [];
        Least(output, "one book after another: first, cells kept", () => stored = work.Stored(), 1);
        Least(output, "one book after another: one position changed", () => work.Changed(stored));
        double[][] plain = [];
        double textbook = Least(
            output,
            $"textbook formulas, {PlainScenarios} scenarios, 1 thread",
            () => plain = [.. work.Pools.Select(pool => PlainMargin.Of(work, pool, PlainScenarios))],
            2
        );
        double worst = 0;
        for (int p = 0; p < plain.Length; p++)
        for (int s = 0; s < PlainScenarios; s++)
            worst = Math.Max(worst, Math.Abs(fast[p][s] / plain[p][s] - 1));
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"textbook over fast, one thread each: {textbook * Scenarios / PlainScenarios / one:0.0} times; "
            ) + string.Create(CultureInfo.InvariantCulture, $"largest relative difference {worst:0.0e0}")
        );
        if (worst > 1e-8)
            throw new InvalidOperationException("the two do not agree");
    }

    static double Least(TextWriter output, string what, Action run, int repeats = Repeats)
    {
        var (wall, processor) = LeastTimes.Of(repeats, run);
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{what, -48} {wall:0.000} s wall {processor:0.000} s processor"
            )
        );
        return processor;
    }

    /// <summary>The built-in market, two coins in segregated pools, one position in each contract.</summary>
    internal sealed record Work(
        RiskMarket Market,
        PnlMatrix Matrix,
        double[] Held,
        ImmutableArray<Pool> Pools,
        DeribitPortfolioParameters Parameters
    )
    {
        static readonly Dictionary<string, double> NoCoins = [];

        public static Work Make()
        {
            var snapshot = EmbeddedMarket.Snapshot();
            var surfaces = snapshot.Underlyings.ToDictionary(
                coin => coin.Underlying,
                coin => SurfaceFit.Fit(snapshot, coin.Underlying).Surface!
            );
            var market = new RiskMarket(snapshot, surfaces);
            var set = HistoricalScenarios.Build(
                snapshot,
                surfaces,
                [],
                new ScenarioRequest(Years.FromDays(1)) { Count = Scenarios }
            );
            // The market lists some thirty coin-settled contracts too few: strikes between the listed ones fill it up.
            Instrument[] listed =
            [
                .. snapshot
                    .Quotes.Select(quote => quote.Instrument)
                    .Where(instrument => instrument.Shape == PayoffShape.Inverse),
            ];
            Instrument[] known =
            [
                .. listed,
                .. listed
                    .OfType<OptionInstrument>()
                    .Select(option => option with { Name = option.Name + "-B", StrikeUsd = option.StrikeUsd * 1.01m }),
            ];
            var lacking = Revaluation
                .Missing(snapshot, surfaces, set, [.. known])
                .Select(line => line[..line.IndexOf(':', StringComparison.Ordinal)])
                .ToHashSet();
            var random = new SeededRandom(9, 0);
            ImmutableArray<Instrument> chosen =
            [
                .. known.Where(instrument => !lacking.Contains(instrument.Name)).Take(Contracts),
            ];
            var matrix = Revaluation.Compute(snapshot, surfaces, set, chosen, Currency.Usd, 2);
            double[] held =
            [
                .. chosen.Select(instrument => instrument is OptionInstrument ? random.NextNormal() : 500.0),
            ];
            var parameters = DeribitPortfolioMargin.Shipped.Parameters;
            return new Work(
                market,
                matrix,
                held,
                [
                    .. chosen
                        .Select(instrument => instrument.Underlying)
                        .Distinct()
                        .Order()
                        .Select(coin => new Pool(
                            coin,
                            [.. Enumerable.Range(0, chosen.Length).Where(i => chosen[i].Underlying == coin)]
                        )),
                ],
                parameters
            );
        }

        DeribitScenarioMargin Margin(Pool pool) => new(Parameters, Market, Matrix, new Currency(pool.Coin));

        public double[][] Fast(int threads) => [.. Pools.Select(p => Margin(p).Maintenance(Held, NoCoins, threads))];

        public DeribitScenarioMargin[] Stored()
        {
            DeribitScenarioMargin[] margins = [.. Pools.Select(Margin)];
            foreach (var margin in margins)
                margin.Kept(Held, NoCoins);
            return margins;
        }

        int turn;

        public void Changed(DeribitScenarioMargin[] stored)
        {
            double[] next = [.. Held];
            next[turn++ % next.Length] += 1;
            foreach (var margin in stored)
                margin.Kept(next, NoCoins);
        }
    }

    /// <summary>A coin's contracts.</summary>
    internal sealed record Pool(string Coin, int[] Columns);
}
