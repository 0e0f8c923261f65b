using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Risk;
using Plimsoll.Risk.Tests;
using static Plimsoll.Risk.Tests.SmallWorld;

namespace Plimsoll.Margin.Tests;

/// <summary>The optimiser's form of each portfolio margin against the venue's own statement.</summary>
public sealed class ConvexFormTests
{
    const int Books = 300;

    public static TheoryData<string> Keys =>
        [
            "derive-portfolio-margin",
            "derive-portfolio-margin-2",
            "okx-portfolio-margin",
            SteepHedge,
            "binance-portfolio-margin",
            "span-like-margin",
        ];

    /// <summary>OKX with a charge of stablecoin hedges that outruns its scan: no longer convex.</summary>
    const string SteepHedge = "okx-portfolio-margin, steep";

    static IConvexVenue Model(string key)
    {
        if (key != SteepHedge)
            return (IConvexVenue)VenueMargins.Find(key)!.Shipped();
        var shipped = OkxParameters.Parse(VenueParameters.Shipped(OkxParameters.Resource), "shipped").Value;
        var tiers = shipped.StablecoinTiers;
        return new OkxPortfolioMargin(
            shipped with
            {
                StablecoinTiers = tiers with { Rates = [.. tiers.Rates.Select(rate => 20 * rate)] },
            }
        );
    }

    /// <summary>Contracts of a coin that a venue takes, with a market of theirs.</summary>
    static ImmutableArray<Instrument> Instruments(IConvexVenue model)
    {
        Instrument[] all =
        [
            Option("BTC", 50_000, OptionRight.Put, Middle, PayoffShape.Linear, 0.1m),
            Option("BTC", 60_000, OptionRight.Put, Middle, PayoffShape.Linear, 0.1m),
            Option("BTC", 60_000, OptionRight.Call, Middle, PayoffShape.Linear, 0.1m),
            Option("BTC", 66_000, OptionRight.Call, Far),
            Option("BTC", 80_000, OptionRight.Call, Far),
            SmallWorld.Perpetual("BTC", PayoffShape.Linear, 0.001m) with
            {
                Settlement = Usdt,
            },
            Future("BTC", Middle),
            Future("BTC", Far),
            Future("BTC", Middle, PayoffShape.Linear, 0.001m) with
            {
                Settlement = Usdt,
            },
            Future("BTC", Far, PayoffShape.Linear, 0.001m) with
            {
                Settlement = Usdt,
            },
        ];
        return [.. all.Where(instrument => model.Refuses(instrument) is null)];
    }

    /// <summary>Models whose shipped figures have a haircut of coins, or need none.</summary>
    static readonly string[] TakesCoins = ["derive-portfolio-margin", "span-like-margin"];

    static readonly Currency Usdt = new("USDT");

    static double[] Draw(ImmutableArray<Instrument> instruments, Random random)
    {
        double size = Math.Pow(10, random.Next(-1, 3));
        return
        [
            .. instruments.Select(instrument =>
                random.Next(4) == 0
                    ? 0
                    : Math.Round((2 * random.NextDouble() - 1) * size, 2)
                        * (
                            instrument is OptionInstrument option ? 1 / (double)option.ContractSize
                            : instrument.Shape == PayoffShape.Inverse ? 6_000
                            : 1_000
                        )
            ),
        ];
    }

    static MarginPortfolio Portfolio(
        ImmutableArray<Instrument> instruments,
        double[] contracts,
        MarginMarket market,
        double coins
    ) =>
        new()
        {
            Name = "main",
            IsCross = true,
            Positions =
            [
                .. instruments
                    .Select((instrument, i) => new MarginPosition(instrument, contracts[i]))
                    .Where(position => position.Contracts != 0),
            ],
            Balances = coins == 0 ? Dollars : [.. Dollars, new(Btc, coins)],
            Market = market,
        };

    static readonly ImmutableArray<CollateralBalance> Dollars = [new(Currency.Usdc, 40_000_000)];

    static MarginMarket MarketOf(ImmutableArray<Instrument> instruments, double logMove)
    {
        var world = new RiskMarket(Market([.. instruments]), Surfaces);
        var quotes = ImmutableDictionary.CreateBuilder<string, MarginQuote>();
        foreach (var instrument in instruments)
        {
            double underlying = world.Prices.UnderlyingPriceUsd(instrument)!.Value * Math.Exp(logMove);
            if (instrument is not OptionInstrument option)
            {
                quotes[instrument.Name] = new MarginQuote(underlying, underlying);
                continue;
            }
            double strike = (double)option.StrikeUsd,
                years = Years.Between(AsOf, option.Expiry).Value,
                vol = world.Prices.Slice(option)!.VolatilityAnnual(Math.Log(strike / underlying)),
                usd = NaiveBlack.Price(underlying, strike, vol, years, option.Right == OptionRight.Call);
            quotes[instrument.Name] = new MarginQuote(
                underlying,
                option.Shape == PayoffShape.Inverse ? usd / underlying : usd,
                vol
            );
        }
        return new MarginMarket
        {
            AsOf = AsOf,
            IndexUsd = ImmutableDictionary<string, double>
                .Empty.Add("BTC", 60_000 * Math.Exp(logMove))
                .Add("USDC", 1)
                .Add("USDT", 1),
            Quotes = quotes.ToImmutable(),
        };
    }

    static ConvexPool Pool(ImmutableArray<Instrument> instruments, double coins, double[] held) =>
        new(ImmutableSortedDictionary<string, double>.Empty.Add("BTC", coins), [.. held]);

    /// <summary>What the venue asks and what of the balances it does not count.</summary>
    static double Asked(IConvexVenue model, MarginPortfolio portfolio, MarginKind kind)
    {
        var statement = model.Assess(portfolio);
        Assert.True(statement.IsDetermined, string.Join("; ", statement.Missing));
        var pool = statement.Pools.Single();
        double asked = kind == MarginKind.Initial ? pool.Initial : pool.Maintenance;
        // Borrowing is counted with the collateral.
        foreach (var charge in pool.Charges.Where(charge => charge.Name == "borrowing"))
            asked -= kind == MarginKind.Initial ? charge.Initial : charge.Maintenance;
        return asked;
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Today_the_form_is_the_venues_statement_and_its_bound_is_convex_and_never_below(string key)
    {
        var model = Model(key);
        var instruments = Instruments(model);
        Assert.True(instruments.Length > 2, "too little is taken: the test proves little");
        var market = MarketOf(instruments, 0);
        var random = new Random(3);
        int slack = 0;
        double[]? before = null;
        for (int n = 0; n < Books; n++)
        {
            double coins = !TakesCoins.Contains(key) || n % 3 != 0 ? 0 : Math.Round(30 * random.NextDouble(), 2);
            double[] contracts = Draw(instruments, random);
            var form = model.FormOf(
                instruments,
                Pool(instruments, coins, n % 2 == 0 ? contracts : new double[contracts.Length])
            );
            var today = new ConvexToday(form, market);
            foreach (var kind in Enum.GetValues<MarginKind>())
            {
                double exact = today.Exact(contracts, kind),
                    bound = today.Bound(contracts, kind),
                    asked = Asked(model, Portfolio(instruments, contracts, market, coins), kind);
                Assert.True(Math.Abs(asked - exact) <= 1e-8 * (1 + asked), $"{key} {n} {kind}: {asked} is {exact}");
                Assert.True(bound >= exact - 1e-9 * (1 + exact), $"{bound} < {exact}");
                slack += bound > exact * (1 + 1e-9) + 1e-6 ? 1 : 0;
                if (form.IsExact)
                    Assert.Equal(exact, bound, 1e-9 * (1 + exact));
                double[] slope = today.Slope(contracts, kind);
                foreach (
                    double[] other in (double[][])
                        [before ?? contracts, new double[contracts.Length], Draw(instruments, random)]
                )
                {
                    double line = bound;
                    for (int i = 0; i < other.Length; i++)
                        line += slope[i] * (other[i] - contracts[i]);
                    double there = today.Bound(other, kind);
                    Assert.True(
                        there >= line - 1e-8 * (1 + Math.Abs(line)),
                        $"{key} {n}: {there} under its slope {line}"
                    );
                }
            }
            before = contracts;
        }
        if (key is SteepHedge or "span-like-margin")
            Assert.True(slack > 0, "no book in which the bound has slack: the test proves little");
        else
            Assert.Equal(0, slack); // the second manager's skew scenarios bind where their bound is tight
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void In_a_scenario_the_form_is_the_venues_statement_at_the_moved_market(string key)
    {
        var model = Model(key);
        var instruments = Instruments(model);
        double[] moves = [-0.9, -0.2, -0.03, 0, 0.1, 0.7];
        var world = new RiskMarket(Market([.. instruments]), Surfaces);
        var matrix = Revaluation.Compute(
            world.Snapshot,
            Surfaces,
            StillScenarios.OneCoin(world.Snapshot, "BTC", moves),
            instruments,
            Currency.Usd,
            1
        );
        var random = new Random(8);
        var form = model.FormOf(instruments, Pool(instruments, 0, new double[instruments.Length]));
        var scenarios = new ConvexScenarios(form, world, matrix);
        for (int n = 0; n < 80; n++)
        {
            double[] contracts = Draw(instruments, random);
            foreach (var kind in Enum.GetValues<MarginKind>())
            {
                double[] exact = scenarios.Exact(contracts, kind),
                    bound = scenarios.Bound(contracts, kind);
                for (int s = 0; s < moves.Length; s++)
                {
                    var portfolio = Portfolio(instruments, contracts, MarketOf(instruments, moves[s]), 0);
                    double asked = Asked(model, portfolio, kind);
                    Assert.True(Math.Abs(asked - exact[s]) <= 1e-7 * (1 + asked), $"{n} {s}: {asked} is {exact[s]}");
                    Assert.True(bound[s] >= exact[s] - 1e-9 * (1 + exact[s]));
                }
                var weights = new double[moves.Length];
                (weights[1], weights[4]) = (0.3, 0.7);
                var slope = new double[contracts.Length];
                scenarios.Slope(contracts, kind, weights, slope);
                double Mean(double[] values) => 0.3 * values[1] + 0.7 * values[4];
                double[] other = Draw(instruments, random);
                double line =
                    Mean(bound) + slope.Zip(other, (g, q) => g * q).Sum() - slope.Zip(contracts, (g, q) => g * q).Sum();
                double there = Mean(scenarios.Bound(other, kind));
                Assert.True(there >= line - 1e-8 * (1 + Math.Abs(line)), $"{there} under its slope {line}");
            }
        }
    }
}
