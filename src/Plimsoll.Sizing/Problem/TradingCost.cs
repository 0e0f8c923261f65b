using Plimsoll.Markets;

namespace Plimsoll.Sizing;

/// <summary>What it costs to trade one contract now, and at which price the order would stand.</summary>
/// <param name="Home">Half spread and fee in the home currency; at least 0.</param>
/// <param name="Price">Limit price in the instrument's own unit, on its tick.</param>
public readonly record struct SideCost(double Home, decimal Price);

/// <summary>Costs of both sides of an instrument; a null side cannot be traded because nobody quotes it.</summary>
/// <param name="Buy">Buying.</param>
/// <param name="Sell">Selling.</param>
/// <param name="Assumed">Name of the assumption that was used; null when the market said everything.</param>
public sealed record TradingCost(SideCost? Buy, SideCost? Sell, string? Assumed)
{
    /// <summary>Reckons the cost of one contract.</summary>
    /// <param name="quote">The instrument and its quotes.</param>
    /// <param name="indexUsd">Index of its coin, USD.</param>
    /// <param name="settlementPrice">Home units for one unit of the settlement currency, now.</param>
    /// <param name="valueSettlement">Option's value per contract in its settlement currency; 0 for futures.</param>
    /// <param name="assumptions">For perpetuals and futures without quotes.</param>
    public static TradingCost Of(
        InstrumentQuote quote,
        double indexUsd,
        double settlementPrice,
        double valueSettlement,
        Assumptions assumptions
    )
    {
        var instrument = quote.Instrument;
        if (instrument is OptionInstrument)
            return OfOption(quote, settlementPrice, valueSettlement, indexUsd);
        double mark = (double)(quote.Mark ?? quote.Bid ?? quote.Ask ?? (decimal)indexUsd);
        // In the settlement currency: an inverse contract's face is paid in coin at its own price.
        double notional = Notional.PerContractUsd(instrument, mark) / (Notional.IsFaceInDollars(instrument) ? mark : 1);
        double fee = TakerFee.PerContract(instrument, mark, indexUsd);
        if (quote is { Bid: { } bid, Ask: { } ask } && bid > 0 && ask > 0)
        {
            double half = notional * (double)(ask - bid) / (2 * mark);
            double each = Math.Max(0, half + fee) * settlementPrice;
            return new TradingCost(new SideCost(each, ask), new SideCost(each, bid), null);
        }
        if (assumptions.PerpetualSpread is not { } spread)
            return new TradingCost(null, null, null);
        double assumed = Math.Max(0, notional * spread / 2 + fee) * settlementPrice;
        var ticks = instrument.Ticks;
        return new TradingCost(
            new SideCost(assumed, ticks.RoundUp((decimal)(mark * (1 + spread / 2)))),
            new SideCost(assumed, ticks.RoundDown((decimal)(mark * (1 - spread / 2)))),
            FormattableString.Invariant($"perpetual-spread {spread * 100:0.####}% for {instrument.Name}")
        );
    }

    static TradingCost OfOption(InstrumentQuote quote, double settlementPrice, double valueSettlement, double indexUsd)
    {
        double size = (double)quote.Instrument.ContractSize;
        double Fee(double price) => TakerFee.PerContract(quote.Instrument, price, indexUsd);
        SideCost? Side(decimal? price, double half) =>
            price is { } known && known > 0
                ? new SideCost(Math.Max(0, half + Fee((double)known)) * settlementPrice, known)
                : null;
        double halfSpread =
            quote is { Bid: { } bid, Ask: { } ask } && bid > 0 && ask > 0 ? (double)(ask - bid) / 2 * size : double.NaN;
        double Half(decimal? price) =>
            double.IsNaN(halfSpread) ? Math.Abs((double)(price ?? 0) * size - valueSettlement) : halfSpread;
        return new TradingCost(Side(quote.Ask, Half(quote.Ask)), Side(quote.Bid, Half(quote.Bid)), null);
    }
}
