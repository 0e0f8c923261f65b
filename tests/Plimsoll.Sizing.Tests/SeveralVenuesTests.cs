using Plimsoll.Markets;
using Plimsoll.Storage;

namespace Plimsoll.Sizing.Tests;

/// <summary>One account with subaccounts at several venues: each position stands where it fits the mandate best.</summary>
public sealed class SeveralVenuesTests
{
    const string Elsewhere = "BTC-ELSEWHERE";

    /// <summary>The embedded market, with the same perpetual listed at another venue too.</summary>
    static MarketSnapshot Market(string venue, decimal wider)
    {
        var market = EmbeddedMarket.Snapshot();
        var perpetual = market.Quotes.Single(quote => quote.Instrument.Name == "BTC-PERPETUAL");
        var there = perpetual with
        {
            Instrument = perpetual.Instrument with { Name = Elsewhere, Venue = venue },
            Bid = perpetual.Bid - wider,
            Ask = perpetual.Ask + wider,
        };
        return market with
        {
            Quotes = [.. market.Quotes.Add(there).OrderBy(quote => quote.Instrument.Name, StringComparer.Ordinal)],
        };
    }

    static Subaccount At(string name, string venue, MarginMode mode, decimal usdc) =>
        new()
        {
            Name = name,
            Venue = venue,
            MarginMode = mode,
            Balances = [new Balance(Currency.Usdc, usdc)],
        };

    static SizingResult Size(string venue, MarginMode mode, decimal wider, double initial, decimal here = 30_000)
    {
        var input = new SizingInput
        {
            Market = Market(venue, wider),
            Account = new Account
            {
                HomeCurrency = Currency.Usd,
                Subaccounts = [At("here", "deribit", MarginMode.CrossStandard, here), At("there", venue, mode, 30_000)],
            },
            Mandate = SizingCases.Mandate(SizingCases.Drift(2)) with
            {
                Survival = new SurvivalLimits { Liquidation = new LiquidationLimit(0.001, 0.2) },
                Limits = new MandateLimits { InitialMargin = initial },
                Candidates = ["BTC-PERPETUAL", Elsewhere],
            },
            Scenarios = 1_000,
        };
        var result = Sizer.Size(Sizer.Prepare(input).Value);
        Assert.Equal(DecisionStatus.Sized, result.Decision.Status);
        Assert.All(
            result.Decision.Limits,
            limit => Assert.True(limit.Value <= limit.Limit + 1e-6, $"{limit.Name} {limit.Value} > {limit.Limit}")
        );
        return result;
    }

    static double Held(SizingResult result, string name) =>
        (double)result.Decision.Targets.Where(target => target.Instrument == name).Sum(target => target.Target);

    [Fact]
    public void With_room_in_both_a_venue_that_costs_more_than_the_view_earns_holds_nothing()
    {
        var near = Size("hyperliquid", MarginMode.CrossStandard, 1_500, 0.6, here: 3_000_000);
        Assert.True(Held(near, "BTC-PERPETUAL") > 0);
        Assert.Equal(0, Held(near, Elsewhere));
    }

    [Fact]
    public void Where_margin_binds_each_venue_holds_what_its_own_rule_allows_and_the_growth_is_larger_than_of_either()
    {
        // 2% of equity as initial margin: 2% at Deribit for small sizes, a fortieth at Hyperliquid.
        var both = Size("hyperliquid", MarginMode.CrossStandard, 0, 0.02);
        double here = 10 * Held(both, "BTC-PERPETUAL"),
            there = 10 * Held(both, Elsewhere);
        Assert.Equal(0.02 * 30_000 / 0.02, here, 0.02 * here);
        Assert.Equal(0.02 * 30_000 * 40, there, 0.02 * there);
        Assert.Contains(both.Decision.Limits, limit => limit.Name == "limits.initial-margin[here]");
        Assert.Contains(both.Decision.Limits, limit => limit.Name == "survival.liquidation.min-distance[there]");
    }

    [Fact]
    public void Standard_margin_here_and_portfolio_margin_there_are_each_reckoned_by_their_own_rule()
    {
        var result = Size("okx", MarginMode.CrossPortfolio, 0, 0.05);
        var prepared = result.Prepared;
        double there = 10 * Held(result, Elsewhere);
        Assert.True(there > 0 && Held(result, "BTC-PERPETUAL") > 0);
        // OKX: 1.3 times a move of 12% and its least basis of 0.2%.
        double initial = 1.3 * (0.12 + 0.002) * there;
        Assert.Equal(
            initial / 30_000,
            result.Decision.Limits.Single(l => l.Name == "limits.initial-margin[there]").Value,
            1e-3
        );
        Assert.Null(prepared.PortfolioMargins[0]);
        Assert.NotNull(prepared.PortfolioMargins[1]);
    }
}
