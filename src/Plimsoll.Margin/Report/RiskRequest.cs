using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Risk;

namespace Plimsoll.Margin;

/// <summary>A trade as a person types it: <c>+5 BTC-25DEC26-100000-C</c>.</summary>
/// <param name="Instrument">The venue's name.</param>
/// <param name="Contracts">Positive buys.</param>
/// <param name="Subaccount">Null: the account's first.</param>
public sealed record TypedTrade(string Instrument, double Contracts, string? Subaccount = null);

/// <summary>What a risk report is made of; everything is given, nothing is drawn here.</summary>
public sealed record RiskRequest
{
    /// <summary>Market, surfaces and model prices.</summary>
    public required RiskMarket Market { get; init; }

    /// <summary>Account.</summary>
    public required Account Account { get; init; }

    /// <summary>Weighted scenarios: the law of risk.</summary>
    public required ScenarioSet Scenarios { get; init; }

    /// <summary>Stress set, without weights; null: only the tail range counts as worst case.</summary>
    public ScenarioSet? Stress { get; init; }

    /// <summary>Currency in which wealth is counted.</summary>
    public required Currency Home { get; init; }

    /// <summary>Margin rule.</summary>
    public IMarginModel Margin { get; init; } = DeribitStandardMargin.Shipped;

    /// <summary>Portfolio margin of the subaccounts that are under it.</summary>
    internal PortfolioRule Rule => new(Market);

    /// <summary>
    /// Rule of a subaccount for its distance to liquidation, null where there is none; null: distances under the
    /// venue's own rule, the joint direction and first passage are left out.
    /// </summary>
    public Func<Subaccount, IVenueMargin?>? DistanceModel { get; init; }

    /// <summary>What-if trades; empty: the account as it is.</summary>
    public ImmutableArray<TypedTrade> Trades { get; init; } = [];

    /// <summary>Levels of value at risk and expected shortfall, in (0, 1).</summary>
    public ImmutableArray<double> Levels { get; init; } = [0.95, 0.99];

    /// <summary>Share of today's wealth whose loss the drawdown bound is for.</summary>
    public double DrawdownLoss { get; init; } = 0.2;

    /// <summary>Time over which it is bounded.</summary>
    public Years DrawdownWithin { get; init; } = Years.FromDays(30);

    /// <summary>Lowest price of the tail range as a multiple of the index.</summary>
    public double TailLow { get; init; } = 0.25;

    /// <summary>Highest price of the tail range as a multiple of the index.</summary>
    public double TailHigh { get; init; } = 4;

    /// <summary>Risk unit of a contract.</summary>
    public Func<Instrument, string> RiskUnit { get; init; } = RiskUnits.DefaultName;

    /// <summary>Where the market does not say what leaving costs.</summary>
    public ExitAssumptions Exit { get; init; } = new();

    /// <summary>Rows of the spot and volatility grid.</summary>
    public ImmutableArray<double> SpotMoves { get; init; } = [-0.3, -0.2, -0.1, -0.05, 0, 0.05, 0.1, 0.2, 0.3];

    /// <summary>Columns of the spot and volatility grid.</summary>
    public ImmutableArray<double> VolatilityMoves { get; init; } = [-0.25, 0, 0.25, 0.5];

    /// <summary>
    /// Assumption on winning futures that a venue closes; null: figures of auto-deleveraging are left out.
    /// </summary>
    public DeleveragingStress? Deleveraging { get; init; }

    /// <summary>Threads; the answer does not depend on it.</summary>
    public int Threads { get; init; } = 1;
}
