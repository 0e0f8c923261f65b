using Plimsoll.Markets;
using Plimsoll.Storage;

namespace Plimsoll.Sizing.Tests;

/// <summary>Where a venue's rule is below its convex bound, whole lots go on to where the rule ends.</summary>
public sealed class SlackSearchTests
{
    const string Limit = "limits.initial-margin[main]";

    /// <summary>Deltas far beyond the threshold of Deribit's delta shock, whose chord asks more than the shock.</summary>
    static SizingResult Size(decimal usdc, MarginMode mode = MarginMode.CrossPortfolio)
    {
        var account = new Account
        {
            Subaccounts =
            [
                new Subaccount
                {
                    Name = "main",
                    Venue = "deribit",
                    MarginMode = mode,
                    Balances = [new Balance(Currency.Usdc, usdc)],
                },
            ],
        };
        var mandate = SizingCases.Mandate(SizingCases.Drift(2)) with
        {
            Candidates = ["BTC-PERPETUAL"],
            Survival = new SurvivalLimits(),
            Limits = new MandateLimits { InitialMargin = 0.1 },
        };
        var input = SizingCases.Input(EmbeddedMarket.Snapshot(), account, mandate) with { Scenarios = 500 };
        return Sizer.Size(Sizer.Prepare(input).Value);
    }

    [Fact]
    public void The_rule_and_not_its_bound_ends_the_size_and_nothing_is_called_proven()
    {
        var result = Size(200_000_000);
        Assert.Equal(DecisionStatus.Sized, result.Decision.Status);
        var pool = result.Prepared.PortfolioMargins[0]!;
        double[] continuous = TargetLines.Continuous(result.Solve!),
            target = result.Prepared.Current;
        foreach (var (line, trade) in result.Trades)
            target[line] += (double)trade;
        double Exact(double[] positions) => pool.Initial(result.Prepared, positions) / result.Prepared.Equity;
        double Bound(double[] positions) =>
            pool.Today.Bound(pool.Columns(result.Prepared, positions)) / result.Prepared.Equity;
        // The bound ends the continuous size below what the venue would allow.
        Assert.Equal(0.1, Bound(continuous), 1e-6);
        Assert.InRange(Exact(continuous), 0, 0.095);
        double asked = result.Decision.Limits.Single(limit => limit.Name == Limit).Value;
        Assert.Equal(Exact(target), asked, 1e-12);
        Assert.InRange(asked, 0.0999, 0.1 + 1e-9);
        Assert.True(Bound(target) > 0.1);
        Assert.True(result.Decision.GrowthRateAnnual > result.Decision.ContinuousGrowthRateAnnual);
        Assert.False(result.Decision.Certificate.LotsExact);
        Assert.Equal(0, result.Decision.Certificate.LotLoss);
    }

    [Fact]
    public void Where_the_bound_is_the_rule_the_size_is_that_of_the_bound()
    {
        var result = Size(1_000_000);
        double asked = result.Decision.Limits.Single(limit => limit.Name == Limit).Value;
        Assert.InRange(asked, 0.0999, 0.1 + 1e-9);
        Assert.True(result.Decision.GrowthRateAnnual <= result.Decision.ContinuousGrowthRateAnnual + 1e-12);
    }

    [Theory]
    [InlineData(20_000_000)]
    [InlineData(200_000_000)]
    public void Under_standard_margin_the_futures_own_rate_and_not_its_chord_ends_the_size(int usdc)
    {
        var result = Size(usdc, MarginMode.CrossStandard);
        Assert.Equal(DecisionStatus.Sized, result.Decision.Status);
        var prepared = result.Prepared;
        var (line, trade) = Assert.Single(result.Trades);
        var of = prepared.Lines[line];
        double contracts = (double)trade,
            home = prepared.Matrix.Prices!.Now(of.Instrument.Settlement) / prepared.Equity,
            exact = prepared.MarginNow[of.Column]!.Value.Initial(contracts) * home,
            bound = MarginChords.Initial(prepared, of, isLong: true) * contracts / prepared.Equity;
        double asked = result.Decision.Limits.Single(limit => limit.Name == Limit).Value;
        Assert.Equal(exact, asked, 1e-12);
        Assert.InRange(asked, 0, 0.1 + 1e-9);
        Assert.True(bound > asked);
        Assert.True(result.Decision.GrowthRateAnnual >= result.Decision.ContinuousGrowthRateAnnual - 1e-9);
        // The bound let in less; what ends the size is the rule itself, or that one lot more grows less.
        Assert.True(usdc < 200_000_000 || bound > 0.1);
        var problem = new LotProblem(result.Solve!);
        int lots = (int)(trade / of.Lot);
        double Growth(int of)
        {
            problem.MoveTo([of]);
            return problem.Solve.LotObjective();
        }
        double here = Growth(lots);
        Assert.Equal(0, problem.Solve.Evaluator.Violation());
        Assert.True(Growth(lots + 1) <= here || problem.Solve.Evaluator.Violation() > 0);
    }
}
