using Plimsoll.Numerics;
using Plimsoll.Pricing;

namespace Plimsoll.Bench;

/// <summary>
/// 4,096 options as a venue lists them (16 expiries from a day to a year, a smile, strikes within a few deviations) and
/// 10,000 scenarios.
/// </summary>
sealed class KernelData
{
    public const int Options = 4_096;
    public const int Scenarios = 10_000;

    static readonly int[] DaysToExpiry = [1, 2, 3, 7, 14, 21, 28, 35, 60, 90, 120, 150, 180, 240, 300, 360];

    public KernelData()
    {
        var random = new SeededRandom(1, 0);
        for (int i = 0; i < Options; i++)
        {
            double deviations = 1.2 * random.NextNormal();
            Forward[i] = 65_000;
            T[i] = DaysToExpiry[i / (Options / DaysToExpiry.Length)] / 365.0;
            Vol[i] = 0.45 + 0.05 * deviations * deviations;
            Strike[i] = 65_000 * Math.Exp(0.5 * Math.Sqrt(T[i]) * deviations);
            Sign[i] = Strike[i] > Forward[i] ? 1 : -1;
        }
        Black76Kernel.Price(Inputs, Price);
        double[] logForward = new double[Scenarios];
        double[] scale = new double[Scenarios];
        double[] tilt = new double[Scenarios];
        for (int s = 0; s < Scenarios; s++)
        {
            logForward[s] = Math.Log(65_000) + 0.05 * random.NextNormal();
            scale[s] = Math.Exp(0.1 * random.NextNormal());
            tilt[s] = 0.001 * random.NextNormal();
            Conversion[s] = Math.Exp(logForward[s]);
            ValueNow[s] = 2_000;
        }
        Moves = new RevaluationScenarios(logForward, scale, tilt);
        (LogForward, VarianceScale, Tilt) = (logForward, scale, tilt);
    }

    public double[] Forward { get; } = new double[Options];
    public double[] Strike { get; } = new double[Options];
    public double[] T { get; } = new double[Options];
    public double[] Vol { get; } = new double[Options];
    public double[] Sign { get; } = new double[Options];
    public double[] Price { get; } = new double[Options];
    public double[][] Greeks { get; } = [.. Enumerable.Range(0, 7).Select(_ => new double[Options])];
    public double[] Solved { get; } = new double[Options];
    public ImpliedVolatilityStatus[] Status { get; } = new ImpliedVolatilityStatus[Options];

    public SviSlice Slice { get; } =
        new(
            DateTimeOffset.UnixEpoch,
            TYears: 0.1,
            ForwardUsd: 65_000,
            A: 0.012,
            B: 0.09,
            Rho: -0.25,
            M: 0.01,
            Sigma: 0.16
        );

    public RevaluationScenarios Moves { get; }
    public double[] LogForward { get; }
    public double[] VarianceScale { get; }
    public double[] Tilt { get; }
    public double[] Conversion { get; } = new double[Scenarios];
    public double[] ValueNow { get; } = new double[Scenarios];
    public double[] Gain { get; } = new double[Scenarios];

    public Black76Inputs Inputs =>
        new()
        {
            ForwardUsd = Forward,
            StrikeUsd = Strike,
            TYears = T,
            VolAnnual = Vol,
            Sign = Sign,
        };

    public Black76Results Results =>
        new()
        {
            PriceUsd = Greeks[0],
            Delta = Greeks[1],
            GammaPerUsd = Greeks[2],
            VegaUsdPerVol = Greeks[3],
            ThetaUsdPerYear = Greeks[4],
            VannaPerVol = Greeks[5],
            VolgaUsdPerVol2 = Greeks[6],
        };

    public ImpliedVolatilityInputs Prices =>
        new()
        {
            PriceUsd = Price,
            ForwardUsd = Forward,
            StrikeUsd = Strike,
            TYears = T,
            Sign = Sign,
        };
}
