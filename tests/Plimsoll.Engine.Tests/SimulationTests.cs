namespace Plimsoll.Engine.Tests;

public sealed class SimulationTests
{
    const int Steps = 400;

    public static TheoryData<int> Batches() => [.. Enumerable.Range(0, 6)];

    [Theory, MemberData(nameof(Batches))]
    public void Three_hundred_seeds_break_no_rule(int batch) => Check(50 * batch, 50);

    [Theory, MemberData(nameof(Batches)), Trait("suite", "all")]
    public void Two_thousand_seeds_break_no_rule(int batch) => Check(1_000 + 340 * batch, 340);

    /// <summary>Any range of seeds, for nightly runs: <c>PLIMSOLL_SEEDS=FIRST:COUNT</c> (tests/nightly.sh).</summary>
    [Fact]
    public void The_seeds_of_the_environment_break_no_rule()
    {
        string? range = Environment.GetEnvironmentVariable("PLIMSOLL_SEEDS");
        Assert.SkipWhen(range is null, "PLIMSOLL_SEEDS names no seeds");
        int[] parts = [.. range!.Split(':').Select(int.Parse)];
        Check(parts[0], parts[1]);
    }

    static void Check(int first, int count)
    {
        for (int seed = first; seed < first + count; seed++)
        {
            var venue = new VenueSimulation((ulong)seed);
            venue.Run(Steps);
            string run = $"seed {seed}";
            Assert.True(venue.DuplicateLabels == 0, $"{run}: a label was used twice");
            Assert.True(venue.OpeningsAfterKill == 0, $"{run}: {venue.OpeningsAfterKill} openings after the kill");
            var limits = venue.Settings.Controls;
            Assert.True(venue.LargestNotionalUsd <= limits.GrossNotionalUsd, $"{run}: {venue.LargestNotionalUsd} USD");
            Assert.True(venue.LargestWorstUsd <= limits.PositionNotionalUsd, $"{run}: {venue.LargestWorstUsd} USD");
            Assert.True(venue.BlindChanges == 0, $"{run}: {venue.BlindChanges} changes of what nobody knew");
            Assert.True(
                venue.State.AliveOrders.SequenceEqual(venue.Resting),
                $"{run}: {string.Join(' ', venue.State.AliveOrders)} here, {string.Join(' ', venue.Resting)} there"
            );
            foreach (var (instrument, contracts) in venue.Positions)
                Assert.True(
                    venue.State.Position(instrument) == contracts,
                    $"{run}: {instrument}: {venue.State.Position(instrument)} here, {contracts} at the venue"
                );
            Assert.Equal(venue.State.Digest(), VenueSimulation.Replay(venue.Journal).Digest());
        }
    }

    [Fact]
    public void A_replay_gives_the_same_effects_and_digests_one_by_one()
    {
        var venue = new VenueSimulation(7);
        venue.Run(Steps);
        var state = new EngineState();
        var effects = new List<EngineEffect>();
        int at = 0;
        foreach (var next in venue.Journal)
        {
            effects.Clear();
            EngineCore.Step(state, next, effects);
            foreach (var effect in effects)
            {
                Assert.Equal(venue.Effects[at].Sequence, next.Sequence);
                Assert.Equal(venue.Effects[at++].Effect, effect);
            }
        }
        Assert.Equal(venue.Effects.Count, at);
    }

    [Fact]
    public void Every_kind_of_trouble_was_met()
    {
        var codes = new HashSet<string>(StringComparer.Ordinal);
        var modes = new HashSet<EngineMode>();
        var decided = new HashSet<string>(StringComparer.Ordinal);
        int changes = 0;
        for (ulong seed = 0; seed < 40; seed++)
        {
            var venue = new VenueSimulation(seed);
            venue.Run(Steps);
            codes.UnionWith(venue.Effects.Select(e => e.Effect).OfType<Alert>().Select(alert => alert.Code));
            decided.UnionWith(venue.Effects.Select(e => e.Effect).OfType<Decided>().Select(one => one.Cause));
            changes += venue.Changes;
            modes.UnionWith(venue.Effects.Select(e => e.Effect).OfType<ModeChanged>().Select(change => change.After));
        }
        Assert.Superset(new HashSet<string> { "session-down", "lost-trade", "suspect-mark", "armed" }, codes);
        Assert.Superset(new HashSet<string> { "resize", "re-price", "flatten" }, decided);
        Assert.True(changes > 100, $"{changes} changes");
        Assert.Superset(
            new HashSet<EngineMode>
            {
                EngineMode.Live,
                EngineMode.ReduceOnly,
                EngineMode.Disconnected,
                EngineMode.Halted,
            },
            modes
        );
    }
}
