namespace Plimsoll.Paper;

/// <summary>Time-weighted average of an index over a window: the delivery price.</summary>
sealed class IndexAverage
{
    decimal sum;

    /// <summary>Time that the average covers so far, milliseconds.</summary>
    public long SpanMs { get; private set; }

    /// <summary>The average, USD, to the cent.</summary>
    public decimal Price => decimal.Round(sum / SpanMs, 2);

    /// <summary>Adds a span during which the index stood still.</summary>
    public void Add(decimal price, long spanMs)
    {
        sum += price * spanMs;
        SpanMs += spanMs;
    }
}

/// <summary>One hour of funding.</summary>
/// <param name="AtMs">End of the hour, milliseconds UTC.</param>
/// <param name="IndexUsd">Index at its end.</param>
/// <param name="PreviousIndexUsd">Index at its start.</param>
/// <param name="Interest1h">Funding of the hour, a fraction.</param>
public sealed record FundingHour(long AtMs, decimal IndexUsd, decimal PreviousIndexUsd, decimal Interest1h);

/// <summary>What a perpetual paid: hour by hour, and the sum over any window to the minute.</summary>
public sealed class FundingHistory
{
    const long HourMs = 3_600_000;
    const long MinuteMs = 60_000;
    const int KeptHours = 744;
    readonly List<FundingHour> hours = [];
    readonly List<(long AtMs, decimal Sum)> minutes = [];
    decimal sum;
    decimal hourStartSum;
    decimal hourStartIndex;
    long hour = -1;

    /// <summary>Whole hours, oldest first; the last 744.</summary>
    public IReadOnlyList<FundingHour> Hours => hours;

    /// <summary>Funding over a window, a fraction of the notional; positive: longs paid.</summary>
    public decimal Sum(long fromMs, long toMs) => At(toMs) - At(fromMs);

    internal void Add(long atMs, decimal indexUsd, decimal paid)
    {
        sum += paid;
        if (minutes.Count == 0 || atMs / MinuteMs > minutes[^1].AtMs / MinuteMs)
            minutes.Add((atMs, sum));
        else
            minutes[^1] = (atMs, sum);
        if (minutes.Count > KeptHours * 60)
            minutes.RemoveRange(0, KeptHours);
        if (hour < 0)
            (hour, hourStartIndex) = (atMs / HourMs, indexUsd);
        if (atMs / HourMs == hour)
            return;
        hour = atMs / HourMs;
        hours.Add(new FundingHour(hour * HourMs, indexUsd, hourStartIndex, sum - hourStartSum));
        if (hours.Count > KeptHours)
            hours.RemoveAt(0);
        (hourStartSum, hourStartIndex) = (sum, indexUsd);
    }

    decimal At(long ms)
    {
        int low = 0,
            high = minutes.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (minutes[middle].AtMs <= ms)
                low = middle + 1;
            else
                high = middle;
        }
        return low == 0 ? 0 : minutes[low - 1].Sum;
    }
}
