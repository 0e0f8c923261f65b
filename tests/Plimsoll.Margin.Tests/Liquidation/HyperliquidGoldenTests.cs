using System.Text.Json.Nodes;
using CsCheck;
using Plimsoll.TestSupport;

namespace Plimsoll.Margin.Tests;

public sealed class HyperliquidGoldenTests
{
    static double Number(JsonNode node, string key) => Golden.Number(node[key]);

    static LeverageTiers Tiers(JsonNode node) =>
        new([
            .. node["tiers"]!
                .AsArray()
                .Select(tier => new LeverageTier(Number(tier!, "lower_bound_usd"), Number(tier!, "max_leverage"))),
        ]);

    static void Close(double expected, double actual) =>
        Assert.Equal(expected, actual, 1e-9 + 1e-9 * Math.Abs(expected));

    [Fact]
    public void Every_row_of_the_golden_file_is_met()
    {
        var rows = Golden.Cases("margin/hyperliquid.json");
        Assert.SkipUnless(rows is not null, Golden.Absent);
        int met = 0;
        foreach (var row in rows!)
        {
            var inputs = row["inputs"]!.AsObject();
            var expected = row["expected"]!.AsObject();
            if (expected.ContainsKey("maintenance_rate"))
            {
                var tiers = Tiers(inputs);
                double notional = Number(inputs, "notional_usd");
                Close(Number(expected, "maintenance_rate"), tiers.Rate(notional));
                Close(Number(expected, "maintenance_deduction_usd"), tiers.DeductionUsd(notional));
                Close(Number(expected, "maintenance_margin_usd"), tiers.MaintenanceUsd(notional));
            }
            else if (inputs.ContainsKey("side"))
            {
                var tiers = Tiers(inputs);
                double size = Number(inputs, "side") * Number(inputs, "size_base"),
                    mark = Number(inputs, "mark_price_usd"),
                    value = Number(inputs, "account_value_usd");
                double maintenance = tiers.MaintenanceUsd(Math.Abs(size) * mark);
                Close(Number(expected, "maintenance_margin_usd"), maintenance);
                Close(Number(expected, "margin_available_usd"), value - maintenance);
                Close(
                    Number(expected, "liquidation_price_usd"),
                    tiers.LiquidationPriceUsd(size, mark, value, 0)!.Value
                );
            }
            else if (inputs.ContainsKey("positions"))
                TwoPositions(inputs, expected);
            else if (expected.ContainsKey("action"))
                Ladder(inputs, expected);
            else
            {
                Close(
                    Number(expected, "borrowable_usd"),
                    HyperliquidBorrowing.BorrowableUsd(
                        Number(inputs, "token_balance"),
                        Number(inputs, "oracle_price_usd"),
                        Number(inputs, "ltv")
                    )
                );
            }
            met++;
        }
        Assert.Equal(15, met);
    }

    static void TwoPositions(JsonObject inputs, JsonObject expected)
    {
        var positions = inputs["positions"]!.AsArray();
        double Maintenance(JsonNode p) =>
            Tiers(p).MaintenanceUsd(Math.Abs(Number(p, "size_base")) * Number(p, "mark_price_usd"));
        double total = positions.Sum(position => Maintenance(position!));
        Close(Number(expected, "maintenance_margin_usd"), total);
        foreach (var position in positions)
            Close(
                Number(expected["liquidation_price_usd"]!, position!["coin"]!.GetValue<string>()),
                Tiers(position)
                    .LiquidationPriceUsd(
                        Number(position, "size_base"),
                        Number(position, "mark_price_usd"),
                        Number(inputs, "account_value_usd"),
                        total - Maintenance(position)
                    )!
                    .Value
            );
    }

    static void Ladder(JsonObject inputs, JsonObject expected)
    {
        double notional = Number(inputs, "position_notional_usd");
        var steps = HyperliquidLadder.Shipped.Steps(
            new LadderAccount(
                Number(inputs, "account_value_usd"),
                [new LadderPosition("BTC", 1, notional, notional, Number(inputs, "maintenance_margin_usd"))],
                inputs["in_partial_liquidation_cooldown"]!.GetValue<bool>()
            )
        );
        string action = expected["action"]!.GetValue<string>();
        if (action == "none")
            Assert.Empty(steps);
        else
        {
            var step = Assert.Single(steps);
            Assert.Equal(action, step.Action);
            Close(Number(expected, "order_fraction"), step.Fraction);
        }
    }

    [Fact]
    public void Revaluing_at_the_liquidation_price_gives_equity_equal_to_maintenance_across_tiers()
    {
        var tiers = new LeverageTiers([new(0, 10), new(20_000, 5), new(100_000, 3)]);
        int found = 0;
        Gen.Select(Gen.Double[-400, 400], Gen.Double[100, 1_000], Gen.Double[-0.3, 1.5], Gen.Double[0, 5_000])
            .Where((size, _, _, _) => Math.Abs(size) > 1)
            .Sample(
                (size, mark, share, others) =>
                {
                    double equity = share * Math.Abs(size) * mark;
                    if (tiers.LiquidationPriceUsd(size, mark, equity, others) is not { } price)
                        return;
                    double notional = Math.Abs(size) * price;
                    double left = equity + size * (price - mark);
                    Assert.Equal(tiers.MaintenanceUsd(notional) + others, left, 1e-9 * (1 + notional + Math.Abs(left)));
                    Interlocked.Increment(ref found);
                }
            );
        Assert.True(found > 50);
    }

    [Fact]
    public void Maintenance_is_the_largest_of_the_tiers_lines_and_so_convex()
    {
        var tiers = new LeverageTiers([new(0, 40), new(150_000, 20), new(900_000, 3)]);
        Gen.Select(Gen.Double[0, 2_000_000], Gen.Double[0, 2_000_000])
            .Sample(
                (a, b) =>
                {
                    double lines = tiers
                        .Tiers.Select(tier =>
                            a * tiers.Rate(tier.LowerBoundUsd + 1) - tiers.DeductionUsd(tier.LowerBoundUsd + 1)
                        )
                        .Max();
                    Assert.Equal(lines, tiers.MaintenanceUsd(a), 1e-9 * (1 + a));
                    double middle = tiers.MaintenanceUsd((a + b) / 2);
                    Assert.True(middle <= (tiers.MaintenanceUsd(a) + tiers.MaintenanceUsd(b)) / 2 + 1e-9 * (1 + a + b));
                }
            );
    }

    [Fact]
    public void Tiers_that_do_not_descend_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new LeverageTiers([]));
        Assert.Throws<ArgumentException>(() => new LeverageTiers([new(1, 10)]));
        Assert.Throws<ArgumentException>(() => new LeverageTiers([new(0, 10), new(5, 10)]));
    }
}
