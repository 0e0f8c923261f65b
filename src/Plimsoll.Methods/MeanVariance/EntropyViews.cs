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
    public static ShareParameter Confidence { get; } = new("confidence", "Confidence in each of them.", 1, 0, 1);

    /// <summary>Confidence of single views.</summary>
    public static NumbersByNameParameter Confidences { get; } =
        new(
            "confidences",
            "Confidence of single views in place of confidence, a fraction, by the view's key and name with a space "
                + "between them (\"mean BTC-*\", \"correlation BTC-PERPETUAL/ETH-PERPETUAL\"; \"ranking\" alone).",
            0,
            1
        );

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
            Confidences,
            MeanVarianceUtility.RiskAversion,
            MeanVarianceUtility.Gross,
        ];

    /// <inheritdoc />
    protected override BookProposal Book(MethodReturns returns, MethodProblem problem)
    {
        var settings = problem.Settings;
        // Views are of the instruments as they are, whatever side the others take.
        var x = returns.WithEdge(problem);
        for (int i = 0; i < x.Columns; i++)
            if (problem.Side[i] < 0)
                foreach (ref double value in x.Column(i))
                    value = -value;
        if (Views(returns, problem, out string fault) is not { } views)
            return BookProposal.Refuse(fault);
        var pooled = ViewPooling.Solve(x, problem.Weights, views);
        if (!pooled.Report.Converged)
            return BookProposal.Refuse(Conflict(problem, pooled));
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
        return BookProposal.Of(book.Select((f, i) => problem.Side[i] * f), report) with
        {
            Notes = [FormattableString.Invariant($"views cost {pooled.Divergence:0.####} nats of relative entropy")],
        };
    }

    static string Conflict(MethodProblem problem, PooledLaw pooled)
    {
        if (pooled.Farthest is not { } statement)
            return $"views that hold together: {pooled.Report.Reason}";
        string name = problem.Name(statement.First);
        if (statement.Second != statement.First)
            name += $" and {problem.Name(statement.Second)}";
        return $"views that hold together: the {statement.What} of {name} cannot be met with the others; a volatility "
            + "holds its instrument's mean where it is, a correlation both means and volatilities, unless a view of "
            + "their own moves them";
    }

    static List<AssetView>? Views(MethodReturns returns, MethodProblem problem, out string fault)
    {
        var settings = problem.Settings;
        double root = Math.Sqrt(returns.HorizonYears);
        var views = new List<(string Name, Func<double, AssetView> Make)>();
        fault = "";
        void Add(NumbersByNameParameter parameter, Func<int, double, double, AssetView> make)
        {
            double[] values = ByName.Values(problem, settings.Get(parameter), double.NaN);
            for (int i = 0; i < values.Length; i++)
                if ((asset: i, value: values[i]) is var (asset, value) && !double.IsNaN(value))
                    views.Add(($"{parameter.Name} {problem.Name(i)}", confidence => make(asset, value, confidence)));
        }
        Add(Means, (i, v, confidence) => new MeanView(i, v * returns.HorizonYears, confidence));
        Add(Volatilities, (i, v, confidence) => new DeviationView(i, v * root, confidence));
        Add(Quantiles, (i, v, confidence) => new QuantileView(i, v, 0.05, confidence));
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
            views.Add(($"{Correlations.Name} {pair}", confidence => new CorrelationView(a, b, value, confidence)));
        }
        int[] ranked = [.. settings.Get(Ranking).Select(Find)];
        if (ranked.Contains(-1))
        {
            fault = "instruments of the universe in its ranking";
            return null;
        }
        for (int k = 1; k < ranked.Length; k++)
            if ((ranked[k - 1], ranked[k]) is var (better, worse))
                views.Add((Ranking.Name, confidence => new RankingView(better, worse, 0, confidence)));
        string[] stated = [.. views.Select(view => view.Name)];
        foreach (string pattern in settings.Get(Confidences).Keys.Order(StringComparer.Ordinal))
            if (!stated.Any(name => NamePattern.Matches(pattern, name)))
            {
                fault = $"a confidence for \"{pattern}\" matches none of its views: {string.Join(", ", stated)}";
                return null;
            }
        double[] confidences = ByName.Values(stated, settings.Get(Confidences), settings.Get(Confidence));
        return [.. views.Select((view, k) => view.Make(confidences[k]))];
    }
}
