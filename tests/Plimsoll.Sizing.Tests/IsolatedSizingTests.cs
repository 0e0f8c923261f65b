using System.Text.Json.Nodes;
using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Risk;

namespace Plimsoll.Sizing.Tests;

/// <summary>Isolated positions in a sizing: held as they are, their loss ended by their margin, outside margin limits.</summary>
public sealed class IsolatedSizingTests
{
    const string Isolated = "BTC_USDC-PERPETUAL";
    const decimal Margin = 10_000;

    static SizingInput Input(decimal contracts)
    {
        var input = VenueSizingTests.Input("hyperliquid", SizingCases.Drift(0.6));
        return input with
        {
            Account = input.Account with
            {
                Subaccounts =
                [
                    input.Account.Subaccounts[0] with
                    {
                        Positions = [new Position(Isolated, contracts, null) { IsolatedMargin = Margin }],
                    },
                ],
            },
            Mandate = input.Mandate with
            {
                Survival = input.Mandate.Survival with
                {
                    ExpectedShortfall = new ExpectedShortfallLimit(0.99, 0.08),
                    WorstCase = new WorstCaseLimit(0.9, 0.25, 4, false),
                },
            },
        };
    }

    /// <summary>Short about two coins on ten thousand dollars: a rise of 7% takes the margin.</summary>
    internal static SizingInput Short()
    {
        var instrument = Input(-1).Market.Quotes.Single(quote => quote.Instrument.Name == Isolated).Instrument;
        return Input(-2 / instrument.ContractSize);
    }

    [Fact]
    public void It_is_held_as_it_is_and_no_limit_on_margin_looks_at_its_pool()
    {
        var input = Short();
        var decision = Sizer.Decide(input);
        Assert.Equal(DecisionStatus.Sized, decision.Status);
        var own = decision.Targets.Single(line => line.Instrument == Isolated);
        Assert.Equal(($"main/isolated/{Isolated}", 0m), (own.Subaccount, own.Trade));
        Assert.Equal(["stays: isolated margin: held as it is"], own.Reasons);
        Assert.Contains(decision.Targets, line => line.Trade != 0 && line.Subaccount == "main");
        Assert.DoesNotContain(decision.Limits, line => line.Name.Contains("isolated", StringComparison.Ordinal));
        Assert.Contains(decision.Limits, line => line.Name == "limits.initial-margin[main]");
        Assert.Contains(
            decision.Warnings,
            line =>
                line.StartsWith(
                    $"main/isolated/{Isolated}: its loss ends with its own margin of 10000 USDC",
                    StringComparison.Ordinal
                ) && line.EndsWith("the sizing holds it as it is", StringComparison.Ordinal)
        );
        // Its cash counts as wealth.
        Assert.Equal(260_000, decision.Equity, 1);
    }

    [Fact]
    public void A_coin_that_the_venue_takes_isolated_alone_is_not_opened_across_the_account()
    {
        var figures = JsonNode.Parse(VenueParameters.Shipped("venues/hyperliquid/margin.json"))!;
        figures["only_isolated"] = new JsonArray("BTC");
        var open = VenueSizingTests.Input("hyperliquid", SizingCases.Drift(0.6));
        var input = open with
        {
            Account = open.Account with
            {
                Subaccounts =
                [
                    open.Account.Subaccounts[0] with
                    {
                        MarginParameters = new MarginFile("isolated.json", figures.ToJsonString()),
                    },
                ],
            },
        };
        var decision = Sizer.Decide(input);
        Assert.Equal(DecisionStatus.Sized, decision.Status);
        Assert.DoesNotContain(decision.Targets, line => line.Instrument == Isolated && line.Trade != 0);
        Assert.Contains(Sizer.Decide(open).Targets, line => line.Instrument == Isolated && line.Trade != 0);
        Assert.Equal(
            "hyperliquid takes it with a margin of its own alone",
            Sizer.Prepare(input).Value.Lines.Single(line => line.Name == Isolated).ScreenedBecause
        );
    }

    [Fact]
    public void Its_loss_ends_with_its_margin_in_the_law_and_in_the_stress_set()
    {
        var input = Short();
        var prepared = Sizer.Prepare(input).Value;
        var line = prepared.Lines.Single(each => each.Name == Isolated);
        Assert.Equal((line.CurrentContracts, line.CurrentContracts), (line.Low, line.High));
        int ended = 0;
        foreach (
            var (matrix, collateral) in ((PnlMatrix, double[])[])
                [(prepared.Matrix, prepared.Collateral), (prepared.StressMatrix, prepared.StressCollateral)]
        )
            for (int s = 0; s < collateral.Length; s++)
            {
                double gain = line.CurrentContracts * matrix.Gain[s, line.Column],
                    wealth = collateral[s] + gain;
                // The rest of the account is 250,000 dollars of cash.
                double maintenance = 2 * Price(matrix, line, s) / 80;
                double expected = (double)Margin + gain < maintenance ? 250_000 : 250_000 + (double)Margin + gain;
                Assert.Equal(expected, wealth, 1e-6);
                ended += expected == 250_000 ? 1 : 0;
            }
        Assert.True(ended > 10, $"{ended}: hardly any scenario ends it, the test proves little");
    }

    static double Price(PnlMatrix matrix, SizingLine line, int s) =>
        (double)line.Quote.Mark!.Value * Math.Exp(matrix.Scenarios.Of("BTC").LogReturn[s]);

    /// <summary>Over the tail range and by contract it counts its margin, which no trade could mend.</summary>
    [Fact]
    public void Limits_that_look_beyond_the_law_count_its_margin_and_no_more()
    {
        var input = Short();
        input = input with
        {
            Mandate = input.Mandate with
            {
                Survival = input.Mandate.Survival with { WorstCase = new WorstCaseLimit(0.25, 0.25, 4, false) },
                Limits = input.Mandate.Limits with
                {
                    UnderlyingWorstCase = 0.2,
                    RiskUnitWorstCase = 0.2,
                    ContractStandaloneWorstCase = 0.2,
                },
            },
        };
        var decision = Sizer.Decide(input);
        Assert.Equal(DecisionStatus.Sized, decision.Status);
        double share = (double)Margin / decision.Equity;
        foreach (
            string name in (string[])
                [
                    "survival.worst-case.tail-range[BTC]",
                    "limits.underlying-worst-case[BTC]",
                    $"limits.contract-standalone-worst-case[{Isolated}]",
                ]
        )
            Assert.Equal(share, decision.Limits.Single(line => line.Name == name).ValueBefore, 1e-6);
    }

    /// <summary>Risk before and after says the same of the loss as the limits do.</summary>
    [Fact]
    public void Report_and_sizing_agree()
    {
        var input = Short();
        var decision = Sizer.Decide(input);
        double equity = decision.Equity;
        var report = AccountRisk.Report(RiskRequests.Of(input, []).Value);
        double shortfall = report.Before!.Figures.Single(one => one.Key == "expected_shortfall[99%]").Value!.Value;
        var limit = decision.Limits.Single(line => line.Name == "survival.expected-shortfall");
        Assert.Equal(shortfall / equity, limit.ValueBefore, 1e-9);
        double worst = report.Before.Figures.Single(one => one.Key == "worst_stress").Value!.Value;
        Assert.Equal((double)Margin, worst, 1e-6);
        Assert.Equal(
            worst / equity,
            decision.Limits.Single(line => line.Name == "survival.worst-case").ValueBefore,
            1e-9
        );
    }
}
