using System.Collections.Immutable;
using Plimsoll.Numerics;

namespace Plimsoll.Methods;

/// <summary>Posterior of Black and Litterman.</summary>
/// <param name="Mean">Posterior mean.</param>
/// <param name="MeanCovariance">M: covariance of the posterior mean; the predictive covariance is Σ + M.</param>
public sealed record BlackLittermanPosterior(double[] Mean, SymmetricMatrix MeanCovariance);

/// <summary>Equilibrium means moved by views, then the growth-optimal book of the predictive law.</summary>
/// <remarks>
/// He and Litterman 1999: π = δΣw, μ = π + τΣPᵀ(PτΣPᵀ + Ω)⁻¹(Q − Pπ), which never inverts Ω, so that certain views (Ω
/// = 0) work; the book is (Σ + M)⁻¹μ/δ. Ω by He and Litterman is diag(PτΣPᵀ); by confidence c it is (1 − c)/c of that
/// (Idzorek 2005 in Walters' closed form, exact per view). The book is computed as their equilibrium plus a book for
/// each view, which inverts the views' covariance and never Σ: options, a future and a perpetual of one coin, whose Σ
/// is singular, have one as well.
/// </remarks>
public sealed class BlackLitterman : BookMethod
{
    /// <summary>How many views, the least met first, the notes tell of.</summary>
    const int NotedViews = 4;

    /// <summary>δ.</summary>
    public static NumberParameter RiskAversion { get; } = new("risk-aversion", "δ of the market.", 2.5, 0.01, 1000);

    /// <summary>τ.</summary>
    public static NumberParameter Tau { get; } =
        new("tau", "τ: uncertainty of the equilibrium means, in covariances.", 0.05, 0.0001, 10);

    /// <summary>Confidence in the stated edges.</summary>
    public static ShareParameter Confidence { get; } =
        new("confidence", "Confidence in each stated edge; 50% is He and Litterman's Ω.", 0.5, 0, 1);

    /// <summary>Equilibrium weights.</summary>
    public static NumbersByNameParameter Equilibrium { get; } =
        new("equilibrium", "Equilibrium weights by name or pattern; absent: equal weights that sum to 1.", 0, 1000);

    /// <summary>Where the views come from.</summary>
    public static ChoiceParameter Views { get; } =
        new(
            "views",
            "edges: each instrument's stated edge is a view; mandate: the mandate's drift and relative views as they "
                + "stand, each with its own confidence, on the coins' perpetuals (or futures).",
            ["edges", "mandate"]
        );

    /// <inheritdoc />
    public override string Key => "black-litterman";

    /// <inheritdoc />
    public override MethodFamily Family => MethodFamily.MeanVariance;

    /// <inheritdoc />
    public override string Description => "Equilibrium moved by the stated edges as views with a confidence.";

    /// <inheritdoc />
    public override ImmutableArray<MethodParameter> Parameters =>
        [RiskAversion, Tau, Views, Confidence, Equilibrium, MinimumVariance.Covariance];

    /// <summary>π = δΣw.</summary>
    public static double[] Implied(SymmetricMatrix covariance, double[] weights, double riskAversion)
    {
        var implied = new double[weights.Length];
        covariance.Multiply(weights, implied);
        return [.. implied.Select(value => riskAversion * value)];
    }

    /// <summary>(1 − c)/c·PτΣPᵀ for one view; infinite at c = 0.</summary>
    public static double Omega(SymmetricMatrix covariance, double[] view, double tau, double confidence)
    {
        var product = new double[view.Length];
        covariance.Multiply(view, product);
        return (1 - confidence) / confidence * tau * ColumnProducts.Dot(product, view);
    }

    /// <summary>Posterior of views P·μ = Q with independent errors of variance Ω.</summary>
    public static BlackLittermanPosterior Posterior(
        SymmetricMatrix covariance,
        double[] prior,
        double tau,
        double[][] views,
        double[] values,
        double[] omega
    )
    {
        int n = prior.Length,
            k = views.Length;
        var loaded = new double[k][];
        for (int v = 0; v < k; v++)
        {
            loaded[v] = new double[n];
            covariance.Multiply(views[v], loaded[v]);
            for (int i = 0; i < n; i++)
                loaded[v][i] *= tau;
        }
        using var system = new SymmetricMatrix(k);
        for (int v = 0; v < k; v++)
        for (int u = v; u < k; u++)
            system[v, u] = ColumnProducts.Dot(views[v], loaded[u]) + (u == v ? omega[v] : 0);
        Cholesky.Factor(system);
        double[] miss = [.. views.Select((view, v) => values[v] - ColumnProducts.Dot(view, prior))];
        Cholesky.Solve(system, miss);
        var mean = (double[])prior.Clone();
        for (int v = 0; v < k; v++)
            ColumnProducts.AddScaled(miss[v], loaded[v], mean);
        var moved = new SymmetricMatrix(n);
        for (int i = 0; i < n; i++)
        {
            double[] column = [.. loaded.Select(row => row[i])];
            Cholesky.Solve(system, column);
            for (int j = i; j < n; j++)
            {
                double sum = 0;
                for (int v = 0; v < k; v++)
                    sum += loaded[v][j] * column[v];
                moved[i, j] = tau * covariance[i, j] - sum;
            }
        }
        return new BlackLittermanPosterior(mean, moved);
    }

    /// <summary>(Σ + M)⁻¹μ/δ = w/(1 + τ) + Pᵀ·(PΣPᵀ + (1 + τ)/τ·Ω)⁻¹·(Q/δ − PΣw/(1 + τ)).</summary>
    /// <param name="covariance">Σ, which may be singular.</param>
    /// <param name="equilibrium">w.</param>
    /// <param name="tau">τ.</param>
    /// <param name="riskAversion">δ.</param>
    /// <param name="views">P by row.</param>
    /// <param name="values">Q.</param>
    /// <param name="omega">Diagonal of Ω.</param>
    /// <returns>The book; null where certain views contradict one another.</returns>
    /// <remarks>
    /// He and Litterman 1999, appendix B, property 3, by the matrix inversion lemma in a form without Ω⁻¹.
    /// </remarks>
    public static double[]? Weights(
        SymmetricMatrix covariance,
        double[] equilibrium,
        double tau,
        double riskAversion,
        double[][] views,
        double[] values,
        double[] omega
    )
    {
        double[] book = [.. equilibrium.Select(w => w / (1 + tau))];
        if (views.Length == 0)
            return book;
        double[][] loaded = [.. views.Select(view => Implied(covariance, view, 1))];
        using var system = new SymmetricMatrix(views.Length);
        for (int v = 0; v < views.Length; v++)
        for (int u = v; u < views.Length; u++)
            system[v, u] = ColumnProducts.Dot(views[v], loaded[u]) + (u == v ? (1 + tau) / tau * omega[v] : 0);
        double[] miss = [.. loaded.Select((row, v) => values[v] / riskAversion - ColumnProducts.Dot(row, book))];
        var found = SpanSolution.Of(system, miss);
        if (found.IsInconsistent)
            return null;
        for (int v = 0; v < views.Length; v++)
            ColumnProducts.AddScaled(found.X[v], views[v], book);
        return book;
    }

    /// <inheritdoc />
    protected override BookProposal Book(MethodReturns returns, MethodProblem problem)
    {
        int n = returns.Count;
        var settings = problem.Settings;
        var covariance = returns.Estimate(settings.Get(MinimumVariance.Covariance));
        double delta = settings.Get(RiskAversion),
            tau = settings.Get(Tau);
        double[] equilibrium = ByName.Values(problem, settings.Get(Equilibrium), 1.0);
        if (settings.Get(Equilibrium).IsEmpty)
            equilibrium = [.. equilibrium.Select(_ => 1.0 / n)];
        string missing = "";
        var stated =
            settings.Get(Views) == "mandate"
                ? BlackLittermanViews.OfMandate(problem, out missing)
                : BlackLittermanViews.OfEdges(returns, settings.Get(Confidence));
        if (missing.Length > 0)
            return BookProposal.Refuse(missing);
        double[][] rows = [.. stated.Select(view => view.Row)];
        double[] values = [.. stated.Select(view => view.Value)];
        double[] omega = [.. stated.Select(view => Omega(covariance, view.Row, tau, view.Confidence))];
        if (Weights(covariance, equilibrium, tau, delta, rows, values, omega) is not { } book)
            return BookProposal.Refuse(
                "certain views contradict one another on instruments that are made of one another: state them with "
                    + "less than 100% confidence, or name fewer instruments with universe"
            );
        double[] prior = Implied(covariance, equilibrium, delta);
        double[] mean = Posterior(covariance, prior, tau, rows, values, omega).Mean;
        return BookProposal.Of(book) with
        {
            Notes =
            [
                .. Enumerable
                    .Range(0, rows.Length)
                    .OrderByDescending(v => Math.Abs(ColumnProducts.Dot(rows[v], mean) - values[v]))
                    .Take(NotedViews)
                    .Select(v => Words(problem, rows[v], prior, values[v], mean)),
            ],
        };
    }

    /// <summary>A view's mean a year: at the equilibrium, as stated, after all views.</summary>
    static string Words(MethodProblem problem, double[] row, double[] prior, double value, double[] mean)
    {
        double years = problem.Prepared.Mandate.Horizon.Value;
        string name = "";
        for (int i = 0; i < row.Length; i++)
            if (row[i] != 0)
                name +=
                    (
                        row[i] * problem.Side[i] < 0 ? "-"
                        : name.Length > 0 ? "+"
                        : ""
                    ) + problem.Name(i);
        string Annual(double horizon) => FormattableString.Invariant($"{100 * horizon / years:0.##}%");
        double before = ColumnProducts.Dot(row, prior),
            after = ColumnProducts.Dot(row, mean);
        return $"{name}: mean return a year {Annual(before)} at equilibrium, {Annual(value)} stated, "
            + $"{Annual(after)} after all views";
    }
}
