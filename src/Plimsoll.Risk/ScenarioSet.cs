using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Risk;

/// <summary>Moves of one underlying in every scenario; all arrays have one entry per scenario.</summary>
public sealed record UnderlyingScenarios
{
    /// <summary>Ticker.</summary>
    public required string Underlying { get; init; }

    /// <summary>ln(index at the horizon / index now). Forwards move with it: the basis keeps its log size.</summary>
    public required double[] LogReturn { get; init; }

    /// <summary>
    /// Change of ln(at-the-money volatility) at 30 days to expiry; other tenors by <see cref="VolatilityResponse"/>.
    /// </summary>
    public required double[] LogVolatilityMove { get; init; }

    /// <summary>
    /// Change of the smile's tilt at 30 days: d(volatility)/dk at the money, in volatility per unit of k.
    /// </summary>
    public required double[] SkewMove { get; init; }

    /// <summary>Lowest ln(index / index now) on the way to the horizon; at most min(0, LogReturn).</summary>
    public required double[] PathLow { get; init; }

    /// <summary>Highest ln(index / index now) on the way to the horizon; at least max(0, LogReturn).</summary>
    public required double[] PathHigh { get; init; }

    /// <summary>
    /// For each expiry inside the horizon: ln(delivery price / index now) in every scenario.
    /// </summary>
    public required ImmutableSortedDictionary<DateTimeOffset, double[]> DeliveryLogReturn { get; init; }

    /// <summary>
    /// Further change of ln(volatility) at a week, fading to 0 at 30 days and of the other sign beyond, see
    /// <see cref="SurfaceMoves.SlopeFactor"/>; empty: none.
    /// </summary>
    public double[] TermMove { get; init; } = [];

    /// <summary>Change of ln(perpetual / index); empty: the basis keeps its log size.</summary>
    public double[] PerpetualBasisMove { get; init; } = [];

    /// <summary>Change of ln(forward / index) a year; empty: every forward keeps its log basis.</summary>
    public double[] ForwardRateMove { get; init; } = [];

    /// <summary>ln(price then / price now) of what an instrument that has not settled pays by.</summary>
    /// <param name="instrument">A perpetual, a dated future or spot.</param>
    /// <param name="yearsLeft">From the horizon to its settlement; without meaning for the others.</param>
    public double[] LogMove(Instrument instrument, double yearsLeft) =>
        instrument switch
        {
            PerpetualInstrument when PerpetualBasisMove.Length > 0 => Sum(PerpetualBasisMove, 1),
            FutureInstrument when ForwardRateMove.Length > 0 => Sum(ForwardRateMove, yearsLeft),
            _ => LogReturn,
        };

    /// <summary>
    /// The same coin with every array replaced by another of one common length; absent moves stay absent.
    /// </summary>
    /// <param name="prices">Of what is a log of a price ratio.</param>
    /// <param name="moves">Of every other move.</param>
    public UnderlyingScenarios Each(Func<double[], double[]> prices, Func<double[], double[]> moves)
    {
        double[] Present(double[] move) => move.Length == 0 ? move : moves(move);
        return new UnderlyingScenarios
        {
            Underlying = Underlying,
            LogReturn = prices(LogReturn),
            LogVolatilityMove = moves(LogVolatilityMove),
            SkewMove = moves(SkewMove),
            PathLow = prices(PathLow),
            PathHigh = prices(PathHigh),
            DeliveryLogReturn = DeliveryLogReturn.ToImmutableSortedDictionary(
                pair => pair.Key,
                pair => prices(pair.Value)
            ),
            TermMove = Present(TermMove),
            PerpetualBasisMove = Present(PerpetualBasisMove),
            ForwardRateMove = Present(ForwardRateMove),
        };
    }

    /// <summary>LogReturn plus a move times a factor.</summary>
    internal double[] Sum(double[] move, double factor)
    {
        var sum = (double[])LogReturn.Clone();
        for (int s = 0; s < move.Length; s++)
            sum[s] += factor * move[s];
        return sum;
    }
}

/// <summary>
/// Joint moves of all underlyings over one horizon. Weighted (the law of risk), or a stress set without weights.
/// </summary>
/// <remarks>Immutable by convention: the arrays are shared and never written after construction.</remarks>
public sealed record ScenarioSet
{
    /// <summary>Time from now to the horizon.</summary>
    public required Years Horizon { get; init; }

    /// <summary>Number of scenarios.</summary>
    public required int Count { get; init; }

    /// <summary>Probabilities, positive, sum 1; empty for a stress set.</summary>
    public required double[] Weights { get; init; }

    /// <summary>
    /// Label of each scenario: <c>fhs:2021-05-19T04</c>, <c>stress:BTC-30%,vol+25</c>, <c>day:2020-03-12</c>.
    /// </summary>
    public required string[] Origins { get; init; }

    /// <summary>By underlying, in order of ticker.</summary>
    public required ImmutableArray<UnderlyingScenarios> Underlyings { get; init; }

    /// <summary>What was assumed or is missing, for the decision's <c>warnings</c> and <c>assumptions</c>.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>The bars on the way; null where they were not kept.</summary>
    public ScenarioPath? Path { get; init; }

    /// <summary>Moves of one coin.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The set does not move this coin.</exception>
    public UnderlyingScenarios Of(string underlying)
    {
        foreach (var moves in Underlyings)
            if (moves.Underlying == underlying)
                return moves;
        throw new ArgumentOutOfRangeException(nameof(underlying), underlying, "no scenarios for this underlying");
    }
}
