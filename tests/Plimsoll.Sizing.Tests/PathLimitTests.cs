using System.Collections.Immutable;
using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Pricing;
using Plimsoll.Risk;
using Plimsoll.Storage;

namespace Plimsoll.Sizing.Tests;

/// <summary>Limits on what is lost, and on liquidation, at any moment until the horizon.</summary>
public sealed class PathLimitTests
{
    const string Touched = "path_loss_probability";
    const string Liquidated = "liquidation_on_the_way[main]";

    static SizingInput Input(double drift, SurvivalLimits survival, MarginMode mode = MarginMode.CrossStandard)
    {
        var account = SizingCases.AllIn(Currency.Usd, 200_000);
        return new SizingInput
        {
            Market = EmbeddedMarket.Snapshot(),
            Account = account with { Subaccounts = [account.Subaccounts[0] with { MarginMode = mode }] },
            Mandate = new Mandate
            {
                Objective = ObjectiveKind.Growth,
                KellyFraction = 1,
                Candidates = ["BTC-PERPETUAL", "ETH-PERPETUAL"],
                Survival = survival,
                Assumptions = new Assumptions(Funding8h: 0.0001, PerpetualSpread: 0.0002),
                Views = [SizingCases.Drift(drift)],
            },
            Scenarios = 2_000,
        };
    }

    static SurvivalLimits Path(double limit, double probability) =>
        new() { PathLoss = new PathLossLimit(limit, probability) };

    static SurvivalLimits Liquidation(double probability, bool onTheWay) =>
        new() { Liquidation = new LiquidationLimit(probability, null, onTheWay) };

    static double Figure(Decision decision, string key) =>
        decision.After.Single(figure => figure.Key == key).Value!.Value;

    static double Held(Decision decision, string name) =>
        (double)decision.Targets.Single(target => target.Instrument == name).Target;

    [Fact]
    public void A_tight_limit_binds_and_sizes_shrink()
    {
        var loose = Sizer.Decide(Input(2, Path(0.9, 0.01)));
        double free = loose.Limits.Single(limit => limit.Name == "survival.path-loss").Value;
        Assert.InRange(free, 0.05, 0.9);
        var tight = Sizer.Decide(Input(2, Path(0.5 * free, 0.01)));
        Assert.Equal(DecisionStatus.Sized, tight.Status);
        var limit = tight.Limits.Single(limit => limit.Name == "survival.path-loss");
        Assert.InRange(limit.Value, 0.95 * limit.Limit, limit.Limit + 1e-9);
        Assert.InRange(
            Held(tight, "BTC-PERPETUAL"),
            0.3 * Held(loose, "BTC-PERPETUAL"),
            0.7 * Held(loose, "BTC-PERPETUAL")
        );
        Assert.InRange(Figure(tight, Touched), 1e-9, 0.01);
        Assert.InRange(tight.Certificate.RelativeGap, 0, 1e-6);
    }

    /// <summary>Other paths, and the gain of an inverse perpetual in closed form: size·q·(index/p)·(e^r − 1).</summary>
    [Fact]
    public void The_probability_of_touching_is_that_of_other_paths_by_closed_form()
    {
        const double Limit = 0.12;
        var input = Input(2, Path(Limit, 0.02));
        var decision = Sizer.Decide(input);
        Assert.Equal(DecisionStatus.Sized, decision.Status);
        var fresh = HistoricalScenarios.Build(
            input.Market,
            Sizer.Prepare(input).Value.Surfaces,
            [],
            new ScenarioRequest(input.Mandate.Horizon, 40_000, Seed: 99) { KeepsPath = true }
        );
        double touched = 0,
            atEnd = 0;
        for (int s = 0; s < fresh.Count; s++)
        {
            double least = double.PositiveInfinity,
                last = 0;
            for (int bar = 0; bar < fresh.Path!.Days.Length; bar++)
            {
                last = Wealth(input.Market, decision, coin => fresh.Path.Of(coin)!.Close[bar][s]);
                least = Math.Min(least, last);
                least = Math.Min(least, Wealth(input.Market, decision, coin => fresh.Path.Of(coin)!.Low[bar][s]));
                least = Math.Min(least, Wealth(input.Market, decision, coin => fresh.Path.Of(coin)!.High[bar][s]));
            }
            touched += least < 1 - Limit ? 1.0 / fresh.Count : 0;
            atEnd += last < 1 - Limit ? 1.0 / fresh.Count : 0;
        }
        Assert.True(touched > 1.2 * atEnd, $"{touched} on the way, {atEnd} at the horizon");
        Assert.InRange(touched, 0.2 * 0.02, 0.02);
        double error = Math.Sqrt(touched / input.Scenarios);
        Assert.InRange(Figure(decision, Touched), touched - 3 * error, touched + 3 * error);
    }

    static double Wealth(MarketSnapshot market, Decision decision, Func<string, double> logMove)
    {
        double wealth = 1;
        var prices = new ModelPrices(market, ImmutableSortedDictionary<string, VolatilitySurface>.Empty);
        foreach (var target in decision.Targets.Where(target => target.Target != 0))
        {
            var quote = market.Quotes.Single(quote => quote.Instrument.Name == target.Instrument);
            double index = market.Find(quote.Instrument.Underlying)!.IndexUsd;
            double gain = (double)(quote.Instrument.ContractSize * target.Target);
            gain *=
                index
                / prices.UnderlyingPriceUsd(quote.Instrument)!.Value
                * (Math.Exp(logMove(quote.Instrument.Underlying)) - 1);
            wealth += gain / decision.Equity;
        }
        return wealth;
    }

    /// <summary>Six times its equity in a perpetual, cut by the cheapest trades that meet the limit.</summary>
    static SizingInput Levered(double probability, bool onTheWay)
    {
        var input = Input(0, Liquidation(probability, onTheWay));
        var main = input.Account.Subaccounts[0] with { Positions = [new Position("BTC-PERPETUAL", 120_000, null)] };
        return input with
        {
            Account = input.Account with { Subaccounts = [main] },
            Mandate = input.Mandate with { Objective = ObjectiveKind.Protect, Views = [] },
        };
    }

    [Fact]
    public void Liquidation_on_the_way_cuts_further_than_that_at_the_horizon()
    {
        var atEnd = Sizer.Decide(Levered(0, onTheWay: false));
        var onTheWay = Sizer.Decide(Levered(0, onTheWay: true));
        Assert.Equal((DecisionStatus.Sized, DecisionStatus.Sized), (atEnd.Status, onTheWay.Status));
        Assert.DoesNotContain(atEnd.After, figure => figure.Key == Liquidated);
        Assert.InRange(Held(onTheWay, "BTC-PERPETUAL"), 10_000, 0.97 * Held(atEnd, "BTC-PERPETUAL"));
        var limit = onTheWay.Limits.Single(limit => limit.Name == "survival.liquidation.on-the-way[main]");
        Assert.InRange(limit.Value, -0.01, 1e-10);
        Assert.True(limit.ValueBefore > 0);
        Assert.Equal(0, Figure(onTheWay, Liquidated));
    }

    /// <summary>The risk report margins the same paths by the venue's rule, market by market.</summary>
    [Fact]
    public void The_probability_of_liquidation_is_that_of_the_venues_own_rule()
    {
        var input = Levered(0.01, onTheWay: true);
        var decision = Sizer.Decide(input);
        var report = AccountRisk.Report(RiskRequests.Of(input, [], withDistances: true).Value);
        var passage = report.Before!.Distances.Single().Passage!;
        Assert.InRange(passage.Probability, 0.001, 0.2);
        double figure = decision.Before.Single(figure => figure.Key == Liquidated).Value!.Value;
        Assert.Equal(passage.Probability, figure, 1.5 / input.Scenarios);
    }

    [Fact]
    public void Under_portfolio_margin_the_venues_own_matrix_holds_at_the_extremes()
    {
        var input = Input(6, Liquidation(0.01, onTheWay: true), MarginMode.CrossPortfolio) with { Scenarios = 500 };
        var decision = Sizer.Decide(input);
        Assert.Equal(DecisionStatus.Sized, decision.Status);
        Assert.Contains(decision.Targets, target => target.Trade != 0);
        var limit = decision.Limits.Single(limit => limit.Name == "survival.liquidation.on-the-way[main]");
        Assert.InRange(limit.Value, -0.1, 1e-10);
        Assert.InRange(Figure(decision, Liquidated), 0, 0.01);
    }

    [Fact]
    public void Options_are_limited_on_the_way_with_the_same_bits_whatever_the_threads()
    {
        var input = Input(1, Path(0.08, 0.01)) with { Scenarios = 1_000 };
        var mandate = input.Mandate with
        {
            Candidates = ["BTC-PERPETUAL", "BTC-*-C", "BTC-*-P"],
            Views = [SizingCases.Drift(1), SizingCases.HighVolatility(0.4)],
        };
        var (one, two) = (Decide(1), Decide(2));
        Assert.Contains(one.Targets, target => target.Trade != 0 && target.Instrument != "BTC-PERPETUAL");
        var limit = one.Limits.Single(limit => limit.Name == "survival.path-loss");
        Assert.InRange(limit.Value, 0.5 * limit.Limit, limit.Limit + 1e-9);
        Assert.Equal(one.Targets.Select(target => target.Target), two.Targets.Select(target => target.Target));
        Assert.Equal(one.Limits.Select(each => each.Value), two.Limits.Select(each => each.Value));

        Decision Decide(int threads) => Sizer.Decide(input with { Mandate = mandate, Threads = threads });
    }

    [Fact]
    public void Reduced_scenarios_have_no_way()
    {
        var prepared = Sizer.Prepare(Input(1, Path(0.1, 0.01)) with { KeptScenarios = 500 });
        Assert.Contains("survival.path-loss", Assert.Single(prepared.Faults).Path, StringComparison.Ordinal);
    }
}
