using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Plimsoll.Markets;
using Plimsoll.Storage;
using Plimsoll.Tails;

namespace Plimsoll.Cli;

/// <summary>Days of coins and what option chains said of them, as <c>plimsoll tail</c> reads them.</summary>
sealed class TailInput(OptionText text)
{
    /// <summary>Bars of a folder or file.</summary>
    public static Option<string> History() =>
        new("--history")
        {
            Description = "bars of a day or shorter: a folder with a file a coin, or one file",
            HelpName = "PATH",
            Required = true,
        };

    /// <summary>Recorded chains.</summary>
    public static Option<string> Chains() =>
        InputOptions.Worded(
            "--chains",
            "DIR",
            "recorded option chains: implied volatility, skew, term slope, basis and funding of each day"
        );

    /// <summary>A day.</summary>
    public static Option<string> Day(string name, string what) => InputOptions.Worded(name, "DAY", what);

    /// <summary>What stood in for what, in words.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Coins with their days; null after a fault.</summary>
    public MarketDays? Market(Option<string> history, Option<string> chains)
    {
        var histories = Take(BarsCsv.Read(text.Text(history)!));
        var timeline = text.Text(chains) is { } folder ? Take(ChainTimeline.Open(folder, null)) : null;
        if (histories is null || text.Faults.Count > 0)
            return null;
        Notes.AddRange(histories.Notes);
        var coins = ImmutableArray.CreateBuilder<CoinDays>();
        foreach (var bars in histories.Histories)
            if (bars.BarLength > TimeSpan.FromDays(1))
                text.Refuse(
                    history,
                    FormattableString.Invariant($"{bars.Underlying} in bars of {bars.BarLength.TotalHours} hours"),
                    "bars of a day or shorter"
                );
            else if (CoinDays.Of(bars) is { Count: > 0 } days)
            {
                coins.Add(days);
                Notes.AddRange(Said(bars, days));
            }
            else
                text.Refuse(history, $"{bars.Underlying} with fewer than two whole days", "at least two whole days");
        return coins.Count == 0
            ? null
            : new MarketDays(coins.ToImmutable()) { Implied = timeline is null ? [] : Implied(timeline, coins) };
    }

    /// <summary>The coin that an option names; null without one or after a fault.</summary>
    public CoinDays? Coin(Option<string> option, MarketDays? market)
    {
        if (market is null || text.Text(option) is not { } name)
            return null;
        if (market.Find(name) is { } coin)
            return coin;
        text.Refuse(option, name, $"one of {string.Join(", ", market.Coins.Select(c => c.Underlying))}");
        return null;
    }

    /// <summary>The day that an option names; null without one or after a fault.</summary>
    public DateOnly? Date(Option<string> option)
    {
        if (text.Text(option) is not { } written)
            return null;
        if (DateOnly.TryParseExact(written, "yyyy-MM-dd", CultureInfo.InvariantCulture, default, out var day))
            return day;
        text.Refuse(option, written, "a day that exists, written YYYY-MM-DD");
        return null;
    }

    /// <summary>The value, or null after adding its faults.</summary>
    public T? Take<T>(Parsed<T> parsed)
        where T : class
    {
        text.Faults.AddRange(parsed.Faults);
        return parsed.Succeeded ? parsed.Value : null;
    }

    static IEnumerable<string> Said(PriceHistory bars, CoinDays days)
    {
        int missing = days.Days[^1].Date.DayNumber - days.Days[0].Date.DayNumber + 1 - days.Count;
        if (missing > 0)
            yield return $"{days.Underlying}: {missing} days without a bar; a return after a gap is over all its days";
        if (bars.BarLength == TimeSpan.FromDays(1))
            yield return $"{days.Underlying}: bars of a day tell nothing of what happened within it";
    }

    /// <summary>Readings by coin: the last chain of each UTC date.</summary>
    ImmutableArray<ImpliedDays> Implied(ChainTimeline timeline, IEnumerable<CoinDays> coins)
    {
        int[] last =
        [
            .. Enumerable
                .Range(0, timeline.Times.Length)
                .Where(i =>
                    i + 1 == timeline.Times.Length
                    || timeline.Times[i + 1].UtcDateTime.Date > timeline.Times[i].UtcDateTime.Date
                ),
        ];
        var markets = new Parsed<MarketSnapshot>[last.Length];
        var readings = new (string Underlying, ImpliedDay Day)[last.Length][];
        Parallel.For(
            0,
            last.Length,
            i =>
            {
                markets[i] = timeline.Read(last[i]);
                readings[i] = markets[i].Succeeded ? Readings(markets[i].Value) : [];
            }
        );
        text.Faults.AddRange(markets.SelectMany(market => market.Faults));
        var byCoin = readings.SelectMany(day => day).ToLookup(reading => reading.Underlying, reading => reading.Day);
        foreach (var coin in byCoin)
            Notes.Add(
                $"{coin.Key}: chains of {coin.Count()} days from {coin.Min(d => d.Date):yyyy-MM-dd} to "
                    + $"{coin.Max(d => d.Date):yyyy-MM-dd}; without one, implied volatility and basis are left out"
            );
        string[] none = [.. coins.Select(coin => coin.Underlying).Where(coin => !byCoin.Contains(coin))];
        if (none.Length > 0)
            Notes.Add($"no option chain of {string.Join(", ", none)}");
        return [.. byCoin.Select(coin => new ImpliedDays(coin.Key, coin))];
    }

    static (string Underlying, ImpliedDay Day)[] Readings(MarketSnapshot market) =>
        [.. market.Underlyings.Select(coin => (coin.Underlying, ImpliedDay.Of(market, coin.Underlying)))];
}
