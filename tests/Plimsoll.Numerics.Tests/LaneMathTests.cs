using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Plimsoll.Numerics.Tests;

public sealed class LaneMathTests
{
    static readonly double[] Arguments = MakeArguments();

    static double[] MakeArguments()
    {
        var random = new SeededRandom(17, 1);
        List<double> all = [0, -0.0, 1, -1, double.Epsilon, 2.2e-308, 1e308, -1e308, double.MaxValue];
        all.AddRange([double.PositiveInfinity, double.NegativeInfinity, -745.2, -708.5, 709.7, 710]);
        for (int i = 0; i < 4_001; i++)
        {
            all.Add(40 * random.NextNormal());
            all.Add(random.NextNormal());
            all.Add(Math.ScaleB(1 + random.NextDouble(), random.NextInt(2_000) - 1_000));
        }
        while (all.Count % 8 != 0)
            all.Add(3);
        return [.. all];
    }

    public static TheoryData<string> Functions =>
        [nameof(Exp), nameof(Log), nameof(ExpShort), nameof(MillsRatio), nameof(NormalDensity), nameof(NormalCdf)];

    [Theory]
    [MemberData(nameof(Functions))]
    public void Every_width_gives_the_same_bits(string function)
    {
        double[] scalar = Run<Lanes1, double>(function);
        Assert.Equal(scalar, Run<Lanes256, Vector256<double>>(function));
        Assert.Equal(scalar, Run<Lanes512, Vector512<double>>(function));
    }

    [Fact]
    public void Exponential_and_logarithm_are_right_to_1_ulp()
    {
        // The C library's are right to half an ulp.
        foreach (double x in Arguments)
        {
            Near(Math.Exp(x), LaneMath<Lanes1, double>.Exp(x), 1.6);
            Near(Math.Log(x), LaneMath<Lanes1, double>.Log(x), 1.6);
        }
    }

    [Fact]
    public void Not_a_number_goes_through()
    {
        Assert.True(double.IsNaN(LaneMath<Lanes1, double>.Exp(double.NaN)));
        Assert.True(double.IsNaN(LaneMath<Lanes1, double>.Log(double.NaN)));
        Assert.True(double.IsNaN(LaneMath<Lanes1, double>.NormalCdf(double.NaN)));
    }

    static void Near(double expected, double actual, double ulps)
    {
        if (double.IsNaN(expected) || double.IsInfinity(expected))
            Assert.Equal(expected, actual);
        else
            Assert.True(
                Math.Abs(actual - expected) <= ulps * (Math.BitIncrement(Math.Abs(expected)) - Math.Abs(expected)),
                FormattableString.Invariant($"{actual:R}, expected {expected:R}")
            );
    }

    static double[] Run<L, V>(string function)
        where L : struct, ILanes<V>
        where V : struct
    {
        double[] results = new double[Arguments.Length];
        ref double from = ref MemoryMarshal.GetArrayDataReference(Arguments);
        ref double to = ref MemoryMarshal.GetArrayDataReference(results);
        for (nuint i = 0; i < (nuint)results.Length; i += (nuint)L.Count)
        {
            V x = L.Load(ref from, i);
            V y = function switch
            {
                nameof(Exp) => LaneMath<L, V>.Exp(x),
                nameof(Log) => LaneMath<L, V>.Log(x),
                nameof(ExpShort) => LaneMath<L, V>.ExpShort(L.Minimum(L.All(700), L.Maximum(L.All(-700), x))),
                nameof(MillsRatio) => LaneMath<L, V>.MillsRatio(L.Minimum(L.All(1e10), L.Absolute(x))),
                nameof(NormalDensity) => LaneMath<L, V>.NormalDensity(L.Minimum(L.All(1e10), L.Absolute(x))),
                _ => LaneMath<L, V>.NormalCdf(x),
            };
            L.Store(y, ref to, i);
        }
        return results;
    }

    const string Exp = nameof(LaneMath<Lanes1, double>.Exp);
    const string Log = nameof(LaneMath<Lanes1, double>.Log);
    const string ExpShort = nameof(LaneMath<Lanes1, double>.ExpShort);
    const string MillsRatio = nameof(LaneMath<Lanes1, double>.MillsRatio);
    const string NormalDensity = nameof(LaneMath<Lanes1, double>.NormalDensity);
    const string NormalCdf = nameof(LaneMath<Lanes1, double>.NormalCdf);
}
