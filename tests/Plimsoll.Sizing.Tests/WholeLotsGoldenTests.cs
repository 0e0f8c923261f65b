using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Plimsoll.Markets;
using Plimsoll.Numerics;
using Plimsoll.Storage;
using Plimsoll.TestSupport;

namespace Plimsoll.Sizing.Tests;

/// <summary>
/// <c>growth-lots-with-worst-case-limit</c> of the golden file on whole lots, through the main job's own problem,
/// solver and lot search: three assets as three coins, the six scenarios as law of risk and as stress set, the gross
/// limit as the delta limit on the sum of absolutes.
/// </summary>
public sealed class WholeLotsGoldenTests
{
    [Fact]
    public void Growth_under_worst_case_and_gross_limits_has_the_published_lots()
    {
        var rows = Golden.Cases("sizing/whole-lots.json");
        Assert.SkipUnless(rows is not null, Golden.Absent);
        var row = rows!.Single(each => (string)each["name"]! == "growth-lots-with-worst-case-limit");
        var expected = row["expected"]!;
        var solve = ContinuousSolve.Of(Problem(row["inputs"]!.AsObject()));
        double[] continuous = TargetLines.Continuous(solve);
        double[] published = List(expected["continuous_lots"]);
        for (int i = 0; i < published.Length; i++)
            Assert.Equal(published[i], continuous[i], 1e-4);
        Assert.Equal(Golden.Number(expected["continuous_growth"]), solve.Solution.Objective, 1e-9);
        var (book, exact) = LotSearch.Run(solve);
        Assert.True(exact);
        Assert.Equal(0, book.Violation);
        Assert.Equal(List(expected["best_lots"]), Signed(solve, book).ToArray());
        Assert.Equal(Golden.Number(expected["best_growth"]), book.Objective, 1e-12);
        double lost = solve.Solution.Objective - book.Objective;
        Assert.Equal(Golden.Number(expected["growth_loss_versus_continuous"]), lost, 1e-9);
    }

    static double[] List(JsonNode? node) => [.. node!.AsArray().Select(Golden.Number)];

    static IEnumerable<double> Signed(ContinuousSolve solve, LotBook book)
    {
        var problem = new LotProblem(solve);
        for (int line = 0; line < solve.Parts.Prepared.Lines.Length; line++)
            yield return Array.IndexOf(problem.Lines, line) is >= 0 and var at ? book.Lots[at] : 0;
    }

    /// <summary>Equity 1; one lot of a coin is a contract whose notional is the stated fraction of equity.</summary>
    static PreparedSizing Problem(JsonObject inputs)
    {
        double[][] returns = [.. inputs["scenario_return_per_unit_notional"]!.AsArray().Select(List)];
        double[] probabilities = List(inputs["probabilities"]);
        double[] lot = List(inputs["lot_value_fraction_of_equity"]);
        var mandate = new Mandate
        {
            Objective = ObjectiveKind.Growth,
            KellyFraction = 1,
            Survival = new SurvivalLimits
            {
                WorstCase = new WorstCaseLimit(Golden.Number(inputs["worst_case_loss_limit"]), 0.25, 4, false),
            },
            Limits = new MandateLimits
            {
                Greeks = new GreekLimits(Golden.Number(inputs["gross_limit"]), null, null, null),
            },
        };
        var basis = Sizer
            .Prepare(
                SizingCases.Input(EmbeddedMarket.Snapshot(), SizingCases.AllIn(Currency.Usd, 1), mandate) with
                {
                    Scenarios = 1_000,
                }
            )
            .Value;
        var terms = basis.Lines.Single(line => line.Name == "BTC_USDC-PERPETUAL");
        ImmutableArray<Instrument> instruments =
        [
            .. lot.Select(
                (_, i) =>
                    (Instrument)
                        new PerpetualInstrument(terms.Instrument, $"ASSET{i}")
                        {
                            Underlying = $"ASSET{i}",
                            LotContracts = 1,
                            MinimumOrderContracts = 1,
                        }
            ),
        ];
        var gain = new ColumnMatrix(returns.Length, lot.Length);
        for (int s = 0; s < returns.Length; s++)
        for (int i = 0; i < lot.Length; i++)
            gain[s, i] = lot[i] * returns[s][i];
        var scenarios = basis.Scenarios with
        {
            Count = returns.Length,
            Weights = probabilities,
            Origins = [.. probabilities.Select((_, s) => $"row {s}")],
        };
        var matrix = basis.Matrix with
        {
            Scenarios = scenarios,
            Instruments = instruments,
            Gain = gain,
            ValueNow = new double[lot.Length],
            FundingPaidByLong = [],
        };
        double[] ones = [.. probabilities.Select(_ => 1.0)];
        var free = new TradingCost(new SideCost(0, 1), new SideCost(0, 1), null);
        return basis with
        {
            Equity = 1,
            Scenarios = scenarios,
            Stress = scenarios with { Weights = [] },
            Matrix = matrix,
            StressMatrix = matrix,
            Collateral = ones,
            StressCollateral = ones,
            Law = basis.Law with { Prior = probabilities, Weights = probabilities, OptionWeights = probabilities },
            Edge = new EdgeAdjustment
            {
                Shift = new double[lot.Length],
                Edge = new double[lot.Length],
                CollateralShift = 0,
            },
            Greeks = [.. lot.Select(share => new LineGreeks(share, 0, 0, 0))],
            CollateralDelta = new Dictionary<string, double>(),
            MarginNow = new Plimsoll.Margin.MarginRate?[lot.Length],
            Tails = [],
            Lines =
            [
                .. instruments.Select(
                    (instrument, i) =>
                        terms with
                        {
                            Column = i,
                            Quote = terms.Quote with { Instrument = instrument },
                            Current = 0,
                            Cost = free,
                            Impact = 0,
                            Low = -10,
                            High = 10,
                            IsCandidate = true,
                        }
                ),
            ],
        };
    }
}
