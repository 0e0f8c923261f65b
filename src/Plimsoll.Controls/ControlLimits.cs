namespace Plimsoll.Controls;

/// <summary>Limits of the pre-trade controls. What is null is not set, and not set means no opening order.</summary>
/// <remarks>
/// Shares are fractions. The order of the checks and what each source of rules asks for stands in docs/controls.md.
/// </remarks>
public sealed record ControlLimits
{
    /// <summary>Largest order, USD of notional.</summary>
    public decimal? OrderNotionalUsd { get; init; }

    /// <summary>Largest order as a share of equity, in notional.</summary>
    public decimal? OrderShareOfEquity { get; init; }

    /// <summary>Largest position of one instrument with all orders alive, USD of notional.</summary>
    public decimal? PositionNotionalUsd { get; init; }

    /// <summary>Largest sum over all instruments, USD of notional.</summary>
    public decimal? GrossNotionalUsd { get; init; }

    /// <summary>Most orders alive at once.</summary>
    public int? OpenOrders { get; init; }

    /// <summary>Farthest limit price from the mark on the losing side, a fraction; options add their tick.</summary>
    public decimal? PriceCollar { get; init; }

    /// <summary>The same for orders that take risk off.</summary>
    public decimal CutPriceCollar { get; init; } = 0.10m;

    /// <summary>Initial margin over equity after the order.</summary>
    public decimal? InitialMarginShare { get; init; }

    /// <summary>Loss of the day after which nothing is opened.</summary>
    public decimal? LossTodayShare { get; init; }

    /// <summary>Messages a second; orders that take risk off may use <see cref="CutReserve"/> more.</summary>
    public int MessagesPerSecond { get; init; } = 5;

    /// <summary>Messages a second kept for orders that take risk off.</summary>
    public int CutReserve { get; init; } = 5;

    /// <summary>Same instrument, side, contracts and price within this time is a duplicate.</summary>
    public TimeSpan DuplicateWindow { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>So many refused orders of an instrument within <see cref="RejectWindow"/> stop it.</summary>
    public int MostRejects { get; init; } = 5;

    /// <summary>Time over which refused orders count.</summary>
    public TimeSpan RejectWindow { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Oldest book.</summary>
    public TimeSpan BookAge { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Oldest mark and index.</summary>
    public TimeSpan PriceAge { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Oldest account figures.</summary>
    public TimeSpan AccountAge { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>No opening so long before and after a settlement of the instrument.</summary>
    public TimeSpan SettlementWindow { get; init; } = TimeSpan.FromMinutes(5);
}
