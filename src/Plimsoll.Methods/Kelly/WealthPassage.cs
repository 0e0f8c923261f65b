using Plimsoll.Numerics;

namespace Plimsoll.Methods;

/// <summary>First passages of geometric Brownian wealth at a multiple of full Kelly.</summary>
/// <remarks>Thorp 2006, section 7.3; MacLean, Thorp, Ziemba 2011; continuous monitoring, from today's wealth.</remarks>
public static class WealthPassage
{
    /// <summary>P(wealth at or below floor at some time within the years).</summary>
    /// <param name="sharpe">Sharpe ratio a year of the growth-optimal book.</param>
    /// <param name="multiple">Multiple c of full Kelly.</param>
    /// <param name="floor">Share of today's wealth, in (0, 1).</param>
    /// <param name="years">Time.</param>
    public static double Below(double sharpe, double multiple, double floor, double years)
    {
        double deviation = multiple * sharpe;
        double drift = multiple * sharpe * sharpe - 0.5 * deviation * deviation;
        double barrier = Math.Log(floor);
        double root = deviation * Math.Sqrt(years);
        return SpecialFunctions.NormalCdf((barrier - drift * years) / root)
            + Math.Exp(2 * drift * barrier / (deviation * deviation))
                * SpecialFunctions.NormalCdf((barrier + drift * years) / root);
    }

    /// <summary>P(wealth reaches up·W before down·W), up above 1 above down.</summary>
    public static double UpFirst(double multiple, double up, double down)
    {
        // Scale function x^(1 − 2/c) of wealth; at c = 2 its logarithm.
        double power = 1 - 2 / multiple;
        if (Math.Abs(power) < 1e-12)
            return -Math.Log(down) / (Math.Log(up) - Math.Log(down));
        double low = Math.Pow(down, power),
            high = Math.Pow(up, power);
        return (1 - low) / (high - low);
    }

    /// <summary>Gambler's ruin of even-money unit bets: (q/p)^k from a bankroll of k bets; 1 without an edge.</summary>
    public static double Ruin(double winProbability, int bets) =>
        winProbability <= 0.5 ? 1 : Math.Pow((1 - winProbability) / winProbability, bets);
}
