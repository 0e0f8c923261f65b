using Plimsoll.Markets;
using static Plimsoll.Risk.Tests.SmallWorld;

namespace Plimsoll.Margin.Tests;

public sealed class ReleasingHedgesTests
{
    static readonly PerpetualInstrument Future = Perpetual("BTC");
    static readonly OptionInstrument Call = Option("BTC", 66_000, OptionRight.Call, Middle);

    static MarginPortfolio ShortCall(double contracts)
    {
        double usd = NaiveBlack.Price(60_000, 66_000, 0.6, Years.Between(AsOf, Middle).Value, isCall: true);
        var market = AccountDistanceTests.One(
            Call,
            contracts,
            new MarginQuote(60_000, usd / 60_000, 0.6),
            null,
            new CollateralBalance(Currency.Usdc, 200_000)
        );
        return market with
        {
            IsCross = true,
            Market = market.Market with
            {
                Quotes = market.Market.Quotes.Add(Future.Name, new MarginQuote(60_000, 60_000)),
            },
        };
    }

    [Theory]
    [InlineData("deribit-portfolio-margin", true)]
    [InlineData("deribit-standard-margin", false)]
    public void A_scan_rewards_the_hedge_of_a_short_call_and_standard_margin_only_its_cut(string key, bool rewards)
    {
        var rule = AccountDistanceTests.Rule(key);
        var portfolio = ShortCall(-5);
        TradeQuote[] quotes = [new(Call, 60, 60), new(Future, 0.003, 0.003)];
        var found = ReleasingHedges.Find(portfolio, rule, quotes, 10);
        Assert.Equal(rewards, found.Any(trade => trade.Trade.Instrument == Future));
        var cut = Assert.Single(found, trade => trade.Trade.Instrument == Call);
        // Closing the calls leaves a debt of coin, which the scan charges: a few more calls hedge that.
        Assert.InRange(cut.Trade.Contracts, 5 - 1e-9, rewards ? 5.6 : 5 + 1e-9);
        Assert.Equal(cut.Trade.Contracts < 5 + 1e-9, cut.IsCut);
        foreach (var trade in found)
        {
            var (before, after) = (rule.Assess(portfolio), rule.Assess(portfolio.After([trade.Trade])));
            Assert.Equal(before.Pools[0].Initial - after.Pools[0].Initial, trade.ReleasedUsd, 1e-6);
            Assert.Equal(after.Pools[0].Available - before.Pools[0].Available, trade.AvailableUsd, 1e-6);
            Assert.True(trade.AvailableUsd > 0);
        }
        foreach (var hedge in found.Where(trade => trade.Trade.Instrument == Future))
        {
            Assert.True(hedge.Trade.Contracts > 0, "a short call is hedged by buying");
            foreach (double lots in (double[])[-1, 1])
            {
                var near = hedge.Trade with { Contracts = hedge.Trade.Contracts + lots };
                Assert.True(
                    rule.Assess(portfolio.After([near])).Pools[0].Available
                        <= rule.Assess(portfolio.After([hedge.Trade])).Pools[0].Available + 0.01
                );
            }
        }
    }

    [Fact]
    public void Trades_at_the_mark_leave_equity_less_their_cost_whatever_the_rule()
    {
        for (int seed = 0; seed < 30; seed++)
        {
            var portfolio = RandomBooks.Draw(seed, isCross: true);
            var random = new Random(seed);
            var trades = portfolio
                .Positions.Select(position => new PortfolioTrade(
                    position.Instrument,
                    random.Next(3) switch
                    {
                        0 => -position.Contracts,
                        1 => -0.5 * position.Contracts,
                        _ => 2 * position.Contracts,
                    },
                    7
                ))
                .ToArray();
            double before = Assert.Single(portfolio.Pools()).Value().Equity,
                after = Assert.Single(portfolio.After(trades).Pools()).Value().Equity;
            Assert.Equal(before - 7 * trades.Length, after, 1e-6 * (1 + Math.Abs(before)));
        }
    }

    [Fact]
    public void Growth_per_margin_ranks_what_takes_little_margin_first_and_leaves_out_what_does_not_grow()
    {
        var rule = AccountDistanceTests.Rule("deribit-portfolio-margin");
        var portfolio = ShortCall(-5);
        TradeQuote[] quotes = [new(Call, 60, 60), new(Future, 0.003, 0.003)];
        var growth = new Dictionary<string, CandidateGrowth>
        {
            [Call.Name] = new(Call, null, 1e-4),
            [Future.Name] = new(Future, 1e-8, -1e-8),
        };
        var ranked = MarginEfficiency.Rank(portfolio, rule, quotes, growth, 10);
        Assert.Equal([Future.Name, Call.Name], ranked.Select(row => row.Trade.Instrument.Name));
        Assert.True(ranked[0].AvailableUsd < 0 && ranked[0].InitialUsd < 0, "the hedge frees margin");
        Assert.True(ranked[1].AvailableUsd > 0 && double.IsFinite(ranked[1].GrowthPerThousand));
        Assert.Empty(MarginEfficiency.Rank(portfolio, rule, quotes, new Dictionary<string, CandidateGrowth>(), 10));
    }
}
