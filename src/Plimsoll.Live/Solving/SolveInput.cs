using System.Collections.Immutable;
using Plimsoll.Engine;
using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Sizing;
using Plimsoll.Storage;

namespace Plimsoll.Live;

/// <summary>From what the engine knows to what a sizing is made of: a market, an account.</summary>
static class SolveInput
{
    /// <summary>The input of a solve; a pure function of the view and the settings.</summary>
    public static SizingInput Of(EngineView view, SolveSettings settings) =>
        new()
        {
            Market = Market(view, settings.Venue),
            Account = AccountOf(view, settings),
            Mandate = settings.Mandate,
            Histories = settings.Histories,
            Scenarios = settings.Scenarios,
            Seed = settings.Seed,
            Explain = false,
            Threads = settings.Threads,
            MarginWidening = new MarginWidening(
                view.MarginCheck.Widening.ToImmutableSortedDictionary(
                    seen => seen.Key,
                    seen => seen.Value is { } share ? (double)share : double.PositiveInfinity,
                    StringComparer.Ordinal
                )
            ),
        };

    public static MarketSnapshot Market(EngineView view, string venue)
    {
        var coins = view
            .Instruments.Where(own => own.IndexUsd is not null)
            .GroupBy(own => own.Terms.Underlying, StringComparer.Ordinal)
            .OrderBy(coin => coin.Key, StringComparer.Ordinal)
            .Select(coin => Underlying(coin.Key, [.. coin]))
            .ToImmutableArray();
        var known = coins.Select(coin => coin.Underlying).ToHashSet(StringComparer.Ordinal);
        var raw = new MarketSnapshot
        {
            AsOf = view.Now,
            Venue = venue,
            Source = FormattableString.Invariant($"event {view.Sequence}"),
            Underlyings = coins,
            // What nobody has said anything about yet is not in the market.
            Quotes =
            [
                .. view.Instruments.Where(own => known.Contains(own.Terms.Underlying)).Where(IsHeard).Select(Quote),
            ],
        };
        return MissingForwards.Complete(SnapshotCleaning.Clean(raw));
    }

    static bool IsHeard(InstrumentView own) => own.Mark is not null || own.Top is not null || own.Position != 0;

    static UnderlyingMarket Underlying(string coin, ImmutableArray<InstrumentView> own)
    {
        var forwards = new SortedDictionary<DateTimeOffset, double>();
        foreach (var one in own)
            if (one.Terms is OptionInstrument option && one.ForwardUsd is > 0 and { } forward)
                forwards[option.Expiry] = (double)forward;
        // A listed future's own mark is its expiry's forward, whatever options say.
        foreach (var one in own)
            if (one.Terms is FutureInstrument future && one.Mark is > 0 and { } mark)
                forwards[future.Expiry] = (double)mark;
        return new UnderlyingMarket
        {
            Underlying = coin,
            IndexUsd = (double)own.Last(one => one.IndexUsd is not null).IndexUsd!.Value,
            Forwards = [.. forwards.Select(one => new ForwardQuote(one.Key, one.Value, ForwardSource.Venue))],
        };
    }

    static InstrumentQuote Quote(InstrumentView own) =>
        new()
        {
            Instrument = own.Terms,
            Bid = own.Top?.Bid,
            Ask = own.Top?.Ask,
            BidContracts = own.Top?.Bid is null ? null : own.BidContracts,
            AskContracts = own.Top?.Ask is null ? null : own.AskContracts,
            Mark = own.Mark,
            MarkImpliedVolatility = (double?)own.MarkVolatility,
            OpenInterestContracts = own.OpenInterestContracts,
            DailyVolumeContracts = own.DailyVolumeContracts,
            FundingRate8h = (double?)own.Funding8h,
        };

    public static Account AccountOf(EngineView view, SolveSettings settings) =>
        new()
        {
            HomeCurrency = settings.Mandate.HomeCurrency ?? Currency.Usd,
            HighWaterMark = view.HighWaterUsd > 0 ? view.HighWaterUsd : null,
            Subaccounts =
            [
                new Subaccount
                {
                    Name = settings.Account,
                    Venue = settings.Venue,
                    MarginMode = settings.MarginMode,
                    MarginModel = settings.MarginModel,
                    MarginParameters = settings.MarginParameters,
                    Balances = Cash(view),
                    Positions =
                    [
                        .. view
                            .Instruments.Where(own => own.Position != 0 && !IsOver(own, view))
                            .Select(own => new Position(own.Terms.Name, own.Position, null)),
                    ],
                },
            ],
        };

    static bool IsOver(InstrumentView own, EngineView view) => own.Terms.SettlesAt <= view.Now;

    /// <summary>
    /// Equity less the value of options, by currency: with positions marked to market nothing else is left of it.
    /// </summary>
    static ImmutableArray<Balance> Cash(EngineView view)
    {
        var equities = view.Equities.IsDefaultOrEmpty
            ? [new Balance(Currency.Usdc, view.EquityUsd ?? 0)]
            : view.Equities;
        var cash = new SortedDictionary<Currency, decimal>();
        foreach (var equity in equities)
            cash[equity.Currency] = cash.GetValueOrDefault(equity.Currency) + equity.Amount;
        foreach (var own in view.Instruments)
            if (own is { Terms: OptionInstrument terms, Position: not 0, Mark: { } mark } && !IsOver(own, view))
            {
                decimal value = own.Position * terms.ContractSize * mark;
                // Without figures by currency all equity was counted as dollars, and so is what options are worth.
                bool isKnown = !view.Equities.IsDefaultOrEmpty;
                var currency = isKnown ? terms.Settlement : Currency.Usdc;
                if (!isKnown && !terms.Settlement.IsDollar)
                    value *= own.IndexUsd ?? 0;
                cash[currency] = cash.GetValueOrDefault(currency) - value;
            }
        return [.. cash.Where(one => one.Value != 0).Select(one => new Balance(one.Key, one.Value))];
    }
}
