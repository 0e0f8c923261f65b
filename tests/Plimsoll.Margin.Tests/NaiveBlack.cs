namespace Plimsoll.Margin.Tests;

/// <summary>Black (1976) and the normal law in their plainest form, sharing nothing with the program.</summary>
static class NaiveBlack
{
    /// <summary>Undiscounted price.</summary>
    public static double Price(double forward, double strike, double vol, double years, bool isCall)
    {
        double deviation = vol * Math.Sqrt(years);
        if (deviation <= 0)
            return Math.Max(0, isCall ? forward - strike : strike - forward);
        double d1 = Math.Log(forward / strike) / deviation + deviation / 2;
        double d2 = d1 - deviation;
        return isCall ? forward * Normal(d1) - strike * Normal(d2) : strike * Normal(-d2) - forward * Normal(-d1);
    }

    /// <summary>dPrice/dForward.</summary>
    public static double Delta(double forward, double strike, double vol, double years, bool isCall)
    {
        double deviation = vol * Math.Sqrt(years);
        double d1 = Math.Log(forward / strike) / deviation + deviation / 2;
        return isCall ? Normal(d1) : Normal(d1) - 1;
    }

    /// <summary>Marsaglia, Evaluating the normal distribution (2004): the Taylor series; far out a fraction.</summary>
    public static double Normal(double x)
    {
        if (x < -6)
            return Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI) / (-x + 1 / (-x + 2 / (-x + 3 / (-x + 4 / -x))));
        if (x > 6)
            return 1 - Normal(-x);
        double sum = x,
            term = x,
            before = 0;
        for (int i = 3; sum != before; i += 2)
        {
            before = sum;
            term *= x * x / i;
            sum += term;
        }
        return 0.5 + sum * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
    }
}
