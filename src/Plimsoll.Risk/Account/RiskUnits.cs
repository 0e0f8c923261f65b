using System.Globalization;
using Plimsoll.Markets;

namespace Plimsoll.Risk;

/// <summary>Names of risk units where the mandate names none: an underlying's expiry.</summary>
public static class RiskUnits
{
    /// <summary>
    /// <c>BTC-25DEC26</c> for what settles, <c>BTC-PERPETUAL</c> and <c>BTC-SPOT</c> for what does not.
    /// </summary>
    public static string DefaultName(Instrument instrument) =>
        instrument.SettlesAt is { } at
            ? $"{instrument.Underlying}-{at.ToString("dMMMyy", CultureInfo.InvariantCulture).ToUpperInvariant()}"
        : instrument is PerpetualInstrument ? $"{instrument.Underlying}-PERPETUAL"
        : $"{instrument.Underlying}-SPOT";
}
