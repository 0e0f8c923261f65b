namespace Plimsoll.Numerics;

/// <summary>Value and a subgradient of a convex function at a point.</summary>
/// <param name="x">Point.</param>
/// <param name="subgradient">Receives a subgradient.</param>
public delegate double ConvexOracle(ReadOnlySpan<double> x, Span<double> subgradient);

/// <summary>A point found by <see cref="CuttingPlanes"/>.</summary>
/// <param name="Report">Its gap is the best value less the master's.</param>
/// <param name="X">Best point.</param>
/// <param name="Value">The convex function there, without the domain's own terms.</param>
/// <param name="Subgradient">The mean of the cuts by their prices in the last master.</param>
/// <param name="EqualPrices">Multipliers of the equal rows.</param>
/// <param name="LessPrices">Multipliers of the less rows.</param>
public sealed record CuttingPlaneSolution(
    SolverReport Report,
    double[] X,
    double Value,
    double[] Subgradient,
    double[] EqualPrices,
    double[] LessPrices
);

/// <summary>
/// min f(x) + the domain's own terms for any convex f that tells its value and a subgradient: Kelley's cutting planes.
/// </summary>
/// <remarks>
/// Kelley 1960; for piecewise linear f it ends after finitely many cuts (Künzi-Bay and Mayer 2006 on expected
/// shortfall). The
/// master is a small quadratic program with logarithms, so that risk budgets on any risk measure are the same problem.
/// Cuts are taken at the master's optimum drawn a little toward the best point, which keeps the first ones from
/// running to
/// the corners of the box; the gap needs no such care, it is the best value less the master's.
/// </remarks>
public static class CuttingPlanes
{
    const int MostCuts = 600;
    const double Pull = 0.3;

    /// <summary>Solves.</summary>
    /// <param name="oracle">f.</param>
    /// <param name="domain">Box (finite), rows, linear, quadratic and logarithmic terms.</param>
    /// <param name="start">A point of the domain.</param>
    /// <param name="tolerance">On the gap, relative to the size of f.</param>
    public static CuttingPlaneSolution Minimise(
        ConvexOracle oracle,
        QuadraticProgram domain,
        ReadOnlySpan<double> start,
        double tolerance = 1e-9
    )
    {
        int n = domain.Size;
        var rows = new List<double[]>();
        var sides = new List<double>();
        double[] best = start.ToArray();
        double[] at = start.ToArray();
        double bestValue = double.PositiveInfinity,
            bestRisk = 0,
            bound = double.NegativeInfinity,
            size = 0;
        QuadraticSolution? master = null;
        for (int cut = 0; cut < MostCuts; cut++)
        {
            var gradient = new double[n];
            double risk = oracle(at, gradient);
            if (!double.IsFinite(risk))
                return Ended(false, cut, "the function is not finite inside the domain");
            size = Math.Max(size, Math.Abs(risk));
            double value = risk + domain.Objective(at);
            if (value < bestValue)
                (bestValue, bestRisk, best) = (value, risk, (double[])at.Clone());
            // At a best value of nothing the size on the way counts: below 1e-12 of it a gap is the master's rounding.
            if (bestValue - bound <= tolerance * Math.Max(size * 1e-3, Math.Abs(bestRisk)))
                return Ended(true, cut, "");
            rows.Add([.. gradient, -1]);
            sides.Add(ColumnProducts.Dot(gradient, at) - risk);
            var next = Master(domain, rows, sides);
            if (!next.Report.Converged)
                return bestValue - bound <= 1e-6 * Math.Abs(bestRisk)
                    ? Ended(true, cut, "")
                    : Ended(false, cut, next.Report.Reason);
            master = next;
            bound = Math.Max(bound, master.Objective - master.Report.Gap);
            double pull = bestValue - bound > 1e-4 * Math.Abs(bestRisk) ? Pull : 0;
            for (int i = 0; i < n; i++)
                at[i] = master.X[i] + pull * (best[i] - master.X[i]);
        }
        return Ended(
            bestValue - bound <= 1e-6 * Math.Abs(bestRisk),
            MostCuts,
            FormattableString.Invariant($"the gap was {bestValue - bound:0.#e+0} after {MostCuts} cuts")
        );

        CuttingPlaneSolution Ended(bool converged, int cuts, string reason)
        {
            double gap = Math.Max(0, bestValue - bound);
            var mean = new double[n];
            for (int r = 0; master is not null && domain.LessRows.Length + r < master.LessPrices.Length; r++)
            for (int i = 0; i < n; i++)
                mean[i] += master.LessPrices[domain.LessRows.Length + r] * rows[r][i];
            return new CuttingPlaneSolution(
                new SolverReport(converged, cuts, gap / Math.Max(1e-300, size), gap, converged ? "" : reason),
                best,
                bestRisk,
                mean,
                master?.EqualPrices ?? [],
                master is null ? [] : master.LessPrices[..domain.LessRows.Length]
            );
        }
    }

    static QuadraticSolution Master(QuadraticProgram domain, List<double[]> rows, List<double> sides)
    {
        int n = domain.Size;
        SymmetricMatrix? quadratic = null;
        if (domain.Quadratic is { } own)
        {
            quadratic = new SymmetricMatrix(n + 1);
            for (int i = 0; i < n; i++)
            for (int j = i; j < n; j++)
                quadratic[i, j] = own[i, j];
        }
        return QuadraticSolver.Solve(
            new QuadraticProgram
            {
                Quadratic = quadratic,
                Linear = [.. domain.Linear, 1],
                LogWeight = domain.LogWeight.Length == 0 ? [] : [.. domain.LogWeight, 0],
                Lower = [.. domain.Lower, double.NegativeInfinity],
                Upper = [.. domain.Upper, double.PositiveInfinity],
                EqualRows = [.. domain.EqualRows.Select(row => (double[])[.. row, 0])],
                EqualTo = domain.EqualTo,
                LessRows = [.. domain.LessRows.Select(row => (double[])[.. row, 0]), .. rows],
                LessThan = [.. domain.LessThan, .. sides],
            },
            1e-12
        );
    }
}
