namespace Plimsoll.Paper;

/// <summary>One connection: who it is, what it follows, what waits to be sent to it.</summary>
public sealed class Session
{
    readonly Queue<string> outbox = new();

    internal Session(long id, string address, long nowUs) => (Id, Address, HeardUs) = (id, address, nowUs);

    /// <summary>Unique number of the connection.</summary>
    public long Id { get; }

    /// <summary>Where it comes from.</summary>
    public string Address { get; }

    /// <summary>Whether the venue wants it closed once the outbox is empty.</summary>
    public bool IsClosing { get; internal set; }

    /// <summary>Frames that wait to be sent.</summary>
    public int Waiting => outbox.Count;

    internal Grant? Grant { get; set; }

    internal bool CancelOnDisconnect { get; set; }

    internal bool LoggedOut { get; set; }

    internal long HeardUs { get; set; }

    internal long? HeartbeatUs { get; set; }

    internal long NextHeartbeatUs { get; set; }

    internal long? TestSentUs { get; set; }

    internal SortedDictionary<string, Subscription> Subscriptions { get; } = new(StringComparer.Ordinal);

    internal PaperAccount? Account => Grant?.Key.Account;

    internal string Who => Account is { } account ? $"account {account.Id}" : $"address {Address}";

    /// <summary>The next frame to send, or null.</summary>
    public string? Take() => outbox.TryDequeue(out string? frame) ? frame : null;

    internal void Send(string frame) => outbox.Enqueue(frame);
}
