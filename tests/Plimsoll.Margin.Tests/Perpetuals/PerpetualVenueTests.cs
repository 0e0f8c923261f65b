using System.Collections.Immutable;
using CsCheck;
using Plimsoll.Markets;

namespace Plimsoll.Margin.Tests;

/// <summary>Hyperliquid and dYdX behind the seam, against slow references written from the formula text.</summary>
public sealed class PerpetualVenueTests
{
    const int Portfolios = 10_000;

    static readonly IVenueMargin Hyperliquid = VenueMargins.Find("hyperliquid-margin")!.Shipped();
    static readonly IVenueMargin Dydx = VenueMargins.Find("dydx-margin")!.Shipped();
    static readonly DateTimeOffset AsOf = new(2026, 2, 5, 9, 36, 0, TimeSpan.Zero);

    static readonly string[] Coins = ["BTC", "ETH"];

    static MarginPortfolio Portfolio(
        double cash,
        ImmutableDictionary<string, double> marks,
        params ImmutableArray<MarginPosition> positions
    ) =>
        new()
        {
            Name = "main",
            IsCross = true,
            Positions = positions,
            Balances = [new CollateralBalance(Currency.Usdc, cash)],
            Market = new MarginMarket
            {
                AsOf = AsOf,
                IndexUsd = marks.Add("USDC", 1),
                Quotes = positions.ToImmutableDictionary(
                    position => position.Instrument.Name,
                    position => new MarginQuote(
                        marks[position.Instrument.Underlying],
                        marks[position.Instrument.Underlying]
                    )
                ),
            },
        };

    static MarginPosition Position(string coin, double contracts, double entry, bool inverse = false) =>
        new(
            Samples.Perpetual(coin, inverse ? PayoffShape.Inverse : PayoffShape.Linear, inverse ? 10 : 0.01m),
            contracts,
            entry
        );

    static readonly Gen<MarginPortfolio> Drawn = Gen.Select(
        Gen.Double[-1e6, 5e7],
        Gen.Double[20_000, 120_000],
        Gen.Double[1_000, 6_000],
        Gen.Select(
            Gen.Int[-600_000, 600_000].Where(contracts => contracts != 0),
            Gen.Double[0.7, 1.4],
            Gen.Bool,
            Gen.OneOf(Gen.Const(0), Gen.Int[1, 60]),
            (contracts, entry, inverse, leverage) => (contracts, entry, inverse, leverage)
        ).Array[2],
        (cash, bitcoin, ether, drawn) =>
        {
            var marks = ImmutableDictionary<string, double>.Empty.Add("BTC", bitcoin).Add("ETH", ether);
            return Portfolio(
                cash,
                marks,
                [
                    .. drawn.Select(
                        (d, i) =>
                            Position(Coins[i], d.contracts, marks[Coins[i]] * d.entry, d.inverse) with
                            {
                                Leverage = d.leverage == 0 ? null : d.leverage,
                            }
                    ),
                ]
            );
        }
    );

    /// <summary>Size in coins, notional and gain in USD of a perpetual at a price.</summary>
    static (double Coins, double Notional, double Gain) At(MarginPosition p, double price)
    {
        double units = p.Contracts * (double)p.Instrument.ContractSize;
        double coins = p.Instrument.Shape == PayoffShape.Inverse ? units / price : units;
        double atEntry = p.Instrument.Shape == PayoffShape.Inverse ? units / p.EntryPrice!.Value : units;
        return (coins, Math.Abs(coins) * price, atEntry * (price - p.EntryPrice!.Value));
    }

    [Fact]
    public void Hyperliquid_agrees_with_the_text_of_its_page() =>
        Drawn.Sample(
            portfolio =>
            {
                var statement = Hyperliquid.Assess(portfolio);
                Assert.True(statement.IsDetermined, string.Join("; ", statement.Missing));
                var pool = Assert.Single(statement.Pools);
                {
                    double value = portfolio.Balances[0].Amount,
                        initial = 0,
                        maintenance = 0;
                    foreach (var p in portfolio.Positions)
                    {
                        string coin = p.Instrument.Underlying;
                        var (_, notional, gain) = At(p, portfolio.Market.IndexUsd[coin]);
                        value += gain;
                        // BTC 40x to 150M and 20x above; ETH 25x to 100M and 15x above.
                        var (bound, low, high) = coin == "BTC" ? (150e6, 40.0, 20.0) : (100e6, 25.0, 15.0);
                        double most = notional > bound ? high : low;
                        initial += notional / Math.Min(most, p.Leverage ?? most);
                        double below = Math.Min(notional, bound),
                            above = Math.Max(0, notional - bound);
                        maintenance += below / low / 2 + above / high / 2;
                    }
                    double scale = 1e-12 * (1 + initial * 60 + Math.Abs(value));
                    Assert.Equal(value, pool.Balance, scale);
                    Assert.Equal(initial, pool.Initial, scale);
                    Assert.Equal(maintenance, pool.Maintenance, scale);
                }
            },
            iter: Portfolios
        );

    [Fact]
    public void Dydx_agrees_with_the_text_of_the_chain() =>
        Drawn.Sample(
            portfolio =>
            {
                var pool = Assert.Single(Dydx.Assess(portfolio).Pools);
                double value = portfolio.Balances[0].Amount,
                    initial = 0,
                    maintenance = 0;
                foreach (var p in portfolio.Positions)
                {
                    var (_, notional, gain) = At(p, portfolio.Market.IndexUsd[p.Instrument.Underlying]);
                    value += gain;
                    initial += Math.Ceiling(notional * Math.Max(0.02, 1 / (p.Leverage ?? 1e9)) * 1e6) / 1e6;
                    maintenance += notional * 0.012;
                }
                // Sizes pass through decimals of 15 digits; initial margin is rounded up at 1e-6 a position.
                double scale = 4e-6 + 1e-13 * (initial * 100 + Math.Abs(value));
                Assert.Equal(value, pool.Balance, scale);
                Assert.Equal(initial, pool.Initial, scale);
                Assert.Equal(maintenance, pool.Maintenance, scale);
            },
            iter: Portfolios
        );

    [Fact]
    public void Requirements_add_up_over_positions_and_no_hedge_helps() =>
        Drawn.Sample(portfolio =>
        {
            foreach (var model in (IVenueMargin[])[Hyperliquid, Dydx])
            {
                double whole = model.Assess(portfolio).Pools.Sum(pool => pool.Maintenance);
                double parts = portfolio.Positions.Sum(position =>
                    model.Assess(portfolio with { Positions = [position] }).Pools.Sum(pool => pool.Maintenance)
                );
                Assert.Equal(parts, whole, 1e-9 * (1 + whole));
            }
        });

    [Fact]
    public void What_a_venue_does_not_state_is_undetermined_and_never_zero()
    {
        var marks = ImmutableDictionary<string, double>.Empty.Add("BTC", 60_000.0).Add("XYZ", 1.0);
        var unknown = Portfolio(1_000, marks, Position("XYZ", 100, 1));
        foreach (var model in (IVenueMargin[])[Hyperliquid, Dydx])
        {
            var statement = model.Assess(unknown);
            Assert.False(statement.IsDetermined);
            Assert.Empty(statement.Pools);
            Assert.Contains("XYZ", statement.Missing[0]);
        }
        var slow = Portfolio(1_000, marks, Position("BTC", 100, 1) with { Leverage = 0.5 });
        Assert.Contains("leverage", Assert.Single(Hyperliquid.Assess(slow).Missing));
        var debt = Portfolio(1_000, marks, []) with { Balances = [new CollateralBalance(new Currency("BTC"), -1)] };
        Assert.Contains("owed", Assert.Single(Dydx.Assess(debt).Missing));
    }

    [Fact]
    public void Open_interest_decides_initial_margin_where_the_tier_scales_with_it()
    {
        string json = VenueParameters
            .Shipped("venues/dydx/margin.json")
            .Replace("\"tier\": \"Large-Cap\"", "\"tier\": \"Mid-Cap\"", StringComparison.Ordinal);
        var model = DydxMargin.LoadVenue(json, "test.json").Value;
        var marks = ImmutableDictionary<string, double>.Empty.Add("BTC", 50_000.0);
        var portfolio = Portfolio(10_000, marks, Position("BTC", 10, 50_000));
        Assert.Contains("open-interest-usd/BTC", Assert.Single(model.Assess(portfolio).Missing));
        double Initial(double openInterest)
        {
            var market = portfolio.Market with
            {
                Figures = portfolio.Market.Figures.Add("open-interest-usd/BTC", openInterest),
            };
            return Assert.Single(model.Assess(portfolio with { Market = market }).Pools).Initial;
        }
        Assert.Equal(5_000 * 0.05, Initial(40e6), 1e-9);
        Assert.Equal(5_000 * 0.525, Initial(70e6), 1e-9); // halfway from 5% to 100%
        Assert.Equal(5_000, Initial(100e6), 1e-9);
    }

    [Fact]
    public void Faults_of_parameter_files_are_named_with_their_path()
    {
        string tiers = VenueParameters
            .Shipped("venues/hyperliquid/margin.json")
            .Replace("\"largest_leverage\": 40", "\"largest_leverage\": 4", StringComparison.Ordinal);
        Assert.Contains(
            "tables[0].tiers",
            HyperliquidMargin.LoadVenue(tiers, "h.json").Faults.Select(fault => fault.Path)
        );
        string names = VenueParameters
            .Shipped("venues/dydx/margin.json")
            .Replace("\"tier\": \"Large-Cap\"", "\"tier\": \"Nowhere\"", StringComparison.Ordinal);
        Assert.Equal(
            ["markets[0].tier", "markets[1].tier"],
            DydxMargin.LoadVenue(names, "d.json").Faults.Select(fault => fault.Path)
        );
    }
}
