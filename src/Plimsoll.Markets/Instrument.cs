using System.Diagnostics.CodeAnalysis;

namespace Plimsoll.Markets;

/// <summary>Shape of the payoff in the settlement currency.</summary>
public enum PayoffShape
{
    /// <summary>Gain is proportional to the price change in the quote currency (USDC-settled).</summary>
    Linear,

    /// <summary>Gain is paid in the underlying coin (coin-settled).</summary>
    Inverse,
}

/// <summary>Right that an option gives.</summary>
public enum OptionRight
{
    /// <summary>To buy at the strike.</summary>
    Call,

    /// <summary>To sell at the strike.</summary>
    Put,
}

/// <summary>What one contract is, as its venue states it. Nothing here is guessed from a symbol.</summary>
/// <remarks>
/// Immutable; a closed family: <see cref="OptionInstrument"/>, <see cref="PerpetualInstrument"/>,
/// <see cref="FutureInstrument"/>, <see cref="SpotInstrument"/>. Equality is by value; <see cref="Name"/> is unique
/// within a snapshot. Gain of +1 contract, in the settlement currency:
/// inverse future <c>ContractSize·(1/entry − 1/exit)</c> (ContractSize in USD, prices in USD);
/// linear future <c>ContractSize·(exit − entry)</c> (ContractSize in coin);
/// inverse option <c>ContractSize·(v1 − v0)</c>, v the option's price in coin per coin;
/// linear option <c>ContractSize·(P1 − P0)</c>, P the option's price in USDC per coin.
/// </remarks>
public abstract record Instrument
{
    private protected Instrument() { }

    /// <summary>The venue's name, such as <c>BTC-25DEC26-100000-C</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The venue's key, such as <c>deribit</c>.</summary>
    public required string Venue { get; init; }

    /// <summary>Ticker of the coin whose price drives the payoff: <c>BTC</c>, <c>ETH</c>, <c>SOL</c>.</summary>
    public required string Underlying { get; init; }

    /// <summary>Linear or inverse.</summary>
    public required PayoffShape Shape { get; init; }

    /// <summary>What gains and margin are paid in: the coin for inverse contracts, USDC for linear ones.</summary>
    public required Currency Settlement { get; init; }

    /// <summary>
    /// Size of one contract: USD for inverse futures and perpetuals, units of the underlying otherwise. Positive.
    /// </summary>
    public required decimal ContractSize { get; init; }

    /// <summary>Order step in contracts. Positive.</summary>
    public required decimal LotContracts { get; init; }

    /// <summary>Smallest order in contracts. A multiple of the lot.</summary>
    public required decimal MinimumOrderContracts { get; init; }

    /// <summary>Price steps, in the unit of the instrument's price.</summary>
    public required TickSchedule Ticks { get; init; }

    /// <summary>Fees of this instrument at its venue.</summary>
    public required FeeSchedule Fees { get; init; }

    /// <summary>
    /// Amount of the venue's order field that one contract is (10 for a BTC inverse perpetual: 10 USD).
    /// </summary>
    public required decimal OrderAmountPerContract { get; init; }

    /// <summary>Unit of the venue's order field: <c>USD</c>, <c>BTC</c>, <c>contracts</c>.</summary>
    public required string OrderAmountUnit { get; init; }

    /// <summary>Instant of settlement; null for perpetuals and spot.</summary>
    public virtual DateTimeOffset? SettlesAt => null;

    /// <inheritdoc />
    public sealed override string ToString() => Name;
}

/// <summary>A European option on the forward of its own expiry.</summary>
/// <remarks>Quoted in coin per coin when inverse, in USDC per coin when linear.</remarks>
public sealed record OptionInstrument : Instrument
{
    /// <summary>An option whose members are all set by the caller.</summary>
    public OptionInstrument() { }

    /// <summary>An option with the contract terms of <paramref name="terms"/>.</summary>
    [SetsRequiredMembers]
    public OptionInstrument(Instrument terms, string name, decimal strikeUsd, OptionRight right, DateTimeOffset expiry)
        : base(terms) => (Name, StrikeUsd, Right, Expiry) = (name, strikeUsd, right, expiry);

    /// <summary>Strike in USD per coin. Positive.</summary>
    public required decimal StrikeUsd { get; init; }

    /// <summary>Call or put.</summary>
    public required OptionRight Right { get; init; }

    /// <summary>Instant of expiry (Deribit: 08:00 UTC).</summary>
    public required DateTimeOffset Expiry { get; init; }

    /// <inheritdoc />
    public override DateTimeOffset? SettlesAt => Expiry;
}

/// <summary>A future without expiry, kept near the index by funding; quoted in USD (or USDC) per coin.</summary>
public sealed record PerpetualInstrument : Instrument
{
    /// <summary>A perpetual whose members are all set by the caller.</summary>
    public PerpetualInstrument() { }

    /// <summary>A perpetual with the contract terms of <paramref name="terms"/>.</summary>
    [SetsRequiredMembers]
    public PerpetualInstrument(Instrument terms, string name)
        : base(terms) => Name = name;
}

/// <summary>A dated future, quoted in USD (or USDC) per coin.</summary>
public sealed record FutureInstrument : Instrument
{
    /// <summary>A future whose members are all set by the caller.</summary>
    public FutureInstrument() { }

    /// <summary>A future with the contract terms of <paramref name="terms"/>.</summary>
    [SetsRequiredMembers]
    public FutureInstrument(Instrument terms, string name, DateTimeOffset expiry)
        : base(terms) => (Name, Expiry) = (name, expiry);

    /// <summary>Instant of expiry (Deribit: 08:00 UTC).</summary>
    public required DateTimeOffset Expiry { get; init; }

    /// <inheritdoc />
    public override DateTimeOffset? SettlesAt => Expiry;
}

/// <summary>
/// The coin itself, held as collateral or traded for dollars; quoted in USDC per coin. Always linear.
/// </summary>
public sealed record SpotInstrument : Instrument
{
    /// <summary>A spot market whose members are all set by the caller.</summary>
    public SpotInstrument() { }

    /// <summary>A spot market with the contract terms of <paramref name="terms"/>.</summary>
    [SetsRequiredMembers]
    public SpotInstrument(Instrument terms, string name)
        : base(terms) => Name = name;
}
