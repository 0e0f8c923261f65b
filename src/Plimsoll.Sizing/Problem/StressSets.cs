using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Pricing;
using Plimsoll.Risk;

namespace Plimsoll.Sizing;

/// <summary>Unweighted sets of moves that limits look at.</summary>
static class StressSets
{
    /// <summary>The stress set of the worst-case limits.</summary>
    public static ScenarioSet Build(
        MarketSnapshot market,
        IReadOnlyDictionary<string, VolatilitySurface> surfaces,
        Years horizon,
        Mandate mandate
    ) =>
        StressScenarios.Build(
            market,
            surfaces,
            horizon,
            StressDefinition.Default with
            {
                Cases = mandate.Survival.Stress?.Cases ?? [],
            }
        );

    /// <summary>One coin at a time moves by quarters of a distance, up and down.</summary>
    public static ScenarioSet SingleMoves(MarketSnapshot market, Years horizon, double distance) =>
        Moves(
            market,
            horizon,
            [
                -distance,
                -0.75 * distance,
                -0.5 * distance,
                -0.25 * distance,
                0.25 * distance,
                0.5 * distance,
                0.75 * distance,
                distance,
            ],
            together: false
        );

    static ScenarioSet Moves(MarketSnapshot market, Years horizon, double[] moves, bool together)
    {
        var rows = new List<(string? Coin, double Move)>();
        foreach (var coin in market.Underlyings)
        foreach (double move in moves)
            rows.Add((coin.Underlying, move));
        if (together)
            rows.AddRange(moves.Select(move => ((string?)null, move)));
        int count = rows.Count;
        var deliveries = market
            .Quotes.Select(quote => quote.Instrument.SettlesAt)
            .OfType<DateTimeOffset>()
            .Where(time => Years.Between(market.AsOf, time).Value <= horizon.Value)
            .Distinct()
            .ToArray();
        return new ScenarioSet
        {
            Horizon = horizon,
            Count = count,
            Weights = [],
            Origins =
            [
                .. rows.Select(row => FormattableString.Invariant($"move:{row.Coin ?? "all"}{row.Move * 100:+0;-0}%")),
            ],
            Underlyings =
            [
                .. market.Underlyings.Select(coin =>
                {
                    double[] returns =
                    [
                        .. rows.Select(row =>
                            row.Coin is null || row.Coin == coin.Underlying ? Math.Log(1 + row.Move) : 0
                        ),
                    ];
                    return new UnderlyingScenarios
                    {
                        Underlying = coin.Underlying,
                        LogReturn = returns,
                        LogVolatilityMove = new double[count],
                        SkewMove = new double[count],
                        PathLow = [.. returns.Select(value => Math.Min(0, value))],
                        PathHigh = [.. returns.Select(value => Math.Max(0, value))],
                        DeliveryLogReturn = deliveries.ToImmutableSortedDictionary(time => time, _ => returns),
                    };
                }),
            ],
        };
    }
}
