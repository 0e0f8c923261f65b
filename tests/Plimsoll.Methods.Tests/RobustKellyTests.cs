using Plimsoll.TestSupport;

namespace Plimsoll.Methods.Tests;

/// <summary>Kelly at the worst law where holding nothing is the best answer to it.</summary>
public sealed class RobustKellyTests
{
    /// <summary>The worst probability of a coin of 60% within 0.005 nats is that of golden kelly-robust.</summary>
    [Fact]
    public void Growth_at_the_worst_law_is_that_of_the_worst_probability()
    {
        double low = 0.01,
            high = 0.6;
        for (int k = 0; k < 100; k++)
        {
            double q = 0.5 * (low + high);
            if (q * Math.Log(q / 0.6) + (1 - q) * Math.Log((1 - q) / 0.4) > 0.005)
                low = q;
            else
                high = q;
        }
        Assert.Equal(0.55072, high, 1e-5);
        double wanted = high * Math.Log(1.2) + (1 - high) * Math.Log(0.9);
        Assert.Equal(wanted, RobustKelly.WorstGrowth([1.2, 0.9], [0.6, 0.4], 0.005), 1e-9);
        Assert.Equal(Math.Log(1.5), RobustKelly.WorstGrowth([1.5, 1.5], [0.6, 0.4], 0.3), 1e-12);
        Assert.Equal(Math.Log(0.9), RobustKelly.WorstGrowth([1.2, 0.9], [0.6, 0.4], 3), 1e-12);
        Assert.Equal(double.NegativeInfinity, RobustKelly.WorstGrowth([1.2, 0], [0.6, 0.4], 0.005));
    }

    [Fact]
    public void An_edge_that_the_worst_law_takes_away_holds_nothing_and_says_so()
    {
        Assert.SkipUnless(MethodCases.Present, Golden.Absent);
        var weak = MethodCases.Drift with { AnnualDrift = 0.1 };
        var prepared = MethodCases.Prepare(60, MethodCases.Mandate(weak), MethodCases.Dollars(1_000_000));
        foreach (double radius in new[] { 1e-3, 0.1 })
        {
            var settings = MethodSettings.Defaults.With(RobustKelly.Radius, radius);
            var proposal = new RobustKelly().Propose(MethodProblem.Of(prepared, settings).Value);
            Assert.True(proposal.Succeeded, string.Join("; ", proposal.Refusals));
            Assert.All(proposal.Contracts, contracts => Assert.Equal(0, contracts));
            Assert.Contains("nothing is held", Assert.Single(proposal.Notes), StringComparison.Ordinal);
        }
        var sure = MethodSettings.Defaults.With(RobustKelly.Radius, 1e-6);
        var held = new RobustKelly().Propose(MethodProblem.Of(prepared, sure).Value);
        Assert.Contains(held.Contracts, contracts => contracts > 1000);
    }
}
