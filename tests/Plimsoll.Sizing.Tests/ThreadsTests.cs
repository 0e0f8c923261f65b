using System.Text.Json;
using System.Text.Json.Serialization;
using Plimsoll.Markets;
using Plimsoll.Numerics;
using Plimsoll.TestSupport;

namespace Plimsoll.Sizing.Tests;

/// <summary>The whole answer, explanation and all, is the same to the bit whatever the number of threads.</summary>
public sealed class ThreadsTests
{
    static SizingResult Sized(int threads)
    {
        Assert.SkipUnless(SizingCases.Chains.Length > 60, Golden.Absent);
        var market = SizingCases.Chain(SizingCases.Chains[60]);
        var mandate = SizingCases.Mandate(SizingCases.Drift(0.4), SizingCases.HighVolatility(0.9));
        var input = SizingCases.Input(market, SizingCases.AllIn(Currency.Usd, 1_000_000), mandate);
        return Sizer.Size(Sizer.Prepare(input with { Scenarios = 2_000, Threads = threads }).Value);
    }

    [Fact]
    public void Answer_has_the_same_bits_with_one_two_and_five_threads()
    {
        var one = Sized(1);
        Assert.NotEmpty(one.Decision.Targets);
        Assert.Contains(one.Decision.Targets, line => line.TargetRange is { } range && range.Least < range.Most);
        foreach (int threads in new[] { 2, 5 })
        {
            var other = Sized(threads);
            Assert.True(one.Solve!.Solution.Position.AsSpan().SequenceEqual(other.Solve!.Solution.Position));
            Assert.Equal(Text(one.Decision), Text(other.Decision));
        }
    }

    /// <summary>A confidence's solve starts from the answer; from nothing it comes to the same optimum.</summary>
    [Fact]
    public void Start_from_another_solve_does_not_move_the_optimum()
    {
        var solve = Sized(2).Solve!;
        var legs = solve.Parts.Legs;
        var cold = ContinuousSolve.Of(solve.Parts.Prepared, legs);
        var warm = ContinuousSolve.Of(solve.Parts.Prepared, legs, solve);
        Assert.Equal(SolveStatus.Optimal, warm.Solution.Status);
        Assert.InRange(
            warm.Solution.Objective,
            cold.Solution.Objective - warm.Solution.Gap,
            cold.Solution.Objective + cold.Solution.Gap
        );
    }

    static string Text(Decision decision) =>
        JsonSerializer.Serialize(
            // The figures of the report stand among those of the decision.
            decision with
            {
                Risk = null,
            },
            new JsonSerializerOptions
            {
                IncludeFields = true,
                NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            }
        );
}
