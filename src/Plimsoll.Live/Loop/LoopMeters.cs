using System.Collections.Concurrent;
using Plimsoll.Engine;

namespace Plimsoll.Live;

/// <summary>Counts of one kind of duration; cumulative, as Prometheus keeps them.</summary>
public sealed class DurationMeter
{
    /// <summary>Upper bounds, seconds.</summary>
    public static IReadOnlyList<double> Bounds { get; } =
    [0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5];

    readonly long[] counts = new long[Bounds.Count + 1];

    /// <summary>Sum of all, seconds.</summary>
    public double SumSeconds { get; private set; }

    /// <summary>How many fell at or below each bound, the last without bound.</summary>
    public IReadOnlyList<long> Cumulative
    {
        get
        {
            var sums = new long[counts.Length];
            long sum = 0;
            for (int i = 0; i < sums.Length; i++)
                sums[i] = sum += Interlocked.Read(ref counts[i]);
            return sums;
        }
    }

    internal void Add(TimeSpan took)
    {
        double seconds = took.TotalSeconds;
        int i = 0;
        while (i < Bounds.Count && seconds > Bounds[i])
            i++;
        Interlocked.Increment(ref counts[i]);
        SumSeconds += seconds;
    }
}

/// <summary>What the loop counts; written on its thread, read on any.</summary>
public sealed class LoopMeters
{
    readonly ConcurrentDictionary<string, long> events = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, long> effects = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, long> alerts = new(StringComparer.Ordinal);

    /// <summary>Events by kind.</summary>
    public IReadOnlyDictionary<string, long> Events => events;

    /// <summary>Effects by kind.</summary>
    public IReadOnlyDictionary<string, long> Effects => effects;

    /// <summary>Alerts by code.</summary>
    public IReadOnlyDictionary<string, long> Alerts => alerts;

    /// <summary>Time of a step with its appends.</summary>
    public DurationMeter Steps { get; } = new();

    /// <summary>Time of a flush.</summary>
    public DurationMeter Flushes { get; } = new();

    /// <summary>Time of a solve.</summary>
    public DurationMeter Solves { get; } = new();

    /// <summary>Records in the journal.</summary>
    public ulong Records { get; private set; }

    /// <summary>Events that wait.</summary>
    public int Waiting { get; internal set; }

    /// <summary>Tickers replaced by newer ones before they were applied.</summary>
    public long Replaced { get; internal set; }

    internal void Applied(EngineEvent happened, IReadOnlyList<EngineEffect> asked, TimeSpan took)
    {
        Steps.Add(took);
        Count(events, happened.GetType().Name);
        foreach (var effect in asked)
        {
            Count(effects, effect.GetType().Name);
            if (effect is Alert alert)
                Count(alerts, alert.Code);
        }
    }

    internal void Flushed(TimeSpan took, ulong records)
    {
        Flushes.Add(took);
        Records = records;
    }

    internal void Solved(TimeSpan took) => Solves.Add(took);

    static void Count(ConcurrentDictionary<string, long> counts, string key) =>
        counts.AddOrUpdate(key, 1, static (_, before) => before + 1);
}
