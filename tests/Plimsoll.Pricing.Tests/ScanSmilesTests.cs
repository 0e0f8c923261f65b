using Plimsoll.Markets;
using Plimsoll.Numerics;

namespace Plimsoll.Pricing.Tests;

public sealed class ScanSmilesTests
{
    const int Count = 413;

    static (double[] Log, double[] Scale, double[] Tilt) Moves()
    {
        var random = new Random(11);
        double[] Each(Func<double> draw) => [.. Enumerable.Range(0, Count).Select(_ => draw())];
        return (
            Each(() => Math.Log(20_000 + 100_000 * random.NextDouble())),
            Each(() => 0.1 + 3 * random.NextDouble()),
            Each(() => 0.02 * (random.NextDouble() - 0.5))
        );
    }

    static readonly SviSlice Slice = new(default, 0.1, 1, 0.01, 0.08, -0.3, 0.02, 0.15);

    [Theory]
    [InlineData(5_000)]
    [InlineData(60_000)]
    [InlineData(400_000)]
    public void Deviation_is_that_of_the_moved_slice(double strike)
    {
        var (log, scale, tilt) = Moves();
        var deviation = new double[Count];
        ScanSmiles.Deviations(Slice, strike, log, scale, tilt, deviation);
        for (int i = 0; i < Count; i++)
        {
            double kappa = (Math.Log(strike) - log[i]) / Math.Sqrt(scale[i]);
            double variance = Math.Max(1e-24, Slice.TotalVariance(kappa) + tilt[i] * kappa);
            Assert.Equal(Math.Sqrt(variance * scale[i]), deviation[i], 1e-13);
        }
    }

    [Theory]
    [InlineData(OptionRight.Call, true)]
    [InlineData(OptionRight.Call, false)]
    [InlineData(OptionRight.Put, true)]
    [InlineData(OptionRight.Put, false)]
    public void Probability_is_the_normal_law_of_either_distance(OptionRight right, bool ofStrike)
    {
        var (log, scale, tilt) = Moves();
        var (deviation, probability) = (new double[Count], new double[Count]);
        ScanSmiles.Deviations(Slice, 60_000, log, scale, tilt, deviation);
        ScanSmiles.Probabilities(60_000, right, ofStrike, log, deviation, probability);
        double sign = right == OptionRight.Call ? 1 : -1;
        for (int i = 0; i < Count; i++)
        {
            double d = (log[i] - Math.Log(60_000)) / deviation[i] + (ofStrike ? -0.5 : 0.5) * deviation[i];
            Assert.Equal(sign * SpecialFunctions.NormalCdf(sign * d), probability[i], 1e-13);
        }
    }

    [Fact]
    public void Lengths_must_agree()
    {
        Assert.Throws<ArgumentException>(() => ScanSmiles.Deviations(Slice, 1, [0], [1], [0], new double[2]));
        Assert.Throws<ArgumentException>(() =>
            ScanSmiles.Probabilities(1, OptionRight.Put, true, [0], [1], new double[2])
        );
    }
}
