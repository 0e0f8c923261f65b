using System.Collections.Immutable;

namespace Plimsoll.Margin;

/// <summary>What a scenario does to volatility.</summary>
public enum DeriveShock
{
    /// <summary>Rises, by more for short expiries.</summary>
    Up,

    /// <summary>Stays.</summary>
    None,

    /// <summary>Falls.</summary>
    Down,

    /// <summary>The wings tilt: one up, one down.</summary>
    Linear,

    /// <summary>Both wings rise or fall.</summary>
    Abs,
}

/// <summary>One scenario of a portfolio manager.</summary>
/// <param name="SpotMultiple">Of spot, perpetual and the moving part of forwards.</param>
/// <param name="Volatility">What volatility does.</param>
/// <param name="Dampening">Share of its loss that counts.</param>
public readonly record struct DeriveScenario(double SpotMultiple, DeriveShock Volatility, double Dampening)
{
    /// <summary>As the golden rows name it.</summary>
    public string Name =>
        FormattableString.Invariant($"spot x{SpotMultiple:0.####}, vol {Volatility}")
        + (Dampening == 1 ? "" : FormattableString.Invariant($", dampening {Dampening:0.######}"));

    /// <summary>Reads the list of a parameter file.</summary>
    public static ImmutableArray<DeriveScenario> Read(ParameterNode node) =>
        [
            .. node.List("scenarios")
                .Select(row => new DeriveScenario(
                    row.Number("spot_multiple", 0.01, 100),
                    Enum.TryParse(row.Text("volatility"), out DeriveShock shock) ? shock : Refuse(row),
                    row.Number("dampening", 0, 10)
                )),
        ];

    /// <summary>A cell of the grid.</summary>
    public GridCell Cell(double gain, double raw) =>
        new(
            Name,
            SpotMultiple - 1,
            Volatility switch
            {
                DeriveShock.Up => VolatilityShock.Up,
                DeriveShock.Down => VolatilityShock.Down,
                _ => VolatilityShock.Same,
            },
            gain,
            raw,
            Dampening < 1
        );

    static DeriveShock Refuse(ParameterNode row)
    {
        row.Fail("volatility", "one of " + string.Join(", ", Enum.GetNames<DeriveShock>()));
        return DeriveShock.None;
    }
}

/// <summary>Relative volatility shocks that grow for short expiries.</summary>
/// <remarks>
/// <c>k = (30 days/max(t, floor))^p</c>, p short up to 30 days, long beyond; up <c>1 + up·k</c>, down
/// <c>(1 − down·k)⁺</c> (PMRMLib.sol, _addVolShocks).
/// </remarks>
/// <param name="RangeUp">At 30 days.</param>
/// <param name="RangeDown">At 30 days.</param>
/// <param name="ShortPower">Up to 30 days.</param>
/// <param name="LongPower">Beyond.</param>
/// <param name="FloorSeconds">Least time that counts.</param>
/// <param name="LeastVolatilityUp">Floor of the volatility in up scenarios; 0: none.</param>
public sealed record DeriveVolatilityShocks(
    double RangeUp,
    double RangeDown,
    double ShortPower,
    double LongPower,
    double FloorSeconds,
    double LeastVolatilityUp
)
{
    const double ThirtyDays = 30 * 86_400;

    /// <summary>Reads the node <c>volatility</c> of a parameter file.</summary>
    public static DeriveVolatilityShocks Read(ParameterNode node) =>
        new(
            node.Number("range_up", 0, 10),
            node.Number("range_down", 0, 10),
            node.Number("short_power", 0, 2),
            node.Number("long_power", 0, 2),
            node.Number("floor_seconds", 1),
            node.OptionalNumber("least_volatility_up", 0, 10) ?? 0
        );

    /// <summary>Factor and floor of a scenario's volatility.</summary>
    public (double Multiple, double Least) Of(DeriveShock shock, double secondsToExpiry)
    {
        double power = secondsToExpiry <= ThirtyDays ? ShortPower : LongPower;
        double scale = Math.Pow(ThirtyDays / Math.Max(secondsToExpiry, FloorSeconds), power);
        return shock switch
        {
            DeriveShock.Up => (1 + RangeUp * scale, LeastVolatilityUp),
            DeriveShock.Down => (Math.Max(0, 1 - RangeDown * scale), 0),
            _ => (1, 0),
        };
    }
}

/// <summary>A charge for forwards that move apart: each expiry's worse of two moves, added over expiries.</summary>
/// <param name="SpotUp">Multiple of the forward.</param>
/// <param name="SpotDown">Multiple of the forward.</param>
/// <param name="AddFactor">Of the loss, whatever the time.</param>
/// <param name="MultiplyFactorPerYear">Of the loss, for each year.</param>
public sealed record DeriveBasis(double SpotUp, double SpotDown, double AddFactor, double MultiplyFactorPerYear)
{
    /// <summary>Reads the node <c>basis</c> of a parameter file.</summary>
    public static DeriveBasis Read(ParameterNode node) =>
        new(
            node.Number("spot_up", 1, 10),
            node.Number("spot_down", 0, 1),
            node.Number("add_factor", 0, 10),
            node.Number("multiply_factor_per_year", 0, 10)
        );

    /// <summary>An expiry's part, USD; at most 0.</summary>
    internal double Of(DeriveExpiry expiry, DeriveExpiryValue value, double nowUsd)
    {
        double up = value.Shocked(SpotUp, 1, 0) - nowUsd,
            down = value.Shocked(SpotDown, 1, 0) - nowUsd;
        return Math.Min(Math.Min(up, down), 0) * (AddFactor + MultiplyFactorPerYear * expiry.TYears);
    }
}

/// <summary>What every manager adds to initial margin when a price feed is unsure of itself.</summary>
/// <param name="Threshold">Below this confidence the charge applies.</param>
/// <param name="Factor">Times one less confidence, of the notional.</param>
public readonly record struct DeriveConfidence(double Threshold, double Factor)
{
    /// <summary>USD; at least 0.</summary>
    public double ChargeUsd(double confidence, double notionalUsd) =>
        confidence < Threshold ? (1 - confidence) * Factor * notionalUsd : 0;
}
