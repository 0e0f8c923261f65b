using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Methods;

/// <summary>Units such that one average true range against the position costs a fixed share of equity.</summary>
/// <remarks>
/// The Turtles' N (Faith 2003, The Original Turtle Trading Rules): N_t = ((n − 1)·N_{t−1} + TR_t)/n with n = 20, which
/// is
/// Wilder's smoothing and not an exponential mean of 2/(n + 1). Unit = share·W/(N·value of a point).
/// </remarks>
public sealed class AverageTrueRange : BookMethod
{
    /// <summary>Share of equity that one N costs.</summary>
    public static ShareParameter Risk { get; } =
        new("risk", "Share of equity lost when the price moves one average true range.", 0.01, 0, 1);

    /// <summary>Days of the average.</summary>
    public static NumberParameter Days { get; } = new("days", "Days n of Wilder's average.", 20, 1, 365);

    /// <inheritdoc />
    public override string Key => "atr-units";

    /// <inheritdoc />
    public override MethodFamily Family => MethodFamily.VolatilityAdjusted;

    /// <inheritdoc />
    public override string Description => "Units of equal loss per average true range.";

    /// <inheritdoc />
    public override ImmutableArray<MethodParameter> Parameters => [Risk, Days];

    /// <summary>Largest of high − low, |high − previous close|, |low − previous close|.</summary>
    public static double TrueRange(double high, double low, double previousClose) =>
        Math.Max(high - low, Math.Max(Math.Abs(high - previousClose), Math.Abs(low - previousClose)));

    /// <summary>Wilder's next average.</summary>
    public static double Next(double before, double trueRange, double days = 20) =>
        ((days - 1) * before + trueRange) / days;

    /// <summary>Contracts of a unit.</summary>
    public static double Unit(double equity, double risk, double range, double valueOfPoint) =>
        risk * equity / (range * valueOfPoint);

    /// <summary>N after the last day: the mean of the first n true ranges, then Wilder's recursion; null: too few
    /// days.</summary>
    public static double? Of(ReadOnlySpan<Bar> days, int n)
    {
        if (days.Length < n + 1)
            return null;
        double range = 0;
        for (int t = 1; t < days.Length; t++)
        {
            double next = TrueRange(days[t].High, days[t].Low, days[t - 1].Close);
            range = t <= n ? range + next / n : Next(range, next, n);
        }
        return range;
    }

    /// <inheritdoc />
    protected override BookProposal Book(MethodReturns returns, MethodProblem problem)
    {
        int n = (int)problem.Settings.Get(Days);
        var fractions = new double[returns.Count];
        for (int i = 0; i < fractions.Length; i++)
        {
            string coin = problem.Line(i).Instrument.Underlying;
            if (Of(DailyBars.Of(problem.Prepared.Input, coin).AsSpan(), n) is not { } range || !(range > 0))
                return BookProposal.Refuse($"{n + 1} days of {coin}'s history are needed (--history)");
            double index = problem.Prepared.Input.Market.Find(coin)!.IndexUsd;
            fractions[i] = Unit(1, problem.Settings.Get(Risk), range / index, 1);
        }
        return BookProposal.Of(fractions);
    }
}
