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

    /// <summary>Why nothing is held where nothing is.</summary>
    internal const string Nothing =
        "nothing is held: the stated edge is within its own standard errors (radius, years)";

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
        var none = new double[mean.Length];
        double[] most = [.. Enumerable.Repeat(gross, mean.Length)];
        (double[] Book, SolverReport Report) At(double aversion) =>
            QuadraticBooks.MeanVariance(mean, covariance, aversion, none, most, gross, out _);
        if (penalty == 0 || mean.All(m => m <= 0))
            return At(riskAversion);
        // At the optimum the penalty's slope is κ/σ of the variance's: the book is the plain one at γ' = γ + κ/σ, and
        // σ·(γ' − γ) rises with γ' to the largest Sharpe ratio; below κ nothing is held.
        double low = 0,
            high = 0;
        for (double more = riskAversion; high == 0; more *= 4)
        {
            if (more > 1e8 * riskAversion)
                return (none, new SolverReport(true, 0, 0, 0));
            if (Miss(more) >= 0)
                high = more;
            else
                low = more;
        }
        for (int k = 0; k < 60; k++)
        {
            double middle = 0.5 * (low + high);
            if (Miss(middle) >= 0)
                high = middle;
            else
                low = middle;
        }
        return At(riskAversion + high);

        double Miss(double more)
        {
            double[] book = At(riskAversion + more).Book;
            var product = new double[book.Length];
            covariance.Multiply(book, product);
            return Math.Sqrt(Math.Max(0, ColumnProducts.Dot(product, book))) * more - penalty;
        }
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
        return BookProposal.Of(book, report).OrNothing(Nothing);
    }
}
