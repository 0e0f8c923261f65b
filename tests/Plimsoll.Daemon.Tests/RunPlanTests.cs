using System.Runtime.Versioning;
using Plimsoll.TestSupport;

namespace Plimsoll.Daemon.Tests;

/// <summary>What a run is told, read before anything is opened.</summary>
[SupportedOSPlatform("linux")]
public sealed class RunPlanTests
{
    [Fact]
    public void Without_a_mandate_the_policy_names_no_dated_contract()
    {
        var plan = RunPlan.Read(RunOptions.Parse(["--venue", "paper", "--mode", "live"]).Value).Value;
        Assert.Empty(plan.Solving.Mandate.Candidates);
        Assert.NotEmpty(plan.Solving.Mandate.Views);
        Assert.All(plan.Solving.Mandate.Views, view => Assert.IsType<Sizing.DriftView>(view));
        Assert.Equal(["*-PERPETUAL"], plan.Patterns);
    }

    [Fact]
    public void Real_orders_need_a_stated_policy()
    {
        using var folder = new TemporaryFolder();
        string key = Path.Combine(folder.Path, "key");
        File.WriteAllText(key, "id\nsecret\n");
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        string[] real = ["--venue", "deribit", "--key", key];
        Assert.True(RunPlan.Read(RunOptions.Parse(real).Value).Succeeded);
        var fault = Assert.Single(RunPlan.Read(RunOptions.Parse([.. real, "--mode", "live"]).Value).Faults);
        Assert.Equal(
            "--mandate: nothing: expected a file: real orders are sent by a stated policy only",
            fault.ToString()
        );
    }
}
