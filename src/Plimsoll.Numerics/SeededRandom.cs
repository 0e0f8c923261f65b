using System.Runtime.CompilerServices;

namespace Plimsoll.Numerics;

/// <summary>Random numbers that are the same for ever: Philox 4x64-10, keyed by seed and stream.</summary>
/// <remarks>
/// Salmon, Moraes, Dror and Shaw, Parallel random numbers: as easy as 1, 2, 3 (SC'11): the 256-bit counter is encrypted
/// by ten rounds under the key (seed, stream), so streams of one seed never meet and need no skipping ahead. A draw
/// uses the next 64-bit word. Not thread safe: give each task its own stream, by index and never by thread.
/// </remarks>
public sealed class SeededRandom
{
    readonly ulong seed;
    readonly ulong stream;
    readonly ulong[] words = new ulong[4];
    ulong counter;
    int used = 4;

    /// <summary>The first number of a stream.</summary>
    /// <param name="seed">Names the run.</param>
    /// <param name="stream">Names the use within the run; another stream is independent.</param>
    public SeededRandom(ulong seed, ulong stream) => (this.seed, this.stream) = (seed, stream);

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        if (used == 4)
        {
            Encrypt(counter++, seed, stream, words);
            used = 0;
        }
        return words[used++];
    }

    /// <summary>Uniform in (0, 1): the midpoints of 2^52 equal cells, so neither end is ever drawn.</summary>
    public double NextDouble() => ((NextBits() >> 12) + 0.5) * (1.0 / (1L << 52));

    /// <summary>Standard normal, by inversion of one uniform.</summary>
    public double NextNormal() => NormalQuantile.At(NextDouble());

    /// <summary>Uniform in 0 .. n − 1, without bias (Lemire, ACM TOMACS 29 (2019): reject the short cell).</summary>
    /// <exception cref="ArgumentOutOfRangeException">n below 1.</exception>
    public int NextInt(int n)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        ulong range = (ulong)n;
        ulong rejectBelow = (0 - range) % range;
        while (true)
        {
            ulong high = Math.BigMul(NextBits(), range, out ulong low);
            if (low >= rejectBelow)
                return (int)high;
        }
    }

    internal static void Encrypt(ulong counter, ulong key0, ulong key1, Span<ulong> words) =>
        Encrypt(counter, 0, 0, 0, key0, key1, words);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Encrypt(ulong c0, ulong c1, ulong c2, ulong c3, ulong key0, ulong key1, Span<ulong> words)
    {
        for (int round = 0; round < 10; round++)
        {
            ulong high0 = Math.BigMul(0xD2E7470EE14C6C93, c0, out ulong low0);
            ulong high1 = Math.BigMul(0xCA5A826395121157, c2, out ulong low1);
            (c0, c1, c2, c3) = (high1 ^ c1 ^ key0, low1, high0 ^ c3 ^ key1, low0);
            key0 += 0x9E3779B97F4A7C15;
            key1 += 0xBB67AE8584CAA73B;
        }
        (words[0], words[1], words[2], words[3]) = (c0, c1, c2, c3);
    }
}
