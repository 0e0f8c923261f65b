namespace Plimsoll.Markets;

/// <summary>Kind of contract that a name can mean.</summary>
public enum ContractKind
{
    /// <summary>A European option.</summary>
    Option,

    /// <summary>A future without expiry.</summary>
    Perpetual,

    /// <summary>A dated future.</summary>
    Future,

    /// <summary>The coin itself against another currency.</summary>
    Spot,
}

/// <summary>
/// The parts of one of Deribit's instrument names; what they are worth is in <see cref="ContractTerms"/>.
/// </summary>
/// <param name="Kind">Which of the four shapes of name it is.</param>
/// <param name="Base">The coin: <c>BTC</c>.</param>
/// <param name="Quote">The second ticker of <c>BTC_USDC</c>; null for names without one.</param>
/// <param name="ExpiryDate">Day of expiry; null for perpetuals and spot.</param>
/// <param name="StrikeUsd">Strike; null unless an option.</param>
/// <param name="Right">Call or put; null unless an option.</param>
public sealed record DeribitName(
    ContractKind Kind,
    string Base,
    string? Quote,
    DateOnly? ExpiryDate,
    decimal? StrikeUsd,
    OptionRight? Right
)
{
    /// <summary>First part of the name, the key of the contract terms: <c>BTC</c> or <c>BTC_USDC</c>.</summary>
    public string Product => Quote is null ? Base : $"{Base}_{Quote}";

    /// <summary>Instant of expiry: 08:00 UTC of the day.</summary>
    public DateTimeOffset? Expiry =>
        ExpiryDate is { } day ? new DateTimeOffset(day.Year, day.Month, day.Day, 8, 0, 0, TimeSpan.Zero) : null;

    /// <inheritdoc />
    public override string ToString() => DeribitNames.Write(this);
}
