namespace Plimsoll.Numerics;

/// <summary>
/// Primal-dual interior point with Mehrotra's predictor and corrector for a <see cref="WorkingProblem"/>: one dense
/// Newton system in x, slacks and shortfall excesses eliminated.
/// </summary>
sealed partial class InteriorPoint : IDisposable
{
    const double ToBoundary = 0.995;

    readonly WorkingProblem problem;
    readonly InteriorState state;
    readonly SymmetricMatrix hessian;
    readonly SymmetricMatrix factor;
    readonly double[][] groupWeights;
    readonly int threads;
    readonly int pairs;

    public InteriorPoint(WorkingProblem problem, double[] start, int threads)
    {
        this.problem = problem;
        this.threads = threads;
        state = new InteriorState(problem);
        hessian = new SymmetricMatrix(problem.Size);
        factor = new SymmetricMatrix(problem.Size);
        groupWeights = [.. problem.Groups.Select(group => new double[group.Matrix.Rows])];
        start.CopyTo(state.X, 0);
        Begin();
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
            if (idle > 12 || double.IsNaN(merit))
                return false;
            Factor();
            Iterations++;
            Solve(0, false);
            double affine = Math.Min(1, Boundary());
            double mean = Complementarity / pairs;
            double target = MeanAfter(affine);
            double ratio = Math.Clamp(target / mean, 0, 1);
            Solve(Math.Max(ratio * ratio * ratio, 1e-6) * mean, true);
            Move();
        }
        return false;
    }

    int Pairs()
    {
        int count = problem.Scalars.Length;
        for (int j = 0; j < problem.Size; j++)
        {
            count += double.IsFinite(problem.Lower[j]) ? 1 : 0;
            count += double.IsFinite(problem.Upper[j]) ? 1 : 0;
        }
        for (int r = 0; r < problem.Constant.Length; r++)
            count += problem.RowScalar[r] >= 0 ? 2 : 1;
        return count;
    }

    /// <summary>Largest step that keeps every slack, dual and bound positive; perhaps above 1.</summary>
    double Boundary()
    {
        double most = double.PositiveInfinity;
        for (int r = 0; r < state.Slack.Length; r++)
        {
            most = Shorten(most, state.Slack[r], state.SlackStep[r]);
            most = Shorten(most, state.RowDual[r], state.RowDualStep[r]);
            if (problem.RowScalar[r] < 0)
                continue;
            most = Shorten(most, state.Excess[r], state.ExcessStep[r]);
            most = Shorten(most, state.ExcessDual[r], state.ExcessDualStep[r]);
        }
        for (int k = 0; k < state.ScalarSlack.Length; k++)
        {
            most = Shorten(most, state.ScalarSlack[k], state.ScalarSlackStep[k]);
            most = Shorten(most, state.ScalarDual[k], state.ScalarDualStep[k]);
        }
        for (int j = 0; j < problem.Size; j++)
        {
            if (double.IsFinite(problem.Lower[j]))
            {
                most = Shorten(most, state.X[j] - problem.Lower[j], state.Step[j]);
                most = Shorten(most, state.LowerDual[j], state.LowerDualStep[j]);
            }
            if (double.IsFinite(problem.Upper[j]))
            {
                most = Shorten(most, problem.Upper[j] - state.X[j], -state.Step[j]);
                most = Shorten(most, state.UpperDual[j], state.UpperDualStep[j]);
            }
        }
        return most;
    }

    static double Shorten(double most, double value, double step) =>
        step < 0 && -value < most * step * 1.0000000001 ? most
        : step < 0 ? Math.Min(most, -value / step)
        : most;

    double MeanAfter(double a)
    {
        double sum = 0;
        for (int r = 0; r < state.Slack.Length; r++)
        {
            sum += (state.Slack[r] + a * state.SlackStep[r]) * (state.RowDual[r] + a * state.RowDualStep[r]);
            if (problem.RowScalar[r] >= 0)
                sum +=
                    (state.Excess[r] + a * state.ExcessStep[r]) * (state.ExcessDual[r] + a * state.ExcessDualStep[r]);
        }
        for (int k = 0; k < state.ScalarSlack.Length; k++)
            sum +=
                (state.ScalarSlack[k] + a * state.ScalarSlackStep[k])
                * (state.ScalarDual[k] + a * state.ScalarDualStep[k]);
        for (int j = 0; j < problem.Size; j++)
        {
            double moved = state.X[j] + a * state.Step[j];
            if (double.IsFinite(problem.Lower[j]))
                sum += (moved - problem.Lower[j]) * (state.LowerDual[j] + a * state.LowerDualStep[j]);
            if (double.IsFinite(problem.Upper[j]))
                sum += (problem.Upper[j] - moved) * (state.UpperDual[j] + a * state.UpperDualStep[j]);
        }
        return sum / pairs;
    }

    /// <summary>Takes the step, short of every boundary and inside the domain of the logarithms.</summary>
    void Move()
    {
        double a = Math.Min(1, ToBoundary * Boundary());
        foreach (var group in problem.Groups)
        foreach (var term in group.Terms)
        {
            Linear(group, term, state.Step, term.Step);
            for (int s = 0; s < term.Y.Length; s++)
                if (term.Step[s] < 0 && term.Weights[s] > 0)
                    a = Math.Min(a, -0.9 * term.Y[s] / term.Step[s]);
        }
        foreach (var group in problem.Groups)
        foreach (var term in group.Terms)
            ColumnProducts.AddScaled(a, term.Step, term.Y);
        ColumnProducts.AddScaled(a, state.Step, state.X);
        ColumnProducts.AddScaled(a, state.RowStep, state.RowValue);
        ColumnProducts.AddScaled(a, state.SlackStep, state.Slack);
        ColumnProducts.AddScaled(a, state.RowDualStep, state.RowDual);
        ColumnProducts.AddScaled(a, state.ExcessStep, state.Excess);
        ColumnProducts.AddScaled(a, state.ExcessDualStep, state.ExcessDual);
        ColumnProducts.AddScaled(a, state.ScalarSlackStep, state.ScalarSlack);
        ColumnProducts.AddScaled(a, state.ScalarDualStep, state.ScalarDual);
        ColumnProducts.AddScaled(a, state.LowerDualStep, state.LowerDual);
        ColumnProducts.AddScaled(a, state.UpperDualStep, state.UpperDual);
        Evaluate();
    }

    /// <summary>into = Matrix·x + Broadcast·x of a term, without its base.</summary>
    static void Linear(ScenarioGroup group, ScenarioTerm term, double[] x, double[] into)
    {
        Array.Fill(into, term.HasBroadcast ? ColumnProducts.Dot(term.Broadcast, x) : 0);
        ColumnProducts.MultiplyAdd(group.Matrix, x.AsSpan(0, group.Matrix.Columns), into);
    }

    public void Dispose()
    {
        hessian.Dispose();
        factor.Dispose();
    }
}
