using Plimsoll.Markets;

namespace Plimsoll.Engine;

/// <summary>Auto-deleveraging: how near it is, and what is done when it has taken a leg of a hedge.</summary>
static class Deleveraging
{
    static readonly TimeSpan FundMemory = TimeSpan.FromHours(8);

    /// <summary>Takes a venue's signal.</summary>
    public static void See(EngineState state, DeleveragingSeen seen, List<EngineEffect> effects)
    {
        if (!state.Instruments.TryGetValue(seen.Instrument, out var own))
        {
            effects.Add(new Alert("unknown-instrument", seen.Instrument));
            return;
        }
        own.VenueRank = seen.Rank ?? own.VenueRank;
        if (seen.InsuranceFundUsd is not { } fund)
            return;
        own.FundUsd = fund;
        if (own.FundPeakUsd is not { } peak || fund >= peak || state.Now - own.FundPeakAt > FundMemory)
            (own.FundPeakUsd, own.FundPeakAt) = (fund, state.Now);
    }

    /// <summary>A held leg of a coin that is near the front of the queue while the fund before it runs dry.</summary>
    /// <remarks>
    /// The rank is the venue's where it tells one, else the solve's estimate. Where the fund is not told, a coin that
    /// is far more volatile than its law stands for it: funds fall in crashes.
    /// </remarks>
    /// <param name="state">State.</param>
    /// <param name="coin">Underlying.</param>
    /// <param name="realised">Forecast of its volatility over the law's.</param>
    public static string? Near(EngineState state, string coin, decimal realised)
    {
        var settings = state.Settings!;
        foreach (var own in state.Instruments.Values)
        {
            if (own.Position == 0 || own.Terms.Underlying != coin)
                continue;
            bool isFirst = (own.VenueRank ?? own.Target?.DeleveragingRank) >= settings.DeleveragingRank;
            bool isDry = own is { FundUsd: { } fund, FundPeakUsd: { } peak }
                ? fund <= settings.DeleveragingFund * peak
                : realised > settings.VolatilityRoom;
            if (isFirst && isDry)
                return own.Terms.Name;
        }
        return null;
    }

    /// <summary>
    /// A leg was closed by the venue: what it hedged, or was hedged by, is taken back by as much, at once; the next
    /// solve has the last word.
    /// </summary>
    public static void Rebalance(EngineState state, InstrumentState lost, FillSeen fill, List<EngineEffect> effects)
    {
        decimal signed = fill.Side == Side.Buy ? fill.Contracts : -fill.Contracts;
        effects.Add(
            new Alert("deleveraged", FormattableString.Invariant($"{fill.Instrument}: {signed} at {fill.Price}"))
        );
        lost.DeleveragedAt = state.Now;
        Hold(lost, lost.Position, "deleveraged by the venue");
        // The coin's delta moved by this much; legs that lean the same way as the closing trade give it back.
        decimal open = signed * (DeltaUsd(lost) ?? 0);
        foreach (var own in state.Instruments.Values)
        {
            if (open == 0)
                break;
            if (ReferenceEquals(own, lost) || own.Terms.Underlying != lost.Terms.Underlying || own.Position == 0)
                continue;
            if (DeltaUsd(own) is not { } each || each == 0 || Math.Sign(own.Position * each) != Math.Sign(open))
                continue;
            // Trades of one deleveraging come one by one; what they take back adds up.
            decimal left = own is { IsOwed: true, Target.Contracts: var before } ? before : own.Position;
            decimal lots = Math.Floor(Math.Abs(open / each) / own.Terms.LotContracts) * own.Terms.LotContracts;
            decimal closed = Math.Sign(left) * Math.Min(lots, Math.Abs(left));
            if (closed == 0)
                continue;
            open -= closed * each;
            Hold(own, left - closed, $"{fill.Instrument} was deleveraged");
            own.IsOwed = true;
        }
        (state.TargetsAt, state.SolveAskedAt, state.IsDeleveraged) = (state.Now, null, true);
    }

    static void Hold(InstrumentState own, decimal contracts, string why) =>
        own.Target = (own.Target ?? new TargetContracts(own.Terms.Name, 0, null, null, "")) with
        {
            Contracts = contracts,
            Binding = why,
        };

    static decimal? DeltaUsd(InstrumentState own) =>
        own.Target?.Risk?.DeltaUsd ?? (own.Terms is OptionInstrument ? null : own.ContractUsd);
}
