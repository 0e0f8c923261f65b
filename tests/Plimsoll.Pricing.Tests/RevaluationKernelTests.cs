using Plimsoll.Markets;
using Plimsoll.Numerics;

namespace Plimsoll.Pricing.Tests;

public sealed class RevaluationKernelTests
{
    const int Count = 4099; // not a multiple of any width
    static readonly SviSlice Slice = new(
        new DateTimeOffset(2026, 6, 26, 8, 0, 0, TimeSpan.Zero),
        TYears: 0.1,
        ForwardUsd: 65_000,
        A: 0.012,
        B: 0.09,
        Rho: -0.25,
        M: 0.01,
        Sigma: 0.16
    );

    static readonly double[] LogForward = new double[Count];
    static readonly double[] VarianceScale = new double[Count];
    static readonly double[] Tilt = new double[Count];
    static readonly double[] Conversion = new double[Count];
    static readonly double[] ValueNow = new double[Count];

    static RevaluationKernelTests()
    {
        var random = new SeededRandom(5, 1);
        for (int s = 0; s < Count; s++)
        {
            LogForward[s] =
                Math.Log(65_000) + 0.35 * random.NextNormal() + (s % 50 == 0 ? 2.5 * random.NextNormal() : 0);
            VarianceScale[s] = Math.Exp(0.8 * random.NextNormal());
            Tilt[s] = 0.01 * random.NextNormal();
            Conversion[s] = s % 2 == 0 ? 1 : Math.Exp(LogForward[s]);
            ValueNow[s] = 0.03 * Conversion[s];
        }
    }

    public static TheoryData<double> Strikes => [20_000, 45_000, 64_999.5, 65_000, 80_000, 250_000];

    [Theory]
    [MemberData(nameof(Strikes))]
    public void Gain_is_black_76_on_the_moved_smile_to_2e_12_of_the_forward(double strike)
    {
        foreach (var right in new[] { OptionRight.Call, OptionRight.Put })
        {
            double[] gain = GainOf(strike, right, VectorWidths.Widest);
            for (int s = 0; s < Count; s++)
            {
                double forward = Math.Exp(LogForward[s]);
                double k = Math.Log(strike) - LogForward[s];
                double kappa = k / Math.Sqrt(VarianceScale[s]);
                double variance = VarianceScale[s] * (Slice.TotalVariance(kappa) + Tilt[s] * kappa);
                double value = Black76.PriceUsd(forward, strike, 1, Math.Sqrt(Math.Max(0, variance)), right) / forward;
                double expected = -2.5 * (value * Conversion[s] - ValueNow[s]);
                double scale = Conversion[s] * Math.Max(1, strike / forward);
                Assert.InRange(Math.Abs(gain[s] - expected), 0, 2.5 * 2e-12 * scale);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Strikes))]
    public void Every_vector_width_gives_the_same_bits(double strike)
    {
        foreach (var right in new[] { OptionRight.Call, OptionRight.Put })
        {
            double[] scalar = GainOf(strike, right, VectorWidth.Scalar);
            Assert.Equal(scalar, GainOf(strike, right, VectorWidth.Bits256));
            Assert.Equal(scalar, GainOf(strike, right, VectorWidth.Bits512));
        }
    }

    [Fact]
    public void A_run_of_scenarios_gives_the_bits_of_the_whole()
    {
        double[] whole = GainOf(70_000, OptionRight.Put, VectorWidths.Widest);
        var scenarios = new RevaluationScenarios(LogForward, VarianceScale, Tilt);
        double[] part = new double[1001];
        const int First = 1203;
        RevaluationKernel.OptionGain(
            70_000,
            OptionRight.Put,
            Slice,
            scenarios,
            First,
            -2.5,
            Conversion.AsSpan(First, part.Length),
            ValueNow.AsSpan(First, part.Length),
            part
        );
        Assert.Equal(whole[First..(First + part.Length)], part);
    }

    [Fact]
    public void A_wing_without_variance_is_worth_its_intrinsic_value()
    {
        double[] gain = new double[1];
        double[] logForward = [Math.Log(100)];
        RevaluationKernel.OptionGain(120, OptionRight.Put, Slice, logForward, [1], [-50], 1, [100], [0], gain);
        Assert.Equal(20, gain[0], 1e-10);
    }

    [Fact]
    public void The_kernel_allocates_nothing()
    {
        var scenarios = new RevaluationScenarios(LogForward, VarianceScale, Tilt);
        double[] gain = new double[Count];
        Assert.Equal(0, Allocation.Of(() => Run(scenarios, gain)));

        static void Run(RevaluationScenarios scenarios, double[] gain) =>
            RevaluationKernel.OptionGain(9e4, OptionRight.Call, Slice, scenarios, 0, 1, Conversion, ValueNow, gain);
    }

    [Fact]
    public void A_run_outside_the_scenarios_and_different_lengths_are_refused()
    {
        var scenarios = new RevaluationScenarios(LogForward, VarianceScale, Tilt);
        double[] two = new double[2];
        Assert.Throws<ArgumentOutOfRangeException>(() => Run(1, Count - 1, two));
        Assert.Throws<ArgumentOutOfRangeException>(() => Run(0, 0, two));
        Assert.Throws<ArgumentException>(() => Run(1, 0, new double[3]));

        void Run(double strike, int first, double[] conversion) =>
            RevaluationKernel.OptionGain(
                strike,
                OptionRight.Call,
                Slice,
                scenarios,
                first,
                1,
                conversion,
                new double[2],
                new double[2]
            );
    }

    static double[] GainOf(double strike, OptionRight right, VectorWidth width)
    {
        var scenarios = new RevaluationScenarios(LogForward, VarianceScale, Tilt);
        double[] gain = new double[Count];
        RevaluationKernel.OptionGain(strike, right, Slice, scenarios, 0, -2.5, Conversion, ValueNow, gain, width);
        return gain;
    }
}
