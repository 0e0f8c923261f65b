using Plimsoll.Markets;
using Plimsoll.Sizing;
using Plimsoll.Storage;
using Plimsoll.TestSupport;

namespace Plimsoll.Methods.Tests;

/// <summary>Known wrong answers of other libraries that have no golden row: each must not happen here.</summary>
/// <remarks>The rows with golden numbers stand in the tests of their method; docs/comparison.md names both.</remarks>
public sealed class KnownTrapTests
{
    static readonly Lazy<PreparedSizing> Prepared = new(() =>
        MethodCases.Prepare(60, MethodCases.Mandate(MethodCases.Drift), MethodCases.Dollars(1_000_000))
    );

    /// <summary>A coin that is to rise and one that is to fall.</summary>
    static readonly Lazy<PreparedSizing> LongShort = new(() =>
        MethodCases.WithBars(
            market => market,
            views:
            [
                MethodCases.Drift,
                new DriftView
                {
                    Underlying = "ETH",
                    Confidence = 1,
                    AnnualDrift = -0.5,
                },
            ]
        )
    );

    public static TheoryData<string> Weighted() =>
        [.. SizingMethods.All.OfType<WeightMethod>().Select(method => method.Key)];

    /// <summary>
    /// LEAN issue 4120 and Riskfolio-Lib issue 227: a budget on the net sum lets a long-short book be any size gross.
    /// </summary>
    [Theory, MemberData(nameof(Weighted))]
    public void The_budget_is_gross_so_that_shorts_do_not_pay_for_longs(string key)
    {
        Assert.SkipUnless(MethodCases.Present, Golden.Absent);
        foreach (double exposure in new[] { 0.5, 3 })
        {
            var settings = MethodSettings.Defaults.With(WeightMethod.Exposure, exposure);
            var problem = MethodProblem.Of(LongShort.Value, settings).Value;
            var proposal = SizingMethods.Find(key)!.Propose(problem);
            Assert.True(proposal.Succeeded, string.Join("; ", proposal.Refusals));
            double[] notional = [.. proposal.Contracts.Select((q, i) => q * problem.Notional[i])];
            Assert.True(notional.All(held => held != 0), $"{key} holds one side: {string.Join(", ", notional)}");
            Assert.Equal(2, notional.Select(Math.Sign).Distinct().Count());
            Assert.Equal(exposure, notional.Sum(Math.Abs) / problem.Equity, 1e-9);
        }
    }

    /// <summary>skfolio issue 141 and Riskfolio-Lib issue 49: hierarchical weights beyond the limit that was given.</summary>
    [Theory, InlineData("hierarchical-risk-parity"), InlineData("cluster-risk-parity"), InlineData("risk-parity")]
    public void Hierarchies_stay_within_a_limit_on_each_contract(string key)
    {
        Assert.SkipUnless(MethodCases.Present, Golden.Absent);
        var settings = MethodSettings.Defaults.With(WeightMethod.Exposure, 2);
        var free = MethodSizer.Size(Prepared.Value, SizingMethods.Find(key)!, settings).Value.Decision;
        var mandate = MethodCases.Mandate(MethodCases.Drift) with
        {
            Limits = new MandateLimits { InitialMargin = 0.6, ContractStandaloneWorstCase = 0.01 },
        };
        var prepared = MethodCases.Prepare(60, mandate, MethodCases.Dollars(1_000_000));
        var tight = MethodSizer.Size(prepared, SizingMethods.Find(key)!, settings).Value.Decision;
        Assert.Equal(DecisionStatus.Sized, tight.Status);
        Assert.All(tight.Limits, line => Assert.True(line.Value <= line.Limit + 1e-6, $"{key}: {line.Name}"));
        Assert.True(Contracts(tight) < Contracts(free), $"{key}: {Contracts(tight)} of {Contracts(free)}");
    }

    static decimal Contracts(Decision decision) => decision.Targets.Sum(line => Math.Abs(line.Target));

    /// <summary>nautilus_trader before pull request 4699: a multiplier of 1,000 left out makes 10,000 of 10.</summary>
    [Fact]
    public void A_contract_is_as_large_as_its_multiplier()
    {
        var terms = ContractsFile.Deribit.Instrument(DeribitNames.Parse("BTC_USDC-PERPETUAL", out _)!)!;
        var contract = (PerpetualInstrument)terms with { ContractSize = 1_000, Fees = new FeeSchedule(0, 0, 0, null) };
        double loss = StopLoss.OfFuture(contract, Side.Buy, 10, 9, 0);
        Assert.Equal(10, 0.01 * 1_000_000 / loss, 1e-9);
    }

    /// <summary>
    /// hummingbot issues 6839, 8168 and 2834: 500 of notional on 400 of collateral refused at tenfold leverage, and
    /// orders that grow with each pass.
    /// </summary>
    [Fact]
    public void Notional_beyond_the_collateral_is_held_once_and_does_not_grow()
    {
        Assert.SkipUnless(MethodCases.Present, Golden.Absent);
        var sized = Perpetual(400, 1.25, []);
        var line = Assert.Single(sized.Targets);
        Assert.Equal(50, line.Target);
        var again = Perpetual(400, 1.25, [new Position(line.Instrument, line.Target, null)]);
        Assert.Equal(0, Assert.Single(again.Targets).Trade);
    }

    /// <summary>PyPortfolioOpt issue 383: an assertion failed where the cost was the cash to the last digit.</summary>
    [Fact]
    public void A_book_may_be_worth_the_whole_equity_to_the_last_digit()
    {
        Assert.SkipUnless(MethodCases.Present, Golden.Absent);
        Assert.Equal(10_000, Assert.Single(Perpetual(100_000, 1, []).Targets).Target);
    }

    static Decision Perpetual(decimal dollars, double exposure, Position[] positions)
    {
        var mandate = MethodCases.Mandate() with { Survival = new SurvivalLimits() };
        var prepared = MethodCases.Prepare(60, mandate, MethodCases.Dollars(dollars, [.. positions]));
        var settings = MethodSettings
            .Defaults.With(MethodParameters.Universe, ["BTC-PERPETUAL"])
            .With(EqualWeight.Exposure, exposure);
        var result = MethodSizer.Size(prepared, new EqualWeight(), settings).Value;
        Assert.True(result.Decision.Status == DecisionStatus.Sized, string.Join("; ", result.Decision.Missing));
        return result.Decision;
    }
}
