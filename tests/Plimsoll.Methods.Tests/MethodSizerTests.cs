using Plimsoll.Sizing;
using Plimsoll.TestSupport;

namespace Plimsoll.Methods.Tests;

/// <summary>Whatever a method proposes, the answer is whole lots within every limit.</summary>
public sealed class MethodSizerTests
{
    public static TheoryData<string> Keys() => [.. SizingMethods.All.Select(method => method.Key)];

    [Theory, MemberData(nameof(Keys))]
    public void An_answer_is_in_whole_lots_and_breaches_no_limit(string key)
    {
        Assert.SkipUnless(MethodCases.Present, Golden.Absent);
        var prepared = MethodCases.Prepare(60, MethodCases.Mandate(MethodCases.Drift), MethodCases.Dollars(1_000_000));
        var result = MethodSizer.Size(prepared, SizingMethods.Find(key)!, MethodSettings.Defaults).Value;
        Assert.Equal(key == "growth" ? null : key, result.Decision.Method);
        if (!result.Proposal.Succeeded)
        {
            Assert.Equal(DecisionStatus.Undetermined, result.Decision.Status);
            return;
        }
        Assert.True(result.Decision.Status == DecisionStatus.Sized, string.Join("; ", result.Decision.Missing));
        CheckLots(prepared, result.Decision);
        MethodCertificate? own = key == "growth" ? null : result.Proposal.Certificate;
        Assert.Equal(own, result.Decision.Certificate.Method);
        if (own is { Iterations: > 0 } proof)
            Assert.True(proof.Residual is >= 0 and < 1e-6 && double.IsFinite(proof.Gap), $"{key}: {proof}");
    }

    [Fact]
    public void A_proposal_beyond_the_limits_is_stopped_where_the_first_one_binds()
    {
        Assert.SkipUnless(MethodCases.Present, Golden.Absent);
        var prepared = MethodCases.Prepare(60, MethodCases.Mandate(), MethodCases.Dollars(1_000_000));
        var settings = MethodSettings.Defaults.With(EqualWeight.Exposure, 4);
        var result = MethodSizer.Size(prepared, new EqualWeight(), settings).Value;
        Assert.Equal(DecisionStatus.Sized, result.Decision.Status);
        Assert.InRange(result.FirstStop, 0.001, 0.999);
        string stop = Assert.Single(result.Target!.StoppedBy.Take(1));
        var limit = result.Decision.Limits.Single(line => line.Name == stop);
        Assert.InRange(limit.Value, 0.9 * limit.Limit, limit.Limit);
        CheckLots(prepared, result.Decision);
    }

    [Fact]
    public void A_proposal_within_the_limits_is_held_to_half_a_lot()
    {
        Assert.SkipUnless(MethodCases.Present, Golden.Absent);
        var prepared = MethodCases.Prepare(60, MethodCases.Mandate(), MethodCases.Dollars(1_000_000));
        var settings = MethodSettings.Defaults.With(EqualWeight.Exposure, 0.1);
        var result = MethodSizer.Size(prepared, new EqualWeight(), settings).Value;
        Assert.Equal(1, result.FirstStop);
        Assert.Equal(0, result.Target!.DistanceLeft, 1e-12);
        Assert.NotEmpty(result.Decision.Targets);
        foreach (var line in result.Decision.Targets)
        {
            var lot = prepared.Lines.First(candidate => candidate.Name == line.Instrument).Lot;
            Assert.True(Math.Abs((double)line.Target - line.Continuous) <= 0.5000001 * (double)lot);
        }
    }

    [Fact]
    public void A_universe_that_matches_nothing_is_a_fault_that_names_the_key()
    {
        Assert.SkipUnless(MethodCases.Present, Golden.Absent);
        var prepared = MethodCases.Prepare(60, MethodCases.Mandate(), MethodCases.Dollars(1_000_000));
        var settings = MethodSettings.Defaults.With(MethodParameters.Universe, ["DOGE-*"]);
        var fault = Assert.Single(MethodSizer.Size(prepared, new EqualWeight(), settings).Faults);
        Assert.Equal("method.equal-weight.universe", fault.Path);
        Assert.Equal("DOGE-*", fault.Found);
    }

    static void CheckLots(PreparedSizing prepared, Decision decision)
    {
        Assert.All(
            decision.Limits,
            limit => Assert.True(limit.Value <= limit.Limit + 1e-6, $"{limit.Name} {limit.Value} > {limit.Limit}")
        );
        foreach (var line in decision.Targets.Where(line => line.Trade != 0))
        {
            var instrument = prepared.Lines.First(candidate => candidate.Name == line.Instrument).Instrument;
            Assert.Equal(0, line.Trade % instrument.LotContracts);
            Assert.True(Math.Abs(line.Trade) >= instrument.MinimumOrderContracts);
        }
    }
}
