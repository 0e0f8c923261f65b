using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Numerics;

namespace Plimsoll.Risk;

/// <summary>Gain of one contract of each instrument in each scenario, in the home currency; a gain is positive.</summary>
/// <remarks>Full revaluation. Rows as in <see cref="Scenarios"/>, columns as in <see cref="Instruments"/>.</remarks>
public sealed record PnlMatrix
{
    /// <summary>The joint moves behind the rows.</summary>
    public required ScenarioSet Scenarios { get; init; }

    /// <summary>What the columns hold one contract of.</summary>
    public required ImmutableArray<Instrument> Instruments { get; init; }

    /// <summary>Currency of every cell.</summary>
    public required Currency HomeCurrency { get; init; }

    /// <summary>S x N.</summary>
    public required ColumnMatrix Gain { get; init; }

    /// <summary>Value of one contract now in the home currency, on the model's surface (futures: 0); length N.</summary>
    public required double[] ValueNow { get; init; }
}
