using System.Runtime.Versioning;
using Plimsoll.Markets;
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

    /// <summary>What the configuration names reaches the solves, the journal and from it a replay; a wrong one stops.</summary>
    [Fact]
    public void The_margin_model_of_the_configuration_is_solved_with_and_kept_in_the_journal()
    {
        using var folder = new TemporaryFolder();
        string config = Path.Combine(folder.Path, "run.toml");
        Parsed<RunPlan> Read(string text)
        {
            File.WriteAllText(config, text);
            return RunPlan.Read(RunOptions.Parse(["--venue", "paper", "--mode", "live", "--config", config]).Value);
        }
        var plan = Read("margin-mode = \"cross_pm\"\nmargin-model = \"span-like-margin\"").Value;
        Assert.Equal("span-like-margin", plan.Solving.MarginModel);
        Assert.Equal("span-like-margin", plan.Input.MarginModel);
        Assert.Equal("span-like-margin", Live.SolveSettings.Of(plan.Input, null).Value.MarginModel);
        Assert.Null(Read("margin-mode = \"cross_pm\"").Value.Solving.MarginModel);
        Assert.Contains(
            "run.toml: line 2: margin-model = \"derive-portfolio-margin\": expected a model of deribit: ",
            Assert
                .Single(Read("margin-mode = \"cross_pm\"\nmargin-model = \"derive-portfolio-margin\"").Faults)
                .ToString(),
            StringComparison.Ordinal
        );
    }

    /// <summary>Figures of a file are in the journal whole, so that a replay needs no file.</summary>
    [Fact]
    public void Margin_figures_that_the_configuration_names_are_solved_with_and_journalled()
    {
        using var folder = new TemporaryFolder();
        string shipped = Margin.VenueParameters.Shipped("venues/deribit/standard-margin.json");
        string text = shipped.Replace("2026-07-31", "2026-11-27", StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder.Path, "margin.json"), text);
        string config = Path.Combine(folder.Path, "run.toml");
        File.WriteAllText(config, "margin-mode = \"cross_sm\"\nmargin-parameters = \"margin.json\"");
        var plan = RunPlan
            .Read(RunOptions.Parse(["--venue", "paper", "--mode", "live", "--config", config]).Value)
            .Value;
        var file = new Markets.MarginFile("margin.json", text);
        Assert.Equal(file, plan.Solving.MarginParameters);
        string journalled = System.Text.Json.JsonSerializer.Serialize(plan.Input);
        var input = System.Text.Json.JsonSerializer.Deserialize<Live.RunInput>(journalled)!;
        Assert.Equal(file, Live.SolveSettings.Of(input, null).Value.MarginParameters);
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
