using System.Collections.Immutable;

namespace Plimsoll.Journal;

/// <summary>The folder of a journal; tests put a faulty one in its place.</summary>
public interface IJournalFiles
{
    /// <summary>Names of the files that end so, in ordinal order.</summary>
    ImmutableArray<string> List(string ending);

    /// <summary>All bytes of a file.</summary>
    byte[] Read(string name);

    /// <summary>Opens a file to be written at its end, made if it is not there.</summary>
    IJournalFile Open(string name);

    /// <summary>Puts a whole file in place: written beside, made durable, renamed, the folder made durable.</summary>
    void Replace(string name, ReadOnlySpan<byte> bytes);

    /// <summary>Removes a file.</summary>
    void Delete(string name);

    /// <summary>Makes the folder's own entries durable.</summary>
    void FlushFolder();
}

/// <summary>One open file of a journal.</summary>
public interface IJournalFile : IDisposable
{
    /// <summary>Bytes in it.</summary>
    long Length { get; }

    /// <summary>Writes at a place; all of it or an exception.</summary>
    void Write(long offset, ReadOnlySpan<byte> bytes);

    /// <summary>Cuts the file.</summary>
    void Truncate(long length);

    /// <summary>Returns once what was written survives a loss of power.</summary>
    void Flush();
}
