namespace Plimsoll.Risk;

/// <summary>An estimated response with the uncertainty of each of its figures.</summary>
/// <param name="Response">The figures.</param>
/// <param name="StandardErrors">
/// Standard error of each figure, in the same fields; by the jackknife over blocks of consecutive days, so that
/// dependence within a block (between tenors, between the moves of a crash) is counted.
/// </param>
/// <param name="Pairs">Pairs of consecutive observations used.</param>
/// <param name="Days">Sum of their distances in days.</param>
/// <param name="From">First observation used.</param>
/// <param name="To">Last observation used.</param>
/// <param name="ExplainedShare">Share of the variance of the 30-day log-volatility moves that spot explains.</param>
public sealed record VolatilityResponseEstimate(
    VolatilityResponse Response,
    VolatilityResponse StandardErrors,
    int Pairs,
    double Days,
    DateTimeOffset From,
    DateTimeOffset To,
    double ExplainedShare
);
