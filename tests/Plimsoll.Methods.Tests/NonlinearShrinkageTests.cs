using Plimsoll.Numerics;

namespace Plimsoll.Methods.Tests;

/// <summary>Nonlinear shrinkage where the published form is hard to compute: scales far apart, no risk at all.</summary>
public sealed class NonlinearShrinkageTests
{
    [Fact]
    public void Nonlinear_shrinkage_leaves_what_has_no_risk_without_risk()
    {
        var random = new SeededRandom(47, 0);
        using var two = new ColumnMatrix(60, 2);
        using var three = new ColumnMatrix(60, 3);
        for (int s = 0; s < 60; s++)
        {
            double first = 0.02 * random.NextNormal(),
                second = 0.01 * first + 0.03 * random.NextNormal();
            (two[s, 0], two[s, 1]) = (first, Math.Sqrt(2) * second);
            (three[s, 0], three[s, 1], three[s, 2]) = (first, second, second);
        }
        double[] p = GoldenCase.Equal(60);
        using var plain = NonlinearShrinkage.Covariance(CovarianceEstimate.Sample(two, p), 60);
        using var twins = NonlinearShrinkage.Covariance(CovarianceEstimate.Sample(three, p), 60);
        // The same two risks turned: twins in equal parts are √2 of one.
        Assert.Equal(plain[0, 0], twins[0, 0], 1e-15);
        Assert.Equal(plain[0, 1], Math.Sqrt(2) * twins[0, 1], 1e-15);
        Assert.Equal(plain[1, 1], 2 * twins[1, 2], 1e-15);
        Assert.Equal(twins[1, 1], twins[1, 2], 1e-15);
    }

    /// <summary>With very many observations there is nothing to shrink, whatever lies between the eigenvalues.</summary>
    [Fact]
    public void Eigenvalues_of_very_different_size_stay_with_many_observations()
    {
        double[] values = [1e-12, 3e-9, 2e-6, 1e-3, 0.5, 40, 1e4];
        double[] shrunk = NonlinearShrinkage.Shrink(values, 1e6);
        for (int i = 0; i < values.Length; i++)
            Assert.Equal(1, shrunk[i] / values[i], 1e-4);
    }

    /// <summary>Against (1/π)·∫ k(u)/(u − z) du, the value at z taken out of the integral where z lies inside.</summary>
    [Theory, InlineData(0.3), InlineData(-1.7), InlineData(2.5), InlineData(4.4), InlineData(4.5), InlineData(-30)]
    [InlineData(1e4), InlineData(-1e9)]
    public void The_transform_of_the_kernel_is_its_integral(double z)
    {
        double edge = Math.Sqrt(5);
        double Kernel(double u) => 3 / (4 * edge) * (1 - u * u / 5);
        bool inside = Math.Abs(z) < edge;
        double at = inside ? Kernel(z) : 0;
        // What is left inside is the slope of a parabola, without a pole.
        double Rest(double u) => inside ? -3 / (20 * edge) * (u + z) : Kernel(u) / (u - z);
        const int Steps = 20_000;
        double sum = 0,
            width = 2 * edge / Steps;
        for (int k = 0; k <= Steps; k++)
            sum +=
                (
                    k is 0 or Steps ? 1
                    : k % 2 == 1 ? 4
                    : 2
                ) * Rest(-edge + k * width);
        double wanted = (sum * width / 3 + at * Math.Log(Math.Abs((edge - z) / (edge + z)))) / Math.PI;
        Assert.Equal(1, NonlinearShrinkage.Hilbert(z) / wanted, 1e-9);
    }

    [Fact]
    public void Units_change_nothing()
    {
        var random = new SeededRandom(53, 0);
        using var x = new ColumnMatrix(200, 4);
        using var other = new ColumnMatrix(200, 4);
        double[] unit = [1, 1e-3, 1e4, 0.02];
        for (int s = 0; s < 200; s++)
        {
            double market = random.NextNormal();
            for (int i = 0; i < 4; i++)
            {
                x[s, i] = 0.3 * i * market + random.NextNormal();
                other[s, i] = unit[i] * x[s, i];
            }
        }
        double[] p = GoldenCase.Equal(200);
        using var own = CovarianceEstimate.ByName("nonlinear", x, p).Matrix;
        using var scaled = CovarianceEstimate.ByName("nonlinear", other, p).Matrix;
        using var sample = CovarianceEstimate.Sample(x, p);
        for (int i = 0; i < 4; i++)
        for (int j = i; j < 4; j++)
            Assert.Equal(own[i, j], scaled[i, j] / unit[i] / unit[j], 1e-12);
        Assert.NotEqual(1, own[0, 3] / sample[0, 3], 1e-3);
    }
}
