namespace Plimsoll.Numerics;

/// <summary>Iterate of <see cref="TailLossSolver"/>.</summary>
sealed partial class TailLossWork
{
    readonly TailLossProgram program;
    readonly ColumnMatrix gains;
    readonly double[] weights;
    readonly double tail;
    readonly int n;
    readonly int rows;
    readonly double[] x;
    double quantile;
    double unit = 1;
    double[] losses;
    readonly double[] trialLosses;
    readonly double[] law;
    readonly double[] band;
    readonly double[] slope;
    double[] equalPrices = [];
    double[] lessPrices = [];
    double bound = double.NegativeInfinity;
    double best = double.PositiveInfinity;
    double largest;
    double[] bestX;
    double[] bestLaw;

    public TailLossWork(TailLossProgram program)
    {
        this.program = program;
        (gains, weights, tail) = (program.Gains, program.Weights, 1 - program.Level);
        (n, rows) = (program.Domain.Size, program.Gains.Rows);
        (x, bestX, slope) = (new double[n], new double[n], new double[n]);
        (losses, trialLosses, law, band) = (new double[rows], new double[rows], new double[rows], new double[rows]);
        bestLaw = new double[rows];
    }

    /// <summary>
    /// Size against which gaps are relative: the largest mean loss in the tail or the spread, at the best point; where
    /// a book without loss is the best, a millionth of that on the way.
    /// </summary>
    public double Scale { get; private set; } = 1;

    /// <summary>Fall of the smoothed objective in the last step.</summary>
    public double Decrease { get; private set; }

    /// <summary>Best exact objective less the lower bound.</summary>
    public double GapNow => best - bound;

    /// <summary>The point of the polytope nearest to the middle, from which to start.</summary>
    public bool Start(out string reason)
    {
        var domain = program.Domain;
        using var identity = new SymmetricMatrix(n);
        for (int i = 0; i < n; i++)
            identity[i, i] = 1;
        var linear = new double[n];
        for (int i = 0; i < n; i++)
        {
            double middle =
                double.IsFinite(domain.Lower[i]) && double.IsFinite(domain.Upper[i])
                    ? domain.Lower[i] + Math.Min(1.0 / n, 0.5 * (domain.Upper[i] - domain.Lower[i]))
                    : 0;
            linear[i] = -middle;
        }
        var near = QuadraticSolver.Solve(domain with { Quadratic = identity, Linear = linear }, 1e-8);
        reason = near.Report.Reason;
        if (!near.Report.Converged)
            return false;
        near.X.CopyTo(x, 0);
        Losses(x, losses);
        quantile = Quantile();
        Note();
        return true;
    }

    /// <summary>Standard deviation of the losses at the iterate.</summary>
    public double Spread()
    {
        double mean = ColumnProducts.Dot(losses, weights);
        double square = 0;
        for (int s = 0; s < rows; s++)
            square += weights[s] * (losses[s] - mean) * (losses[s] - mean);
        return Math.Max(Math.Sqrt(square), 1e-300);
    }

    /// <summary>One Newton step on the function smoothed with a width.</summary>
    public bool Step(double width, out string reason)
    {
        double before = Smoothed(losses, quantile, width) + Outside(x);
        int count = Slopes(width);
        var model = Model(count);
        var solved = QuadraticSolver.Solve(model);
        reason = solved.Report.Reason;
        model.Quadratic!.Dispose();
        if (!solved.Report.Converged)
            return false;
        LowerBound(solved);
        double length = 1;
        var trial = new double[n];
        double after = before;
        double trialQuantile = quantile;
        for (int halving = 0; halving < 30; halving++, length *= 0.5)
        {
            for (int i = 0; i < n; i++)
                trial[i] = x[i] + length * (solved.X[i] - x[i]);
            trialQuantile = quantile + length * unit * solved.X[n];
            Losses(trial, trialLosses);
            after = Smoothed(trialLosses, trialQuantile, width) + Outside(trial);
            if (after <= before)
                break;
        }
        if (!(after < before))
        {
            Decrease = 0;
            return true;
        }
        Decrease = before - after;
        trial.CopyTo(x, 0);
        quantile = trialQuantile;
        trialLosses.CopyTo(losses, 0);
        Note();
        return true;
    }

    public TailLossSolution Failure(int steps, string reason) =>
        Solution(new SolverReport(false, steps, double.PositiveInfinity, double.PositiveInfinity, reason));

    public TailLossSolution Solution(SolverReport report)
    {
        Losses(bestX, losses);
        double exact = TailLossSolver.Evaluate(losses, weights, program.Level);
        return new TailLossSolution(report, bestX, exact, exact + Outside(bestX), bestLaw, equalPrices, lessPrices);
    }

    void Losses(double[] at, double[] into)
    {
        into.AsSpan().Clear();
        ColumnProducts.MultiplyAdd(gains, at, into);
        bool hasBase = program.Base.Length > 0;
        for (int s = 0; s < rows; s++)
            into[s] = -(into[s] + (hasBase ? program.Base[s] : 0));
    }

    double Outside(double[] at) => program.Domain.Objective(at);

    /// <summary>Keeps the best iterate; the loss at its quantile bounds the tail's mean from above.</summary>
    void Note()
    {
        double sum = 0;
        for (int s = 0; s < rows; s++)
            if (losses[s] > quantile)
                sum += weights[s] * (losses[s] - quantile);
        double above = quantile + sum / tail;
        double value = above + Outside(x);
        if (!(value < best))
            return;
        best = value;
        bestX = (double[])x.Clone();
        double size = Math.Max(Math.Abs(above), 1e-3 * Spread());
        largest = Math.Max(largest, size);
        Scale = Math.Max(size, 1e-6 * largest);
    }

    double Quantile()
    {
        double most = double.NegativeInfinity,
            least = double.PositiveInfinity;
        TailLossSolver.Evaluate(losses, weights, program.Level, law);
        for (int s = 0; s < rows; s++)
            if (law[s] > 0)
            {
                least = Math.Min(least, losses[s]);
                most = Math.Max(most, losses[s]);
            }
        return double.IsFinite(least) ? least : most;
    }
}
