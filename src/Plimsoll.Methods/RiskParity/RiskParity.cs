using System.Collections.Immutable;
using Plimsoll.Numerics;
using Plimsoll.Sizing;

namespace Plimsoll.Methods;

/// <summary>Budgets of volatility: each instrument's share of the book's risk is its budget.</summary>
/// <remarks>
/// min ½yᵀΣy − Σ b·log y, w = y/Σy (Maillard, Roncalli, Teiletche 2010; Spinu 2013). With caps,
/// floors or any linear limits it solves the homogeneous definition: the same problem under c·y ≤ d·Σy, which is convex
/// and free of scale; four other definitions are in use and give other books (docs/methods/risk-parity.md).
/// Shares then differ from budgets.
/// </remarks>
public sealed class RiskParity : WeightMethod
{
    /// <summary>Budgets.</summary>
    public static NumbersByNameParameter Budgets { get; } =
        new("budgets", "Risk budgets by name or pattern, in any unit; absent: equal.", 1e-6, 1e6);

    /// <summary>Largest weight.</summary>
    public static ShareParameter Cap { get; } = new("cap", "Largest weight of one instrument in the book.", 1, 0, 1);

    /// <summary>Least weight.</summary>
    public static ShareParameter Floor { get; } = new("floor", "Least weight of one instrument in the book.", 0, 0, 1);

    /// <summary>Largest shares of groups.</summary>
    public static NumbersByNameParameter GroupCaps { get; } =
        new("group-caps", "Largest share of the book of all instruments that match a pattern together.", 0, 1);

    /// <summary>Least shares of groups.</summary>
    public static NumbersByNameParameter GroupFloors { get; } =
        new("group-floors", "Least share of the book of all instruments that match a pattern together.", 0, 1);

    /// <inheritdoc />
    public override string Key => "risk-parity";

    /// <inheritdoc />
    public override MethodFamily Family => MethodFamily.RiskParity;

    /// <inheritdoc />
    public override string Description => "Equal or budgeted shares of the book's volatility.";

    /// <inheritdoc />
    protected override ImmutableArray<MethodParameter> Own =>
        [Budgets, Cap, Floor, GroupCaps, GroupFloors, MinimumVariance.Covariance];

    /// <summary>Weights that sum to 1.</summary>
    public static (double[] Weights, SolverReport Report) Solve(SymmetricMatrix covariance, double[] budgets)
    {
        var y = new double[budgets.Length];
        var report = BarrierQuadratic.Solve(covariance, budgets, y);
        double sum = y.Sum();
        return (report.Converged ? [.. y.Select(value => value / sum)] : y, report);
    }

    /// <summary>The homogeneous definition under caps and floors on weights, and rows a·w ≤ 0 besides.</summary>
    public static (double[] Weights, SolverReport Report) Solve(
        SymmetricMatrix covariance,
        double[] budgets,
        double[] floor,
        double[] cap,
        params IEnumerable<double[]> rows
    )
    {
        int n = budgets.Length;
        if (floor.Sum() > 1 + 1e-12 || cap.Sum() < 1 - 1e-12)
            return (new double[n], new SolverReport(false, 0, 1, 1, "no weights within cap and floor sum to 1"));
        var all = new List<double[]>(rows);
        for (int i = 0; i < n; i++)
        {
            int one = i;
            if (cap[i] < 1)
                all.Add(AtMost(n, j => j == one, cap[i]));
            if (floor[i] > 0)
                all.Add(AtLeast(n, j => j == one, floor[i]));
        }
        return Solve(covariance, budgets, [.. all]);
    }

    /// <summary>Row of: the members' weights sum to at most a share of all.</summary>
    public static double[] AtMost(int count, Func<int, bool> isMember, double share) =>
        [.. Enumerable.Range(0, count).Select(j => (isMember(j) ? 1 : 0) - share)];

    /// <summary>Row of: the members' weights sum to at least a share of all.</summary>
    public static double[] AtLeast(int count, Func<int, bool> isMember, double share) =>
        [.. AtMost(count, isMember, share).Select(value => -value)];

    /// <summary>The homogeneous definition under linear limits on weights, a·w ≤ 0 each.</summary>
    /// <remarks>
    /// A limit c·w ≤ d on weights that sum to 1 is the row c − d: free of scale, so that the log form stays convex.
    /// </remarks>
    public static (double[] Weights, SolverReport Report) Solve(
        SymmetricMatrix covariance,
        double[] budgets,
        double[][] rows
    )
    {
        if (rows.Length == 0)
            return Solve(covariance, budgets);
        int n = budgets.Length;
        double total = budgets.Sum();
        double trace = Enumerable.Range(0, n).Average(i => covariance[i, i]);
        using var scaled = new SymmetricMatrix(n);
        for (int i = 0; i < n; i++)
        for (int j = i; j < n; j++)
            scaled[i, j] = covariance[i, j] / trace;
        var solution = QuadraticSolver.Solve(
            new QuadraticProgram
            {
                Quadratic = scaled,
                Linear = new double[n],
                LogWeight = [.. budgets.Select(b => b / total)],
                Lower = new double[n],
                Upper = [.. Enumerable.Repeat(double.PositiveInfinity, n)],
                LessRows = rows,
                LessThan = new double[rows.Length],
            },
            1e-13
        );
        double sum = solution.X.Sum();
        return ([.. solution.X.Select(y => y / sum)], solution.Report);
    }

    /// <summary>w_i·(Σw)_i/(wᵀΣw), sum 1.</summary>
    public static double[] Shares(SymmetricMatrix covariance, double[] weights)
    {
        var product = new double[weights.Length];
        covariance.Multiply(weights, product);
        double variance = ColumnProducts.Dot(product, weights);
        return [.. weights.Select((w, i) => w * product[i] / variance)];
    }

    /// <summary>Whether what is left of the risks is the rounding of their sum.</summary>
    static bool IsHedged(SymmetricMatrix covariance, double[] weights)
    {
        var product = new double[weights.Length];
        covariance.Multiply(weights, product);
        double alone = 0;
        for (int i = 0; i < weights.Length; i++)
            alone += weights[i] * weights[i] * covariance[i, i];
        return ColumnProducts.Dot(product, weights) <= weights.Length * 1e-12 * alone;
    }

    /// <inheritdoc />
    protected override BookProposal Weights(MethodReturns returns, MethodProblem problem)
    {
        int n = returns.Count;
        var covariance = returns.Estimate(problem.Settings.Get(MinimumVariance.Covariance));
        double[] floor = [.. Enumerable.Repeat(problem.Settings.Get(Floor), n)];
        double[] cap = [.. Enumerable.Repeat(problem.Settings.Get(Cap), n)];
        var groups = new List<double[]>();
        foreach (var (pattern, share) in problem.Settings.Get(GroupCaps))
            groups.Add(AtMost(n, j => NamePattern.Matches(pattern, problem.Name(j)), share));
        foreach (var (pattern, share) in problem.Settings.Get(GroupFloors))
            groups.Add(AtLeast(n, j => NamePattern.Matches(pattern, problem.Name(j)), share));
        double[] budgets = ByName.Values(problem, problem.Settings.Get(Budgets), 1);
        var (weights, report) = Solve(covariance, budgets, floor, cap, groups);
        if (report.Reason == BarrierQuadratic.Riskless || report.Converged && IsHedged(covariance, weights))
            return BookProposal.Refuse(
                "some instruments hedge one another wholly on the sides chosen, so that no shares of risk can be "
                    + "given: name fewer with universe, or state side"
            );
        bool limited = floor[0] > 0 || cap[0] < 1 || groups.Count > 0;
        return BookProposal.Of(weights, report) with
        {
            Notes = limited
                ? ["risk parity under limits: the homogeneous definition; shares of risk differ from the budgets"]
                : [],
        };
    }
}
