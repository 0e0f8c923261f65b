using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Pricing;

namespace Plimsoll.Risk;

/// <summary>One settlement inside the horizon, as a point on the path.</summary>
/// <param name="At">Instant of settlement.</param>
/// <param name="Bar">Bar of the path in which the point lies.</param>
/// <param name="Fraction">Share of that bar which has passed at the point, in [0, 1].</param>
internal readonly record struct DeliveryPoint(DateTimeOffset At, int Bar, double Fraction);

/// <summary>The time axis of every path: bars counted from now, the last one cut at the horizon.</summary>
internal sealed class PathClock
{
    /// <summary>Length of each bar of the path in bars: 1, but for the last.</summary>
    public double[] Duration { get; }

    /// <summary>Bars from now to the horizon.</summary>
    public double TotalBars { get; }

    /// <summary>Days in one bar.</summary>
    public double BarDays { get; }

    /// <summary>Settlements in order of time.</summary>
    public ImmutableArray<DeliveryPoint> Deliveries { get; }

    public PathClock(DateTimeOffset asOf, Years horizon, TimeSpan barLength, ImmutableArray<DateTimeOffset> deliveries)
    {
        BarDays = barLength.TotalDays;
        TotalBars = horizon.Days / BarDays;
        int count = Math.Max(1, (int)Math.Ceiling(TotalBars - 1e-9));
        Duration = new double[count];
        Array.Fill(Duration, 1);
        Duration[^1] = TotalBars - (count - 1);
        Deliveries = [.. deliveries.Select(at => Point(at, at - asOf, barLength))];
    }

    /// <summary>
    /// The moment whose price has the variance of the mean over the window: with the window δ wholly ahead and
    /// settlement in τ, τ − 2δ/3; inside it τ³/(3δ²), what has passed of the mean being taken at today's index.
    /// </summary>
    /// <remarks>Variance of the average of Brownian motion: σ²·(τ − δ) up to the window, σ²·δ/3 within it.</remarks>
    public static double EffectiveSeconds(double secondsToSettlement) =>
        DeliveryWindow.Deribit(secondsToSettlement / Years.SecondsPerYear).EffectiveYears * Years.SecondsPerYear;

    DeliveryPoint Point(DateTimeOffset at, TimeSpan ahead, TimeSpan barLength)
    {
        double bars = EffectiveSeconds(ahead.TotalSeconds) / barLength.TotalSeconds;
        int bar = Math.Min((int)bars, Duration.Length - 1);
        return new DeliveryPoint(at, bar, Math.Clamp((bars - bar) / Duration[bar], 0, 1));
    }
}
