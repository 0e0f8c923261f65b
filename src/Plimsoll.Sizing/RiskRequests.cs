using System.Collections.Immutable;
using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Pricing;
using Plimsoll.Risk;

namespace Plimsoll.Sizing;

/// <summary>
/// The input of a sizing as the request of a risk report: the same surfaces, scenarios, stress set and risk units, so
/// that the report and the sizing agree on the same book.
/// </summary>
public static class RiskRequests
{
    /// <summary>The request, or what a person wrote wrong and only the market shows.</summary>
    /// <param name="input">Market, account, mandate.</param>
    /// <param name="trades">Trades whose effect is asked for; empty: the account as it is.</param>
    /// <param name="withDistances">Distances to liquidation under each subaccount's venue, which take a second.</param>
    public static Parsed<RiskRequest> Of(
        SizingInput input,
        ImmutableArray<TypedTrade> trades,
        bool withDistances = false
    )
    {
        ArgumentNullException.ThrowIfNull(input);
        var mandate = input.Mandate;
        var faults = MandateRules.Check(input).ToList();
        if (faults.Count > 0)
            return Parsed<RiskRequest>.Fail(faults);
        var preparation = new Preparation(input);
        var surfaces = preparation.Surfaces();
        var drawn = preparation.Request() with { KeepsPath = withDistances };
        var scenarios = preparation.Scenarios(surfaces, drawn);
        var stress = StressSets.Build(input.Market, surfaces, mandate.Horizon, mandate);
        var request = Of(input, surfaces, scenarios, stress, trades);
        return Parsed<RiskRequest>.Ok(request with { DistanceModel = withDistances ? VenueMargins.Of : null });
    }

    /// <summary>The request on the surfaces and scenarios of a sizing, so that nothing is drawn twice.</summary>
    internal static RiskRequest Of(PreparedSizing prepared, ImmutableArray<TypedTrade> trades) =>
        Of(prepared.Input, prepared.Surfaces, prepared.Scenarios, prepared.Stress, trades);

    static RiskRequest Of(
        SizingInput input,
        IReadOnlyDictionary<string, VolatilitySurface> surfaces,
        ScenarioSet scenarios,
        ScenarioSet stress,
        ImmutableArray<TypedTrade> trades
    )
    {
        var mandate = input.Mandate;
        var account = input.Account.Apart(input.Market);
        var request = new RiskRequest
        {
            Market = new RiskMarket(input.Market, surfaces),
            Account = account,
            Scenarios = scenarios,
            Stress = stress,
            Home = input.Home,
            Margin = VenueRates.Of(new RiskMarket(input.Market, surfaces), account),
            Trades = trades,
            RiskUnit = instrument => RiskUnits.Of(instrument, mandate),
            Exit = new ExitAssumptions(
                mandate.Limits.Liquidity?.DailyVolume ?? DefaultVolumeShare,
                mandate.Assumptions.PerpetualSpread,
                mandate.Assumptions.DailyVolume
            ),
            Deleveraging = mandate.Assumptions.Deleveraging,
            Threads = input.Threads,
        };
        if (mandate.Survival.Drawdown is { } drawdown)
            request = request with
            {
                DrawdownLoss = drawdown.Limit,
                DrawdownWithin = drawdown.Within ?? request.DrawdownWithin,
            };
        if (mandate.Survival.WorstCase is { } worst)
            request = request with { TailLow = worst.TailLow, TailHigh = worst.TailHigh };
        return request;
    }

    static double DefaultVolumeShare { get; } = new ExitAssumptions().VolumeShare;
}
