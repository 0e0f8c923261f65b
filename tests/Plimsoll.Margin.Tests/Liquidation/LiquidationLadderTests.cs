using CsCheck;
using Plimsoll.TestSupport;

namespace Plimsoll.Margin.Tests;

public sealed class LiquidationLadderTests
{
    static readonly LadderPosition Future = new("BTC-PERPETUAL", 1, 60_000, 60_000, 900);
    static readonly LadderPosition Option = new("BTC-CALL", -2, 3_000, 60_000, 15_000, IsOption: true);

    [Fact]
    public void An_account_with_enough_equity_is_left_alone_on_every_venue()
    {
        var account = new LadderAccount(16_000, [Future, Option]);
        foreach (var ladder in LiquidationLadders.Shipped)
            Assert.Empty(ladder.Steps(account));
    }

    [Fact]
    public void Deribit_closes_futures_first_and_then_the_part_of_an_option_that_is_enough()
    {
        var steps = LiquidationLadders.Find("deribit")!.Steps(new LadderAccount(12_000, [Option, Future]));
        Assert.Equal(["cancel_orders", "market_order", "market_order"], steps.Select(step => step.Action));
        Assert.Equal("BTC-PERPETUAL", steps[1].Instrument);
        Assert.Equal((1.0, 450.0), (steps[1].Fraction, steps[1].CostUsd!.Value)); // 0.75% of 60,000
        double equity = 12_000 - 450,
            fee = 0.009 * 120_000,
            part = (15_000 - equity) / (15_000 - fee);
        Assert.Equal(part, steps[2].Fraction, 1e-12);
        Assert.Equal(equity - part * fee, 15_000 * (1 - part), 1e-8);
    }

    [Fact]
    public void Elsewhere_the_largest_maintenance_goes_first_and_an_unknown_fee_is_no_cost_of_zero()
    {
        foreach (string venue in (string[])["okx", "bybit", "binance"])
        {
            var steps = LiquidationLadders.Find(venue)!.Steps(new LadderAccount(12_000, [Future, Option]));
            Assert.Equal("BTC-CALL", steps[1].Instrument);
            Assert.Null(steps[1].CostUsd);
        }
    }

    [Fact]
    public void Gone_equity_ends_in_the_fund_and_in_what_the_venue_does_then()
    {
        var broke = new LadderAccount(-1_000, [Future, Option]);
        Assert.Equal("loss_sharing", LiquidationLadders.Find("deribit")!.Steps(broke)[^1].Action);
        Assert.Equal("loss_sharing", LiquidationLadders.Find("derive")!.Steps(broke)[^1].Action);
        foreach (string venue in (string[])["okx", "bybit", "binance", "dydx", "hyperliquid"])
            Assert.Equal("auto_deleveraging", LiquidationLadders.Find(venue)!.Steps(broke)[^1].Action);
    }

    [Fact]
    public void One_positions_bankruptcy_price_is_that_of_its_own_equity()
    {
        var account = new LadderAccount(3_000, [new LadderPosition("X", -2, 1_000, 1_000, 50)]);
        Assert.Equal(2_500, account.BankruptcyPriceUsd(account.Positions[0])!.Value, 1e-9);
    }

    [Fact]
    public void Dydx_states_fillable_and_bankruptcy_prices_of_each_market()
    {
        // The two longs of the chain's own test: NC 10, MMR 50.
        var account = new LadderAccount(
            10,
            [new LadderPosition("BTC", 0.004, 50_000, 50_000, 20), new LadderPosition("ETH", 0.1, 3_000, 3_000, 30)]
        );
        var steps = DydxLadder.Shipped.Steps(account);
        Assert.Equal(2_940, steps[1].BankruptcyPriceUsd!.Value, 1e-4);
        Assert.Equal(3_000 - 0.8 * 1.5 * 30 / 0.1, steps[1].LimitPriceUsd!.Value, 1e-6);
        Assert.Equal(0.1, steps[1].Fraction);
        Assert.Equal(Math.Min(0.015 * 30, 30 - 29.4), steps[1].CostUsd!.Value, 1e-5);
    }

    [Fact]
    public void Auction_rows_of_the_golden_file_are_met()
    {
        var rows = Golden.Cases("margin/derive-liquidation.json");
        Assert.SkipUnless(rows is not null, Golden.Absent);
        int met = 0;
        foreach (var row in rows!)
        {
            var inputs = row["inputs"]!.AsObject();
            var expected = row["expected"]!.AsObject();
            double In(string key, double absent = 1) =>
                inputs.ContainsKey(key) ? Golden.Number(inputs[key])
                : inputs["auction"] is { } nested && nested.AsObject().ContainsKey(key) ? Golden.Number(nested[key])
                : absent;
            var auction = new DeriveAuction(
                new DeriveAuctionParameters(
                    DeriveAuction.Shipped.Note,
                    In("start_fraction"),
                    In("cutoff_fraction"),
                    In("fast_length_seconds"),
                    In("slow_length_seconds"),
                    In("insolvent_length_seconds"),
                    In("buffer_margin_fraction"),
                    In("liquidator_fee_rate")
                )
            );
            void Close(string key, double actual) =>
                Assert.Equal(Golden.Number(expected[key]), actual, 1e-9 + 1e-9 * Math.Abs(actual));
            void CloseAll(string key, Func<double, double> actual)
            {
                foreach (var (at, value) in inputs["elapsed_seconds"]!.AsArray().Zip(expected[key]!.AsArray()))
                    Assert.Equal(Golden.Number(value), actual(Golden.Number(at)), 1e-9);
            }
            if (expected.ContainsKey("fraction_of_mark_to_market"))
                CloseAll("fraction_of_mark_to_market", auction.PriceFraction);
            else
            {
                var state = new DeriveAuctionState(
                    In("mark_to_market_usd"),
                    In("maintenance_margin_balance_usd"),
                    In("cash_reserved_usd", 0)
                );
                if (expected.ContainsKey("bid_price_usd"))
                    CloseAll("bid_price_usd", seconds => auction.InsolventPriceUsd(state, seconds));
                else
                {
                    Close("buffer_margin_balance_usd", auction.BufferBalanceUsd(state));
                    if (expected.ContainsKey("fee_usd"))
                    {
                        Close("max_fraction_at_full_price", auction.LargestFraction(state, 1));
                        Close("fee_usd", auction.StartFeeUsd(state));
                    }
                    else
                    {
                        var bid = auction.Bid(state, In("elapsed_seconds"), In("bid_wanted_fraction"));
                        Close("discount_fraction", auction.PriceFraction(In("elapsed_seconds")));
                        Close("max_fraction", bid.LargestFraction);
                        Close("bidder_pays_usd", bid.PaidUsd);
                        Close("after_mark_to_market_usd", bid.After.MarkToMarketUsd);
                        Close("after_maintenance_margin_balance_usd", bid.After.MaintenanceBalanceUsd);
                        Close("after_buffer_margin_balance_usd", auction.BufferBalanceUsd(bid.After));
                        // The last row states its fraction of the account before the first bid took a tenth.
                        double share = row["name"]!.GetValue<string>() == "auction_test5_step1" ? 0.9 : 1;
                        Close("final_fraction", bid.Fraction * share);
                    }
                }
            }
            met++;
        }
        Assert.Equal(11, met);
    }

    [Fact]
    public void A_bid_of_the_largest_fraction_ends_the_auction_and_no_bid_makes_the_account_worse() =>
        Gen.Select(Gen.Double[1, 1_000], Gen.Double[-800, -1], Gen.Double[0, 50_000], Gen.Double[0, 1])
            .Sample(
                (value, maintenance, seconds, wanted) =>
                {
                    var state = new DeriveAuctionState(value, maintenance);
                    var auction = DeriveAuction.Shipped;
                    var largest = auction.Bid(state, seconds, 1);
                    if (largest.LargestFraction < 1)
                        Assert.Equal(0, auction.BufferBalanceUsd(largest.After), 1e-8 * (value - maintenance));
                    var bid = auction.Bid(state, seconds, wanted);
                    Assert.True(
                        auction.BufferBalanceUsd(bid.After)
                            >= auction.BufferBalanceUsd(state) - 1e-9 * (value - maintenance)
                    );
                }
            );

    [Fact]
    public void A_file_of_figures_is_that_venues_ladder_and_what_is_wrong_with_it_is_named()
    {
        foreach (var shipped in LiquidationLadders.Shipped)
        {
            string resource = $"venues/{shipped.Key}/liquidation.json";
            var loaded = LiquidationLadders.Load(VenueParameters.Shipped(resource), resource).Value;
            var account = new LadderAccount(
                900,
                [new LadderPosition("A", 1, 60_000, 60_000, 700), new LadderPosition("B", -2, 2_000, 2_000, 300)]
            );
            Assert.Equal(shipped.Key, loaded.Key);
            Assert.Equal(shipped.Steps(account), loaded.Steps(account));
        }
        string okx = VenueParameters.Shipped("venues/okx/liquidation.json");
        var other = LiquidationLadders.Load(okx.Replace("\"okx\"", "\"nowhere\""), "x.json");
        Assert.Contains("venue", Assert.Single(other.Faults).Path);
        Assert.False(LiquidationLadders.Load(okx.Replace("trigger_multiple", "trigger"), "x.json").Succeeded);
    }
}
