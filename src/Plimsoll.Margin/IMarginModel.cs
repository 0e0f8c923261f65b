using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Margin;

/// <summary>Prices at which one contract is margined.</summary>
/// <param name="UnderlyingUsd">
/// Mark of what drives the payoff, USD per coin: the expiry's forward for options, its own mark for a future. Positive.
/// </param>
/// <param name="Price">
/// The instrument's price in its own unit: coin per coin for inverse options, USDC per coin for linear ones, USD per
/// coin otherwise. At least 0.
/// </param>
public readonly record struct MarginPrice(double UnderlyingUsd, double Price);

/// <summary>Margin of a position in one instrument at a fixed market, in its settlement currency; at least 0.</summary>
/// <remarks>
/// requirement(q) = Long·q⁺ + Short·q⁻ + Square·q², q in contracts: convex for coefficients that are not negative,
/// and linear on either side when the square is 0. Equality by value; the default value asks for nothing.
/// </remarks>
/// <param name="InitialLong">Per contract held long.</param>
/// <param name="InitialShort">Per contract held short.</param>
/// <param name="InitialSquare">Per contract squared, either side.</param>
/// <param name="MaintenanceLong">Per contract held long.</param>
/// <param name="MaintenanceShort">Per contract held short.</param>
/// <param name="MaintenanceSquare">Per contract squared, either side.</param>
public readonly record struct MarginRate(
    double InitialLong,
    double InitialShort,
    double InitialSquare,
    double MaintenanceLong,
    double MaintenanceShort,
    double MaintenanceSquare
)
{
    /// <summary>Initial margin of a signed number of contracts.</summary>
    public double Initial(double contracts) =>
        (contracts > 0 ? InitialLong * contracts : -InitialShort * contracts) + InitialSquare * contracts * contracts;

    /// <summary>Maintenance margin of a signed number of contracts.</summary>
    public double Maintenance(double contracts) =>
        (contracts > 0 ? MaintenanceLong * contracts : -MaintenanceShort * contracts)
        + MaintenanceSquare * contracts * contracts;
}

/// <summary>The margin rule of one instrument, unwrapped once for many markets.</summary>
public interface IInstrumentMargin
{
    /// <summary>Rates at a market.</summary>
    MarginRate At(MarginPrice price);
}

/// <summary>
/// A venue's margin rule in which every position stands alone (no netting inside a pool but of equity).
/// </summary>
/// <remarks>
/// Immutable and thread safe. The same rates give the figure and the optimiser's coefficients: one truth.
/// </remarks>
public interface IMarginModel
{
    /// <summary>Stable key, such as <c>deribit-standard-margin</c>.</summary>
    string Key { get; }

    /// <summary>Date, source and known limits of the parameters, for <c>warnings</c>.</summary>
    string Note { get; }

    /// <summary>Whether the requirement is convex in the positions at a fixed market; tested.</summary>
    bool IsConvex { get; }

    /// <summary>
    /// Whether the value of options held may cover margin; false: buying an option uses up margin balance.
    /// </summary>
    bool OptionValueIsMargin { get; }

    /// <summary>The rule of one instrument; null when the model has no parameters for it (undetermined).</summary>
    IInstrumentMargin? For(Instrument instrument);

    /// <summary>
    /// Rates of an instrument at a market; null when the model has no parameters for it (undetermined).
    /// </summary>
    MarginRate? Rate(Instrument instrument, MarginPrice price) => For(instrument)?.At(price);

    /// <summary>Names of what the model lacks among these instruments; empty when it can rate all of them.</summary>
    ImmutableArray<string> Missing(IEnumerable<Instrument> instruments);
}
