using CsCheck;

namespace Plimsoll.Storage.Tests;

/// <summary>A file that does not agree with its own sum is as good as absent.</summary>
public sealed class CacheFolderTests : IDisposable
{
    readonly string folder = Path.Combine(Path.GetTempPath(), $"plimsoll-cache-{Guid.NewGuid():N}");

    public void Dispose()
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void What_was_kept_is_found_by_its_key_alone()
    {
        var cache = new CacheFolder(folder);
        Assert.Null(cache.Read("a"));
        cache.Write("a", [1, 2, 3]);
        cache.Write("b", []);
        Assert.Equal([1, 2, 3], cache.Read("a")!);
        Assert.Empty(cache.Read("b")!);
        Assert.Null(cache.Read("c"));
        cache.Write("a", [4]);
        Assert.Equal([4], cache.Read("a")!);
        Assert.Equal(2, Directory.GetFiles(folder).Length);
    }

    [Fact]
    public void Any_altered_cut_or_lengthened_file_is_ignored()
    {
        var cache = new CacheFolder(folder);
        cache.Write("a", [.. Enumerable.Range(0, 100).Select(i => (byte)i)]);
        string file = Directory.GetFiles(folder).Single();
        byte[] sound = File.ReadAllBytes(file);
        Gen.Select(Gen.Int[0, sound.Length - 1], Gen.Int[1, 255])
            .Sample(
                (at, by) =>
                {
                    byte[] altered = [.. sound];
                    altered[at] = (byte)(altered[at] + by);
                    File.WriteAllBytes(file, altered);
                    Assert.Null(cache.Read("a"));
                },
                iter: 200,
                threads: 1
            );
        for (int length = 0; length < sound.Length; length++)
        {
            File.WriteAllBytes(file, sound[..length]);
            Assert.Null(cache.Read("a"));
        }
        File.WriteAllBytes(file, [.. sound, 0]);
        Assert.Null(cache.Read("a"));
        File.WriteAllBytes(file, sound);
        Assert.NotNull(cache.Read("a"));
    }

    [Fact]
    public void A_file_of_another_key_is_ignored()
    {
        var cache = new CacheFolder(folder);
        cache.Write("a", [1]);
        string file = Directory.GetFiles(folder).Single();
        File.Copy(file, file.Replace("a.kept", "b.kept", StringComparison.Ordinal));
        Assert.Null(cache.Read("b"));
    }

    [Fact]
    public void The_oldest_files_go_when_the_bound_is_reached()
    {
        var cache = new CacheFolder(folder, largestBytes: 4_000);
        for (int i = 0; i < 8; i++)
        {
            cache.Write($"key{i}", new byte[700]);
            string file = Path.Combine(folder, $"key{i}.kept");
            File.SetLastWriteTimeUtc(file, new DateTime(2026, 1, 1 + i, 0, 0, 0, DateTimeKind.Utc));
        }
        long total = Directory.GetFiles(folder).Sum(file => new FileInfo(file).Length);
        Assert.InRange(total, 1, 4_000);
        Assert.Null(cache.Read("key0"));
        Assert.NotNull(cache.Read("key7"));
        cache.Write("large", new byte[2_000]);
        Assert.Null(cache.Read("large"));
        Assert.NotNull(cache.Read("key7"));
    }

    [Fact]
    public void Files_of_others_in_the_folder_stay()
    {
        Directory.CreateDirectory(folder);
        string other = Path.Combine(folder, "notes.txt");
        File.WriteAllText(other, new string('x', 10_000));
        new CacheFolder(folder, largestBytes: 4_000).Write("a", new byte[900]);
        Assert.True(File.Exists(other));
    }

    [Fact]
    public void Where_the_folder_cannot_be_made_nothing_is_kept_and_nothing_is_said()
    {
        Directory.CreateDirectory(folder);
        string blocked = Path.Combine(folder, "a-file");
        File.WriteAllText(blocked, "");
        var cache = new CacheFolder(Path.Combine(blocked, "below"));
        cache.Write("a", [1]);
        Assert.Null(cache.Read("a"));
    }
}
