using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Pricing;

namespace Plimsoll.Risk;

/// <summary>
/// The law of risk: joint moves of all coins of a snapshot, drawn from real bars at today's volatility.
/// </summary>
/// <remarks>
/// Filtered historical simulation on bars, all coins at the same past instants (Barone-Adesi, Giannopoulos and Vosper,
/// 1999). History is cut at the snapshot's time. Where it ends more than a day earlier today's level is the implied
/// one; where a coin has no history its law is that of <see cref="EmbeddedScenarioModel"/>; both are named in
/// <see cref="ScenarioSet.Notes"/>. The law has no drift: the expected ratio of each index is 1 (a drift is a view, and
/// views are stated), so past bull markets flatter no loss figure. All weights are equal. Drawn each day of 2021 to
/// 2025 from what was known then, the next day fell below the 1% quantile on 15 (BTC) and 17 (ETH) of 1,826 days,
/// below the 5% quantile on 83 and 82, and rose above the 99% quantile on 18 and 18.
/// </remarks>
public static class HistoricalScenarios
{
    /// <summary>Bars are drawn in blocks of a day.</summary>
    static readonly TimeSpan Block = TimeSpan.FromDays(1);

    /// <summary>Draws the scenarios.</summary>
    /// <param name="snapshot">Its coins are moved, its time is now.</param>
    /// <param name="surfaces">By ticker; a coin may be missing.</param>
    /// <param name="histories">
    /// Bars of one length; empty: the embedded model. Of coins that the snapshot lacks only BTC is used, as
    /// reference.
    /// </param>
    /// <param name="request">Horizon, count, seed.</param>
    /// <exception cref="ArgumentOutOfRangeException">A figure of the request is outside its range.</exception>
    /// <exception cref="ArgumentException">Histories have bars of different lengths, or longer than a day.</exception>
    public static ScenarioSet Build(
        MarketSnapshot snapshot,
        IReadOnlyDictionary<string, VolatilitySurface> surfaces,
        ImmutableArray<PriceHistory> histories,
        ScenarioRequest request
    )
    {
        request.Check();
        var notes = new List<string>();
        var barLength = BarLength(histories);
        var coins = Coins(snapshot, histories, notes);
        var clock = new PathClock(snapshot.AsOf, request.Horizon, barLength, request.DeliveriesInside(snapshot));
        int blockBars = Math.Min((int)Math.Round(Block / barLength), clock.Duration.Length);
        var panel = ResidualPanel.Of([.. coins.Select(coin => coin.History)], barLength, blockBars);
        NoteFilled(panel, notes);
        var paths = coins
            .Select(coin =>
            {
                var surface = surfaces.GetValueOrDefault(coin.History.Underlying);
                return new CoinPaths(
                    StartingVolatility.Of(
                        coin.History,
                        coin.IsModel,
                        surface,
                        snapshot.AsOf,
                        request.Horizon,
                        barLength,
                        notes
                    ),
                    clock,
                    snapshot.AsOf,
                    request.Count,
                    request.KeepsPath
                );
            })
            .ToArray();
        var simulator = new PathSimulator(
            panel,
            clock,
            VolatilityDynamics.For(barLength),
            paths,
            request,
            VolatilityMoves.HalfLifeDays
        );
        simulator.Run();
        foreach (var path in paths)
            RemoveDrift(path, clock);
        var moved = paths.Where(path => snapshot.Find(path.Underlying) is not null);
        return Assemble(panel, simulator.FirstBlock, moved, clock, request, notes, coins[0].IsModel);
    }

    static TimeSpan BarLength(ImmutableArray<PriceHistory> histories)
    {
        if (histories.IsDefaultOrEmpty)
            return EmbeddedScenarioModel.BarLength;
        var length = histories[0].BarLength;
        if (length <= TimeSpan.Zero || length > Block || TimeSpan.TicksPerDay % length.Ticks != 0)
            throw new ArgumentException($"bars of {length}: expected a length that divides a day", nameof(histories));
        foreach (var history in histories)
            if (history.BarLength != length)
                throw new ArgumentException(
                    $"bars of {length} and of {history.BarLength}: expected one length",
                    nameof(histories)
                );
        return length;
    }

    /// <summary>
    /// Every coin's filtered history: from bars where there are enough, else from the embedded model.
    /// </summary>
    /// <remarks>The first is the reference: BTC if it has bars, else the coin with the longest record.</remarks>
    static List<(FilteredHistory History, bool IsModel)> Coins(
        MarketSnapshot snapshot,
        ImmutableArray<PriceHistory> histories,
        List<string> notes
    )
    {
        var wanted = snapshot.Underlyings.Select(market => market.Underlying).ToArray();
        var filtered = histories.IsDefaultOrEmpty
            ? []
            : histories
                .Where(history => wanted.Contains(history.Underlying) || history.Underlying == "BTC")
                .Select(history => FilteredHistory.Of(history.CutAt(snapshot.AsOf)))
                .OfType<FilteredHistory>()
                .OrderBy(history => history.Underlying == "BTC" ? 0 : 1)
                .ThenByDescending(history => history.OpenTicks.Length)
                .ThenBy(history => history.Underlying, StringComparer.Ordinal)
                .ToList();
        var missing = wanted.Where(coin => !filtered.Exists(history => history.Underlying == coin)).ToArray();
        if (missing.Length == 0)
            return [.. filtered.Select(history => (history, false))];
        notes.Add(
            $"{string.Join(", ", missing)}: no bars before the snapshot; moves from the embedded model of "
                + EmbeddedScenarioModel.Default.Description
        );
        return
        [
            .. filtered.Select(history => (history, false)),
            .. EmbeddedScenarioModel
                .Default.Histories(missing, filtered.FirstOrDefault())
                .Select(history => (history, true)),
        ];
    }

    static void NoteFilled(ResidualPanel panel, List<string> notes)
    {
        string reference = $"{panel.Coins[0]}'s plus its own noise of other days";
        for (int coin = 0; coin < panel.Coins.Length; coin++)
            if (panel.IsFilled[coin])
                notes.Add(
                    FormattableString.Invariant(
                        $"{panel.Coins[coin]}: its missing bars are {panel.Beta[coin]:0.00} × {reference}"
                    )
                );
    }

    /// <summary>Shifts each path evenly in time so that the mean ratio of the index is 1.</summary>
    static void RemoveDrift(CoinPaths path, PathClock clock)
    {
        double shift = -VolatilityMoves.LogMeanExp(path.LogReturn);
        double perBar = shift / clock.TotalBars;
        double days = clock.TotalBars * clock.BarDays;
        double half = VolatilityMoves.HalfLifeDays / Math.Log(2);
        double recentShare = half / days * (1 - Math.Exp(-days / half));
        for (int s = 0; s < path.LogReturn.Length; s++)
        {
            path.LogReturn[s] += shift;
            path.RecentReturn[s] += shift * recentShare;
            path.Low[s] = Math.Min(path.Low[s] + perBar * path.LowTime[s], Math.Min(0, path.LogReturn[s]));
            path.High[s] = Math.Max(path.High[s] + perBar * path.HighTime[s], Math.Max(0, path.LogReturn[s]));
        }
        path.Bars?.Shift(perBar, clock.Duration);
        for (int d = 0; d < path.Delivery.Length; d++)
        {
            var point = clock.Deliveries[d];
            double bars = point.Bar + point.Fraction * clock.Duration[point.Bar];
            for (int s = 0; s < path.LogReturn.Length; s++)
                path.Delivery[d][s] = Math.Clamp(path.Delivery[d][s] + perBar * bars, path.Low[s], path.High[s]);
        }
    }

    static ScenarioSet Assemble(
        ResidualPanel panel,
        int[] firstBlock,
        IEnumerable<CoinPaths> paths,
        PathClock clock,
        ScenarioRequest request,
        List<string> notes,
        bool isModel
    )
    {
        var ordered = paths.OrderBy(path => path.Underlying, StringComparer.Ordinal).ToArray();
        var moves = VolatilityMoves.Draw(
            [.. ordered.Select(path => VolatilityResponses.For(path.Underlying))],
            [.. ordered.Select(path => path.RecentReturn)],
            request.Horizon.Days,
            request.Seed
        );
        var weights = new double[request.Count];
        Array.Fill(weights, 1.0 / request.Count);
        return new ScenarioSet
        {
            Horizon = request.Horizon,
            Count = request.Count,
            Weights = weights,
            Origins = Origins(panel, firstBlock, clock, isModel),
            Underlyings =
            [
                .. ordered.Select(
                    (path, i) =>
                        new UnderlyingScenarios
                        {
                            Underlying = path.Underlying,
                            LogReturn = path.LogReturn,
                            LogVolatilityMove = moves[i].Level,
                            SkewMove = moves[i].Skew,
                            PathLow = path.Low,
                            PathHigh = path.High,
                            DeliveryLogReturn = clock
                                .Deliveries.Select((point, d) => (point.At, path.Delivery[d]))
                                .ToImmutableSortedDictionary(pair => pair.At, pair => pair.Item2),
                        }
                ),
            ],
            Notes = [.. notes],
            Path = request.KeepsPath ? PathOf(ordered, moves, clock) : null,
        };
    }

    static ScenarioPath PathOf(CoinPaths[] ordered, (double[] Level, double[] Skew)[] moves, PathClock clock)
    {
        var days = new double[clock.Duration.Length];
        for (int bar = 0; bar < days.Length; bar++)
            days[bar] = (bar == 0 ? 0 : days[bar - 1]) + clock.Duration[bar] * clock.BarDays;
        return new ScenarioPath(
            days,
            [
                .. ordered.Select(
                    (path, i) =>
                        path.Bars!.With(path.Underlying, VolatilityResponses.For(path.Underlying), moves[i].Level, days)
                ),
            ]
        );
    }

    /// <summary>
    /// <c>fhs:2021-05-19T04</c>: the instant of the first block's first bar; <c>+2</c> after it: two more blocks
    /// follow.
    /// </summary>
    static string[] Origins(ResidualPanel panel, int[] firstBlock, PathClock clock, bool isModel)
    {
        int more = (clock.Duration.Length - 1) / panel.BlockBars;
        var labels = new Dictionary<int, string>();
        var origins = new string[firstBlock.Length];
        for (int s = 0; s < origins.Length; s++)
        {
            if (!labels.TryGetValue(firstBlock[s], out string? label))
            {
                string tail = more > 0 ? FormattableString.Invariant($"+{more}") : "";
                label = isModel
                    ? FormattableString.Invariant($"model:{firstBlock[s]}{tail}")
                    : FormattableString.Invariant($"fhs:{panel.OpenTime(firstBlock[s]):yyyy-MM-ddTHH}{tail}");
                labels.Add(firstBlock[s], label);
            }
            origins[s] = label;
        }
        return origins;
    }
}
