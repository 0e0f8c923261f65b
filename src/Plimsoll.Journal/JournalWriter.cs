namespace Plimsoll.Journal;

/// <summary>A journal that cannot be written or opened; what stands on it must stop.</summary>
public sealed class JournalFault(string message, Exception? cause = null) : IOException(message, cause);

/// <summary>When a journal starts a new segment and how much it gathers before it must be flushed.</summary>
/// <param name="SegmentBytes">A segment that has grown past this is closed.</param>
/// <param name="BatchBytes">Gathered bytes at which <see cref="JournalWriter.WantsFlush"/> says so.</param>
/// <param name="BatchRecords">The same in records.</param>
public sealed record JournalSettings(long SegmentBytes = 64 << 20, int BatchBytes = 64 << 10, int BatchRecords = 256);

/// <summary>Appends records; what was appended is durable after <see cref="Flush"/> and not before.</summary>
/// <remarks>
/// One writer a journal, one thread at a time. After a failed write or flush the writer refuses everything: the system
/// may have dropped the pages of a failed flush, so that trying again would lie (Rebello and others, USENIX ATC 2020).
/// </remarks>
public sealed class JournalWriter : IDisposable
{
    readonly IJournalFiles files;
    readonly string owner;
    readonly JournalSettings settings;
    readonly byte[] chain;
    byte[] gathered;
    int gatheredBytes;
    int gatheredRecords;
    IJournalFile segment;
    long end;
    Exception? broken;

    JournalWriter(IJournalFiles files, string owner, JournalSettings settings, JournalScan scan)
    {
        (this.files, this.owner, this.settings) = (files, owner, settings);
        chain = [.. scan.LastChain];
        gathered = new byte[2 * settings.BatchBytes];
        (LastSequence, LastTimeNanoseconds, DurableSequence) = (
            scan.LastSequence,
            scan.LastTimeNanoseconds,
            scan.LastSequence
        );
        TornTail = scan.Damage;
        (segment, end) = Resume(scan);
    }

    /// <summary>Sequence of the last record appended; 0 before the first.</summary>
    public ulong LastSequence { get; private set; }

    /// <summary>Sequence of the last record that survives a loss of power.</summary>
    public ulong DurableSequence { get; private set; }

    /// <summary>Time of the last record.</summary>
    public long LastTimeNanoseconds { get; private set; }

    /// <summary>The cut write that opening took off; null where there was none.</summary>
    public JournalDamage? TornTail { get; }

    /// <summary>Whether enough was gathered that it should be flushed now.</summary>
    public bool WantsFlush => gatheredBytes >= settings.BatchBytes || gatheredRecords >= settings.BatchRecords;

    /// <summary>Chain hash of the last record appended.</summary>
    public ReadOnlySpan<byte> Chain => chain;

    /// <summary>Opens a journal for its owner, after reading it whole; a cut last write is taken off.</summary>
    /// <param name="files">The folder.</param>
    /// <param name="owner">Engine and account; a journal of another owner is refused.</param>
    /// <param name="settings">Sizes.</param>
    /// <param name="seen">Shown every record that is kept.</param>
    /// <exception cref="JournalFault">Damaged in its middle, or another's.</exception>
    public static JournalWriter Open(
        IJournalFiles files,
        string owner,
        JournalSettings? settings = null,
        Action<JournalRecord>? seen = null
    )
    {
        var scan = JournalReader.Scan(files, seen);
        if (scan.Damage is { IsTornTail: false } damage)
            throw new JournalFault($"the journal is damaged: {damage.Words}");
        if (scan.Owner.Length > 0 && scan.Owner != owner)
            throw new JournalFault($"the journal belongs to {scan.Owner}, not to {owner}");
        return new JournalWriter(files, owner, settings ?? new JournalSettings(), scan);
    }

    /// <summary>Appends a record to what is gathered; it is durable after the next <see cref="Flush"/>.</summary>
    /// <param name="timeNanoseconds">Not before the last record's.</param>
    /// <param name="type">Kind of payload.</param>
    /// <param name="version">Schema of the payload.</param>
    /// <param name="flags">The owner's marks.</param>
    /// <param name="payload">Bytes.</param>
    /// <returns>The record's sequence.</returns>
    public ulong Append(long timeNanoseconds, ushort type, ushort version, uint flags, ReadOnlySpan<byte> payload)
    {
        ThrowIfBroken();
        ArgumentOutOfRangeException.ThrowIfLessThan(timeNanoseconds, LastTimeNanoseconds);
        int size = RecordCodec.Size(payload.Length);
        if (gatheredBytes + size > gathered.Length)
            Array.Resize(ref gathered, Math.Max(2 * gathered.Length, gatheredBytes + size));
        var header = new RecordHeader(LastSequence + 1, timeNanoseconds, type, version, flags);
        gatheredBytes += RecordCodec.Write(header, payload, chain, gathered.AsSpan(gatheredBytes));
        gatheredRecords++;
        LastTimeNanoseconds = timeNanoseconds;
        return ++LastSequence;
    }

    /// <summary>Writes what is gathered and returns once it survives a loss of power.</summary>
    /// <exception cref="JournalFault">It could not; the writer refuses everything from now on.</exception>
    public void Flush()
    {
        ThrowIfBroken();
        if (gatheredBytes == 0)
            return;
        try
        {
            segment.Write(end, gathered.AsSpan(0, gatheredBytes));
            segment.Flush();
            end += gatheredBytes;
            (gatheredBytes, gatheredRecords) = (0, 0);
            DurableSequence = LastSequence;
            if (end >= settings.SegmentBytes)
            {
                segment.Dispose();
                (segment, end) = Start(LastSequence + 1);
            }
        }
        catch (Exception fault)
        {
            broken = fault;
            ThrowIfBroken();
        }
    }

    /// <summary>Closes the file; what is gathered and not flushed is lost, as it was never durable.</summary>
    public void Dispose() => segment.Dispose();

    (IJournalFile, long) Resume(JournalScan scan)
    {
        if (scan.Segments.IsEmpty)
            return Start(1);
        string name = scan.Segments[^1];
        if (scan.Damage is { Offset: 0 } torn && torn.Segment == name)
        {
            // The power went while the segment's own header was written: it holds no record.
            files.Delete(name);
            return Start(scan.LastSequence + 1);
        }
        var file = files.Open(name);
        if (file.Length > scan.EndOffset)
        {
            file.Truncate(scan.EndOffset);
            file.Flush();
        }
        return (file, scan.EndOffset);
    }

    (IJournalFile, long) Start(ulong firstSequence)
    {
        var file = files.Open(SegmentHeader.FileName(firstSequence));
        file.Write(0, new SegmentHeader(owner, firstSequence, [.. chain]).Write());
        file.Flush();
        files.FlushFolder();
        return (file, SegmentHeader.Bytes);
    }

    void ThrowIfBroken()
    {
        if (broken is not null)
            throw new JournalFault($"the journal could not be written: {broken.Message}", broken);
    }
}
