using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Risk;
using static Plimsoll.Risk.Tests.SmallWorld;

namespace Plimsoll.Margin.Tests;

/// <summary>Positions with a margin of their own: their own pool, their own liquidation, a loss that ends there.</summary>
public sealed class IsolatedMarginTests
{
    static readonly Currency Tether = new("USDT");

    /// <summary>A linear perpetual of one thousandth of a coin at a venue.</summary>
    static PerpetualInstrument At(string venue, string coin) =>
        Perpetual(coin, PayoffShape.Linear, 0.001m) with
        {
            Venue = venue,
            Settlement = venue == "hyperliquid" ? Currency.Usdc : Tether,
        };

    static readonly string[] Venues = ["hyperliquid", "binance", "bybit", "okx"];

    public static TheoryData<string> All() => [.. Venues];

    /// <summary>5,000 dollars of cash beside, isolated, 2 BTC long with 9,000 of margin.</summary>
    static Account Account(string venue, string name, decimal contracts = 2_000, decimal margin = 9_000) =>
        new()
        {
            HomeCurrency = Currency.Usd,
            Subaccounts =
            [
                new Subaccount
                {
                    Name = "main",
                    Venue = venue,
                    MarginMode = MarginMode.CrossStandard,
                    Balances = [new Balance(venue == "hyperliquid" ? Currency.Usdc : Tether, 5_000)],
                    Positions = [new Position(name, contracts, null) { IsolatedMargin = margin, Leverage = 20 }],
                },
            ],
        };

    static (MarketSnapshot Market, double Mark) MarketOf(Instrument instrument)
    {
        var market = Market(instrument);
        return (market, new RiskMarket(market, Surfaces).Prices.Price(instrument)!.Value);
    }

    /// <summary>
    /// Maintenance margin of the page's formula for a notional in dollars at 20x; Bybit's fee is at the bankruptcy price.
    /// </summary>
    static double Maintenance(string venue, double notional) =>
        venue switch
        {
            "hyperliquid" => notional / 80, // half of 1/40, under 150,000,000
            "binance" => notional <= 600_000 ? notional * 0.005 - 50 : throw new ArgumentException("another bracket"),
            "bybit" => notional * (0.005 + 0.95 * 0.00055),
            "okx" => notional * (0.004 + 0.0005),
            _ => throw new ArgumentException(venue, nameof(venue)),
        };

    [Theory]
    [MemberData(nameof(All))]
    public void An_isolated_position_is_a_pool_of_its_own_by_its_venues_formula(string venue)
    {
        var instrument = At(venue, "BTC");
        var (market, mark) = MarketOf(instrument);
        var report = MarginReport.Of(Account(venue, instrument.Name), market, VenueMargins.Of);
        Assert.Equal(
            ["main", $"main/isolated/{instrument.Name}"],
            report.Subaccounts.Select(row => row.Portfolio.Name)
        );
        Assert.True(
            report.IsDetermined,
            string.Join("; ", report.Subaccounts.SelectMany(row => row.Statement.Missing))
        );
        var (cross, own) = (report.Subaccounts[0].Statement.Pools[0], report.Subaccounts[1].Statement.Pools[0]);
        Assert.Equal((5_000, 0, 0), (cross.Balance, cross.Initial, cross.Maintenance));
        Assert.Equal(9_000, own.Balance, 1e-9);
        Assert.Equal(Maintenance(venue, 2 * mark), own.Maintenance, 1e-9 * own.Maintenance);
        double fee = venue == "bybit" ? 2 * mark * 0.95 * 0.00055 : 0;
        Assert.Equal(2 * mark / 20 + fee, own.Initial, 1e-9 * own.Initial);
    }

    /// <summary>Cash beside it neither saves it nor is lost with it, and its price of liquidation is the closed form.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void It_is_liquidated_by_itself_at_the_price_of_the_closed_form(string venue)
    {
        var instrument = At(venue, "BTC");
        var (market, mark) = MarketOf(instrument);
        var scenarios = Scenarios([-0.2, -0.01, 0, 0.01, 0.2]);
        foreach (decimal cash in (decimal[])[5_000, 5_000_000])
        {
            var account = Account(venue, instrument.Name);
            account = account with
            {
                Subaccounts =
                [
                    account.Subaccounts[0] with
                    {
                        Balances = [account.Subaccounts[0].Balances[0] with { Amount = cash }],
                    },
                ],
            };
            var request = new RiskRequest
            {
                Market = new RiskMarket(market, Surfaces),
                Account = account,
                Scenarios = scenarios,
                Stress = Scenarios([-0.2, 0.2], weighted: false),
                Home = Currency.Usd,
                Margin = VenueRates.Of(new RiskMarket(market, Surfaces), account),
                DistanceModel = VenueMargins.Of,
            };
            var report = AccountRisk.Report(request);
            var view = report.Before!;
            Assert.Empty(report.Missing);
            // 9,000 + 2·(p − mark) = maintenance(2p).
            double low = 0.5 * mark,
                high = mark;
            for (int i = 0; i < 80; i++)
            {
                double p = (low + high) / 2;
                if (9_000 + 2 * (p - mark) < Maintenance(venue, 2 * p))
                    low = p;
                else
                    high = p;
            }
            var price = Assert.Single(view.Distances[1].Positions);
            Assert.Equal(instrument.Name, price.Instrument);
            Assert.Equal(low, price.PriceUsd!.Value, 1e-6 * mark);
            var down = view.Liquidation.Single(point => point is { Underlying: "BTC", IsRise: false });
            Assert.Equal($"main/isolated/{instrument.Name}", down.Pool);
            Assert.Equal(low / mark - 1, down.Move!.Value, 1e-6);
            // Of five equal scenarios one liquidates it; then its margin is gone and nothing else.
            Assert.Equal(0.2, view.LiquidationProbability!.Value, 1e-12);
            Assert.Equal(9_000, Value(view, "worst_stress"), 1e-6);
            Assert.Equal(9_000, Value(view, "expected_shortfall[99%]"), 1e-6);
            Assert.Contains(report.Warnings, words => words.Contains("its loss ends with", StringComparison.Ordinal));
        }
    }

    static double Value(RiskView view, string key) => view.Figures.Single(figure => figure.Key == key).Value!.Value;

    /// <summary>A rest that is less than the maintenance margin is the venue's.</summary>
    [Fact]
    public void What_is_left_under_maintenance_margin_is_lost_too()
    {
        var instrument = At("hyperliquid", "BTC");
        var (market, mark) = MarketOf(instrument);
        var prices = new RiskMarket(market, Surfaces).Prices;
        double At9Percent(double share) => Math.Log(1 - share);
        // Equity 9,000 − 2·mark·move: at 7% about 600 is left, under the maintenance margin of about 1,395.
        double[] moves = [At9Percent(0.05), At9Percent(0.07), At9Percent(0.2)];
        var matrix = Revaluation.Compute(market, Surfaces, Scenarios(moves), [instrument], Currency.Usd, 1);
        var account = Account("hyperliquid", instrument.Name).Apart(market);
        var book = Book.Of(account, market, prices);
        double[] spared = IsolatedMargin.Spared(account, book, matrix, prices),
            wealth = [.. book.WealthInScenarios(matrix).Zip(spared, (plain, more) => plain + more)];
        Assert.Equal(0, spared[0]);
        Assert.True(spared[1] < 0 && spared[2] > 0);
        Assert.Equal(5_000 + 9_000 + 2_000 * matrix.Gain[0, 0], wealth[0], 1e-9);
        Assert.Equal([5_000, 5_000], wealth[1..].Select(each => Math.Round(each, 6)));
    }

    /// <summary>The position in the documentation of OKX's API (ETH-USD-210430, 2021-04-27).</summary>
    [Fact]
    public void Okx_meets_the_ratio_and_the_liquidation_price_of_the_documented_position()
    {
        var future = new FutureInstrument
        {
            Name = "ETH-USD-210430",
            Venue = "okx",
            Underlying = "ETH",
            Shape = PayoffShape.Inverse,
            Settlement = new Currency("ETH"),
            ContractSize = 10,
            LotContracts = 1,
            MinimumOrderContracts = 1,
            Ticks = TickSchedule.Uniform(0.01m),
            Fees = Samples.Perpetual("ETH", PayoffShape.Inverse, 10).Fees,
            OrderAmountPerContract = 1,
            OrderAmountUnit = "contracts",
            Expiry = new DateTimeOffset(2021, 4, 30, 8, 0, 0, TimeSpan.Zero),
        };
        string own = VenueParameters
            .Shipped(OkxTieredMargin.Resource)
            .Replace("\"USD\": {\"rate\": 1}", "\"USD\": {\"rate\": 1}, \"ETH\": {\"rate\": 1}")
            .Replace(
                "\"BTC/USD/dated\"",
                "\"ETH/ETH/dated\": {\"coins\": 10, \"maintenance\": 0.008, \"leverage\": 50}, \"BTC/USD/dated\""
            );
        var model = OkxTieredMargin.LoadVenue(own, "own.json").Value;
        PoolStatement Pool(double mark) =>
            Assert.Single(
                model
                    .Assess(
                        new MarginPortfolio
                        {
                            Name = "main",
                            IsCross = true,
                            Positions = [new MarginPosition(future, 1, 2566.31) { Leverage = 10 }],
                            Balances = [new CollateralBalance(new Currency("ETH"), 0.0003896645377994)],
                            Market = new MarginMarket
                            {
                                AsOf = AsOf,
                                IndexUsd = ImmutableDictionary<string, double>.Empty.Add("ETH", mark),
                                Quotes = ImmutableDictionary<string, MarginQuote>.Empty.Add(
                                    future.Name,
                                    new MarginQuote(mark, mark)
                                ),
                            },
                        }
                    )
                    .Pools
            );
        // The mark of the response is in its unrealised loss.
        var then = Pool(1 / (1 / 2566.31 + 0.0000009932766034 / 10));
        Assert.Equal(11.731726509588816, then.Balance / then.Maintenance, 1e-9);
        // Its liquidation price has the fee on the bankruptcy price instead of the mark: four millionths of the price.
        double low = 2_000,
            high = 2_566;
        for (int i = 0; i < 60; i++)
            if (Pool((low + high) / 2) is var half && half.Balance < half.Maintenance)
                low = (low + high) / 2;
            else
                high = (low + high) / 2;
        Assert.Equal(1, low / 2352.8496681818233, 5e-6);
    }

    [Fact]
    public void Beyond_the_tier_that_is_known_there_is_no_answer()
    {
        var instrument = At("okx", "BTC");
        var (market, _) = MarketOf(instrument);
        var account = Account("okx", instrument.Name, 10_001);
        var own = MarginReport.Of(account, market, VenueMargins.Of).Subaccounts[1].Statement;
        Assert.False(own.IsDetermined);
        Assert.Contains(
            "no position tier is known beyond 10 coins",
            Assert.Single(own.Missing),
            StringComparison.Ordinal
        );
        var report = AccountRisk.Report(
            new RiskRequest
            {
                Market = new RiskMarket(market, Surfaces),
                Account = account,
                Scenarios = Scenarios([-0.1, 0.1]),
                Home = Currency.Usd,
                Margin = VenueRates.Of(new RiskMarket(market, Surfaces), account),
            }
        );
        Assert.Null(report.Before!.LiquidationProbability);
        Assert.Contains(report.Warnings, line => line.Contains("beyond 10 coins", StringComparison.Ordinal));
    }
}
