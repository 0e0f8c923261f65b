using System.Text.Json.Nodes;
using CsCheck;
using Plimsoll.TestSupport;

namespace Plimsoll.Margin.Tests;

public sealed class DeleveragingTests
{
    static JsonObject Row(string name, string file = "margin/adl-rankings.json")
    {
        var rows = Golden.Cases(file);
        Assert.SkipUnless(rows is not null, Golden.Absent);
        return rows!.Single(row => row["name"]!.GetValue<string>() == name);
    }

    static IEnumerable<JsonObject> AccountsOf(JsonObject row) =>
        row["inputs"]!["accounts"]!.AsArray().Select(account => account!.AsObject());

    static double Number(JsonNode node, string key) => Golden.Number(node[key]);

    static void Meets(
        JsonObject row,
        string scores,
        string order,
        DeleveragingQueue rule,
        IEnumerable<DeleveragingPosition> side
    )
    {
        var queue = rule.Rank(side);
        Assert.Equal(
            row["expected"]![order]!.AsArray().Select(id => id!.GetValue<string>()),
            queue.Select(ranked => ranked.Position.Account)
        );
        foreach (var ranked in queue)
        {
            double expected = Golden.Number(row["expected"]![scores]![ranked.Position.Account]);
            Assert.Equal(expected, ranked.Score, 1e-9 + 1e-9 * Math.Abs(expected));
        }
    }

    static DeleveragingPosition Hyperliquid(JsonObject account)
    {
        double mark = Number(account, "mark_price_usd"),
            side = account["side"]!.GetValue<string>() == "long" ? 1 : -1;
        return new DeleveragingPosition(
            account["id"]!.GetValue<string>(),
            side * Number(account, "notional_usd") / mark,
            Number(account, "entry_price_usd"),
            mark,
            Number(account, "account_value_usd")
        );
    }

    [Fact]
    public void Hyperliquid_longs_stand_as_in_the_golden_row()
    {
        var row = Row("adl_hyperliquid_longs");
        Meets(row, "index", "order", new HyperliquidDeleveraging(), AccountsOf(row).Select(Hyperliquid));
    }

    [Theory]
    [InlineData(false, "mirrored_index", "mirrored_order")]
    [InlineData(true, "literal_index", "literal_order")]
    public void Hyperliquid_shorts_have_two_readings(bool literal, string scores, string order)
    {
        var row = Row("adl_hyperliquid_shorts_literal_and_mirrored");
        Meets(row, scores, order, new HyperliquidDeleveraging(literal), AccountsOf(row).Select(Hyperliquid));
    }

    [Fact]
    public void Binance_stands_as_in_the_golden_row_with_losers_last()
    {
        var row = Row("adl_binance_leverage_pnl");
        Meets(
            row,
            "leverage_pnl",
            "order",
            new BinanceDeleveraging(),
            AccountsOf(row)
                .Select(account => new DeleveragingPosition(
                    account["id"]!.GetValue<string>(),
                    1,
                    100,
                    100,
                    Number(account, "wallet_balance_usd") + Number(account, "unrealised_pnl_usd"),
                    Number(account, "maintenance_margin_usd")
                )
                {
                    AccountUnrealisedUsd = Number(account, "unrealised_pnl_usd"),
                })
        );
    }

    [Fact]
    public void Return_times_effective_leverage_stands_as_in_the_golden_row()
    {
        var row = Row("adl_profit_times_effective_leverage");
        Meets(
            row,
            "score",
            "order",
            new EffectiveLeverageDeleveraging("okx"),
            AccountsOf(row)
                .Select(account => new DeleveragingPosition(
                    account["id"]!.GetValue<string>(),
                    1,
                    Number(account, "entry_value_usd"),
                    Number(account, "mark_value_usd"),
                    Number(account, "mark_value_usd") - Number(account, "bankruptcy_value_usd")
                ))
        );
    }

    [Fact]
    public void Dydx_takes_the_other_side_in_rotation_at_the_bankruptcy_price()
    {
        var row = Row("dydx_deleverage_long_underwater", "margin/dydx-v4.json");
        var inputs = row["inputs"]!;
        var account = DydxGoldenTests.Account(inputs["account"]!);
        string market = inputs["market"]!.GetValue<string>();
        double price = (double)account.BankruptcyPriceUsd(market);
        Assert.Equal(Number(row["expected"]!, "price_usd"), price, 1e-9);
        var book = inputs["offsetting_accounts"]!
            .AsArray()
            .Select(entry => new DeleveragingPosition(
                entry!["id"]!.GetValue<string>(),
                Number(entry, "size_base"),
                50_000,
                50_000,
                100_000
            ))
            .ToList();
        var outcome = new DydxDeleveraging((int)Number(inputs, "random_start_index")).Apply(
            new FailedPosition((double)account.Positions[0].SizeCoin, price, 50_000),
            book
        );
        Assert.Equal(0, outcome.UnmatchedCoin, 1e-12);
        foreach (var (fill, expected) in outcome.Fills.Zip(row["expected"]!["fills"]!.AsArray()))
        {
            Assert.Equal(expected!["id"]!.GetValue<string>(), fill.Account);
            Assert.Equal(Number(expected, "size_base"), fill.ClosedCoin, 1e-12);
            Assert.Equal(fill.ClosedCoin * 1_000, fill.AgainstMarkUsd, 1e-9); // shorts buy back 1,000 above the mark
        }
        Assert.Equal(3, outcome.Fills.Count);
    }

    [Fact]
    public void Dydx_skips_whom_the_deal_would_ruin_and_settles_a_closed_market_at_the_oracle()
    {
        var failed = new FailedPosition(1, 51_000, 50_000, 50_500);
        DeleveragingPosition[] book =
        [
            new("ruined", -1, 50_000, 50_000, 900), // bankrupt at 50,900
            new("able", -1, 50_000, 50_000, 1_100),
        ];
        Assert.Equal("able", Assert.Single(new DydxDeleveraging().Apply(failed, book).Fills).Account);
        var settled = new DydxDeleveraging(start: 1, finalSettlement: true).Apply(failed, book).Fills;
        Assert.Equal(("able", 50_500.0), (settled[0].Account, settled[0].PriceUsd));
        Assert.Throws<ArgumentException>(() =>
            new DydxDeleveraging(finalSettlement: true).Apply(failed with { OraclePriceUsd = null }, book)
        );
    }

    static readonly Gen<DeleveragingPosition> Position = Gen.Select(
        Gen.Int[0, 999],
        Gen.Double[-50, 50].Where(size => Math.Abs(size) > 0.01),
        Gen.Double[50, 200],
        Gen.Double[-500, 20_000],
        Gen.Double[0, 500],
        (id, size, entry, value, maintenance) =>
            new DeleveragingPosition($"a{id:000}", size, entry, 100, value, maintenance)
    );

    static readonly Gen<(FailedPosition Failed, DeleveragingPosition[] Book)> Event = Gen.Select(
        Gen.Double[-300, 300].Where(size => Math.Abs(size) > 0.01),
        Gen.Double[80, 120],
        Position.Array[0, 30],
        (size, bankruptcy, book) =>
            (
                new FailedPosition(size, bankruptcy, 101, 100),
                book.Select((position, i) => position with { Account = $"{position.Account}-{i}" }).ToArray()
            )
    );

    [Fact]
    public void Every_rule_closes_what_is_needed_and_never_more_than_is_there() =>
        Event.Sample(drawn =>
        {
            foreach (var rule in DeleveragingRules.All)
            {
                var outcome = rule.Apply(drawn.Failed, drawn.Book);
                double closed = outcome.Fills.Sum(fill => fill.ClosedCoin),
                    need = Math.Abs(drawn.Failed.SizeCoin);
                if (rule is not DydxDeleveraging and not HyperliquidDeleveraging)
                {
                    double held = drawn.Book.Where(drawn.Failed.IsOpposite).Sum(p => Math.Abs(p.SizeCoin));
                    Assert.Equal(Math.Min(need, held), closed, 1e-9);
                }
                Assert.Equal(need, closed + outcome.UnmatchedCoin, 1e-9);
                Assert.Equal(Enumerable.Range(1, outcome.Fills.Count), outcome.Fills.Select(fill => fill.Place));
                foreach (var fill in outcome.Fills)
                {
                    var position = drawn.Book.Single(p => p.Account == fill.Account);
                    Assert.True(drawn.Failed.IsOpposite(position));
                    Assert.InRange(fill.ClosedCoin, 0, Math.Abs(position.SizeCoin) + 1e-9);
                }
                if (rule is DeleveragingQueue)
                    Assert.Equal(
                        outcome.Fills.Select(fill => fill.Score).OrderByDescending(score => score),
                        outcome.Fills.Select(fill => fill.Score)
                    );
            }
        });

    [Fact]
    public void Idle_cash_lowers_the_score_of_a_winner() =>
        Gen.Select(Position.Where(p => p.UnrealisedUsd > 0 && p.AccountValueUsd > 0), Gen.Double[1, 10_000])
            .Sample(drawn =>
            {
                var (position, cash) = drawn;
                var richer = position with { AccountValueUsd = position.AccountValueUsd + cash };
                foreach (var rule in DeleveragingRules.All.OfType<DeleveragingQueue>())
                    if (rule is not BinanceDeleveraging || position.MaintenanceUsd > 0)
                        Assert.True(rule.Score(richer) < rule.Score(position), rule.Key);
            });

    [Fact]
    public void Drained_leverage_is_the_level_that_a_bisection_finds() =>
        Event.Sample(drawn =>
        {
            var side = drawn.Book.Where(p => drawn.Failed.IsOpposite(p) && p.AccountValueUsd > 1).ToArray();
            double need = Math.Abs(drawn.Failed.SizeCoin);
            if (side.Sum(p => Math.Abs(p.SizeCoin)) <= need * 1.001)
                return;
            double low = 0,
                high = side.Max(LeverageDeleveraging.Leverage);
            for (int i = 0; i < 200; i++)
            {
                double middle = (low + high) / 2;
                double cut = side.Sum(p => Math.Max(0, Math.Abs(p.SizeCoin) - middle * p.AccountValueUsd / 100));
                (low, high) = cut > need ? (middle, high) : (low, middle);
            }
            var fills = new LeverageDeleveraging().Apply(drawn.Failed, side).Fills;
            double left = side.Max(p =>
                (Math.Abs(p.SizeCoin) - (fills.FirstOrDefault(f => f.Account == p.Account)?.ClosedCoin ?? 0))
                * 100
                / p.AccountValueUsd
            );
            Assert.Equal(high, left, 1e-6 * (1 + high));
        });

    [Fact]
    public void Splitting_an_account_changes_nothing_under_pro_rata()
    {
        var failed = new FailedPosition(3, 105, 100);
        DeleveragingPosition[] whole = [new("a", -4, 120, 100, 500), new("b", -2, 110, 100, 500)];
        DeleveragingPosition[] split = [new("a", -1, 120, 100, 125), new("A", -3, 120, 100, 375), whole[1]];
        var rule = new ProRataDeleveraging();
        Assert.Equal(2, rule.Apply(failed, whole).Fills[0].ClosedCoin, 1e-12);
        Assert.Equal(2, rule.Apply(failed, split).Fills.Take(2).Sum(fill => fill.ClosedCoin), 1e-12);
    }

    [Fact]
    public void Losses_are_shared_in_proportion_and_nobody_pays_more_than_its_weight()
    {
        var (shares, unpaid) = LossSharing.ProRata(300, [("winner", 400), ("loser", -50), ("small", 200)]);
        Assert.Equal([("winner", 200.0), ("small", 100.0)], shares.Select(share => (share.Account, share.PaidUsd)));
        Assert.Equal(0, unpaid);
        var (all, rest) = LossSharing.ProRata(1_000, [("winner", 400), ("small", 200)]);
        Assert.Equal(600, all.Sum(share => share.PaidUsd));
        Assert.Equal(400, rest);
        Assert.Throws<ArgumentException>(() => LossSharing.ProRata(1, [("unknown", double.NaN)]));
    }

    [Theory]
    [InlineData(1, 10, 5)]
    [InlineData(2, 10, 5)]
    [InlineData(3, 10, 4)]
    [InlineData(10, 10, 1)]
    [InlineData(1, 1, 5)]
    public void Lights_are_fifths_of_the_queue(int place, int count, int lights) =>
        Assert.Equal(lights, DeleveragingQueue.Lights(place, count));

    [Fact]
    public void A_position_that_cannot_be_is_refused()
    {
        DeleveragingPosition[] book = [new("a", -1, 0, 100, 10)];
        Assert.Throws<ArgumentException>(() => new HyperliquidDeleveraging().Rank(book));
        Assert.Throws<ArgumentException>(() =>
            new BinanceDeleveraging().Rank([book[0] with { EntryPriceUsd = double.NaN }])
        );
    }
}
