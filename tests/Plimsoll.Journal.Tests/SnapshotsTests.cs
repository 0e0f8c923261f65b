using Plimsoll.TestSupport;

namespace Plimsoll.Journal.Tests;

public sealed class SnapshotsTests
{
    static StateSnapshot At(ulong sequence) =>
        new(sequence, [.. Enumerable.Repeat((byte)sequence, 32)], [1, 2, (byte)sequence]);

    [Fact]
    public void The_newest_three_are_kept_and_the_newest_fitting_one_is_read()
    {
        var files = new MemoryFiles();
        Assert.Null(Snapshots.Newest(files, 100));
        for (ulong sequence = 10; sequence <= 50; sequence += 10)
            Snapshots.Write(files, At(sequence));
        Assert.Equal(3, files.Files.Count);
        Assert.Equal(50ul, Snapshots.Newest(files, 100)!.Sequence);
        var fitting = Snapshots.Newest(files, 49)!;
        Assert.Equal(40ul, fitting.Sequence);
        Assert.Equal(At(40).State, fitting.State);
        Assert.Equal(At(40).Chain, fitting.Chain);
        Assert.Null(Snapshots.Newest(files, 29));
    }

    [Fact]
    public void A_damaged_snapshot_is_passed_over()
    {
        var files = new MemoryFiles();
        Snapshots.Write(files, At(1));
        Snapshots.Write(files, At(2));
        string newest = files.Files.Keys.Last();
        byte[] sound = files.Files[newest];
        for (int i = 0; i < sound.Length; i++)
        {
            byte[] changed = [.. sound];
            changed[i] ^= 0x10;
            files.Files[newest] = changed;
            Assert.Equal(1ul, Snapshots.Newest(files, 9)!.Sequence);
            files.Files[newest] = sound[..i];
            Assert.Equal(1ul, Snapshots.Newest(files, 9)!.Sequence);
        }
    }

    [Fact]
    public void On_disk_a_snapshot_is_put_in_place_whole()
    {
        using var folder = new TemporaryFolder();
        var files = new DiskFiles(folder.Path);
        Snapshots.Write(files, At(3));
        Snapshots.Write(files, At(3));
        Assert.Equal(At(3).State, Snapshots.Newest(files, 3)!.State);
        Assert.Single(Directory.GetFiles(folder.Path));
    }
}
