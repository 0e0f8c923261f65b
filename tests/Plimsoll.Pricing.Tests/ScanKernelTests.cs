using Plimsoll.Markets;

namespace Plimsoll.Pricing.Tests;

public sealed class ScanKernelTests
{
    [Theory]
    [InlineData(OptionRight.Call)]
    [InlineData(OptionRight.Put)]
    public void A_cell_is_black_76_over_the_jumped_forward(OptionRight right)
    {
        var random = new Random(7);
        const int count = 613;
        var forward = new double[count];
        var deviation = new double[count];
        for (int i = 0; i < count; i++)
            (forward[i], deviation[i]) = (
                20_000 + 100_000 * random.NextDouble(),
                i % 50 == 0 ? 1e-12 : 2 * random.NextDouble()
            );
        double[] log = [.. forward.Select(f => Math.Log(f))];
        double[] inverse = [.. forward.Select(f => 1 / f)];
        double[] inverseDeviation = [.. deviation.Select(d => 1 / d)];
        var value = new double[count];
        foreach (double move in (double[])[-0.66, -0.16, 0, 0.12, 5])
        foreach (double strike in (double[])[5_000, 60_000, 400_000])
        {
            ScanKernel.ValueOverForward(
                strike,
                right,
                log,
                inverse,
                deviation,
                inverseDeviation,
                Math.Log(1 + move),
                value
            );
            for (int i = 0; i < count; i++)
            {
                double jumped = forward[i] * (1 + move);
                double expected = Black76.PriceUsd(jumped, strike, 1, deviation[i], right) / jumped;
                Assert.Equal(expected, value[i], 1e-11 * (1 + strike / jumped));
            }
        }
    }

    [Fact]
    public void Lengths_must_agree() =>
        Assert.Throws<ArgumentException>(() =>
            ScanKernel.ValueOverForward(1, OptionRight.Call, [0], [1], [1], [1], 0, new double[2])
        );
}
