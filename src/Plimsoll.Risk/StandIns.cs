using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Pricing;

namespace Plimsoll.Risk;

static class StandInKernel
{
    public static void OptionGain(
        double strikeUsd,
        OptionRight right,
        SviSlice slice,
        ReadOnlySpan<double> logForward,
        ReadOnlySpan<double> varianceScale,
        ReadOnlySpan<double> tilt,
        double size,
        ReadOnlySpan<double> payoffPrice,
        double valueNow,
        ReadOnlySpan<double> settlementPrice,
        Span<double> gain
    )
    {
        double logStrike = Math.Log(strikeUsd);
        for (int s = 0; s < gain.Length; s++)
        {
            double k = logStrike - logForward[s];
            double kappa = k / Math.Sqrt(varianceScale[s]);
            double w = varianceScale[s] * (slice.TotalVariance(kappa) + tilt[s] * kappa);
            gain[s] = size * (StandInBlack.OfForward(right, k, w) * payoffPrice[s] - valueNow * settlementPrice[s]);
        }
    }
}

static class StandInBlack
{
    public static double PriceUsd(double f, double strike, double t, double vol, OptionRight right) =>
        f * OfForward(right, Math.Log(strike / f), vol * vol * t);

    public static double OfForward(OptionRight right, double k, double w)
    {
        double d = Math.Sqrt(w);
        double d1 = -k / d + d / 2,
            d2 = d1 - d;
        return right == OptionRight.Call ? Cdf(d1) - Math.Exp(k) * Cdf(d2) : Math.Exp(k) * Cdf(-d2) - Cdf(-d1);
    }

    static double Cdf(double x) => 0.5 * Erfc(-x / Math.Sqrt(2));

    static double Erfc(double x)
    {
        if (x < 0)
            return 2 - Erfc(-x);
        if (x < 2)
        {
            double sum = x,
                term = x;
            for (int n = 1; n < 80; n++)
            {
                term *= -x * x / n;
                sum += term / (2 * n + 1);
            }
            return 1 - 2 / Math.Sqrt(Math.PI) * sum;
        }
        double f = 0;
        for (int n = 120; n >= 1; n--)
            f = n / 2.0 / (x + f);
        return Math.Exp(-x * x) / Math.Sqrt(Math.PI) / (x + f);
    }
}

static class StandInMoves
{
    public static ImmutableArray<SurfaceMove> Build(
        VolatilitySurface surface,
        MarketSnapshot snapshot,
        ScenarioSet set,
        VolatilityResponse response
    )
    {
        var moves = set.Of(surface.Underlying);
        return
        [
            .. surface
                .Slices.Where(x => x.TYears > set.Horizon.Value)
                .Select(x => new SurfaceMove
                {
                    Slice = x,
                    TYearsLeft = x.TYears - set.Horizon.Value,
                    LogForward = [.. moves.LogReturn.Select(r => Math.Log(x.ForwardUsd) + r)],
                    VarianceScale =
                    [
                        .. moves.LogVolatilityMove.Select(v =>
                            (x.TYears - set.Horizon.Value)
                            / x.TYears
                            * Math.Exp(
                                2 * v * Math.Pow(30 / 365.0 / Math.Max(x.TYears, 1 / 365.0), response.TenorExponent)
                            )
                        ),
                    ],
                    Tilt = new double[set.Count],
                }),
        ];
    }
}
