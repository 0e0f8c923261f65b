using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Margin;

/// <summary>A venue's margin of one portfolio: every pool, every charge by name, the scenario grids.</summary>
/// <param name="Portfolio">Name of the portfolio.</param>
/// <param name="Model">Key of the model.</param>
/// <param name="Venue">The venue's key.</param>
/// <param name="Pools">Empty when undetermined.</param>
/// <param name="Missing">What is not known, each in words; then no figure is stated.</param>
public sealed record MarginStatement(
    string Portfolio,
    string Model,
    string Venue,
    ImmutableArray<PoolStatement> Pools,
    ImmutableArray<string> Missing
)
{
    /// <summary>Whether the figures are known.</summary>
    public bool IsDetermined => Missing.IsEmpty;

    /// <summary>A statement without figures.</summary>
    public static MarginStatement Undetermined(
        MarginPortfolio portfolio,
        IVenueMargin model,
        IEnumerable<string> missing
    ) => new(portfolio.Name, model.Key, model.Venue, [], [.. missing.Distinct(StringComparer.Ordinal)]);

    /// <summary>Assesses pool by pool, after asking each what it lacks.</summary>
    public static MarginStatement Of(
        MarginPortfolio portfolio,
        IVenueMargin model,
        Func<PoolContents, IEnumerable<string>> missing,
        Func<PoolContents, PoolStatement> assess
    )
    {
        var pools = portfolio.Pools();
        string[] lacks = [.. pools.SelectMany(missing)];
        return lacks.Length > 0
            ? Undetermined(portfolio, model, lacks)
            : new MarginStatement(portfolio.Name, model.Key, model.Venue, [.. pools.Select(assess)], []);
    }
}

/// <summary>Margin of one pool in its own currency; a requirement is positive.</summary>
public sealed record PoolStatement
{
    /// <summary>Subaccount, with the currency where it is segregated: <c>main/BTC</c>, <c>main</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Unit of every figure here.</summary>
    public required Currency Currency { get; init; }

    /// <summary>USD for one unit of <see cref="Currency"/>.</summary>
    public required double UnitUsd { get; init; }

    /// <summary>Cash, unrealised gains and option value, without haircuts.</summary>
    public required double Equity { get; init; }

    /// <summary>What the venue compares with initial margin, after haircuts.</summary>
    public required double Balance { get; init; }

    /// <summary>
    /// What it compares with maintenance margin; the same but where haircuts bear on initial margin only.
    /// </summary>
    public required double MaintenanceBalance { get; init; }

    /// <summary>Initial margin: the sum of <see cref="Charges"/>.</summary>
    public required double Initial { get; init; }

    /// <summary>Maintenance margin: the sum of <see cref="Charges"/>.</summary>
    public required double Maintenance { get; init; }

    /// <summary>Every part of the requirement by name.</summary>
    public required ImmutableArray<MarginCharge> Charges { get; init; }

    /// <summary>Scenario grids, one for each netting unit; empty for models without scenarios.</summary>
    public ImmutableArray<MarginGrid> Grids { get; init; } = [];

    /// <summary>Balance less initial margin; negative: nothing can be opened.</summary>
    public double Available => Balance - Initial;

    /// <summary>Maintenance over its balance: 1 is liquidation; null without a positive balance.</summary>
    public double? MaintenanceRatio => MaintenanceBalance > 0 ? Maintenance / MaintenanceBalance : null;

    /// <summary>Whether the venue would liquidate now.</summary>
    public bool IsShort => MaintenanceBalance < Maintenance;
}

/// <summary>One part of a requirement, in the pool's currency; parts add up to the whole.</summary>
/// <param name="Unit">Netting unit: a coin, an instrument, or the pool's name.</param>
/// <param name="Name">Stable key, such as <c>worst-scenario</c>, <c>roll-shock</c>.</param>
/// <param name="Initial">Part of initial margin; may be negative where a venue gives a credit.</param>
/// <param name="Maintenance">Part of maintenance margin.</param>
public sealed record MarginCharge(string Unit, string Name, double Initial, double Maintenance);

/// <summary>Profit and loss of one netting unit over a venue's scenarios, in the pool's currency.</summary>
/// <param name="Unit">A coin, mostly.</param>
/// <param name="Cells">In the venue's order.</param>
/// <param name="Worst">Index of the cell with the largest loss; the first of equals. Null without cells.</param>
public sealed record MarginGrid(string Unit, ImmutableArray<GridCell> Cells, int? Worst)
{
    /// <summary>A grid whose worst cell is the least gain.</summary>
    public static MarginGrid Of(string unit, ImmutableArray<GridCell> cells)
    {
        int? worst = null;
        for (int c = 0; c < cells.Length; c++)
            if (worst is not { } least || cells[c].Gain < cells[least].Gain)
                worst = c;
        return new MarginGrid(unit, cells, worst);
    }
}

/// <summary>One scenario of a venue.</summary>
/// <param name="Name">As the venue names or orders it: <c>-16% up</c>.</param>
/// <param name="PriceMove">Relative move of the underlying, a fraction.</param>
/// <param name="VolatilityMove">Its kind.</param>
/// <param name="Gain">As the venue counts it (scaled, dampened), pool currency; a loss is negative.</param>
/// <param name="RawGain">Before scaling and dampening.</param>
/// <param name="IsExtended">Beyond the regular grid.</param>
public sealed record GridCell(
    string Name,
    double PriceMove,
    VolatilityShock VolatilityMove,
    double Gain,
    double RawGain,
    bool IsExtended
);

/// <summary>Direction in which a scenario moves implied volatility.</summary>
public enum VolatilityShock
{
    /// <summary>Falls.</summary>
    Down,

    /// <summary>Stays.</summary>
    Same,

    /// <summary>Rises.</summary>
    Up,
}
