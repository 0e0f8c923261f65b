using System.Text.Json.Nodes;
using Plimsoll.Numerics;

namespace Plimsoll.Tails.Tests;

/// <summary>Golden rows of regimes and dependence.</summary>
public sealed class DependenceGoldenTests
{
    [Fact]
    public void Hamilton_filter_of_two_states()
    {
        var row = TailsGolden.Case("regimes", "hmm-2-state-forward");
        double[] sigma = row.InputVector("sigma");
        var chain = new RegimeParameters(
            row.InputVector("pi0"),
            TailsGolden.Rows(row.Inputs("P")),
            [.. row.InputVector("mu").Select(mean => new[] { mean })],
            [
                .. sigma.Select(deviation =>
                    Matrix([
                        [deviation * deviation],
                    ])
                ),
            ]
        );
        var reading = RegimeModel.Read([.. row.InputVector("y").Select(y => new[] { y })], chain);
        row.Meets("loglik", reading.LogLikelihood);
        row.MeetsVector("predicted_next", reading.PredictedNext);
        double[][] filtered = TailsGolden.Rows(row["expected"]!["filtered"]);
        for (int t = 0; t < filtered.Length; t++)
        for (int i = 0; i < 2; i++)
            row.Near(filtered[t][i], reading.Filtered[t][i], $"filtered {t}, {i}");
        // Smoothing by summing all paths of states.
        for (int t = 0; t < 6; t++)
            Assert.Equal(ByPaths(row, chain, t), reading.Smoothed[t][1], 1e-12);
    }

    [Fact]
    public void Tail_of_the_mixture_that_follows()
    {
        var row = TailsGolden.Case("regimes", "mixture-var-es-next-day");
        var law = new NormalMixtureLaw(row.InputVector("weights"), row.InputVector("mu"), row.InputVector("sigma"));
        row.Meets("var", -law.Quantile(row.Input("p")));
        row.Meets("es", -law.TailMean(row.Input("p")));
    }

    [Fact]
    public void Correlation_part_of_the_dynamic_likelihood()
    {
        var row = TailsGolden.Case("dependence", "dcc-correlation-loglik");
        var seen = new List<double>();
        var (likelihood, _) = DynamicCorrelation.Filter(
            TailsGolden.Rows(row.Inputs("z")),
            Matrix(TailsGolden.Rows(row.Inputs("Qbar"))),
            row.Input("a"),
            row.Input("b"),
            corrected: false,
            (_, r) => seen.Add(r[0, 1])
        );
        row.Meets("loglik_correlation_part", likelihood);
        row.MeetsVector("rho", seen);
    }

    [Theory]
    [InlineData("t-copula-0.02-0.03-nu4")]
    [InlineData("t-copula-0.5-0.5-nu4")]
    public void Density_and_tail_of_the_Student_copula(string name)
    {
        var row = TailsGolden.Case("dependence", name);
        double rho = row.Input("rho"),
            degrees = row.Input("nu");
        var copula = new StudentCopula(
            Matrix([
                [1, rho],
                [rho, 1],
            ]),
            degrees
        );
        row.Meets("density", Math.Exp(copula.LogDensity(row.InputVector("u"))));
        row.Meets("lambda_tail", StudentCopula.TailDependence(rho, degrees));
    }

    [Fact]
    public void Table_of_tail_dependence()
    {
        var row = TailsGolden.Case("dependence", "t-copula-tail-dependence-table");
        double[][] table = TailsGolden.Rows(row["expected"]!["lambda_tail"]);
        double[] degrees = row.InputVector("nu"),
            rho = row.InputVector("rho");
        for (int i = 0; i < degrees.Length; i++)
        for (int j = 0; j < rho.Length; j++)
            row.Near(table[i][j], StudentCopula.TailDependence(rho[j], degrees[i]), $"nu {degrees[i]}, rho {rho[j]}");
    }

    [Fact]
    public void Clayton()
    {
        var row = TailsGolden.Case("dependence", "clayton-theta2.0");
        var copula = new ClaytonCopula(row.Input("theta"));
        double[] u = row.InputVector("u");
        row.Meets("cdf", copula.Cdf(u[0], u[1]));
        row.Meets("density", copula.Density(u[0], u[1]));
        row.Meets("lambda_lower", copula.LowerTailDependence);
        row.Meets("kendall_tau", copula.KendallTau);
    }

    [Fact]
    public void Gumbel()
    {
        var row = TailsGolden.Case("dependence", "gumbel-theta1.8");
        var copula = new GumbelCopula(row.Input("theta"));
        double[] u = row.InputVector("u");
        row.Meets("cdf", copula.Cdf(u[0], u[1]));
        row.Meets("density", copula.Density(u[0], u[1]));
        row.Meets("lambda_upper", copula.UpperTailDependence);
        row.Meets("kendall_tau", copula.KendallTau);
    }

    [Fact]
    public void Rank_estimates()
    {
        var row = TailsGolden.Case("dependence", "empirical-tail-dependence");
        double[] x = row.InputVector("x"),
            y = row.InputVector("y");
        row.Meets("lambda_lower", RankDependence.LowerTail(x, y, (int)row.Input("k")));
        row.Meets("kendall_tau", RankDependence.KendallTau(x, y));
        row.Meets("spearman", RankDependence.SpearmanRho(x, y));
    }

    [Fact]
    public void Shrinkage_towards_the_identity()
    {
        var row = TailsGolden.Case("dependence", "linear-shrinkage-identity");
        var shrunk = Shrinkage.TowardsIdentity(Matrix(TailsGolden.Rows(row.Inputs("S"))), row.Input("intensity"));
        double[][] expected = TailsGolden.Rows(row["expected"]!["shrunk"]);
        for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            row.Near(expected[i][j], shrunk[i, j], $"{i}, {j}");
    }

    static double ByPaths(JsonObject row, RegimeParameters chain, int at)
    {
        double[] y = row.InputVector("y"),
            sigma = row.InputVector("sigma");
        double all = 0,
            second = 0;
        for (int path = 0; path < 1 << y.Length; path++)
        {
            double p = 1;
            for (int t = 0; t < y.Length; t++)
            {
                int state = (path >> t) & 1;
                p *= t == 0 ? chain.Initial[state] : chain.Transition[(path >> (t - 1)) & 1][state];
                double z = (y[t] - chain.Mean[state][0]) / sigma[state];
                p *= Math.Exp(-0.5 * z * z) / sigma[state];
            }
            all += p;
            second += ((path >> at) & 1) == 1 ? p : 0;
        }
        return second / all;
    }

    internal static SymmetricMatrix Matrix(double[][] rows)
    {
        var matrix = new SymmetricMatrix(rows.Length);
        for (int i = 0; i < rows.Length; i++)
        for (int j = i; j < rows.Length; j++)
            matrix[i, j] = rows[i][j];
        return matrix;
    }
}
