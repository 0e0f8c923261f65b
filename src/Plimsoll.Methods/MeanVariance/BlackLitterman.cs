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
/// = 0)
/// work; weights (Σ + M)⁻¹μ/δ. Ω by He and Litterman is diag(PτΣPᵀ); by confidence c it is (1 − c)/c of that (Idzorek
/// 2005 in
/// Walters' closed form, exact per view).
/// </remarks>
public sealed class BlackLitterman : BookMethod
{
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

    /// <summary>(Σ + M)⁻¹μ/δ; null where that is singular.</summary>
    public static double[]? Weights(SymmetricMatrix covariance, BlackLittermanPosterior posterior, double riskAversion)
    {
        using var predictive = new SymmetricMatrix(covariance.Size);
        for (int i = 0; i < covariance.Size; i++)
        for (int j = i; j < covariance.Size; j++)
            predictive[i, j] = covariance[i, j] + posterior.MeanCovariance[i, j];
        return Frontier.Solve(predictive, posterior.Mean) is { } x
            ? [.. x.Select(value => value / riskAversion)]
            : null;
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
        double[] prior = Implied(covariance, equilibrium, delta);
        string missing = "";
        var stated =
            settings.Get(Views) == "mandate"
                ? BlackLittermanViews.OfMandate(problem, out missing)
                : BlackLittermanViews.OfEdges(returns, settings.Get(Confidence));
        if (missing.Length > 0)
            return BookProposal.Refuse(missing);
        var posterior = Posterior(
            covariance,
            prior,
            tau,
            [.. stated.Select(view => view.Row)],
            [.. stated.Select(view => view.Value)],
            [.. stated.Select(view => Omega(covariance, view.Row, tau, view.Confidence))]
        );
        return Weights(covariance, posterior, delta) is { } book
            ? BookProposal.Of(book)
            : BookProposal.Refuse(Frontier.Singular);
    }
}
