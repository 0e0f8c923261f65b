namespace Plimsoll.Backtest;

/// <summary>Daily results of an exposure rule, net of cost.</summary>
/// <param name="Returns">Simple returns of wealth.</param>
/// <param name="Turnover">One way, shares of wealth, over all days.</param>
/// <param name="Cost">Shares of wealth, over all days.</param>
/// <param name="MeanExposure">Mean of the exposure held.</param>
/// <param name="FirstExposure">Bought on the first day.</param>
sealed record ExposureWalk(double[] Returns, double Turnover, double Cost, double MeanExposure, double FirstExposure)
{
    const double DaysPerYear = 365;

    /// <summary>Walks with the rule's targets scaled so that daily returns have the volatility asked for.</summary>
    /// <param name="targets">In arbitrary units.</param>
    /// <param name="returns">Simple returns of the coin, one a day.</param>
    /// <param name="volatilityAnnual">Of the result.</param>
    /// <param name="cost">Of a unit of exposure bought or sold.</param>
    /// <param name="band">Relative distance from the target within which nothing is traded.</param>
    public static ExposureWalk AtVolatility(
        double[] targets,
        double[] returns,
        double volatilityAnnual,
        double cost,
        double band
    )
    {
        double scale = 1 / targets.Average();
        var walk = Run(targets, returns, scale, cost, band);
        // Drift and bands make the volatility a little less than proportional to the scale.
        for (int round = 0; round < 20; round++)
        {
            double ratio = volatilityAnnual / (Deviation(walk.Returns) * Math.Sqrt(DaysPerYear));
            if (Math.Abs(ratio - 1) < 1e-9)
                break;
            walk = Run(targets, returns, scale *= ratio, cost, band);
        }
        return walk;
    }

    /// <summary>Standard deviation.</summary>
    public static double Deviation(ReadOnlySpan<double> values)
    {
        var (sum, squares) = (0.0, 0.0);
        foreach (double value in values)
            sum += value / values.Length;
        foreach (double value in values)
            squares += (value - sum) * (value - sum);
        return Math.Sqrt(squares / values.Length);
    }

    static ExposureWalk Run(double[] targets, double[] returns, double scale, double cost, double band)
    {
        var net = new double[returns.Length];
        var (held, turnover, paid, exposure) = (0.0, 0.0, 0.0, 0.0);
        for (int t = 0; t < returns.Length; t++)
        {
            double target = scale * targets[t];
            double next = NoTradeBand.Next(held, target, band * target, TradeTo.Target);
            double fee = cost * Math.Abs(next - held);
            // What was bought to begin with is no turnover of the rule.
            turnover += t > 0 ? Math.Abs(next - held) / 2 : 0;
            held = next;
            exposure += held / returns.Length;
            net[t] = held * returns[t] - fee;
            paid += fee;
            held = Math.Max(0, held * (1 + returns[t]) / (1 + net[t]));
        }
        return new(net, turnover, paid, exposure, scale * targets[0]);
    }
}
