namespace Plimsoll.Numerics;

/// <summary>
/// Primal-dual interior point with Mehrotra's predictor and corrector for a <see cref="WorkingProblem"/>: one dense
/// Newton system in x; slacks, shortfall excesses and elastic excesses are eliminated.
/// </summary>
sealed partial class InteriorPoint : IDisposable
{
    const double ToBoundary = 0.995;
    const int Patience = 7;

    readonly WorkingProblem problem;
    readonly InteriorState state;
    readonly ColumnMatrix rows;
    readonly ColumnMatrix centred;
    readonly SymmetricMatrix hessian;
    readonly SymmetricMatrix factor;
    readonly SymmetricMatrix schur;
    readonly double[][] groupWeights;
    readonly double[] scenarioRoom;
    readonly int threads;
    readonly int pairs;
    int shortSteps;

    /// <param name="problem">The working problem.</param>
    /// <param name="start">A starting x inside the boxes and the logarithms' domain.</param>
    /// <param name="elastic">Starting excess by limit, positive.</param>
    /// <param name="complementarity">Product of every slack and its price at the start, and the least slack.</param>
    /// <param name="threads">1 or 2.</param>
    public InteriorPoint(WorkingProblem problem, double[] start, double[] elastic, double complementarity, int threads)
    {
        this.problem = problem;
        this.threads = threads;
        state = new InteriorState(problem);
        rows = problem.Rows.Select([.. Enumerable.Range(0, problem.Size)]);
        centred = new ColumnMatrix(problem.Rows.Rows, problem.Size);
        hessian = new SymmetricMatrix(problem.Size);
        factor = new SymmetricMatrix(problem.Size);
        schur = new SymmetricMatrix(problem.Scalars.Length);
        groupWeights = [.. problem.Groups.Select(group => new double[group.Matrix.Rows])];
        scenarioRoom = new double[problem.Groups.Select(group => group.Matrix.Rows).DefaultIfEmpty().Max()];
        start.CopyTo(state.X, 0);
        Begin(elastic, complementarity);
        pairs = Pairs();
    }

    public InteriorState State => state;

    /// <summary>Newton steps taken.</summary>
    public int Iterations { get; private set; }

    /// <summary>Sum of all complementarity products, in the scaled objective.</summary>
    public double Complementarity { get; private set; }

    /// <summary>Largest residual of the limits, on their own scale.</summary>
    public double Infeasibility { get; private set; }

    /// <summary>Σ |stationarity residual|·width of the box: its part in the gap.</summary>
    public double DualError { get; private set; }

    /// <summary>Steps until the gap is reached; false where progress ended before.</summary>
    /// <param name="gap">Wanted complementarity plus dual error, in the scaled objective.</param>
    /// <param name="violation">Wanted residual.</param>
    /// <param name="steps">At most this many.</param>
    public bool Run(double gap, double violation, int steps)
    {
        double best = double.PositiveInfinity;
        int idle = 0;
        for (int step = 0; step < steps; step++)
        {
            Residuals();
            double error = Complementarity + DualError;
            if (error <= gap && Infeasibility <= violation)
                return true;
            double merit = Math.Max(error / gap, Infeasibility / violation);
            idle = merit < 0.9 * best ? 0 : idle + 1;
            best = Math.Min(best, merit);
            if (idle > Patience || double.IsNaN(merit))
                return false;
            Factor();
            Iterations++;
            Direction(0.05 * gap / pairs);
            Move();
        }
        return false;
    }

    /// <summary>Predictor, then corrector; where that gains nothing, a plain centred step instead.</summary>
    /// <param name="floor">Complementarity that need not be undercut.</param>
    void Direction(double floor)
    {
        Solve(0, 0);
        double affine = Math.Min(1, Boundary());
        double mean = Complementarity / pairs;
        double ratio = Math.Clamp(MeanAfter(affine) / mean, 0, 1);
        double centre = Math.Max(Math.Max(ratio * ratio * ratio, 1e-6) * mean, floor);
        // The step goes the share 1 − σ of the predictor's way, and its second order is that share squared.
        double share = Math.Max(0, 1 - centre / mean);
        Solve(centre, share * share);
        double step = Math.Min(1, ToBoundary * Boundary());
        if (step < 0.1 || MeanAfter(step) > mean)
            Solve(Math.Max((shortSteps > 1 ? 3 : 0.5) * mean, floor), 0);
    }

    int Pairs()
    {
        int count = 0;
        foreach (var scalar in problem.Scalars)
            count += scalar.Kind == ScalarKind.Rows ? 1 : 2;
        for (int j = 0; j < problem.Size; j++)
        {
            count += double.IsFinite(problem.Lower[j]) ? 1 : 0;
            count += double.IsFinite(problem.Upper[j]) ? 1 : 0;
        }
        for (int r = 0; r < problem.Constant.Length; r++)
            count += HasExcess(r) ? 2 : 1;
        return count;
    }

    bool HasExcess(int row) => problem.Scalars[problem.RowScalar[row]].Kind == ScalarKind.Shortfall;

    /// <summary>Largest step that keeps every slack, dual and bound positive; perhaps above 1.</summary>
    double Boundary()
    {
        double most = Shorten(double.PositiveInfinity, state.Slack, state.SlackStep);
        most = Shorten(most, state.RowDual, state.RowDualStep);
        most = Shorten(most, state.Excess, state.ExcessStep);
        most = Shorten(most, state.ExcessDual, state.ExcessDualStep);
        most = Shorten(most, state.ScalarSlack, state.ScalarSlackStep);
        most = Shorten(most, state.ScalarDual, state.ScalarDualStep);
        most = Shorten(most, state.Elastic, state.ElasticStep);
        most = Shorten(most, state.ElasticDual, state.ElasticDualStep);
        most = Shorten(most, state.LowerDual, state.LowerDualStep);
        most = Shorten(most, state.UpperDual, state.UpperDualStep);
        for (int j = 0; j < problem.Size; j++)
        {
            if (state.Step[j] < 0 && double.IsFinite(problem.Lower[j]))
                most = Math.Min(most, -state.Below[j] / state.Step[j]);
            if (state.Step[j] > 0 && double.IsFinite(problem.Upper[j]))
                most = Math.Min(most, state.Above[j] / state.Step[j]);
        }
        return most;
    }

    static double Shorten(double most, double[] values, double[] steps)
    {
        for (int i = 0; i < values.Length; i++)
            if (steps[i] < 0 && values[i] + most * steps[i] < 0)
                most = -values[i] / steps[i];
        return most;
    }

    /// <summary>Mean complementarity product after a step of length a.</summary>
    double MeanAfter(double a)
    {
        double sum = Products(state.Slack, state.SlackStep, state.RowDual, state.RowDualStep, a);
        sum += Products(state.Excess, state.ExcessStep, state.ExcessDual, state.ExcessDualStep, a);
        sum += Products(state.ScalarSlack, state.ScalarSlackStep, state.ScalarDual, state.ScalarDualStep, a);
        sum += Products(state.Elastic, state.ElasticStep, state.ElasticDual, state.ElasticDualStep, a);
        for (int j = 0; j < problem.Size; j++)
        {
            double moved = a * state.Step[j];
            if (double.IsFinite(problem.Lower[j]))
                sum += (state.Below[j] + moved) * (state.LowerDual[j] + a * state.LowerDualStep[j]);
            if (double.IsFinite(problem.Upper[j]))
                sum += (state.Above[j] - moved) * (state.UpperDual[j] + a * state.UpperDualStep[j]);
        }
        return sum / pairs;
    }

    static double Products(double[] values, double[] steps, double[] duals, double[] dualSteps, double a)
    {
        double sum = 0;
        for (int i = 0; i < values.Length; i++)
            sum += (values[i] + a * steps[i]) * (duals[i] + a * dualSteps[i]);
        return sum;
    }

    /// <summary>Takes the step, short of every boundary and inside the domain of the logarithms.</summary>
    void Move()
    {
        double a = Math.Min(1, Math.Clamp(1 - Complementarity, ToBoundary, 1 - 1e-6) * Boundary());
        foreach (var group in problem.Groups)
        foreach (var term in group.Terms)
            Linear(group, term, state.Step, term.Step);
        while (!InDomain(a))
            a *= 0.7;
        foreach (var group in problem.Groups)
        foreach (var term in group.Terms)
            ColumnProducts.AddScaled(a, term.Step, term.LinearY);
        ColumnProducts.AddScaled(a, state.Step, state.X);
        ColumnProducts.AddScaled(a, state.Step, state.Below);
        ColumnProducts.AddScaled(-a, state.Step, state.Above);
        ColumnProducts.AddScaled(a, state.RowStep, state.RowValue);
        double curved = -a * ColumnProducts.Dot(state.PowerGradient, state.Step);
        ColumnProducts.AddScaled(curved, problem.RowShare, state.RowValue);
        ColumnProducts.AddScaled(a, state.SlackStep, state.Slack);
        ColumnProducts.AddScaled(a, state.RowDualStep, state.RowDual);
        ColumnProducts.AddScaled(a, state.ExcessStep, state.Excess);
        ColumnProducts.AddScaled(a, state.ExcessDualStep, state.ExcessDual);
        ColumnProducts.AddScaled(a, state.ScalarSlackStep, state.ScalarSlack);
        ColumnProducts.AddScaled(a, state.ScalarDualStep, state.ScalarDual);
        ColumnProducts.AddScaled(a, state.ElasticStep, state.Elastic);
        ColumnProducts.AddScaled(a, state.ElasticDualStep, state.ElasticDual);
        ColumnProducts.AddScaled(a, state.LowerDualStep, state.LowerDual);
        ColumnProducts.AddScaled(a, state.UpperDualStep, state.UpperDual);
        shortSteps = a < 0.1 ? shortSteps + 1 : 0;
        Evaluate();
    }

    /// <summary>Whether every weighted scenario keeps a tenth of its value after a step of length a.</summary>
    bool InDomain(double a)
    {
        state.X.CopyTo(state.Room, 0);
        ColumnProducts.AddScaled(a, state.Step, state.Room);
        double cost = problem.PowerCost(state.Room);
        foreach (var group in problem.Groups)
        foreach (var term in group.Terms)
        {
            double share = term.CostShare * cost;
            for (int s = 0; s < term.Y.Length; s++)
                if (term.LinearY[s] + a * term.Step[s] - share < 0.1 * term.Y[s] && term.Weights[s] > 0)
                    return false;
        }
        return true;
    }

    /// <summary>into = Matrix·x + Broadcast·x of a term, without its base.</summary>
    void Linear(ScenarioGroup group, ScenarioTerm term, double[] x, double[] into)
    {
        Array.Fill(into, ColumnProducts.Dot(term.Broadcast, x));
        ColumnProducts.MultiplyAdd(group.Matrix, x, into, threads);
    }

    public void Dispose()
    {
        rows.Dispose();
        centred.Dispose();
        hessian.Dispose();
        factor.Dispose();
        schur.Dispose();
    }
}
