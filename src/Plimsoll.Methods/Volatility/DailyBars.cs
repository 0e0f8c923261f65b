using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Sizing;

namespace Plimsoll.Methods;

/// <summary>Days of a coin's history, made of its bars; nothing after the market's time is looked at.</summary>
public static class DailyBars
{
    /// <summary>One bar a day (UTC), in order; empty without history.</summary>
    public static ImmutableArray<Bar> Of(SizingInput input, string underlying)
    {
        var history = input.Histories.FirstOrDefault(history => history.Underlying == underlying);
        if (history is null)
            return [];
        return
        [
            .. history
                .CutAt(input.Market.AsOf)
                .Bars.GroupBy(bar => bar.OpenTime.UtcDateTime.Date)
                .Select(day => new Bar(
                    day.First().OpenTime,
                    day.First().Open,
                    day.Max(bar => bar.High),
                    day.Min(bar => bar.Low),
                    day.Last().Close,
                    day.Sum(bar => bar.VolumeBase)
                )),
        ];
    }

    /// <summary>Annual volatility of daily log returns, weights falling by the decay each day back.</summary>
    public static double Volatility(ReadOnlySpan<Bar> days, double decay)
    {
        double square = 0,
            weight = 0,
            share = 1;
        for (int t = days.Length - 1; t > 0; t--, share *= decay)
        {
            double move = Math.Log(days[t].Close / days[t - 1].Close);
            square += share * move * move;
            weight += share;
        }
        return Math.Sqrt(365 * square / weight);
    }
}
