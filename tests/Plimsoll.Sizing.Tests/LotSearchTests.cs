using Plimsoll.Markets;
using Plimsoll.TestSupport;

namespace Plimsoll.Sizing.Tests;

/// <summary>Whole lots against exhaustive search, and what holds of every answer.</summary>
public sealed class LotSearchTests
{
    const int Reach = 12;

    [Fact]
    public void Branch_and_bound_finds_what_exhaustive_search_finds()
    {
        Assert.SkipUnless(SizingCases.Chains.Length > 60, Golden.Absent);
        var solve = ContinuousSolve.Of(Small(0.02));
        var (book, exact) = LotSearch.Run(solve);
        Assert.True(exact);
        Assert.Equal(0, book.Violation);
        Assert.Contains(book.Lots, lots => lots != 0);
        var problem = new LotProblem(solve);
        LotBook best = problem.Evaluate(new int[problem.Lines.Length], null)!;
        var lots = new int[problem.Lines.Length];
        Assert.Equal(2, lots.Length);
        for (lots[0] = Math.Max(problem.Low[0], -Reach); lots[0] <= Math.Min(problem.High[0], Reach); lots[0]++)
        for (lots[1] = Math.Max(problem.Low[1], -Reach); lots[1] <= Math.Min(problem.High[1], Reach); lots[1]++)
            best = problem.Evaluate(lots, best) ?? best;
        Assert.Equal(best.Lots, book.Lots);
        Assert.All(book.Lots, chosen => Assert.True(Math.Abs(chosen) < Reach, "the optimum lies inside the search"));
    }

    [Fact]
    public void Tighter_limit_never_raises_the_continuous_objective()
    {
        Assert.SkipUnless(SizingCases.Chains.Length > 60, Golden.Absent);
        double[] objectives =
        [
            .. new[] { 0.005, 0.01, 0.02, 0.04 }.Select(limit => ContinuousSolve.Of(Small(limit)).Solution.Objective),
        ];
        for (int i = 1; i < objectives.Length; i++)
            Assert.True(objectives[i] >= objectives[i - 1] - 1e-12, $"{objectives[i]:R} after {objectives[i - 1]:R}");
        Assert.True(objectives[^1] > objectives[0], "the limit must matter");
    }

    [Fact]
    public void Answer_does_not_depend_on_the_number_of_threads()
    {
        Assert.SkipUnless(SizingCases.Chains.Length > 60, Golden.Absent);
        var one = ContinuousSolve.Of(Small(0.02, threads: 1));
        var two = ContinuousSolve.Of(Small(0.02, threads: 2));
        Assert.Equal(one.Solution.Objective, two.Solution.Objective);
        Assert.True(one.Solution.Position.AsSpan().SequenceEqual(two.Solution.Position));
    }

    /// <summary>Two liquid options, a small account, and a limit on gamma.</summary>
    static PreparedSizing Small(double gamma, int threads = 1)
    {
        var market = SizingCases.Chain(SizingCases.Chains[60]);
        string[] names =
        [
            .. market
                .Quotes.Where(quote =>
                    quote is { Instrument: OptionInstrument { Underlying: "BTC" }, IsTwoSided: true }
                    && quote.Instrument.SettlesAt > market.AsOf.AddDays(5)
                    && quote.Ask < 1.04m * quote.Bid
                    && quote.DailyVolumeContracts > 50
                )
                .Select(quote => quote.Instrument.Name)
                .Take(2),
        ];
        var mandate = SizingCases.Mandate(SizingCases.HighVolatility(1.5)) with
        {
            Candidates = [.. names],
            Limits = new MandateLimits { Greeks = new GreekLimits(0.3, gamma, null, null) },
        };
        var input = SizingCases.Input(market, SizingCases.AllIn(Currency.Usd, 40_000), mandate);
        return Sizer.Prepare(input with { Scenarios = 1_000, Threads = threads }).Value;
    }
}
