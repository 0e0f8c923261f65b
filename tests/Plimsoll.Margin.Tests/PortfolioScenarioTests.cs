using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Risk;
using Plimsoll.Risk.Tests;
using static Plimsoll.Risk.Tests.SmallWorld;

namespace Plimsoll.Margin.Tests;

/// <summary>Portfolio margin at every scenario's market, its slopes and its convex pieces.</summary>
public sealed class PortfolioScenarioTests
{
    static readonly OptionInstrument Call = Option("BTC", 66_000, OptionRight.Call, Middle);
    static readonly OptionInstrument Put = Option("BTC", 50_000, OptionRight.Put, Far);
    static readonly OptionInstrument EtherCall = Option("ETH", 2_200, OptionRight.Call, Far, PayoffShape.Linear, 0.1m);
    static readonly OptionInstrument EtherPut = Option("ETH", 1_700, OptionRight.Put, Middle);
    static readonly PerpetualInstrument Perpetual = SmallWorld.Perpetual("BTC");
    static readonly FutureInstrument Future = SmallWorld.Future("BTC", Far);
    static readonly PerpetualInstrument Linear = SmallWorld.Perpetual("ETH", PayoffShape.Linear, 0.01m);

    static readonly ImmutableArray<Instrument> All = [Call, Put, EtherCall, EtherPut, Perpetual, Future, Linear];
    static readonly MarketSnapshot Snapshot = Market([.. All]);
    static readonly RiskMarket World = new(Snapshot, Surfaces);
    static readonly DeribitPortfolioMargin Model = DeribitPortfolioMargin.Shipped;
    static readonly double[] Moves = [-1.0, -0.4, -0.1, 0, 0.05, 0.3, 1.2];

    static readonly ImmutableArray<Balance> Cash = [new Balance(Btc, 20), new Balance(Eth, 50)];

    static double[] Contracts(int seed, double size = 1)
    {
        var random = new Random(seed);
        double[] typical = [20, 20, 900, 100, 20_000, 20_000, 30_000];
        return [.. typical.Select(most => Math.Round((2 * random.NextDouble() - 1) * most * size, 1))];
    }

    static Account AccountOf(MarginMode mode, double[] contracts) =>
        Accounts.Of(
            mode,
            [.. Cash, new Balance(Currency.Usdc, 300_000)],
            [.. All.Select((instrument, i) => new Position(instrument.Name, (decimal)contracts[i], null))]
        );

    /// <summary>The market after a jump of one coin, smiles riding on the forward, as a venue would see it.</summary>
    static MarginMarket Jumped(string coin, double logMove)
    {
        double Factor(string underlying) => underlying == coin ? Math.Exp(logMove) : 1;
        var quotes = ImmutableDictionary.CreateBuilder<string, MarginQuote>();
        foreach (var instrument in All)
        {
            double underlying = World.Prices.UnderlyingPriceUsd(instrument)!.Value * Factor(instrument.Underlying);
            if (instrument is not OptionInstrument option)
            {
                quotes[instrument.Name] = new MarginQuote(underlying, underlying);
                continue;
            }
            double strike = (double)option.StrikeUsd;
            double vol = World.Prices.Slice(option)!.VolatilityAnnual(Math.Log(strike / underlying));
            double years = Years.Between(AsOf, option.Expiry).Value;
            double usd = NaiveBlack.Price(underlying, strike, vol, years, option.Right == OptionRight.Call);
            double mark = option.Shape == PayoffShape.Inverse ? usd / underlying : usd;
            quotes[instrument.Name] = new MarginQuote(underlying, mark, vol);
        }
        return new MarginMarket
        {
            AsOf = AsOf,
            IndexUsd = ImmutableDictionary<string, double>
                .Empty.Add("BTC", 60_000 * Factor("BTC"))
                .Add("ETH", 2_000 * Factor("ETH"))
                .Add("USDC", 1),
            Quotes = quotes.ToImmutable(),
        };
    }

    [Theory]
    [InlineData(MarginMode.SegregatedPortfolio, 1)]
    [InlineData(MarginMode.CrossPortfolio, 1)]
    [InlineData(MarginMode.SegregatedPortfolio, 80)]
    public void Scenario_margin_is_the_venues_rule_at_the_moved_market(MarginMode mode, double size)
    {
        for (int seed = 0; seed < 6; seed++)
        {
            double[] contracts = Contracts(seed, size);
            var account = AccountOf(mode, contracts);
            var book = Book.Of(account, Snapshot, World.Prices);
            var set = StillScenarios.OneCoin(Snapshot, "BTC", Moves);
            var matrix = Revaluation.Compute(Snapshot, Surfaces, set, All, Currency.Usd, 1);
            var rule = new PortfolioRule(World);
            var pools = AccountMargin.InScenarios(
                account,
                book,
                DeribitStandardMargin.Shipped,
                matrix,
                World.Prices,
                rule
            );
            for (int s = 0; s < Moves.Length; s++)
            {
                // Coins gained by positions since today are equity of the moved account.
                var market = Jumped("BTC", Moves[s]);
                var moved = new MarginPortfolio
                {
                    Name = "main",
                    IsCross = mode == MarginMode.CrossPortfolio,
                    Positions =
                    [
                        .. All.Select(
                            (instrument, i) => new MarginPosition(instrument, contracts[i], Entry(instrument))
                        ),
                    ],
                    Balances = [new(Btc, 20), new(Eth, 50), new(Currency.Usdc, 300_000)],
                    Market = market,
                };
                var statement = Model.Assess(moved);
                Assert.True(statement.IsDetermined, string.Join("; ", statement.Missing));
                foreach (var pool in statement.Pools)
                {
                    var computed = pools.Single(each => each.Name == pool.Name);
                    // The venue rounds the worst case to 1e-9 coin; here that is up to 1e-4 USD.
                    double stated = pool.Maintenance * pool.UnitUsd;
                    Assert.Equal(stated, computed.Maintenance[s], 2e-4 + 1e-9 * stated);
                }
            }
        }
    }

    static double? Entry(Instrument instrument) =>
        instrument is OptionInstrument ? null : World.Prices.UnderlyingPriceUsd(instrument);

    [Fact]
    public void Account_margin_now_is_the_venues_statement_and_liquidation_revalues_to_maintenance()
    {
        var account = AccountOf(MarginMode.CrossPortfolio, [-60, 5, -100, 30, 2_000, -500, 100]);
        var book = Book.Of(account, Snapshot, World.Prices);
        var rule = new PortfolioRule(World);
        var home = HomePrices.Of(Snapshot, Scenarios([0.0]), Currency.Usd);
        var now = Assert.Single(
            AccountMargin.Now(account, book, DeribitStandardMargin.Shipped, World.Prices, home, rule)
        );
        var portfolio = Assert.Single(MarginPortfolios.Of(account, World, out _));
        var stated = Assert.Single(Model.Assess(portfolio).Pools);
        Assert.Equal(stated.Initial, now.Initial, 1e-6);
        Assert.Equal(stated.Maintenance, now.Maintenance, 1e-6);
        Assert.Equal(now.Equity, now.Balance, 1e-9);
        Assert.DoesNotContain(
            AccountMargin.Warnings(account, DeribitStandardMargin.Shipped, rule),
            line => line.Contains("not modelled", StringComparison.Ordinal)
        );
        var points = LiquidationDistance.Of(
            World,
            account,
            book,
            DeribitStandardMargin.Shipped,
            Currency.Usd,
            "BTC",
            rule
        );
        var found = Assert.Single(points, point => point.Move is not null and not 0);
        var (spare, _) = LiquidationDistance.Spare(
            World,
            account,
            book,
            DeribitStandardMargin.Shipped,
            Currency.Usd,
            "BTC",
            [Math.Log(1 + found.Move!.Value)],
            rule
        );
        Assert.Equal(0, spare[0], 1e-6 * now.Equity);
    }

    [Fact]
    public void A_held_contract_that_its_venue_does_not_take_leaves_the_margin_unknown_and_a_debt_unstated()
    {
        var account = AccountOf(MarginMode.CrossPortfolio, [-1, 0, 0, 0, 0, 0, 0]) is var at
            ? at with
            {
                Subaccounts = [at.Subaccounts[0] with { Venue = "derive" }],
            }
            : null!;
        var rule = new PortfolioRule(World);
        var missing = rule.Missing(account, [Call]);
        Assert.Contains(missing, line => line.StartsWith(Call.Name, StringComparison.Ordinal));
        var flat = account with
        {
            Subaccounts = [account.Subaccounts[0] with { Positions = [], Balances = [new(Currency.Usdc, 1_000)] }],
        };
        Assert.Empty(rule.Missing(flat, []));
        var owes = flat with
        {
            Subaccounts = [flat.Subaccounts[0] with { Balances = [new(Currency.Usdc, 1_000), new(Btc, -0.01m)] }],
        };
        Assert.False(rule.States(owes, Book.Of(owes, Snapshot, World.Prices)));
        Assert.True(rule.States(flat, Book.Of(flat, Snapshot, World.Prices)));
    }

    [Fact]
    public void Stored_cells_give_the_same_margin_book_after_book()
    {
        var matrix = Weighted();
        foreach (Currency? settlement in new Currency?[] { null, Btc, Currency.Usdc })
        {
            var margin = new DeribitScenarioMargin(Model.Parameters, World, matrix, settlement);
            for (int seed = 0; seed < 90; seed++)
            {
                double[] contracts = Contracts(seed, seed % 9 == 0 ? 80 : 1);
                double[] fresh = margin.Maintenance(contracts, Coins);
                double[] kept = margin.Kept(contracts, Coins);
                double[] threaded = margin.Maintenance(contracts, Coins, threads: 3);
                for (int s = 0; s < fresh.Length; s++)
                    Assert.Equal(fresh[s], kept[s], 1e-9 * (1 + fresh[s]));
                Assert.Equal(fresh, threaded);
            }
        }
    }

    static readonly Dictionary<string, double> Coins = new() { ["BTC"] = 20, ["ETH"] = 50 };

    static PnlMatrix Weighted() =>
        Revaluation.Compute(Snapshot, Surfaces, Scenarios(Spread(601)), All, Currency.Usd, 2);

    [Fact]
    public void Slope_is_tight_at_its_book_and_never_above_any_other()
    {
        var matrix = Weighted();
        var margin = new DeribitScenarioMargin(Model.Parameters, World, matrix, Btc);
        var weights = new double[matrix.Scenarios.Count];
        foreach (int s in (int[])[0, 7, 120, 300, 555, 600])
            weights[s] = 1 / 6.0;
        double Mean(double[] contracts) => margin.Maintenance(contracts, Coins).Zip(weights, (m, w) => m * w).Sum();
        for (int seed = 0; seed < 20; seed++)
        {
            double[] at = Contracts(seed, 0.1);
            var slope = new double[All.Length];
            margin.Slope(at, Coins, weights, slope);
            // Small books are homogeneous: no dampened cell, no delta shock.
            Assert.Equal(Mean(at), at.Zip(slope, (q, g) => q * g).Sum(), 1e-6 * Mean(at));
            for (int other = 100; other < 110; other++)
            {
                double[] q = Contracts(other, 0.1);
                Assert.True(Mean(q) >= q.Zip(slope, (x, g) => x * g).Sum() - 1e-7 * Mean(q));
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Convex_pieces_add_up_to_the_margin_and_are_never_below_it(bool isCross)
    {
        var quotes = MarginPortfolios.MarketOf(World, All.Select(instrument => instrument.Name));
        var home = HomePrices.Of(Snapshot, Scenarios([0.0]), Currency.Usd);
        Currency? settlement = isCross ? null : Btc;
        var today = new DeribitPoolMargin(Model.Parameters, quotes, All, settlement, home.Now);
        var coins = isCross ? Coins : [];
        var pieces = today.Pieces(coins);
        int shocked = 0;
        for (int seed = 0; seed < 400; seed++)
        {
            double[] contracts = Contracts(seed, seed % 2 == 0 ? 1 : 120);
            double exact = today.Initial(contracts, coins);
            double bound = pieces.Sum(piece => piece.At(contracts));
            bool isLarge = pieces.Any(piece => piece.Name.EndsWith("delta-shock") && piece.At(contracts) > 0);
            Assert.True(bound >= exact - 1e-9 * exact, $"{bound} < {exact}");
            if (!isLarge)
                Assert.Equal(exact, bound, 1e-9 * exact);
            shocked += isLarge ? 1 : 0;
        }
        Assert.True(shocked > 20, $"{shocked} books with a delta shock");
        var account = AccountOf(isCross ? MarginMode.CrossPortfolio : MarginMode.SegregatedPortfolio, Contracts(5));
        var portfolio = Assert.Single(MarginPortfolios.Of(account, World, out _));
        var stated = Model.Assess(portfolio).Pools.Single(pool => isCross || pool.Currency == Btc);
        var held = Book.Of(account, Snapshot, World.Prices);
        var equity = isCross ? PortfolioRule.EquityCoins(held.Wallets) : new Dictionary<string, double>();
        Assert.Equal(stated.Initial * stated.UnitUsd, today.Initial(Contracts(5), equity), 1e-3);
    }

    [Fact]
    public void Convex_pieces_are_never_below_the_margin_at_moved_markets()
    {
        int shocked = 0;
        foreach (double move in Moves)
        {
            var home = HomePrices.Of(Snapshot, Scenarios([move]), Currency.Usd);
            var there = new DeribitPoolMargin(Model.Parameters, Jumped("BTC", move), All, null, home.Now);
            var pieces = there.Pieces(Coins);
            for (int seed = 0; seed < 120; seed++)
            {
                double[] contracts = Contracts(seed, seed % 2 == 0 ? 1 : 120);
                double exact = there.Initial(contracts, Coins);
                double bound = pieces.Sum(piece => piece.At(contracts));
                bool isLarge = pieces.Any(piece => piece.Name.EndsWith("delta-shock") && piece.At(contracts) > 0);
                Assert.True(bound >= exact - 1e-9 * exact, $"{move}, {seed}: {bound} < {exact}");
                if (!isLarge)
                    Assert.Equal(exact, bound, 1e-9 * exact);
                shocked += isLarge ? 1 : 0;
            }
        }
        Assert.True(shocked > 20, $"{shocked} books with a delta shock");
    }
}
