using System.Text.Json.Nodes;
using Plimsoll.Markets;

namespace Plimsoll.Paper;

public sealed partial class Gateway
{
    const int DefaultTrades = 10;
    const int MostTrades = 1_000;

    IEnumerable<RpcMethod> MarketMethods() =>
        [
            new("public/get_currencies", RateClass.NonMatching, _ => Currencies()),
            new("public/get_instruments", RateClass.Instruments, Instruments),
            new("public/get_instrument", RateClass.NonMatching, call => WireMarket.Instrument(Book(call))),
            new("public/get_contract_size", RateClass.NonMatching, ContractSize),
            new("public/get_expirations", RateClass.NonMatching, Expirations),
            new("public/get_index_price", RateClass.NonMatching, IndexPrice),
            new("public/get_index_price_names", RateClass.NonMatching, _ => IndexNames()),
            new("public/ticker", RateClass.NonMatching, call => WireMarket.Ticker(venue, Book(call))),
            new("public/get_order_book", RateClass.NonMatching, OrderBook),
            new("public/get_book_summary_by_currency", RateClass.NonMatching, Summaries),
            new(
                "public/get_book_summary_by_instrument",
                RateClass.NonMatching,
                call => new JsonArray(WireMarket.Summary(venue, Book(call)))
            ),
            new("public/get_last_trades_by_instrument", RateClass.NonMatching, call => Trades(call, [Book(call)])),
            new(
                "public/get_last_trades_by_instrument_and_time",
                RateClass.NonMatching,
                call => Trades(call, [Book(call)])
            ),
            new("public/get_last_trades_by_currency", RateClass.NonMatching, call => Trades(call, Books(call))),
            new(
                "public/get_last_trades_by_currency_and_time",
                RateClass.NonMatching,
                call => Trades(call, Books(call))
            ),
            new("public/get_tradingview_chart_data", RateClass.NonMatching, Chart),
            new("public/get_funding_rate_value", RateClass.NonMatching, FundingValue),
            new("public/get_funding_rate_history", RateClass.NonMatching, FundingHistory),
            new("public/get_funding_chart_data", RateClass.NonMatching, FundingChart),
            new("public/get_delivery_prices", RateClass.NonMatching, DeliveryPrices),
            new("public/get_historical_volatility", RateClass.NonMatching, HistoricalVolatility),
            new("public/get_last_settlements_by_instrument", RateClass.NonMatching, LastSettlements),
            new("public/get_last_settlements_by_currency", RateClass.NonMatching, LastSettlements),
            new("public/get_announcements", RateClass.NonMatching, _ => new JsonArray()),
        ];

    JsonArray Currencies() =>
        Wire.List(
            venue
                .Listed.Values.SelectMany(book => new[] { book.Currency.Code, book.Instrument.Underlying })
                .Distinct()
                .Order(StringComparer.Ordinal)
                .Select(code =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["currency"] = code,
                            ["currency_long"] = code,
                            ["coin_type"] = code,
                            ["withdrawal_fee"] = 0,
                            ["min_withdrawal_fee"] = 0,
                            ["min_confirmations"] = 1,
                            ["withdrawal_priorities"] = new JsonArray(),
                            ["in_cross_collateral_pool"] = false,
                            ["network_fee"] = 0,
                            ["network_currency"] = code,
                            ["decimals"] = new Currency(code).IsDollar ? 6 : 8,
                        }
                )
        );

    JsonArray Instruments(RpcCall call)
    {
        bool expired = call.Parameters.Flag("expired") ?? false;
        return Wire.List(Books(call).Where(b => b.State == BookState.Closed == expired).Select(WireMarket.Instrument));
    }

    /// <summary>Books of a call's currency and kind; absent means any.</summary>
    IEnumerable<ListedInstrument> Books(RpcCall call)
    {
        string currency = call.Parameters.OptionalText("currency") ?? "any";
        string kind = call.Parameters.OptionalText("kind") ?? "any";
        return venue.Listed.Values.Where(Channels.Matching(kind, currency));
    }

    JsonNode ContractSize(RpcCall call) =>
        new JsonObject { ["contract_size"] = Wire.Number(Book(call).Instrument.OrderAmountPerContract) };

    JsonNode Expirations(RpcCall call) =>
        new JsonObject
        {
            ["currency"] = call.Parameters.Text("currency"),
            ["expirations"] = Wire.List(
                Books(call)
                    .Where(book => book.State != BookState.Closed && book.ExpiryMs is not null)
                    .Select(book => book.ExpiryMs!.Value)
                    .Distinct()
                    .Order()
                    .Select(ms => (JsonNode)ms)
            ),
        };

    JsonNode IndexPrice(RpcCall call)
    {
        string name = call.Parameters.Text("index_name");
        string coin = Channels.Coin(venue, name) ?? throw RpcRefusal.Bad("index_name", "unknown index");
        return new JsonObject
        {
            ["index_price"] = Wire.Number(venue.Index(coin)),
            ["estimated_delivery_price"] = Wire.Number(venue.EstimatedDelivery(coin)),
        };
    }

    JsonArray IndexNames() =>
        Wire.List(
            venue
                .Listed.Values.Select(book => book.IndexName)
                .Distinct()
                .Order(StringComparer.Ordinal)
                .Select(name => (JsonNode)name)
        );

    JsonNode OrderBook(RpcCall call)
    {
        long depth = call.Parameters.Whole("depth") ?? 5;
        return WireMarket.Book(venue, Book(call), (int)Math.Clamp(depth, 1, 10_000));
    }

    JsonNode Summaries(RpcCall call)
    {
        call.Parameters.Text("currency");
        return Wire.List(
            Books(call).Where(b => b.State != BookState.Closed).Select(book => WireMarket.Summary(venue, book))
        );
    }

    JsonNode Trades(RpcCall call, IEnumerable<ListedInstrument> books)
    {
        var from = call.Parameters;
        from.OptionalText("include_old");
        var trades = books
            .SelectMany(book => book.Trades)
            .Where(Window<Trade>(from, trade => trade.AtMs, trade => trade.Sequence))
            .OrderBy(trade => trade.AtMs)
            .ThenBy(trade => trade.Sequence);
        return Page(from, trades, WireOrders.PublicTrade);
    }

    /// <summary>Filter by times and sequences; the end may be missing.</summary>
    static Func<T, bool> Window<T>(RpcParameters from, Func<T, long> at, Func<T, long> number)
    {
        long start = from.Whole("start_timestamp") ?? long.MinValue;
        long end = from.Whole("end_timestamp") ?? long.MaxValue;
        long first = from.Whole("start_seq") ?? long.MinValue;
        long last = from.Whole("end_seq") ?? long.MaxValue;
        return row => at(row) >= start && at(row) <= end && number(row) >= first && number(row) <= last;
    }

    /// <summary>The latest rows, or the earliest after a start; newest first unless asked otherwise.</summary>
    static JsonObject Page<T>(RpcParameters from, IEnumerable<T> oldestFirst, Func<T, JsonNode> row)
    {
        var rows = oldestFirst.ToList();
        int count = (int)Math.Clamp(from.Whole("count") ?? DefaultTrades, 1, MostTrades);
        string sorting = from.OptionalText("sorting") ?? "default";
        bool fromStart = from.OptionalText("start_timestamp") is not null || from.OptionalText("start_seq") is not null;
        var page = fromStart || sorting == "asc" ? rows.Take(count) : rows.TakeLast(count);
        if (sorting == "desc" || sorting == "default" && !fromStart)
            page = page.Reverse();
        return new JsonObject { ["trades"] = Wire.List(page.Select(row)), ["has_more"] = rows.Count > count };
    }

    JsonNode Chart(RpcCall call)
    {
        string resolution = call.Parameters.Text("resolution");
        long minutes = Bars.Minutes(resolution) ?? throw RpcRefusal.Bad("resolution", "unknown resolution");
        return Bars.Chart(
            Book(call),
            (long)call.Parameters.Number("start_timestamp"),
            Math.Min((long)call.Parameters.Number("end_timestamp"), venue.NowMs),
            minutes
        );
    }

    JsonNode FundingValue(RpcCall call) =>
        Wire.Number(
            Book(call)
                .Funding.Sum(
                    (long)call.Parameters.Number("start_timestamp"),
                    (long)call.Parameters.Number("end_timestamp")
                ),
            12
        );

    JsonNode FundingHistory(RpcCall call)
    {
        var within = Window<FundingHour>(call.Parameters, hour => hour.AtMs, _ => 0);
        var hours = Book(call).Funding.Hours;
        return Wire.List(
            hours
                .Select((hour, i) => (hour, Eight: hours.Skip(Math.Max(0, i - 7)).Take(Math.Min(8, i + 1))))
                .Where(row => within(row.hour))
                .Select(row =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["timestamp"] = row.hour.AtMs,
                            ["index_price"] = Wire.Number(row.hour.IndexUsd),
                            ["prev_index_price"] = Wire.Number(row.hour.PreviousIndexUsd),
                            ["interest_1h"] = Wire.Number(row.hour.Interest1h, 12),
                            ["interest_8h"] = Wire.Number(row.Eight.Sum(hour => hour.Interest1h), 12),
                        }
                )
        );
    }

    JsonNode FundingChart(RpcCall call)
    {
        var book = Book(call);
        call.Parameters.Text("length");
        return new JsonObject
        {
            ["current_interest"] = Wire.Number(book.FundingRate8h),
            ["interest_8h"] = Wire.Number(book.Funding.Sum(venue.NowMs - 28_800_000, venue.NowMs), 12),
            ["data"] = Wire.List(
                book.Funding.Hours.TakeLast(24)
                    .Select(hour =>
                        (JsonNode)
                            new JsonObject
                            {
                                ["timestamp"] = hour.AtMs,
                                ["index_price"] = Wire.Number(hour.IndexUsd),
                                ["interest_8h"] = Wire.Number(hour.Interest1h * 8, 12),
                            }
                    )
            ),
        };
    }

    JsonNode DeliveryPrices(RpcCall call)
    {
        string name = call.Parameters.Text("index_name");
        var rows = venue
            .Listed.Values.Where(book => book.IndexName == name && book.DeliveryPrice is not null)
            .GroupBy(book => book.ExpiryMs!.Value)
            .OrderByDescending(day => day.Key)
            .Select(day => (Date: DateTimeOffset.FromUnixTimeMilliseconds(day.Key), day.First().DeliveryPrice))
            .ToList();
        int offset = (int)Math.Clamp(call.Parameters.Whole("offset") ?? 0, 0, int.MaxValue);
        int count = (int)Math.Clamp(call.Parameters.Whole("count") ?? 10, 1, MostTrades);
        return new JsonObject
        {
            ["records_total"] = rows.Count,
            ["data"] = Wire.List(
                rows.Skip(offset)
                    .Take(count)
                    .Select(row =>
                        (JsonNode)
                            new JsonObject
                            {
                                ["date"] = row.Date.ToString(
                                    "yyyy-MM-dd",
                                    System.Globalization.CultureInfo.InvariantCulture
                                ),
                                ["delivery_price"] = Wire.Number(row.DeliveryPrice),
                            }
                    )
            ),
        };
    }

    /// <summary>Realised volatility a year, percent, of the index at the hours that the venue has seen.</summary>
    JsonNode HistoricalVolatility(RpcCall call)
    {
        string coin = call.Parameters.Text("currency");
        var hours = venue
            .Listed.Values.FirstOrDefault(book =>
                book.Instrument is PerpetualInstrument && book.Instrument.Underlying == coin
            )
            ?.Funding.Hours;
        return Wire.List(
            (hours ?? [])
                .Where(hour => hour.PreviousIndexUsd > 0)
                .Select(hour => new JsonArray(
                    hour.AtMs,
                    Wire.Real(
                        100 * Math.Sqrt(24 * 365) * Math.Abs(Math.Log((double)(hour.IndexUsd / hour.PreviousIndexUsd))),
                        4
                    )
                ))
        );
    }

    JsonNode LastSettlements(RpcCall call)
    {
        string? name = call.Parameters.OptionalText("instrument_name");
        return Settlements(call, venue.Accounts.SelectMany(account => account.Settlements), name);
    }

    static JsonObject Settlements(RpcCall call, IEnumerable<SettlementRow> rows, string? instrument)
    {
        string? type = call.Parameters.OptionalText("type");
        int count = (int)Math.Clamp(call.Parameters.Whole("count") ?? 20, 1, MostTrades);
        return new JsonObject
        {
            ["settlements"] = Wire.List(
                rows.Where(row =>
                        (type is null || row.Type == type) && (instrument is null || row.Instrument == instrument)
                    )
                    .Reverse()
                    .Take(count)
                    .Select(WireOrders.Settlement)
            ),
            ["continuation"] = null,
        };
    }
}
