using System.IO.Compression;
using Plimsoll.Engine;
using Plimsoll.Journal;
using Plimsoll.Journal.Tests;
using Plimsoll.TestSupport;

namespace Plimsoll.Live.Tests;

public sealed class HistoryTests
{
    static Run Traded()
    {
        var run = new Run().Armed();
        run.Target = 20;
        run.Pass(300, 61_000);
        run.Engine.Flush();
        return run;
    }

    [Fact]
    public void A_replay_brings_every_effect_and_digest_again()
    {
        var run = Traded();
        var report = Replay.Run(run.Disk);
        Assert.Null(report.Difference);
        Assert.True(report.IsSame);
        Assert.Equal(run.Engine.State.Sequence, report.Events);
        Assert.Equal(run.Engine.State.Digest(), report.FinalDigest);
        Assert.True(report is { Decisions: > 2, Digests: >= 1 });
    }

    [Fact]
    public void A_replay_names_the_first_event_that_came_out_otherwise()
    {
        var run = Traded();
        var changed = new MemoryFiles();
        using (var writer = JournalWriter.Open(changed, "e1 test"))
        {
            JournalReader.Scan(
                run.Disk,
                record =>
                {
                    byte[] payload = record.Payload;
                    // Somebody writes another limit price into the first order that left.
                    if (Sent(record) is { } send && record.Header.Sequence > 0)
                    {
                        byte[] other = EffectCodec.Write([
                            .. send.Select(effect =>
                                effect is SendOrder order
                                    ? order with
                                    {
                                        Order = order.Order with { LimitPrice = 59_000 },
                                    }
                                    : effect
                            ),
                        ]);
                        payload = [.. payload[..8], .. other];
                    }
                    var header = record.Header;
                    writer.Append(header.TimeNanoseconds, header.Type, header.Version, header.Flags, payload);
                }
            );
            writer.Flush();
        }
        var report = Replay.Run(changed);
        Assert.False(report.IsSame);
        Assert.Contains("LimitPrice = 59000", report.Difference!.Recorded);
        Assert.Contains("LimitPrice = 60000", report.Difference.Replayed);
        Assert.Null(report.Scan.Damage);
    }

    static IReadOnlyList<EngineEffect>? Sent(JournalRecord record) =>
        record.Header.Type == RecordKind.Effects
        && EffectCodec.Read(1, record.Payload[8..], "").Value is var effects
        && effects.Any(effect => effect is SendOrder)
            ? effects
            : null;

    [Fact]
    public void Recovery_from_a_snapshot_is_recovery_from_all_events()
    {
        var run = Traded();
        run.Engine.Snapshot();
        run.Pass(50);
        run.Engine.Flush();
        string digest = run.Engine.State.Digest();
        using (var fast = JournalledEngine.Open(run.Disk, "e1 test"))
            Assert.Equal(digest, fast.State.Digest());
        foreach (string name in run.Disk.List(Snapshots.Ending))
            run.Disk.Delete(name);
        using var slow = JournalledEngine.Open(run.Disk, "e1 test");
        Assert.Equal(digest, slow.State.Digest());
    }

    [Fact]
    public void A_snapshot_of_another_journal_is_not_believed()
    {
        var (run, other) = (Traded(), new Run());
        other.Pass(5);
        other.Engine.Snapshot();
        string name = other.Disk.List(Snapshots.Ending)[^1];
        run.Disk.Files[name] = other.Disk.Files[name];
        using var engine = JournalledEngine.Open(run.Disk, "e1 test");
        Assert.Equal(run.Engine.State.Digest(), engine.State.Digest());
    }

    [Fact]
    public void A_journal_that_leads_elsewhere_than_recorded_refuses_to_open()
    {
        var run = Traded();
        var changed = new MemoryFiles();
        using (var writer = JournalWriter.Open(changed, "e1 test"))
        {
            JournalReader.Scan(
                run.Disk,
                record =>
                {
                    var header = record.Header;
                    byte[] payload = [.. record.Payload];
                    if (header.Type == RecordKind.Digest)
                        payload[^1] ^= 1;
                    writer.Append(header.TimeNanoseconds, header.Type, header.Version, header.Flags, payload);
                }
            );
            writer.Flush();
        }
        var refused = Assert.Throws<JournalFault>(() => JournalledEngine.Open(changed, "e1 test"));
        Assert.Contains("event 1000: the journal leads to another state", refused.Message);
    }

    [Fact]
    public void Bytes_of_an_unknown_record_are_named_and_not_passed_over()
    {
        var run = Traded();
        using (var writer = JournalWriter.Open(run.Disk, "e1 test"))
        {
            writer.Append(writer.LastTimeNanoseconds, 77, 1, 0, [1]);
            writer.Flush();
        }
        var report = Replay.Run(run.Disk);
        Assert.False(report.IsSame);
        Assert.Contains("kind 77", report.Faults.Single().ToString());
        Assert.Throws<JournalFault>(() => JournalledEngine.Open(run.Disk, "e1 test"));
    }

    /// <summary>Written on 2026-11-27, before refusals had kinds: 281 wishes that a control refused, cuts that the
    /// venue refused for their price by both of its ways, a kill that flattened.</summary>
    [Fact]
    public void A_journal_of_the_first_rules_still_replays_bit_for_bit()
    {
        var old = new MemoryFiles();
        using (var packed = new GZipStream(Old("rules-1.journal.gz"), CompressionMode.Decompress))
        using (var bytes = new MemoryStream())
        {
            packed.CopyTo(bytes);
            old.Files[SegmentHeader.FileName(1)] = bytes.ToArray();
        }
        var report = Replay.Run(old);
        Assert.Null(report.Difference);
        Assert.True(report.IsSame);
        Assert.Equal((897ul, 433ul), (report.Events, report.Decisions));
        Assert.Equal("81d15c66b68ae49f2e8170104e369014e9096e8d0af41dc141b99520ae3a03aa", report.FinalDigest);
        using var engine = JournalledEngine.Open(old, "e1 test");
        Assert.Equal(EngineMode.Halted, engine.State.Mode);
    }

    static FileStream Old(string name) =>
        File.OpenRead(Path.Combine(Repository.Root, "tests", "Plimsoll.Live.Tests", "Journals", name));
}
