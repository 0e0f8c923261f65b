using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Plimsoll.Storage;

/// <summary>
/// The part of a row of <c>get_instruments</c> that states contract terms; all sizes are order amounts.
/// </summary>
sealed record DeribitInstrumentRow(
    string InstrumentName,
    string Kind,
    string BaseCurrency,
    string? SettlementCurrency,
    string? SettlementPeriod,
    string? InstrumentType,
    string? State,
    bool? IsActive,
    decimal? ContractSize,
    decimal MinTradeAmount,
    decimal TickSize,
    ImmutableArray<TickRow>? TickSizeSteps,
    decimal MakerCommission,
    decimal TakerCommission,
    long? ExpirationTimestamp,
    decimal? Strike,
    string? OptionType
);

/// <summary>The part of a row of <c>get_book_summary_by_currency</c> that is used. Absent quotes are null.</summary>
sealed record DeribitSummaryRow(
    string InstrumentName,
    decimal? BidPrice,
    decimal? AskPrice,
    decimal? MarkPrice,
    double? MarkIv,
    decimal? OpenInterest,
    decimal? Volume,
    decimal? VolumeUsd,
    double? UnderlyingPrice,
    string? UnderlyingIndex,
    double? EstimatedDeliveryPrice,
    double? CurrentFunding,
    [property: JsonPropertyName("funding_8h")] double? Funding8h,
    long? CreationTimestamp
);

/// <summary>The part of <c>ticker</c> that is used. Absent quotes are 0 with amount 0.</summary>
sealed record DeribitTickerRow(
    string InstrumentName,
    long Timestamp,
    decimal? BestBidPrice,
    decimal? BestBidAmount,
    decimal? BestAskPrice,
    decimal? BestAskAmount,
    decimal? MarkPrice,
    double? MarkIv,
    decimal? OpenInterest,
    double? IndexPrice,
    double? UnderlyingPrice,
    double? CurrentFunding,
    [property: JsonPropertyName("funding_8h")] double? Funding8h,
    DeribitStatsRow? Stats
);

/// <summary>The day's activity in a ticker.</summary>
sealed record DeribitStatsRow(decimal? Volume, decimal? VolumeUsd);

/// <summary>A row of <c>get_positions</c>: size in USD for inverse futures, in coins otherwise.</summary>
sealed record DeribitPositionRow(string InstrumentName, decimal Size, string Direction, decimal? AveragePrice);

/// <summary>One currency of <c>get_account_summaries</c>.</summary>
sealed record DeribitSummaryOfCurrency(
    string Currency,
    decimal Balance,
    decimal? Equity,
    decimal? OptionsValue,
    string? MarginModel
);

/// <summary><c>get_account_summaries</c>.</summary>
sealed record DeribitSummaries(
    string? SystemName,
    string? Username,
    ImmutableArray<DeribitSummaryOfCurrency> Summaries
);

/// <summary>A row of <c>get_open_orders</c>; the price may be the text <c>market_price</c>.</summary>
sealed record DeribitOrderRow(
    string OrderId,
    string InstrumentName,
    string Direction,
    string OrderState,
    decimal Amount,
    decimal? FilledAmount,
    JsonElement? Price,
    decimal? TriggerPrice,
    bool? ReduceOnly
);
