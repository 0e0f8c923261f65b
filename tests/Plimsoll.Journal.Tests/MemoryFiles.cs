using System.Collections.Immutable;

namespace Plimsoll.Journal.Tests;

/// <summary>
/// A folder in memory that knows what survived the last flush, and fails on the write or flush that it is told to.
/// </summary>
sealed class MemoryFiles : IJournalFiles
{
    public SortedDictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>Bytes that may still be written before the disk is full.</summary>
    public long Room { get; set; } = long.MaxValue;

    /// <summary>Flushes that succeed before one fails.</summary>
    public int FlushesLeft { get; set; } = int.MaxValue;

    public int Writes { get; private set; }

    public ImmutableArray<string> List(string ending) =>
        [.. Files.Keys.Where(name => name.EndsWith(ending, StringComparison.Ordinal))];

    public byte[] Read(string name) => [.. Files[name]];

    public IJournalFile Open(string name) => new MemoryFile(this, name);

    public void Replace(string name, ReadOnlySpan<byte> bytes) => Files[name] = bytes.ToArray();

    public void Delete(string name) => Files.Remove(name);

    public void FlushFolder() => Flushed();

    void Flushed()
    {
        if (FlushesLeft-- <= 0)
            throw new IOException("flush refused");
    }

    sealed class MemoryFile : IJournalFile
    {
        readonly MemoryFiles folder;
        readonly string name;

        public MemoryFile(MemoryFiles folder, string name)
        {
            (this.folder, this.name) = (folder, name);
            folder.Files.TryAdd(name, []);
        }

        public long Length => folder.Files[name].Length;

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            folder.Writes++;
            var content = folder.Files[name];
            int fits = (int)Math.Min(bytes.Length, folder.Room);
            folder.Room -= fits;
            Array.Resize(ref content, Math.Max(content.Length, (int)offset + fits));
            bytes[..fits].CopyTo(content.AsSpan((int)offset));
            folder.Files[name] = content;
            if (fits < bytes.Length)
                throw new IOException("no space left");
        }

        public void Truncate(long length)
        {
            var content = folder.Files[name];
            Array.Resize(ref content, (int)length);
            folder.Files[name] = content;
        }

        public void Flush() => folder.Flushed();

        public void Dispose() { }
    }
}
