using Plimsoll.Markets;
using Plimsoll.Numerics;
using Plimsoll.Storage;

namespace Plimsoll.Sizing.Tests;

/// <summary>Interest on what is owed: premium of options that is paid in a coin that the account lacks.</summary>
public sealed class BorrowTests
{
    /// <summary>Options bought on a rise of volatility, paid in coin by an account of dollars and some coin.</summary>
    internal static SizingInput Input(double? rate, decimal coins) =>
        SizingCases.Input(
            EmbeddedMarket.Snapshot(),
            new Account
            {
                Subaccounts =
                [
                    new Subaccount
                    {
                        Name = "main",
                        Venue = "deribit",
                        MarginMode = MarginMode.CrossStandard,
                        Balances = [new Balance(Currency.Usdc, 500_000), new Balance(new Currency("BTC"), coins)],
                    },
                ],
            },
            SizingCases.Mandate(SizingCases.HighVolatility(0.9)) with
            {
                Candidates = ["BTC-26JUN26-7*"],
                Assumptions = new Assumptions(Funding8h: 0.0001, PerpetualSpread: 0.0002, BorrowAnnual: rate),
            }
        ) with
        {
            Scenarios = 1_000,
        };

    static (PreparedSizing Prepared, ContinuousSolve Solve) Solved(SizingInput input)
    {
        var prepared = Sizer.Prepare(input).Value;
        var solve = ContinuousSolve.Of(prepared);
        Assert.Equal(SolveStatus.Optimal, solve.Solution.Status);
        return (prepared, solve);
    }

    /// <summary>Premium of the book, home currency.</summary>
    static double Premium(PreparedSizing prepared, ContinuousSolve solve) =>
        Enumerable
            .Range(0, prepared.Lines.Length)
            .Sum(i => solve.Evaluator.Positions[i] * prepared.Matrix.ValueNow[prepared.Lines[i].Column]);

    [Fact]
    public void Wealth_pays_the_interest_on_the_premium_that_is_owed_and_less_is_bought()
    {
        const double rate = 0.5;
        var (prepared, free) = Solved(Input(null, 0.01m));
        var (dear, paying) = Solved(Input(rate, 0.01m));
        double coin = 0.01 * prepared.Matrix.Prices!.Now(new Currency("BTC"));
        double before = Premium(prepared, free),
            after = Premium(dear, paying);
        Assert.True(before > 2 * coin, $"the account must owe something: {before}");
        Assert.InRange(after, coin, 0.999 * before);
        Assert.True(paying.Solution.Objective < free.Solution.Objective);
        // The same book valued by both programs: wealth differs by the interest and by nothing else.
        free.Evaluator.MoveTo(paying.Solution.Position);
        double interest = rate * prepared.Mandate.Horizon.Value * (after - coin) / prepared.Equity;
        Assert.All(
            free.Evaluator.GrowthWealth().Zip(paying.Evaluator.GrowthWealth()),
            pair => Assert.Equal(interest, pair.First - pair.Second, 1e-12)
        );
        Assert.Contains("borrow 50% a year on balances below zero", dear.Assumptions);
    }

    [Fact]
    public void Nothing_is_paid_while_the_coin_lasts()
    {
        var (_, free) = Solved(Input(null, 5));
        var (dear, paying) = Solved(Input(0.5, 5));
        Assert.True(Premium(dear, paying) > 0);
        Assert.Equal(free.Solution.Objective, paying.Solution.Objective, 1e-12);
    }

    [Fact]
    public void A_debt_of_today_is_paid_for_without_any_trade()
    {
        var (prepared, solve) = Solved(Input(0.2, -1));
        var debt = Assert.Single(prepared.Borrowings);
        Assert.Equal(
            0.2 * prepared.Mandate.Horizon.Value * prepared.Matrix.Prices!.Now(new Currency("BTC")) / prepared.Equity,
            debt.Of(_ => 0),
            1e-15
        );
        solve.Evaluator.MoveTo(new double[solve.Parts.Legs.Length]);
        Assert.Equal(solve.Parts.EdgeBase[0] - debt.Of(_ => 0), solve.Evaluator.GrowthWealth()[0], 1e-12);
    }
}
