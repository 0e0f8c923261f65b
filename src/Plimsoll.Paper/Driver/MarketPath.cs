namespace Plimsoll.Paper;

/// <summary>One coin at one moment of a simulated or recorded market.</summary>
/// <param name="IndexUsd">Index, USD per coin; positive.</param>
/// <param name="VolatilityFactor">Every implied volatility is the surface's times this.</param>
/// <param name="SpreadFactor">Every spread is the snapshot's times this.</param>
/// <param name="DepthFactor">Every resting amount is the snapshot's times this.</param>
/// <param name="Premium">Perpetual over index, a fraction.</param>
public readonly record struct CoinMoment(
    double IndexUsd,
    double VolatilityFactor,
    double SpreadFactor,
    double DepthFactor,
    double Premium
);

/// <summary>Where a market goes: by coin, as a function of the time that has passed.</summary>
public interface IMarketPath
{
    /// <summary>Moves on to a time; never backwards.</summary>
    /// <param name="elapsedMs">Since the start, milliseconds.</param>
    void MoveTo(long elapsedMs);

    /// <summary>A coin at that time.</summary>
    CoinMoment At(string coin);

    /// <summary>Implied volatility a year of a strike and a time to expiry at that time, before its factor.</summary>
    double VolatilityAnnual(string coin, double strikeUsd, double tYears, double forwardUsd);
}
