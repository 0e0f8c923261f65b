using System.Collections.Immutable;
using Plimsoll.Numerics;

namespace Plimsoll.Methods;

/// <summary>Mean-variance at the worst mean of an ellipsoid: max μᵀf − κ·√(fᵀΣf/T) − γ/2·fᵀΣf.</summary>
/// <remarks>
/// Garlappi, Uppal, Wang 2007, Review of Financial Studies 20; Goldfarb and Iyengar 2003. Without limits the book is
/// the plain one
/// times max(0, 1 − κ/(√T·SR)): below a Sharpe ratio of κ/√T nothing is held.
/// </remarks>
public sealed class RobustMeanVariance : BookMethod
{
    /// <summary>κ.</summary>
    public static NumberParameter Radius { get; } =
        new("radius", "κ: radius of the ellipsoid of means in standard errors.", 1, 0, 100);

    /// <summary>T.</summary>
    public static NumberParameter Years { get; } =
        new("years", "T: years of data that the means rest on.", 5, 0.01, 1000);

    /// <inheritdoc />
    public override string Key => "robust-mean-variance";

    /// <inheritdoc />
    public override MethodFamily Family => MethodFamily.MeanVariance;

    /// <inheritdoc />
    public override string Description => "Mean-variance at the worst mean within its standard errors.";

    /// <inheritdoc />
    public override ImmutableArray<MethodParameter> Parameters =>
        [Radius, Years, MeanVarianceUtility.RiskAversion, MeanVarianceUtility.Gross, MinimumVariance.Covariance];

    /// <summary>The robust book over f ≥ 0 with Σf ≤ gross.</summary>
    /// <param name="mean">μ over the horizon.</param>
    /// <param name="covariance">Σ over the horizon.</param>
    /// <param name="riskAversion">γ.</param>
    /// <param name="penalty">κ/√(T in horizons).</param>
    /// <param name="gross">Largest sum.</param>
    public static (double[] Book, SolverReport Report) Solve(
        double[] mean,
        SymmetricMatrix covariance,
        double riskAversion,
        double penalty,
        double gross
    )
    {
        int n = mean.Length;
        // With x = γ·f the book does not depend on the size of γ; the cone's kink at 0 is where nothing is held.
        double Deviation(ReadOnlySpan<double> x, Span<double> gradient)
        {
            covariance.Multiply(x, gradient);
            double value = Math.Sqrt(Math.Max(0, ColumnProducts.Dot(gradient, x)));
            for (int i = 0; i < n; i++)
                gradient[i] = value > 0 ? penalty * gradient[i] / value : 0;
            return penalty * value;
        }
        using var quadratic = new SymmetricMatrix(n);
        for (int i = 0; i < n; i++)
        for (int j = i; j < n; j++)
            quadratic[i, j] = riskAversion * covariance[i, j];
        var domain = new QuadraticProgram
        {
            Quadratic = quadratic,
            Linear = [.. mean.Select(m => -m)],
            Lower = new double[n],
            Upper = [.. Enumerable.Repeat(gross, n)],
            LessRows =
            [
                [.. Enumerable.Repeat(1.0, n)],
            ],
            LessThan = [gross],
        };
        var start = new double[n];
        Array.Fill(start, 0.5 * gross / n);
        var solution = CuttingPlanes.Minimise(Deviation, domain, start, 1e-8);
        // Where nothing pays for its uncertainty the optimum is the kink itself.
        double held = ColumnProducts.Dot(mean, solution.X);
        double risk = solution.Value + domain.Objective(solution.X);
        return risk >= 0 || held <= 0 ? (new double[n], solution.Report) : (solution.X, solution.Report);
    }

    /// <inheritdoc />
    protected override BookProposal Book(MethodReturns returns, MethodProblem problem)
    {
        double horizons = problem.Settings.Get(Years) / returns.HorizonYears;
        var (book, report) = Solve(
            returns.Mean,
            returns.Estimate(problem.Settings.Get(MinimumVariance.Covariance)),
            problem.Settings.Get(MeanVarianceUtility.RiskAversion),
            problem.Settings.Get(Radius) / Math.Sqrt(horizons),
            problem.Settings.Get(MeanVarianceUtility.Gross)
        );
        return BookProposal.Of(book, report);
    }
}
