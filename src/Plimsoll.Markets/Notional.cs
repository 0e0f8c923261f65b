namespace Plimsoll.Markets;

/// <summary>What a contract stands for, in dollars: one rule for sizing, controls, funding and margin.</summary>
/// <remarks>
/// An inverse future or perpetual is a number of dollars whatever the price; everything else is a number of coins
/// times the price of the underlying, for options too (their premium is another figure).
/// </remarks>
public static class Notional
{
    /// <summary>Dollars that one contract stands for; positive.</summary>
    /// <param name="instrument">Contract; its size and shape are the venue's data.</param>
    /// <param name="underlyingUsd">Price of the underlying, USD per coin; positive.</param>
    public static decimal PerContractUsd(Instrument instrument, decimal underlyingUsd) =>
        IsFaceInDollars(instrument) ? instrument.ContractSize : instrument.ContractSize * underlyingUsd;

    /// <inheritdoc cref="PerContractUsd(Instrument, decimal)" />
    public static double PerContractUsd(Instrument instrument, double underlyingUsd) =>
        IsFaceInDollars(instrument) ? (double)instrument.ContractSize : (double)instrument.ContractSize * underlyingUsd;

    /// <summary>Whether a contract is a number of dollars: an inverse future or perpetual.</summary>
    public static bool IsFaceInDollars(Instrument instrument) =>
        instrument is { Shape: PayoffShape.Inverse } and not OptionInstrument;
}
