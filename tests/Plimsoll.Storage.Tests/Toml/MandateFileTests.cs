using Plimsoll.Markets;
using Plimsoll.Sizing;

namespace Plimsoll.Storage.Tests;

public sealed class MandateFileTests
{
    const string Whole = """
        objective      = "growth"
        kelly-fraction = 0.5
        horizon        = "1d"
        home-currency  = "USD"
        holding        = "auto"
        historical-premium = "25%"
        carry          = true
        candidates     = ["BTC-*", "ETH-PERPETUAL"]

        [survival]
        drawdown           = { limit = "20%", probability = "5%", within = "30d" }
        worst-case         = { limit = "25%", tail-range = "0.25x to 4x" }
        expected-shortfall = { level = "99%", limit = "8%" }
        liquidation        = { probability = "0.1%", min-distance = "30%" }

        [limits]
        risk-unit-worst-case      = "5%"
        underlying-worst-case     = "15%"
        contract-standalone-worst-case = "5%"
        initial-margin            = "60%"
        greeks    = { delta = "150%", gamma-1pct = "2%", vega-1pt = "0.5%", theta-1d = "0.3%" }
        liquidity = { daily-volume = "1%", book-depth = "20%", exit-days = 1 }

        [assumptions]
        funding-8h = "0.01%"
        book-depth = "250000 USD"
        daily-volume = { options = "1000000 USD", perpetuals = "50000000.5 USD" }

        [[throttle]]
        drawdown = "10%"
        keep     = "50%"
        [[throttle]]
        drawdown = "20%"
        keep     = "0%"

        [[group]]
        name = "btc perpetuals"
        members = ["BTC-PERPETUAL", "BTC_USDC-PERPETUAL"]

        [[views]]
        kind       = "level"
        underlying = "BTC"
        above      = 120000
        at         = "2026-12-25"
        probability = "35%"
        confidence  = "60%"

        [[views]]
        kind = "level"
        underlying = "ETH"
        below = 1_500.5
        touch = 2026-12-25
        probability = "10.5%"
        confidence = "100%"
        spillover = true

        [[views]]
        kind = "drift"
        underlying = "BTC"
        drift = "-20%"
        confidence = "50%"

        [[views]]
        kind = "volatility"
        underlying = "BTC"
        volatility = "55%"
        measure = "implied"
        confidence = "50%"

        [[views]]
        kind = "relative"
        underlying = "ETH"
        against = "BTC"
        outperformance = "+10%"
        confidence = "40%"
        """;

    [Fact]
    public void Every_key_of_the_format_arrives_as_a_fraction()
    {
        var mandate = MandateFile.Parse(Whole, "mandate.toml").Value;
        Assert.Equal(ObjectiveKind.Growth, mandate.Objective);
        Assert.Equal(0.5, mandate.KellyFraction);
        Assert.Equal(Years.FromDays(1), mandate.Horizon);
        Assert.Equal(Currency.Usd, mandate.HomeCurrency);
        Assert.Null(mandate.Holding);
        Assert.Equal(0.25, mandate.HistoricalPremium);
        Assert.True(mandate.Carry);
        Assert.Equal(["BTC-*", "ETH-PERPETUAL"], mandate.Candidates);
        Assert.Equal(new DrawdownLimit(0.2, 0.05, Years.FromDays(30)), mandate.Survival.Drawdown);
        Assert.Equal(new WorstCaseLimit(0.25, 0.25, 4, false), mandate.Survival.WorstCase);
        Assert.Equal(new ExpectedShortfallLimit(0.99, 0.08), mandate.Survival.ExpectedShortfall);
        Assert.Equal(new LiquidationLimit(0.001, 0.3), mandate.Survival.Liquidation);
        Assert.Equal(0.05, mandate.Limits.RiskUnitWorstCase);
        Assert.Equal(0.15, mandate.Limits.UnderlyingWorstCase);
        Assert.Equal(0.05, mandate.Limits.ContractStandaloneWorstCase);
        Assert.Equal(0.6, mandate.Limits.InitialMargin);
        Assert.Equal(new GreekLimits(1.5, 0.02, 0.005, 0.003), mandate.Limits.Greeks);
        Assert.Equal(new LiquidityLimits(0.01, 0.2, 1), mandate.Limits.Liquidity);
        Assert.Equal(
            new Assumptions(
                NotionalByKind.Same(250_000),
                0.0001,
                null,
                new NotionalByKind(1_000_000, 50_000_000.5m, null)
            ),
            mandate.Assumptions
        );
        Assert.Equal([new Throttle(0.1, 0.5), new Throttle(0.2, 0)], mandate.Throttles);
        Assert.Equal("btc perpetuals", Assert.Single(mandate.Groups).Name);
        Assert.Equal(["BTC-PERPETUAL", "BTC_USDC-PERPETUAL"], mandate.Groups[0].Members);
    }

    [Fact]
    public void Every_kind_of_view_arrives()
    {
        var views = MandateFile.Parse(Whole, "mandate.toml").Value.Views;
        Assert.Equal(
            [
                "BTC above 120000 at 2026-12-25 with 35%",
                "ETH touches 1500.5 by 2026-12-25 with 10.5%",
                "BTC drift -20% a year",
                "BTC implied volatility 55%",
                "ETH over BTC by +10% a year",
            ],
            views.Select(view => view.Text)
        );
        Assert.Equal([0.6, 1, 0.5, 0.5, 0.4], views.Select(view => view.Confidence));
        Assert.Equal([false, true, false, false, false], views.Select(view => view.Spillover));
        Assert.Equal(new DateTimeOffset(2026, 12, 25, 8, 0, 0, TimeSpan.Zero), Assert.IsType<LevelView>(views[1]).At);
    }

    [Fact]
    public void Documented_defaults_are_those_of_the_type()
    {
        var bound = MandateFile.Parse("carry = false", "mandate.toml").Value;
        Assert.Equal(new Mandate().ToString(), bound.ToString());
        Assert.Empty(bound.Candidates);
        Assert.Empty(bound.TradableCollateral);
        Assert.Empty(bound.Throttles);
        Assert.Empty(bound.Groups);
        Assert.Empty(bound.Views);
    }

    [Fact]
    public void Lines_stand_beside_their_key_paths_for_later_rules()
    {
        var located = MandateFile.ParseLocated(Whole, "mandate.toml").Value;
        var fault = located.Locate(new Fault("", null, "views[0].at", "2026-12-25", "a day after the market's"));
        Assert.Equal(
            "mandate.toml: line 44: views[0].at = 2026-12-25: expected a day after the market's",
            fault.ToString()
        );
        Assert.Equal(10, located.Locate(new Fault("", null, "survival.nothing", "", "")).Line);
    }
}
