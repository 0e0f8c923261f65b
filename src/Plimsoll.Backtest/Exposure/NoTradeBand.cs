namespace Plimsoll.Backtest;

/// <summary>How far a trade goes once the band is left.</summary>
enum TradeTo
{
    /// <summary>All the way: right for a fixed cost of trading.</summary>
    Target,

    /// <summary>To the band's edge: right for a cost in proportion to the trade (Davis and Norman 1990).</summary>
    Edge,
}

/// <summary>A target that is left alone while what is held lies near it.</summary>
/// <remarks>Davis and Norman, Portfolio selection with transaction costs, Mathematics of OR 15 (1990).</remarks>
static class NoTradeBand
{
    /// <summary>What is held after the day's trade, if there is one.</summary>
    /// <param name="held">Now.</param>
    /// <param name="target">Wanted.</param>
    /// <param name="halfWidth">Distance within which nothing is traded.</param>
    /// <param name="trade">How far a trade goes.</param>
    public static double Next(double held, double target, double halfWidth, TradeTo trade) =>
        Math.Abs(held - target) <= halfWidth ? held
        : trade == TradeTo.Target ? target
        : held > target ? target + halfWidth
        : target - halfWidth;
}
