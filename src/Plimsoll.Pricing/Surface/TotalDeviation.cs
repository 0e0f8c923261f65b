using Plimsoll.Markets;

namespace Plimsoll.Pricing;

/// <summary>Temporary stand-in for the kernels' Black-76 and implied volatility in units of total deviation.</summary>
static class TotalDeviation
{
    public static double NormalCdf(double x)
    {
        double z = Math.Abs(x) / Math.Sqrt(2);
        double t = 1 / (1 + 0.5 * z);
        double r =
            t
            * Math.Exp(
                -z * z
                    - 1.26551223
                    + t
                        * (
                            1.00002368
                            + t
                                * (
                                    0.37409196
                                    + t
                                        * (
                                            0.09678418
                                            + t
                                                * (
                                                    -0.18628806
                                                    + t
                                                        * (
                                                            0.27886807
                                                            + t
                                                                * (
                                                                    -1.13520398
                                                                    + t
                                                                        * (
                                                                            1.48851587
                                                                            + t * (-0.82215223 + t * 0.17087277)
                                                                        )
                                                                )
                                                        )
                                                )
                                        )
                                )
                        )
            );
        return x > 0 ? 1 - 0.5 * r : 0.5 * r;
    }

    public static double PriceUsd(double forward, double strike, double deviation, OptionRight right)
    {
        double sign = right == OptionRight.Call ? 1 : -1;
        if (deviation <= 0)
            return Math.Max(0, sign * (forward - strike));
        double d1 = Math.Log(forward / strike) / deviation + 0.5 * deviation;
        return sign * (forward * NormalCdf(sign * d1) - strike * NormalCdf(sign * (d1 - deviation)));
    }

    public static double Solve(double price, double forward, double strike, OptionRight right)
    {
        double sign = right == OptionRight.Call ? 1 : -1;
        if (price <= Math.Max(0, sign * (forward - strike)))
            return 0;
        if (price >= (right == OptionRight.Call ? forward : strike))
            return double.PositiveInfinity;
        double low = 1e-6,
            high = 20;
        for (int i = 0; i < 60; i++)
        {
            double middle = 0.5 * (low + high);
            if (PriceUsd(forward, strike, middle, right) < price)
                low = middle;
            else
                high = middle;
        }
        return 0.5 * (low + high);
    }
}
