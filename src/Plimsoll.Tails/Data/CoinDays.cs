using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Tails;

/// <summary>One UTC day of a coin, made of its bars; known at 24:00.</summary>
/// <param name="Date">UTC date.</param>
/// <param name="Return">100·ln(close/previous close).</param>
/// <param name="Low">100·ln(low/previous close): how deep the day went.</param>
/// <param name="High">100·ln(high/previous close).</param>
/// <param name="Realised">From the bars' close-to-close returns, percent squared.</param>
/// <param name="RangeVariance">
/// Σ over bars of ½ln²(H/L) − (2 ln 2 − 1)ln²(C/O), percent squared (Garman and Klass, J. Business 53 (1980)); where no
/// bar has a range, as in prices without highs and lows, the realised variance.
/// </param>
/// <param name="VolumeUsd">Volume times close; 0 where none is stated.</param>
/// <param name="Bars">Bars of the day; fewer where the venue was down.</param>
public readonly record struct CoinDay(
    DateOnly Date,
    double Return,
    double Low,
    double High,
    RealisedMeasures Realised,
    double RangeVariance,
    double VolumeUsd,
    int Bars
);

/// <summary>Days of one coin, in order; a day without any bar is missing, never a zero return.</summary>
public sealed class CoinDays
{
    readonly double[] returns;
    readonly Dictionary<int, int> byDay;

    /// <param name="underlying">Ticker.</param>
    /// <param name="days">In order of date.</param>
    public CoinDays(string underlying, ImmutableArray<CoinDay> days)
    {
        (Underlying, Days) = (underlying, days);
        returns = [.. days.Select(day => day.Return)];
        byDay = new Dictionary<int, int>(days.Length);
        for (int t = 0; t < days.Length; t++)
            byDay.Add(days[t].Date.DayNumber, t);
    }

    /// <summary>Ticker.</summary>
    public string Underlying { get; }

    /// <summary>In order of date.</summary>
    public ImmutableArray<CoinDay> Days { get; }

    /// <summary>Number of days.</summary>
    public int Count => Days.Length;

    /// <summary>Returns of the days before one: all that a forecast for it may use.</summary>
    public ReadOnlySpan<double> Before(int day) => returns.AsSpan(0, day);

    /// <summary>Position of a date; −1 where it is missing.</summary>
    public int IndexOf(DateOnly date) => byDay.GetValueOrDefault(date.DayNumber, -1);

    /// <summary>Date of a position, which may be that after the last.</summary>
    public DateOnly DateAt(int day) => day < Count ? Days[day].Date : Days[^1].Date.AddDays(1);

    /// <summary>Position of the first day at or after a date.</summary>
    public int FirstAt(DateOnly date)
    {
        int t = 0;
        while (t < Count && Days[t].Date < date)
            t++;
        return t;
    }

    /// <summary>
    /// Groups bars by the UTC date of their opening; a last day that has not reached 24:00 is dropped.
    /// </summary>
    /// <param name="history">Bars that divide a day.</param>
    /// <returns>No days where there are fewer than two whole ones: the first has no close before it.</returns>
    /// <exception cref="ArgumentException">Bars longer than a day.</exception>
    public static CoinDays Of(PriceHistory history)
    {
        if (history.BarLength > TimeSpan.FromDays(1))
            throw new ArgumentException($"bars of {history.BarLength} are longer than a day", nameof(history));
        var days = ImmutableArray.CreateBuilder<CoinDay>();
        var bars = history.Bars;
        double previous = double.NaN;
        var inside = new List<double>();
        for (int from = 0; from < bars.Length; )
        {
            var date = DateOnly.FromDateTime(bars[from].OpenTime.UtcDateTime);
            int to = from;
            while (to < bars.Length && DateOnly.FromDateTime(bars[to].OpenTime.UtcDateTime) == date)
                to++;
            bool isWhole = to < bars.Length || EndsAtMidnight(bars[to - 1], history.BarLength, date);
            if (isWhole && !double.IsNaN(previous))
                days.Add(Day(date, bars.AsSpan(from, to - from), previous, inside));
            if (isWhole)
                previous = bars[to - 1].Close;
            from = to;
        }
        return new CoinDays(history.Underlying, days.ToImmutable());
    }

    static bool EndsAtMidnight(Bar last, TimeSpan length, DateOnly date) =>
        last.OpenTime + length >= new DateTimeOffset(date.AddDays(1), default, TimeSpan.Zero);

    static CoinDay Day(DateOnly date, ReadOnlySpan<Bar> bars, double previous, List<double> inside)
    {
        inside.Clear();
        var (low, high, range, volume) = (double.PositiveInfinity, 0.0, 0.0, 0.0);
        double before = previous;
        foreach (var bar in bars)
        {
            inside.Add(100 * Math.Log(bar.Close / before));
            before = bar.Close;
            low = Math.Min(low, bar.Low);
            high = Math.Max(high, bar.High);
            volume += bar.VolumeBase * bar.Close;
            double span = 100 * Math.Log(bar.High / bar.Low);
            double body = 100 * Math.Log(bar.Close / bar.Open);
            range += 0.5 * span * span - 0.38629436111989062 * body * body;
        }
        var realised = RealisedMeasures.Of(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(inside));
        return new CoinDay(
            date,
            100 * Math.Log(before / previous),
            100 * Math.Log(low / previous),
            100 * Math.Log(high / previous),
            realised,
            range > 0 ? range : realised.Variance,
            volume,
            bars.Length
        );
    }
}
