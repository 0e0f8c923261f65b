using Plimsoll.Markets;
using Plimsoll.Sizing;
using Plimsoll.TestSupport;

namespace Plimsoll.Methods.Tests;

/// <summary>Spread, fee, impact and funding hold back every method's trades.</summary>
public sealed class NoTradeTests
{
    static readonly Lazy<PreparedSizing> Base = new(() => MethodCases.WithBars(market => market));

    public static TheoryData<string> Keys() =>
        [.. SizingMethods.All.Select(method => method.Key).Where(key => key != "growth")];

    /// <summary><c>growth</c> has every cost in its objective; its test is that dear halves are not traded.</summary>
    [Theory, MemberData(nameof(Keys))]
    public void Every_method_trades_nothing_where_cost_outweighs_gain_and_all_where_gain_does(string key)
    {
        Assert.SkipUnless(MethodCases.Present, Golden.Absent);
        var full = Proposed(key, 0);
        double before = 0;
        foreach (double aversion in new[] { 1e-6, 1, 10, 10_000 })
        {
            var held = Proposed(key, aversion);
            Assert.Contains(held.Notes, note => note.StartsWith("no-trade region: turnover", StringComparison.Ordinal));
            double turnover = Turnover(held.Contracts);
            Assert.True(turnover >= before - 1e-9, $"{key} at {aversion}: {turnover} after {before}");
            before = turnover;
            if (aversion == 1e-6)
                Assert.All(held.Contracts, contracts => Assert.Equal(0, contracts, 1e-6));
        }
        Assert.InRange(before, 0.99 * Turnover(full.Contracts), Turnover(full.Contracts) * (1 + 1e-9));
    }

    /// <summary>γσ²(f* − f) = h + φ + 3/2·k·√f: the last unit's gain is its spread, fee, funding and impact.</summary>
    [Theory, InlineData("long"), InlineData("short")]
    public void The_last_contract_gains_what_it_costs(string side)
    {
        Assert.SkipUnless(MethodCases.Present, Golden.Absent);
        const double aversion = 3;
        const double impact = 1e-4;
        var prepared = Base.Value with { Lines = [.. Base.Value.Lines.Select(line => line with { Impact = impact })] };
        var settings = MethodSettings
            .Defaults.With(MethodParameters.Universe, ["BTC-PERPETUAL"])
            .With(MethodParameters.Side, side);
        var problem = MethodProblem.Of(prepared, settings).Value;
        double wanted = Assert.Single(new EqualWeight().Propose(problem).Contracts);
        double found = Assert.Single(
            MethodSizer
                .Size(prepared, new EqualWeight(), settings.With(MethodParameters.NoTrade, aversion))
                .Value.Proposal.Contracts
        );
        var line = problem.Line(0);
        bool isLong = side == "long";
        Assert.Equal(isLong, found > 0);
        Assert.InRange(Math.Abs(found), 0.1 * Math.Abs(wanted), 0.99 * Math.Abs(wanted));
        double paid = problem.Prepared.FundingPaidByLong(line);
        Assert.True(paid > 0);
        double gain = aversion * problem.Equity * Variance(problem) * (Math.Abs(wanted) - Math.Abs(found));
        double each =
            line.OpeningShare * problem.Cost(0, isLong)!.Value
            + (isLong ? paid : 0)
            + 1.5 * line.OpeningShare * impact * Math.Sqrt(Math.Abs(found));
        Assert.Equal(each, gain, 1e-6 * each);
    }

    /// <summary>The same of a bought option: interest where its premium is owed, none where the coin is there.</summary>
    [Theory, InlineData(0, true), InlineData(1000, false)]
    public void The_last_option_gains_its_interest_too(int coins, bool owes)
    {
        Assert.SkipUnless(MethodCases.Present, Golden.Absent);
        const double aversion = 3,
            rate = 0.5;
        var input = Base.Value.Input;
        var account = input.Account.Subaccounts[0];
        var prepared = Base.Value with
        {
            Input = input with
            {
                Account = input.Account with
                {
                    Subaccounts =
                    [
                        account with
                        {
                            Balances = [.. account.Balances, new Balance(new Currency("BTC"), coins)],
                        },
                    ],
                },
            },
            Mandate = Base.Value.Mandate with
            {
                Assumptions = Base.Value.Mandate.Assumptions with { BorrowAnnual = rate },
            },
            Lines = [.. Base.Value.Lines.Select(line => line with { Impact = 0 })],
        };
        string option = prepared
            .Lines.Where(line =>
                line.IsCandidate && line.Instrument is OptionInstrument { Underlying: "BTC", Right: OptionRight.Call }
            )
            .MinBy(line => (line.Cost.Buy?.Home ?? double.PositiveInfinity) / prepared.Matrix.ValueNow[line.Column])!
            .Name;
        var settings = MethodSettings.Defaults.With(MethodParameters.Universe, [option]);
        var problem = MethodProblem.Of(prepared, settings).Value;
        double wanted = Assert.Single(new EqualWeight().Propose(problem).Contracts);
        double found = Assert.Single(
            MethodSizer
                .Size(prepared, new EqualWeight(), settings.With(MethodParameters.NoTrade, aversion))
                .Value.Proposal.Contracts
        );
        var line = problem.Line(0);
        double interest = owes ? rate * prepared.Mandate.Horizon.Value * prepared.Matrix.ValueNow[line.Column] : 0;
        double each = line.OpeningShare * problem.Cost(0, true)!.Value + interest;
        double gain = aversion * problem.Equity * Variance(problem) * (wanted - found);
        Assert.InRange(found, 0.01 * wanted, 0.9999 * wanted);
        Assert.Equal(each, gain, 1e-6 * each);
    }

    /// <summary>One instrument that is held as wanted: only what holding costs draws it back, and never past nothing.</summary>
    [Theory]
    [InlineData(1, 0.01, 0.75)]
    [InlineData(1, 0.1, 0)]
    [InlineData(1, -0.01, 1)]
    [InlineData(-1, 0.01, -1)]
    [InlineData(-1, -0.01, -0.75)]
    [InlineData(-1, -0.1, 0)]
    public void Funding_is_paid_by_its_side_alone(double held, double paidByLong, double left)
    {
        using var covariance = new Numerics.SymmetricMatrix(1);
        covariance[0, 0] = 0.02;
        var (book, report) = NoTradeRegion.Solve([0.04 * held], covariance, 2, [held], [0], [0], [0], [paidByLong]);
        Assert.True(report.Converged, report.Reason);
        Assert.Equal(left, book[0], 1e-9);
    }

    /// <summary>Of a contract's gain, in units of equity squared.</summary>
    static double Variance(MethodProblem problem)
    {
        using var covariance = CovarianceEstimate.Sample(problem.Gain, problem.RiskWeights);
        return covariance[0, 0] / problem.Equity / problem.Equity;
    }

    static MethodProposal Proposed(string key, double aversion)
    {
        var settings = MethodSettings.Defaults.With(MethodParameters.NoTrade, aversion);
        var result = MethodSizer.Size(Base.Value, SizingMethods.Find(key)!, settings).Value;
        Assert.True(result.Proposal.Succeeded, string.Join("; ", result.Proposal.Refusals));
        return result.Proposal;
    }

    static double Turnover(IEnumerable<double> contracts)
    {
        var problem = MethodProblem.Of(Base.Value, MethodSettings.Defaults).Value;
        return contracts.Select((q, i) => Math.Abs(q) * problem.Notional[i]).Sum() / problem.Equity;
    }
}
