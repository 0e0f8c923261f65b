namespace Plimsoll.Live;

/// <summary>One engine an account: a file that is locked for as long as the process lives, however it ends.</summary>
public sealed class Lease : IDisposable
{
    readonly FileStream file;

    Lease(FileStream file) => this.file = file;

    /// <summary>Takes the lease; null when another process holds it.</summary>
    /// <param name="path">The file; made if it is not there, never removed.</param>
    public static Lease? TryTake(string path)
    {
        try
        {
            // FileShare.None is an advisory lock of the system, which falls with the process.
            return new Lease(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    /// <inheritdoc />
    public void Dispose() => file.Dispose();
}
