using System.Globalization;
using System.Text.Json.Nodes;
using Plimsoll.Markets;

namespace Plimsoll.Paper;

/// <summary>Channel names and the subscriptions that they mean.</summary>
static class Channels
{
    const long PortfolioUs = 0;
    const long SecondUs = 1_000_000;
    static readonly string[] Groups = ["none", "1", "2", "5", "10", "25", "100", "250"];
    static readonly string[] Depths = ["1", "10", "20"];

    /// <summary>The subscription of a channel; null for a name that means nothing here.</summary>
    /// <exception cref="RpcRefusal">A raw interval without a login.</exception>
    public static Subscription? Make(Venue venue, Session session, string channel)
    {
        string[] parts = channel.Split('.');
        return parts switch
        {
            ["book", var name, var interval] when Find(venue, name) is { } book && Us(session, interval) is { } us =>
                new BookSubscription(session, channel, us, book),
            ["book", var name, var group, var depth, var interval]
                when Find(venue, name) is { } book
                    && Groups.Contains(group)
                    && Depths.Contains(depth)
                    && Us(session, interval) is { } us => new DepthSubscription(
                session,
                channel,
                us,
                book,
                group == "none" ? 0 : decimal.Parse(group, CultureInfo.InvariantCulture),
                int.Parse(depth, CultureInfo.InvariantCulture)
            ),
            ["ticker", var name, var interval] when Find(venue, name) is { } book && Us(session, interval) is { } us =>
                Of(session, channel, us, Concerns(book), v => WireMarket.Ticker(v, book)),
            ["incremental_ticker", var name] when Find(venue, name) is { } book => Of(
                session,
                channel,
                100_000,
                Concerns(book),
                v => WireMarket.Ticker(v, book)
            ),
            ["quote", var name] when Find(venue, name) is { } book => Of(
                session,
                channel,
                0,
                e => e is BookChanged changed && changed.Listed == book,
                v => Quote(v, book)
            ),
            ["trades", var name, var interval] when Find(venue, name) is { } book && Us(session, interval) is { } us =>
                Trades(session, channel, us, listed => listed == book),
            ["trades", var kind, var currency, var interval] when Us(session, interval) is { } us => Trades(
                session,
                channel,
                us,
                Matching(kind, currency)
            ),
            ["chart", "trades", var name, var resolution]
                when Find(venue, name) is { } book && Bars.Minutes(resolution) is { } minutes => Of(
                session,
                channel,
                SecondUs,
                e => e is Traded or MarketMoved,
                v => Bars.Last(v, book, minutes)
            ),
            ["deribit_price_index", var index] when Coin(venue, index) is { } coin => Of(
                session,
                channel,
                SecondUs,
                e => e is MarketMoved,
                v => Index(v, index, coin)
            ),
            ["estimated_expiration_price", var index] when Coin(venue, index) is { } coin => Of(
                session,
                channel,
                SecondUs,
                e => e is MarketMoved,
                v => Expiration(v, coin)
            ),
            ["markprice", "options", var index] when Coin(venue, index) is not null => Of(
                session,
                channel,
                SecondUs,
                e => e is MarketMoved,
                v => OptionMarks(v, index)
            ),
            ["perpetual", var name, var interval]
                when Find(venue, name) is { Instrument: PerpetualInstrument } book && Us(session, interval) is { } us =>
                Of(session, channel, us, e => e is MarketMoved, v => Perpetual(v, book)),
            ["instrument", "state", var kind, var currency] => new FlowSubscription(
                session,
                channel,
                0,
                e =>
                    e is InstrumentChanged changed && Matching(kind, currency)(changed.Listed)
                        ? State(venue, changed)
                        : null,
                single: true
            ),
            ["announcements"] or ["platform_state"] or ["platform_state", "public_methods_state"] => Silent(
                session,
                channel
            ),
            ["user", ..] => session.Account is { } account ? OfUser(venue, session, account, channel, parts) : null,
            _ => null,
        };
    }

    static Subscription? OfUser(Venue venue, Session session, PaperAccount account, string channel, string[] parts) =>
        parts switch
        {
            ["user", "orders", .. var rest] when Scope(venue, session, rest) is { } scope => new FlowSubscription(
                session,
                channel,
                scope.Us,
                e =>
                    e is OrderChanged changed && changed.Account == account && scope.Matches(changed.Order.Listed)
                        ? WireOrders.Order(changed.Order)
                        : null,
                single: true
            ),
            ["user", "trades", .. var rest] when Scope(venue, session, rest) is { } scope => new FlowSubscription(
                session,
                channel,
                scope.Us,
                e =>
                    e is Filled filled && filled.Account == account && scope.Matches(filled.Fill.Trade.Listed)
                        ? WireOrders.UserTrade(filled.Fill)
                        : null
            ),
            ["user", "changes", .. var rest] when Scope(venue, session, rest) is { } scope => new ChangesSubscription(
                session,
                channel,
                scope.Us,
                account,
                scope.Matches
            ),
            ["user", "portfolio", var currency] => Portfolio(session, account, channel, currency),
            ["user", "lock"] => new FlowSubscription(
                session,
                channel,
                0,
                e =>
                    e is LockChanged changed && changed.Account == account
                        ? new JsonObject { ["locked"] = changed.IsLocked, ["currency"] = changed.Currency.Code }
                        : null,
                single: true
            ),
            ["user", "liquidation"] => new FlowSubscription(
                session,
                channel,
                0,
                e => WireLiquidation.Row(venue, account, e),
                single: true
            ),
            ["user", "mmp_trigger", _] or ["user", "access_log"] => Silent(session, channel),
            _ => null,
        };

    /// <summary>Instrument or kind and currency, then the interval.</summary>
    static (Func<ListedInstrument, bool> Matches, long Us)? Scope(Venue venue, Session session, string[] rest) =>
        rest switch
        {
            [var name, var interval] when Find(venue, name) is { } book && Us(session, interval) is { } us => (
                listed => listed == book,
                us
            ),
            [var kind, var currency, var interval] when Us(session, interval) is { } us => (
                Matching(kind, currency),
                us
            ),
            _ => null,
        };

    static StateSubscription Portfolio(Session session, PaperAccount account, string channel, string code)
    {
        var currency = new Currency(code);
        return Of(
            session,
            channel,
            PortfolioUs,
            e => e is PortfolioChanged changed && changed.Account == account && changed.Currency == currency,
            v => WireAccount.Summary(v, account, currency, null)
        );
    }

    /// <summary>Whether a book is of a kind and currency; <c>any</c> is all of them.</summary>
    public static Func<ListedInstrument, bool> Matching(string kind, string currency) =>
        book =>
            (kind == "any" || kind == Wire.Kind(book))
            && (
                string.Equals(currency, "any", StringComparison.OrdinalIgnoreCase)
                || string.Equals(currency, book.Currency.Code, StringComparison.OrdinalIgnoreCase)
            );

    /// <summary>Coin of an index name; null for an unknown one.</summary>
    public static string? Coin(Venue venue, string index) =>
        venue.Listed.Values.FirstOrDefault(book => book.IndexName == index)?.Instrument.Underlying;

    static ListedInstrument? Find(Venue venue, string name) => venue.Listed.GetValueOrDefault(name);

    static long? Us(Session session, string interval) =>
        interval switch
        {
            "raw" when session.Account is not null => 0,
            "raw" => throw new RpcRefusal(VenueError.RawSubscriptionsNotAvailableForUnauthorized),
            "100ms" => 100_000,
            "agg2" => SecondUs,
            _ => null,
        };

    static Func<VenueEvent, bool> Concerns(ListedInstrument book) =>
        e => e is MarketMoved || e is BookChanged c && c.Listed == book || e is Traded t && t.Trade.Listed == book;

    static StateSubscription Of(
        Session session,
        string channel,
        long us,
        Func<VenueEvent, bool> concerns,
        Func<Venue, JsonNode?> state
    ) => new(session, channel, us, concerns, state);

    static FlowSubscription Silent(Session session, string channel) => new(session, channel, 0, _ => null);

    static FlowSubscription Trades(Session session, string channel, long us, Func<ListedInstrument, bool> matches) =>
        new(
            session,
            channel,
            us,
            e => e is Traded traded && matches(traded.Trade.Listed) ? WireOrders.PublicTrade(traded.Trade) : null
        );

    static JsonObject Quote(Venue venue, ListedInstrument book) =>
        new()
        {
            ["timestamp"] = venue.NowMs,
            ["instrument_name"] = book.Name,
            ["best_bid_price"] = Wire.Number(book.Book.BestBid?.Price ?? 0),
            ["best_bid_amount"] = Wire.Number(book.Book.BestBid?.Amount ?? 0),
            ["best_ask_price"] = Wire.Number(book.Book.BestAsk?.Price ?? 0),
            ["best_ask_amount"] = Wire.Number(book.Book.BestAsk?.Amount ?? 0),
        };

    static JsonObject Index(Venue venue, string name, string coin) =>
        new()
        {
            ["index_name"] = name,
            ["price"] = Wire.Number(venue.Index(coin)),
            ["timestamp"] = venue.NowMs,
        };

    static JsonObject Expiration(Venue venue, string coin) =>
        new()
        {
            ["price"] = Wire.Number(venue.EstimatedDelivery(coin)),
            ["seconds"] = (Venue.NextSettlement(venue.NowMs) - venue.NowMs) / 1000,
            ["is_estimated"] = Venue.NextSettlement(venue.NowMs) - venue.NowMs <= venue.Figures.DeliveryAverageMs,
        };

    static JsonArray OptionMarks(Venue venue, string index) =>
        Wire.List(
            venue
                .Listed.Values.Where(book =>
                    book.IndexName == index && book.State == BookState.Open && book.Instrument is OptionInstrument
                )
                .Select(book =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["instrument_name"] = book.Name,
                            ["mark_price"] = Wire.Number(book.Mark),
                            ["iv"] = Wire.Real(book.MarkVolatility, 6),
                            ["timestamp"] = venue.NowMs,
                        }
                )
        );

    static JsonObject Perpetual(Venue venue, ListedInstrument book) =>
        new()
        {
            ["interest"] = Wire.Number(book.FundingRate8h),
            ["index_price"] = Wire.Number(book.IndexUsd),
            ["mark_price"] = Wire.Number(book.Mark),
            ["timestamp"] = venue.NowMs,
        };

    static JsonObject State(Venue venue, InstrumentChanged changed) =>
        new()
        {
            ["instrument_name"] = changed.Listed.Name,
            ["state"] = changed.State,
            ["timestamp"] = venue.NowMs,
        };
}
