using Plimsoll.Methods;
using Plimsoll.Sizing;
using Plimsoll.Storage;
using Plimsoll.TestSupport;

namespace Plimsoll.Backtest.Tests;

/// <summary>Whole walks over recorded chains and bars.</summary>
public sealed class WalkForwardTests
{
    static readonly string[] Both = ["growth", "equal-weight"];

    [Fact]
    public void From_a_checkpoint_file_the_walk_ends_with_the_same_bytes()
    {
        using var folder = new TemporaryFolder();
        var chains = Walks.Chains("2026-02-04T00:00:00", "2026-02-06T12:00:00");
        var request = Walks.Request(Both);
        string whole = Path.Combine(folder.Path, "whole.json"),
            part = Path.Combine(folder.Path, "part.json");
        CheckpointFile.Write(Walks.Walk(chains, request), whole);
        CheckpointFile.Write(Walks.Walk(chains, request, steps: 4), part);
        var again = new WalkForward(
            chains,
            request with
            {
                Threads = 1,
            },
            "test",
            CheckpointFile.Read(part, "test").Value
        );
        Assert.Equal(4, again.NextStep);
        while (!again.IsDone)
            Assert.Empty(again.Step());
        CheckpointFile.Write(again.Checkpoint(), part);
        Assert.Equal(File.ReadAllText(whole), File.ReadAllText(part));
        Assert.False(CheckpointFile.Read(part, "another").Succeeded);
    }

    [Fact]
    public void Equity_at_the_end_is_equity_at_the_start_plus_gains_less_costs_on_bars()
    {
        var bars = Walks.BarsOf("2020-03-10T00:00:00", "2020-03-16T00:00:00");
        var state = Walks.Walk(bars, Walks.Request(["equal-weight"]));
        var records = state.Runs[0].Records;
        Assert.All(
            records,
            record =>
                Assert.Equal(record.EquityBefore - record.Fees - record.Spread, record.Equity, 1e-4 * record.Equity)
        );
        Assert.True(records[0].Fills > 0 && records[0].Gross > 0);
        Assert.True(records.Sum(record => record.Funding) > 0);
        Assert.True(records.Min(record => record.Equity) < records[0].Equity);
    }

    [Fact]
    public void Without_edge_the_full_problem_stays_flat_and_wealth_stays_whole()
    {
        var chains = Walks.Chains("2026-02-04T00:00:00", "2026-02-06T12:00:00");
        var mandate = BacktestMandate.Shipped() with { Views = [], HistoricalPremium = 0 };
        var records = Walks.Walk(chains, Walks.Request(["growth"], mandate)).Runs[0].Records;
        Assert.All(records, record => Assert.Equal((0, 100_000.0), (record.Fills, record.Equity)));
        Assert.Equal(3, records.Count(record => record.Status == DecisionStatus.Sized));
    }

    [Fact]
    public void A_name_of_a_methods_universe_that_a_day_lacks_is_left_aside_and_the_rest_is_chosen_among()
    {
        var settings = MethodSettings.Defaults.With(MethodParameters.Universe, ["BTC-PERPETUAL", "BTC-31DEC99-*"]);
        var method = new BacktestMethod("equal-weight", new EqualWeight(), settings);
        var request = Walks.Request([]) with { Methods = [method] };
        var run = Assert.Single(Walks.Walk(Walks.BarsOf("2021-01-01", "2021-01-02"), request, 1).Runs);
        Assert.True(Assert.Single(run.Records).Gross > 0);
        string note = Assert.Single(run.Notes);
        Assert.Contains("universe = BTC-31DEC99-*", note, StringComparison.Ordinal);
        settings = MethodSettings.Defaults.With(MethodParameters.Universe, ["BTC-31DEC99-*"]);
        request = request with { Methods = [method with { Settings = settings }] };
        run = Assert.Single(Walks.Walk(Walks.BarsOf("2021-01-01", "2021-01-02"), request, 1).Runs);
        Assert.Equal(0, Assert.Single(run.Records).Gross);
    }
}
