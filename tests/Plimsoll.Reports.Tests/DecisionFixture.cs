using Plimsoll.Markets;
using Plimsoll.Risk;
using Plimsoll.Sizing;

namespace Plimsoll.Reports.Tests;

/// <summary>A decision in which every field of the record says something; figures are made up, not measured.</summary>
static class DecisionFixture
{
    public static Decision Whole { get; } =
        new()
        {
            Status = DecisionStatus.Sized,
            AsOf = new DateTimeOffset(2026, 5, 31, 8, 0, 0, TimeSpan.Zero),
            Equity = 251_204.1234,
            Currency = Currency.Usd,
            Objective = ObjectiveKind.Growth,
            Horizon = Years.FromDays(1),
            Targets =
            [
                new TargetLine(
                    "BTC-PERPETUAL",
                    "main",
                    1500m,
                    -300m,
                    -301.7,
                    -1800m,
                    18000m,
                    "USD",
                    70950.5m,
                    1,
                    null,
                    (-340, -260),
                    ["hedges 0.25 BTC of delta that the calls below leave", "limits.greeks.delta[BTC] binds"]
                ),
                new TargetLine(
                    "BTC-26JUN26-72000-C",
                    "main",
                    -12.5m,
                    0m,
                    0.02,
                    12.5m,
                    12.5m,
                    "BTC",
                    0.0385m,
                    2,
                    "call spread June",
                    null,
                    ["cut: survival.worst-case binds"]
                ),
                new TargetLine(
                    "ETH_USDC-PERPETUAL",
                    "main",
                    40m,
                    40m,
                    40.2,
                    0m,
                    0m,
                    "ETH",
                    null,
                    0,
                    null,
                    null,
                    ["no gain"]
                ),
            ],
            GrowthPerHorizon = 0.00031,
            GrowthPerHorizonBefore = -0.00012,
            GrowthStandardError = 0.00002,
            GrowthRateAnnual = 0.1132,
            ContinuousGrowthRateAnnual = 0.1135,
            Governs = "the drawdown limit governs, not the Kelly fraction",
            Certificate = new Certificate(3e-9, 2e-13, 4e-11, 24, 1e-7, 8e-7, false),
            Limits =
            [
                new LimitLine(
                    "survival.worst-case",
                    0.25,
                    0.249,
                    0.41,
                    true,
                    0.0021,
                    0.06,
                    "one more percent of equity would add 0.0021% of growth a day"
                ),
                new LimitLine("limits.greeks.delta[BTC]", 1.5, 1.2, 1.9, false, 0, 0.31, ""),
                new LimitLine("limits.liquidity.exit-days[BTC-26JUN26-72000-C]", 1, 0.2, 0.4, false, 0, null, ""),
            ],
            Before =
            [
                new RiskFigure("expected_shortfall_99", 0.094, "fraction", "expected shortfall 99% over 1 d"),
                Margin(81000),
            ],
            After =
            [
                new RiskFigure("expected_shortfall_99", 0.061, "fraction", "expected shortfall 99% over 1 d"),
                Margin(44000.4),
            ],
            Views =
            [
                new ViewLine("BTC above 80000 at 2026-12-25 with 35%", 0.29, 0.35, 0.326, ["BTC drift +4.1% a year"]),
            ],
            RunnersUp = [new RunnerUp("BTC-26JUN26-80000-C", Side.Sell, 4e-7, "risk-unit worst case is full")],
            Orders = [new OrderAdvice("order-1", "BTC-PERPETUAL", true, "its fill would break the delta limit")],
            Conflicts = ["survival.worst-case", "limits.liquidity.book-depth"],
            Relaxations = [new Relaxation("survival.worst-case", 0.25, 0.31, true)],
            Missing = ["book depth of ETH-PERPETUAL"],
            Assumptions = ["assumptions.funding-8h = 0.01% for ETH_USDC-PERPETUAL"],
            Repairs = [new Repair("BTC-5JUN26-60000-P", "crossed-quote", "bid 0.01 over ask 0.009: both dropped")],
            Warnings = ["without --history: the built-in model of 2026-03-04 is used"],
        };

    public static ImpliedViews Bets { get; } =
        new([], 0.012, [new ImpliedMoment("BTC", "drift", 0, 0.18), new ImpliedMoment("BTC", "skew-30d", 0, -0.01)]);

    static RiskFigure Margin(double value) => new("initial_margin[main]", value, "USD", "initial margin, main");
}
