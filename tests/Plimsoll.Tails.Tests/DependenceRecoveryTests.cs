using Plimsoll.Numerics;

namespace Plimsoll.Tails.Tests;

/// <summary>Planted regimes and copulas are found again.</summary>
public sealed class DependenceRecoveryTests
{
    [Fact]
    public void Planted_regimes_are_found_with_their_covariances_and_durations()
    {
        var truth = new RegimeParameters(
            [1, 0],
            [
                [0.98, 0.02],
                [0.08, 0.92],
            ],
            [
                [0.1, 0.1],
                [-0.3, -0.4],
            ],
            [Matrix(1, 0.3, 1.2), Matrix(16, 15, 20)]
        );
        var random = new SeededRandom(21, 0);
        var states = new int[4_000];
        double[][] series = [.. Draw(truth, random, states)];
        var found = RegimeModel.Fit(series, 2, 5);
        Assert.Equal(0.98, found.Transition[0][0], 0.01);
        Assert.Equal(0.92, found.Transition[1][1], 0.03);
        for (int i = 0; i < 2; i++)
        {
            double correlation =
                truth.Covariance[i][0, 1] / Math.Sqrt(truth.Covariance[i][0, 0] * truth.Covariance[i][1, 1]);
            double own = found.Covariance[i][0, 1] / Math.Sqrt(found.Covariance[i][0, 0] * found.Covariance[i][1, 1]);
            Assert.Equal(correlation, own, 0.06);
            Assert.Equal(1, found.Covariance[i][0, 0] / truth.Covariance[i][0, 0], 0.12);
        }
        var reading = RegimeModel.Read(series, found);
        double right = states.Where((state, t) => reading.Filtered[t][state] > 0.5).Count() / (double)states.Length;
        Assert.True(right > 0.95, $"{right}");
        // EM never falls: the fit is at least as likely as the truth, whose likelihood it was not told.
        Assert.True(reading.LogLikelihood >= RegimeModel.Read(series, truth).LogLikelihood - 5);
        Assert.Throws<ArgumentException>(() => RegimeModel.Fit([.. series.Take(50)], 2, 1));
    }

    [Fact]
    public void A_filter_knows_nothing_of_later_days()
    {
        var chain = new RegimeParameters(
            [0.5, 0.5],
            [
                [0.9, 0.1],
                [0.2, 0.8],
            ],
            [
                [0],
                [0],
            ],
            [Matrix1(1), Matrix1(9)]
        );
        var random = new SeededRandom(2, 0);
        double[][] series = [.. Enumerable.Range(0, 60).Select(_ => new[] { 2 * random.NextNormal() })];
        var all = RegimeModel.Read(series, chain);
        var early = RegimeModel.Read([.. series.Take(40)], chain);
        Assert.Equal(early.Filtered[39], all.Filtered[39]);
    }

    [Theory]
    [InlineData(0.7, 4)]
    [InlineData(0.3, 8)]
    public void A_planted_Student_copula_is_found(double rho, double degrees)
    {
        var truth = new StudentCopula(Matrix(1, rho, 1), degrees);
        double[][] columns = truth.Draw(3_000, 8);
        var ranks = RankDependence.PseudoObservations([
            .. Enumerable.Range(0, 3_000).Select(s => new[] { columns[0][s], columns[1][s] }),
        ]);
        var found = StudentCopula.Fit(ranks);
        Assert.Equal(rho, found.Correlation[0, 1], 0.03);
        Assert.InRange(found.Degrees, 0.7 * degrees, 1.6 * degrees);
    }

    [Fact]
    public void Draws_have_the_copulas_tail_at_the_same_depth_and_a_skew_leans_it_down()
    {
        const int Count = 40_000;
        var copula = new StudentCopula(Matrix(1, 0.6, 1), 5);
        double[][] even = copula.Draw(Count, 3);
        int k = Count / 100;
        double lower = RankDependence.LowerTail(even[0], even[1], k);
        double upper = RankDependence.LowerTail([.. even[0].Select(x => -x)], [.. even[1].Select(x => -x)], k);
        Assert.Equal(lower, upper, 0.06);
        // At 1% the share of joint lows is above its limit, and far above independence.
        Assert.InRange(lower, StudentCopula.TailDependence(0.6, 5) - 0.05, 0.55);
        double[][] skewed = copula.Draw(Count, 3, [-0.6, -0.6]);
        Assert.True(
            RankDependence.LowerTail(skewed[0], skewed[1], k)
                > RankDependence.LowerTail([.. skewed[0].Select(x => -x)], [.. skewed[1].Select(x => -x)], k) + 0.15
        );
        Assert.Equal(even[0], copula.Draw(Count, 3)[0]);
        Assert.NotEqual(even[0][0], copula.Draw(Count, 4)[0][0]);
    }

    [Fact]
    public void Recorded_falls_come_again_as_they_were_and_the_rest_is_the_body()
    {
        // On the worst days the second coin is spared: no elliptical copula says so.
        var random = new SeededRandom(6, 0);
        double[][] rows =
        [
            .. Enumerable
                .Range(0, 2_000)
                .Select(_ =>
                {
                    double common = random.NextNormal();
                    double second =
                        common < -1.9 ? 0.05 * random.NextNormal() - 1 : 0.9 * common + 0.4 * random.NextNormal();
                    return new[] { common, second };
                }),
        ];
        var copula = TailCopula.Fit(RankDependence.PseudoObservations(rows), 0.05);
        double[][] drawn = copula.Draw(20_000, 9);
        double seen = RankDependence.LowerTail([.. rows.Select(row => row[0])], [.. rows.Select(row => row[1])], 40);
        double again = RankDependence.LowerTail(drawn[0], drawn[1], 400);
        double elliptical = RankDependence.LowerTail(
            copula.Body.Draw(20_000, 9)[0],
            copula.Body.Draw(20_000, 9)[1],
            400
        );
        // Ranks are dealt anew, so the depth of 2% is not quite that of the record.
        Assert.InRange(again, seen, 0.5 * elliptical);
        Assert.True(elliptical > again + 0.15);
    }

    [Fact]
    public void Planted_dynamics_of_correlation_are_found_and_the_next_day_leans_to_the_last()
    {
        const int Count = 3_000;
        var random = new SeededRandom(12, 0);
        var q = Matrix(1, 0.5, 1);
        double a = 0.06,
            b = 0.90;
        var z = new double[Count][];
        for (int t = 0; t < Count; t++)
        {
            double rho = q[0, 1] / Math.Sqrt(q[0, 0] * q[1, 1]);
            double x = random.NextNormal(),
                y = rho * x + Math.Sqrt(1 - rho * rho) * random.NextNormal();
            z[t] = [x, y];
            double[] scaled = [Math.Sqrt(q[0, 0]) * x, Math.Sqrt(q[1, 1]) * y];
            for (int i = 0; i < 2; i++)
            for (int j = i; j < 2; j++)
                q[i, j] = (1 - a - b) * (i == j ? 1 : 0.5) + a * scaled[i] * scaled[j] + b * q[i, j];
        }
        var fit = DynamicCorrelation.Fit(z);
        Assert.Equal(a, fit.News, 0.025);
        Assert.Equal(b, fit.Memory, 0.06);
        Assert.Equal(q[0, 1] / Math.Sqrt(q[0, 0] * q[1, 1]), fit.Next[0, 1], 0.1);
    }

    static IEnumerable<double[]> Draw(RegimeParameters chain, SeededRandom random, int[] states)
    {
        int state = 0;
        for (int t = 0; t < states.Length; t++)
        {
            if (t > 0 && random.NextDouble() > chain.Transition[state][state])
                state = 1 - state;
            states[t] = state;
            var covariance = chain.Covariance[state];
            double x = random.NextNormal(),
                y = random.NextNormal();
            double root = Math.Sqrt(covariance[0, 0]);
            double slope = covariance[0, 1] / root;
            yield return
            [
                chain.Mean[state][0] + root * x,
                chain.Mean[state][1] + slope * x + Math.Sqrt(covariance[1, 1] - slope * slope) * y,
            ];
        }
    }

    static SymmetricMatrix Matrix(double first, double both, double second) =>
        DependenceGoldenTests.Matrix([
            [first, both],
            [both, second],
        ]);

    static SymmetricMatrix Matrix1(double variance) =>
        DependenceGoldenTests.Matrix([
            [variance],
        ]);
}
