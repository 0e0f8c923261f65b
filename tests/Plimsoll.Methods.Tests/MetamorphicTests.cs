using Plimsoll.Numerics;
using Plimsoll.Sizing;
using Plimsoll.TestSupport;

namespace Plimsoll.Methods.Tests;

/// <summary>What must not change, or only one way, when a problem changes in a known way; for every method.</summary>
/// <remarks>
/// <c>growth</c> has a test of its own for each, since its answer is the whole sizing and not a proposal.
/// </remarks>
public sealed class MetamorphicTests
{
    static readonly Lazy<PreparedSizing> Base = new(() => Prepare(1_000_000));
    static readonly Lazy<PreparedSizing> Tenfold = new(() => Prepare(10_000_000));

    public static TheoryData<string> Keys() =>
        [.. SizingMethods.All.Select(method => method.Key).Where(key => key != "growth")];

    static PreparedSizing Prepare(decimal dollars) => MethodCases.WithBars(market => market, dollars);

    [Theory, MemberData(nameof(Keys))]
    public void The_order_of_instruments_changes_nothing(string key)
    {
        Assert.SkipUnless(MethodCases.Present, Golden.Absent);
        var own = Proposed(Base.Value, key);
        var turned = Proposed(Base.Value with { Lines = [.. Base.Value.Lines.Reverse()] }, key);
        foreach (var (name, contracts) in own)
            Near(contracts, turned[name], 1e-4, $"{key} {name}");
    }

    [Theory, MemberData(nameof(Keys))]
    public void Ten_times_the_wealth_holds_ten_times_the_contracts(string key)
    {
        Assert.SkipUnless(MethodCases.Present, Golden.Absent);
        var own = Proposed(Base.Value, key);
        var wide = Proposed(Tenfold.Value, key);
        foreach (var (name, contracts) in own)
            Near(10 * contracts, wide[name], 1e-4, $"{key} {name}");
    }

    [Theory, MemberData(nameof(Keys))]
    public void A_tighter_limit_never_lets_a_proposal_come_nearer(string key)
    {
        Assert.SkipUnless(MethodCases.Present, Golden.Absent);
        double before = 0;
        foreach (double limit in new[] { 0.08, 0.02, 0.005 })
        {
            var mandate = Base.Value.Mandate with
            {
                Survival = new SurvivalLimits { ExpectedShortfall = new ExpectedShortfallLimit(0.99, limit) },
            };
            var prepared = Base.Value with { Mandate = mandate, Tails = [] };
            var result = MethodSizer.Size(prepared, SizingMethods.Find(key)!, MethodSettings.Defaults).Value;
            Assert.True(result.Target is not null, string.Join("; ", result.Proposal.Refusals));
            var target = result.Target!;
            Assert.True(target.DistanceLeft >= before - 1e-6, $"{key}: {target.DistanceLeft} after {before}");
            before = target.DistanceLeft;
        }
    }

    /// <summary>The parameter by which each method is told to take less risk, and rising caution in it.</summary>
    static (MethodParameter<double> Parameter, double[] Values) Caution(string key)
    {
        double[] falling = [1, 0.5, 0.25, 0.1],
            rising = [0.5, 1, 2, 4, 8];
        return key switch
        {
            "equal-weight" => (EqualWeight.Exposure, falling),
            "fixed-fraction" => (FixedFraction.Fraction, falling),
            "fixed-risk" => (FixedRisk.Risk, falling),
            "atr-units" => (AverageTrueRange.Risk, falling),
            "volatility-target" => (VolatilityTarget.Target, falling),
            "kelly-robust" => (RobustKelly.Radius, [0, 1e-5, 1e-4, 1e-3]),
            "kelly-wasserstein" => (WassersteinKelly.Radius, [0, 1e-4, 1e-3, 0.01]),
            "mean-variance" or "robust-mean-variance" or "entropy-pooling" => (
                MeanVarianceUtility.RiskAversion,
                rising
            ),
            "black-litterman" => (BlackLitterman.RiskAversion, rising),
            _ when SizingMethods.Find(key) is KellyMethod or ContinuousKelly or ShrunkKelly or EllipsoidKelly => (
                KellyMethod.Fraction,
                falling
            ),
            _ => (WeightMethod.TargetVolatility, falling),
        };
    }

    [Theory, MemberData(nameof(Keys))]
    public void More_risk_aversion_never_means_more_risk(string key)
    {
        Assert.SkipUnless(MethodCases.Present, Golden.Absent);
        var (parameter, values) = Caution(key);
        Assert.Contains(parameter, SizingMethods.Find(key)!.Parameters);
        Falls(key, values, parameter);
    }

    [Fact]
    public void A_smaller_kelly_fraction_of_the_full_problem_never_means_more_risk()
    {
        Assert.SkipUnless(MethodCases.Present, Golden.Absent);
        double before = double.PositiveInfinity;
        foreach (double fraction in new[] { 1, 0.5, 0.25 })
        {
            var prepared = Base.Value with
            {
                Input = Base.Value.Input with { Explain = false },
                Mandate = Base.Value.Mandate with { KellyFraction = fraction },
            };
            var figures = Sizer.Decide(prepared).After;
            double risk = figures.Single(figure => figure.Key == "expected_shortfall_99").Value!.Value;
            Assert.True(risk <= before * (1 + 1e-3) + 1e-6, $"{fraction}: {risk} after {before}");
            before = risk;
        }
    }

    /// <summary>The full problem over the two perpetuals, whose optimum is one book, and over all that may be opened.</summary>
    [Theory, InlineData(true), InlineData(false)]
    public void The_order_of_instruments_changes_nothing_in_the_full_problem(bool perpetuals)
    {
        Assert.SkipUnless(MethodCases.Present, Golden.Absent);
        var turned = Base.Value with { Lines = [.. Base.Value.Lines.Reverse()] };
        if (perpetuals)
        {
            var (own, other) = (Held(Base.Value), Held(turned));
            Assert.Equal(["BTC-PERPETUAL", "ETH-PERPETUAL"], own.Keys.Order(StringComparer.Ordinal));
            Assert.True(own["BTC-PERPETUAL"] > 1000);
            foreach (var (name, contracts) in own)
                Near(contracts, other[name], 1e-4, name);
            return;
        }
        var whole = Solved(Base.Value);
        Assert.Equal(whole.Objective, Solved(turned).Objective, 1e-6 * (whole.Objective - whole.ReferenceObjective));
    }

    /// <summary>Without impact, whose 3/2 power makes ten times as much cost more than ten times, wealth is a unit.</summary>
    [Fact]
    public void Ten_times_the_wealth_holds_ten_times_the_contracts_in_the_full_problem()
    {
        Assert.SkipUnless(MethodCases.Present, Golden.Absent);
        var (own, wide) = (Held(Base.Value), Held(Tenfold.Value));
        Assert.All(own.Values, contracts => Assert.NotEqual(0, contracts, 100.0));
        foreach (var (name, contracts) in own)
            Near(10 * contracts, wide[name], 1e-4, name);
    }

    [Fact]
    public void A_tighter_limit_never_gains_more_in_the_full_problem()
    {
        Assert.SkipUnless(MethodCases.Present, Golden.Absent);
        double before = double.PositiveInfinity;
        foreach (double limit in new[] { 0.08, 0.02, 0.005 })
        {
            var survival = Base.Value.Mandate.Survival with
            {
                ExpectedShortfall = new ExpectedShortfallLimit(0.99, limit),
            };
            var solution = Solved(Base.Value with { Mandate = Base.Value.Mandate with { Survival = survival } });
            Assert.True(solution.Objective < before, $"{limit}: {solution.Objective} after {before}");
            before = solution.Objective;
        }
    }

    static ConvexSolution Solved(PreparedSizing prepared) =>
        Sizer.Size(prepared with { Input = prepared.Input with { Explain = false } }).Solve!.Solution;

    /// <summary>Contracts of the full problem's continuous optimum over the two perpetuals alone.</summary>
    static Dictionary<string, double> Held(PreparedSizing prepared)
    {
        var settings = MethodSettings.Defaults.With(MethodParameters.Universe, ["BTC-PERPETUAL", "ETH-PERPETUAL"]);
        var lines = prepared.Lines.Select(line => line with { Impact = 0 });
        var problem = MethodProblem.Of(prepared with { Lines = [.. lines] }, settings).Value;
        var proposal = new IntegratedGrowth().Propose(problem);
        Assert.True(proposal.Succeeded, string.Join("; ", proposal.Refusals));
        Assert.All(
            proposal.Sizing!.Decision.Targets,
            target => Assert.EndsWith("PERPETUAL", target.Instrument, StringComparison.Ordinal)
        );
        return Enumerable.Range(0, problem.Count).ToDictionary(problem.Name, i => proposal.Contracts[i]);
    }

    static void Falls(string key, double[] values, MethodParameter<double> parameter)
    {
        double before = double.PositiveInfinity;
        foreach (double value in values)
        {
            var problem = MethodProblem.Of(Base.Value, MethodSettings.Defaults.With(parameter, value)).Value;
            var proposal = SizingMethods.Find(key)!.Propose(problem);
            Assert.True(proposal.Succeeded, string.Join("; ", proposal.Refusals));
            var returns = MethodReturns.Of(problem);
            double[] book =
            [
                .. proposal.Contracts.Select((q, i) => problem.Side[i] * q * problem.Notional[i] / problem.Equity),
            ];
            double risk = returns.Deviation(book);
            Assert.True(risk <= before * (1 + 1e-5) + 1e-9, $"{key} at {value}: {risk} after {before}");
            before = risk;
        }
    }

    [Fact]
    public void An_asset_in_two_halves_is_held_as_much_by_what_optimises_and_equally_by_the_rest()
    {
        var random = new SeededRandom(3, 0);
        using var x = Random(random, 400, 3);
        using var split = new ColumnMatrix(400, 4);
        for (int i = 0; i < 4; i++)
            x.Column(Math.Min(i, 2)).CopyTo(split.Column(i));
        double[] p = GoldenCase.Equal(400);
        var whole = MinimumShortfall.Solve(x, p, 0.9, null);
        var halves = MinimumShortfall.Solve(split, p, 0.9, null);
        Assert.Equal(whole.TailLoss, halves.TailLoss, 1e-8);
        Assert.Equal(WorstCase.Solve(x).Value, WorstCase.Solve(split).Value, 1e-8);
        Assert.Equal(EntropicRisk.Solve(x, p, 0.9).Value, EntropicRisk.Solve(split, p, 0.9).Value, 1e-7);
        using var one = CovarianceEstimate.Sample(x, p);
        using var two = CovarianceEstimate.Sample(split, p);
        double[] least = QuadraticBooks.LongOnlyMinimumVariance(one).Book,
            parts = QuadraticBooks.LongOnlyMinimumVariance(two).Book;
        Assert.Equal(least[2], parts[2] + parts[3], 1e-6);
        double[] mean = [0.01, 0.02, 0.015];
        double[] doubled = [0.01, 0.02, 0.015, 0.015];
        double[] sharpe = QuadraticBooks.LargestRatio(one, mean).Book,
            both = QuadraticBooks.LargestRatio(two, doubled).Book;
        Assert.Equal(sharpe[2], both[2] + both[3], 1e-5);
        double[] kelly = KellyBook.Solve(x, [], p, 1, [-2, -2, -2], [2, 2, 2]).Position,
            twin = KellyBook.Solve(split, [], p, 1, [-2, -2, -1, -1], [2, 2, 1, 1]).Position;
        Assert.Equal(KellyBook.Growth(x, [], p, kelly), KellyBook.Growth(split, [], p, twin), 1e-9);
        double[] parity = RiskParity.Solve(two, [1, 1, 1, 1]).Weights;
        Assert.Equal(parity[2], parity[3], 1e-10);
        double[] budgeted = RiskParity.Solve(two, [1, 1, 0.5, 0.5]).Weights,
            plain = RiskParity.Solve(one, [1, 1, 1]).Weights;
        Assert.Equal(plain[2], budgeted[2] + budgeted[3], 1e-9);
    }

    [Fact]
    public void A_worthless_asset_is_not_held()
    {
        var random = new SeededRandom(5, 0);
        using var x = Random(random, 300, 3);
        // The fourth loses as much as the third in every scenario, and one percent more.
        using var more = new ColumnMatrix(300, 4);
        for (int i = 0; i < 3; i++)
            x.Column(i).CopyTo(more.Column(i));
        for (int s = 0; s < 300; s++)
            more[s, 3] = x[s, 2] - 0.01;
        double[] p = GoldenCase.Equal(300);
        Assert.Equal(0, MinimumShortfall.Solve(more, p, 0.9, null).X[3], 1e-7);
        Assert.Equal(0, WorstCase.Solve(more).X[3], 1e-7);
        Assert.Equal(0, EntropicRisk.Solve(more, p, 0.9).X[3], 1e-5);
        var mean = new double[4];
        ColumnProducts.TransposeMultiply(more, p, mean);
        if (mean.Max() > 0)
            Assert.Equal(0, ReturnOverShortfall.Solve(more, p, 0.9, mean).Weights[3], 1e-7);
        double[] kelly = KellyBook.Solve(more, [], p, 1, [0, 0, 0, 0], [1, 1, 1, 1]).Position;
        Assert.Equal(0, kelly[3], 1e-6);
    }

    static ColumnMatrix Random(SeededRandom random, int rows, int columns)
    {
        var x = new ColumnMatrix(rows, columns);
        for (int s = 0; s < rows; s++)
        {
            double market = random.NextNormal();
            for (int i = 0; i < columns; i++)
                x[s, i] = 0.02 * ((0.5 + 0.2 * i) * market + random.NextNormal()) + 0.002;
        }
        return x;
    }

    static Dictionary<string, double> Proposed(PreparedSizing prepared, string key)
    {
        var problem = MethodProblem.Of(prepared, MethodSettings.Defaults).Value;
        var proposal = SizingMethods.Find(key)!.Propose(problem);
        Assert.True(proposal.Succeeded, string.Join("; ", proposal.Refusals));
        var book = new Dictionary<string, double>(StringComparer.Ordinal);
        for (int i = 0; i < problem.Count; i++)
            book[problem.Name(i)] = proposal.Contracts[i];
        return book;
    }

    /// <summary>Relative to what one percent of the larger figure is worth, so that zeros compare.</summary>
    static void Near(double wanted, double found, double tolerance, string what) =>
        Assert.True(
            Math.Abs(wanted - found) <= tolerance * Math.Max(1, Math.Max(Math.Abs(wanted), Math.Abs(found))),
            $"{what}: {found:G10}, not {wanted:G10}"
        );
}
