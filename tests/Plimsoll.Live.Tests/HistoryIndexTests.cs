using Plimsoll.Engine;
using Plimsoll.Journal;
using Plimsoll.Journal.Tests;
using Plimsoll.Storage;
using Plimsoll.TestSupport;

namespace Plimsoll.Live.Tests;

/// <summary>The database of history and the archive: both derived from the journal, neither in its way.</summary>
public sealed class HistoryIndexTests
{
    const string Owner = "e1 test";
    const int SmallSegment = 16 << 10;

    /// <summary>A run that traded, cut into small segments, with the snapshots that it made on the way.</summary>
    static (Run Run, MemoryFiles Disk) Traded(int passes = 120)
    {
        var run = new Run().Armed();
        for (int i = 0; i < 3; i++)
        {
            run.Target = 20 + 10 * i;
            run.Pass(passes, 61_000);
            run.Engine.Snapshot();
        }
        run.Loop.Post(new Killed("ana", "enough", false));
        run.Pass(5);
        run.Engine.Flush();
        return (run, Cut(run.Disk));
    }

    static MemoryFiles Cut(MemoryFiles whole, ulong last = ulong.MaxValue)
    {
        var disk = new MemoryFiles();
        using (var writer = JournalWriter.Open(disk, Owner, new JournalSettings(SegmentBytes: SmallSegment)))
            JournalReader.Scan(
                whole,
                record =>
                {
                    var header = record.Header;
                    if (header.Sequence > last)
                        return;
                    writer.Append(header.TimeNanoseconds, header.Type, header.Version, header.Flags, record.Payload);
                    writer.Flush();
                }
            );
        foreach (string name in whole.List(Snapshots.Ending))
            disk.Files[name] = whole.Files[name];
        return disk;
    }

    static string Dump(HistoryDatabase database) =>
        string.Join(
            '\n',
            database
                .Counts()
                .SelectMany(table => database.Ask($"SELECT * FROM {table.Table} ORDER BY 1, 2").Rows)
                .Select(row => string.Join('|', row))
        );

    static string Whole(IJournalFiles files)
    {
        using var database = HistoryDatabase.Open(null);
        Assert.Empty(HistoryIndex.Refresh(files, database));
        return Dump(database);
    }

    [Fact]
    public void It_holds_what_the_journal_says()
    {
        var (run, disk) = Traded();
        using var database = HistoryDatabase.Open(null);
        Assert.Empty(HistoryIndex.Refresh(disk, database));
        long Count(string sql) => (long)database.Ask(sql).Rows[0][0]!;
        Assert.Equal(run.Venue.Orders.Count(), Count("SELECT count(*) FROM orders"));
        Assert.Equal(run.Venue.Orders.Count(), Count("SELECT count(*) FROM orders WHERE status = 'Filled'"));
        Assert.Equal(Replay.Run(disk).Decisions, (ulong)Count("SELECT count(*) FROM decisions"));
        Assert.Equal(
            (long)run.Venue.Positions["BTC-PERPETUAL"],
            Count("SELECT sum(CASE side WHEN 'Buy' THEN contracts ELSE -contracts END) FROM fills")
        );
        Assert.Equal("enough", database.Ask("SELECT why FROM commands WHERE command = 'kill'").Rows[0][0]);
        Assert.Equal("Halted", database.Ask("SELECT after FROM modes ORDER BY id DESC LIMIT 1").Rows[0][0]);
        Assert.Throws<ArgumentException>(() => database.Ask("DELETE FROM fills"));
        Assert.Throws<ArgumentException>(() => database.Ask("SELECT nothing FROM nowhere"));
    }

    [Fact]
    public void Read_piece_by_piece_it_is_what_it_is_when_read_at_once()
    {
        var (_, disk) = Traded();
        string whole = Whole(disk);
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "history.db");
        ulong records = JournalReader.Scan(disk).LastSequence;
        for (ulong upTo = 7; ; upTo += 173)
        {
            using (var database = HistoryDatabase.Open(file))
                Assert.Empty(HistoryIndex.Refresh(Cut(disk, Math.Min(upTo, records)), database));
            if (upTo >= records)
                break;
        }
        using var last = HistoryDatabase.Open(file);
        Assert.Equal(whole, Dump(last));
        Assert.Equal(records, last.Progress!.Record);
        Assert.True(last.Progress.SegmentRecord > 0, "it begins again at the last segment, not at the first");
    }

    [Fact]
    public void A_database_of_another_journal_is_made_anew()
    {
        var (_, disk) = Traded();
        var (_, other) = Traded(passes: 100);
        using var database = HistoryDatabase.Open(null);
        HistoryIndex.Refresh(disk, database);
        Assert.Empty(HistoryIndex.Refresh(other, database));
        Assert.Equal(Whole(other), Dump(database));
    }

    [Fact]
    public void Old_segments_move_to_the_archive_and_everything_goes_on()
    {
        var (run, disk) = Traded();
        string whole = Whole(disk);
        var archive = new MemoryFiles();
        int segments = disk.List(JournalReader.SegmentEnding).Length;
        ulong oldest = Snapshots.Sequences(disk)[0];
        Assert.Empty(JournalArchive.Move(disk, archive, run.Clock.Now.AddDays(-1)));

        var moved = JournalArchive.Move(disk, archive, run.Clock.Now.AddSeconds(1));
        Assert.InRange(moved.Length, 1, segments - 1);
        Assert.Equal(segments - moved.Length, disk.List(JournalReader.SegmentEnding).Length);
        Assert.True(JournalBase.Read(disk)!.Sequence < oldest, "no restart needs what was moved");
        Assert.Empty(JournalArchive.Move(disk, archive, run.Clock.Now.AddSeconds(1)));

        // The rest is sound by itself, a restart comes to the same state, and more is written.
        Assert.Null(JournalReader.Scan(disk).Damage);
        using (var engine = JournalledEngine.Open(disk, Owner))
        {
            Assert.Equal(run.Engine.State.Digest(), engine.State.Digest());
            Assert.Equal(run.Engine.State.Sequence, engine.State.Sequence);
            engine.Apply(new TimePassed(), run.Clock.Now.AddSeconds(9));
            engine.Flush();
        }
        // With its archive it is the journal that it was.
        var joined = new JoinedFiles(disk, archive);
        Assert.Null(JournalReader.Scan(joined).Damage);
        var report = Replay.Run(joined);
        Assert.True(report.IsSame);
        Assert.Equal(run.Engine.State.Sequence + 1, report.Events);
        Assert.Equal(whole, Whole(joined));
    }

    [Fact]
    public void A_database_that_knows_the_archived_part_keeps_it()
    {
        var (run, disk) = Traded();
        using var database = HistoryDatabase.Open(null);
        HistoryIndex.Refresh(disk, database);
        string before = Dump(database);
        Assert.NotEmpty(JournalArchive.Move(disk, new MemoryFiles(), run.Clock.Now.AddSeconds(1)));
        Assert.Empty(HistoryIndex.Refresh(disk, database));
        Assert.Equal(before, Dump(database));
    }

    [Fact]
    public void A_loss_of_power_while_archiving_loses_nothing()
    {
        var (run, disk) = Traded();
        var (copy, archive) = (Cut(disk), new MemoryFiles());
        Assert.NotEmpty(JournalArchive.Move(disk, archive, run.Clock.Now.AddSeconds(1)));
        // The power went after the base was moved on and before the last of the segments was removed.
        string left = archive.List(JournalReader.SegmentEnding)[^1];
        disk.Files[left] = copy.Files[left];
        Assert.Null(JournalReader.Scan(disk).Damage);
        using (var engine = JournalledEngine.Open(disk, Owner))
            Assert.Equal(run.Engine.State.Digest(), engine.State.Digest());
        Assert.Equal(Whole(copy), Whole(new JoinedFiles(disk, archive)));
    }

    [Fact]
    public void Without_a_snapshot_an_archived_journal_does_not_open_as_if_it_were_new()
    {
        var (run, disk) = Traded();
        Assert.NotEmpty(JournalArchive.Move(disk, new MemoryFiles(), run.Clock.Now.AddSeconds(1)));
        foreach (string name in disk.List(Snapshots.Ending))
            disk.Delete(name);
        Assert.Contains("archived", Assert.Throws<JournalFault>(() => JournalledEngine.Open(disk, Owner)).Message);
        // Nor is a journal whose first segment is simply gone.
        disk.Delete(JournalBase.FileName);
        Assert.NotNull(JournalReader.Scan(disk).Damage);
    }
}
