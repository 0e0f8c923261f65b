namespace Plimsoll.Numerics;

/// <summary>Iterate of <see cref="RelativeEntropy"/>.</summary>
sealed class EntropyDual : IDisposable
{
    readonly int count;
    readonly int rows;
    readonly int threads;
    readonly LawStatements statements;
    readonly ColumnMatrix standard;
    readonly double[] deviation;
    readonly double[] prior;
    readonly double[] theta;
    readonly double[] exponent;
    readonly double[] trialExponent;
    readonly double[] law;
    readonly double[] gradient;
    readonly double[] direction;
    readonly SymmetricMatrix hessian;
    double value;

    public EntropyDual(ReadOnlySpan<double> prior, LawStatements statements, int threads)
    {
        (this.statements, this.threads) = (statements, threads);
        (rows, count) = (prior.Length, statements.Columns.Columns);
        this.prior = prior.ToArray();
        (theta, gradient, direction, deviation) = (
            new double[count],
            new double[count],
            new double[count],
            new double[count]
        );
        (exponent, trialExponent, law) = (new double[rows], new double[rows], new double[rows]);
        standard = new ColumnMatrix(rows, count);
        hessian = new SymmetricMatrix(count);
        for (int j = 0; j < count; j++)
        {
            var from = statements.Columns.Column(j);
            var into = standard.Column(j);
            double mean = ColumnProducts.Dot(from, this.prior);
            double square = 0;
            for (int s = 0; s < rows; s++)
                square += prior[s] * (from[s] - mean) * (from[s] - mean);
            deviation[j] = square > 0 ? Math.Sqrt(square) : 1;
            double inverse = 1 / deviation[j];
            for (int s = 0; s < rows; s++)
                into[s] = (from[s] - statements.Targets[j]) * inverse;
        }
        value = Evaluate(exponent, theta);
        Derive();
    }

    public double LargestMultiplier => theta.Length == 0 ? 0 : theta.Max(Math.Abs);

    /// <summary>A statement outside what its own column allows; index −1 when there is none.</summary>
    public (int Which, string Reason) OutOfReach()
    {
        for (int j = 0; j < count; j++)
        {
            double low = double.PositiveInfinity,
                high = double.NegativeInfinity;
            var column = statements.Columns.Column(j);
            for (int s = 0; s < rows; s++)
                if (prior[s] > 0)
                    (low, high) = (Math.Min(low, column[s]), Math.Max(high, column[s]));
            double target = statements.Targets[j];
            bool met = low == high && target == low;
            bool reachable = statements.IsAtMost(j) ? target > low : target > low && target < high;
            if (!reachable && !met && !(statements.IsAtMost(j) && target == high))
                return (
                    j,
                    FormattableString.Invariant(
                        $"statement {j} ({target:G6}) is out of reach: the scenarios allow {low:G6} to {high:G6}"
                    )
                );
        }
        return (-1, "");
    }

    /// <summary>Largest miss of a statement in its column's deviations.</summary>
    public double Miss(out int worst)
    {
        double most = 0;
        worst = 0;
        for (int j = 0; j < count; j++)
        {
            bool slack = statements.IsAtMost(j) && theta[j] == 0 && gradient[j] < 0;
            double miss = slack ? 0 : Math.Abs(gradient[j]);
            if (miss > most)
                (most, worst) = (miss, j);
        }
        return most;
    }

    /// <summary>A projected Newton step; false when nothing can be gained.</summary>
    public bool Step()
    {
        var held = new bool[count];
        for (int j = 0; j < count; j++)
            held[j] = statements.IsAtMost(j) && theta[j] == 0 && gradient[j] < 0;
        Newton(held);
        var trial = new double[count];
        double length = 1;
        double slope = ColumnProducts.Dot(gradient, direction);
        for (int halving = 0; halving < 50; halving++, length *= 0.5)
        {
            for (int j = 0; j < count; j++)
            {
                trial[j] = theta[j] + length * direction[j];
                if (statements.IsAtMost(j))
                    trial[j] = Math.Min(0, trial[j]);
            }
            double next = Evaluate(trialExponent, trial);
            bool flat = -slope < 1e-13 && next <= value + 1e-13;
            if (!(next <= value + 1e-4 * length * slope) && !flat)
                continue;
            trial.CopyTo(theta, 0);
            trialExponent.CopyTo(exponent, 0);
            value = next;
            Derive();
            return true;
        }
        return false;
    }

    public double[] Law() => (double[])law.Clone();

    public double[] Multipliers() => [.. theta.Select((t, j) => t / deviation[j])];

    public double Divergence()
    {
        double sum = 0;
        for (int s = 0; s < rows; s++)
            if (law[s] > 0)
                sum += law[s] * Math.Log(law[s] / prior[s]);
        return Math.Max(0, sum);
    }

    /// <summary>Primal less dual: Σ θ·miss at a law that nearly meets the statements.</summary>
    public double Gap()
    {
        double sum = 0;
        for (int j = 0; j < count; j++)
            sum += Math.Abs(theta[j] * gradient[j]);
        return sum;
    }

    public void Dispose()
    {
        standard.Dispose();
        hessian.Dispose();
    }

    void Newton(bool[] held)
    {
        using var factor = new SymmetricMatrix(count);
        factor.CopyFrom(hessian);
        for (int j = 0; j < count; j++)
        {
            direction[j] = held[j] ? 0 : -gradient[j];
            for (int k = 0; k < count; k++)
                if (held[j] && k != j)
                    factor[j, k] = 0;
            factor[j, j] = held[j] ? 1 : factor[j, j] * (1 + 1e-13);
        }
        Cholesky.Factor(factor);
        Cholesky.Solve(factor, direction);
    }

    /// <summary>The dual at multipliers; fills the exponents θ·(f − b) + log p.</summary>
    double Evaluate(double[] into, double[] at)
    {
        into.AsSpan().Clear();
        ColumnProducts.MultiplyAdd(standard, at, into);
        double most = double.NegativeInfinity;
        for (int s = 0; s < rows; s++)
            if (prior[s] > 0)
                most = Math.Max(most, into[s]);
        double sum = 0;
        for (int s = 0; s < rows; s++)
            sum += prior[s] > 0 ? prior[s] * Math.Exp(into[s] - most) : 0;
        return most + Math.Log(sum);
    }

    /// <summary>Law, gradient and Hessian at the exponents.</summary>
    void Derive()
    {
        for (int s = 0; s < rows; s++)
            law[s] = prior[s] > 0 ? prior[s] * Math.Exp(exponent[s] - value) : 0;
        ColumnProducts.TransposeMultiply(standard, law, gradient);
        hessian.Clear();
        WeightedGram.Add(standard, law, hessian, threads);
        hessian.AddOuterProduct(-1, gradient);
    }
}
