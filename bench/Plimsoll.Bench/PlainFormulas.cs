using System.Runtime.CompilerServices;
using Plimsoll.Numerics;

namespace Plimsoll.Bench;

/// <summary>The baseline: the textbook's formulas, one option at a time, with the library's log and exp.</summary>
static class PlainFormulas
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Price(KernelData data)
    {
        for (int i = 0; i < KernelData.Options; i++)
        {
            var (f, k, t, vol, sign) = (data.Forward[i], data.Strike[i], data.T[i], data.Vol[i], data.Sign[i]);
            double s = vol * Math.Sqrt(t);
            double d1 = Math.Log(f / k) / s + s / 2;
            data.Greeks[0][i] =
                sign * (f * SpecialFunctions.NormalCdf(sign * d1) - k * SpecialFunctions.NormalCdf(sign * (d1 - s)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PriceWithGreeks(KernelData data)
    {
        for (int i = 0; i < KernelData.Options; i++)
        {
            var (f, k, t, vol, sign) = (data.Forward[i], data.Strike[i], data.T[i], data.Vol[i], data.Sign[i]);
            double rootT = Math.Sqrt(t);
            double s = vol * rootT;
            double d1 = Math.Log(f / k) / s + s / 2;
            double d2 = d1 - s;
            double density = Math.Exp(-d1 * d1 / 2) * 0.3989422804014327;
            double vega = f * density * rootT;
            data.Greeks[0][i] =
                sign * (f * SpecialFunctions.NormalCdf(sign * d1) - k * SpecialFunctions.NormalCdf(sign * d2));
            data.Greeks[1][i] = sign * SpecialFunctions.NormalCdf(sign * d1);
            data.Greeks[2][i] = density / (f * s);
            data.Greeks[3][i] = vega;
            data.Greeks[4][i] = -f * density * vol / (2 * rootT);
            data.Greeks[5][i] = -density * d2 / vol;
            data.Greeks[6][i] = vega * d1 * d2 / vol;
        }
    }

    /// <summary>Newton on the price from 50%, to 1e-12 or 50 steps: what a first implementation does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ImpliedVolatility(KernelData data)
    {
        for (int i = 0; i < KernelData.Options; i++)
        {
            var (f, k, rootT, sign) = (data.Forward[i], data.Strike[i], Math.Sqrt(data.T[i]), data.Sign[i]);
            double x = Math.Log(f / k);
            double vol = 0.5;
            for (int step = 0; step < 50; step++)
            {
                double s = vol * rootT;
                double d1 = x / s + s / 2;
                double price =
                    sign
                    * (f * SpecialFunctions.NormalCdf(sign * d1) - k * SpecialFunctions.NormalCdf(sign * (d1 - s)));
                double vega = f * rootT * Math.Exp(-d1 * d1 / 2) * 0.3989422804014327;
                double change = (price - data.Price[i]) / vega;
                vol = Math.Max(vol - change, vol / 4);
                if (Math.Abs(change) < 1e-12)
                    break;
            }
            data.Solved[i] = vol;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Revaluation(KernelData data)
    {
        for (int s = 0; s < KernelData.Scenarios; s++)
        {
            double k = Math.Log(70_000) - data.LogForward[s];
            double kappa = k / Math.Sqrt(data.VarianceScale[s]);
            double variance = data.VarianceScale[s] * (data.Slice.TotalVariance(kappa) + data.Tilt[s] * kappa);
            double deviation = Math.Sqrt(variance);
            double d1 = -k / deviation + deviation / 2;
            double value = SpecialFunctions.NormalCdf(d1) - Math.Exp(k) * SpecialFunctions.NormalCdf(d1 - deviation);
            data.Gain[s] = value * data.Conversion[s] - data.ValueNow[s];
        }
    }
}
