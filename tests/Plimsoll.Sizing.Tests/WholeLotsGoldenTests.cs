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
        MeetsExhaustiveSearch(solve, expected);
    }

    /// <summary>Every book of the row's own range, by the evaluator that the search uses.</summary>
    static void MeetsExhaustiveSearch(ContinuousSolve solve, JsonNode expected)
    {
        var problem = new LotProblem(solve);
        var feasible = new List<LotBook>();
        for (int a = -6; a <= 6; a++)
        for (int b = -10; b <= 10; b++)
        for (int c = -4; c <= 4; c++)
            if (problem.Evaluate([a, b, c], null) is { Violation: 0 } found)
                feasible.Add(found);
        Assert.Equal(Golden.Number(expected["feasible_books"]), feasible.Count);
        var second = feasible.OrderByDescending(found => found.Objective).ElementAt(1);
        Assert.Equal(List(expected["second_best_lots"]), second.Lots.Select(lots => (double)lots));
        Assert.Equal(Golden.Number(expected["second_best_growth"]), second.Objective, 1e-12);
        problem.MoveTo([.. List(expected["nearest_rounding"]).Select(lots => (int)lots)]);
        double Limit(string start) =>
            Enumerable
                .Range(0, solve.Program.Constraints.Length)
                .Where(k => solve.Program.Constraints[k].Name.StartsWith(start, StringComparison.Ordinal))
                .Max(k => solve.Evaluator.Value(k));
        Assert.Equal(Golden.Number(expected["nearest_rounding_worst_loss"]), Limit("survival.worst-case"), 1e-12);
        Assert.Equal(Golden.Number(expected["nearest_rounding_gross"]), Limit("limits.greeks.delta"), 1e-12);
    }

    static double[] List(JsonNode? node) => [.. node!.AsArray().Select(Golden.Number)];

    static IEnumerable<double> Signed(ContinuousSolve solve, LotBook book)
    {
        var problem = new LotProblem(solve);
        for (int line = 0; line < solve.Parts.Prepared.Lines.Length; line++)
            yield return Array.IndexOf(problem.Lines, line) is >= 0 and var at ? book.Lots[at] : 0;
    }

    /// <summary>Rounding lot by lot from zero is stuck far from the best book; the search is not.</summary>
    [Fact]
    public void Lots_nearest_to_a_book_are_those_of_exhaustive_search()
    {
        var rows = Golden.Cases("sizing/whole-lots.json");
        Assert.SkipUnless(rows is not null, Golden.Absent);
        var row = rows!.Single(each => (string)each["name"]! == "greedy-lots-versus-optimum-four-assets");
        var (inputs, expected) = (row["inputs"]!, row["expected"]!);
        double[] aim = List(inputs["target_lots"]),
            lot = List(inputs["lot_value_fraction_of_equity"]),
            volatility = List(inputs["volatility_annual"]);
        int n = aim.Length;
        // Second moments of 2n equally likely scenarios are the covariance: plus and minus the columns of its root.
        double[][] root = Cholesky(inputs["correlation"]!.AsArray(), volatility);
        double[][] returns =
        [
            .. Enumerable
                .Range(0, 2 * n)
                .Select(s =>
                    Enumerable.Range(0, n).Select(i => (s < n ? 1 : -1) * Math.Sqrt(n) * root[i][s % n]).ToArray()
                ),
        ];
        double[] probabilities = [.. returns.Select(_ => 0.5 / n)];
        var prepared = Problem(returns, probabilities, lot, new Mandate { Objective = ObjectiveKind.Growth });
        int[] lines = [.. Enumerable.Range(0, n)];
        var tracking = new TargetTracking(prepared, "the golden row", lines, aim);
        var filling = new TargetFilling(prepared, lines, aim);
        double[] within = filling.Run(prepared.Current);
        for (int i = 0; i < n; i++)
            Assert.Equal(aim[i], within[i], 1e-9);
        var solve = filling.SolveAt(within, tracking, -tracking.Distance(within));
        var (book, _) = LotSearch.Run(solve);
        Assert.Equal(List(expected["best_lots"]), Signed(solve, book).ToArray());
        Assert.Equal(
            Golden.Number(expected["best_tracking_error"]),
            tracking.Distance(List(expected["best_lots"])),
            1e-9
        );
        Assert.Equal(
            Golden.Number(expected["nearest_rounding_tracking_error"]),
            tracking.Distance(List(expected["nearest_rounding_lots"])),
            1e-9
        );
        Assert.Equal(
            Golden.Number(expected["greedy_tracking_error"]),
            tracking.Distance(List(expected["greedy_lots"])),
            1e-9
        );
        double excess =
            tracking.Distance(List(expected["greedy_lots"])) / tracking.Distance(List(expected["best_lots"]));
        Assert.Equal(Golden.Number(expected["greedy_excess"]), excess - 1, 1e-8);
    }

    /// <summary>
    /// <c>minimum-order-and-step-exact-decimal</c>: three steps of a tenth are 0.3, whatever binary digits say.
    /// </summary>
    [Fact]
    public void Lots_of_a_tenth_are_exact_decimals()
    {
        var rows = Golden.Cases("sizing/whole-lots.json");
        Assert.SkipUnless(rows is not null, Golden.Absent);
        var row = rows!.Single(each => (string)each["name"]! == "minimum-order-and-step-exact-decimal");
        double target = Golden.Number(row["inputs"]!["target_quantity"]);
        decimal step = (decimal)Golden.Number(row["inputs"]!["step"]);
        var prepared = Problem(
            [
                [0.1],
                [-0.1],
            ],
            [0.5, 0.5],
            [0.01],
            new Mandate { Objective = ObjectiveKind.Growth }
        );
        prepared = prepared with
        {
            Lines =
            [
                .. prepared.Lines.Select(line =>
                    line with
                    {
                        Quote = line.Quote with
                        {
                            Instrument = new PerpetualInstrument(line.Instrument, line.Name)
                            {
                                Underlying = line.Instrument.Underlying,
                                LotContracts = step,
                                MinimumOrderContracts = step,
                            },
                        },
                    }
                ),
            ],
        };
        var problem = new LotProblem(ContinuousSolve.Of(prepared));
        int lots = problem.Permit(0, target / (double)step);
        Assert.Equal((decimal)Golden.Number(row["expected"]!["quantity"]), problem.Trades([lots]).Values.Single());
    }

    static double[][] Cholesky(JsonArray correlation, double[] volatility)
    {
        int n = volatility.Length;
        var root = new double[n][];
        for (int i = 0; i < n; i++)
        {
            root[i] = new double[n];
            for (int j = 0; j <= i; j++)
            {
                double left = Golden.Number(correlation[i]![j]) * volatility[i] * volatility[j];
                for (int k = 0; k < j; k++)
                    left -= root[i][k] * root[j][k];
                root[i][j] = i == j ? Math.Sqrt(left) : left / root[j][j];
            }
        }
        return root;
    }

    static PreparedSizing Problem(JsonObject inputs)
    {
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
        return Problem(
            [.. inputs["scenario_return_per_unit_notional"]!.AsArray().Select(List)],
            List(inputs["probabilities"]),
            List(inputs["lot_value_fraction_of_equity"]),
            mandate
        );
    }

    /// <summary>Equity 1; one lot of a coin is a contract whose notional is the stated fraction of equity.</summary>
    static PreparedSizing Problem(double[][] returns, double[] probabilities, double[] lot, Mandate mandate)
    {
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
