using CsCheck;

namespace Plimsoll.Markets.Tests;

public class SnapshotCleaningTests
{
    static readonly DateTimeOffset AsOf = new(2026, 3, 4, 9, 0, 0, TimeSpan.Zero);
    static readonly DateTimeOffset Expiry = new(2026, 4, 24, 8, 0, 0, TimeSpan.Zero);

    static readonly SpotInstrument Terms = new()
    {
        Name = "",
        Venue = "deribit",
        Underlying = "BTC",
        Shape = PayoffShape.Inverse,
        Settlement = new("BTC"),
        ContractSize = 1,
        LotContracts = 0.1m,
        MinimumOrderContracts = 0.1m,
        Ticks = new(0.0001m, [new(0.005m, 0.0005m)]),
        Fees = new(0.0003m, 0.0003m, 0.00015m, 0.125m),
        OrderAmountPerContract = 1,
        OrderAmountUnit = "BTC",
    };

    static InstrumentQuote Good(decimal strike = 80_000) =>
        new()
        {
            Instrument = new OptionInstrument(Terms, $"BTC-24APR26-{strike}-C", strike, OptionRight.Call, Expiry),
            Bid = 0.02m,
            Ask = 0.0205m,
            BidContracts = 3,
            AskContracts = 4,
            Mark = 0.0202m,
            MarkImpliedVolatility = 0.5,
            OpenInterestContracts = 10,
            DailyVolumeContracts = 1,
        };

    static MarketSnapshot Market(params InstrumentQuote[] quotes) =>
        new()
        {
            AsOf = AsOf,
            Venue = "deribit",
            Source = "test",
            Underlyings =
            [
                new()
                {
                    Underlying = "BTC",
                    IndexUsd = 71_000,
                    Forwards = [new(Expiry, 71_500, ForwardSource.Venue)],
                },
            ],
            Quotes = [.. quotes],
        };

    [Fact]
    public void A_flawless_snapshot_is_left_as_it_is()
    {
        var clean = SnapshotCleaning.Clean(Market(Good()));
        Assert.Equal([Good()], clean.Quotes);
        Assert.Empty(clean.Repairs);
    }

    [Fact]
    public void A_bid_below_intrinsic_value_is_a_normal_quote()
    {
        var deep = Good(40_000) with { Bid = 0.40m, Ask = 0.48m, Mark = 0.4406m };
        var clean = SnapshotCleaning.Clean(Market(deep));
        Assert.Equal([deep], clean.Quotes);
        Assert.Empty(clean.Repairs);
    }

    [Fact]
    public void Crossed_quotes_lose_both_sides_and_their_sizes()
    {
        var quote = Only(Good() with { Bid = 0.021m, Ask = 0.0205m }, "crossed-quote");
        Assert.Equal((null, null, null, null), (quote.Bid, quote.Ask, quote.BidContracts, quote.AskContracts));
    }

    [Fact]
    public void A_locked_quote_counts_as_crossed() => Only(Good() with { Bid = 0.0205m }, "crossed-quote");

    [Fact]
    public void A_one_sided_quote_keeps_its_side_and_is_reported()
    {
        var quote = Only(Good() with { Bid = null }, "one-sided-quote");
        Assert.Equal((null, 0.0205m, null, 4m), (quote.Bid, quote.Ask, quote.BidContracts, quote.AskContracts));
    }

    [Fact]
    public void A_zero_quote_is_no_quote() => Assert.Null(Only(Good() with { Bid = 0 }, "one-sided-quote").Bid);

    [Fact]
    public void A_zero_mark_is_no_mark() => Assert.Null(Only(Good() with { Mark = 0 }, "zero-mark").Mark);

    [Fact]
    public void A_zero_volatility_is_none() =>
        Assert.Null(Only(Good() with { MarkImpliedVolatility = 0 }, "zero-mark").MarkImpliedVolatility);

    [Fact]
    public void A_mark_far_outside_the_quotes_is_stale() =>
        Assert.Null(Only(Good() with { Mark = 0.0225m }, "stale-mark").Mark);

    [Fact]
    public void A_mark_a_little_outside_the_quotes_is_the_venue_s_own_business() =>
        Assert.Empty(SnapshotCleaning.Clean(Market(Good() with { Mark = 0.0215m })).Repairs);

    [Fact]
    public void Figures_that_are_no_numbers_are_dropped()
    {
        Only(Good() with { MarkImpliedVolatility = double.NaN }, "not-a-number");
        Only(Good() with { FundingRate8h = double.PositiveInfinity }, "not-a-number");
    }

    [Fact]
    public void Negative_figures_are_dropped()
    {
        Assert.Null(Only(Good() with { OpenInterestContracts = -1 }, "negative-figure").OpenInterestContracts);
        Assert.Null(Only(Good() with { Mark = -1 }, "negative-figure").Mark);
    }

    [Fact]
    public void Expired_contracts_and_forwards_go()
    {
        var old = Good() with
        {
            Instrument = new OptionInstrument(Terms, "BTC-4MAR26-70000-C", 70_000, OptionRight.Call, AsOf),
        };
        var market = Market(Good(), old);
        var coin = market.Underlyings[0];
        coin = coin with { Forwards = coin.Forwards.Add(new(AsOf, 71_000, ForwardSource.Venue)) };
        var clean = SnapshotCleaning.Clean(market with { Underlyings = [coin] });
        Assert.Single(clean.Quotes);
        Assert.Single(clean.Underlyings[0].Forwards);
        Assert.Equal(["expired", "expired"], clean.Repairs.Select(repair => repair.Kind));
    }

    [Fact]
    public void Of_duplicate_rows_the_first_counts()
    {
        var clean = SnapshotCleaning.Clean(Market(Good(), Good() with { Bid = 0.0195m }));
        Assert.Equal(0.02m, Assert.Single(clean.Quotes).Bid);
        Assert.Equal("duplicate", Assert.Single(clean.Repairs).Kind);
    }

    [Fact]
    public void Cleaning_twice_is_cleaning_once() =>
        Gen.Select(Gen.Decimal[-1, 1], Gen.Decimal[-1, 1], Gen.Decimal[-1, 1], Gen.Double[-1, 2], Gen.Int[1, 3])
            .Array[1, 6]
            .Sample(rows =>
            {
                var quotes = rows.Select(
                    (row, i) =>
                        Good(70_000 + 1000 * row.Item5) with
                        {
                            Bid = row.Item1,
                            Ask = row.Item2,
                            Mark = row.Item3,
                            MarkImpliedVolatility = row.Item4,
                        }
                );
                var once = SnapshotCleaning.Clean(Market([.. quotes]));
                var twice = SnapshotCleaning.Clean(once);
                return once.Quotes.SequenceEqual(twice.Quotes)
                    && once.Repairs.SequenceEqual(twice.Repairs)
                    && once.Quotes.All(quote => quote is { Bid: null or > 0, Ask: null or > 0, Mark: null or > 0 })
                    && once.Quotes.All(quote => !(quote.Bid >= quote.Ask));
            });

    static InstrumentQuote Only(InstrumentQuote raw, string kind)
    {
        var clean = SnapshotCleaning.Clean(Market(raw));
        var repair = Assert.Single(clean.Repairs);
        Assert.Equal((raw.Instrument.Name, kind), (repair.Instrument, repair.Kind));
        return Assert.Single(clean.Quotes);
    }
}
