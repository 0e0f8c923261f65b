using System.Text.Json;
using static Plimsoll.Paper.Tests.SmallVenue;

namespace Plimsoll.Paper.Tests;

/// <summary>Both sides of many instruments in one message, as the venue's example has it.</summary>
public sealed class QuoteTests
{
    readonly SmallVenue small = new();
    readonly PaperAccount owner;
    readonly PaperAccount other;
    readonly WireClient client;

    public QuoteTests()
    {
        owner = small.Client("paper");
        other = small.House();
        var gateway = new Gateway(small.Venue, [new ApiKey("paper", "paper-secret", owner, true)], matchingTier: 0);
        client = new WireClient(gateway, () => small.Venue.NowMs * 1000, "paper");
    }

    [Fact]
    public void A_quote_takes_the_place_of_the_one_before_in_its_set_and_of_no_other()
    {
        var first = Quote("1", (Perpetual, "futures", 64_000, 66_000, 10), (Call, "options", 0.04m, 0.06m, 1));
        Assert.Equal(4, first.GetProperty("orders").GetArrayLength());
        Assert.Equal(0, first.GetProperty("errors_count").GetInt32());
        var row = first.GetProperty("orders")[0];
        Assert.True(row.GetProperty("quote").GetBoolean() && row.GetProperty("mmp").GetBoolean());
        Assert.Equal(
            ("1", "futures", "default", "buy"),
            (
                row.GetProperty("quote_id").GetString(),
                row.GetProperty("quote_set_id").GetString(),
                row.GetProperty("mmp_group").GetString(),
                row.GetProperty("direction").GetString()
            )
        );
        small.Buy(owner, Perpetual, 50, 60_000);
        Quote("2", (Perpetual, "futures", 64_100, 65_900, 20));
        Assert.Equal(
            [(60_000m, 50m, null), (64_100m, 20m, "2"), (65_900m, 20m, "2")],
            owner
                .OpenOrders.Where(order => order.Listed.Name == Perpetual)
                .OrderBy(order => order.Price)
                .Select(order => (order.Price, order.Amount, order.Quote?.QuoteId))
        );
        Quote("3", (Perpetual, "futures", 64_100, 65_900, 0));
        Assert.Equal(3, owner.OpenOrders.Count);
    }

    [Fact]
    public void A_side_that_is_refused_is_told_and_the_others_stand()
    {
        var answer = Quote("1", (Perpetual, "a", 64_000.25m, 66_000, 10));
        Assert.Equal(
            66_000,
            Assert.Single(answer.GetProperty("orders").EnumerateArray()).GetProperty("price").GetDecimal()
        );
        var error = Assert.Single(answer.GetProperty("errors").EnumerateArray());
        Assert.Equal(
            (Perpetual, "bid"),
            (error.GetProperty("instrument_name").GetString(), error.GetProperty("side").GetString())
        );
        Assert.Equal(10043, error.GetProperty("error").GetProperty("code").GetInt32());
    }

    [Fact]
    public void A_quote_that_crosses_trades_and_tells_its_trades()
    {
        small.Sell(other, Perpetual, 10, 65_000);
        var answer = Quote("1", (Perpetual, "a", 65_000, 66_000, 10));
        Assert.Equal(
            65_000,
            Assert.Single(answer.GetProperty("trades").EnumerateArray()).GetProperty("price").GetDecimal()
        );
        Assert.Equal(10, owner.SizeOf(small[Perpetual]));
    }

    [Fact]
    public void Quotes_are_cancelled_apart_from_orders()
    {
        small.Buy(owner, Perpetual, 50, 60_000);
        Quote(
            "1",
            (Perpetual, "a", 64_000, 66_000, 10),
            (Call, "b", 0.04m, 0.06m, 1),
            (Perpetual, "c", 63_000, 67_000, 10)
        );
        Assert.Equal(2, Cancel(new { cancel_type = "quote_set_id", quote_set_id = "c" }));
        Assert.Equal(2, Cancel(new { cancel_type = "instrument", instrument_name = Call }));
        Assert.Equal(2, Cancel(new { cancel_type = "currency", currency = "BTC" }));
        Assert.Equal(0, Cancel(new { cancel_type = "all" }));
        Assert.Equal(60_000, Assert.Single(owner.OpenOrders).Price);
        Assert.Equal(-32602, client.Refusal("private/cancel_quotes", new { cancel_type = "some" }));
    }

    [Theory]
    [InlineData("[]", 0)]
    [InlineData("\"x\"", -32602)]
    [InlineData("[1]", -32602)]
    [InlineData("[{\"bid\":{}}]", -32602)]
    [InlineData("[{\"instrument_name\":\"BTC-PERPETUAL\",\"bid\":3}]", -32602)]
    public void What_is_no_list_of_quotes_is_refused(string quotes, int code)
    {
        object parameters = new
        {
            quote_id = "1",
            mmp_group = "g",
            quotes = JsonElement.Parse(quotes),
        };
        if (code == 0)
            Assert.Equal(0, client.Call("private/mass_quote", parameters).GetProperty("errors_count").GetInt32());
        else
            Assert.Equal(code, client.Refusal("private/mass_quote", parameters));
        Assert.Empty(owner.OpenOrders);
    }

    JsonElement Quote(string id, params (string Name, string Set, decimal Bid, decimal Ask, decimal Amount)[] rows) =>
        client.Call(
            "private/mass_quote",
            new
            {
                quote_id = id,
                mmp_group = "default",
                detailed = true,
                quotes = rows.Select(row => new
                {
                    instrument_name = row.Name,
                    quote_set_id = row.Set,
                    bid = new { price = row.Bid, amount = row.Amount },
                    ask = new { price = row.Ask, amount = row.Amount },
                }),
            }
        );

    int Cancel(object parameters) => client.Call("private/cancel_quotes", parameters).GetInt32();
}
