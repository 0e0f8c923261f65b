using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Risk;

namespace Plimsoll.Margin;

/// <summary>What one coin does in a move.</summary>
/// <param name="Underlying">Ticker.</param>
/// <param name="Spot">Of the index, a fraction.</param>
/// <param name="VolatilityPoints">
/// Of the at-the-money volatility at 30 days, a fraction: 0.25 is 25 points; null without a surface.
/// </param>
public sealed record CoinMoves(string Underlying, double Spot, double? VolatilityPoints);

/// <summary>A named move on today's account; home currency.</summary>
/// <param name="Row">Day or case.</param>
/// <param name="Moves">By coin.</param>
/// <param name="Gain">Of the account, collateral included.</param>
/// <param name="GainByUnderlying">Of the positions, by coin.</param>
/// <param name="CollateralGain">Of the collateral.</param>
/// <param name="ExitCost">
/// Of closing everything there: stressed spreads, fees, square-root impact on what depth is left; null: not known.
/// </param>
/// <param name="ShortPools">Pools that are short of maintenance margin there.</param>
/// <param name="AmplifiedMoves">
/// Index moves after forced selling of the account and the crowd; by coin where known.
/// </param>
/// <param name="AmplifiedGain">The account's gain at those; null where no coin's selling is known.</param>
public sealed record NamedLoss(
    NamedStress Row,
    ImmutableArray<CoinMoves> Moves,
    double Gain,
    ImmutableSortedDictionary<string, double> GainByUnderlying,
    double CollateralGain,
    double? ExitCost,
    ImmutableArray<string> ShortPools,
    ImmutableSortedDictionary<string, double> AmplifiedMoves,
    double? AmplifiedGain
);

/// <summary>One rung of a sensitivity ladder: one thing moves, no time passes.</summary>
/// <param name="Underlying">The coin.</param>
/// <param name="Kind">What moves.</param>
/// <param name="Step">By how much: a fraction, or volatility per unit of k for skew.</param>
/// <param name="Gain">Of the account, home currency.</param>
public sealed record LadderRung(string Underlying, string Kind, double Step, double Gain);

/// <summary>Losses of the account under a dependence between coins.</summary>
/// <param name="Dependence"><c>as drawn</c>, <c>correlation one</c>, <c>correlation zero</c>.</param>
/// <param name="ValueAtRisk">At the report's level.</param>
/// <param name="ExpectedShortfall">At the report's level.</param>
/// <param name="Worst">Largest loss.</param>
public sealed record DependenceLoss(string Dependence, double ValueAtRisk, double ExpectedShortfall, double Worst);

/// <summary>Cost of leaving one position, calm and when everyone leaves.</summary>
/// <param name="Calm">Now.</param>
/// <param name="CrunchHalfSpread">With the stressed spread.</param>
/// <param name="CrunchImpact">On the depth that is left, at the stressed deviation.</param>
/// <param name="CrunchDays">Days at the stated share of what is left of a day's volume.</param>
public sealed record CrunchExit(ExitEstimate Calm, double? CrunchHalfSpread, double? CrunchImpact, double? CrunchDays)
{
    /// <summary>All of it; null when a part is not known.</summary>
    public double? CrunchTotal => CrunchHalfSpread + Calm.Fee + CrunchImpact;
}

/// <summary>Liquidity-adjusted losses of the account.</summary>
/// <param name="ValueAtRisk">At the report's level.</param>
/// <param name="ExpectedShortfall">At the report's level.</param>
/// <param name="CalmExit">Leaving now; null: not known for some position.</param>
/// <param name="CrunchExit">Leaving when everyone does.</param>
/// <param name="CrunchDays">Days that it takes.</param>
/// <param name="Exits">By position.</param>
public sealed record LiquidityLoss(
    double ValueAtRisk,
    double ExpectedShortfall,
    double? CalmExit,
    double? CrunchExit,
    double? CrunchDays,
    ImmutableArray<CrunchExit> Exits
)
{
    /// <summary>Value at risk with leaving in the crunch.</summary>
    public double? Adjusted => ValueAtRisk + CrunchExit;
}

/// <summary>One most plausible move.</summary>
/// <param name="Words">In words.</param>
/// <param name="Moves">By coin.</param>
/// <param name="Distance">Standard deviations.</param>
/// <param name="Misalignment">See <see cref="ReverseMove.Misalignment"/>.</param>
/// <param name="PerYear">Times a year that the model expects it by a move that way, at the horizon.</param>
/// <param name="IsExtrapolated">Fewer than ten scenarios reach it: a Pareto tail was fitted to them.</param>
/// <param name="PerYearOnTheWay">The same at the horizon or with every coin at its low or high on the way.</param>
/// <param name="Seen">Times that it was seen, at the close.</param>
/// <param name="SeenOnTheWay">Times at the close or at the low or high of the window.</param>
/// <param name="SeenOn">When, at the close or on the way.</param>
public sealed record PlausibleMove(
    string Words,
    ImmutableArray<CoinMoves> Moves,
    double Distance,
    double Misalignment,
    double PerYear,
    bool IsExtrapolated,
    double PerYearOnTheWay,
    int Seen,
    int SeenOnTheWay,
    ImmutableArray<string> SeenOn
);

/// <summary>The answer to one reverse question.</summary>
/// <param name="Target"><c>loss</c> or <c>liquidation</c>.</param>
/// <param name="Share">Share of equity that is lost; null for liquidation.</param>
/// <param name="Level">Home currency; null for liquidation.</param>
/// <param name="Moves">Nearest first; empty: no joint move within reach does it.</param>
/// <param name="Samples">Random nearer moves that were tried.</param>
/// <param name="Exceeding">Of those, how many did it: 0 unless the search failed.</param>
/// <param name="SearchedDeviations">Farthest that was searched.</param>
/// <param name="Evaluations">Revaluations of the account.</param>
public sealed record ReverseResult(
    string Target,
    double? Share,
    double? Level,
    ImmutableArray<PlausibleMove> Moves,
    int Samples,
    int Exceeding,
    double SearchedDeviations,
    int Evaluations
);

/// <summary>The worst law in a relative-entropy ball, or the nearest law that loses an amount on average.</summary>
/// <param name="Share">Share of equity lost on average; null where the radius was given.</param>
/// <param name="Worst">The law; null: no law on these scenarios loses so much on average.</param>
/// <param name="Moves">Mean moves of the coins under it; not a number without a law.</param>
public sealed record EntropyResult(double? Share, EntropyWorst? Worst, ImmutableArray<CoinMoves> Moves);

/// <summary>The answer of <see cref="AccountStress.Report"/>.</summary>
public sealed record StressReport
{
    /// <summary>Time of the market.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>Home currency.</summary>
    public required Currency Home { get; init; }

    /// <summary>Horizon of the law of risk.</summary>
    public required Years Horizon { get; init; }

    /// <summary>Level of the tail figures.</summary>
    public required double Level { get; init; }

    /// <summary>Equity now; null when something is missing.</summary>
    public double? Equity { get; init; }

    /// <summary>Recorded days, then the user's cases.</summary>
    public ImmutableArray<NamedLoss> Named { get; init; } = [];

    /// <summary>By coin and kind.</summary>
    public ImmutableArray<LadderRung> Ladders { get; init; } = [];

    /// <summary>As drawn, one, zero.</summary>
    public ImmutableArray<DependenceLoss> Dependence { get; init; } = [];

    /// <summary>Leaving, calm and in the crunch.</summary>
    public LiquidityLoss? Liquidity { get; init; }

    /// <summary>Reverse stress over joint moves.</summary>
    public ImmutableArray<ReverseResult> Reverse { get; init; } = [];

    /// <summary>Reverse stress over laws.</summary>
    public ImmutableArray<EntropyResult> Entropy { get; init; } = [];

    /// <summary>Mean loss under the law of risk itself, to compare with the worst laws.</summary>
    public double? MeanLoss { get; init; }

    /// <summary>What the calm correlation hides.</summary>
    public HiddenReport? Hidden { get; init; }

    /// <summary>What is missing: then nothing above is known.</summary>
    public ImmutableArray<string> Missing { get; init; } = [];

    /// <summary>What single figures leave out.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>Assumptions used.</summary>
    public ImmutableArray<string> Assumptions { get; init; } = [];
}
