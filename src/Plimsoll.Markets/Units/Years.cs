namespace Plimsoll.Markets;

/// <summary>
/// A span of time in years of 365 days of 86,400 seconds (ACT/365 in seconds, the venue's own day count).
/// </summary>
/// <remarks>Never negative where it means a time to expiry. The default value is no time at all.</remarks>
public readonly record struct Years : IComparable<Years>
{
    /// <summary>Seconds in a year of 365 days.</summary>
    public const double SecondsPerYear = 31_536_000;

    Years(double value) => Value = value;

    /// <summary>What kernels take as <c>tYears</c>.</summary>
    public double Value { get; }

    /// <summary>The span in days of 24 hours.</summary>
    public double Days => Value * 365;

    /// <summary>A span given in days of 24 hours.</summary>
    public static Years FromDays(double days) => new(days / 365);

    /// <summary>A span given as elapsed time.</summary>
    public static Years From(TimeSpan span) => new(span.TotalSeconds / SecondsPerYear);

    /// <summary>From <paramref name="from"/> to <paramref name="to"/>; negative when the second is earlier.</summary>
    public static Years Between(DateTimeOffset from, DateTimeOffset to) => From(to - from);

    /// <inheritdoc />
    public int CompareTo(Years other) => Value.CompareTo(other.Value);

    /// <inheritdoc />
    public override string ToString() => FormattableString.Invariant($"{Days:0.###} d");
}
