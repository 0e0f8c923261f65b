using System.Text.Json.Nodes;
using CsCheck;
using Plimsoll.TestSupport;

namespace Plimsoll.Margin.Tests;

public sealed class DydxGoldenTests
{
    static decimal Exact(JsonNode? node) => node!.GetValue<decimal>();

    public static DydxAccount Account(JsonNode node) =>
        new(
            Exact(node["quote_balance_usd"]),
            [
                .. node["positions"]!
                    .AsArray()
                    .Select(position => new DydxPosition(
                        position!["market"]!.GetValue<string>(),
                        Exact(position["size_base"]),
                        Exact(position["oracle_price_usd"]),
                        Exact(position["initial_margin_fraction"]),
                        Exact(position["maintenance_margin_fraction"])
                    )),
            ]
        );

    [Fact]
    public void Every_row_of_the_golden_file_is_met()
    {
        var rows = Golden.Cases("margin/dydx-v4.json");
        Assert.SkipUnless(rows is not null, Golden.Absent);
        int met = 0;
        foreach (var row in rows!)
        {
            var inputs = row["inputs"]!.AsObject();
            var expected = row["expected"]!.AsObject();
            if (expected.ContainsKey("fills"))
                continue; // DeleveragingTests
            foreach (var (key, value) in expected)
                Assert.Equal(Exact(value), Value(key, inputs), key == "liquidation_price_usd" ? 9 : 6);
            met++;
        }
        Assert.Equal(29, met);
    }

    static decimal Value(string key, JsonObject inputs)
    {
        if (inputs.ContainsKey("base_initial_margin_fraction"))
        {
            decimal fraction = DydxAccount.InitialFraction(
                Exact(inputs["base_initial_margin_fraction"]),
                Exact(inputs["open_interest_usd"]),
                Exact(inputs["open_interest_lower_cap_usd"]),
                Exact(inputs["open_interest_upper_cap_usd"])
            );
            return DydxAccount.InitialMarginUsd(Exact(inputs["notional_usd"]), fraction);
        }
        var account = Account(inputs["account"]!);
        string market = inputs["market"]!.GetValue<string>();
        return key switch
        {
            "net_collateral_usd" => account.NetCollateralUsd,
            "initial_margin_usd" => account.InitialUsd,
            "maintenance_margin_usd" => account.MaintenanceUsd,
            "bankruptcy_proceeds_usd" => account.BankruptcyProceedsUsd(market, Exact(inputs["close_delta_base"])),
            "fillable_price_usd" => account.FillablePriceUsd(
                market,
                Exact(inputs["bankruptcy_adjustment"]),
                Exact(inputs["spread_to_maintenance_margin_ratio"])
            ),
            "insurance_fund_receives_usd" => account.InsuranceFundUsd(
                market,
                Exact(inputs["close_delta_base"]),
                Exact(inputs["fill_price_usd"]),
                Exact(inputs["max_liquidation_fee_fraction"])
            ),
            "liquidation_price_usd" => account.LiquidationPriceUsd(market)!.Value,
            _ => throw new InvalidOperationException(key),
        };
    }

    static readonly Gen<DydxAccount> Drawn = Gen.Select(
        Gen.Decimal[-20_000, 20_000],
        Gen.Select(
            Gen.Decimal[-3, 3].Where(size => Math.Abs(size) > 0.01m),
            Gen.Decimal[10, 60_000],
            Gen.Decimal[0.02m, 0.2m],
            (size, price, fraction) => (size, price, fraction)
        ).Array[1, 5],
        (quote, positions) =>
            new DydxAccount(
                Math.Round(quote, 6),
                [
                    .. positions.Select(
                        (p, i) =>
                            new DydxPosition(
                                $"M{i}",
                                Math.Round(p.size, 9),
                                Math.Round(p.price, 5),
                                Math.Round(p.fraction, 6),
                                Math.Round(p.fraction, 6) * 0.6m
                            )
                    ),
                ]
            )
    );

    [Fact]
    public void Revaluing_at_the_liquidation_price_gives_net_collateral_equal_to_maintenance() =>
        Drawn.Sample(account =>
        {
            foreach (var position in account.Positions)
                if (account.LiquidationPriceUsd(position.Market) is { } price)
                {
                    var moved = account with
                    {
                        Positions = account.Positions.Replace(position, position with { OraclePriceUsd = price }),
                    };
                    Assert.Equal((double)moved.NetCollateralUsd, (double)moved.MaintenanceUsd, 1e-9);
                }
        });

    [Fact]
    public void Bankruptcy_proceeds_of_all_positions_leave_nothing() =>
        Drawn.Sample(account =>
        {
            decimal proceeds = account.Positions.Sum(position =>
                account.BankruptcyProceedsUsd(position.Market, -position.SizeCoin)
            );
            // Each is rounded up at 1e-6 USD.
            Assert.InRange(account.QuoteUsd + proceeds, -0.000001m, 0.000001m * account.Positions.Length);
        });
}
