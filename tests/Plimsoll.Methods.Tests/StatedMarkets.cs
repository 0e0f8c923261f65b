using Plimsoll.Markets;
using Plimsoll.Numerics;
using Plimsoll.Sizing;
using Plimsoll.Storage;

namespace Plimsoll.Methods.Tests;

/// <summary>Methods run whole, from a prepared input to a proposal, on the built-in market made small.</summary>
/// <remarks>One perpetual is open, the account flat; no limit of the mandate.</remarks>
static class StatedMarkets
{
    const string Linear = "BTC_USDC-PERPETUAL";
    const string Inverse = "BTC-PERPETUAL";
    const int Scenarios = 1_000;

    /// <summary>
    /// <c>growth</c> at full Kelly on a linear perpetual that costs nothing to trade or to hold and has two outcomes;
    /// the notional of its proposal as a share of equity, before lots.
    /// </summary>
    /// <param name="probability">Of the gain; whole thousandths.</param>
    /// <param name="gain">Share of the notional won.</param>
    /// <param name="loss">Share of the notional lost.</param>
    public static double GrowthShare(double probability, double gain, double loss)
    {
        var (basis, line) = Prepare(MethodCases.Dollars(100_000_000), Linear);
        var problem = MethodProblem
            .Of(WithOutcomes(basis, line, probability, gain, loss), MethodSettings.Defaults)
            .Value;
        return Contracts("growth", problem) * problem.Notional[0] / problem.Equity;
    }

    /// <summary><c>fixed-risk</c>: contracts bought of an inverse perpetual of 10 USD without fees.</summary>
    /// <param name="coins">Equity, BTC.</param>
    /// <param name="risk">Share of it lost at the stop.</param>
    /// <param name="entry">Price of the entry, USD.</param>
    /// <param name="stop">Share of the entry below it.</param>
    public static double FixedRiskContracts(decimal coins, double risk, decimal entry, double stop)
    {
        var (basis, line) = Prepare(Coins(coins), Inverse);
        var free = new PerpetualInstrument(line.Instrument, line.Name)
        {
            Fees = line.Instrument.Fees with { TakerRate = 0 },
        };
        var prepared = basis with
        {
            Lines = [line with { Quote = line.Quote with { Instrument = free, Mark = entry } }],
        };
        var settings = MethodSettings
            .Defaults.With(FixedRisk.Risk, risk)
            .With(FixedRisk.Stop, stop)
            .With(MethodParameters.Side, "long");
        return Contracts("fixed-risk", MethodProblem.Of(prepared, settings).Value);
    }

    static PreparedSizing WithOutcomes(
        PreparedSizing basis,
        SizingLine line,
        double probability,
        double gain,
        double loss
    )
    {
        int column = line.Column;
        double notional = NotionalOf(basis, line);
        double[] law = [.. Enumerable.Repeat(1.0 / Scenarios, basis.Scenarios.Count)];
        var outcomes = new ColumnMatrix(law.Length, basis.Matrix.Gain.Columns);
        int wins = (int)Math.Round(probability * law.Length);
        for (int s = 0; s < law.Length; s++)
            outcomes[s, column] = notional * (s < wins ? gain : -loss);
        var (shift, edge) = (new double[outcomes.Columns], new double[outcomes.Columns]);
        edge[column] = notional * (probability * gain - (1 - probability) * loss);
        return basis with
        {
            Matrix = basis.Matrix with { Gain = outcomes, FundingPaidByLong = [] },
            Law = ViewLaw.Without(law),
            Collateral = [.. law.Select(_ => basis.Equity)],
            Edge = new EdgeAdjustment
            {
                Shift = shift,
                Edge = edge,
                CollateralShift = 0,
            },
            Lines = [line with { Cost = new TradingCost(new SideCost(0, 1), new SideCost(0, 1), null), Impact = 0 }],
        };
    }

    static double NotionalOf(PreparedSizing basis, SizingLine line) =>
        Notional.PerContractUsd(line.Instrument, basis.Input.Market.Find(line.Instrument.Underlying)!.IndexUsd)
        * basis.Matrix.Prices!.Now(Currency.Usd);

    /// <summary>What a method proposes on the only instrument there is.</summary>
    static double Contracts(string key, MethodProblem problem)
    {
        var proposal = SizingMethods.Find(key)!.Propose(problem);
        Assert.True(proposal.Succeeded, string.Join("; ", proposal.Refusals));
        return Assert.Single(proposal.Contracts);
    }

    static (PreparedSizing Basis, SizingLine Line) Prepare(Account account, string name)
    {
        var input = new SizingInput
        {
            Market = EmbeddedMarket.Snapshot(),
            Account = account,
            Mandate = new Mandate { KellyFraction = 1, Candidates = [name] },
            Scenarios = Scenarios,
            Explain = false,
        };
        var basis = MethodSizer.Prepare(input).Value;
        return (basis, basis.Lines.Single(line => line.Name == name));
    }

    static Account Coins(decimal amount) =>
        new()
        {
            HomeCurrency = new Currency("BTC"),
            Subaccounts =
            [
                new Subaccount
                {
                    Name = "main",
                    Venue = "deribit",
                    MarginMode = MarginMode.SegregatedStandard,
                    Balances = [new Balance(new Currency("BTC"), amount)],
                },
            ],
        };
}
