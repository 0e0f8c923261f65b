namespace Plimsoll.Numerics.Tests;

/// <summary>The law of least relative entropy against one-at-a-time scaling and closed forms.</summary>
public sealed class RelativeEntropyTests
{
    [Fact]
    public void Jaynes_die_has_its_published_law()
    {
        // Jaynes 1978, Brandeis dice: mean 4.5.
        using var columns = new ColumnMatrix(6, 1);
        for (int s = 0; s < 6; s++)
            columns[s, 0] = s + 1;
        double[] prior = [.. Enumerable.Repeat(1 / 6.0, 6)];
        var solution = RelativeEntropy.Solve(prior, new LawStatements(columns, [4.5], []));
        double[] printed = [0.05435, 0.07877, 0.11416, 0.16545, 0.23977, 0.34749];
        for (int s = 0; s < 6; s++)
            Assert.Equal(printed[s], solution.Law[s], 5e-6);
        Assert.Equal(0.37104893808103, solution.Multipliers[0], 1e-10);
    }

    [Fact]
    public void Random_statements_agree_with_scaling_one_at_a_time() => Fuzz(200);

    [Fact, Trait("suite", "all")]
    public void Ten_thousand_random_statements_agree_with_scaling_one_at_a_time() => Fuzz(10_000);

    static void Fuzz(int problems)
    {
        for (int k = 0; k < problems; k++)
        {
            var random = new SeededRandom(31, (ulong)k);
            int rows = 20 + random.NextInt(60);
            int count = 1 + random.NextInt(3);
            using var columns = new ColumnMatrix(rows, count);
            double unit = Math.Pow(10, 6 * random.NextDouble() - 3);
            for (int j = 0; j < count; j++)
            for (int s = 0; s < rows; s++)
                columns[s, j] = unit * random.NextNormal();
            double[] prior = [.. Enumerable.Repeat(1.0 / rows, rows)];
            // Targets that a law can meet: those of a random law.
            double[] other = [.. Enumerable.Range(0, rows).Select(_ => random.NextDouble() * random.NextDouble())];
            double sum = other.Sum();
            double[] targets =
            [
                .. Enumerable
                    .Range(0, count)
                    .Select(j => Enumerable.Range(0, rows).Sum(s => other[s] / sum * columns[s, j])),
            ];
            bool[] atMost = [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() < 0.4)];
            var statements = new LawStatements(columns, targets, atMost);
            var solution = RelativeEntropy.Solve(prior, statements);
            Assert.True(solution.Report.Converged, $"problem {k}: {solution.Report.Reason}");
            double[] slow = Scaling(prior, statements);
            for (int s = 0; s < rows; s++)
                Assert.True(Math.Abs(solution.Law[s] - slow[s]) < 1e-7, $"problem {k}, row {s}");
        }
    }

    [Fact]
    public void A_redundant_statement_changes_nothing_and_a_contradiction_is_refused()
    {
        using var columns = new ColumnMatrix(5, 2);
        for (int s = 0; s < 5; s++)
            (columns[s, 0], columns[s, 1]) = (s, 2 * s);
        double[] prior = [.. Enumerable.Repeat(0.2, 5)];
        var twice = RelativeEntropy.Solve(prior, new LawStatements(columns, [2.5, 5], []));
        Assert.True(twice.Report.Converged, twice.Report.Reason);
        Assert.Equal(2.5, Enumerable.Range(0, 5).Sum(s => twice.Law[s] * s), 1e-11);
        var torn = RelativeEntropy.Solve(prior, new LawStatements(columns, [2.5, 5.5], []));
        Assert.False(torn.Report.Converged);
        var beyond = RelativeEntropy.Solve(prior, new LawStatements(columns, [4.5, 9], []));
        Assert.Contains("out of reach", beyond.Report.Reason, StringComparison.Ordinal);
        Assert.Contains("0 to 4", beyond.Report.Reason, StringComparison.Ordinal);
    }

    /// <summary>Each multiplier by bisection in turn, until none moves.</summary>
    static double[] Scaling(double[] prior, LawStatements statements)
    {
        int rows = prior.Length,
            count = statements.Targets.Length;
        var theta = new double[count];
        var spread = new double[count];
        for (int j = 0; j < count; j++)
            spread[j] = Enumerable.Range(0, rows).Max(s => Math.Abs(statements.Columns[s, j] - statements.Targets[j]));
        double[] Law()
        {
            double[] log =
            [
                .. Enumerable
                    .Range(0, rows)
                    .Select(s =>
                        Math.Log(prior[s])
                        + Enumerable
                            .Range(0, count)
                            .Sum(j => theta[j] * (statements.Columns[s, j] - statements.Targets[j]) / spread[j])
                    ),
            ];
            double most = log.Max();
            double[] law = [.. log.Select(l => Math.Exp(l - most))];
            double sum = law.Sum();
            return [.. law.Select(l => l / sum)];
        }
        double Miss(int j)
        {
            double[] law = Law();
            return Enumerable.Range(0, rows).Sum(s => law[s] * (statements.Columns[s, j] - statements.Targets[j]));
        }
        for (int sweep = 0; sweep < 3000; sweep++)
        {
            double moved = 0;
            for (int j = 0; j < count; j++)
            {
                double before = theta[j];
                double low = -400,
                    high = statements.IsAtMost(j) ? 0 : 400;
                theta[j] = high;
                if (!(statements.IsAtMost(j) && Miss(j) <= 0))
                    for (int k = 0; k < 60; k++)
                    {
                        theta[j] = 0.5 * (low + high);
                        if (Miss(j) > 0)
                            high = theta[j];
                        else
                            low = theta[j];
                    }
                moved = Math.Max(moved, Math.Abs(theta[j] - before));
            }
            if (moved < 1e-9)
                break;
        }
        return Law();
    }
}
