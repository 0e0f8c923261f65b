using Plimsoll.Risk;
using Plimsoll.Storage;

namespace Plimsoll.Sizing.Tests;

/// <summary>A hundred thousand scenarios reduced to two thousand, on the built-in account and market.</summary>
public class ReducedScenarioTests
{
    static Decision Sized(int scenarios, int? kept) =>
        Sizer.Decide(
            new SizingInput
            {
                Market = EmbeddedMarket.Snapshot(),
                Account = EmbeddedMarket.Account(),
                Mandate = MandateFile.Parse(EmbeddedMarket.MandateText, "built-in mandate").Value,
                Scenarios = scenarios,
                KeptScenarios = kept,
            }
        );

    static double Value(IEnumerable<RiskFigure> figures, string key) => figures.Single(f => f.Key == key).Value!.Value;

    [Fact]
    [Trait("suite", "all")]
    public void Shortfall_and_optimum_change_by_less_than_half_a_percent()
    {
        var full = Sized(100_000, null);
        var reduced = Sized(100_000, 2_000);
        foreach (string key in (string[])["expected_shortfall_95", "expected_shortfall_99"])
        {
            Assert.Equal(1, Value(reduced.Before, key) / Value(full.Before, key), 0.005);
            Assert.Equal(1, Value(reduced.After, key) / Value(full.After, key), 0.005);
        }
        const string growth = "growth_per_horizon";
        Assert.Equal(1, Value(reduced.Before, growth) / Value(full.Before, growth), 0.005);
        Assert.Equal(1, Value(reduced.After, growth) / Value(full.After, growth), 0.005);
        var targets = full.Targets.ToDictionary(target => target.Instrument, target => (double)target.Target);
        Assert.Equal(targets.Keys.Order(), reduced.Targets.Select(target => target.Instrument).Order());
        Assert.All(
            reduced.Targets,
            target => Assert.Equal(1, (double)target.Target / targets[target.Instrument], 0.01)
        );
    }

    [Fact]
    public void What_was_reduced_is_said_and_nothing_happens_where_fewer_are_drawn()
    {
        var reduced = Sized(4_000, 1_000);
        Assert.Contains(
            reduced.Warnings,
            warning => warning.StartsWith("4,000 scenarios are reduced to 1,000: expected", StringComparison.Ordinal)
        );
        Assert.DoesNotContain(
            Sized(2_000, 2_000).Warnings,
            warning => warning.Contains("are reduced to", StringComparison.Ordinal)
        );
    }
}
