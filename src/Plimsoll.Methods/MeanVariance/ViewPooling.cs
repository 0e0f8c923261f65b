using Plimsoll.Numerics;

namespace Plimsoll.Methods;

/// <summary>A law after views, or why there is none.</summary>
/// <param name="Law">Probabilities; empty when refused.</param>
/// <param name="Divergence">Relative entropy of the law of all views to the prior.</param>
/// <param name="Report">Of the solver.</param>
public sealed record PooledLaw(double[] Law, double Divergence, SolverReport Report)
{
    /// <summary>Of a refusal: the statement farthest from being met; null otherwise.</summary>
    public ViewStatement? Farthest { get; init; }
}

/// <summary>What one row of the program says, a view or a pin of one.</summary>
/// <param name="What">Mean, volatility, correlation, quantile or ranking.</param>
/// <param name="First">Column.</param>
/// <param name="Second">The other column; the same where there is none.</param>
public sealed record ViewStatement(string What, int First, int Second);

/// <summary>Entropy pooling with views on means, deviations, correlations, quantiles and rankings.</summary>
/// <remarks>
/// Meucci 2008. A deviation is linear only with its mean pinned, a correlation only with means and deviations pinned;
/// they are, at
/// the views' values or else at the prior's (Vorobets 2021 pins in sequence). Confidences mix laws: with c_1 ≤ c_2 ≤ …
/// the law is
/// (1 − c_n)·p + Σ (c_k − c_{k−1})·x(views of confidence c_k or more), so that one confidence c gives (1 − c)·p + c·x.
/// </remarks>
public static class ViewPooling
{
    /// <summary>Pools views.</summary>
    /// <param name="x">S x n.</param>
    /// <param name="prior">p.</param>
    /// <param name="views">Views.</param>
    public static PooledLaw Solve(ColumnMatrix x, double[] prior, IReadOnlyList<AssetView> views)
    {
        double[] levels = [.. views.Select(view => view.Confidence).Where(c => c > 0).Distinct().Order()];
        if (levels.Length == 0)
            return new PooledLaw(prior, 0, new SolverReport(true, 0, 0, 0));
        double[] law = [.. prior.Select(p => (1 - levels[^1]) * p)];
        double before = 0;
        LawSolution? first = null;
        foreach (double level in levels)
        {
            var held = views.Where(view => view.Confidence >= level).ToList();
            using var columns = Statements(x, prior, held, out double[] targets, out bool[] atMost, out var says);
            var solution = RelativeEntropy.Solve(prior, new LawStatements(columns, targets, atMost));
            if (!solution.Report.Converged)
                return new PooledLaw([], double.PositiveInfinity, solution.Report)
                {
                    Farthest = solution.Worst >= 0 ? says[solution.Worst] : null,
                };
            first ??= solution;
            for (int s = 0; s < law.Length; s++)
                law[s] += (level - before) * solution.Law[s];
            before = level;
        }
        return new PooledLaw(law, first!.Divergence, first.Report);
    }

    static ColumnMatrix Statements(
        ColumnMatrix x,
        double[] prior,
        List<AssetView> views,
        out double[] targets,
        out bool[] atMost,
        out ViewStatement[] says
    )
    {
        var rows = new List<(Action<Span<double>> Fill, double Target, bool AtMost, ViewStatement Says)>();
        double Mean(int i) =>
            views.OfType<MeanView>().FirstOrDefault(view => view.Asset == i)?.Value
            ?? ColumnProducts.Dot(x.Column(i), prior);
        double Deviation(int i)
        {
            if (views.OfType<DeviationView>().FirstOrDefault(view => view.Asset == i) is { } view)
                return view.Value;
            double mean = ColumnProducts.Dot(x.Column(i), prior);
            double square = 0;
            var column = x.Column(i);
            for (int s = 0; s < prior.Length; s++)
                square += prior[s] * (column[s] - mean) * (column[s] - mean);
            return Math.Sqrt(square);
        }
        void Product(int i, int j, double target) =>
            rows.Add(
                (
                    into =>
                    {
                        var (a, b) = (x.Column(i).ToArray(), x.Column(j).ToArray());
                        for (int s = 0; s < into.Length; s++)
                            into[s] = a[s] * b[s];
                    },
                    target,
                    false,
                    new ViewStatement(i == j ? "volatility" : "correlation", i, j)
                )
            );
        int[] paired =
        [
            .. views.OfType<CorrelationView>().SelectMany(view => new[] { view.First, view.Second }).Distinct(),
        ];
        int[] spread = [.. views.OfType<DeviationView>().Select(view => view.Asset).Union(paired)];
        int[] located = [.. views.OfType<MeanView>().Select(view => view.Asset).Union(spread)];
        foreach (int i in located)
            rows.Add((into => x.Column(i).CopyTo(into), Mean(i), false, new ViewStatement("mean", i, i)));
        foreach (int i in spread)
            Product(i, i, Deviation(i) * Deviation(i) + Mean(i) * Mean(i));
        foreach (var view in views.OfType<CorrelationView>())
            Product(
                view.First,
                view.Second,
                view.Value * Deviation(view.First) * Deviation(view.Second) + Mean(view.First) * Mean(view.Second)
            );
        foreach (var view in views.OfType<QuantileView>())
            rows.Add(
                (
                    into =>
                    {
                        var column = x.Column(view.Asset);
                        for (int s = 0; s < into.Length; s++)
                            into[s] = column[s] <= view.Value ? 1 : 0;
                    },
                    view.Probability,
                    false,
                    new ViewStatement("quantile", view.Asset, view.Asset)
                )
            );
        foreach (var view in views.OfType<RankingView>())
            rows.Add(
                (
                    into =>
                    {
                        into.Clear();
                        ColumnProducts.AddScaled(1, x.Column(view.Worse), into);
                        ColumnProducts.AddScaled(-1, x.Column(view.Better), into);
                    },
                    -view.By,
                    true,
                    new ViewStatement("ranking", view.Better, view.Worse)
                )
            );
        var columns = new ColumnMatrix(x.Rows, rows.Count);
        for (int j = 0; j < rows.Count; j++)
            rows[j].Fill(columns.Column(j));
        targets = [.. rows.Select(row => row.Target)];
        atMost = [.. rows.Select(row => row.AtMost)];
        says = [.. rows.Select(row => row.Says)];
        return columns;
    }
}
