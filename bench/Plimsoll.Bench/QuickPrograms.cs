using System.Globalization;
using Plimsoll.Numerics;

namespace Plimsoll.Bench;

/// <summary>The solvers of sizing methods beside a plain way to the same answer, one thread, least of repeats.</summary>
static class QuickPrograms
{
    public static void Run(TextWriter output)
    {
        QuickSolver.Report(output, "risk budgets n = 1,000, coordinate descent", 3, Budgets(false, PlainBudgets));
        QuickSolver.Report(output, "risk budgets n = 1,000", 20, Budgets(false, NewtonBudgets));
        QuickSolver.Report(output, "uneven budgets, coordinate descent", 1, Budgets(true, PlainBudgets));
        QuickSolver.Report(output, "uneven budgets", 20, Budgets(true, NewtonBudgets));
        QuickSolver.Report(output, "expected shortfall 20 x 20,000, cuts", 3, Shortfall(20, 20_000, Cuts));
        QuickSolver.Report(output, "expected shortfall 20 x 20,000", 10, Shortfall(20, 20_000, Smoothed));
        QuickSolver.Report(output, "expected shortfall 100 x 100,000", 3, Shortfall(100, 100_000, Smoothed));
        QuickSolver.Report(output, "entropy pooling 100,000 x 50, BFGS", 2, Pooling(100_000, 50, PlainPooling));
        QuickSolver.Report(output, "entropy pooling 100,000 x 50", 5, Pooling(100_000, 50, NewtonPooling));
    }

    /// <summary>
    /// Three factors and own noise; uneven: exposures of both signs, much larger than the noise, budgets of 1 : 10,000.
    /// </summary>
    static Func<string> Budgets(bool uneven, Func<SymmetricMatrix, double[], string> solve)
    {
        const int Unknowns = 1_000;
        var random = new SeededRandom(5, 1);
        var covariance = new SymmetricMatrix(Unknowns);
        double spread = uneven ? 1 : 0.3;
        for (int factor = 0; factor < 3; factor++)
            covariance.AddOuterProduct(
                1,
                [.. Enumerable.Range(0, Unknowns).Select(_ => spread * random.NextNormal() + (factor == 0 ? 1 : 0))]
            );
        for (int i = 0; i < Unknowns; i++)
            covariance[i, i] += uneven ? 0.1 + random.NextDouble() : 1;
        double reach = uneven ? 4 : 1;
        double[] budget = [.. Enumerable.Range(0, Unknowns).Select(_ => Math.Pow(10, reach * random.NextDouble()))];
        return () => solve(covariance, budget);
    }

    static string NewtonBudgets(SymmetricMatrix covariance, double[] budget)
    {
        var x = new double[budget.Length];
        var report = BarrierQuadratic.Solve(covariance, budget, x);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Iterations} steps, miss {Miss(covariance, budget, x):E1}"
        );
    }

    /// <summary>Cyclical coordinate descent (Griveau-Billion, Richard and Roncalli 2013), each root exact.</summary>
    static string PlainBudgets(SymmetricMatrix covariance, double[] budget)
    {
        int n = budget.Length;
        var x = new double[n];
        var product = new double[n];
        var full = new double[n][];
        for (int i = 0; i < n; i++)
        {
            full[i] = [.. Enumerable.Range(0, n).Select(j => covariance[i, j])];
            x[i] = Math.Sqrt(budget[i] / covariance[i, i] / n);
        }
        covariance.Multiply(x, product);
        int sweep = 0;
        for (; sweep < 500 && Miss(covariance, budget, x) > 1e-12; sweep++)
        for (int i = 0; i < n; i++)
        {
            double own = full[i][i];
            double others = product[i] - own * x[i];
            double next = (Math.Sqrt(others * others + 4 * own * budget[i]) - others) / (2 * own);
            ColumnProducts.AddScaled(next - x[i], full[i], product);
            x[i] = next;
        }
        return string.Create(CultureInfo.InvariantCulture, $"{sweep} sweeps, miss {Miss(covariance, budget, x):E1}");
    }

    /// <summary>max |x_i·(Sx)_i − b_i|/(b_i + S_ii·x_i²).</summary>
    static double Miss(SymmetricMatrix covariance, double[] budget, double[] x)
    {
        var product = new double[x.Length];
        covariance.Multiply(x, product);
        return Enumerable
            .Range(0, x.Length)
            .Max(i => Math.Abs(x[i] * product[i] - budget[i]) / (budget[i] + covariance[i, i] * x[i] * x[i]));
    }

    /// <summary>One market factor and own noise, no negative share, all of it invested; level 95%.</summary>
    static Func<string> Shortfall(int n, int scenarios, Func<TailLossProgram, string> solve)
    {
        var random = new SeededRandom(29, 1);
        var gains = new ColumnMatrix(scenarios, n);
        double[] market = [.. Enumerable.Range(0, scenarios).Select(_ => random.NextNormal())];
        for (int i = 0; i < n; i++)
        for (int s = 0; s < scenarios; s++)
            gains[s, i] = 0.02 * (market[s] * (0.5 + i / (double)n) + random.NextNormal()) + 0.01 * i / n;
        var program = new TailLossProgram
        {
            Gains = gains,
            Weights = [.. Enumerable.Repeat(1.0 / scenarios, scenarios)],
            Level = 0.95,
            Domain = new QuadraticProgram
            {
                Linear = new double[n],
                Lower = new double[n],
                Upper = [.. Enumerable.Repeat(1.0, n)],
                EqualRows =
                [
                    [.. Enumerable.Repeat(1.0, n)],
                ],
                EqualTo = [1],
            },
        };
        return () => solve(program);
    }

    static string Smoothed(TailLossProgram program)
    {
        var solution = TailLossSolver.Solve(program);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{solution.Report.Iterations} steps, loss {solution.TailLoss:F10}, gap {Relative(solution.Report.Gap)}"
        );

        string Relative(double gap) =>
            string.Create(CultureInfo.InvariantCulture, $"{gap / solution.TailLoss:E1} of it");
    }

    /// <summary>Kelley's cutting planes on the exact mean of the worst losses.</summary>
    static string Cuts(TailLossProgram program)
    {
        int n = program.Domain.Size;
        var losses = new double[program.Gains.Rows];
        var law = new double[program.Gains.Rows];
        double[] start = [.. Enumerable.Repeat(1.0 / n, n)];
        var solution = CuttingPlanes.Minimise(
            (x, subgradient) =>
            {
                losses.AsSpan().Clear();
                ColumnProducts.MultiplyAdd(program.Gains, x, losses);
                for (int s = 0; s < losses.Length; s++)
                    losses[s] = -losses[s];
                double value = TailLossSolver.Evaluate(losses, program.Weights, program.Level, law);
                ColumnProducts.TransposeMultiply(program.Gains, law, subgradient);
                for (int i = 0; i < n; i++)
                    subgradient[i] = -subgradient[i];
                return value;
            },
            program.Domain,
            start,
            1e-8
        );
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{solution.Report.Iterations} cuts, loss {solution.Value:F10}, gap {solution.Report.Gap / solution.Value:E1} of it"
        );
    }

    /// <summary>Normal columns with two factors; half of the views on means, a quarter on squares, a quarter at most.</summary>
    static Func<string> Pooling(int scenarios, int views, Func<double[], LawStatements, string> solve)
    {
        var random = new SeededRandom(31, 1);
        var columns = new ColumnMatrix(scenarios, views);
        var targets = new double[views];
        var atMost = new bool[views];
        double[] factor = [.. Enumerable.Range(0, scenarios).Select(_ => random.NextNormal())];
        for (int j = 0; j < views; j++)
        {
            double load = 0.6 * random.NextDouble();
            bool square = j % 4 == 3;
            atMost[j] = j % 4 == 2;
            for (int s = 0; s < scenarios; s++)
            {
                double value = load * factor[s] + random.NextNormal();
                columns[s, j] = square ? value * value : value;
            }
            targets[j] = square ? (1 + load * load) * (0.9 + 0.2 * random.NextDouble()) : 0.1 * random.NextNormal();
        }
        double[] prior = [.. Enumerable.Repeat(1.0 / scenarios, scenarios)];
        var statements = new LawStatements(columns, targets, atMost);
        return () => solve(prior, statements);
    }

    static string NewtonPooling(double[] prior, LawStatements statements)
    {
        var solution = RelativeEntropy.Solve(prior, statements);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{solution.Report.Iterations} steps, divergence {solution.Divergence:F10}, miss {solution.Report.Residual:E1}"
        );
    }

    /// <summary>The dual by quasi-Newton steps; a multiplier of "at most" is −z², so that its sign holds.</summary>
    static string PlainPooling(double[] prior, LawStatements statements)
    {
        int m = statements.Targets.Length;
        var exponent = new double[prior.Length];
        double Dual(ReadOnlySpan<double> z, Span<double> gradient)
        {
            var theta = new double[m];
            double constant = 0;
            for (int j = 0; j < m; j++)
            {
                theta[j] = statements.IsAtMost(j) ? -z[j] * z[j] : z[j];
                constant += theta[j] * statements.Targets[j];
            }
            exponent.AsSpan().Clear();
            ColumnProducts.MultiplyAdd(statements.Columns, theta, exponent);
            double sum = 0;
            for (int s = 0; s < prior.Length; s++)
            {
                exponent[s] = prior[s] * Math.Exp(exponent[s] - constant);
                sum += exponent[s];
            }
            if (!gradient.IsEmpty)
                ColumnProducts.TransposeMultiply(statements.Columns, exponent, gradient);
            for (int j = 0; j < gradient.Length; j++)
            {
                double slope = gradient[j] / sum - statements.Targets[j];
                gradient[j] = statements.IsAtMost(j) ? -2 * z[j] * slope : slope;
            }
            return Math.Log(sum);
        }
        double[] start = [.. Enumerable.Range(0, m).Select(j => statements.IsAtMost(j) ? 0.1 : 0)];
        var minimum = Bfgs.Minimise(Dual, start);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{minimum.Evaluations} values, divergence {-minimum.Value:F10}"
        );
    }
}
