using Plimsoll.Markets;

namespace Plimsoll.Sizing;

/// <summary>Which instruments may be opened: two-sided, traded or held by somebody, and not too wide.</summary>
public static class LiquidityScreen
{
    /// <summary>Widest spread of an option, as a share of its middle.</summary>
    public const double WidestSpread = 0.1;

    /// <summary>Why an instrument is screened out; empty for a candidate.</summary>
    public static string Reason(InstrumentQuote quote, Mandate mandate)
    {
        var instrument = quote.Instrument;
        if (!Listed(instrument, mandate))
            return "not among the mandate's candidates";
        if (instrument is SpotInstrument)
            return mandate.TradableCollateral.Contains(instrument.Underlying)
                ? ""
                : "collateral is not listed as tradable";
        if (instrument is not OptionInstrument)
            return
                quote.IsTwoSided
                || (instrument is PerpetualInstrument && mandate.Assumptions.PerpetualSpread is not null)
                ? ""
                : "nobody quotes it (for perpetuals a perpetual-spread may be assumed)";
        if (!quote.IsTwoSided)
            return "one-sided quote";
        if (!(quote.OpenInterestContracts > 0) && !(quote.DailyVolumeContracts > 0))
            return "no open interest and no volume";
        decimal middle = (quote.Bid!.Value + quote.Ask!.Value) / 2;
        return quote.Ask.Value - quote.Bid.Value > (decimal)WidestSpread * middle ? "wide spread" : "";
    }

    /// <summary>Whether the mandate lists the instrument (an empty list names all).</summary>
    public static bool Listed(Instrument instrument, Mandate mandate) =>
        mandate.Candidates.IsEmpty || mandate.Candidates.Any(pattern => NamePattern.Matches(pattern, instrument.Name));
}
