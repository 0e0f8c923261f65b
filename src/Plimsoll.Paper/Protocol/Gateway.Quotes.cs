using System.Text.Json.Nodes;
using Plimsoll.Markets;

namespace Plimsoll.Paper;

public sealed partial class Gateway
{
    const int MostQuotes = 100;

    IEnumerable<RpcMethod> QuoteMethods() =>
        [
            Matching("private/mass_quote", MassQuote),
            Matching("private/cancel_quotes", CancelQuotes, RateClass.CancelAll),
        ];

    /// <summary>
    /// Both sides of many instruments in one message; a side takes the place of the one that it had in its set, and an
    /// amount of 0 leaves none.
    /// </summary>
    /// <remarks>A refused side does not stop the others. A side that changes goes to the end of its queue.</remarks>
    JsonNode MassQuote(RpcCall call)
    {
        string quoteId = call.Parameters.Text("quote_id"),
            group = call.Parameters.Text("mmp_group");
        call.Parameters.Flag("wait_for_response");
        bool isDetailed = call.Parameters.Flag("detailed") ?? false;
        var quotes = call.Parameters.Objects("quotes");
        if (quotes.Count > MostQuotes)
            throw new RpcRefusal(VenueError.TooManyQuotes);
        var orders = new List<Order>();
        var fills = new List<Fill>();
        var errors = new JsonArray();
        foreach (var quote in quotes)
        {
            string name = quote.Text("instrument_name");
            var mark = new QuoteMark(quoteId, quote.OptionalText("quote_set_id") ?? "default", group);
            foreach (var (word, side) in new[] { ("bid", Side.Buy), ("ask", Side.Sell) })
            {
                if (quote.Object(word) is not { } asked)
                    continue;
                var answer = Quote(call, Book(name), side, mark, asked);
                if (answer.Error != VenueError.None)
                    errors.Add(Failed(name, word, answer));
                else if (answer.Order is { } order)
                    orders.Add(order);
                fills.AddRange(answer.Fills);
            }
        }
        if (!isDetailed)
            return new JsonObject { ["errors_count"] = errors.Count };
        return new JsonObject
        {
            ["orders"] = Wire.List(orders.Select(WireOrders.Order)),
            ["trades"] = Wire.List(fills.Select(WireOrders.UserTrade)),
            ["errors"] = errors,
            ["errors_count"] = errors.Count,
        };
    }

    OrderAnswer Quote(RpcCall call, ListedInstrument book, Side side, QuoteMark mark, RpcParameters asked)
    {
        decimal amount = asked.OptionalNumber("amount") ?? 0;
        venue.CancelWhere(
            call.Account,
            order => order.Listed == book && order.Side == side && order.Quote?.SetId == mark.SetId,
            CancelReason.UserRequest
        );
        if (amount == 0)
            return new OrderAnswer(VenueError.None, "", null, []);
        return venue.Place(
            call.Account,
            new OrderRequest
            {
                Instrument = book.Name,
                Side = side,
                Amount = amount,
                Price = asked.Number("price"),
                PostOnly = asked.Flag("post_only") ?? false,
                RejectPostOnly = asked.Flag("reject_post_only") ?? false,
                ValidUntilMs = call.Parameters.Whole("valid_until"),
                Connection = call.Connection,
                Quote = mark,
            }
        );
    }

    JsonNode CancelQuotes(RpcCall call)
    {
        string type = call.Parameters.Text("cancel_type");
        call.Parameters.OptionalText("freeze_quotes");
        bool isDetailed = call.Parameters.Flag("detailed") ?? false;
        Func<Order, bool> matches = type switch
        {
            "all" => _ => true,
            "instrument" => ByInstrument(call),
            "currency" => ByCurrency(call),
            "quote_set_id" => BySet(call.Parameters.Text("quote_set_id")),
            _ => throw RpcRefusal.Bad("cancel_type", "must be one of all, instrument, currency, quote_set_id"),
        };
        var gone = venue.CancelWhere(
            call.Account,
            order => order.Quote is not null && matches(order),
            CancelReason.UserRequest
        );
        return isDetailed ? Wire.List(gone.Select(WireOrders.Order)) : gone.Count;
    }

    static Func<Order, bool> BySet(string set) => order => order.Quote!.SetId == set;

    static JsonObject Failed(string name, string side, OrderAnswer answer) =>
        new()
        {
            ["instrument_name"] = name,
            ["side"] = side,
            ["error"] = new JsonObject { ["code"] = (int)answer.Error, ["message"] = answer.Error.Name() },
        };
}
