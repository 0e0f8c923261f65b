using System.Collections.Immutable;
using Plimsoll.Markets;
using static Plimsoll.Risk.Tests.SmallWorld;

namespace Plimsoll.Margin.Tests;

public sealed class CheapestCutsTests
{
    static readonly string[] Keys =
    [
        "deribit-standard-margin",
        "deribit-portfolio-margin",
        "derive-portfolio-margin",
        "derive-standard-margin",
    ];

    /// <summary>A few lots of a few contracts, so that every set of cuts can be tried.</summary>
    static (MarginPortfolio Portfolio, TradeQuote[] Quotes) Small(int seed, PayoffShape shape = PayoffShape.Inverse)
    {
        var random = new Random(seed);
        var positions = ImmutableArray.CreateBuilder<MarginPosition>();
        var quotes = ImmutableDictionary.CreateBuilder<string, MarginQuote>();
        var trades = new List<TradeQuote>();
        double years = Years.Between(AsOf, Middle).Value;
        foreach (double ratio in (double[])[0.85, 1, 1.15])
        {
            var right = random.Next(2) == 0 ? OptionRight.Put : OptionRight.Call;
            double usd = NaiveBlack.Price(60_000, 60_000 * ratio, 0.6, years, right == OptionRight.Call);
            var option = Option("BTC", 60_000 * ratio, right, Middle, shape) with { LotContracts = 1 };
            quotes[option.Name] = new MarginQuote(60_000, shape == PayoffShape.Inverse ? usd / 60_000 : usd, 0.6);
            positions.Add(new MarginPosition(option, random.Next(-6, 7)));
            trades.Add(new TradeQuote(option, 20 + 100 * random.NextDouble(), 20 + 100 * random.NextDouble()));
        }
        bool isInverse = shape == PayoffShape.Inverse;
        var perpetual = Perpetual("BTC", shape, isInverse ? 10 : 1 / 6_000m) with { LotContracts = 3_000 };
        quotes[perpetual.Name] = new MarginQuote(60_000, 60_000);
        positions.Add(new MarginPosition(perpetual, 3_000 * random.Next(-5, 6), 60_000));
        trades.Add(new TradeQuote(perpetual, 0.002 + 0.01 * random.NextDouble(), 0.004));
        var portfolio = new MarginPortfolio
        {
            Name = "main",
            IsCross = true,
            Positions = [.. positions.Where(position => position.Contracts != 0)],
            Balances = [new CollateralBalance(Currency.Usdc, 20_000 + 60_000 * random.NextDouble())],
            Market = new MarginMarket
            {
                AsOf = AsOf,
                IndexUsd = ImmutableDictionary<string, double>.Empty.Add("BTC", 60_000).Add("USDC", 1).Add("USDT", 1),
                Quotes = quotes.ToImmutable(),
            },
        };
        return (portfolio, [.. trades]);
    }

    [Fact]
    public void No_set_of_whole_lots_is_cheaper_where_the_plan_says_so_and_none_is_much_cheaper_elsewhere()
    {
        int proved = 0,
            searched = 0;
        for (int seed = 0; seed < 24; seed++)
            foreach (string key in Keys)
            {
                var rule = AccountDistanceTests.Rule(key);
                bool isDerive = key.StartsWith("derive", StringComparison.Ordinal);
                var (portfolio, quotes) = Small(seed, isDerive ? PayoffShape.Linear : PayoffShape.Inverse);
                var plan = CheapestCuts.Find(portfolio, rule, quotes, 0.4);
                double? cheapest = Enumerate(portfolio, rule, quotes, 0.4);
                Assert.Equal(cheapest is not null, plan.IsReached);
                if (cheapest is not { } least || least == 0)
                    continue;
                Assert.True(plan.RatioAfter <= 0.4 * (1 + 1e-12), $"{key}, seed {seed}: {plan.RatioAfter}");
                Assert.True(plan.CostUsd >= least - 1e-9);
                if (plan.IsProved)
                {
                    proved++;
                    Assert.True(
                        plan.CostUsd <= least * (1 + 1e-5) + 1e-9,
                        $"{key}, {seed}: {plan.CostUsd}, not {least}"
                    );
                }
                else
                    Assert.True(plan.CostUsd <= 1.25 * least, $"{key}, seed {seed}: {plan.CostUsd}, not {least}");
                if (plan.BoundUsd is { } bound)
                    Assert.True(bound <= least * (1 + 1e-5) + 1e-9, $"{key}, seed {seed}: bound {bound} above {least}");
                searched++;
            }
        Assert.True(proved > 15 && searched > 30, $"{proved} proved of {searched}: the test proves little");
    }

    static double? Enumerate(MarginPortfolio portfolio, IVenueMargin rule, TradeQuote[] quotes, double target)
    {
        int[] most =
        [
            .. portfolio.Positions.Select(position =>
                (int)Math.Round(Math.Abs(position.Contracts) / (double)position.Instrument.LotContracts)
            ),
        ];
        double? cheapest = null;
        var lots = new int[most.Length];
        while (true)
        {
            double cost = 0;
            var trades = new List<PortfolioTrade>();
            for (int i = 0; i < lots.Length; i++)
            {
                var position = portfolio.Positions[i];
                double contracts = -Math.Sign(position.Contracts) * lots[i] * (double)position.Instrument.LotContracts;
                var quote = quotes.Single(each => each.Instrument.Name == position.Instrument.Name);
                double each = Math.Abs(contracts) * quote.CostUsd(contracts)!.Value;
                trades.Add(new PortfolioTrade(position.Instrument, contracts, each));
                cost += each;
            }
            if (cheapest is null || cost < cheapest)
                if (rule.Assess(portfolio.After(trades)).Pools.All(p => p.Maintenance <= target * p.MaintenanceBalance))
                    cheapest = cost;
            int at = 0;
            while (at < lots.Length && lots[at] == most[at])
                lots[at++] = 0;
            if (at == lots.Length)
                return cheapest;
            lots[at]++;
        }
    }

    [Fact]
    public void A_larger_account_is_cut_within_its_work_and_ends_under_the_target()
    {
        foreach (string key in Keys[..2])
            for (int seed = 0; seed < 4; seed++)
            {
                var rule = AccountDistanceTests.Rule(key);
                var portfolio = RandomBooks.Draw(seed, isCross: true) with
                {
                    Balances = [new CollateralBalance(Currency.Usdc, 3e6)],
                };
                TradeQuote[] quotes = [.. portfolio.Positions.Select(p => new TradeQuote(p.Instrument, 1, 1))];
                double now = rule.Assess(portfolio).Pools.Max(pool => pool.MaintenanceRatio ?? 9);
                double target = 0.5 * now;
                var plan = CheapestCuts.Find(portfolio, rule, quotes, target, work: 4_000);
                Assert.True(plan.Assessed <= 4_100);
                if (plan.IsReached)
                    Assert.True(plan.RatioAfter <= target * (1 + 1e-12));
                foreach (var cut in plan.Cuts)
                {
                    double held = portfolio.Positions.Single(p => p.Instrument == cut.Instrument).Contracts;
                    Assert.True(held * cut.Contracts < 0 && Math.Abs(cut.Contracts) <= Math.Abs(held) + 1e-9);
                    double lots = cut.Contracts / (double)cut.Instrument.LotContracts;
                    Assert.Equal(Math.Round(lots), lots, 1e-6);
                }
            }
    }

    [Fact]
    public void What_nobody_quotes_is_kept_and_named_and_a_safe_account_needs_nothing()
    {
        var rule = AccountDistanceTests.Rule(Keys[0]);
        var (portfolio, quotes) = Small(3);
        var blind = CheapestCuts.Find(portfolio, rule, [], 0.01);
        Assert.False(blind.IsReached);
        Assert.Equal(portfolio.Positions.Length, blind.Kept.Length);
        Assert.Equal(blind.RatioBefore, blind.RatioAfter);
        var safe = CheapestCuts.Find(portfolio, rule, quotes, 100);
        Assert.True(safe.IsReached && safe.IsProved && safe.Cuts.IsEmpty && safe.CostUsd == 0);
        var priceless = portfolio with
        {
            Market = portfolio.Market with { IndexUsd = portfolio.Market.IndexUsd.Remove("BTC") },
        };
        Assert.NotEmpty(CheapestCuts.Find(priceless, rule, quotes, 0.5).Missing);
    }
}
