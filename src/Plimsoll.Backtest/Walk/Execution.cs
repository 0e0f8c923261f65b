using Plimsoll.Markets;
using Plimsoll.Sizing;

namespace Plimsoll.Backtest;

/// <summary>Carries a decision's trades out at the recorded quotes, within the assumed depth.</summary>
/// <remarks>
/// Buys pay the ask and sales get the bid; perpetuals and futures without quotes pay half the assumed spread around the
/// mark. The records state no sizes: an option fills at most the larger of a share of its traded volume of 24 hours
/// and a share of its open interest, whole lots; perpetuals fill in full.
/// </remarks>
static class Execution
{
    public static void Fill(
        AccountLedger ledger,
        Decision decision,
        InstantPrices prices,
        VenueAssumptions venue,
        StepFlows flows
    )
    {
        var assumed = new Assumptions(PerpetualSpread: venue.PerpetualSpread);
        foreach (var line in decision.Targets.Where(line => line.Trade != 0).OrderBy(line => line.Step))
        {
            var books = ledger.Books.First(each => each.Source.Name == line.Subaccount);
            if (prices.Quote(line.Instrument) is not { } quote)
            {
                flows.Unfilled++;
                continue;
            }
            var instrument = quote.Instrument;
            double index = prices.IndexUsd(instrument.Underlying)!.Value;
            var cost = TradingCost.Of(quote, index, 1, 0, assumed);
            var side = line.Trade > 0 ? cost.Buy : cost.Sell;
            decimal contracts = Cut(quote, line.Trade, venue);
            if (contracts != line.Trade || side is null)
                flows.Unfilled++;
            if (contracts != 0 && side is { } at)
                ledger.Fill(books, instrument, contracts, at.Price, prices, flows);
        }
    }

    static decimal Cut(InstrumentQuote quote, decimal trade, VenueAssumptions venue)
    {
        if (quote.Instrument is not OptionInstrument)
            return trade;
        decimal depth = Math.Max(
            (decimal)venue.OptionVolumeShare * (quote.DailyVolumeContracts ?? 0),
            (decimal)venue.OptionInterestShare * (quote.OpenInterestContracts ?? 0)
        );
        decimal lot = quote.Instrument.LotContracts;
        decimal most = Math.Floor(depth / lot) * lot;
        if (most < quote.Instrument.MinimumOrderContracts)
            return 0;
        return Math.Sign(trade) * Math.Min(Math.Abs(trade), most);
    }
}
