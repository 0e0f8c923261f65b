namespace Plimsoll.Venues;

/// <summary>What a login may do, read from the scope that the venue granted.</summary>
/// <param name="Text">Such as <c>connection account:read trade:read wallet:read</c>.</param>
public sealed record DeribitScope(string Text)
{
    const string Write = ":read_write";
    readonly string[] parts = Text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Whether orders may be sent.</summary>
    public bool MayTrade => parts.Contains("trade" + Write);

    /// <summary>Whether money may be moved.</summary>
    public bool MayWithdraw => parts.Any(part => part is "wallet" + Write or "custody" + Write);

    /// <summary>Whether the account may be read; a grant that lists no rights by name is not read as one.</summary>
    public bool MayRead => parts.Any(part => part is "account:read" or "account" + Write);

    /// <summary>Rights to change anything at all, as the venue writes them.</summary>
    public IReadOnlyList<string> Writes => [.. parts.Where(part => part.EndsWith(Write, StringComparison.Ordinal))];

    /// <summary>Why this grant will not do for an engine; null when it will.</summary>
    /// <param name="trades">Whether orders are to be sent.</param>
    public string? ProblemFor(bool trades) =>
        MayWithdraw ? $"the key may move money ({string.Join(", ", Writes)}); make one without wallet:read_write"
        : !MayRead ? "the key may not read the account (account:read)"
        : trades && !MayTrade ? "the key may not trade (trade:read_write)"
        : null;
}
