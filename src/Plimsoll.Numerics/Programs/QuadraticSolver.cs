namespace Plimsoll.Numerics;

/// <summary>Solves a <see cref="QuadraticProgram"/> by a primal-dual interior point.</summary>
/// <remarks>
/// Mehrotra 1992 (predictor and corrector), Wright 1997 ch. 8. Unknowns and rows are equilibrated first, so that units
/// do not matter. A logarithm is the lower bound's barrier held at its weight: the product of distance and price goes
/// to b in place of 0. Multipliers that prove infeasibility (Farkas) or a ray without end are looked for and named.
/// </remarks>
public static class QuadraticSolver
{
    const int MostSteps = 200;
    const int MostIdle = 40;
    const double Shorten = 0.995;

    /// <summary>Reason of a program that is proved to have no point.</summary>
    public const string NoPoint = "no point meets all constraints";

    /// <summary>Solves.</summary>
    /// <param name="program">What to solve.</param>
    /// <param name="tolerance">On residuals and on the gap, relative to the size of what they are made of.</param>
    /// <exception cref="ArgumentException">The program is malformed; the message names the field.</exception>
    public static QuadraticSolution Solve(QuadraticProgram program, double tolerance = 1e-10)
    {
        Check(program);
        var state = new QuadraticState(program);
        string trouble = "";
        double best = double.PositiveInfinity;
        int since = 0;
        int step = 0;
        for (; step < MostSteps; step++)
        {
            state.Evaluate();
            double error = state.Error;
            if (error <= tolerance)
                return state.Solution(new SolverReport(true, step, state.Residual, state.Gap));
            if (!double.IsFinite(error))
            {
                trouble = "the numbers failed: the program's coefficients are too uneven";
                break;
            }
            if (state.Infeasible() is { } reason)
                return state.Solution(
                    new SolverReport(false, step, double.PositiveInfinity, double.PositiveInfinity, reason)
                );
            since = error < 0.9 * best ? 0 : since + 1;
            if (error < best)
            {
                best = error;
                state.Remember();
            }
            if (since > MostIdle)
                break;
            if (!state.Factor())
            {
                trouble = "the quadratic term has a negative direction";
                break;
            }
            state.Predict();
            double length = state.StepLength(1);
            // The rule can cycle between badly centred points (Cartis 2009); a centred one lets it go on.
            state.Correct(length, centreOnly: since > 0 && since % 3 == 0);
            state.Move(state.StepLength(Shorten));
        }
        // Where rounding ends the way, later points can be worse than the best one.
        if (best < double.PositiveInfinity)
            state.Recall();
        state.Evaluate();
        bool usable = state.Error <= Math.Max(1e-7, tolerance);
        if (trouble.Length == 0)
            trouble = FormattableString.Invariant($"stalled at a relative error of {state.Error:0.#e+0}");
        return state.Solution(
            usable
                ? new SolverReport(true, step, state.Residual, state.Gap)
                : new SolverReport(false, step, state.Residual, double.PositiveInfinity, trouble)
        );
    }

    static void Check(QuadraticProgram program)
    {
        int n = program.Size;
        if (program.Lower.Length != n || program.Upper.Length != n)
            throw new ArgumentException(
                $"bounds of {program.Lower.Length} and {program.Upper.Length} for {n} unknowns"
            );
        if (program.LogWeight.Length is not 0 && program.LogWeight.Length != n)
            throw new ArgumentException($"{program.LogWeight.Length} logarithms for {n} unknowns");
        if (program.Quadratic is { } p && p.Size != n)
            throw new ArgumentException($"a quadratic term of size {p.Size} for {n} unknowns");
        if (program.EqualRows.Length != program.EqualTo.Length || program.LessRows.Length != program.LessThan.Length)
            throw new ArgumentException("as many right-hand sides as rows are needed");
        foreach (double[] row in program.EqualRows.Concat(program.LessRows))
            if (row.Length != n)
                throw new ArgumentException($"a row of {row.Length} coefficients for {n} unknowns");
        for (int i = 0; i < n; i++)
        {
            if (!(program.Lower[i] <= program.Upper[i]))
                throw new ArgumentException($"bounds {program.Lower[i]} and {program.Upper[i]} of unknown {i}");
            bool logarithm = program.LogWeight.Length > 0 && program.LogWeight[i] > 0;
            if (logarithm && program.Lower[i] != 0)
                throw new ArgumentException($"unknown {i} has a logarithm and a lower bound that is not 0");
        }
    }
}
