namespace Plimsoll.Numerics.Tests;

/// <summary>Random small programs of the declared class, awkward ones included; the same seed, the same program.</summary>
static class RandomPrograms
{
    public static ConvexProgram Make(int seed)
    {
        var random = new Random(seed);
        double Uniform(double low, double high) => low + (high - low) * random.NextDouble();
        int n = random.Next(1, 8);
        int scenarios = random.Next(4, 60);
        bool costs = random.Next(3) > 0;
        bool wild = random.Next(4) == 0;
        var matrix = new ColumnMatrix(scenarios, n);
        var scale = new double[n];
        for (int i = 0; i < n; i++)
        {
            scale[i] = wild ? Math.Pow(10, Uniform(-5, 5)) : 1;
            double edge = Uniform(-0.02, 0.03);
            double size = Uniform(0.02, 0.3);
            for (int s = 0; s < scenarios; s++)
                matrix[s, i] = (edge + size * (Uniform(-1, 1) + (random.Next(12) == 0 ? -1.5 : 0.1))) / scale[i];
        }
        if (n > 2 && random.Next(4) == 0)
            for (int s = 0; s < scenarios; s++)
                matrix[s, 1] = matrix[s, 0] * scale[0] / scale[1] * (random.Next(2) == 0 ? 1 : 1);
        if (n > 3 && random.Next(5) == 0)
            matrix.Column(3).Clear();
        double[] weights = [.. Enumerable.Range(0, scenarios).Select(_ => random.Next(9) == 0 ? 0 : Uniform(0.2, 1))];
        weights[0] = 1;
        double total = weights.Sum();
        weights = [.. weights.Select(p => p / total)];
        double[] Vector(Func<int, double> element) => [.. Enumerable.Range(0, n).Select(element)];
        double[] reference = Vector(i => random.Next(3) == 0 ? 0 : Uniform(-0.3, 0.3) * scale[i]);
        double[] lower = Vector(i => (random.Next(3) == 0 ? 0 : -Uniform(0.2, 2)) * scale[i]);
        double[] upper = Vector(i => lower[i] + (random.Next(8) == 0 ? 0 : Uniform(0.1, 3)) * scale[i]);
        for (int i = 0; i < n; i++)
            if (random.Next(6) > 0)
                reference[i] = Math.Clamp(reference[i], lower[i], upper[i]);
        double[] baseWealth = [.. Enumerable.Range(0, scenarios).Select(_ => 1 + Uniform(-0.02, 0.02))];
        double[]? shift = random.Next(3) == 0 ? Vector(i => Uniform(-0.01, 0.01) / scale[i]) : null;
        var wealth = new ScenarioValue(baseWealth, matrix, shift, null, null, costs ? 1 : 0);
        var limits = new List<ProgramConstraint>();
        if (random.Next(2) == 0)
            limits.Add(Linear("linear", random.Next(1, 6)));
        if (random.Next(4) == 0)
            limits.Add(Linear("other", 1));
        if (random.Next(2) == 0)
        {
            var gains = wealth with { Base = new double[scenarios], Shift = null };
            double level = random.Next(2) == 0 ? 0.9 : Uniform(0, 0.99);
            limits.Add(new ExpectedShortfallConstraint("shortfall", Uniform(0.03, 0.2), 0.1, 1, gains, weights, level));
        }
        if (random.Next(2) == 0)
        {
            bool finite = random.Next(2) == 0;
            double lambda = Uniform(1, 15);
            limits.Add(
                finite
                    ? new DrawdownConstraint(
                        "drawdown",
                        Uniform(0.03, 0.3),
                        1,
                        1,
                        wealth,
                        weights,
                        Uniform(0.05, 0.6),
                        null
                    )
                    : new DrawdownConstraint("drawdown", 0.02, 1, 1, wealth, weights, 0, 1 / lambda)
            );
        }
        if (random.Next(3) == 0)
            limits.Add(new ScenarioFloorConstraint("floor", wealth with { Shift = null }, Uniform(0.5, 0.8), 1, 1));
        ProgramObjective objective =
            random.Next(5) == 0
                ? new CostObjective(Vector(i => Uniform(-0.02, 0.02) / scale[i]), null, costs ? 1 : 0)
                : new GrowthObjective(wealth, weights, random.Next(2) == 0 ? 1 : Uniform(1.5, 6));
        double Price(int i) => costs ? (random.Next(4) == 0 ? 0 : Uniform(0, 0.01)) / scale[i] : 0;
        return new ConvexProgram
        {
            Reference = reference,
            Lower = lower,
            Upper = upper,
            Scale = scale,
            BuyCost = Vector(Price),
            SellCost = Vector(Price),
            PowerCost = Vector(i => random.Next(2) == 0 ? 0 : Price(i) / Math.Sqrt(scale[i])),
            Objective = objective,
            Constraints = [.. limits],
        };

        MaxLinearConstraint Linear(string name, int count)
        {
            var rows = new ColumnMatrix(count, n);
            double[] offset = [.. Enumerable.Range(0, count).Select(_ => Uniform(-0.1, 0.1))];
            for (int r = 0; r < count; r++)
            for (int i = 0; i < n; i++)
                rows[r, i] = Uniform(-1, 1) / scale[i];
            return new MaxLinearConstraint(name, Uniform(0.1, 1), 1, 1, offset, rows, null, costs ? 1 : 0);
        }
    }
}
