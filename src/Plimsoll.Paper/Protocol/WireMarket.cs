using System.Text.Json.Nodes;
using Plimsoll.Markets;
using Plimsoll.Pricing;

namespace Plimsoll.Paper;

/// <summary>Instruments, tickers and books as the API shows them.</summary>
static class WireMarket
{
    const long DayMs = 86_400_000;
    const long NeverMs = 32_503_708_800_000;

    public static JsonObject Instrument(ListedInstrument book)
    {
        var instrument = book.Instrument;
        bool inverse = instrument.Shape == PayoffShape.Inverse;
        var row = new JsonObject
        {
            ["kind"] = Wire.Kind(book),
            ["instrument_name"] = book.Name,
            ["instrument_id"] = book.Id,
            ["base_currency"] = instrument.Underlying,
            ["quote_currency"] =
                instrument is OptionInstrument && inverse ? instrument.Underlying : Counter(instrument),
            ["counter_currency"] = Counter(instrument),
            ["settlement_currency"] = instrument.Settlement.Code,
            ["settlement_period"] = Wire.Word(SettlementPeriods.Of(instrument)),
            ["instrument_type"] = inverse ? "reversed" : "linear",
            ["is_active"] = book.State != BookState.Closed,
            ["state"] = State(book),
            ["creation_timestamp"] = book.CreatedMs,
            ["expiration_timestamp"] = book.ExpiryMs ?? NeverMs,
            ["tick_size"] = Wire.Number(instrument.Ticks.BaseTick),
            ["tick_size_steps"] = Wire.List(
                instrument.Ticks.Steps.Select(step =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["above_price"] = Wire.Number(step.Above),
                            ["tick_size"] = Wire.Number(step.TickSize),
                        }
                )
            ),
            ["min_trade_amount"] = Wire.Number(book.MinimumAmount),
            ["contract_size"] = Wire.Number(instrument.OrderAmountPerContract),
            ["maker_commission"] = Wire.Number(instrument.Fees.MakerRate),
            ["taker_commission"] = Wire.Number(instrument.Fees.TakerRate),
            ["price_index"] = book.IndexName,
            ["rfq"] = false,
        };
        if (instrument is OptionInstrument option)
        {
            row["strike"] = Wire.Number(option.StrikeUsd);
            row["option_type"] = option.Right == OptionRight.Call ? "call" : "put";
        }
        else
        {
            row["max_leverage"] = 50;
            row["future_type"] = inverse ? "reversed" : "linear";
        }
        return row;
    }

    public static JsonObject Ticker(Venue venue, ListedInstrument book)
    {
        var (bid, ask) = (book.Book.BestBid, book.Book.BestAsk);
        var (lowest, highest) = venue.Band(book);
        var row = new JsonObject
        {
            ["instrument_name"] = book.Name,
            ["timestamp"] = venue.NowMs,
            ["state"] = State(book),
            ["stats"] = Stats(venue, book),
            ["open_interest"] = Wire.Number(book.OpenInterest),
            ["best_bid_price"] = Wire.Number(bid?.Price ?? 0),
            ["best_bid_amount"] = Wire.Number(bid?.Amount ?? 0),
            ["best_ask_price"] = Wire.Number(ask?.Price ?? 0),
            ["best_ask_amount"] = Wire.Number(ask?.Amount ?? 0),
            ["index_price"] = Wire.Number(book.IndexUsd),
            ["min_price"] = Wire.Number(lowest),
            ["max_price"] = Wire.Number(highest == decimal.MaxValue ? 0 : highest),
            ["mark_price"] = Wire.Number(book.Mark),
            ["last_price"] = Wire.Number(book.Last),
            ["settlement_price"] = Wire.Number(book.SettlementPrice),
            ["estimated_delivery_price"] = Wire.Number(venue.EstimatedDelivery(book.Instrument.Underlying)),
        };
        if (book.DeliveryPrice is { } delivered)
            row["delivery_price"] = Wire.Number(delivered);
        if (book.Instrument is PerpetualInstrument)
        {
            row["current_funding"] = Wire.Number(book.FundingRate8h);
            row["funding_8h"] = Wire.Number(book.Funding.Sum(venue.NowMs - DayMs / 3, venue.NowMs), 10);
            row["interest_value"] = Wire.Number(book.Basis, 8);
        }
        if (book.Instrument is OptionInstrument option)
            AddOption(venue, book, option, row);
        return row;
    }

    public static JsonObject Book(Venue venue, ListedInstrument book, int depth)
    {
        var row = Ticker(venue, book);
        row["change_id"] = book.ChangeId;
        row["bids"] = Levels(book, Side.Buy, depth);
        row["asks"] = Levels(book, Side.Sell, depth);
        return row;
    }

    public static JsonArray Levels(ListedInstrument book, Side side, int depth) =>
        Wire.List(
            book.Book.Levels(side)
                .Take(depth)
                .Select(level => new JsonArray(Wire.Number(level.Price), Wire.Number(level.Amount)))
        );

    public static JsonObject Summary(Venue venue, ListedInstrument book)
    {
        var stats = Stats(venue, book);
        decimal? bid = book.Book.BestBid?.Price,
            ask = book.Book.BestAsk?.Price;
        var row = new JsonObject
        {
            ["instrument_name"] = book.Name,
            ["base_currency"] = book.Instrument.Underlying,
            ["quote_currency"] = Counter(book.Instrument),
            ["creation_timestamp"] = venue.NowMs,
            ["bid_price"] = Wire.Number(bid),
            ["ask_price"] = Wire.Number(ask),
            ["mid_price"] = bid is null || ask is null ? null : Wire.Number((bid.Value + ask.Value) / 2, 8),
            ["mark_price"] = Wire.Number(book.Mark),
            ["last"] = Wire.Number(book.Last),
            ["high"] = stats["high"]?.DeepClone(),
            ["low"] = stats["low"]?.DeepClone(),
            ["price_change"] = stats["price_change"]?.DeepClone(),
            ["volume"] = stats["volume"]!.DeepClone(),
            ["volume_usd"] = stats["volume_usd"]!.DeepClone(),
            ["volume_notional"] = stats["volume_notional"]!.DeepClone(),
            ["open_interest"] = Wire.Number(book.OpenInterest),
            ["estimated_delivery_price"] = Wire.Number(venue.EstimatedDelivery(book.Instrument.Underlying)),
        };
        if (book.Instrument is PerpetualInstrument)
        {
            row["current_funding"] = Wire.Number(book.FundingRate8h);
            row["funding_8h"] = Wire.Number(book.Funding.Sum(venue.NowMs - DayMs / 3, venue.NowMs), 10);
        }
        if (book.Instrument is OptionInstrument)
        {
            row["mark_iv"] = Wire.Real(100 * book.MarkVolatility, 2);
            row["underlying_price"] = Wire.Number(book.UnderlyingUsd);
            row["underlying_index"] = "index_price";
            row["interest_rate"] = 0;
        }
        return row;
    }

    public static string State(ListedInstrument book) =>
        book.State switch
        {
            BookState.Open => "open",
            BookState.Settlement => "settlement",
            _ => "closed",
        };

    static string Counter(Instrument instrument) =>
        instrument.Shape == PayoffShape.Inverse ? "USD" : instrument.Settlement.Code;

    static JsonObject Stats(Venue venue, ListedInstrument book)
    {
        decimal? high = null,
            low = null,
            first = null;
        decimal volume = 0,
            volumeUsd = 0,
            notional = 0;
        for (int i = book.Trades.Count - 1; i >= 0 && book.Trades[i].AtMs > venue.NowMs - DayMs; i--)
        {
            var trade = book.Trades[i];
            high = Math.Max(high ?? trade.Price, trade.Price);
            low = Math.Min(low ?? trade.Price, trade.Price);
            first = trade.Price;
            bool reciprocal = Payoff.IsReciprocal(book.Instrument);
            volume += reciprocal ? trade.Amount / trade.Price : trade.Amount;
            decimal value = reciprocal ? trade.Amount : trade.Amount * trade.Price;
            notional += value;
            volumeUsd += book.Instrument is OptionInstrument { Shape: PayoffShape.Inverse }
                ? value * trade.Index
                : value;
        }
        return new JsonObject
        {
            ["high"] = Wire.Number(high),
            ["low"] = Wire.Number(low),
            ["price_change"] = first is > 0 ? Wire.Number((book.Last!.Value / first.Value - 1) * 100, 4) : null,
            ["volume"] = Wire.Number(volume, 8),
            ["volume_usd"] = Wire.Number(volumeUsd, 2),
            ["volume_notional"] = Wire.Number(notional, 4),
        };
    }

    static void AddOption(Venue venue, ListedInstrument book, OptionInstrument option, JsonObject row)
    {
        row["mark_iv"] = Wire.Real(100 * book.MarkVolatility, 2);
        row["bid_iv"] = Wire.Real(100 * ImpliedAt(venue, book, option, book.Book.BestBid?.Price), 2);
        row["ask_iv"] = Wire.Real(100 * ImpliedAt(venue, book, option, book.Book.BestAsk?.Price), 2);
        row["underlying_price"] = Wire.Number(book.UnderlyingUsd);
        row["underlying_index"] = "index_price";
        row["interest_rate"] = 0;
        var greeks = Greeks(venue, book, option);
        row["greeks"] = new JsonObject
        {
            ["delta"] = Wire.Real(greeks.Delta, 5),
            ["gamma"] = Wire.Real(greeks.GammaPerUsd, 8),
            ["vega"] = Wire.Real(greeks.VegaUsdPerVolPoint, 5),
            ["theta"] = Wire.Real(greeks.ThetaUsdPerDay, 5),
            ["rho"] = 0,
        };
    }

    public static OptionGreeks Greeks(Venue venue, ListedInstrument book, OptionInstrument option) =>
        book.UnderlyingUsd <= 0 || book.ExpiryMs <= venue.NowMs
            ? default
            : Black76.Evaluate(
                (double)book.UnderlyingUsd,
                (double)option.StrikeUsd,
                TimeLeft(venue, book),
                book.MarkVolatility,
                option.Right
            );

    static double TimeLeft(Venue venue, ListedInstrument book) =>
        Math.Max(0, (double)(book.ExpiryMs!.Value - venue.NowMs)) / (1000 * Years.SecondsPerYear);

    static double ImpliedAt(Venue venue, ListedInstrument book, OptionInstrument option, decimal? price)
    {
        if (price is not { } quoted || book.UnderlyingUsd <= 0)
            return 0;
        double forwardUsd = (double)book.UnderlyingUsd;
        double priceUsd = (double)quoted * (option.Shape == PayoffShape.Inverse ? forwardUsd : 1);
        var (status, volatility) = ImpliedVolatility.Solve(
            priceUsd,
            forwardUsd,
            (double)option.StrikeUsd,
            TimeLeft(venue, book),
            option.Right
        );
        return status == ImpliedVolatilityStatus.Solved ? volatility : 0;
    }
}
