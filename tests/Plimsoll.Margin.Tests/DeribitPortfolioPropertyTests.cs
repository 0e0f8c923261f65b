using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Risk.Tests;

namespace Plimsoll.Margin.Tests;

/// <summary>Against the slow reference on many portfolios, and what the rule promises.</summary>
public sealed class DeribitPortfolioPropertyTests
{
    static readonly string Text = VenueParameters.Shipped(DeribitPortfolioParameters.Resource);

    static readonly DeribitPortfolioMargin Model = new(DeribitPortfolioParameters.Parse(Text, "shipped").Value);

    static PoolStatement Pool(MarginPortfolio portfolio, string name = "main")
    {
        var statement = Model.Assess(portfolio);
        Assert.True(statement.IsDetermined, string.Join("; ", statement.Missing));
        return statement.Pools.Single(pool => pool.Name == name);
    }

    [Fact]
    public void Ten_thousand_portfolios_agree_with_the_slow_reference()
    {
        var reference = new DeribitPortfolioReference(Text);
        int shocked = 0,
            extended = 0;
        for (int seed = 0; seed < 5_000; seed++)
        {
            // A fifth is large enough for the delta shock and the extended table.
            double size = seed % 5 == 0 ? 60 : 1;
            foreach (bool isCross in (bool[])[false, true])
            {
                var portfolio = RandomBooks.Draw(seed, isCross, size);
                foreach (var pool in Model.Assess(portfolio).Pools)
                {
                    var (initial, maintenance) = reference.Margin(portfolio, isCross ? null : pool.Currency.Code);
                    // F·N(d1) − K·N(d2), as the reference has it, keeps 3e-16 of the forward for each coin.
                    double scale = 1e-9 * (1 + Math.Abs(initial)) + 3e-16 * Gross(portfolio) / pool.UnitUsd;
                    Assert.Equal(initial, pool.Initial, scale);
                    Assert.Equal(maintenance, pool.Maintenance, scale);
                    shocked += pool.Charges.Count(charge => charge.Name == "delta-shock");
                    extended += pool.Grids.Count(grid =>
                        grid.Cells[grid.Worst!.Value] is { IsExtended: true, Gain: < 0 }
                    );
                }
            }
        }
        Assert.True(shocked > 500 && extended > 50, $"{shocked} delta shocks, {extended} extended cells bind");
    }

    [Fact]
    public void Margin_is_never_negative_and_maintenance_never_above_initial()
    {
        for (int seed = 0; seed < 500; seed++)
            foreach (var pool in Model.Assess(RandomBooks.Draw(seed, seed % 2 == 0, seed % 7 == 0 ? 60 : 1)).Pools)
            {
                Assert.True(pool.Maintenance >= 0 && pool.Initial >= pool.Maintenance - 1e-9);
                Assert.Equal(pool.Initial, pool.Charges.Sum(charge => charge.Initial), 1e-8 * (1 + pool.Initial));
            }
    }

    [Fact]
    public void Halves_never_need_less_than_the_whole_below_the_delta_threshold()
    {
        for (int seed = 0; seed < 1_000; seed++)
        {
            var whole = RandomBooks.Draw(seed, isCross: false, 0.3);
            var (one, other) = Split(whole, seed);
            foreach (var pool in Model.Assess(whole).Pools)
            {
                double apart = Pool(one, pool.Name).Initial + Pool(other, pool.Name).Initial;
                Assert.True(pool.Initial <= apart + 1e-8 * (1 + apart), $"seed {seed}: {pool.Initial} > {apart}");
            }
        }
    }

    [Fact]
    public void Small_books_scale_and_large_ones_more_than_scale()
    {
        for (int seed = 0; seed < 1_000; seed++)
        {
            var book = RandomBooks.Draw(seed, isCross: false, 0.02);
            foreach (var (pool, twice) in Model.Assess(book).Pools.Zip(Model.Assess(book.Times(2)).Pools))
            {
                bool isRegular = new[] { pool, twice }.All(one =>
                    one.Grids.All(grid => !grid.Cells[grid.Worst!.Value].IsExtended)
                );
                if (isRegular)
                    Assert.Equal(2 * pool.Initial, twice.Initial, 5e-9 + 1e-12 * twice.Initial);
                Assert.True(twice.Initial >= 2 * pool.Initial - 5e-9);
            }
        }
    }

    [Fact]
    public void A_bought_option_never_worsens_a_cell_by_more_than_its_value()
    {
        for (int seed = 0; seed < 500; seed++)
        {
            var book = RandomBooks.Draw(seed, isCross: false);
            var hedge = book.Positions.FirstOrDefault(p => p.Instrument is OptionInstrument);
            if (hedge is null)
                continue;
            var more = book with
            {
                Positions = [.. book.Positions.Select(p => p == hedge ? p with { Contracts = p.Contracts + 5 } : p)],
            };
            string pool = $"main/{hedge.Instrument.Settlement}";
            var quote = book.Market.Quote(hedge.Instrument)!;
            double premium = 5 * (double)hedge.Instrument.ContractSize * quote.Mark;
            var before = Pool(book, pool).Grids.Single(grid => Holds(grid, hedge.Instrument));
            var after = Pool(more, pool).Grids.Single(grid => Holds(grid, hedge.Instrument));
            foreach (var (a, b) in after.Cells.Zip(before.Cells))
                Assert.True(a.IsExtended || a.RawGain >= b.RawGain - premium - 1e-9 * (1 + Math.Abs(b.RawGain)));
        }
    }

    [Fact]
    public void A_linear_and_an_inverse_future_that_cancel_are_both_charged_as_separate_pairs()
    {
        Instrument inverse = SmallWorld.Perpetual("BTC"),
            linear = SmallWorld.Perpetual("BTC", PayoffShape.Linear, 1);
        var book = RandomBooks.Draw(1, isCross: true) with
        {
            Balances = [new CollateralBalance(Currency.Usdc, 1e6)],
            Positions = [new MarginPosition(inverse, 6_000), new MarginPosition(linear, -1)],
            Market = new MarginMarket
            {
                AsOf = SmallWorld.AsOf,
                IndexUsd = ImmutableDictionary<string, double>.Empty.Add("BTC", 60_000).Add("USDC", 1),
                Quotes = ImmutableDictionary<string, MarginQuote>
                    .Empty.Add(inverse.Name, new(60_000, 60_000))
                    .Add(linear.Name, new(60_000, 60_000)),
            },
        };
        // Each loses 16% of one coin in its own worst cell, and each pays 1% of roll.
        Assert.Equal(2 * (0.16 + 0.01) * 60_000, Pool(book).Initial, 1e-6);
    }

    [Fact]
    public void Coin_equity_of_a_cross_account_is_hedged_by_its_own_short()
    {
        Instrument inverse = SmallWorld.Perpetual("BTC");
        MarginPortfolio Book(double coins) =>
            RandomBooks.Draw(1, isCross: true) with
            {
                Balances = [new CollateralBalance(new Currency("BTC"), 10)],
                Positions = [new MarginPosition(inverse, coins * 6_000)],
                Market = new MarginMarket
                {
                    AsOf = SmallWorld.AsOf,
                    IndexUsd = ImmutableDictionary<string, double>.Empty.Add("BTC", 60_000),
                    Quotes = ImmutableDictionary<string, MarginQuote>.Empty.Add(inverse.Name, new(60_000, 60_000)),
                },
            };
        Assert.Equal(10 * 0.01 * 60_000, Pool(Book(-10)).Initial, 1e-6);
        Assert.Equal(10 * 0.16 * 60_000, Pool(Book(0)).Initial, 1e-6);
    }

    [Fact]
    public void Orders_are_charged_on_their_worse_side_in_initial_margin_alone()
    {
        Instrument inverse = SmallWorld.Perpetual("BTC");
        var book = RandomBooks.Draw(3, isCross: false) with
        {
            Positions = [new MarginPosition(inverse, 6_000)],
            Market = new MarginMarket
            {
                AsOf = SmallWorld.AsOf,
                IndexUsd = ImmutableDictionary<string, double>
                    .Empty.Add("BTC", 60_000)
                    .Add("ETH", 2_000)
                    .Add("USDC", 1),
                Quotes = ImmutableDictionary<string, MarginQuote>.Empty.Add(inverse.Name, new(60_000, 60_000)),
            },
        };
        double one = 0.16 / 0.84 + 0.01;
        var with = book with
        {
            OpenOrders = [new MarginOrder(inverse, 12_000, 59_000), new MarginOrder(inverse, -6_000, 61_000)],
        };
        Assert.Equal(one, Pool(book, "main/BTC").Initial, 1e-8);
        Assert.Equal(3 * one, Pool(with, "main/BTC").Initial, 1e-8);
        Assert.Equal(0.8 * one, Pool(with, "main/BTC").Maintenance, 1e-8);
    }

    [Fact]
    public void A_coin_without_parameters_or_haircut_is_undetermined()
    {
        var book = RandomBooks.Draw(2, isCross: true) with
        {
            Balances = [new CollateralBalance(new Currency("SOL"), 10)],
        };
        book = book with { Market = book.Market with { IndexUsd = book.Market.IndexUsd.Add("SOL", 100) } };
        var statement = Model.Assess(book);
        Assert.False(statement.IsDetermined);
        Assert.Contains("main: no haircut of SOL", statement.Missing);
    }

    static double Gross(MarginPortfolio portfolio) =>
        portfolio.Positions.Sum(p =>
            Math.Abs(p.Contracts)
            * (double)p.Instrument.ContractSize
            * (
                p.Instrument is OptionInstrument || p.Instrument.Shape == PayoffShape.Linear
                    ? portfolio.Market.Quote(p.Instrument)!.UnderlyingUsd
                    : 1
            )
        );

    static bool Holds(MarginGrid grid, Instrument instrument) =>
        grid.Unit
        == (instrument.Shape == PayoffShape.Inverse ? instrument.Underlying : $"{instrument.Underlying}_USDC");

    static (MarginPortfolio One, MarginPortfolio Other) Split(MarginPortfolio whole, int seed)
    {
        var random = new Random(seed);
        double[] share = [.. whole.Positions.Select(_ => 3 * random.NextDouble() - 1)];
        MarginPortfolio Part(Func<double, double> of) =>
            whole with
            {
                Positions = [.. whole.Positions.Select((p, i) => p with { Contracts = p.Contracts * of(share[i]) })],
            };
        return (Part(part => part), Part(part => 1 - part));
    }
}
