using System.Collections.Immutable;

namespace Plimsoll.Markets;

/// <summary>Where a forward price came from.</summary>
public enum ForwardSource
{
    /// <summary>Mark of a listed future, or the price that the venue itself states for the expiry.</summary>
    Venue,

    /// <summary>Implied from put-call parity of quotes; listed among the repairs.</summary>
    PutCallParity,

    /// <summary>Interpolated between neighbouring expiries; listed among the repairs.</summary>
    Interpolated,
}

/// <summary>Forward price of one expiry.</summary>
/// <param name="Expiry">Instant of expiry, after the snapshot's own time.</param>
/// <param name="PriceUsd">USD per coin, positive.</param>
/// <param name="Source">Where it came from.</param>
public sealed record ForwardQuote(DateTimeOffset Expiry, double PriceUsd, ForwardSource Source);

/// <summary>Index and forwards of one coin.</summary>
public sealed record UnderlyingMarket
{
    /// <summary>Ticker: <c>BTC</c>.</summary>
    public required string Underlying { get; init; }

    /// <summary>The venue's index, USD per coin, positive.</summary>
    public required double IndexUsd { get; init; }

    /// <summary>
    /// Forwards in order of expiry, one for each expiry that an option or future of the snapshot has.
    /// </summary>
    public required ImmutableArray<ForwardQuote> Forwards { get; init; }

    /// <summary>Forward of an expiry.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The snapshot has no such expiry.</exception>
    public double ForwardUsd(DateTimeOffset expiry)
    {
        foreach (var forward in Forwards)
            if (forward.Expiry == expiry)
                return forward.PriceUsd;
        throw new ArgumentOutOfRangeException(nameof(expiry), expiry, $"no forward of {Underlying} for this expiry");
    }
}

/// <summary>What the venue says of one instrument at one moment. A missing figure is null, never zero.</summary>
/// <remarks>Prices are in the instrument's own unit (coin for inverse options), sizes in contracts.</remarks>
public sealed record InstrumentQuote
{
    /// <summary>The contract.</summary>
    public required Instrument Instrument { get; init; }

    /// <summary>Best bid; null where nobody bids.</summary>
    public decimal? Bid { get; init; }

    /// <summary>Best ask; null where nobody asks.</summary>
    public decimal? Ask { get; init; }

    /// <summary>Contracts wanted at the best bid.</summary>
    public decimal? BidContracts { get; init; }

    /// <summary>Contracts offered at the best ask.</summary>
    public decimal? AskContracts { get; init; }

    /// <summary>The venue's mark price; null where it states none.</summary>
    public decimal? Mark { get; init; }

    /// <summary>The venue's mark volatility as a fraction a year; options only.</summary>
    public double? MarkImpliedVolatility { get; init; }

    /// <summary>Open contracts.</summary>
    public decimal? OpenInterestContracts { get; init; }

    /// <summary>Contracts traded in the last 24 hours.</summary>
    public decimal? DailyVolumeContracts { get; init; }

    /// <summary>Contracts resting on the bid side within the depth that the source states.</summary>
    public decimal? BidDepthContracts { get; init; }

    /// <summary>Contracts resting on the ask side within the depth that the source states.</summary>
    public decimal? AskDepthContracts { get; init; }

    /// <summary>Funding for 8 hours as a fraction; positive means longs pay. Perpetuals only.</summary>
    public double? FundingRate8h { get; init; }

    /// <summary>Whether both sides are quoted.</summary>
    public bool IsTwoSided => Bid is > 0 && Ask is > 0;
}

/// <summary>What was mended in a snapshot, and how.</summary>
/// <param name="Instrument">Name of the instrument or underlying.</param>
/// <param name="Kind">Stable key: <c>crossed-quote</c>, <c>expired</c>, <c>duplicate</c>, <c>zero-mark</c>, ...</param>
/// <param name="Detail">What was found and what was done, in words.</param>
public sealed record Repair(string Instrument, string Kind, string Detail);

/// <summary>One venue's market at one moment, checked and cleaned; every repair is listed.</summary>
public sealed record MarketSnapshot
{
    /// <summary>Time of the quotes, UTC.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>The venue's key.</summary>
    public required string Venue { get; init; }

    /// <summary>Where the snapshot came from, for reports: a file name, or <c>embedded</c> with its date.</summary>
    public required string Source { get; init; }

    /// <summary>Coins in order of ticker.</summary>
    public required ImmutableArray<UnderlyingMarket> Underlyings { get; init; }

    /// <summary>Instruments in order of name; names are unique.</summary>
    public required ImmutableArray<InstrumentQuote> Quotes { get; init; }

    /// <summary>What cleaning changed; empty for a flawless source.</summary>
    public ImmutableArray<Repair> Repairs { get; init; } = [];

    /// <summary>Market of one coin, or null.</summary>
    public UnderlyingMarket? Find(string underlying)
    {
        foreach (var market in Underlyings)
            if (market.Underlying == underlying)
                return market;
        return null;
    }
}
