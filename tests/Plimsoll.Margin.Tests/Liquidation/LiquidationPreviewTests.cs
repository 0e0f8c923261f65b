using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Risk;
using static Plimsoll.Risk.Tests.SmallWorld;

namespace Plimsoll.Margin.Tests;

public sealed class LiquidationPreviewTests
{
    static readonly PerpetualInstrument Bitcoin = Perpetual("BTC");
    static readonly OptionInstrument Put = Option("BTC", 55_000, OptionRight.Put, Far);
    static readonly MarketSnapshot Snapshot = Market(Bitcoin, Put);

    static (MarginPortfolio Portfolio, IVenueMargin Model, MarginStatement Statement) Of(
        string key,
        decimal dollars,
        params ImmutableArray<Position> positions
    )
    {
        var account = Accounts.Of(MarginMode.CrossStandard, [new Balance(Currency.Usdc, dollars)], positions);
        var portfolio = Assert.Single(MarginPortfolios.Of(account, new RiskMarket(Snapshot, Surfaces), out _));
        var model = VenueMargins.Find(key)!.Shipped();
        return (portfolio, model, model.Assess(portfolio));
    }

    [Fact]
    public void A_safe_pool_is_looked_at_as_if_just_short_and_enough_is_closed()
    {
        var (portfolio, model, statement) = Of(
            "deribit-standard-margin",
            1_000_000,
            new Position(Bitcoin.Name, -30_000, 60_000),
            new Position(Put.Name, -10, null)
        );
        var steps = LiquidationPreview.Of(portfolio, model, statement);
        Assert.All(steps, step => Assert.False(step.IsNow));
        Assert.Equal(["cancel_orders", "market_order"], steps.Take(2).Select(step => step.Step.Action));
        Assert.Equal(Bitcoin.Name, steps[1].Step.Instrument);
        // The future alone pays its fee of 0.75% out of 1% of maintenance: what is not enough falls to the option.
        double maintenance = statement.Pools[0].Maintenance,
            of = statement.Pools[0].Charges.Single(charge => charge.Unit == Bitcoin.Name).Maintenance;
        double part = 0.01 * maintenance / (of - 0.0075 * 300_000);
        Assert.Equal(Math.Min(1, part), steps[1].Step.Fraction, 1e-6);
    }

    /// <summary>No leg of a hedge lowers the margin as a whole; a part of the longer one does, and is what is closed.</summary>
    [Fact]
    public void Of_a_hedged_book_the_longer_leg_is_closed_in_part()
    {
        var rule = MarginPropertyBooks.Rules["okx-portfolio-margin"];
        // Three coins long in tethers against four and a half sold in coin.
        int tether = rule.Instruments.ToList().FindIndex(one => one is PerpetualInstrument { Settlement.Code: "USDT" }),
            coin = rule.Instruments.ToList().FindIndex(one => one is PerpetualInstrument { Settlement.Code: "BTC" });
        var contracts = new double[rule.Instruments.Length];
        (contracts[tether], contracts[coin]) = (3_000, -27_000);
        var portfolio = rule.Book(contracts);
        var statement = rule.Model.Assess(portfolio);
        foreach (var position in portfolio.Positions)
            Assert.True(
                rule.Model.Assess(portfolio with { Positions = portfolio.Positions.Remove(position) })
                    .Pools[0]
                    .Maintenance > statement.Pools[0].Maintenance
            );
        var steps = LiquidationPreview.Of(portfolio, rule.Model, statement);
        Assert.Equal(rule.Instruments[coin].Name, steps[1].Step.Instrument);
        Assert.InRange(steps[1].Step.Fraction, 0.001, 0.5);
        Assert.NotNull(steps[1].Step.CostUsd);
    }

    [Fact]
    public void A_short_pool_is_liquidated_now_and_a_venue_without_margin_asks_nothing()
    {
        var (portfolio, model, statement) = Of(
            "hyperliquid-margin",
            3_000,
            new Position(Bitcoin.Name, -30_000, 60_000)
        );
        Assert.True(statement.Pools[0].IsShort);
        var step = Assert.Single(LiquidationPreview.Of(portfolio, model, statement));
        Assert.True(step.IsNow);
        Assert.Equal(("market_order", 0.2), (step.Step.Action, step.Step.Fraction));
        var flat = Of("hyperliquid-margin", 3_000);
        Assert.Empty(LiquidationPreview.Of(flat.Portfolio, flat.Model, flat.Statement));
    }

    [Fact]
    public void Under_a_scan_the_parts_add_up_to_the_maintenance_margin()
    {
        var (portfolio, model, statement) = Of(
            "derive-portfolio-margin-2",
            1_000_000,
            new Position(Bitcoin.Name, -30_000, 60_000),
            new Position(Put.Name, -10, null)
        );
        var step = Assert.Single(LiquidationPreview.Of(portfolio, model, statement));
        Assert.Equal("auction", step.Step.Action);
        Assert.InRange(step.Step.Fraction, 0.01, 1);
        Assert.True(step.Step.CostUsd > 0);
    }
}
