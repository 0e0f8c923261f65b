using System.Collections.Immutable;
using Plimsoll.Numerics;

namespace Plimsoll.Methods;

/// <summary>Weights whose worst loss over scenarios and stress set is least.</summary>
/// <remarks>Young 1998, Management Science 44 (minimax), by cutting planes: it ends after finitely many.</remarks>
public sealed class WorstCase : WeightMethod
{
    /// <inheritdoc />
    public override string Key => "max-worst-case";

    /// <inheritdoc />
    public override MethodFamily Family => MethodFamily.Tail;

    /// <inheritdoc />
    public override string Description => "Weights whose worst scenario is best.";

    /// <summary>Weights that sum to 1.</summary>
    public static CuttingPlaneSolution Solve(ColumnMatrix returns)
    {
        int n = returns.Columns;
        var gains = new double[returns.Rows];
        double Oracle(ReadOnlySpan<double> x, Span<double> gradient)
        {
            gains.AsSpan().Clear();
            ColumnProducts.MultiplyAdd(returns, x, gains);
            int worst = 0;
            for (int s = 1; s < gains.Length; s++)
                if (gains[s] < gains[worst])
                    worst = s;
            for (int i = 0; i < n; i++)
                gradient[i] = -returns[worst, i];
            return -gains[worst];
        }
        double[] start = [.. Enumerable.Repeat(1.0 / n, n)];
        return CuttingPlanes.Minimise(Oracle, QuadraticBooks.Simplex(n), start, 1e-10);
    }

    /// <inheritdoc />
    protected override ImmutableArray<MethodParameter> Own => [];

    /// <inheritdoc />
    protected override BookProposal Weights(MethodReturns returns, MethodProblem problem)
    {
        var stress = problem.Prepared.StressMatrix.Gain;
        using var all = new ColumnMatrix(returns.Returns.Rows + stress.Rows, returns.Count);
        for (int i = 0; i < returns.Count; i++)
        {
            returns.Returns.Column(i).CopyTo(all.Column(i));
            ColumnProducts.AddScaled(
                problem.Side[i] / problem.Notional[i],
                stress.Column(problem.Line(i).Column),
                all.Column(i)[returns.Returns.Rows..]
            );
        }
        var solution = Solve(all);
        return BookProposal.Of(solution.X, solution.Report);
    }
}
