using System.Collections.Immutable;
using Plimsoll.Numerics;

namespace Plimsoll.Methods;

/// <summary>Budgets of conditional drawdown at risk on the path of history.</summary>
/// <remarks>
/// The uncompounded drawdown is convex and positively homogeneous, so that risk budgeting has the same form as on
/// volatility
/// (Chekhlov, Uryasev, Zabarankin 2005; Roncalli 2013, section 2.2): min CDaR(y) − Σ b·log y by cutting planes.
/// </remarks>
public sealed class DrawdownParity : WeightMethod
{
    /// <inheritdoc />
    public override string Key => "drawdown-parity";

    /// <inheritdoc />
    public override MethodFamily Family => MethodFamily.RiskParity;

    /// <inheritdoc />
    public override string Description => "Equal or budgeted shares of the book's conditional drawdown.";

    /// <inheritdoc />
    protected override ImmutableArray<MethodParameter> Own => [MinimumDrawdown.Level, RiskParity.Budgets];

    /// <summary>Weights that sum to 1.</summary>
    public static (double[] Weights, CuttingPlaneSolution Solution) Solve(
        ColumnMatrix path,
        double level,
        double[] budgets
    )
    {
        int n = budgets.Length;
        var risk = new DrawdownRisk(path, level);
        var alone = new double[n];
        var gradient = new double[n];
        for (int i = 0; i < n; i++)
        {
            var one = new double[n];
            one[i] = 1;
            alone[i] = risk.Evaluate(one, gradient);
        }
        double total = budgets.Sum();
        double unit = alone.Max();
        double[] scale = [.. alone.Select(value => 1 / Math.Max(value, 1e-3 * unit))];
        double Scaled(ReadOnlySpan<double> x, Span<double> into)
        {
            var y = new double[n];
            for (int i = 0; i < n; i++)
                y[i] = scale[i] * x[i];
            double value = risk.Evaluate(y, into);
            for (int i = 0; i < n; i++)
                into[i] *= scale[i];
            return value;
        }
        var domain = new QuadraticProgram
        {
            Linear = new double[n],
            LogWeight = [.. budgets.Select(b => b / total)],
            Lower = new double[n],
            Upper = [.. Enumerable.Repeat(1e3, n)],
        };
        double[] start = [.. budgets.Select(b => b / total)];
        var solution = CuttingPlanes.Minimise(Scaled, domain, start, 1e-8);
        double[] weights = [.. solution.X.Select((x, i) => x * scale[i])];
        double sum = weights.Sum();
        return ([.. weights.Select(w => w / sum)], solution);
    }

    /// <inheritdoc />
    protected override BookProposal Weights(MethodReturns returns, MethodProblem problem)
    {
        if (HistoryPath.Of(problem) is not { } path)
            return BookProposal.Refuse(HistoryPath.Needed);
        double[] budgets = ByName.Values(problem, problem.Settings.Get(RiskParity.Budgets), 1);
        var (weights, solution) = Solve(path, problem.Settings.Get(MinimumDrawdown.Level), budgets);
        return BookProposal.Of(weights, solution.Report);
    }
}
