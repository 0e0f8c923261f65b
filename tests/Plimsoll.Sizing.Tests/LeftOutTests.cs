using Plimsoll.Markets;
using Plimsoll.Numerics;
using Plimsoll.TestSupport;

namespace Plimsoll.Sizing.Tests;

/// <summary>Instruments left out by number are priced, and taken in where they would add something.</summary>
public sealed class LeftOutTests
{
    static PreparedSizing Prepared()
    {
        Assert.SkipUnless(SizingCases.Chains.Length > 60, Golden.Absent);
        var market = SizingCases.Chain(SizingCases.Chains[60]);
        var account = SizingCases.AllIn(Currency.Usd, 1_000_000);
        var mandate = SizingCases.Mandate(SizingCases.HighVolatility(0.9));
        return Sizer.Prepare(SizingCases.Input(market, account, mandate) with { Scenarios = 1_000 }).Value;
    }

    /// <summary>The same problem with chosen candidates left out as if by number.</summary>
    static PreparedSizing Without(PreparedSizing prepared, Func<int, bool> isOut) =>
        prepared with
        {
            Lines =
            [
                .. prepared.Lines.Select(
                    (line, i) =>
                        line is { IsCandidate: true, Instrument: OptionInstrument } && isOut(i)
                            ? line with
                            {
                                IsCandidate = false,
                                ScreenedBecause = LeftOut.Because,
                            }
                            : line
                ),
            ],
        };

    static ContinuousSolve Candidates(PreparedSizing prepared) =>
        ContinuousSolve.Of(
            prepared,
            Leg.Of(prepared.Lines, Enumerable.Range(0, prepared.Lines.Length).Where(i => prepared.Lines[i].IsCandidate))
        );

    [Fact]
    public void Optimum_over_the_whole_chain_is_found_though_the_instruments_that_matter_were_left_out()
    {
        var prepared = Prepared();
        // All that pass the screen are candidates here, those beyond the number too.
        var whole = prepared with
        {
            Lines =
            [
                .. prepared.Lines.Select(line =>
                    line.ScreenedBecause == LeftOut.Because ? line with { IsCandidate = true } : line
                ),
            ],
        };
        var direct = Candidates(whole);
        Assert.Equal(SolveStatus.Optimal, direct.Solution.Status);
        var traded = direct
            .Parts.Legs.Where((_, j) => direct.Solution.Position[j] > 1e-9)
            .Select(leg => leg.Line)
            .ToHashSet();
        var poor = Without(prepared, traded.Contains);
        double gain = direct.Solution.Objective - direct.Solution.ReferenceObjective;
        double lost = direct.Solution.Objective - Candidates(poor).Solution.Objective;
        Assert.True(lost > 0.02 * gain, $"what was left out must matter: {lost} of {gain}");
        var generated = ContinuousSolve.Of(poor);
        Assert.Equal(SolveStatus.Optimal, generated.Solution.Status);
        Assert.InRange(
            generated.Solution.Objective,
            direct.Solution.Objective - 2e-4 * gain,
            direct.Solution.Objective + direct.Solution.Gap
        );
    }

    [Fact]
    public void No_instrument_left_out_adds_more_than_its_price_says()
    {
        var prepared = Prepared();
        int[] candidates =
        [
            .. Enumerable
                .Range(0, prepared.Lines.Length)
                .Where(i => prepared.Lines[i] is { IsCandidate: true, Instrument: OptionInstrument }),
        ];
        var outside = candidates.Where((_, c) => c % 2 == 0).ToHashSet();
        var poor = Without(prepared, outside.Contains);
        var solve = Candidates(poor);
        int[] chosen = [.. solve.Parts.Legs.Select(leg => leg.Line).Distinct()];
        var priced = LeftOut.Price(solve, chosen);
        Assert.True(outside.IsSubsetOf(priced.Select(line => line.Line)));
        int gained = 0;
        foreach (var line in priced.Take(4).Concat(priced.TakeLast(2)))
        {
            var with = ContinuousSolve.Of(poor, Leg.Of(poor.Lines, chosen.Append(line.Line).Order()));
            double more = with.Solution.Objective - solve.Solution.Objective;
            string name = prepared.Lines[line.Line].Name;
            Assert.True(
                more <= line.Gain + solve.Solution.Gap + 1e-12,
                $"{name}: {more:E2} but at most {line.Gain:E2}"
            );
            gained += more > 1e-9 ? 1 : 0;
        }
        Assert.True(gained > 0, "some instrument left out must add something for the bound to be tried");
    }

    [Fact]
    public void Prices_over_the_rows_that_count_are_those_over_all_rows()
    {
        var prepared = Prepared();
        var outside = Enumerable
            .Range(0, prepared.Lines.Length)
            .Where(i => prepared.Lines[i] is { IsCandidate: true, Instrument: OptionInstrument } && i % 2 == 0)
            .ToHashSet();
        var poor = Without(prepared, outside.Contains);
        var solve = Candidates(poor);
        var legs = Leg.Of(poor.Lines, outside.Order());
        var (program, prices) = solve.Columns(legs);
        double[] quick = prices.LargestGains(program);
        // The whole program over the same legs, with every row that the solve came to know.
        var parts = new ProgramParts(poor, legs);
        foreach (var rule in LimitRule.All)
            rule.AddTo(parts);
        var whole = parts.Build(program.Objective);
        foreach (var (limit, row) in solve.Parts.Added)
            whole = ContinuousSolve.WithRow(whole, limit, row(parts));
        double[] slow = solve.Solution.Prices!.LargestGains(whole);
        for (int j = 0; j < legs.Length; j++)
            Assert.Equal(slow[j], quick[j], 1e-12 * (1e-3 + Math.Abs(slow[j])));
        Assert.Contains(quick, gain => gain > 0);
    }
}
