using CsCheck;
using Plimsoll.Markets;
using Plimsoll.Risk;
using static Plimsoll.Risk.Tests.SmallWorld;

namespace Plimsoll.Margin.Tests;

/// <summary>The optimiser's form of a venue is nowhere below the venue's exact rule.</summary>
public sealed class VenueRatesTests
{
    static readonly string[] Venues =
    [
        "hyperliquid-margin",
        "dydx-margin",
        "binance-margin",
        "bybit-unified-margin",
        "derive-standard-margin",
    ];

    static Instrument Contract(string key, int kind) =>
        kind == 0 || key is "hyperliquid-margin" or "dydx-margin"
            ? Perpetual("BTC", PayoffShape.Linear, 0.001m) with
            {
                Settlement = Money(key),
            }
            : Option(
                "BTC",
                60_000 * (0.6 + 0.2 * kind),
                kind % 2 == 0 ? OptionRight.Call : OptionRight.Put,
                Middle,
                PayoffShape.Linear
            ) with
            {
                Settlement = Money(key),
            };

    static Currency Money(string key) =>
        key.StartsWith("bi", StringComparison.Ordinal) || key.StartsWith("by", StringComparison.Ordinal)
            ? BinanceMarginTests.Tether
            : Currency.Usdc;

    [Fact]
    public void A_book_is_never_asked_more_than_the_sum_of_its_bounds() =>
        Gen.Int[0, 100_000]
            .Sample(
                seed =>
                {
                    var random = new Random(seed);
                    string key = Venues[seed % Venues.Length];
                    var venue = (IPositionwiseVenue)AccountDistanceTests.Rule(key);
                    double equity = Math.Pow(10, 4 + 2 * random.NextDouble());
                    double boundInitial = 0,
                        boundMaintenance = 0;
                    var held = new List<(Instrument, double, MarginQuote)>();
                    // Binance keeps options and futures apart: one kind a book.
                    bool optionsOnly = key == "binance-margin" && random.Next(2) == 0;
                    for (
                        int kind = optionsOnly ? 1 : 0;
                        kind < (key == "binance-margin" && !optionsOnly ? 1 : 5);
                        kind++
                    )
                    {
                        var instrument = Contract(key, kind);
                        if (held.Any(row => row.Item1.Name == instrument.Name))
                            continue;
                        bool isOption = instrument is OptionInstrument;
                        double mark = isOption
                            ? NaiveBlack.Price(
                                60_000,
                                (double)((OptionInstrument)instrument).StrikeUsd,
                                0.6,
                                Years.Between(AsOf, Middle).Value,
                                ((OptionInstrument)instrument).Right == OptionRight.Call
                            )
                            : 60_000;
                        var quote = new MarginQuote(60_000, mark, isOption ? 0.6 : null);
                        double contracts = (random.NextDouble() - 0.5) * (isOption ? 10 : equity / 60);
                        var rate = venue.Bound(instrument, new MarginPrice(60_000, mark), equity)!.Value;
                        boundInitial += rate.Initial(contracts);
                        boundMaintenance += rate.Maintenance(contracts);
                        held.Add((instrument, contracts, quote));
                    }
                    var portfolio = BinanceMarginTests.Holding(0, [.. held]) with
                    {
                        Balances = [new CollateralBalance(Money(key), 1e7)],
                    };
                    var statement = venue.Assess(portfolio);
                    Assert.True(statement.IsDetermined, string.Join("; ", statement.Missing));
                    double initial = statement.Pools.Sum(pool => pool.Initial),
                        maintenance = statement.Pools.Sum(pool => pool.Maintenance);
                    // A long option's value is a charge of Derive's statement; the sizing takes it off the balance.
                    if (key == "derive-standard-margin")
                    {
                        double value = held.Where(row => row.Item1 is OptionInstrument)
                            .Sum(row => row.Item2 * row.Item3.Mark);
                        double shorts = held.Where(row => row.Item1 is OptionInstrument && row.Item2 < 0)
                            .Sum(row => row.Item2 * row.Item3.Mark);
                        (initial, maintenance) = (initial - (value - shorts), maintenance - (value - shorts));
                    }
                    Assert.True(
                        initial <= boundInitial * (1 + 1e-9) + 1e-6,
                        $"{key}, {seed}: {initial} > {boundInitial}"
                    );
                    Assert.True(maintenance <= boundMaintenance * (1 + 1e-9) + 1e-6, $"{key}, {seed}");
                },
                iter: 2_000
            );

    /// <summary>The leverage that is set at the venue asks more than its largest: the report and the sizing see it.</summary>
    [Fact]
    public void A_leverage_that_is_set_is_the_least_initial_margin()
    {
        var instrument = Perpetual("BTC", PayoffShape.Linear, 0.001m) with { Venue = "hyperliquid" };
        var account = Accounts.Of(
            MarginMode.CrossStandard,
            [new Balance(Currency.Usdc, 100_000)],
            [new Position(instrument.Name, 1_000, null) { Leverage = 10 }]
        );
        account = account with { Subaccounts = [account.Subaccounts[0] with { Venue = "hyperliquid" }] };
        var market = new RiskMarket(Market(instrument), Surfaces);
        var price = new MarginPrice(60_000, 60_000);
        var rate = VenueRates.Of(market, account).Rate(instrument, price)!.Value;
        Assert.Equal((6.0, 6.0), (rate.InitialLong, rate.InitialShort));
        Assert.Equal(60.0 / 80, rate.MaintenanceLong, 1e-12);
        var report = AccountRisk.Report(
            new RiskRequest
            {
                Market = market,
                Account = account,
                Scenarios = Scenarios([-0.1, 0.1]),
                Home = Currency.Usd,
                Margin = VenueRates.Of(market, account),
            }
        );
        var exact = MarginReport.Of(account, market.Snapshot, VenueMargins.Of).Subaccounts[0].Statement.Pools[0];
        Assert.Equal(exact.Initial, Assert.Single(report.Before!.Pools).Initial, 1e-6);
    }

    [Fact]
    public void Rates_go_by_the_instruments_venue_and_unknown_contracts_have_none()
    {
        var hyperliquid = Perpetual("BTC", PayoffShape.Linear, 0.001m) with { Venue = "hyperliquid" };
        var deribit = Perpetual("BTC");
        var option = Option("BTC", 66_000, OptionRight.Call, Middle) with { Venue = "hyperliquid" };
        var rates = new VenueRates([hyperliquid, deribit, option], 100_000);
        var price = new MarginPrice(60_000, 60_000);
        Assert.Equal(60.0 / 40, rates.Rate(hyperliquid, price)!.Value.InitialLong, 1e-9);
        Assert.Equal(DeribitStandardMargin.Shipped.Rate(deribit, price), rates.Rate(deribit, price));
        Assert.Null(rates.For(option));
        Assert.Contains("hyperliquid-margin has no figures", Assert.Single(rates.Missing([option, deribit])));
        Assert.Equal("deribit-standard-margin", new VenueRates([deribit], 1).Key);
        Assert.Equal(DeribitStandardMargin.Shipped.Note, new VenueRates([deribit], 1).Note);
    }
}
