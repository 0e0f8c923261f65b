namespace Plimsoll.Sizing;

/// <summary>A belief with a confidence: (1 − c)·p + c·x mixes the laws.</summary>
public abstract record View
{
    private protected View() { }

    /// <summary>Ticker of the coin that it speaks of.</summary>
    public required string Underlying { get; init; }

    /// <summary>c in [0, 1].</summary>
    public required double Confidence { get; init; }

    /// <summary>Whether volatility, skew and other coins' expectations may move with it.</summary>
    public bool Spillover { get; init; }

    /// <summary>Short text for reports: <c>BTC above 120000 at 2026-12-25 35%</c>.</summary>
    public abstract string Text { get; }
}

/// <summary>Probability that the price ends beyond a level (terminal) or reaches it (touch).</summary>
public sealed record LevelView : View
{
    /// <summary>USD per coin.</summary>
    public required double LevelUsd { get; init; }

    /// <summary>Above or below the level.</summary>
    public required bool Above { get; init; }

    /// <summary>08:00 UTC of the stated day.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Whether reaching the level on the way counts (first passage).</summary>
    public required bool Touch { get; init; }

    /// <summary>v in (0, 1).</summary>
    public required double Probability { get; init; }

    /// <inheritdoc />
    public override string Text
    {
        get
        {
            string verb =
                Touch ? "touches"
                : Above ? "above"
                : "below";
            string day = FormattableString.Invariant($"{(Touch ? "by" : "at")} {At:yyyy-MM-dd}");
            return FormattableString.Invariant(
                $"{Underlying} {verb} {LevelUsd:0.########} {day} with {Probability * 100:0.##}%"
            );
        }
    }
}

/// <summary>Arithmetic drift a year of the price.</summary>
public sealed record DriftView : View
{
    /// <summary>Fraction a year: 0.2 is +20 % a year.</summary>
    public required double AnnualDrift { get; init; }

    /// <inheritdoc />
    public override string Text =>
        FormattableString.Invariant($"{Underlying} drift {AnnualDrift * 100:+0.##;-0.##}% a year");
}

/// <summary>Realised volatility over the horizon (annual), or implied volatility at 30 days.</summary>
public sealed record VolatilityView : View
{
    /// <summary>Fraction a year.</summary>
    public required double Volatility { get; init; }

    /// <summary>Whether the belief is about implied volatility at the horizon rather than realised.</summary>
    public required bool Implied { get; init; }

    /// <inheritdoc />
    public override string Text =>
        FormattableString.Invariant(
            $"{Underlying} {(Implied ? "implied" : "realised")} volatility {Volatility * 100:0.##}%"
        );
}

/// <summary>One coin's drift over another's, arithmetic, a year.</summary>
public sealed record RelativeView : View
{
    /// <summary>The coin that it is compared with.</summary>
    public required string Against { get; init; }

    /// <summary>Fraction a year by which Underlying outgrows Against.</summary>
    public required double AnnualOutperformance { get; init; }

    /// <inheritdoc />
    public override string Text =>
        FormattableString.Invariant($"{Underlying} over {Against} by {AnnualOutperformance * 100:+0.##;-0.##}% a year");
}
