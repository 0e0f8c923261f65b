using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Plimsoll.Markets;
using Plimsoll.Numerics;

namespace Plimsoll.Pricing.Tests;

/// <summary>The kernels' bits on this machine are those of the machine on which the hash was taken.</summary>
public sealed class KernelBitsTests
{
    [Fact]
    public void Results_have_the_bytes_that_they_have_on_every_machine()
    {
        const int Count = 5_003;
        var random = new SeededRandom(1, 1);
        double[][] inputs = [.. Enumerable.Range(0, 8).Select(_ => new double[Count])];
        for (int i = 0; i < Count; i++)
        {
            inputs[0][i] = 65_000;
            inputs[1][i] = 65_000 + 65_000 * SpecialFunctions.Expm1(0.2 * random.NextNormal());
            inputs[2][i] = 0.0001 + 3 * random.NextDouble();
            inputs[3][i] = 0.1 + 2 * random.NextDouble();
            inputs[4][i] = random.NextInt(2) * 2 - 1;
            inputs[5][i] = 11 + 0.1 * random.NextNormal();
            inputs[6][i] = 0.5 + random.NextDouble();
            inputs[7][i] = 0.001 * random.NextNormal();
        }
        var of = new Black76Inputs
        {
            ForwardUsd = inputs[0],
            StrikeUsd = inputs[1],
            TYears = inputs[2],
            VolAnnual = inputs[3],
            Sign = inputs[4],
        };
        double[][] o = [.. Enumerable.Range(0, 9).Select(_ => new double[Count])];
        var into = new Black76Results
        {
            PriceUsd = o[0],
            Delta = o[1],
            GammaPerUsd = o[2],
            VegaUsdPerVol = o[3],
            ThetaUsdPerYear = o[4],
            VannaPerVol = o[5],
            VolgaUsdPerVol2 = o[6],
        };
        Black76Kernel.WithGreeks(of, into);
        var prices = new ImpliedVolatilityInputs
        {
            PriceUsd = o[0],
            ForwardUsd = inputs[0],
            StrikeUsd = inputs[1],
            TYears = inputs[2],
            Sign = inputs[4],
        };
        ImpliedVolatility.Solve(prices, o[7], new ImpliedVolatilityStatus[Count]);
        var slice = new SviSlice(default, 0.1, 65_000, 0.012, 0.09, -0.25, 0.01, 0.16);
        var scenarios = new RevaluationScenarios(inputs[5], inputs[6], inputs[7]);
        RevaluationKernel.OptionGain(70_000, OptionRight.Call, slice, scenarios, 0, 1, inputs[0], inputs[2], o[8]);
        double[] all = [.. o.SelectMany(x => x), FixedOrderSum.Sum(o[8]), FixedOrderSum.Dot(o[8], o[7])];
        // Changes only with a kernel's arithmetic, on purpose; measured equal at 512 bits, 256 bits and scalar.
        string hash = Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(all.AsSpan())))[..32];
        Assert.Equal("A26DD4CE16C8798EF8DE33D330D067B9", hash);
    }
}
