using System.Collections.Immutable;
using Plimsoll.Numerics;
using Plimsoll.Sizing;

namespace Plimsoll.Methods;

/// <summary>Budgets of risk on exposures (delta, vega, gamma, basis, funding) in place of instruments.</summary>
/// <remarks>
/// Roncalli and Weisang 2016, Quantitative Finance 16: min ½wᵀΣw − Σ b_k·log (Bᵀw)_k; at the optimum the exposure k
/// times its marginal risk is b_k. An exposure is held in one direction (<see cref="Short"/>); weights of instruments
/// are free in sign. A set of exposures that no book has together is refused; so are more exposures than instruments.
/// </remarks>
public sealed class FactorParity : WeightMethod
{
    /// <summary>Which exposures.</summary>
    public static ChoicesParameter Factors { get; } =
        new(
            "factors",
            "Exposures that get budgets of risk: delta, basis and funding by coin, vega in all or by tenor (to 14, 45 "
                + "and 120 days, and longer), gamma.",
            [.. FactorExposures.Words],
            ["delta"]
        );

    /// <summary>Budgets.</summary>
    public static NumbersByNameParameter Budgets { get; } =
        new(
            "budgets",
            "Budgets by name or pattern of the exposure (delta-BTC, vega-45d, vega-long, gamma, basis-ETH, "
                + "funding-BTC), in any unit; absent: equal.",
            1e-6,
            1e6
        );

    /// <summary>Directions.</summary>
    public static NamesParameter Short { get; } =
        new(
            "short",
            "Exposures held short, by name or pattern, the others long; absent: short where every chosen side is short "
                + "of it, long elsewhere."
        );

    /// <inheritdoc />
    public override string Key => "factor-parity";

    /// <inheritdoc />
    public override MethodFamily Family => MethodFamily.RiskParity;

    /// <inheritdoc />
    public override string Description => "Budgets of risk on delta per coin, vega by tenor, gamma, basis and funding.";

    /// <inheritdoc />
    protected override ImmutableArray<MethodParameter> Own => [Factors, Budgets, Short];

    /// <summary>
    /// Weights w with positive exposures Bᵀw whose contributions (Bᵀw)_k·(price of exposure k) are in proportion to b.
    /// </summary>
    /// <param name="covariance">Σ of the instruments, n x n.</param>
    /// <param name="loadings">Exposure k of one unit of instrument i, K rows of n.</param>
    /// <param name="budgets">K budgets.</param>
    public static (double[] Weights, double[] Exposures, SolverReport Report) Solve(
        SymmetricMatrix covariance,
        double[][] loadings,
        double[] budgets
    )
    {
        int n = covariance.Size,
            k = loadings.Length;
        double total = budgets.Sum();
        double mean = Enumerable.Range(0, n).Average(i => covariance[i, i]);
        using var quadratic = new SymmetricMatrix(n + k);
        for (int i = 0; i < n; i++)
        for (int j = i; j < n; j++)
            quadratic[i, j] = covariance[i, j] / mean;
        var rows = new double[k][];
        for (int f = 0; f < k; f++)
        {
            double size = loadings[f].Max(Math.Abs);
            rows[f] = [.. loadings[f].Select(l => size > 0 ? l / size : 0), .. new double[k]];
            rows[f][n + f] = -1;
        }
        var solution = QuadraticSolver.Solve(
            new QuadraticProgram
            {
                Quadratic = quadratic,
                Linear = new double[n + k],
                LogWeight = [.. new double[n], .. budgets.Select(b => b / total)],
                Lower = [.. Enumerable.Repeat(-1e4, n), .. new double[k]],
                Upper = [.. Enumerable.Repeat(1e4, n), .. Enumerable.Repeat(1e6, k)],
                EqualRows = rows,
                EqualTo = new double[k],
            },
            1e-12
        );
        return (solution.X[..n], solution.X[n..], solution.Report);
    }

    /// <inheritdoc />
    protected override BookProposal Weights(MethodReturns returns, MethodProblem problem)
    {
        var exposures = FactorExposures.Of(problem, problem.Settings.Get(Factors));
        var names = exposures.Names;
        if (names.Count > returns.Count)
            return BookProposal.Refuse($"{names.Count} exposures need as many instruments, not {returns.Count}");
        var stated = problem.Settings.Get(Budgets);
        var shorts = problem.Settings.Get(Short);
        var patterns = stated.Keys.Select(pattern => ("a budget for", pattern)).Order();
        foreach (var (what, pattern) in patterns.Concat(shorts.Select(pattern => ("short", pattern))))
            if (!names.Any(name => NamePattern.Matches(pattern, name)))
                return BookProposal.Refuse(
                    $"{what} \"{pattern}\" matches none of the exposures: {string.Join(", ", names)}"
                );
        double[] budgets = ByName.Values(names, stated, 1);
        double[] direction =
        [
            .. names.Select(
                (name, k) =>
                    (
                        shorts.IsEmpty
                            ? exposures.Rows[k].All(value => value <= 0)
                            : shorts.Any(pattern => NamePattern.Matches(pattern, name))
                    )
                        ? -1.0
                        : 1
            ),
        ];
        double[][] loadings = [.. exposures.Rows.Select((row, k) => row.Select(l => direction[k] * l).ToArray())];
        var (weights, _, report) = Solve(returns.Covariance, loadings, budgets);
        return BookProposal.Of(weights, report) with
        {
            Notes =
            [
                $"budgets of risk: "
                    + string.Join(
                        ", ",
                        names.Select(
                            (name, k) =>
                                FormattableString.Invariant($"{name} {budgets[k]:0.####}")
                                + (direction[k] < 0 ? " short" : "")
                        )
                    ),
            ],
        };
    }
}
