namespace Plimsoll.Numerics.Tests;

public sealed class FixedOrderSumTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(100_003)]
    public void Sum_and_dot_agree_with_the_plain_loop_in_whole_numbers(int length)
    {
        var random = new SeededRandom(11, 0);
        long[] left = [.. Enumerable.Range(0, length).Select(_ => random.NextInt(2_000_001) - 900_000L)];
        long[] right = [.. Enumerable.Range(0, length).Select(_ => random.NextInt(2_001) - 950L)];
        double[] a = [.. left.Select(x => x / 1024.0)];
        double[] b = [.. right.Select(x => x / 64.0)];
        // Every partial sum is a whole number of 2^-16 below 2^37: exact in double, so the order cannot show.
        Assert.Equal(left.Sum() / 1024.0, FixedOrderSum.Sum(a));
        Assert.Equal(left.Zip(right, (x, y) => x * y).Sum() / 65536.0, FixedOrderSum.Dot(a, b));
    }

    [Fact]
    public void Rounding_stays_below_the_pairwise_bound()
    {
        double[] tenths = new double[1_000_000];
        Array.Fill(tenths, 0.1);
        Assert.Equal(100_000.0, FixedOrderSum.Sum(tenths), 1e-9);
    }

    [Fact]
    public void Dot_refuses_different_lengths() =>
        Assert.Throws<ArgumentException>(() => FixedOrderSum.Dot(new double[2], new double[3]));
}
