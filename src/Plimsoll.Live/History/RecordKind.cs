namespace Plimsoll.Live;

/// <summary>Kinds of records beside those of events; numbers stand in journals and never move.</summary>
static class RecordKind
{
    /// <summary>Effects of the event before it.</summary>
    public const ushort Effects = 1000;

    /// <summary>Digest of the state after the event before it.</summary>
    public const ushort Digest = 1001;

    /// <summary>What solves of this process are made from, besides the state.</summary>
    public const ushort RunInput = 1002;

    /// <summary>Version of all three.</summary>
    public const ushort Version = 1;

    /// <summary>Bytes of an event's sequence before a payload.</summary>
    public const int SequenceBytes = 8;
}
