using Plimsoll.Numerics;

namespace Plimsoll.Methods;

/// <summary>Books that are quadratic programs: the shapes that several methods share.</summary>
public static class QuadraticBooks
{
    /// <summary>A box [0, 1] per unknown with Σx = 1.</summary>
    public static QuadraticProgram Simplex(int n) =>
        new()
        {
            Linear = new double[n],
            Lower = new double[n],
            Upper = [.. Enumerable.Repeat(1.0, n)],
            EqualRows =
            [
                [.. Enumerable.Repeat(1.0, n)],
            ],
            EqualTo = [1],
        };

    /// <summary>max μᵀf − γ/2·fᵀΣf with lower ≤ f ≤ upper and Σ|f| ≤ gross.</summary>
    /// <param name="mean">Excess means.</param>
    /// <param name="covariance">Σ.</param>
    /// <param name="riskAversion">γ, positive.</param>
    /// <param name="lower">Lower bounds.</param>
    /// <param name="upper">Upper bounds.</param>
    /// <param name="gross">Largest sum of absolute fractions; infinite: none.</param>
    /// <param name="grossPrice">Gain of utility per unit of gross.</param>
    public static (double[] Book, SolverReport Report) MeanVariance(
        double[] mean,
        SymmetricMatrix covariance,
        double riskAversion,
        double[] lower,
        double[] upper,
        double gross,
        out double grossPrice
    )
    {
        int n = mean.Length;
        // Long parts first, then short parts: f = x_i − x_{n+i}.
        using var quadratic = new SymmetricMatrix(2 * n);
        for (int i = 0; i < 2 * n; i++)
        for (int j = i; j < 2 * n; j++)
            quadratic[i, j] = (i < n == j < n ? 1 : -1) * riskAversion * covariance[i % n, j % n];
        var program = new QuadraticProgram
        {
            Quadratic = quadratic,
            Linear = [.. mean.Select(m => -m), .. mean],
            Lower = [.. lower.Select(l => Math.Max(0, l)), .. upper.Select(u => Math.Max(0, -u))],
            Upper = [.. upper.Select(u => Math.Max(0, u)), .. lower.Select(l => Math.Max(0, -l))],
            LessRows = double.IsFinite(gross)
                ?
                [
                    [.. Enumerable.Repeat(1.0, 2 * n)],
                ]
                : [],
            LessThan = double.IsFinite(gross) ? [gross] : [],
        };
        var solution = QuadraticSolver.Solve(program, 1e-13);
        grossPrice = solution.LessPrices.Length > 0 ? solution.LessPrices[0] : 0;
        return ([.. Enumerable.Range(0, n).Select(i => solution.X[i] - solution.X[n + i])], solution.Report);
    }

    /// <summary>Weights of least variance that sum to 1 and are at least 0.</summary>
    public static (double[] Book, SolverReport Report) LongOnlyMinimumVariance(SymmetricMatrix covariance)
    {
        var solution = QuadraticSolver.Solve(Simplex(covariance.Size) with { Quadratic = covariance }, 1e-13);
        return (solution.X, solution.Report);
    }

    /// <summary>
    /// min yᵀΣy with aᵀy = 1 and y ≥ 0, normalised: the largest ratio aᵀw/√(wᵀΣw) over w ≥ 0; a book of zeros where no
    /// a is
    /// positive.
    /// </summary>
    public static (double[] Book, SolverReport Report) LargestRatio(SymmetricMatrix covariance, double[] a)
    {
        int n = a.Length;
        if (a.All(value => value <= 0))
            return (new double[n], new SolverReport(true, 0, 0, 0));
        double most = a.Max();
        var solution = QuadraticSolver.Solve(
            new QuadraticProgram
            {
                Quadratic = covariance,
                Linear = new double[n],
                Lower = new double[n],
                Upper = [.. Enumerable.Repeat(double.PositiveInfinity, n)],
                EqualRows =
                [
                    [.. a.Select(value => value / most)],
                ],
                EqualTo = [1],
            },
            1e-13
        );
        double sum = solution.X.Sum();
        return ([.. solution.X.Select(y => y / sum)], solution.Report);
    }
}
