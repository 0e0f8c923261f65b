using Plimsoll.Markets;
using Plimsoll.Risk;

namespace Plimsoll.Sizing;

/// <content>What a market says of depth and volume, what the mandate assumes, and what lacks.</content>
sealed partial class LineBuilder
{
    void NoteMissing(InstrumentQuote quote, TradingCost cost, bool isHeld)
    {
        var instrument = quote.Instrument;
        if (cost.Assumed is { } assumed)
            assumptions.Add(assumed);
        if (instrument is not OptionInstrument && isHeld && cost.Buy is null && cost.Sell is null)
            missing.Add($"spread of {instrument.Name} (quotes, or assumptions.perpetual-spread)");
        if (instrument is not PerpetualInstrument || quote.FundingRate8h is not null)
            return;
        if (mandate.Assumptions.Funding8h is { } rate)
            assumptions.Add(FormattableString.Invariant($"funding-8h {rate * 100:0.####}% for {instrument.Name}"));
        else
            missing.Add($"funding of {instrument.Name} (funding rate, or assumptions.funding-8h)");
    }

    double? Volume(InstrumentQuote quote, bool relevant)
    {
        if (quote.DailyVolumeContracts is { } known)
            return (double)known;
        if (Assumed("daily-volume", mandate.Assumptions.DailyVolume, quote.Instrument, relevant) is { } assumed)
            return assumed;
        bool needed = mandate.Limits.Liquidity is { DailyVolume: not null } or { ExitDays: not null };
        if (needed && relevant)
            missing.Add($"daily volume of {quote.Instrument.Name} (market, or assumptions.daily-volume)");
        return null;
    }

    double? Depth(InstrumentQuote quote, bool buy, bool relevant)
    {
        decimal? known = buy
            ? quote.AskDepthContracts ?? quote.AskContracts
            : quote.BidDepthContracts ?? quote.BidContracts;
        if (known is not null)
            return (double)known;
        if (Assumed("book-depth", mandate.Assumptions.BookDepth, quote.Instrument, relevant) is { } assumed)
            return assumed;
        if (relevant)
            missing.Add($"book depth of {quote.Instrument.Name} (market, or assumptions.book-depth)");
        return null;
    }

    /// <summary>An assumed notional in contracts, listed among the assumptions where it is used.</summary>
    double? Assumed(string key, NotionalByKind? assumed, Instrument instrument, bool relevant)
    {
        double? contracts = assumed?.Contracts(instrument, input.Market.Find(instrument.Underlying)!.IndexUsd);
        if (contracts is not null && relevant)
            assumptions.Add(
                FormattableString.Invariant(
                    $"{key} {assumed!.Usd(instrument):0.##} USD for {NotionalByKind.Kind(instrument)} that state none"
                )
            );
        return contracts;
    }

    static double TradeCap(LiquidityLimits? liquidity, double? volume, Func<double?> depth)
    {
        double cap = double.PositiveInfinity;
        if (liquidity?.DailyVolume is { } share)
            cap = Math.Min(cap, share * (volume ?? 0));
        if (liquidity?.BookDepth is { } part)
            cap = Math.Min(cap, part * (depth() ?? 0));
        return cap;
    }

    /// <summary>Coefficient k of impact k·Q^(3/2): that of leaving, see <see cref="ExitCost.Impact"/>.</summary>
    double Impact(int column, double? volume)
    {
        if (volume is not > 0)
            return 0;
        double daily = deviation[column] / Math.Sqrt(matrix.Scenarios.Horizon.Days);
        return ExitCost.Impact(1, volume.Value, daily, ImpactPrefactor);
    }
}
