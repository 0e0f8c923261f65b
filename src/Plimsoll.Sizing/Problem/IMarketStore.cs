using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Pricing;
using Plimsoll.Risk;

namespace Plimsoll.Sizing;

/// <summary>
/// Keeps from one run to the next what a market alone decides: gives back what was kept, to the bit, or has it made.
/// </summary>
public interface IMarketStore
{
    /// <summary>The fit of one coin's surface.</summary>
    /// <param name="market">Cleaned market.</param>
    /// <param name="coin">Ticker.</param>
    /// <param name="fit">Makes it where none is kept.</param>
    SurfaceFitResult Surface(MarketSnapshot market, string coin, Func<SurfaceFitResult> fit);

    /// <summary>The law of risk.</summary>
    /// <param name="market">Cleaned market.</param>
    /// <param name="histories">Bars; empty: the embedded model.</param>
    /// <param name="request">What to draw.</param>
    /// <param name="draw">Makes it where none is kept.</param>
    ScenarioSet Scenarios(
        MarketSnapshot market,
        ImmutableArray<PriceHistory> histories,
        ScenarioRequest request,
        Func<ScenarioSet> draw
    );

    /// <summary>Gains per contract in the scenarios; given back, it is shared and must not be written.</summary>
    /// <param name="market">Cleaned market.</param>
    /// <param name="scenarios">Rows.</param>
    /// <param name="instruments">Columns.</param>
    /// <param name="home">Currency of the cells.</param>
    /// <param name="revalue">Makes it where none is kept.</param>
    PnlMatrix Matrix(
        MarketSnapshot market,
        ScenarioSet scenarios,
        ImmutableArray<Instrument> instruments,
        Currency home,
        Func<PnlMatrix> revalue
    );
}
