namespace Plimsoll.Sizing;

/// <summary>Where a single trade is given up.</summary>
/// <param name="PriceUsd">
/// Futures, perpetuals and spot: their own price. Options: the coin's index; every forward moves with it in proportion.
/// Null: the index stays.
/// </param>
/// <param name="VolatilityShift">Added to the option's own implied volatility (0.15 is +15 points); null: none.</param>
/// <remarks>Without either the loss is that of the worst stress and tail scenario of one contract on its own.</remarks>
public sealed record StopRule(double? PriceUsd, double? VolatilityShift)
{
    /// <summary>No stop was given.</summary>
    public bool IsEmpty => PriceUsd is null && VolatilityShift is null;
}
