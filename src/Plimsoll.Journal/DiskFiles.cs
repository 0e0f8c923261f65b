using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Plimsoll.Journal;

/// <summary>A journal's folder on disk.</summary>
public sealed class DiskFiles : IJournalFiles
{
    readonly string folder;

    /// <param name="folder">Made if it is not there; readable by its owner alone.</param>
    public DiskFiles(string folder)
    {
        this.folder = Path.GetFullPath(folder);
        if (Directory.Exists(this.folder))
            return;
        Directory.CreateDirectory(this.folder);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(
                this.folder,
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            );
    }

    /// <inheritdoc />
    public ImmutableArray<string> List(string ending) =>
        [
            .. Directory
                .EnumerateFiles(folder)
                .Select(path => Path.GetFileName(path))
                .Where(name => name.EndsWith(ending, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];

    /// <inheritdoc />
    public byte[] Read(string name) => File.ReadAllBytes(At(name));

    /// <inheritdoc />
    public IJournalFile Open(string name) => new DiskFile(At(name));

    /// <inheritdoc />
    public void Replace(string name, ReadOnlySpan<byte> bytes)
    {
        string beside = At(name + ".new");
        File.Delete(beside);
        using (var file = new DiskFile(beside))
        {
            file.Write(0, bytes);
            file.Flush();
        }
        File.Move(beside, At(name), overwrite: true);
        FlushFolder();
    }

    /// <inheritdoc />
    public void Delete(string name) => File.Delete(At(name));

    /// <inheritdoc />
    public void FlushFolder()
    {
        // A folder cannot be opened through File, and without this a new file's name may be lost with the power.
        int handle = Folder.Open(folder, Folder.ReadOnly);
        if (handle < 0)
            throw new IOException($"{folder} cannot be opened: error {Marshal.GetLastPInvokeError()}");
        int failed = Folder.Synchronise(handle);
        int error = Marshal.GetLastPInvokeError();
        _ = Folder.Close(handle);
        if (failed != 0)
            throw new IOException($"{folder} cannot be made durable: error {error}");
    }

    string At(string name) => Path.Combine(folder, name);

    sealed class DiskFile(string path) : IJournalFile
    {
        readonly SafeFileHandle handle = File.OpenHandle(
            path,
            FileMode.OpenOrCreate,
            FileAccess.ReadWrite,
            FileShare.Read
        );

        public long Length => RandomAccess.GetLength(handle);

        public void Write(long offset, ReadOnlySpan<byte> bytes) => RandomAccess.Write(handle, bytes, offset);

        public void Truncate(long length) => RandomAccess.SetLength(handle, length);

        public void Flush() => RandomAccess.FlushToDisk(handle);

        public void Dispose() => handle.Dispose();
    }

    static class Folder
    {
        public const int ReadOnly = 0;

        [DllImport("libc", EntryPoint = "open", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false)]
        public static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

        [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
        public static extern int Synchronise(int handle);

        [DllImport("libc", EntryPoint = "close", SetLastError = true)]
        public static extern int Close(int handle);
    }
}
