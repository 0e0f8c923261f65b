using Plimsoll.Markets;

namespace Plimsoll.Sizing;

/// <summary>Time over which the cost of a position is spread in the objective; limits always see it whole.</summary>
/// <remarks>
/// One horizon's growth against a full spread would never trade. A position pays entry and exit once while it is held,
/// so a horizon bears its share. Nothing is held beyond its expiry, and what settles needs no exit.
/// </remarks>
public readonly record struct HoldingTime(Years Span, Years Horizon)
{
    /// <summary>Longest holding time that is assumed without being stated.</summary>
    public static Years Cap { get; } = Years.FromDays(30);

    /// <summary>The mandate's own, or the time to the nearest date of a view, at most the cap.</summary>
    public static HoldingTime Of(Mandate mandate, DateTimeOffset asOf)
    {
        double span = mandate.Holding?.Value ?? Cap.Value;
        if (mandate.Holding is null)
            foreach (var view in mandate.Views)
                if (view is LevelView level)
                    span = Math.Min(span, Years.Between(asOf, level.At).Value);
        span = Math.Max(span, mandate.Horizon.Value);
        return new HoldingTime(Years.FromDays(span * 365), mandate.Horizon);
    }

    /// <summary>Share of the one-way cost of opening that one horizon bears, exit included.</summary>
    public double OpeningShare(Instrument instrument, DateTimeOffset asOf)
    {
        double left = instrument.SettlesAt is { } settles
            ? Years.Between(asOf, settles).Value
            : double.PositiveInfinity;
        return left <= Span.Value ? Share(left) : 2 * Share(Span.Value);
    }

    /// <summary>Share of the one-way cost of closing that one horizon bears.</summary>
    public double ClosingShare(Instrument instrument, DateTimeOffset asOf)
    {
        double left = instrument.SettlesAt is { } settles
            ? Years.Between(asOf, settles).Value
            : double.PositiveInfinity;
        return Share(Math.Min(left, Span.Value));
    }

    double Share(double span) => Math.Min(1, Horizon.Value / Math.Max(span, 1e-12));
}
