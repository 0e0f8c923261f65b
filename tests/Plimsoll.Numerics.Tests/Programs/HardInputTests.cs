namespace Plimsoll.Numerics.Tests;

/// <summary>
/// Each solver on each hard input: it converges, which conditions of its own optimum show, or refuses with the reason.
/// </summary>
public sealed class HardInputTests
{
    const int Rows = 300;
    const int Unknowns = 4;

    /// <summary>What is hard, and what it does to four columns of gains.</summary>
    public static TheoryData<string> Inputs() => ["singular", "uneven", "duplicate", "flat", "scale"];

    /// <summary>Gains of four unknowns, what one unit of each is worth, probabilities and budgets.</summary>
    sealed record Hard(ColumnMatrix Gains, double[] Unit, double[] Weights, double[] Budgets)
    {
        public SymmetricMatrix Covariance()
        {
            var s = new SymmetricMatrix(Unknowns);
            WeightedGram.Add(Gains, Weights, s);
            var mean = Mean();
            s.AddOuterProduct(-1, mean);
            return s;
        }

        public double[] Mean()
        {
            var mean = new double[Unknowns];
            ColumnProducts.TransposeMultiply(Gains, Weights, mean);
            return mean;
        }

        /// <summary>Unknowns at least 0 that are worth 1 together.</summary>
        public QuadraticProgram Simplex() =>
            new()
            {
                Linear = new double[Unknowns],
                Lower = new double[Unknowns],
                Upper = [.. Unit.Select(unit => 1 / unit)],
                EqualRows = [Unit],
                EqualTo = [1],
            };
    }

    static Hard Make(string input)
    {
        var random = new SeededRandom(61, 0);
        var gains = new ColumnMatrix(Rows, Unknowns);
        for (int s = 0; s < Rows; s++)
        {
            double market = random.NextNormal();
            for (int i = 0; i < Unknowns; i++)
                gains[s, i] = 0.02 * ((0.6 - 0.2 * i) * market + random.NextNormal()) + 0.002 + 0.001 * i;
        }
        double[] unit = Programs.Fill(Unknowns, 1),
            weights = Programs.Fill(Rows, 1.0 / Rows),
            budgets = Programs.Fill(Unknowns, 1);
        switch (input)
        {
            case "singular":
                for (int s = 0; s < Rows; s++)
                    gains[s, 3] = 0.5 * gains[s, 0] + 0.5 * gains[s, 1];
                break;
            case "duplicate":
                gains.Column(0).CopyTo(gains.Column(3));
                break;
            case "flat":
                gains.Column(3).Clear();
                break;
            case "scale":
                unit = [1e3, 1e-3, 1, 30];
                for (int i = 0; i < Unknowns; i++)
                for (int s = 0; s < Rows; s++)
                    gains[s, i] *= unit[i];
                break;
            default:
                budgets = [1, 10_000, 100, 1];
                double[] uneven = [.. Enumerable.Range(0, Rows).Select(s => s % 3 == 0 ? 1 : 1e-4)];
                weights = [.. uneven.Select(p => p / uneven.Sum())];
                break;
        }
        return new Hard(gains, unit, weights, budgets);
    }

    [Theory, MemberData(nameof(Inputs))]
    public void Risk_budgets(string input)
    {
        var hard = Make(input);
        using var s = hard.Covariance();
        var x = new double[Unknowns];
        var report = BarrierQuadratic.Solve(s, hard.Budgets, x);
        if (input == "flat")
        {
            Assert.False(report.Converged);
            Assert.Contains("unknown 3", report.Reason, StringComparison.Ordinal);
            return;
        }
        Stated(report);
        var product = new double[Unknowns];
        s.Multiply(x, product);
        for (int i = 0; i < Unknowns; i++)
            Assert.Equal(1, x[i] * product[i] / hard.Budgets[i], 1e-10);
    }

    /// <summary>½x'Σx − μ'x − Σ b·log x on the simplex: the slope by unit is the same wherever x is above 0.</summary>
    [Theory, MemberData(nameof(Inputs))]
    public void Quadratic_programs(string input)
    {
        var hard = Make(input);
        using var s = hard.Covariance();
        double[] mean = hard.Mean();
        foreach (bool logarithms in new[] { false, true })
        {
            double[] b = logarithms ? [.. hard.Budgets.Select(budget => 1e-6 * budget)] : [];
            var program = hard.Simplex() with { Quadratic = s, Linear = [.. mean.Select(m => -m / 5)], LogWeight = b };
            var solution = QuadraticSolver.Solve(program, 1e-11);
            Stated(solution.Report);
            double[] x = solution.X;
            Assert.Equal(1, ColumnProducts.Dot(hard.Unit, x), 1e-9);
            var slope = new double[Unknowns];
            s.Multiply(x, slope);
            for (int i = 0; i < Unknowns; i++)
                slope[i] = (slope[i] - mean[i] / 5 - (logarithms ? b[i] / x[i] : 0)) / hard.Unit[i];
            double least = slope.Min();
            double missed = Enumerable.Range(0, Unknowns).Sum(i => x[i] * hard.Unit[i] * (slope[i] - least));
            Assert.InRange(missed, 0, 1e-8 * mean.Zip(hard.Unit, (m, u) => Math.Abs(m) / u).Max());
        }
    }

    /// <summary>The dual law of the tail is one, and its mean loss of the best single unknown is the optimum.</summary>
    [Theory, MemberData(nameof(Inputs))]
    public void Expected_shortfall_and_cutting_planes(string input)
    {
        const double Level = 0.9;
        var hard = Make(input);
        var program = new TailLossProgram
        {
            Gains = hard.Gains,
            Weights = hard.Weights,
            Level = Level,
            Domain = hard.Simplex(),
        };
        var solution = TailLossSolver.Solve(program);
        Stated(solution.Report);
        double[] law = solution.TailWeights;
        Assert.Equal(1, law.Sum(), 1e-9);
        for (int s = 0; s < Rows; s++)
            Assert.InRange(law[s], 0, hard.Weights[s] / (1 - Level) * (1 + 1e-9));
        double bound = Enumerable
            .Range(0, Unknowns)
            .Min(i => -ColumnProducts.Dot(hard.Gains.Column(i), law) / hard.Unit[i]);
        Assert.InRange(solution.TailLoss, bound - 1e-12, bound + 1e-8 * 0.02);

        double Shortfall(ReadOnlySpan<double> x, Span<double> g)
        {
            var losses = new double[Rows];
            ColumnProducts.MultiplyAdd(hard.Gains, [.. x.ToArray().Select(own => -own)], losses);
            var tail = new double[Rows];
            double value = TailLossSolver.Evaluate(losses, hard.Weights, Level, tail);
            for (int i = 0; i < Unknowns; i++)
                g[i] = -ColumnProducts.Dot(hard.Gains.Column(i), tail);
            return value;
        }
        double[] middle = [.. hard.Unit.Select(unit => 1.0 / Unknowns / unit)];
        var cut = CuttingPlanes.Minimise(Shortfall, hard.Simplex(), middle);
        Stated(cut.Report);
        Assert.Equal(solution.TailLoss, cut.Value, 1e-8 * 0.02);
    }

    /// <summary>The law meets its statements and is the prior times an exponential of them.</summary>
    [Theory, MemberData(nameof(Inputs))]
    public void Entropy_pooling(string input)
    {
        var hard = Make(input);
        double[] target = [.. hard.Mean().Select((m, i) => m + (input == "flat" && i == 3 ? 0 : 0.004 * hard.Unit[i]))];
        var solution = RelativeEntropy.Solve(hard.Weights, new LawStatements(hard.Gains, target, []));
        Stated(solution.Report);
        var mean = new double[Unknowns];
        ColumnProducts.TransposeMultiply(hard.Gains, solution.Law, mean);
        for (int i = 0; i < Unknowns; i++)
            Assert.Equal(target[i] / hard.Unit[i], mean[i] / hard.Unit[i], 1e-11);
        var exponent = new double[Rows];
        ColumnProducts.MultiplyAdd(hard.Gains, solution.Multipliers, exponent);
        double constant = Math.Log(solution.Law[0] / hard.Weights[0]) - exponent[0];
        for (int s = 0; s < Rows; s++)
            Assert.Equal(constant, Math.Log(solution.Law[s] / hard.Weights[s]) - exponent[s], 1e-9);
        if (input != "flat")
            return;
        target[3] = 0.004;
        var refused = RelativeEntropy.Solve(hard.Weights, new LawStatements(hard.Gains, target, [])).Report;
        Assert.False(refused.Converged);
        Assert.Contains("out of reach", refused.Reason, StringComparison.Ordinal);
    }

    /// <summary>Growth: marginal growth by unit is 0 inside the box and points outwards at its ends.</summary>
    [Theory, MemberData(nameof(Inputs))]
    public void Growth_programs(string input)
    {
        var hard = Make(input);
        double[] end = [.. hard.Unit.Select(unit => 2 / unit)];
        var program = Programs.Growth(
            [
                [0, 0, 0, 0],
            ],
            [1],
            0,
            1
        ) with
        {
            Lower = [.. end.Select(e => -e)],
            Upper = end,
            Scale = [.. hard.Unit.Select(unit => 1 / unit)],
            Objective = new GrowthObjective(
                new ScenarioValue(Programs.Fill(Rows, 1), hard.Gains, null, null, null, 0),
                hard.Weights,
                1
            ),
        };
        var solution = ConvexSolver.Solve(program, new SolveTolerance());
        Assert.Equal(SolveStatus.Optimal, solution.Status);
        Assert.True(solution.Iterations > 0 && solution.MaximumViolation <= 1e-9 && solution.Gap is >= 0 and < 1e-8);
        double[] q = solution.Position;
        var wealth = Programs.Fill(Rows, 1);
        ColumnProducts.MultiplyAdd(hard.Gains, q, wealth);
        for (int i = 0; i < Unknowns; i++)
        {
            double slope = 0;
            for (int s = 0; s < Rows; s++)
                slope += hard.Weights[s] * hard.Gains[s, i] / wealth[s] / hard.Unit[i];
            double part = q[i] * hard.Unit[i];
            if (part < 2 - 1e-6)
                Assert.InRange(slope, double.NegativeInfinity, 1e-6);
            if (part > -2 + 1e-6)
                Assert.InRange(slope, -1e-6, double.PositiveInfinity);
        }
    }

    static void Stated(SolverReport report)
    {
        Assert.True(report.Converged, report.Reason);
        Assert.True(report.Iterations > 0, "no iteration is stated");
        Assert.True(report.Residual is >= 0 and < 1e-6 && report.Gap is >= 0 and < 1e-6, $"{report}");
    }
}
