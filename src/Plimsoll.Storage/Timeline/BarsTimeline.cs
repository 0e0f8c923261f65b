using System.Collections.Immutable;
using Plimsoll.Backtest;
using Plimsoll.Markets;

namespace Plimsoll.Storage;

/// <summary>Bars as a timeline of perpetuals: one instant for each bar that every coin has, at its close.</summary>
/// <remarks>
/// The perpetual of each coin stands at the bar's close, without basis; options there are none. Coins without margin
/// parameters are left out.
/// </remarks>
public sealed class BarsTimeline : IMarketTimeline
{
    /// <summary>Coins whose inverse perpetual the shipped margin parameters rate.</summary>
    static readonly string[] Rated = ["BTC", "ETH"];

    /// <summary>Bars kept before the first instant, so that scenarios are drawn from history alone.</summary>
    public static readonly TimeSpan WarmUp = TimeSpan.FromDays(365);

    readonly ImmutableArray<(PriceHistory History, int[] Bars)> coins;

    BarsTimeline(
        PriceHistories bars,
        ImmutableArray<DateTimeOffset> times,
        ImmutableArray<(PriceHistory History, int[] Bars)> coins,
        string source
    )
    {
        (this.coins, Times, Source) = (coins, times, source);
        Histories = [.. bars.Histories.Where(history => Rated.Contains(history.Underlying))];
        Assumptions = [.. Stated(bars)];
    }

    /// <inheritdoc />
    public string Source { get; }

    /// <inheritdoc />
    public ImmutableArray<DateTimeOffset> Times { get; }

    /// <inheritdoc />
    public ImmutableArray<string> Assumptions { get; }

    /// <inheritdoc />
    public ImmutableArray<PriceHistory> Histories { get; }

    /// <summary>The bars between two instants, both included; the first year of bars is kept to draw from.</summary>
    public static Parsed<BarsTimeline> Of(
        PriceHistories bars,
        string source,
        DateTimeOffset? from = null,
        DateTimeOffset? to = null
    )
    {
        ArgumentNullException.ThrowIfNull(bars);
        var rated = bars.Histories.Where(history => Rated.Contains(history.Underlying)).ToList();
        if (rated.Count == 0)
            return Fail(source, "no bars of BTC or ETH", "bars of a coin whose perpetual can be margined");
        var closes = rated.Select(history =>
            history
                .Bars.Select((bar, i) => (End: bar.OpenTime + history.BarLength, i))
                .ToDictionary(b => b.End, b => b.i)
        );
        var byCoin = closes.ToList();
        var start = rated.Max(history => history.Bars[0].OpenTime) + WarmUp;
        var times = byCoin[0]
            .Keys.Where(time => time >= start && !(time < from) && !(time > to))
            .Where(time => byCoin.All(coin => coin.ContainsKey(time)))
            .Order()
            .ToImmutableArray();
        if (times.Length < 2)
            return Fail(
                source,
                FormattableString.Invariant($"{times.Length} bars in that time"),
                FormattableString.Invariant($"two or more, {WarmUp.TotalDays:0} days after the first bar")
            );
        return Parsed<BarsTimeline>.Ok(
            new BarsTimeline(
                bars,
                times,
                [.. rated.Select((history, u) => (history, times.Select(time => byCoin[u][time]).ToArray()))],
                source
            )
        );
    }

    /// <inheritdoc />
    public Parsed<MarketSnapshot> Read(int step)
    {
        var quotes = new List<InstrumentQuote>();
        foreach (var (history, bars) in coins)
        {
            var name = new DeribitName(ContractKind.Perpetual, history.Underlying, null, null, null, null);
            if (ContractsFile.Deribit.Instrument(name) is { } perpetual)
                quotes.Add(new() { Instrument = perpetual, Mark = (decimal)history.Bars[bars[step]].Close });
        }
        return Parsed<MarketSnapshot>.Ok(
            new MarketSnapshot
            {
                AsOf = Times[step],
                Venue = ContractsFile.Deribit.Venue,
                Source = Source,
                Underlyings =
                [
                    .. coins.Select(coin => new UnderlyingMarket
                    {
                        Underlying = coin.History.Underlying,
                        IndexUsd = coin.History.Bars[coin.Bars[step]].Close,
                        Forwards = [],
                    }),
                ],
                Quotes = [.. quotes.OrderBy(quote => quote.Instrument.Name, StringComparer.Ordinal)],
            }
        );
    }

    /// <inheritdoc />
    public Instrument? Contract(string name) => RecordedContracts.Find(name);

    /// <inheritdoc />
    public (double LowUsd, double HighUsd)? Range(string underlying, int step)
    {
        foreach (var (history, bars) in coins)
            if (history.Underlying == underlying)
                return (history.Bars[bars[step]].Low, history.Bars[bars[step]].High);
        return null;
    }

    IEnumerable<string> Stated(PriceHistories bars)
    {
        var length = coins[0].History.BarLength;
        yield return FormattableString.Invariant(
            $"{Times.Length} bars of {length.TotalHours:0.##} hours, {Times[0]:yyyy-MM-dd HH:mm} to "
        ) + FormattableString.Invariant($"{Times[^1]:yyyy-MM-dd HH:mm} UTC; the year before them is kept to draw from");
        yield return "the bars are of a spot market: each coin's perpetual stands at the bar's close, without basis; "
            + "there are no options";
        yield return "margin is looked at when all coins are at their bar's low and when all are at its high; a book "
            + "long one coin and short another may have been worse off in between";
        yield return "decisions and fills share the bar's close";
        string[] left = [.. bars.Histories.Select(history => history.Underlying).Where(coin => !Rated.Contains(coin))];
        if (left.Length > 0)
            yield return $"without margin parameters and left out: {string.Join(", ", left)}";
        yield return "the recorded crash days of the stress set are those that ship with the program: before their own "
            + "dates they are knowledge of the future, which can only make limits tighter";
    }

    static Parsed<BarsTimeline> Fail(string place, string found, string expected) =>
        Parsed<BarsTimeline>.Fail(new Fault(place, null, "", found, expected));
}
