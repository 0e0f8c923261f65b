using Plimsoll.Numerics;

namespace Plimsoll.Methods;

/// <summary>Trades whose gain outweighs their cost, and no others.</summary>
/// <remarks>
/// max μᵀf − γ/2·fᵀΣf − Σ h|u| − Σ k|u|^{3/2} − Σ φ⁺f⁺ − Σ φ⁻f⁻, u = f − f0: trade to the edge of the region
/// |μ − γΣf| ≤ h and not beyond
/// (Boyd et
/// al. 2017, Multi-period trading via convex optimization, section 2). The three-halves power is majorised by a
/// parabola at
/// each round, whose solution the next starts from; every round lowers the true cost.
/// </remarks>
public static class NoTradeRegion
{
    const int MostRounds = 300;

    /// <summary>The new book.</summary>
    /// <param name="mean">μ.</param>
    /// <param name="covariance">Σ.</param>
    /// <param name="riskAversion">γ, positive.</param>
    /// <param name="current">f0.</param>
    /// <param name="buyCost">h of buying a unit, at least 0; infinite: that side cannot be traded.</param>
    /// <param name="sellCost">h of selling.</param>
    /// <param name="impact">k, at least 0.</param>
    /// <param name="holding">
    /// φ: what a unit held pays over the horizon, by the long where positive, by the short where negative; empty: none.
    /// The other side gets nothing for it.
    /// </param>
    public static (double[] Book, SolverReport Report) Solve(
        double[] mean,
        SymmetricMatrix covariance,
        double riskAversion,
        double[] current,
        double[] buyCost,
        double[] sellCost,
        double[] impact,
        double[] holding
    )
    {
        int n = mean.Length;
        int[] paying = [.. Enumerable.Range(0, holding.Length).Where(i => holding[i] != 0)];
        int m = 2 * n + paying.Length;
        var product = new double[n];
        covariance.Multiply(current, product);
        double[] gain = [.. mean.Select((m, i) => m - riskAversion * product[i])];
        double reach = 1e-12 + Reach(covariance, riskAversion, gain) + paying.Sum(i => Math.Abs(current[i]));
        var size = new double[n];
        Array.Fill(size, reach);
        var trade = new double[n];
        for (int round = 0; ; round++)
        {
            using var quadratic = new SymmetricMatrix(m);
            for (int i = 0; i < 2 * n; i++)
            for (int j = i; j < 2 * n; j++)
                quadratic[i, j] = (i < n == j < n ? 1 : -1) * riskAversion * covariance[i % n, j % n];
            for (int i = 0; i < 2 * n; i++)
                quadratic[i, i] += 1.5 * impact[i % n] / Math.Sqrt(size[i % n]);
            double Most(double cost) => double.IsFinite(cost) ? reach : 0;
            double Cost(double cost) => double.IsFinite(cost) ? cost : 0;
            var solution = QuadraticSolver.Solve(
                new QuadraticProgram
                {
                    Quadratic = quadratic,
                    Linear =
                    [
                        .. gain.Select((g, i) => Cost(buyCost[i]) - g),
                        .. gain.Select((g, i) => Cost(sellCost[i]) + g),
                        .. paying.Select(i => Math.Abs(holding[i])),
                    ],
                    Lower = new double[m],
                    Upper =
                    [
                        .. buyCost.Select(Most),
                        .. sellCost.Select(Most),
                        .. paying.Select(_ => double.PositiveInfinity),
                    ],
                    LessRows = [.. paying.Select((i, k) => Held(i, k))],
                    LessThan = [.. paying.Select(i => -Math.Sign(holding[i]) * current[i])],
                },
                1e-13
            );
            if (!solution.Report.Converged)
                return (current, solution.Report);
            double moved = 0;
            for (int i = 0; i < n; i++)
            {
                double next = solution.X[i] - solution.X[n + i];
                // Both sides of one instrument at once are rounding of the solver, and so is a hair of a trade.
                if (Math.Abs(next) < 1e-11 * reach)
                    next = 0;
                moved = Math.Max(moved, Math.Abs(next - trade[i]));
                trade[i] = next;
                size[i] = Math.Max(Math.Abs(next), 1e-14 * reach);
            }
            if (impact.All(k => k == 0) || moved <= 1e-12 * reach || round == MostRounds)
                return ([.. current.Select((f, i) => f + trade[i])], solution.Report);
        }

        // What is held on the paying side, at least 0, is at least ±f.
        double[] Held(int i, int k)
        {
            var row = new double[m];
            (row[i], row[n + i]) = (Math.Sign(holding[i]), -Math.Sign(holding[i]));
            row[2 * n + k] = -1;
            return row;
        }
    }

    /// <summary>Farther than any trade can be worth: twenty times every gain in its own instrument alone.</summary>
    static double Reach(SymmetricMatrix covariance, double riskAversion, double[] gain)
    {
        double sum = 0;
        for (int i = 0; i < gain.Length; i++)
            sum += covariance[i, i] > 0 ? Math.Abs(gain[i]) / riskAversion / covariance[i, i] : 0;
        return 20 * sum;
    }

    /// <summary>Half-width of the no-trade region around Merton's weight, many periods: the cube-root law.</summary>
    /// <remarks>Janeček and Shreve 2004, Finance and Stochastics 8; Rogers 2004; leading order.</remarks>
    public static double HalfWidth(double weight, double relativeRiskAversion, double proportionalCost) =>
        Math.Cbrt(1.5 / relativeRiskAversion * Math.Pow(weight * (1 - weight), 2) * proportionalCost);

    /// <summary>Half the sum of absolute changes of weights: one-way turnover.</summary>
    public static double Turnover(ReadOnlySpan<double> before, ReadOnlySpan<double> after)
    {
        double sum = 0;
        for (int i = 0; i < before.Length; i++)
            sum += Math.Abs(after[i] - before[i]);
        return 0.5 * sum;
    }

    /// <summary>
    /// A problem's proposal drawn back to the edge of its no-trade region: the proposal is taken for the optimum
    /// without cost.
    /// </summary>
    /// <param name="problem">Problem.</param>
    /// <param name="proposal">What the method wants.</param>
    /// <param name="riskAversion">γ.</param>
    internal static MethodProposal Apply(MethodProblem problem, MethodProposal proposal, double riskAversion)
    {
        int n = problem.Count;
        using var covariance = CovarianceEstimate.Sample(problem.Gain, problem.RiskWeights);
        double equity = problem.Equity;
        using var scaled = new SymmetricMatrix(n);
        for (int i = 0; i < n; i++)
        for (int j = i; j < n; j++)
            scaled[i, j] = covariance[i, j] / problem.Notional[i] / problem.Notional[j];
        double[] Fractions(Func<int, double> contracts) =>
            [.. Enumerable.Range(0, n).Select(i => contracts(i) * problem.Notional[i] / equity)];
        double[] wanted = Fractions(i => proposal.Contracts[i]),
            current = Fractions(problem.Current);
        var mean = new double[n];
        scaled.Multiply(wanted, mean);
        for (int i = 0; i < n; i++)
            mean[i] *= riskAversion;
        double Cost(int i, bool buy)
        {
            bool opens = buy ? current[i] >= 0 : current[i] <= 0;
            double share = opens ? problem.Line(i).OpeningShare : problem.Line(i).ClosingShare;
            return problem.Cost(i, buy) is { } cost ? share * cost / problem.Notional[i] : double.PositiveInfinity;
        }
        double[] interest = Interest(problem, proposal);
        var (book, report) = Solve(
            mean,
            scaled,
            riskAversion,
            current,
            [.. Enumerable.Range(0, n).Select(i => Cost(i, true))],
            [.. Enumerable.Range(0, n).Select(i => Cost(i, false))],
            [
                .. Enumerable
                    .Range(0, n)
                    .Select(i =>
                        problem.Line(i).OpeningShare
                        * problem.Line(i).Impact
                        * Math.Sqrt(equity)
                        / Math.Pow(problem.Notional[i], 1.5)
                    ),
            ],
            [
                .. Enumerable
                    .Range(0, n)
                    .Select(i =>
                        (problem.Prepared.FundingPaidByLong(problem.Line(i)) + interest[i]) / problem.Notional[i]
                    ),
            ]
        );
        if (!report.Converged)
            return MethodProposal.Refuse($"a no-trade region: {report.Reason}");
        double whole = Turnover(current, wanted),
            part = Turnover(current, book);
        return proposal with
        {
            Contracts = [.. book.Select((f, i) => f * equity / problem.Notional[i])],
            Notes = proposal.Notes.Add(
                FormattableString.Invariant(
                    $"no-trade region: turnover {100 * part:0.##}% of equity one way in place of {100 * whole:0.##}%"
                )
            ),
        };
    }

    /// <summary>
    /// Interest over the horizon on the premium of one contract bought, home currency: where the proposal would leave
    /// its balance below zero; 0 elsewhere.
    /// </summary>
    static double[] Interest(MethodProblem problem, MethodProposal proposal)
    {
        var interest = new double[problem.Count];
        var columns = Enumerable
            .Range(0, problem.Count)
            .ToDictionary(i => problem.Prepared.Lines.IndexOf(problem.Line(i)));
        foreach (var debt in problem.Prepared.Borrowings)
        {
            double Traded(int line) =>
                columns.TryGetValue(line, out int i) ? proposal.Contracts[i] - problem.Current(i) : 0;
            if (debt.Of(Traded) == 0)
                continue;
            foreach (var (line, perContract) in debt.Columns.Zip(debt.PerContract))
                if (columns.TryGetValue(line, out int i))
                    interest[i] = perContract * problem.Equity;
        }
        return interest;
    }
}
