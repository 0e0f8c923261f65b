using System.Globalization;
using System.Text.RegularExpressions;
using Plimsoll.Numerics;
using Plimsoll.TestSupport;

namespace Plimsoll.Methods.Tests;

/// <summary>Each method has a page whose worked number is what the code gives.</summary>
public sealed class MethodPageTests
{
    /// <summary>Golden ten scenarios of tail-objectives.json.</summary>
    static readonly double[][] Ten =
    [
        [-0.1, -0.04, 0.01],
        [-0.06, -0.12, 0.0],
        [-0.03, 0.02, -0.05],
        [-0.01, -0.05, 0.02],
        [0.01, 0.03, -0.03],
        [0.02, -0.02, 0.04],
        [0.04, 0.05, 0.01],
        [0.05, 0.01, -0.01],
        [0.06, 0.08, 0.03],
        [0.09, 0.1, 0.02],
    ];

    /// <summary>Golden path of min-cdar-80.</summary>
    static readonly double[][] Path10 =
    [
        [0.04, -0.02, 0.01],
        [-0.06, 0.03, -0.01],
        [-0.05, 0.04, 0.02],
        [0.03, -0.06, 0.0],
        [0.07, -0.03, -0.02],
        [-0.04, 0.05, 0.01],
        [0.02, 0.02, -0.03],
        [-0.08, 0.01, 0.02],
        [0.06, -0.01, 0.01],
        [0.05, 0.03, -0.01],
    ];

    static readonly double[] TenEqual = GoldenCase.Equal(10);

    public static TheoryData<string> Keys() => [.. SizingMethods.All.Select(method => method.Key)];

    [Theory, MemberData(nameof(Keys))]
    public void A_page_says_formula_source_use_and_a_number_that_holds(string key)
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "methods", key + ".md"));
        foreach (string part in new[] { "## Formula", "## Source", "## When to use it", "## Parameters" })
            Assert.Contains(part, page, StringComparison.Ordinal);
        foreach (var parameter in SizingMethods.Find(key)!.Parameters)
            Assert.Contains($"`{parameter.Name}`", page, StringComparison.Ordinal);
        string text = Regex.Match(page, @"Result: \*\*([0-9.]+)\*\*").Groups[1].Value;
        double printed = double.Parse(text, CultureInfo.InvariantCulture);
        int digits = text.Contains('.', StringComparison.Ordinal) ? text.Length - text.IndexOf('.') - 1 : 0;
        double found = Worked(key);
        Assert.True(Math.Abs(found - printed) <= 0.500001 * Math.Pow(10, -digits), $"{key}: {found:G8}, not {text}");
    }

    [Fact]
    public void Every_page_is_of_a_method_and_stands_in_the_list()
    {
        string folder = Path.Combine(Repository.Root, "docs", "methods");
        string list = File.ReadAllText(Path.Combine(folder, "README.md"));
        foreach (string file in Directory.GetFiles(folder, "*.md"))
        {
            string name = Path.GetFileNameWithoutExtension(file);
            if (name == "README")
                continue;
            Assert.NotNull(SizingMethods.Find(name));
            Assert.Contains($"({name}.md)", list, StringComparison.Ordinal);
        }
    }

    static double Worked(string key)
    {
        double[] coin = [0.6, 0.4];
        using var flip = GoldenCase.Columns([
            [1],
            [-1],
        ]);
        using var ten = GoldenCase.Columns(Ten);
        using var path = GoldenCase.Columns(Path10);
        switch (key)
        {
            case "equal-weight":
                return EqualWeight.Contracts(100_000, 1, 2, 10_000);
            case "fixed-fraction":
                return FixedFraction.Contracts(100_000, 0.1, 10_000);
            case "fixed-risk":
                return StatedMarkets.FixedRiskContracts(2, 0.01, 60_000, 0.05);
            case "inverse-volatility":
                return InverseVolatility.Weights([0.1, 0.2, 0.3, 0.4])[0];
            case "volatility-target":
                return VolatilityTarget.Notional(250_000, 0.2, 0.65, 0.25, 1.6, 1.5);
            case "atr-units":
                double n = 5;
                foreach (double range in new[] { 7.0, 7, 8, 9 })
                    n = AverageTrueRange.Next(n, range);
                return AverageTrueRange.Unit(1_000_000, 0.01, n, 100);
            case "growth":
                return StatedMarkets.GrowthShare(0.6, 0.2, 0.25);
            case "kelly":
                using (
                    var two = GoldenCase.Columns([
                        [1, 1],
                        [1, -1],
                        [-1, 1],
                        [-1, -1],
                    ])
                )
                    return KellyBook.Solve(two, [], [0.36, 0.24, 0.24, 0.16], 1, [0, 0], [0.49, 0.49]).Position[0];
            case "kelly-drawdown":
                double exponent = DrawdownKelly.Exponent(0.7, 0.1);
                return KellyBook
                    .Solve(
                        flip,
                        [],
                        coin,
                        1,
                        [0],
                        [0.99],
                        limits: value => [DrawdownKelly.Constraint(value, coin, exponent)]
                    )
                    .Position[0];
            case "kelly-continuous":
                return Single(0.05, 0.15, 1);
            case "kelly-shrunk":
                return ShrunkKelly.Multiple(0.25, 1, 4);
            case "kelly-ellipsoid":
                return Robust(0.2, 0.2, 1, 1, 4) / (0.2 / 0.04);
            case "kelly-robust":
                return RobustKelly
                    .Best(t =>
                    {
                        var found = KellyBook.Solve(flip, [], coin, 1 / (1 + 1 / t), [0], [0.99]);
                        return (found, found.Objective - t * 0.005);
                    })
                    .Solution.Position[0];
            case "kelly-wasserstein":
                return KellyBook.Solve(flip, [], coin, 1, [0], [0.9], 0.05).Position[0];
            case "min-variance":
                using (
                    var pair = GoldenCase.Covariance(
                        [0.1, 0.2],
                        [
                            [1, 0],
                            [0, 1],
                        ]
                    )
                )
                    return QuadraticBooks.LongOnlyMinimumVariance(pair).Book[0];
            case "mean-variance":
                return Single(0.05, 0.2, 2);
            case "max-sharpe":
                using (
                    var pair = GoldenCase.Covariance(
                        [0.2, 0.3],
                        [
                            [1, 0],
                            [0, 1],
                        ]
                    )
                )
                    return QuadraticBooks.LargestRatio(pair, [0.05, 0.06]).Book[0];
            case "robust-mean-variance":
                return Robust(0.05, 0.2, 2, 1, 25);
            default:
                return WorkedOnBooks(key, ten, path);
        }
    }

    static double WorkedOnBooks(string key, ColumnMatrix ten, ColumnMatrix path)
    {
        switch (key)
        {
            case "max-diversification":
                double[][] three =
                [
                    [1, 0.8, 0.1],
                    [0.8, 1, 0.2],
                    [0.1, 0.2, 1],
                ];
                using (var covariance = GoldenCase.Covariance([0.6, 0.8, 0.3], three))
                {
                    var (weights, report) = MaximumDiversification.Solve(covariance);
                    return Proven(report, weights[0]);
                }
            case "black-litterman":
                return Germany();
            case "entropy-pooling":
                using (
                    var die = GoldenCase.Columns([
                        [1],
                        [2],
                        [3],
                        [4],
                        [5],
                        [6],
                    ])
                )
                    return ViewPooling.Solve(die, GoldenCase.Equal(6), [new MeanView(0, 4.5)]).Law[5];
            case "risk-parity":
                double[][] pairs =
                [
                    [1, 0.8, 0, 0],
                    [0.8, 1, 0, 0],
                    [0, 0, 1, -0.5],
                    [0, 0, -0.5, 1],
                ];
                using (var covariance = GoldenCase.Covariance([0.1, 0.2, 0.3, 0.4], pairs))
                {
                    var (weights, report) = RiskParity.Solve(covariance, [1, 1, 1, 1]);
                    return Proven(report, weights[0]);
                }
            case "shortfall-parity":
                double[][] losses =
                [
                    [-0.08, -0.03, -0.01],
                    [-0.05, -0.09, 0.01],
                    [-0.03, -0.02, -0.04],
                    [-0.01, -0.06, 0.02],
                    [0.0, 0.01, -0.03],
                    [0.02, 0.03, 0.01],
                    [0.03, -0.01, 0.02],
                    [0.04, 0.05, 0.0],
                    [0.05, 0.06, 0.03],
                    [0.06, 0.08, -0.01],
                ];
                using (var x = GoldenCase.Columns(losses))
                {
                    var (weights, solution) = ShortfallParity.Solve(x, TenEqual, 0.7, [1, 1, 1]);
                    return Proven(solution.Report, weights[2]);
                }
            case "drawdown-parity":
                var parity = DrawdownParity.Solve(path, 0.8, [1, 1, 1]);
                return Proven(parity.Solution.Report, parity.Weights[0]);
            case "factor-parity":
                using (
                    var covariance = GoldenCase.Covariance(
                        [0.2, 0.3],
                        [
                            [1, 0],
                            [0, 1],
                        ]
                    )
                )
                {
                    double[] w = FactorParity
                        .Solve(
                            covariance,
                            [
                                [1, 0],
                                [0, 1],
                            ],
                            [0.3, 0.7]
                        )
                        .Weights;
                    return w[0] / w[1];
                }
            case "hierarchical-risk-parity":
                using (
                    var covariance = GoldenCase.Covariance(
                        [0.2, 0.5],
                        [
                            [1, 0.4],
                            [0.4, 1],
                        ]
                    )
                )
                    return HierarchicalRiskParity.Bisect(covariance, [0, 1])[0];
            case "cluster-risk-parity":
                using (
                    var covariance = GoldenCase.Covariance(
                        [0.2, 0.5],
                        [
                            [1, 0.4],
                            [0.4, 1],
                        ]
                    )
                )
                {
                    var tree = Clustering.Tree(Clustering.CorrelationDistance(covariance), Linkage.Ward);
                    return ClusterRiskParity.Solve(covariance, tree)[0];
                }
            case "min-shortfall":
                var shortfall = MinimumShortfall.Solve(ten, TenEqual, 0.8, null);
                return Proven(shortfall.Report, shortfall.TailLoss);
            case "min-entropic-var":
                using (var four = GoldenCase.Columns(WorkedNumberTests.Four))
                {
                    var entropic = EntropicRisk.Solve(four, GoldenCase.Equal(4), WorkedNumberTests.Level);
                    return Proven(entropic.Report, entropic.Value);
                }
            case "max-return-over-shortfall":
                var mean = new double[3];
                ColumnProducts.TransposeMultiply(ten, TenEqual, mean);
                var ratio = ReturnOverShortfall.Solve(ten, TenEqual, 0.8, mean);
                return Proven(ratio.Report, ratio.Weights[2]);
            case "min-drawdown":
                var drawdown = MinimumDrawdown.Solve(path, 0.8);
                return Proven(drawdown.Report, drawdown.Value);
            case "max-worst-case":
                var worst = WorstCase.Solve(ten);
                return Proven(worst.Report, worst.Value);
            default:
                throw new ArgumentOutOfRangeException(nameof(key), key, "a method without a worked number");
        }
    }

    /// <summary>A number stands on a page only if its solver proved it.</summary>
    static double Proven(SolverReport report, double value)
    {
        Assert.True(report.Converged, report.Reason);
        return value;
    }

    static double Single(double mean, double volatility, double riskAversion)
    {
        using var covariance = GoldenCase.Covariance(
            [volatility],
            [
                [1],
            ]
        );
        return QuadraticBooks.MeanVariance([mean], covariance, riskAversion, [-50], [50], 50, out _).Book[0];
    }

    static double Robust(double mean, double volatility, double riskAversion, double radius, double years)
    {
        using var covariance = GoldenCase.Covariance(
            [volatility],
            [
                [1],
            ]
        );
        return RobustMeanVariance.Solve([mean], covariance, riskAversion, radius / Math.Sqrt(years), 20).Book[0];
    }

    /// <summary>He and Litterman 1999, seven countries, the view on Germany.</summary>
    static double Germany()
    {
        double[] volatility = [0.16, 0.203, 0.248, 0.271, 0.21, 0.2, 0.187];
        double[][] correlation =
        [
            [1.0, 0.488, 0.478, 0.515, 0.439, 0.512, 0.491],
            [0.488, 1.0, 0.664, 0.655, 0.31, 0.608, 0.779],
            [0.478, 0.664, 1.0, 0.861, 0.355, 0.783, 0.668],
            [0.515, 0.655, 0.861, 1.0, 0.354, 0.777, 0.653],
            [0.439, 0.31, 0.355, 0.354, 1.0, 0.405, 0.306],
            [0.512, 0.608, 0.783, 0.777, 0.405, 1.0, 0.652],
            [0.491, 0.779, 0.668, 0.653, 0.306, 0.652, 1.0],
        ];
        double[] market = [0.016, 0.022, 0.052, 0.055, 0.116, 0.124, 0.615];
        double[] view = [0.0, 0.0, -0.295, 1.0, 0.0, -0.705, 0.0];
        using var covariance = GoldenCase.Covariance(volatility, correlation);
        return BlackLitterman.Weights(covariance, market, 0.05, 2.5, [view], [0.05], [0.001065383332])![3];
    }
}
