using System.Collections.Immutable;
using Plimsoll.Numerics;
using Plimsoll.Sizing;

namespace Plimsoll.Methods;

/// <summary>Mean-variance under the law of least relative entropy that meets views of returns.</summary>
/// <remarks>
/// <see cref="ViewPooling"/>. These views are the method's own, beside the mandate's; without any, the prior's means
/// are the
/// stated edges and the method is mean-variance.
/// </remarks>
public sealed class EntropyViews : BookMethod
{
    /// <summary>Means a year.</summary>
    public static NumbersByNameParameter Means { get; } =
        new("mean", "Mean return a year by name or pattern, a fraction of notional.", -100, 100);

    /// <summary>Volatilities a year.</summary>
    public static NumbersByNameParameter Volatilities { get; } =
        new("volatility", "Volatility a year by name or pattern, a fraction.", 0.0001, 100);

    /// <summary>Quantiles.</summary>
    public static NumbersByNameParameter Quantiles { get; } =
        new("quantile-5", "Return over the horizon that 5% of outcomes lie below, by name or pattern.", -100, 100);

    /// <summary>Correlations.</summary>
    public static NumbersByNameParameter Correlations { get; } =
        new("correlation", "Correlation of two instruments, named with a slash between them.", -0.999, 0.999);

    /// <summary>Ranking.</summary>
    public static NamesParameter Ranking { get; } =
        new("ranking", "Instruments by name or pattern, the best mean first.");

    /// <summary>Confidence.</summary>
    public static ShareParameter Confidence { get; } = new("confidence", "Confidence in all of them.", 1, 0, 1);

    /// <inheritdoc />
    public override string Key => "entropy-pooling";

    /// <inheritdoc />
    public override MethodFamily Family => MethodFamily.MeanVariance;

    /// <inheritdoc />
    public override string Description => "Mean-variance under the nearest law that meets views of returns.";

    /// <inheritdoc />
    public override ImmutableArray<MethodParameter> Parameters =>
        [
            Means,
            Volatilities,
            Quantiles,
            Correlations,
            Ranking,
            Confidence,
            MeanVarianceUtility.RiskAversion,
            MeanVarianceUtility.Gross,
        ];

    /// <inheritdoc />
    protected override BookProposal Book(MethodReturns returns, MethodProblem problem)
    {
        var settings = problem.Settings;
        var x = returns.WithEdge(problem);
        if (Views(returns, problem, out string fault) is not { } views)
            return BookProposal.Refuse(fault);
        var pooled = ViewPooling.Solve(x, problem.Weights, views);
        if (!pooled.Report.Converged)
            return BookProposal.Refuse($"views that hold together: {pooled.Report.Reason}");
        var mean = new double[returns.Count];
        ColumnProducts.TransposeMultiply(x, pooled.Law, mean);
        using var covariance = CovarianceEstimate.Sample(x, pooled.Law);
        double gross = settings.Get(MeanVarianceUtility.Gross);
        double[] most = [.. Enumerable.Repeat(gross, returns.Count)];
        var (book, report) = QuadraticBooks.MeanVariance(
            mean,
            covariance,
            settings.Get(MeanVarianceUtility.RiskAversion),
            [.. most.Select(m => -m)],
            most,
            gross,
            out _
        );
        return BookProposal.Of(book, report) with
        {
            Notes = [FormattableString.Invariant($"views cost {pooled.Divergence:0.####} nats of relative entropy")],
        };
    }

    static List<AssetView>? Views(MethodReturns returns, MethodProblem problem, out string fault)
    {
        var settings = problem.Settings;
        double confidence = settings.Get(Confidence);
        double root = Math.Sqrt(returns.HorizonYears);
        var views = new List<AssetView>();
        fault = "";
        void Add(NumbersByNameParameter parameter, Func<int, double, AssetView> make)
        {
            double[] values = ByName.Values(problem, settings.Get(parameter), double.NaN);
            for (int i = 0; i < values.Length; i++)
                if (!double.IsNaN(values[i]))
                    views.Add(make(i, values[i]));
        }
        Add(Means, (i, v) => new MeanView(i, problem.Side[i] * v * returns.HorizonYears, confidence));
        Add(Volatilities, (i, v) => new DeviationView(i, v * root, confidence));
        Add(
            Quantiles,
            (i, v) =>
                problem.Side[i] > 0
                    ? new QuantileView(i, v, 0.05, confidence)
                    : new QuantileView(i, -v, 0.95, confidence)
        );
        int Find(string name) =>
            Enumerable.Range(0, returns.Count).FirstOrDefault(i => NamePattern.Matches(name, problem.Name(i)), -1);
        foreach (var (pair, value) in settings.Get(Correlations).OrderBy(row => row.Key, StringComparer.Ordinal))
        {
            string[] names = pair.Split('/');
            int a = Find(names[0]),
                b = names.Length == 2 ? Find(names[1]) : -1;
            if (a < 0 || b < 0 || a == b)
            {
                fault = $"two instruments of the universe with a slash between them, not {pair}";
                return null;
            }
            views.Add(new CorrelationView(a, b, problem.Side[a] * problem.Side[b] * value, confidence));
        }
        int[] ranked = [.. settings.Get(Ranking).Select(Find)];
        if (ranked.Contains(-1))
        {
            fault = "instruments of the universe in its ranking";
            return null;
        }
        for (int k = 1; k < ranked.Length; k++)
            views.Add(
                problem.Side[ranked[k]] == problem.Side[ranked[k - 1]] && problem.Side[ranked[k]] < 0
                    ? new RankingView(ranked[k], ranked[k - 1], 0, confidence)
                    : new RankingView(ranked[k - 1], ranked[k], 0, confidence)
            );
        return views;
    }
}
