using System.Collections.Immutable;

namespace Plimsoll.Markets;

/// <summary>
/// One step of a tick schedule: <paramref name="TickSize"/> holds for prices above <paramref name="Above"/>.
/// </summary>
public sealed record TickStep(decimal Above, decimal TickSize);

/// <summary>Price step of an instrument, which may grow with the price (Deribit: <c>tick_size_steps</c>).</summary>
public sealed record TickSchedule(decimal BaseTick, ImmutableArray<TickStep> Steps)
{
    /// <summary>The same step at every price.</summary>
    public static TickSchedule Uniform(decimal tick) => new(tick, []);

    /// <summary>Step at <paramref name="price"/>: that of the last row whose bound lies below the price.</summary>
    public decimal At(decimal price)
    {
        decimal tick = BaseTick;
        foreach (var step in Steps)
            if (price > step.Above)
                tick = step.TickSize;
        return tick;
    }

    /// <summary>Highest permitted price at or below <paramref name="price"/>.</summary>
    public decimal RoundDown(decimal price) => Math.Floor(price / At(price)) * At(price);

    /// <summary>Lowest permitted price at or above <paramref name="price"/>.</summary>
    public decimal RoundUp(decimal price) => Math.Ceiling(price / At(price)) * At(price);

    /// <inheritdoc />
    public bool Equals(TickSchedule? other) =>
        other is not null && BaseTick == other.BaseTick && Steps.SequenceEqual(other.Steps);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(BaseTick, Steps.Length);
}
