using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Tails;

/// <summary>Log returns of UTC days on which every coin traded, none later than a moment.</summary>
/// <param name="Dates">Days.</param>
/// <param name="Returns">By day, coins in order.</param>
public sealed record DailyReturns(ImmutableArray<DateOnly> Dates, double[][] Returns)
{
    /// <summary>From bars of a day or less; null where a coin has none.</summary>
    public static DailyReturns? Of(string[] coins, ImmutableArray<PriceHistory> histories, DateTimeOffset asOf)
    {
        var closes = new SortedDictionary<DateOnly, double>[coins.Length];
        for (int i = 0; i < coins.Length; i++)
        {
            var history = histories.IsDefault ? null : histories.FirstOrDefault(each => each.Underlying == coins[i]);
            if (history is null)
                return null;
            closes[i] = [];
            foreach (var bar in history.CutAt(asOf).Bars)
                closes[i][DateOnly.FromDateTime(bar.OpenTime.UtcDateTime)] = bar.Close;
            // The last date has not closed yet unless its last bar ends at midnight.
            if (closes[i].Count > 0 && closes[i].Keys.Last().AddDays(1) > DateOnly.FromDateTime(asOf.UtcDateTime))
                closes[i].Remove(closes[i].Keys.Last());
        }
        DateOnly[] common = [.. closes[0].Keys.Where(date => closes.All(own => own.ContainsKey(date)))];
        var (dates, returns) = (ImmutableArray.CreateBuilder<DateOnly>(), new List<double[]>());
        for (int t = 1; t < common.Length; t++)
        {
            if (common[t].DayNumber - common[t - 1].DayNumber != 1)
                continue;
            dates.Add(common[t]);
            returns.Add([.. closes.Select(own => Math.Log(own[common[t]] / own[common[t - 1]]))]);
        }
        return new DailyReturns(dates.ToImmutable(), [.. returns]);
    }
}
