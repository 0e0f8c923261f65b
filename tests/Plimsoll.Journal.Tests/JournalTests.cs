using System.Text;
using CsCheck;
using Plimsoll.TestSupport;

namespace Plimsoll.Journal.Tests;

public sealed class JournalTests
{
    const string Owner = "engine-1/main";

    static readonly JournalSettings Small = new(SegmentBytes: 4 << 10, BatchBytes: 1 << 10, BatchRecords: 8);

    sealed record Entry(long Time, ushort Type, ushort Version, uint Flags, byte[] Payload);

    static readonly Gen<Entry> AnyEntry = Gen.Select(
            Gen.Long[0, 1_000_000_000],
            Gen.UShort,
            Gen.UShort,
            Gen.UInt,
            Gen.Byte.Array[0, 200]
        )
        .Select(row => new Entry(row.Item1, row.Item2, row.Item3, row.Item4, row.Item5));

    static void Append(JournalWriter journal, Entry entry) =>
        journal.Append(journal.LastTimeNanoseconds + entry.Time, entry.Type, entry.Version, entry.Flags, entry.Payload);

    static MemoryFiles Written(int records, JournalSettings? settings = null)
    {
        var files = new MemoryFiles();
        using var journal = JournalWriter.Open(files, Owner, settings ?? Small);
        for (int i = 1; i <= records; i++)
        {
            journal.Append(i, 7, 1, 0, Encoding.UTF8.GetBytes($"record {i} of {records}"));
            if (journal.WantsFlush || i == records)
                journal.Flush();
        }
        return files;
    }

    [Fact]
    public void The_check_sum_is_the_published_one()
    {
        // RFC 3720, appendix B.4: 32 bytes of zeros, of ones, ascending; and the catalogue's "123456789".
        Assert.Equal(0x8A9136AAu, RecordCodec.CheckSum(new byte[32]));
        Assert.Equal(0x62A8AB43u, RecordCodec.CheckSum(Enumerable.Repeat((byte)0xFF, 32).ToArray()));
        Assert.Equal(0x46DD794Eu, RecordCodec.CheckSum([.. Enumerable.Range(0, 32).Select(i => (byte)i)]));
        Assert.Equal(0xE3069283u, RecordCodec.CheckSum("123456789"u8));
    }

    [Fact]
    public void What_was_written_is_read_over_any_segments_and_batches() =>
        Gen.Select(AnyEntry.List[0, 120], Gen.Int[200, 6_000], Gen.Int[1, 40])
            .Sample(
                (entries, segmentBytes, batch) =>
                {
                    var files = new MemoryFiles();
                    var settings = new JournalSettings(segmentBytes, 1 << 9, batch);
                    using (var journal = JournalWriter.Open(files, Owner, settings))
                    {
                        foreach (var entry in entries)
                        {
                            Append(journal, entry);
                            if (journal.WantsFlush)
                                journal.Flush();
                        }
                        journal.Flush();
                        Assert.Equal(journal.LastSequence, journal.DurableSequence);
                    }
                    var read = new List<JournalRecord>();
                    var scan = JournalReader.Scan(files, read.Add);
                    Assert.Null(scan.Damage);
                    Assert.Equal((ulong)entries.Count, scan.LastSequence);
                    long time = 0;
                    for (int i = 0; i < entries.Count; i++)
                    {
                        time += entries[i].Time;
                        var expected = new RecordHeader(
                            (ulong)i + 1,
                            time,
                            entries[i].Type,
                            entries[i].Version,
                            entries[i].Flags
                        );
                        Assert.Equal(expected, read[i].Header);
                        Assert.Equal(entries[i].Payload, read[i].Payload);
                    }
                },
                iter: 300
            );

    [Fact]
    public void A_journal_goes_on_where_it_ended()
    {
        var whole = Written(60);
        var files = new MemoryFiles();
        for (int i = 1; i <= 60; i++)
        {
            using var journal = JournalWriter.Open(files, Owner, Small);
            Assert.Equal((ulong)i - 1, journal.LastSequence);
            journal.Append(i, 7, 1, 0, Encoding.UTF8.GetBytes($"record {i} of 60"));
            journal.Flush();
        }
        var (first, second) = (new List<JournalRecord>(), new List<JournalRecord>());
        JournalReader.Scan(whole, first.Add);
        JournalReader.Scan(files, second.Add);
        Assert.Equal(first.Select(r => r.Header), second.Select(r => r.Header));
        Assert.Equal(first.Select(r => Convert.ToHexString(r.Chain)), second.Select(r => Convert.ToHexString(r.Chain)));
    }

    [Fact]
    public void Every_flipped_bit_is_found()
    {
        var files = Written(60, Small with { SegmentBytes = 1 << 20 });
        string name = Assert.Single(files.Files.Keys);
        byte[] sound = files.Files[name];
        Assert.True(sound.Length >= 4 << 10, $"only {sound.Length} bytes");
        byte[] lastChain = JournalReader.Scan(files).LastChain;
        for (int bit = 0; bit < 8 * sound.Length; bit++)
        {
            byte[] changed = [.. sound];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            files.Files[name] = changed;
            var scan = JournalReader.Scan(files);
            Assert.True(scan.Damage is not null, $"bit {bit} of byte {bit / 8} was not found");
            Assert.False(scan.LastChain.AsSpan().SequenceEqual(lastChain));
        }
    }

    [Fact]
    public void Every_cut_opens_to_the_last_whole_record()
    {
        var files = Written(12, Small with { SegmentBytes = 1 << 20 });
        string name = Assert.Single(files.Files.Keys);
        byte[] sound = files.Files[name];
        var ends = new List<int> { SegmentHeader.Bytes };
        JournalReader.Scan(files, record => ends.Add(ends[^1] + RecordCodec.Size(record.Payload.Length)));
        for (int length = SegmentHeader.Bytes; length < sound.Length; length++)
        {
            files.Files[name] = sound[..length];
            int whole = ends.FindLastIndex(end => end <= length);
            using var journal = JournalWriter.Open(files, Owner, Small);
            Assert.Equal((ulong)whole, journal.LastSequence);
            Assert.Equal(ends[whole] != length, journal.TornTail is { IsTornTail: true });
            journal.Append(1_000, 1, 1, 0, [1, 2, 3]);
            journal.Flush();
            Assert.Null(JournalReader.Scan(files).Damage);
        }
    }

    [Fact]
    public void A_segment_cut_at_its_birth_is_begun_again()
    {
        var files = Written(100, Small with { SegmentBytes = 2_000 });
        string last = files.Files.Keys.Last();
        ulong before = JournalReader.Scan(files).LastSequence;
        int lost = 0;
        JournalReader.Scan(
            files,
            record => lost += string.CompareOrdinal(SegmentHeader.FileName(record.Header.Sequence), last) >= 0 ? 1 : 0
        );
        foreach (int length in new[] { 0, 1, 127 })
        {
            files.Files[last] = new byte[length];
            using var journal = JournalWriter.Open(files, Owner, Small);
            Assert.Equal(before - (ulong)lost, journal.LastSequence);
        }
        Assert.Null(JournalReader.Scan(files).Damage);
    }

    [Fact]
    public void Damage_in_the_middle_refuses_to_open_and_names_the_record()
    {
        var files = Written(100);
        Assert.True(files.Files.Count > 1);
        string first = files.Files.Keys.First();
        files.Files[first][SegmentHeader.Bytes + 2 * RecordCodec.Size(14) + 70] ^= 1;
        var fault = Assert.Throws<JournalFault>(() => JournalWriter.Open(files, Owner, Small));
        Assert.Contains("record 3", fault.Message, StringComparison.Ordinal);
        Assert.Contains(first, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lost_segment_and_one_of_another_owner_are_refused()
    {
        var files = Written(200);
        Assert.True(files.Files.Count > 3);
        var missing = Written(200);
        missing.Delete(missing.Files.Keys.Skip(1).First());
        Assert.Throws<JournalFault>(() => JournalWriter.Open(missing, Owner, Small));
        Assert.Throws<JournalFault>(() => JournalWriter.Open(files, "engine-2/main", Small));
    }

    [Fact]
    public void A_changed_record_with_a_right_check_sum_breaks_the_chain()
    {
        var files = Written(3, Small with { SegmentBytes = 1 << 20 });
        string name = Assert.Single(files.Files.Keys);
        var bytes = files.Files[name].AsSpan(SegmentHeader.Bytes);
        bytes[RecordCodec.HeaderBytes] ^= 1;
        int size = RecordCodec.Size("record 1 of 3".Length);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(
            bytes[4..],
            RecordCodec.CheckSum(bytes[8..size])
        );
        Assert.True(RecordCodec.IsWhole(bytes, out _, out _));
        Assert.Equal(1ul, JournalReader.Scan(files).Damage!.Sequence);
    }

    [Fact]
    public void A_full_disk_stops_the_writer_and_the_next_start_is_clean()
    {
        for (int room = 0; room < 600; room += 7)
        {
            var files = Written(5);
            files.Room = room;
            using (var journal = JournalWriter.Open(files, Owner, Small))
            {
                for (int i = 0; i < 6; i++)
                    journal.Append(100 + i, 1, 1, 0, new byte[40]);
                Assert.Throws<JournalFault>(journal.Flush);
                Assert.Equal(5ul, journal.DurableSequence);
                files.Room = long.MaxValue;
                Assert.Throws<JournalFault>(journal.Flush);
                Assert.Throws<JournalFault>(() => journal.Append(200, 1, 1, 0, []));
            }
            using var again = JournalWriter.Open(files, Owner, Small);
            Assert.InRange(again.LastSequence, 5ul, 11ul);
            again.Append(300, 1, 1, 0, []);
            again.Flush();
            Assert.Null(JournalReader.Scan(files).Damage);
        }
    }

    [Fact]
    public void A_refused_flush_is_never_tried_again()
    {
        var files = Written(5);
        using var journal = JournalWriter.Open(files, Owner, Small);
        files.FlushesLeft = 0;
        journal.Append(100, 1, 1, 0, [1]);
        Assert.Throws<JournalFault>(journal.Flush);
        files.FlushesLeft = int.MaxValue;
        int writes = files.Writes;
        Assert.Throws<JournalFault>(journal.Flush);
        Assert.Equal(writes, files.Writes);
        Assert.Equal(5ul, journal.DurableSequence);
    }

    [Fact]
    public void Time_that_falls_is_a_callers_error()
    {
        var files = Written(5);
        using var journal = JournalWriter.Open(files, Owner, Small);
        Assert.Throws<ArgumentOutOfRangeException>(() => journal.Append(4, 1, 1, 0, []));
    }

    [Fact]
    public void Random_bytes_are_a_finding_never_an_exception() =>
        Gen
            .Byte.Array[0, 600]
            .Sample(bytes =>
            {
                var files = new MemoryFiles();
                files.Files[SegmentHeader.FileName(1)] = bytes;
                JournalReader.Scan(files);
            });

    [Fact]
    public void On_disk_it_is_the_same()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "journal");
        using (var journal = JournalWriter.Open(new DiskFiles(path), Owner, Small))
            for (int i = 1; i <= 300; i++)
            {
                journal.Append(i, 7, 1, 0, Encoding.UTF8.GetBytes($"record {i} of 300"));
                if (journal.WantsFlush || i == 300)
                    journal.Flush();
            }
        var memory = Written(300);
        Assert.Equal(
            memory.Files.Keys,
            Directory.GetFiles(path).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
        foreach (var (name, bytes) in memory.Files)
            Assert.Equal(bytes, File.ReadAllBytes(Path.Combine(path, name)));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
                File.GetUnixFileMode(path)
            );
    }
}
