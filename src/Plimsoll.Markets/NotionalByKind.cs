namespace Plimsoll.Markets;

/// <summary>
/// A notional in USD for each kind of contract, so that one figure means the same for every contract.
/// </summary>
/// <remarks>
/// A contract may be 10 USD or a whole coin: a number of contracts would mean a thousand times more for one than for
/// another. The notional of an option is that of the coins which it is on. Equality by value.
/// </remarks>
/// <param name="OptionsUsd">Options; null: nothing is stated. Positive.</param>
/// <param name="PerpetualsUsd">Perpetuals.</param>
/// <param name="FuturesUsd">Dated futures.</param>
/// <param name="SpotUsd">Spot.</param>
public sealed record NotionalByKind(
    decimal? OptionsUsd,
    decimal? PerpetualsUsd,
    decimal? FuturesUsd,
    decimal? SpotUsd = null
)
{
    /// <summary>The same for every kind.</summary>
    public static NotionalByKind Same(decimal usd) => new(usd, usd, usd, usd);

    /// <summary>What is stated for the kind of an instrument, USD; null: nothing.</summary>
    public decimal? Usd(Instrument instrument) =>
        instrument switch
        {
            OptionInstrument => OptionsUsd,
            PerpetualInstrument => PerpetualsUsd,
            FutureInstrument => FuturesUsd,
            _ => SpotUsd,
        };

    /// <summary>The same in contracts of the instrument; null: nothing is stated.</summary>
    /// <param name="instrument">The contract.</param>
    /// <param name="indexUsd">Index of its coin, USD; positive.</param>
    public double? Contracts(Instrument instrument, double indexUsd)
    {
        ArgumentNullException.ThrowIfNull(instrument);
        return (double?)Usd(instrument) / Notional.PerContractUsd(instrument, indexUsd);
    }

    /// <summary>The kind of an instrument in words, plural: <c>options</c>.</summary>
    public static string Kind(Instrument instrument) =>
        instrument switch
        {
            OptionInstrument => "options",
            PerpetualInstrument => "perpetuals",
            FutureInstrument => "futures",
            _ => "spot",
        };
}
