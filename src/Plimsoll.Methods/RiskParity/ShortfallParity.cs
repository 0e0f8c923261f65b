using System.Collections.Immutable;
using Plimsoll.Numerics;

namespace Plimsoll.Methods;

/// <summary>Budgets of expected shortfall.</summary>
/// <remarks>
/// min ES(y) − Σ b·log y, w = y/Σy (Mausser and Romanko 2018). On scenarios the optimum sits where several tie for the
/// quantile:
/// contributions −w·E_q[X] are equal under the dual law q of the tail and not under the sorted one. Needs ES &gt; 0 for
/// every
/// book of the cone; otherwise there is no minimum and the method refuses.
/// </remarks>
public sealed class ShortfallParity : WeightMethod
{
    /// <summary>Level of expected shortfall.</summary>
    public static ShareParameter Level { get; } =
        new("level", "Level of expected shortfall: the mean of the worst (1 − level).", 0.95, 0.5, 0.999);

    /// <inheritdoc />
    public override string Key => "shortfall-parity";

    /// <inheritdoc />
    public override MethodFamily Family => MethodFamily.RiskParity;

    /// <inheritdoc />
    public override string Description => "Equal or budgeted shares of the book's expected shortfall.";

    /// <inheritdoc />
    protected override ImmutableArray<MethodParameter> Own => [Level, RiskParity.Budgets];

    /// <summary>Weights that sum to 1, with the dual law of the tail.</summary>
    public static (double[] Weights, TailLossSolution Solution) Solve(
        ColumnMatrix returns,
        double[] p,
        double level,
        double[] budgets
    )
    {
        int n = budgets.Length;
        double total = budgets.Sum();
        // The optimum has ES(y) = Σb = 1: y_i is at most a few times 1/ES of the asset alone.
        var alone = new double[n];
        var losses = new double[p.Length];
        for (int i = 0; i < n; i++)
        {
            var column = returns.Column(i);
            for (int s = 0; s < losses.Length; s++)
                losses[s] = -column[s];
            alone[i] = TailLossSolver.Evaluate(losses, p, level);
        }
        double unit = alone.Max();
        using var scaled = new ColumnMatrix(returns.Rows, n);
        for (int i = 0; i < n; i++)
            ColumnProducts.AddScaled(1 / Math.Max(alone[i], 1e-3 * unit), returns.Column(i), scaled.Column(i));
        var solution = TailLossSolver.Solve(
            new TailLossProgram
            {
                Gains = scaled,
                Weights = p,
                Level = level,
                Domain = new QuadraticProgram
                {
                    Linear = new double[n],
                    LogWeight = [.. budgets.Select(b => b / total)],
                    Lower = new double[n],
                    Upper = [.. Enumerable.Repeat(1e3, n)],
                },
            }
        );
        double[] y = [.. solution.X.Select((value, i) => value / Math.Max(alone[i], 1e-3 * unit))];
        double sum = y.Sum();
        return ([.. y.Select(value => value / sum)], solution);
    }

    /// <inheritdoc />
    protected override BookProposal Weights(MethodReturns returns, MethodProblem problem)
    {
        double level = problem.Settings.Get(Level);
        var free = MinimumShortfall.Solve(returns.Returns, returns.Weights, level, null);
        if (free.Report.Converged && free.TailLoss <= 0)
            return BookProposal.Refuse(
                "some book has no expected shortfall, so that no budget of it can be given: draw more scenarios "
                    + "(--scenarios), or name fewer instruments with universe"
            );
        double[] budgets = ByName.Values(problem, problem.Settings.Get(RiskParity.Budgets), 1);
        var (weights, solution) = Solve(returns.Returns, returns.Weights, level, budgets);
        return BookProposal.Of(weights, solution.Report);
    }
}
