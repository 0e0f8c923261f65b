using Plimsoll.Markets;
using Plimsoll.Numerics;

namespace Plimsoll.Methods;

/// <summary>The bound that keeps a scenario-based Kelly book from ruin outside its scenarios.</summary>
/// <remarks>
/// A finite set of scenarios gives every naked short a confident size, whatever its number (research: a call sold
/// naked has true
/// optimum 0 and 0.74 to 1.46 by sampling). Wealth is therefore bounded from below with each coin's price, and all
/// coins'
/// together, at 0 and at a multiple of today's, on payoffs at expiry; without a multiple the slope of wealth at
/// infinity must
/// not be negative.
/// </remarks>
public static class NoRuin
{
    /// <summary>Name of the limit.</summary>
    public const string Name = "no-ruin";

    /// <summary>Gain of a linear payoff in USD when the index goes to a multiple of itself.</summary>
    /// <param name="instrument">Contract; its gain is counted in USD, so that an inverse contract is linear.</param>
    /// <param name="indexUsd">Index now.</param>
    /// <param name="valueUsd">Value of one contract now; 0 for futures.</param>
    /// <param name="multiple">At least 0; infinite gives the slope per unit of the index.</param>
    public static double Gain(Instrument instrument, double indexUsd, double valueUsd, double multiple)
    {
        double size = (double)instrument.ContractSize;
        bool slope = double.IsPositiveInfinity(multiple);
        double at = multiple * indexUsd;
        if (instrument is OptionInstrument option)
        {
            double strike = (double)option.StrikeUsd;
            if (slope)
                return option.Right == OptionRight.Call ? size : 0;
            double intrinsic = option.Right == OptionRight.Call ? Math.Max(0, at - strike) : Math.Max(0, strike - at);
            return size * intrinsic - valueUsd;
        }
        double coins = instrument.Shape == PayoffShape.Inverse ? size / indexUsd : size;
        return slope ? coins : coins * (at - indexUsd);
    }

    /// <summary>
    /// The limit over fractions of equity, or none where the home currency is a coin (its own price is then the unit).
    /// </summary>
    /// <param name="problem">Problem.</param>
    /// <param name="multiple">Highest multiple; infinite: slopes.</param>
    /// <param name="floor">Least wealth left, share of today's.</param>
    public static MaxLinearConstraint? Limit(MethodProblem problem, double multiple, double floor)
    {
        if (!problem.Prepared.Home.IsDollar)
            return null;
        string[] coins =
        [
            .. Enumerable
                .Range(0, problem.Count)
                .Select(i => problem.Line(i).Instrument.Underlying)
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
        var cases = coins.Select(coin => (Func<string, bool>)(other => other == coin)).Append(_ => true).ToArray();
        var rows = new ColumnMatrix(2 * cases.Length, problem.Count);
        var offset = new double[2 * cases.Length];
        for (int c = 0; c < cases.Length; c++)
        {
            var moved = problem.Prepared.CollateralDelta.Where(row => cases[c](row.Key)).Sum(row => row.Value);
            double collateral = moved / problem.Equity;
            offset[2 * c] = collateral + floor;
            bool slope = double.IsPositiveInfinity(multiple);
            offset[2 * c + 1] = slope ? 1 - collateral : floor - collateral * (multiple - 1);
            for (int i = 0; i < problem.Count; i++)
            {
                var instrument = problem.Line(i).Instrument;
                if (!cases[c](instrument.Underlying))
                    continue;
                double index = problem.Prepared.Input.Market.Find(instrument.Underlying)!.IndexUsd;
                double value = problem.Prepared.Matrix.ValueNow[problem.Line(i).Column];
                double perUnit = problem.Side[i] / problem.Notional[i];
                rows[2 * c, i] = -perUnit * Gain(instrument, index, value, 0);
                double up = Gain(instrument, index, value, multiple);
                rows[2 * c + 1, i] = -perUnit * (slope ? up * index : up);
            }
        }
        return new MaxLinearConstraint(Name, 1, 0.1, null, offset, rows, null, 0);
    }
}
