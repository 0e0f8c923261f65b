using System.Globalization;
using Plimsoll.Markets;
using Plimsoll.Numerics;

namespace Plimsoll.Paper;

/// <summary>What can go wrong between a venue and its client.</summary>
public enum FaultKind
{
    /// <summary>A frame or answer never arrives.</summary>
    Drop,

    /// <summary>It arrives late; what follows waits behind it.</summary>
    Delay,

    /// <summary>It arrives twice.</summary>
    Duplicate,

    /// <summary>It changes places with the next one.</summary>
    Reorder,

    /// <summary>A book change is lost, so that the chain of change ids breaks.</summary>
    Gap,

    /// <summary>Its bytes are not JSON.</summary>
    Garbage,

    /// <summary>The request is answered by 429 and <c>too_many_requests</c>; nothing was done.</summary>
    TooManyRequests,

    /// <summary>The connection breaks.</summary>
    Disconnect,

    /// <summary>The venue stops sending to this connection for a while.</summary>
    Slow,
}

/// <summary>How often one kind of fault comes, and how long it takes.</summary>
/// <param name="Kind">What goes wrong.</param>
/// <param name="Rate">Share of frames or requests.</param>
/// <param name="ForMs">Of delays; 0 otherwise.</param>
public readonly record struct FaultRate(FaultKind Kind, double Rate, long ForMs);

/// <summary>Faults on request, seeded: the n-th frame of a run meets the same fault each time.</summary>
public sealed class FaultPlan
{
    static readonly Dictionary<string, FaultKind> Words = new()
    {
        ["drop"] = FaultKind.Drop,
        ["delay"] = FaultKind.Delay,
        ["duplicate"] = FaultKind.Duplicate,
        ["reorder"] = FaultKind.Reorder,
        ["gap"] = FaultKind.Gap,
        ["garbage"] = FaultKind.Garbage,
        ["429"] = FaultKind.TooManyRequests,
        ["disconnect"] = FaultKind.Disconnect,
        ["slow"] = FaultKind.Slow,
    };

    readonly IReadOnlyList<FaultRate> rates;
    readonly SeededRandom frames;
    readonly SeededRandom requests;
    readonly long[] counts = new long[Enum.GetValues<FaultKind>().Length];

    FaultPlan(IReadOnlyList<FaultRate> rates, ulong seed)
    {
        this.rates = rates;
        frames = new SeededRandom(seed, 50);
        requests = new SeededRandom(seed, 51);
    }

    /// <summary>Nothing goes wrong.</summary>
    public static FaultPlan None { get; } = new([], 0);

    /// <summary>Whether anything goes wrong.</summary>
    public bool IsNone => rates.Count == 0;

    /// <summary>How often a kind came so far.</summary>
    public long Count(FaultKind kind) => counts[(int)kind];

    /// <summary>Reads <c>drop=1%,delay=5%:250ms,slow=0.1%:3s</c>.</summary>
    /// <param name="text">A list of NAME=RATE or NAME=RATE:TIME.</param>
    /// <param name="place">What to call it in faults.</param>
    /// <param name="seed">Of the draws.</param>
    public static Parsed<FaultPlan> Parse(string text, string place, ulong seed)
    {
        var rates = new List<FaultRate>();
        var faults = new List<Fault>();
        foreach (string part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] pair = part.Split('=', 2);
            if (!Words.TryGetValue(pair[0], out var kind))
            {
                faults.Add(new Fault(place, null, "", part, $"one of {string.Join(", ", Words.Keys)}"));
                continue;
            }
            bool timed = kind is FaultKind.Delay or FaultKind.Slow;
            string[] values = pair.Length == 2 ? pair[1].Split(':', 2) : [""];
            long forMs = 0;
            if (!TryRate(values[0], out double rate) || timed != (values.Length == 2 && TryTime(values[1], out forMs)))
                faults.Add(
                    new Fault(
                        place,
                        null,
                        pair[0],
                        pair.Length == 2 ? pair[1] : "",
                        timed ? "a rate and a time, such as 5%:250ms" : "a rate, such as 1%"
                    )
                );
            else
                rates.Add(new FaultRate(kind, rate, forMs));
        }
        return faults.Count == 0 ? Parsed<FaultPlan>.Ok(new FaultPlan(rates, seed)) : Parsed<FaultPlan>.Fail(faults);
    }

    /// <summary>What happens to a frame about to be sent, if anything.</summary>
    public FaultRate? OfFrame(string frame)
    {
        bool isBookChange = frame.Contains("\"prev_change_id\"", StringComparison.Ordinal);
        return Draw(frames, kind => kind != FaultKind.TooManyRequests && (kind != FaultKind.Gap || isBookChange));
    }

    /// <summary>What happens to an HTTP request or its answer, if anything.</summary>
    public FaultRate? OfRequest() =>
        Draw(
            requests,
            kind => kind is not (FaultKind.Gap or FaultKind.Duplicate or FaultKind.Reorder or FaultKind.Slow)
        );

    /// <summary>Whether a request over a socket is refused as one too many.</summary>
    public bool RefusesCall() => Draw(requests, kind => kind == FaultKind.TooManyRequests) is not null;

    FaultRate? Draw(SeededRandom random, Func<FaultKind, bool> applies)
    {
        if (IsNone)
            return null;
        FaultRate? met = null;
        foreach (var rate in rates)
        {
            bool hit = random.NextDouble() < rate.Rate;
            if (hit && met is null && applies(rate.Kind))
                met = rate;
        }
        if (met is { } fault)
            counts[(int)fault.Kind]++;
        return met;
    }

    static bool TryRate(string text, out double rate)
    {
        bool read = double.TryParse(
            text.TrimEnd('%'),
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out rate
        );
        rate /= 100;
        return read && text.EndsWith('%') && rate is >= 0 and <= 1;
    }

    static bool TryTime(string text, out long ms)
    {
        bool isMs = text.EndsWith("ms", StringComparison.Ordinal);
        bool isSeconds = !isMs && text.EndsWith('s');
        string number =
            isMs ? text[..^2]
            : isSeconds ? text[..^1]
            : "";
        bool read = long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out ms);
        ms *= isSeconds ? 1000 : 1;
        return read && ms is > 0 and <= 600_000;
    }
}
