using System.Text.Json;

namespace Plimsoll.Journal;

/// <summary>Where a journal begins whose first segments were moved to an archive.</summary>
/// <param name="Sequence">Last record that is archived.</param>
/// <param name="TimeNanoseconds">Its time.</param>
/// <param name="Chain">Its chain hash: what remains goes on from it.</param>
/// <param name="Mark">The owner's own count up to there, such as of its events.</param>
public sealed record JournalBase(ulong Sequence, long TimeNanoseconds, byte[] Chain, ulong Mark)
{
    /// <summary>Name of its file beside the segments.</summary>
    public const string FileName = "archived.json";

    /// <summary>The base of a folder; null where the journal is whole, or its file is damaged.</summary>
    public static JournalBase? Read(IJournalFiles files)
    {
        if (files.List(FileName).IsEmpty)
            return null;
        try
        {
            var found = JsonSerializer.Deserialize<JournalBase>(files.Read(FileName));
            return found is { Chain.Length: RecordCodec.ChainBytes, Sequence: > 0 } ? found : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Where reading begins: at the base, unless the first segment is there all the same.</summary>
    public static JournalBase? StartOf(IJournalFiles files) =>
        files.List(JournalReader.SegmentEnding) is [var first, ..] && first != SegmentHeader.FileName(1)
            ? Read(files)
            : null;

    /// <summary>Puts it in place.</summary>
    public void Write(IJournalFiles files) => files.Replace(FileName, JsonSerializer.SerializeToUtf8Bytes(this));
}

/// <summary>A journal and its archive read as one; for reading alone.</summary>
/// <param name="journal">What is written.</param>
/// <param name="archive">What was moved away.</param>
public sealed class JoinedFiles(IJournalFiles journal, IJournalFiles archive) : IJournalFiles
{
    /// <inheritdoc />
    public System.Collections.Immutable.ImmutableArray<string> List(string ending) =>
        [.. archive.List(ending).Union(journal.List(ending)).Order(StringComparer.Ordinal)];

    /// <inheritdoc />
    public byte[] Read(string name) => journal.List(name).IsEmpty ? archive.Read(name) : journal.Read(name);

    /// <inheritdoc />
    public IJournalFile Open(string name) => throw new NotSupportedException("an archive is only read");

    /// <inheritdoc />
    public void Replace(string name, ReadOnlySpan<byte> bytes) => throw new NotSupportedException("only read");

    /// <inheritdoc />
    public void Delete(string name) => throw new NotSupportedException("an archive is only read");

    /// <inheritdoc />
    public void FlushFolder() => throw new NotSupportedException("an archive is only read");
}
