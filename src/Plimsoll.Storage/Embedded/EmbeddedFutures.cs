using Plimsoll.Markets;

namespace Plimsoll.Storage;

/// <summary>
/// Quotes of one embedded coin's perpetuals, dated futures and spot market: one or two ticks around the mark.
/// </summary>
sealed class EmbeddedFutures(EmbeddedDescription market, EmbeddedCoin coin)
{
    const string Dollar = "USDC";

    /// <summary>Every contract without a strike.</summary>
    public IEnumerable<InstrumentQuote> Quotes()
    {
        var assumed = coin.Assumed;
        yield return Quote(ContractKind.Perpetual, null, null, coin.IndexUsd, 1) with
        {
            FundingRate8h = assumed.Funding8h,
        };
        yield return Quote(ContractKind.Perpetual, Dollar, null, coin.IndexUsd, market.LinearShare) with
        {
            FundingRate8h = assumed.Funding8h,
        };
        yield return Quote(ContractKind.Spot, Dollar, null, coin.IndexUsd, market.LinearShare);
        foreach (var expiry in coin.Expiries)
            yield return Quote(ContractKind.Future, null, expiry.Expiry, expiry.ForwardUsd, 1);
    }

    InstrumentQuote Quote(ContractKind kind, string? quote, DateOnly? expiry, double priceUsd, double share)
    {
        var name = new DeribitName(kind, coin.Underlying, quote, expiry, null, null);
        var instrument = ContractsFile.Deribit.Instrument(name)!;
        decimal tick = instrument.Ticks.BaseTick;
        decimal below = instrument.Ticks.RoundDown((decimal)priceUsd);
        decimal bid = kind == ContractKind.Future ? below - tick : below;
        decimal ask = below + tick;
        bool dated = kind == ContractKind.Future;
        var assumed = coin.Assumed;
        return new()
        {
            Instrument = instrument,
            Bid = bid,
            Ask = ask,
            Mark = Math.Round((decimal)priceUsd, 4),
            BidContracts = Contracts(instrument, share * assumed.TopUsd, priceUsd),
            AskContracts = Contracts(instrument, share * assumed.TopUsd, priceUsd),
            BidDepthContracts = Contracts(instrument, share * assumed.DepthUsd, priceUsd),
            AskDepthContracts = Contracts(instrument, share * assumed.DepthUsd, priceUsd),
            OpenInterestContracts =
                kind == ContractKind.Spot
                    ? null
                    : Contracts(
                        instrument,
                        share * (dated ? assumed.FutureOpenInterestUsd : assumed.PerpetualOpenInterestUsd),
                        priceUsd
                    ),
            DailyVolumeContracts = Contracts(
                instrument,
                share * (dated ? assumed.FutureDailyVolumeUsd : coin.PerpetualDailyVolumeUsd),
                priceUsd
            ),
        };
    }

    static decimal Contracts(Instrument instrument, double usd, double priceUsd)
    {
        double contractUsd = (double)instrument.ContractSize * (instrument.Shape == PayoffShape.Inverse ? 1 : priceUsd);
        return Math.Round((decimal)(usd / contractUsd) / instrument.LotContracts) * instrument.LotContracts;
    }
}
