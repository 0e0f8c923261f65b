using System.Collections.Immutable;
using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Risk;
using Plimsoll.Storage;

namespace Plimsoll.Sizing.Tests;

/// <summary>Accounts under portfolio margin are sized by the venue's own risk matrix.</summary>
public sealed class PortfolioMarginSizingTests
{
    /// <summary>Segregated pools stand alone: each needs cash of its own.</summary>
    static readonly ImmutableArray<Balance> EachCoin =
    [
        new(new Currency("BTC"), 3),
        new(new Currency("ETH"), 40),
        new(Currency.Usdc, 50_000),
    ];

    static SizingInput Input(MarginMode mode, double initialMargin)
    {
        var account = EmbeddedMarket.Account();
        var mandate = MandateFile.ParseLocated(EmbeddedMarket.MandateText, "built-in").Value.Value;
        return new SizingInput
        {
            Market = EmbeddedMarket.Snapshot(),
            Account = account with
            {
                Subaccounts =
                [
                    account.Subaccounts[0] with
                    {
                        MarginMode = mode,
                        Balances = mode == MarginMode.CrossPortfolio ? account.Subaccounts[0].Balances : EachCoin,
                    },
                ],
            },
            Mandate = mandate with
            {
                Limits = mandate.Limits with { InitialMargin = initialMargin },
                Survival = mandate.Survival with { Liquidation = new LiquidationLimit(0.005, 0.3) },
            },
            Scenarios = 2_000,
        };
    }

    static LimitLine Limit(Decision decision, string name) =>
        decision.Limits.Single(limit => limit.Name.StartsWith(name, StringComparison.Ordinal));

    [Fact]
    public void Initial_margin_of_the_answer_is_the_venues_own_and_binds_where_it_is_tight()
    {
        var loose = Sizer.Decide(Input(MarginMode.CrossPortfolio, 0.6));
        Assert.Equal(DecisionStatus.Sized, loose.Status);
        double free = Limit(loose, "limits.initial-margin[main]").Value;
        Assert.InRange(free, 0.001, 0.6);
        var tight = Sizer.Decide(Input(MarginMode.CrossPortfolio, 0.5 * free));
        Assert.Equal(DecisionStatus.Sized, tight.Status);
        var limit = Limit(tight, "limits.initial-margin[main]");
        Assert.True(limit.Value <= limit.Limit + 1e-9, $"{limit.Value} > {limit.Limit}");
        Assert.True(limit.Value > 0.6 * limit.Limit, $"{limit.Value} far below {limit.Limit}");
        Assert.Equal(Assessed(tight), limit.Value, 1e-9);
        Assert.DoesNotContain(tight.Warnings, line => line.Contains("not modelled", StringComparison.Ordinal));
    }

    /// <summary>The venue's rule on the targets themselves, through another door.</summary>
    static double Assessed(Decision decision)
    {
        var input = Input(MarginMode.CrossPortfolio, 1);
        var prepared = Sizer.Prepare(input).Value;
        var market = new RiskMarket(input.Market, prepared.Surfaces);
        var subaccount = input.Account.Subaccounts[0];
        var book = Book.Of(input.Account, input.Market, market.Prices);
        var trades = decision
            .Targets.Where(target => target.Trade != 0)
            .Select(target => new BookTrade("main", market.Prices.Find(target.Instrument)!, (double)target.Trade, 0));
        var after = book.After(trades, market.Prices);
        var quotes = MarginPortfolios.MarketOf(market, after.Holdings.Select(held => held.Instrument.Name));
        // The matrix counts coins of equity at the fitted surface; so do these marks.
        var atModel = after.Holdings.ToImmutableDictionary(
            held => held.Instrument.Name,
            held => quotes.Quote(held.Instrument)! with { Mark = market.Prices.Price(held.Instrument)!.Value }
        );
        var statement = DeribitPortfolioMargin.Shipped.Assess(
            new MarginPortfolio
            {
                Name = subaccount.Name,
                IsCross = true,
                Positions = [.. after.Holdings.Select(held => new MarginPosition(held.Instrument, held.Contracts))],
                Balances =
                [
                    .. after.Wallets.Select(wallet => new CollateralBalance(
                        wallet.Currency,
                        wallet.Cash + wallet.Unrealised
                    )),
                ],
                Market = quotes with { Quotes = atModel },
            }
        );
        return statement.Pools[0].Initial / prepared.Equity;
    }

    [Theory]
    [InlineData(MarginMode.CrossPortfolio)]
    [InlineData(MarginMode.SegregatedPortfolio)]
    public void Liquidation_holds_in_the_tail_with_margin_at_each_scenarios_market(MarginMode mode)
    {
        var decision = Sizer.Decide(Input(mode, 0.6));
        Assert.True(decision.Status == DecisionStatus.Sized, string.Join("; ", decision.Conflicts));
        Assert.All(
            decision.Limits,
            limit => Assert.True(limit.Value <= limit.Limit + 1e-6, $"{limit.Name} {limit.Value} > {limit.Limit}")
        );
        Assert.Contains(decision.Limits, limit => limit.Name.StartsWith("survival.liquidation.probability[main"));
        Assert.Contains(decision.Limits, limit => limit.Name.StartsWith("survival.liquidation.min-distance[main"));
    }

    /// <summary>The venue's statement at each scenario's market, by plain formulas, against what the limit counted.</summary>
    [Theory]
    [InlineData(0.005)]
    [InlineData(0)]
    public void Equity_stays_above_the_venues_maintenance_at_each_scenarios_own_market(double probability)
    {
        var input = Input(MarginMode.CrossPortfolio, 0.6);
        input = input with
        {
            Mandate = input.Mandate with
            {
                Survival = new SurvivalLimits { Liquidation = new LiquidationLimit(probability, null) },
            },
            Scenarios = 800,
        };
        var result = Sizer.Size(Sizer.Prepare(input).Value);
        Assert.Equal(DecisionStatus.Sized, result.Decision.Status);
        var prepared = result.Prepared;
        var market = new RiskMarket(input.Market, prepared.Surfaces);
        var book = SizingCases.After(input, result);
        var markets = new ScenarioMarkets(
            prepared,
            MarginPortfolios.OfBook(input.Account.Subaccounts[0], book, market)
        );
        double[] target = prepared.Current;
        foreach (var (line, trade) in result.Trades)
            target[line] += (double)trade;
        var pool = prepared.PortfolioMargins[0]!;
        double[] shortage = pool.Scenarios.Shortage(pool.Columns(prepared, target), isExact: true);
        double liquidated = 0;
        for (int s = 0; s < shortage.Length; s++)
        {
            var stated = DeribitPortfolioMargin.Shipped.Assess(markets.At(s)).Pools.Single();
            double spare = stated.MaintenanceBalance - stated.Maintenance;
            Assert.Equal(-spare, shortage[s], 2e-6 * result.Decision.Equity);
            liquidated += spare < 0 ? prepared.Law.Prior[s] : 0;
        }
        Assert.True(liquidated <= probability + 1e-9, $"liquidated with {liquidated:P2} of {probability:P2}");
    }

    [Theory]
    [InlineData(MarginMode.CrossPortfolio, "deribit-portfolio-margin")]
    [InlineData(MarginMode.CrossStandard, "deribit-standard-margin")]
    public void What_the_venue_was_seen_to_ask_more_widens_every_limit_of_margin(MarginMode mode, string model)
    {
        var input = Input(mode, 0.6) with { Scenarios = 1_000 };
        var wider = input with { MarginWidening = new MarginWidening(MarginWidening.None.ByModel.Add(model, 0.25)) };
        var (loose, tight) = (Sizer.Prepare(input).Value, Sizer.Prepare(wider).Value);
        Assert.Contains(tight.Warnings, line => line.Contains($"margin of {model} is widened by 25%"));
        if (loose.PortfolioMargins[0] is { } pool)
        {
            double[] contracts = pool.Columns(loose, loose.Current);
            double widened = tight.PortfolioMargins[0]!.Initial(tight, tight.Current);
            Assert.Equal(1.25 * pool.Initial(loose, loose.Current), widened, 1e-6);
            double[] one = pool.Scenarios.Margin.Exact(contracts),
                other = tight.PortfolioMargins[0]!.Scenarios.Margin.Exact(contracts);
            for (int s = 0; s < one.Length; s++)
                Assert.Equal(1.25 * one[s], other[s], 1e-9 * (1 + one[s]));
        }
        else
        {
            int column = loose.Lines.First(line => line.IsHeld && line.Current < 0).Column;
            Assert.Equal(
                1.25 * loose.MarginNow[column]!.Value.InitialShort,
                tight.MarginNow[column]!.Value.InitialShort,
                1e-9
            );
            Assert.Equal(
                loose.MarginScenarios.Of(column).Short.Select(rate => 1.25 * rate).Sum(),
                tight.MarginScenarios.Of(column).Short.Sum(),
                1e-6
            );
        }
    }

    [Fact]
    public void Winning_futures_that_are_closed_add_what_they_forgo_to_the_shortage_and_the_cuts_slope_with_it()
    {
        var input = Input(MarginMode.CrossPortfolio, 0.6);
        var stressed = input with
        {
            Mandate = input.Mandate with
            {
                Assumptions = input.Mandate.Assumptions with { Deleveraging = new DeleveragingStress("binance", 0.05) },
            },
        };
        var (plain, closed) = (Sizer.Prepare(input).Value, Sizer.Prepare(stressed).Value);
        var (without, with) = (plain.PortfolioMargins[0]!, closed.PortfolioMargins[0]!);
        int perpetual = Enumerable
            .Range(0, plain.Matrix.Instruments.Length)
            .First(i => plain.Matrix.Instruments[i].Name == "BTC-PERPETUAL");
        var contracts = new double[plain.Matrix.Instruments.Length];
        contracts[0] = 2;
        double[] same = without.Scenarios.Shortage(contracts, isExact: true);
        Assert.Equal(same, with.Scenarios.Shortage(contracts, isExact: true));
        int worse = 0;
        foreach (double held in (double[])[-20_000, 20_000])
        {
            contracts[perpetual] = held;
            double[] before = without.Scenarios.Shortage(contracts, isExact: true),
                after = with.Scenarios.Shortage(contracts, isExact: true);
            var gain = plain.Matrix.Gain.Column(perpetual);
            for (int s = 0; s < before.Length; s++)
            {
                double added = after[s] - before[s];
                Assert.InRange(added, -1e-6, Math.Max(0, held * gain[s]) + 1e-6);
                worse += added > 1 ? 1 : 0;
            }
        }
        Assert.True(worse > 20, $"{worse} scenarios win beyond the move: the test proves little");
        var decision = Sizer.Decide(stressed);
        Assert.Equal(DecisionStatus.Sized, decision.Status);
        Assert.All(
            decision.Limits,
            limit => Assert.True(limit.Value <= limit.Limit + 1e-6, $"{limit.Name} {limit.Value} > {limit.Limit}")
        );
    }
}
