using System.Collections.Immutable;
using System.ComponentModel;
using System.Text.Json.Serialization;
using Plimsoll.Markets;

namespace Plimsoll.Storage;

/// <summary>
/// A market snapshot as it stands in a file; docs/formats.md describes it, the schema derives from it.
/// </summary>
sealed record SnapshotRows(
    [Description("Always \"plimsoll-snapshot\".")] string Format,
    [Description("Version of the format: 1.")] decimal Version,
    [Description("Time of the quotes, UTC.")] DateTimeOffset AsOf,
    [Description("The venue's key, such as \"deribit\".")] string Venue,
    [Description("Where the figures came from, in words.")] string Source,
    [Description("Coins with index and forwards.")] ImmutableArray<CoinRow> Underlyings,
    [Description("Contract terms that instruments share, by their id.")] ImmutableArray<TermsRow> Terms,
    [Description("One row per instrument.")] ImmutableArray<QuoteRow> Quotes,
    [Description("What was already mended when the file was written.")] ImmutableArray<RepairRow>? Repairs
);

/// <summary>One coin.</summary>
sealed record CoinRow(
    [Description("Ticker.")] string Underlying,
    [
        Description("The venue's index, USD per coin."),
        MustBe(0, double.PositiveInfinity, "a positive price in USD", ZeroRefused = true)
    ]
        double IndexUsd,
    [Description("Forward prices; a missing one is implied from put-call parity.")] ImmutableArray<ForwardRow> Forwards
);

/// <summary>One forward.</summary>
sealed record ForwardRow(
    [Description("Instant of expiry, UTC.")] DateTimeOffset Expiry,
    [Description("USD per coin."), MustBe(0, double.PositiveInfinity, "a positive price in USD", ZeroRefused = true)]
        double PriceUsd,
    [Description("Where it came from; \"venue\" when absent.")] ForwardSource? Source
);

/// <summary>Terms of contracts.</summary>
sealed record TermsRow(
    [Description("Unique in the file.")] string Id,
    [Description("Linear (gain in the quote currency) or inverse (gain in the coin).")] PayoffShape Shape,
    [Description("What gains and margin are paid in.")] string Settlement,
    [
        Description("Size of a contract: USD for inverse futures, coins otherwise."),
        MustBe(0, double.PositiveInfinity, "a positive number", ZeroRefused = true)
    ]
        decimal ContractSize,
    [
        Description("Order step in contracts."),
        MustBe(0, double.PositiveInfinity, "a positive number of contracts", ZeroRefused = true)
    ]
        decimal LotContracts,
    [
        Description("Smallest order in contracts, a multiple of the lot."),
        MustBe(0, double.PositiveInfinity, "a positive number of contracts", ZeroRefused = true)
    ]
        decimal MinimumOrderContracts,
    [Description("Price step."), MustBe(0, double.PositiveInfinity, "a positive price step", ZeroRefused = true)]
        decimal TickSize,
    [Description("Larger steps above certain prices.")] ImmutableArray<TickRow>? TickSizeSteps,
    [
        Description("Amount of the venue's order field that one contract is."),
        MustBe(0, double.PositiveInfinity, "a positive number", ZeroRefused = true)
    ]
        decimal OrderAmountPerContract,
    [Description("Unit of the venue's order field.")] string OrderAmountUnit,
    [
        Description("Maker fee, a fraction of notional."),
        MustBe(-0.1, 0.1, "a fraction such as 0.0005, not a percentage")
    ]
        decimal MakerFee,
    [
        Description("Taker fee, a fraction of notional."),
        MustBe(-0.1, 0.1, "a fraction such as 0.0005, not a percentage")
    ]
        decimal TakerFee,
    [Description("Fee at settlement, a fraction of notional."), MustBe(0, 0.1, "a fraction such as 0.00015")]
        decimal DeliveryFee,
    [Description("Greatest fee as a fraction of an option's price."), MustBe(0, 1, "a fraction such as 0.125")]
        decimal? OptionFeeCap,
    [Description("Key of the venue that lists them; the file's own when absent.")] string? Venue
);

/// <summary>One step of a tick schedule.</summary>
sealed record TickRow(
    [
        Description("Price above which the step holds."),
        MustBe(0, double.PositiveInfinity, "a price that is not negative")
    ]
        decimal AbovePrice,
    [Description("Price step."), MustBe(0, double.PositiveInfinity, "a positive price step", ZeroRefused = true)]
        decimal TickSize
);

/// <summary>One instrument with what the venue says of it; prices in the instrument's own unit.</summary>
sealed record QuoteRow(
    [Description("The venue's name.")] string Instrument,
    [Description("Kind of contract.")] ContractKind Kind,
    [Description("Ticker of the coin that drives the payoff.")] string Underlying,
    [Description("Id of the terms.")] string Terms,
    [Description("Instant of expiry; options and dated futures.")] DateTimeOffset? Expiry,
    [Description("Strike; options."), MustBe(0, double.PositiveInfinity, "a positive price in USD", ZeroRefused = true)]
        decimal? StrikeUsd,
    [Description("Call or put; options.")] OptionRight? Right,
    [
        Description("Best bid; absent: nobody bids."),
        MustBe(0, double.PositiveInfinity, QuoteRow.Price, ZeroRefused = true)
    ]
        decimal? Bid,
    [
        Description("Best ask; absent: nobody asks."),
        MustBe(0, double.PositiveInfinity, QuoteRow.Price, ZeroRefused = true)
    ]
        decimal? Ask,
    [Description("Contracts at the best bid."), MustBe(0, double.PositiveInfinity, QuoteRow.Size)]
        decimal? BidContracts,
    [Description("Contracts at the best ask."), MustBe(0, double.PositiveInfinity, QuoteRow.Size)]
        decimal? AskContracts,
    [Description("The venue's mark."), MustBe(0, double.PositiveInfinity, QuoteRow.Price)] decimal? Mark,
    [
        Description("The venue's mark volatility a year, a fraction; options."),
        MustBe(0, 10, "a fraction a year such as 0.55, not a percentage")
    ]
        double? MarkImpliedVolatility,
    [Description("Open contracts."), MustBe(0, double.PositiveInfinity, QuoteRow.Size)] decimal? OpenInterestContracts,
    [Description("Contracts traded in 24 hours."), MustBe(0, double.PositiveInfinity, QuoteRow.Size)]
        decimal? DailyVolumeContracts,
    [Description("Contracts resting on the bid side."), MustBe(0, double.PositiveInfinity, QuoteRow.Size)]
        decimal? BidDepthContracts,
    [Description("Contracts resting on the ask side."), MustBe(0, double.PositiveInfinity, QuoteRow.Size)]
        decimal? AskDepthContracts,
    [property: JsonPropertyName("funding_rate_8h")]
    [
        Description("Funding for 8 hours, a fraction; positive: longs pay. Perpetuals."),
        MustBe(-0.1, 0.1, "a fraction such as 0.0001, not a percentage")
    ]
        double? FundingRate8h
)
{
    public const string Price = "a positive price; leave it out where there is none";
    public const string Size = "a number of contracts that is not negative";
}

/// <summary>One repair.</summary>
sealed record RepairRow(
    [Description("Name of the instrument or coin.")] string Instrument,
    [Description("Stable key of the kind.")] string Kind,
    [Description("What was found and done.")] string Detail
);
