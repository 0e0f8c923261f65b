using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Risk;

/// <summary>Scenarios in which prices jump and no time passes: for grids and distances, without weights.</summary>
public static class StillScenarios
{
    /// <summary>One coin moves, the others rest, volatility stays.</summary>
    public static ScenarioSet OneCoin(MarketSnapshot snapshot, string underlying, double[] logMoves) =>
        OneCoin(snapshot, underlying, logMoves, new double[logMoves.Length]);

    /// <summary>One coin and its 30-day volatility move, the others rest.</summary>
    /// <param name="snapshot">Its coins.</param>
    /// <param name="underlying">The coin that moves.</param>
    /// <param name="logMoves">ln(price then / price now).</param>
    /// <param name="logVolatilityMoves">Change of ln(at-the-money volatility at 30 days); as many.</param>
    public static ScenarioSet OneCoin(
        MarketSnapshot snapshot,
        string underlying,
        double[] logMoves,
        double[] logVolatilityMoves
    )
    {
        double[] none = new double[logMoves.Length];
        return new ScenarioSet
        {
            Horizon = Years.FromDays(0),
            Count = logMoves.Length,
            Weights = [],
            Origins =
            [
                .. logMoves.Select(move =>
                    FormattableString.Invariant($"{underlying}{Math.Exp(move) - 1:+0.###%;-0.###%}")
                ),
            ],
            Underlyings =
            [
                .. snapshot.Underlyings.Select(market => new UnderlyingScenarios
                {
                    Underlying = market.Underlying,
                    LogReturn = market.Underlying == underlying ? logMoves : none,
                    LogVolatilityMove = market.Underlying == underlying ? logVolatilityMoves : none,
                    SkewMove = none,
                    PathLow =
                    [
                        .. (market.Underlying == underlying ? logMoves : none).Select(move => Math.Min(0, move)),
                    ],
                    PathHigh =
                    [
                        .. (market.Underlying == underlying ? logMoves : none).Select(move => Math.Max(0, move)),
                    ],
                    DeliveryLogReturn = ImmutableSortedDictionary<DateTimeOffset, double[]>.Empty,
                }),
            ],
        };
    }
}
