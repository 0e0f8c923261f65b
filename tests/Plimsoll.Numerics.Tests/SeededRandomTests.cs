namespace Plimsoll.Numerics.Tests;

public sealed class SeededRandomTests
{
    [Fact]
    public void Cipher_gives_the_published_words_for_a_zero_and_for_a_full_counter_and_key()
    {
        // Known answers of the Random123 library (kat_vectors, philox4x64 10).
        var words = new ulong[4];
        SeededRandom.Encrypt(0, 0, 0, words);
        Assert.Equal([0x16554d9eca36314cUL, 0xdb20fe9d672d0fdcUL, 0xd7e772cee186176bUL, 0x7e68b68aec7ba23bUL], words);
        const ulong Full = ulong.MaxValue;
        SeededRandom.Encrypt(Full, Full, Full, Full, Full, Full, words);
        Assert.Equal([0x87b092c3013fe90bUL, 0x438c3c67be8d0224UL, 0x9cc7d7c69cd777b6UL, 0xa09caebf594f0ba0UL], words);
    }

    [Fact]
    public void Draws_repeat_for_the_same_seed_and_stream_and_differ_for_another_stream()
    {
        var (first, again, other) = (new SeededRandom(7, 1), new SeededRandom(7, 1), new SeededRandom(7, 2));
        double[] a = Draw(first);
        Assert.Equal(a, Draw(again));
        Assert.Empty(a.Intersect(Draw(other)));

        static double[] Draw(SeededRandom random) => [.. Enumerable.Range(0, 100).Select(_ => random.NextDouble())];
    }

    [Fact]
    public void Uniforms_and_normals_have_their_moments()
    {
        const int Count = 200_000;
        var random = new SeededRandom(1, 0);
        double[] uniforms = [.. Enumerable.Range(0, Count).Select(_ => random.NextDouble())];
        double[] normals = [.. Enumerable.Range(0, Count).Select(_ => random.NextNormal())];
        Assert.All(uniforms, u => Assert.InRange(u, double.Epsilon, 1 - 1e-17));
        // Four standard errors of each moment.
        double e = 4 / Math.Sqrt(Count);
        Assert.InRange(uniforms.Average(), 0.5 - e * Math.Sqrt(1 / 12.0), 0.5 + e * Math.Sqrt(1 / 12.0));
        Assert.InRange(normals.Average(), -e, e);
        Assert.InRange(normals.Average(z => z * z), 1 - e * Math.Sqrt(2), 1 + e * Math.Sqrt(2));
        Assert.InRange(normals.Average(z => z * z * z * z), 3 - e * Math.Sqrt(96), 3 + e * Math.Sqrt(96));
    }

    [Fact]
    public void Whole_numbers_stay_below_n_and_every_one_comes_equally_often()
    {
        var random = new SeededRandom(3, 9);
        int[] counts = new int[7];
        for (int i = 0; i < 70_000; i++)
            counts[random.NextInt(7)]++;
        // χ² with 6 degrees of freedom: 22.5 is passed with probability 0.999.
        Assert.InRange(counts.Sum(c => (c - 10_000.0) * (c - 10_000.0) / 10_000), 0, 22.5);
        Assert.Throws<ArgumentOutOfRangeException>(() => random.NextInt(0));
    }
}
