using System.Collections.Immutable;
using Plimsoll.Numerics;

namespace Plimsoll.Methods;

/// <summary>Budgets of risk on exposures: delta per coin, vega, gamma, in place of instruments.</summary>
/// <remarks>
/// Roncalli and Weisang 2016, Quantitative Finance 16: min ½wᵀΣw − Σ b_k·log (Bᵀw)_k; at the optimum the exposure k
/// times its
/// marginal risk is b_k. Signs of exposures are positive on the chosen sides. Weights of instruments are free in sign.
/// A set of
/// exposures that no book has together is refused; so are more exposures than instruments.
/// </remarks>
public sealed class FactorParity : WeightMethod
{
    /// <summary>Which exposures.</summary>
    public static ChoiceParameter Factors { get; } =
        new("factors", "Exposures that get equal budgets of risk.", ["delta", "delta-vega", "delta-vega-gamma"]);

    /// <inheritdoc />
    public override string Key => "factor-parity";

    /// <inheritdoc />
    public override MethodFamily Family => MethodFamily.RiskParity;

    /// <inheritdoc />
    public override string Description => "Equal budgets of risk on delta per coin, vega and gamma.";

    /// <inheritdoc />
    protected override ImmutableArray<MethodParameter> Own => [Factors];

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
        var names = new List<string>();
        var loadings = new List<double[]>();
        void Add(string name, Func<int, double> exposure)
        {
            double[] row = [.. Enumerable.Range(0, returns.Count).Select(i => problem.Side[i] * exposure(i))];
            if (!row.Any(value => value != 0))
                return;
            names.Add(name);
            loadings.Add([.. row.Select((value, i) => value / problem.Notional[i])]);
        }
        var greeks = problem
            .Universe.Select(line => problem.Prepared.Greeks[problem.Prepared.Lines[line].Column])
            .ToArray();
        string[] coins =
        [
            .. Enumerable
                .Range(0, returns.Count)
                .Select(i => problem.Line(i).Instrument.Underlying)
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
        foreach (string coin in coins)
            Add($"delta {coin}", i => problem.Line(i).Instrument.Underlying == coin ? greeks[i].Delta : 0);
        string wanted = problem.Settings.Get(Factors);
        if (wanted != "delta")
            Add("vega", i => greeks[i].Vega1Pt);
        if (wanted == "delta-vega-gamma")
            Add("gamma", i => greeks[i].Gamma1Pct);
        if (loadings.Count > returns.Count)
            return BookProposal.Refuse($"{loadings.Count} exposures need as many instruments, not {returns.Count}");
        double[] budgets = [.. Enumerable.Repeat(1.0, loadings.Count)];
        var (weights, _, report) = Solve(returns.Covariance, [.. loadings], budgets);
        return BookProposal.Of(weights, report) with
        {
            Notes = [$"equal budgets of risk on {string.Join(", ", names)}"],
        };
    }
}
