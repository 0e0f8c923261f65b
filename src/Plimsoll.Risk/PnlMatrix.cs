using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Numerics;

namespace Plimsoll.Risk;

/// <summary>
/// Gain of one contract of each instrument in each scenario, in the home currency; a gain is positive.
/// </summary>
/// <remarks>
/// Full revaluation, made by <see cref="Revaluation"/>. Rows as in <see cref="Scenarios"/>, columns as in
/// <see cref="Instruments"/>. Fees and funding are not in the cells: the first are owed by either side and the second
/// is a carry that must not be mistaken for an edge, so both stand beside them.
/// </remarks>
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

    /// <summary>
    /// Value of one contract now in the home currency, on the model's surface (futures: 0); length N.
    /// </summary>
    public required double[] ValueNow { get; init; }

    /// <summary>What a unit of each currency is worth in the home currency, now and in each scenario.</summary>
    public HomePrices? Prices { get; init; }

    /// <summary>
    /// Funding that +1 contract is expected to pay over the horizon at today's rate, home currency; negative: it
    /// receives; −1 contract the opposite. 0 where there is no funding, null where the rate is not known. Length N.
    /// </summary>
    public double?[] FundingPaidByLong { get; init; } = [];

    /// <summary>
    /// Fee of the delivery of one contract, long or short, home currency: the mean over the scenarios (the largest in a
    /// stress set); 0 unless it settles inside the horizon. Length N.
    /// </summary>
    public double[] DeliveryFee { get; init; } = [];
}
