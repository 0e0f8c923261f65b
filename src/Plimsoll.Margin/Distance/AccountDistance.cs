using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Risk;

namespace Plimsoll.Margin;

/// <summary>Where one account at one venue would be liquidated when a single figure of the market moves.</summary>
/// <param name="Axis"><c>price</c> or <c>volatility</c>.</param>
/// <param name="Underlying">The coin; <c>all</c>: the volatilities of all coins in proportion.</param>
/// <param name="IsRise">Direction.</param>
/// <param name="Move">A fraction of today's; 0: short now; null: no move in the range leads there.</param>
/// <param name="PriceUsd">Index there; null for volatilities and with <paramref name="Move"/> null.</param>
/// <param name="Pool">The pool that fails; empty with <paramref name="Move"/> null.</param>
/// <param name="First">What the venue closes first there; null where it is not known.</param>
public sealed record AxisDistance(
    string Axis,
    string Underlying,
    bool IsRise,
    double? Move,
    double? PriceUsd,
    string Pool,
    LadderStep? First
);

/// <summary>Liquidation price of one position: the mark at which its pool fails while its coin alone moves.</summary>
/// <param name="Instrument">A future or perpetual.</param>
/// <param name="Contracts">Signed.</param>
/// <param name="PriceUsd">Null: none in the range.</param>
/// <param name="Move">From today's mark, a fraction.</param>
public sealed record PositionLiquidation(string Instrument, double Contracts, double? PriceUsd, double? Move);

/// <summary>Distance to liquidation of one account by its venue's own margin at every moved market.</summary>
/// <param name="Portfolio">Name of the subaccount.</param>
/// <param name="Model">Key of the rule.</param>
/// <param name="Axes">Each coin's price down and up, each coin's volatility, all volatilities.</param>
/// <param name="Positions">Where a liquidation price has a meaning: futures and perpetuals.</param>
/// <param name="Joint">The nearest joint move; null: none in reach, or no scenarios.</param>
/// <param name="Passage">Null where the scenarios' bars were not kept.</param>
/// <param name="Missing">What is not known; then nothing else is stated.</param>
public sealed record AccountDistance(
    string Portfolio,
    string Model,
    ImmutableArray<AxisDistance> Axes,
    ImmutableArray<PositionLiquidation> Positions,
    JointMove? Joint,
    FirstPassage? Passage,
    ImmutableArray<string> Missing
)
{
    /// <summary>Lowest price looked at, as a multiple of today's.</summary>
    public const double LowestPrice = 0.02;

    /// <summary>Highest price looked at.</summary>
    public const double HighestPrice = 10;

    /// <summary>Volatility is looked at from a fifth to five times today's.</summary>
    public const double LargestVolatilityMultiple = 5;

    const int ScanSteps = 160;

    /// <summary>All distances of a portfolio under a venue's rule.</summary>
    /// <remarks>
    /// Full revaluation at once (no time passes but on the paths), the margin recomputed at the moved market. The
    /// spare margin of an option book is not monotone: a range is scanned in 160 even steps of log price before the
    /// first crossing is halved to 1e-13; a shortage between two steps can be missed.
    /// </remarks>
    /// <param name="portfolio">Now.</param>
    /// <param name="model">The venue's rule.</param>
    /// <param name="scenarios">Law of joint moves; null: the joint move and the passage are left out.</param>
    /// <param name="threads">The answer does not depend on it.</param>
    /// <param name="ladder">The venue's ladder with other figures than the shipped ones.</param>
    public static AccountDistance Of(
        MarginPortfolio portfolio,
        IVenueMargin model,
        ScenarioSet? scenarios,
        int threads = 1,
        ILiquidationLadder? ladder = null
    )
    {
        ArgumentNullException.ThrowIfNull(portfolio);
        ArgumentNullException.ThrowIfNull(model);
        var moved = new MovedPortfolio(portfolio);
        string[] missing = [.. moved.Missing().Concat(model.Assess(portfolio).Missing).Distinct()];
        if (missing.Length > 0)
            return Undetermined(portfolio.Name, missing) with { Model = model.Key };
        var spare = new SpareMargin(moved, model) { Ladder = ladder };
        var axes = Along(spare).ToImmutableArray();
        return new AccountDistance(
            portfolio.Name,
            model.Key,
            axes,
            [.. PricesOf(portfolio, axes)],
            scenarios is null || portfolio.Positions.IsEmpty ? null : JointDirection.Nearest(spare, scenarios, threads),
            scenarios?.Path is null || portfolio.Positions.IsEmpty ? null : FirstPassage.Of(spare, scenarios, threads),
            []
        );
    }

    /// <summary>An answer without figures.</summary>
    internal static AccountDistance Undetermined(string portfolio, params string[] missing) =>
        new(portfolio, "", [], [], null, null, [.. missing]);

    static IEnumerable<AxisDistance> Along(SpareMargin spare)
    {
        var coins = spare.Moved.Coins;
        for (int c = 0; c < coins.Length; c++)
        {
            yield return Price(spare, c, Math.Log(LowestPrice));
            yield return Price(spare, c, Math.Log(HighestPrice));
        }
        int[] options = [.. Enumerable.Range(0, coins.Length).Where(c => spare.Moved.HasOptions(coins[c]))];
        foreach (int c in options)
        foreach (double sign in (double[])[-1, 1])
            yield return Volatility(spare, coins[c], [c], sign);
        if (options.Length > 1)
            foreach (double sign in (double[])[-1, 1])
                yield return Volatility(spare, "all", options, sign);
    }

    static AxisDistance Price(SpareMargin spare, int coin, double farthest)
    {
        string name = spare.Moved.Coins[coin];
        var direction = new double[spare.Dimensions];
        direction[coin] = Math.Sign(farthest);
        return Along(spare, "price", name, direction, Math.Abs(farthest), farthest > 0);
    }

    static AxisDistance Volatility(SpareMargin spare, string name, int[] coins, double sign)
    {
        var direction = new double[spare.Dimensions];
        foreach (int coin in coins)
            direction[spare.Moved.Coins.Length + coin] = sign;
        return Along(spare, "volatility", name, direction, Math.Log(LargestVolatilityMultiple), sign > 0);
    }

    static AxisDistance Along(
        SpareMargin spare,
        string axis,
        string name,
        double[] direction,
        double farthest,
        bool isRise
    )
    {
        if (spare.FirstShort(direction, farthest, ScanSteps) is not { } distance)
            return new AxisDistance(axis, name, isRise, null, null, "", null);
        double[] move = [.. direction.Select(each => each * distance)];
        var (_, pool, portfolio, statement) = spare.Worst(move);
        var steps = LiquidationPreview.StepsOf(portfolio, spare.Model, statement, pool!.Name, spare.Ladder);
        return new AxisDistance(
            axis,
            name,
            isRise,
            Math.Exp(isRise ? distance : -distance) - 1,
            axis == "price" ? portfolio.Market.IndexUsd[name] : null,
            pool.Name,
            steps.FirstOrDefault(step => step.Action != "cancel_orders")
        );
    }

    static IEnumerable<PositionLiquidation> PricesOf(MarginPortfolio portfolio, ImmutableArray<AxisDistance> axes)
    {
        foreach (var position in portfolio.Positions)
        {
            var instrument = position.Instrument;
            if (instrument is OptionInstrument || position.Contracts == 0)
                continue;
            var against = axes.First(axis =>
                axis.Axis == "price"
                && axis.Underlying == instrument.Underlying
                && axis.IsRise == position.Contracts < 0
            );
            double mark = portfolio.Market.Quote(instrument)!.Mark;
            yield return new PositionLiquidation(
                instrument.Name,
                position.Contracts,
                against.Move is { } move ? mark * (1 + move) : null,
                against.Move
            );
        }
    }
}
