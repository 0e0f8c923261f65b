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
            .. HistoryMethods(),
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
}
