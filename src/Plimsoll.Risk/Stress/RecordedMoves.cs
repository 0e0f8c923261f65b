using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Risk;

/// <summary>Joint moves that happened, over windows as long as the horizon.</summary>
/// <param name="Labels">Day on which each window ends.</param>
/// <param name="AtClose">By window, factors in the law's order: from close to close.</param>
/// <param name="AtLow">The same with every coin at its lowest price inside the window.</param>
/// <param name="AtHigh">The same at its highest.</param>
/// <param name="WindowDays">Whole days of a window.</param>
/// <param name="Since">First day of the record.</param>
public sealed record RecordedMoves(
    ImmutableArray<DateOnly> Labels,
    ImmutableArray<double[]> AtClose,
    ImmutableArray<double[]> AtLow,
    ImmutableArray<double[]> AtHigh,
    int WindowDays,
    DateOnly Since
)
{
    /// <summary>
    /// The record of UTC days on which every coin of the law has bars; null where there are none. Volatility answers
    /// the
    /// return: the record of bars has no chains.
    /// </summary>
    /// <param name="law">Which coins.</param>
    /// <param name="histories">Bars of a day or less.</param>
    /// <param name="asOf">Nothing later is looked at.</param>
    /// <param name="horizonDays">Horizon; windows are whole days, at least one.</param>
    public static RecordedMoves? Of(
        FactorLaw law,
        ImmutableArray<PriceHistory> histories,
        DateTimeOffset asOf,
        double horizonDays
    )
    {
        int window = Math.Max(1, (int)Math.Round(horizonDays));
        string[] coins = [.. law.Factors.Select(factor => factor.Underlying).Distinct()];
        var days = new List<SortedDictionary<DateOnly, Day>>();
        foreach (string coin in coins)
        {
            var history = histories.IsDefault ? null : histories.FirstOrDefault(each => each.Underlying == coin);
            if (history is null)
                return null;
            days.Add(Days(history.CutAt(asOf)));
        }
        DateOnly[] common = [.. days[0].Keys.Where(date => days.TrueForAll(own => own.ContainsKey(date)))];
        if (common.Length <= window)
            return null;
        var labels = ImmutableArray.CreateBuilder<DateOnly>();
        var rows = Enumerable.Range(0, 3).Select(_ => ImmutableArray.CreateBuilder<double[]>()).ToArray();
        for (int at = window; at < common.Length; at++)
        {
            // A gap in the record is no move of one window.
            if (common[at].DayNumber - common[at - window].DayNumber != window)
                continue;
            labels.Add(common[at]);
            for (int kind = 0; kind < 3; kind++)
                rows[kind].Add(Move(law, coins, days, common, at, window, kind));
        }
        return new RecordedMoves(
            labels.ToImmutable(),
            rows[0].ToImmutable(),
            rows[1].ToImmutable(),
            rows[2].ToImmutable(),
            window,
            common[0]
        );
    }

    /// <summary>
    /// Ends of the windows that count once each: a window that overlaps one counted before is the same event.
    /// </summary>
    /// <param name="counts">By window.</param>
    public ImmutableArray<DateOnly> Events(Func<int, bool> counts)
    {
        var events = ImmutableArray.CreateBuilder<DateOnly>();
        for (int i = 0; i < Labels.Length; i++)
            if (counts(i) && (events.Count == 0 || Labels[i].DayNumber - events[^1].DayNumber >= WindowDays))
                events.Add(Labels[i]);
        return events.ToImmutable();
    }

    readonly record struct Day(double Close, double Low, double High);

    static double[] Move(
        FactorLaw law,
        string[] coins,
        List<SortedDictionary<DateOnly, Day>> days,
        DateOnly[] common,
        int at,
        int window,
        int kind
    )
    {
        var move = new double[law.Factors.Length];
        for (int i = 0; i < move.Length; i++)
        {
            var factor = law.Factors[i];
            var own = days[Array.IndexOf(coins, factor.Underlying)];
            double before = own[common[at - window]].Close;
            double then = kind switch
            {
                0 => own[common[at]].Close,
                1 => Enumerable.Range(at - window + 1, window).Min(day => own[common[day]].Low),
                _ => Enumerable.Range(at - window + 1, window).Max(day => own[common[day]].High),
            };
            double r = Math.Log(then / before);
            var response = VolatilityResponses.For(factor.Underlying);
            move[i] = factor.Kind == StressFactorKind.Spot ? r : VolatilityMoves.Answer(response, r);
        }
        return move;
    }

    static SortedDictionary<DateOnly, Day> Days(PriceHistory history)
    {
        var days = new SortedDictionary<DateOnly, Day>();
        foreach (var bar in history.Bars)
        {
            var date = DateOnly.FromDateTime(bar.OpenTime.UtcDateTime);
            // A stray print is no price: see FilteredHistory.
            double low = FilteredHistory.LowOf(bar);
            days[date] = days.TryGetValue(date, out var day)
                ? new Day(bar.Close, Math.Min(day.Low, low), Math.Max(day.High, bar.High))
                : new Day(bar.Close, low, bar.High);
        }
        return days;
    }
}
