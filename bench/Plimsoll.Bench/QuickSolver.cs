using System.Globalization;
using Plimsoll.Numerics;

namespace Plimsoll.Bench;

/// <summary>Linear algebra and the convex solver: least time of repeats in this process, on one thread.</summary>
static class QuickSolver
{
    public static void Run(TextWriter output)
    {
        Report(output, "Gram 10,000 x 200, plain loops", 3, PlainGram(10_000, 200));
        Report(output, "Gram 10,000 x 200", 30, Gram(10_000, 200));
        Report(output, "Cholesky, n = 200", 200, Factor(200));
        Report(output, "risk-constrained Kelly 100 x 5,000", 10, Kelly(100, 5_000));
        Report(output, "risk-constrained Kelly 200 x 10,000", 5, Kelly(200, 10_000));
    }

    /// <summary>Times the work after one call to warm it, whose note is printed.</summary>
    public static void Report(TextWriter output, string name, int repeats, Func<string> work)
    {
        string note = work();
        var least = LeastTimes.Of(repeats, () => work());
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{name, -44} {1e3 * least.Wall, 9:F3} ms wall {1e3 * least.Processor, 9:F3} ms cpu  {note}"
            )
        );
    }

    static ColumnMatrix Random(int rows, int columns)
    {
        var random = new SeededRandom(3, 1);
        var matrix = new ColumnMatrix(rows, columns);
        for (int j = 0; j < columns; j++)
            foreach (ref double cell in matrix.Column(j))
                cell = random.NextNormal();
        return matrix;
    }

    static Func<string> Gram(int rows, int columns)
    {
        var x = Random(rows, columns);
        double[] weights = [.. Enumerable.Repeat(0.5, rows)];
        var gram = new SymmetricMatrix(columns);
        return () =>
        {
            gram.Clear();
            WeightedGram.Add(x, weights, gram);
            return "";
        };
    }

    static Func<string> PlainGram(int rows, int columns)
    {
        var x = Random(rows, columns);
        double[] weights = [.. Enumerable.Repeat(0.5, rows)];
        var gram = new double[columns, columns];
        return () =>
        {
            for (int i = 0; i < columns; i++)
            for (int j = i; j < columns; j++)
            {
                var a = x.Column(i);
                var b = x.Column(j);
                double sum = 0;
                for (int s = 0; s < rows; s++)
                    sum += a[s] * weights[s] * b[s];
                gram[i, j] = sum;
            }
            return "";
        };
    }

    static Func<string> Factor(int size)
    {
        using var x = Random(2 * size, size);
        var gram = new SymmetricMatrix(size);
        WeightedGram.Add(x, [.. Enumerable.Repeat(1.0, 2 * size)], gram);
        var factor = new SymmetricMatrix(size);
        return () =>
        {
            factor.CopyFrom(gram);
            Cholesky.Factor(factor);
            return "";
        };
    }

    /// <summary>One fat-tailed factor and own noise; a floor of 70% of wealth, ever, with 10%.</summary>
    static Func<string> Kelly(int instruments, int scenarios)
    {
        var random = new SeededRandom(3, 2);
        var returns = new ColumnMatrix(scenarios, instruments);
        double[] factor =
        [
            .. Enumerable.Range(0, scenarios).Select(_ => random.NextNormal() * Math.Exp(0.5 * random.NextNormal())),
        ];
        for (int j = 0; j < instruments; j++)
        {
            double beta = random.NextDouble() - 0.3;
            double mean = 0.001 * random.NextDouble();
            var column = returns.Column(j);
            for (int s = 0; s < scenarios; s++)
                column[s] = 0.05 * (beta * factor[s] + random.NextNormal()) + mean;
        }
        double[] Fill(int length, double value) => [.. Enumerable.Repeat(value, length)];
        var wealth = new ScenarioValue(Fill(scenarios, 1), returns, null, null, null, 0);
        double[] weights = Fill(scenarios, 1.0 / scenarios);
        double t = Math.Log(0.7) / Math.Log(0.1);
        var program = new ConvexProgram
        {
            Reference = new double[instruments],
            Lower = Fill(instruments, -5),
            Upper = Fill(instruments, 5),
            Scale = Fill(instruments, 1),
            BuyCost = new double[instruments],
            SellCost = new double[instruments],
            PowerCost = new double[instruments],
            Objective = new GrowthObjective(wealth, weights, 1),
            Constraints = [new DrawdownConstraint("drawdown", 0, 1, null, wealth, weights, 0, t)],
        };
        return () =>
        {
            var solution = ConvexSolver.Solve(program, new SolveTolerance());
            double relative = solution.Gap / (solution.Objective - solution.ReferenceObjective);
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{solution.Status}, {solution.Iterations} steps, relative gap {relative:E1}"
            );
        };
    }
}
