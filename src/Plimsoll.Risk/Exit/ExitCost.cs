using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Risk;

/// <summary>What is assumed of leaving a position where the market does not say.</summary>
/// <param name="VolumeShare">Share of a day's volume that may be traded a day; in (0, 1].</param>
/// <param name="PerpetualSpread">
/// Full spread as a fraction of price for perpetuals and futures without quotes; or null.
/// </param>
/// <param name="DailyVolume">Notional traded a day, USD, of instruments without a stated volume; or null.</param>
/// <param name="ImpactPrefactor">Y of the square-root law, peak displacement.</param>
public sealed record ExitAssumptions(
    double VolumeShare = 0.1,
    double? PerpetualSpread = null,
    NotionalByKind? DailyVolume = null,
    double ImpactPrefactor = 1
);

/// <summary>Cost and time of closing one position, home currency.</summary>
/// <param name="Instrument">Name.</param>
/// <param name="Contracts">Signed.</param>
/// <param name="HalfSpread">Null: nobody quotes the side that is needed and nothing was assumed.</param>
/// <param name="Fee">Taker fee.</param>
/// <param name="Impact">Average slippage by the square-root law; null: no volume.</param>
/// <param name="Days">Days at the stated share of daily volume; null: no volume.</param>
/// <param name="Assumed">Assumptions used, in words.</param>
public sealed record ExitEstimate(
    string Instrument,
    double Contracts,
    double? HalfSpread,
    double? Fee,
    double? Impact,
    double? Days,
    ImmutableArray<string> Assumed
)
{
    /// <summary>All three parts; null when one is not known.</summary>
    public double? Total => HalfSpread + Fee + Impact;
}

/// <summary>Cost of leaving: half spread, fee and square-root impact.</summary>
/// <remarks>
/// A metaorder of Q in a day's volume V displaces the price by I = Y·σ_d·√(Q/V) when it is done (Tóth et al. 2011, eq.
/// 1; Donier and Bonart 2015 for bitcoin), and pays two thirds of that on average: cost (2/3)·Q·I. σ_d is the daily
/// standard deviation of one contract's own value, so that an option's impact follows its delta and vega.
/// </remarks>
public static class ExitCost
{
    const double AverageOverPeak = 2.0 / 3;

    /// <summary>(2/3)·Y·σ·Q·√(Q/V): money lost to one's own pressure.</summary>
    /// <param name="contracts">Q, at least 0.</param>
    /// <param name="dailyVolumeContracts">V, positive.</param>
    /// <param name="dailyDeviation">σ_d of one contract, money.</param>
    /// <param name="prefactor">Y.</param>
    public static double Impact(
        double contracts,
        double dailyVolumeContracts,
        double dailyDeviation,
        double prefactor
    ) => AverageOverPeak * prefactor * dailyDeviation * contracts * Math.Sqrt(contracts / dailyVolumeContracts);

    /// <summary>Closes a position.</summary>
    /// <param name="holding">What is held.</param>
    /// <param name="prices">Model prices now.</param>
    /// <param name="homePrices">Prices of currencies.</param>
    /// <param name="dailyDeviationHome">Standard deviation of one contract's gain over a day, home currency.</param>
    /// <param name="assumptions">Where the market does not say.</param>
    public static ExitEstimate Of(
        Holding holding,
        ModelPrices prices,
        HomePrices homePrices,
        double dailyDeviationHome,
        ExitAssumptions assumptions
    )
    {
        var instrument = holding.Instrument;
        double contracts = Math.Abs(holding.Contracts);
        double perSettlement = homePrices.Now(instrument.Settlement);
        var quote = prices.Quote(instrument);
        var assumed = ImmutableArray.CreateBuilder<string>();
        double? half = HalfSpread(holding, quote, prices, assumptions, assumed) * contracts * perSettlement;
        double? fee = prices.Price(instrument) is { } price
            ? TakerFee.PerContract(instrument, price, prices.IndexUsd(instrument.Underlying)!.Value)
                * contracts
                * perSettlement
            : null;
        double? volume = quote?.DailyVolumeContracts is > 0 and { } traded ? (double)traded : null;
        if (
            volume is null
            && assumptions.DailyVolume?.Contracts(instrument, prices.IndexUsd(instrument.Underlying)!.Value)
                is { } stated
        )
        {
            volume = stated;
            assumed.Add(
                FormattableString.Invariant(
                    $"daily-volume {assumptions.DailyVolume.Usd(instrument):0.##} USD for {instrument.Name}"
                )
            );
        }
        return new ExitEstimate(
            instrument.Name,
            holding.Contracts,
            half,
            fee,
            volume is { } v ? Impact(contracts, v, dailyDeviationHome, assumptions.ImpactPrefactor) : null,
            contracts / (assumptions.VolumeShare * volume),
            assumed.ToImmutable()
        );
    }

    /// <summary>
    /// Per contract in settlement currency: model price less bid for a long, ask less model price for a short.
    /// </summary>
    static double? HalfSpread(
        Holding holding,
        InstrumentQuote? quote,
        ModelPrices prices,
        ExitAssumptions assumptions,
        ImmutableArray<string>.Builder assumed
    )
    {
        var instrument = holding.Instrument;
        if (prices.Price(instrument) is not { } price)
            return null;
        double perPrice =
            (double)instrument.ContractSize * (Notional.IsFaceInDollars(instrument) ? 1 / (price * price) : 1);
        if (quote is { IsTwoSided: true })
            return (double)(quote.Ask!.Value - quote.Bid!.Value) / 2 * perPrice;
        var side = holding.Contracts > 0 ? quote?.Bid : quote?.Ask;
        if (side is > 0 and { } only)
            return Math.Abs((double)only - price) * perPrice;
        if (instrument is OptionInstrument || assumptions.PerpetualSpread is not { } spread)
            return null;
        assumed.Add(FormattableString.Invariant($"perpetual-spread {spread * 100:0.####}% for {instrument.Name}"));
        return spread / 2 * price * perPrice;
    }
}
