using Plimsoll.Controls;

namespace Plimsoll.Engine;

/// <summary>Takes in the venue's figures of instruments; a price is believed when it is near, or said twice.</summary>
static class MarketFigures
{
    // Two marks of one move may differ by as much as the market goes on moving between them.
    const decimal Agreement = 0.02m;

    public static void Apply(EngineState state, TickerSeen ticker, List<EngineEffect> effects)
    {
        if (!state.Instruments.TryGetValue(ticker.Instrument, out var own))
        {
            effects.Add(new Alert("unknown-instrument", ticker.Instrument));
            return;
        }
        if (ticker.Mark is { } mark)
            TakeMark(state, own, mark, effects);
        if (ticker.IndexUsd is > 0 and { } index)
        {
            own.IndexUsd = new Observed<decimal>(index, state.Now);
            state
                .Coins.GetValueOrDefault(own.Terms.Underlying)
                ?.Observe(index, state.Now, state.Settings!.VolatilityMemory);
        }
        if (ticker.MarkVolatility is > 0 and { } volatility)
            own.MarkVolatility = volatility;
        own.ForwardUsd = ticker.ForwardUsd ?? own.ForwardUsd;
        own.Funding8h = ticker.Funding8h ?? own.Funding8h;
        own.DailyVolumeContracts = ticker.DailyVolumeContracts ?? own.DailyVolumeContracts;
        own.OpenInterestContracts = ticker.OpenInterestContracts ?? own.OpenInterestContracts;
        bool crossed = ticker.Top is { Bid: { } bid, Ask: { } ask } && bid >= ask;
        if (crossed || ticker.Top.Bid is < 0 || ticker.Top.Ask is < 0)
        {
            effects.Add(new Alert("bad-book", $"{ticker.Instrument}: {ticker.Top.Bid} / {ticker.Top.Ask}"));
            own.Top = null;
            return;
        }
        own.Top = new Observed<TopOfBook>(ticker.Top, state.Now);
        (own.BidContracts, own.AskContracts) = (ticker.BidContracts ?? 0, ticker.AskContracts ?? 0);
    }

    static void TakeMark(EngineState state, InstrumentState own, decimal mark, List<EngineEffect> effects)
    {
        if (mark <= 0)
        {
            effects.Add(new Alert("bad-mark", $"{own.Terms.Name}: {mark}"));
            return;
        }
        var seen = new Observed<decimal>(mark, state.Now);
        bool near = own.Mark is not { } last || Move(last.Value, mark) <= state.Settings!.SuspectMove;
        bool agreed = own.Suspect is { } first && first.At < state.Now && Move(first.Value, mark) <= Agreement;
        if (near || agreed)
        {
            (own.Mark, own.Suspect) = (seen, null);
            return;
        }
        own.Suspect = seen;
        effects.Add(new Alert("suspect-mark", $"{own.Terms.Name}: {own.Mark!.Value.Value} to {mark}"));
    }

    static decimal Move(decimal from, decimal to) => Math.Abs(to / from - 1);
}
