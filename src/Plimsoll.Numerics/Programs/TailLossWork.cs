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

    /// <summary>Size against which gaps are relative: the largest mean loss in the tail or the spread.</summary>
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
        Scale = Math.Max(Math.Abs(above), 1e-3 * Spread());
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

    double Smoothed(double[] at, double level, double width)
    {
        double sum = 0;
        for (int s = 0; s < rows; s++)
        {
            double over = at[s] - level;
            if (over >= width)
                sum += weights[s] * over;
            else if (over > -width)
                sum += weights[s] * (over + width) * (over + width) / (4 * width);
        }
        return level + sum / tail;
    }

    /// <summary>Dual law (normalised by construction of the model) and curvature; how many scenarios bend.</summary>
    int Slopes(double width)
    {
        int count = 0;
        for (int s = 0; s < rows; s++)
        {
            double over = losses[s] - quantile;
            law[s] =
                over >= width ? weights[s] / tail
                : over > -width ? weights[s] / tail * (over + width) / (2 * width)
                : 0;
            band[s] = over < width && over > -width ? weights[s] / tail / (2 * width) : 0;
            if (band[s] > 0)
                count++;
        }
        return count;
    }

    /// <summary>The quadratic model in (x, change of the quantile).</summary>
    QuadraticProgram Model(int count)
    {
        var domain = program.Domain;
        var quadratic = new SymmetricMatrix(n + 1);
        double lawSum = 0;
        var bentRows = new int[count];
        var bentWeights = new double[Math.Max(1, count)];
        int k = 0;
        for (int s = 0; s < rows; s++)
        {
            lawSum += law[s];
            if (band[s] <= 0)
                continue;
            (bentRows[k], bentWeights[k]) = (s, band[s]);
            k++;
        }
        var bent = new ColumnMatrix(Math.Max(1, count), n + 1);
        for (int i = 0; i < n; i++)
        {
            var from = gains.Column(i);
            var into = bent.Column(i);
            for (int r = 0; r < count; r++)
                into[r] = -from[bentRows[r]];
        }
        bent.Column(n)[..count].Fill(-1);
        WeightedGram.Add(bent, bentWeights, quadratic);
        bent.Dispose();
        // Without any bent scenario the quantile has no curvature of its own.
        double ridge = 1e-12;
        double most = 0;
        for (int i = 0; i <= n; i++)
            most = Math.Max(most, quadratic[i, i]);
        for (int i = 0; i <= n; i++)
            quadratic[i, i] += ridge * Math.Max(most, 1e-12);
        ColumnProducts.TransposeMultiply(gains, law, slope);
        var linear = new double[n + 1];
        var at = new double[n + 1];
        x.CopyTo(at, 0);
        var image = new double[n + 1];
        quadratic.Multiply(at, image);
        for (int i = 0; i < n; i++)
            linear[i] = -slope[i] - image[i] + domain.Linear[i];
        linear[n] = 1 - lawSum - image[n];
        if (domain.Quadratic is { } own)
            for (int i = 0; i < n; i++)
            for (int j = i; j < n; j++)
                quadratic[i, j] += own[i, j];
        // Losses and the quantile are counted in their spread, so that the model is of size one.
        unit = Spread();
        for (int i = 0; i <= n; i++)
        {
            quadratic[i, n] *= i == n ? unit * unit : unit;
            for (int j = i; j <= n; j++)
                quadratic[i, j] /= unit;
            linear[i] /= i == n ? 1 : unit;
        }
        double reach = 10 * Math.Max(1, Math.Abs(quantile) / unit);
        return new QuadraticProgram
        {
            Quadratic = quadratic,
            Linear = linear,
            LogWeight = domain.LogWeight.Length == 0 ? [] : [.. domain.LogWeight.Select(b => b / unit), 0],
            Lower = [.. domain.Lower, -reach],
            Upper = [.. domain.Upper, reach],
            EqualRows = [.. domain.EqualRows.Select(row => (double[])[.. row, 0])],
            EqualTo = domain.EqualTo,
            LessRows = [.. domain.LessRows.Select(row => (double[])[.. row, 0])],
            LessThan = domain.LessThan,
        };
    }

    /// <summary>
    /// With a law y of the tail, multipliers and a box: Σ_i min over the box of (residual_i·x_i − b_i·log x_i) bounds
    /// the
    /// optimum from below, whatever the multipliers.
    /// </summary>
    void LowerBound(QuadraticSolution solved)
    {
        double[] equal = [.. solved.EqualPrices.Select(price => unit * price)];
        double[] less = [.. solved.LessPrices.Select(price => unit * price)];
        LowerBound(DualLaw(), equal, less, solved.X);
    }

    void LowerBound(double[] dual, double[] equalPrices, double[] lessPrices, double[] at)
    {
        var domain = program.Domain;
        double lawLoss = 0;
        for (int s = 0; s < rows && program.Base.Length > 0; s++)
            lawLoss -= dual[s] * program.Base[s];
        ColumnProducts.TransposeMultiply(gains, dual, slope);
        var residual = new double[n];
        double value = lawLoss;
        for (int i = 0; i < n; i++)
            residual[i] = -slope[i] + domain.Linear[i];
        if (domain.Quadratic is { } own)
        {
            // ½xᵀPx ≥ aᵀPx − ½aᵀPa for any a.
            var image = new double[n];
            own.Multiply(at.AsSpan(0, n), image);
            for (int i = 0; i < n; i++)
                residual[i] += image[i];
            value -= 0.5 * ColumnProducts.Dot(image, at.AsSpan(0, n));
        }
        for (int r = 0; r < domain.EqualRows.Length; r++)
        {
            ColumnProducts.AddScaled(equalPrices[r], domain.EqualRows[r], residual);
            value -= equalPrices[r] * domain.EqualTo[r];
        }
        for (int r = 0; r < domain.LessRows.Length; r++)
        {
            double price = Math.Max(0, lessPrices[r]);
            ColumnProducts.AddScaled(price, domain.LessRows[r], residual);
            value -= price * domain.LessThan[r];
        }
        for (int i = 0; i < n; i++)
            value += Least(residual[i], domain, i);
        if (value > bound)
        {
            bound = value;
            (this.equalPrices, this.lessPrices, bestLaw) = (equalPrices, lessPrices, dual);
        }
    }

    static double Least(double coefficient, QuadraticProgram domain, int i)
    {
        double logarithm = domain.LogWeight.Length == 0 ? 0 : domain.LogWeight[i];
        if (logarithm > 0)
        {
            double at = coefficient > 0 ? Math.Min(logarithm / coefficient, domain.Upper[i]) : domain.Upper[i];
            return double.IsFinite(at) ? coefficient * at - logarithm * Math.Log(at) : double.NegativeInfinity;
        }
        // A free unknown leaves no bound unless its residual vanishes; rounding is not held against it.
        double end = coefficient > 0 ? domain.Lower[i] : domain.Upper[i];
        if (double.IsFinite(end))
            return coefficient * end;
        return Math.Abs(coefficient) < 1e-12 ? 0 : double.NegativeInfinity;
    }

    /// <summary>The slopes as a law: scaled or filled to sum 1 within its caps.</summary>
    double[] DualLaw()
    {
        double sum = 0;
        foreach (double share in law)
            sum += share;
        var dual = new double[rows];
        if (sum >= 1)
            for (int s = 0; s < rows; s++)
                dual[s] = law[s] / sum;
        else
        {
            double room = 0;
            for (int s = 0; s < rows; s++)
                room += weights[s] / tail - law[s];
            double fill = (1 - sum) / room;
            for (int s = 0; s < rows; s++)
                dual[s] = law[s] + fill * (weights[s] / tail - law[s]);
        }
        return dual;
    }
}
