using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Plimsoll.TestSupport;

namespace Plimsoll.Margin.Tests;

/// <summary>The contracts' own test expectations.</summary>
public sealed class DeriveGoldenTests
{
    static readonly MarginNote Note = new(new DateOnly(2026, 1, 21), "https://github.com/derivexyz/v2-core", "", []);
    static readonly DeriveAssumed Assumed = new(1, 0);

    static double Number(JsonNode node, string key) => Golden.Number(node[key]);

    static ImmutableArray<DeriveExpiry> Expiries(JsonNode node) =>
        [
            .. node["expiries"]!
                .AsArray()
                .Select(expiry => expiry!.AsObject())
                .Select(expiry =>
                {
                    bool split = expiry.ContainsKey("forward_variable_usd");
                    return new DeriveExpiry(
                        Number(expiry, "seconds_to_expiry"),
                        Number(expiry, split ? "forward_variable_usd" : "forward_usd"),
                        split ? Number(expiry, "forward_fixed_usd") : 0,
                        expiry.ContainsKey("rate_annual") ? Number(expiry, "rate_annual") : 0,
                        Number(expiry, "min_confidence"),
                        [
                            .. expiry["options"]!
                                .AsArray()
                                .Select(option => new DeriveOption(
                                    Number(option!, "strike_usd"),
                                    option!["kind"]!.GetValue<string>() == "call",
                                    Number(option, "amount_contracts"),
                                    Number(option, "implied_volatility_annual")
                                )),
                        ]
                    );
                }),
        ];

    static DeriveMarketBook Market(JsonObject node) =>
        new(
            node["underlying"]?.GetValue<string>() ?? "ETH",
            Number(node, "spot_usd"),
            Number(node, "spot_confidence"),
            new DerivePerpetual(
                Number(node, "perp_position_contracts"),
                Number(node, "perp_price_usd"),
                Number(node, "perp_confidence"),
                Number(node, "perp_unrealised_pnl_and_funding_usd")
            ),
            node.ContainsKey("base_balance_coin") ? Number(node, "base_balance_coin") : 0,
            Expiries(node)
        );

    static DeriveBook Book(JsonObject inputs) =>
        new(
            Number(inputs, "cash_usd"),
            Number(inputs, "stable_price_usd"),
            inputs["markets"] is { } markets
                ? [.. markets.AsArray().Select(market => Market(market!.AsObject()))]
                : [Market(inputs)],
            inputs["collaterals"] is not { } held
                ? []
                :
                [
                    .. held.AsArray()
                        .Select(row => new DeriveCollateral(
                            row!["name"]!.GetValue<string>(),
                            Number(row, "amount_coin"),
                            Number(row, "price_usd"),
                            Number(row, "confidence"),
                            row["risk_cancelling"]!.GetValue<bool>(),
                            Number(row, "mm_haircut"),
                            Number(row, "im_haircut_on_top")
                        )),
                ]
        );

    static void Meets(string file, int count, Func<JsonObject, Func<DeriveBook, DeriveBalances>> model)
    {
        var rows = Golden.Cases(file);
        Assert.SkipUnless(rows is not null, Golden.Absent);
        Assert.Equal(count, rows!.Count);
        foreach (var row in rows)
        {
            var inputs = row["inputs"]!.AsObject();
            var expected = row["expected"]!.AsObject();
            string name = row["name"]!.GetValue<string>();
            double relative = Number(row["tolerance"]!, "relative"),
                absolute = Number(row["tolerance"]!, "absolute");
            var balances = model(inputs)(Book(inputs));
            void Close(string key, double actual)
            {
                if (!expected.ContainsKey(key))
                    return;
                double wanted = Number(expected, key);
                double error = Math.Abs(wanted - actual);
                Assert.True(
                    error <= absolute + relative * Math.Abs(wanted),
                    FormattableString.Invariant($"{name} {key}: expected {wanted:R}, found {actual:R}")
                );
            }
            Close("initial_margin_balance_usd", balances.InitialBalanceUsd);
            Close("maintenance_margin_balance_usd", balances.MaintenanceBalanceUsd);
            Close("mark_to_market_usd", balances.MarkToMarketUsd);
            Assert.Equal(
                balances.MarkToMarketUsd - balances.InitialBalanceUsd,
                balances.Charges.Sum(charge => charge.Initial),
                1e-9 * (1 + balances.Charges.Sum(charge => Math.Abs(charge.Initial)))
            );
            var contingencies = balances.Charges.Where(charge => charge.Name != "worst-scenario").ToList();
            Close("maintenance_contingency_usd", contingencies.Sum(charge => charge.Maintenance));
            Close("initial_contingency_on_top_usd", contingencies.Sum(charge => charge.Initial - charge.Maintenance));
            if (!expected.ContainsKey("worst_scenario"))
                continue;
            var grid = Assert.Single(balances.Grids);
            var worst = grid.Cells[grid.Worst!.Value];
            Close("worst_scenario_pnl_usd", worst.Gain);
            // Cells tie (a perpetual alone does in every volatility): the named one must be as bad as the worst.
            static string Plain(string of) => of.Replace(", dampening 1", "", StringComparison.Ordinal);
            string named = expected["worst_scenario"]!.GetValue<string>();
            if (grid.Cells.FirstOrDefault(cell => cell.Name == named || cell.Name == Plain(named)) is { } cell)
                Assert.Equal(worst.Gain, cell.Gain, absolute + relative * Math.Abs(worst.Gain));
            else
                Assert.Equal(named, worst.Name);
        }
    }

    static DeriveStandardParameters Standard(JsonObject inputs)
    {
        var p = inputs["params"]!;
        double factor = Number(p, "oracle_contingency_factor");
        DeriveConfidence Confidence(string kind) => new(Number(p, $"{kind}_confidence_threshold"), factor);
        var rules = inputs["markets"]!
            .AsArray()
            .Select(market => new DeriveMarketFractions(
                market!["underlying"]!.GetValue<string>(),
                new DerivePerpetualFractions(
                    Number(p, "perp_initial_fraction"),
                    Number(p, "perp_maintenance_fraction")
                ),
                new DeriveOptionFractions(
                    Number(p, "option_max_spot_fraction"),
                    Number(p, "option_min_spot_fraction"),
                    Number(p, "option_mm_call_spot_fraction"),
                    Number(p, "option_mm_put_spot_fraction"),
                    Number(p, "option_mm_put_mark_fraction")
                ),
                new DeriveBaseFractions(Number(p, "base_margin_fraction"), Number(p, "base_im_scale"))
            ));
        return new DeriveStandardParameters(
            Note,
            Number(inputs, "depeg_threshold_usd"),
            Number(inputs, "depeg_factor"),
            Number(p, "unpaired_call_im_scale"),
            Number(p, "unpaired_call_mm_scale"),
            Number(p, "put_im_over_mm_scale"),
            Confidence("perp"),
            Confidence("option"),
            Confidence("base"),
            Assumed,
            [.. rules]
        );
    }

    static ImmutableArray<DeriveScenario> Scenarios(JsonObject inputs) =>
        [
            .. inputs["scenarios"]!
                .AsArray()
                .Select(row => new DeriveScenario(
                    Number(row!, "spot_multiplier"),
                    Enum.Parse<DeriveShock>(row!["vol_direction"]!.GetValue<string>()),
                    row.AsObject().ContainsKey("dampening") ? Number(row, "dampening") : 1
                )),
        ];

    static DeriveVolatilityShocks Volatility(JsonNode p) =>
        new(
            Number(p, "vol_range_up"),
            Number(p, "vol_range_down"),
            Number(p, "short_term_power"),
            Number(p, "long_term_power"),
            Number(p, "dte_floor_seconds"),
            p.AsObject().ContainsKey("min_vol_up_shock") ? Number(p, "min_vol_up_shock") : 0
        );

    static DeriveBasis Basis(JsonNode p, string multiply) =>
        new(
            Number(p, "basis_scenario_spot_up"),
            Number(p, "basis_scenario_spot_down"),
            Number(p, "basis_add_factor"),
            Number(p, multiply)
        );

    static DeriveConfidence Confidence(JsonNode p) =>
        new(Number(p, "confidence_threshold"), Number(p, "confidence_margin_fraction"));

    [Fact]
    public void Standard_manager_meets_the_contracts_tests() =>
        Meets(
            "margin/derive-srm.json",
            22,
            inputs =>
            {
                var model = new DeriveStandardMargin(Standard(inputs));
                Assert.Empty(model.Missing(Book(inputs)));
                return model.Balances;
            }
        );

    [Fact]
    public void First_portfolio_manager_meets_the_contracts_tests() =>
        Meets(
            "margin/derive-pmrm.json",
            16,
            inputs =>
            {
                var p = inputs["params"]!;
                var parameters = new DerivePortfolioParameters(
                    Note,
                    Scenarios(inputs),
                    Volatility(p),
                    Basis(p, "basis_mult_factor_per_year"),
                    Number(p, "static_discount"),
                    Number(p, "rate_multiplier"),
                    Number(p, "rate_add_per_year"),
                    Number(p, "perp_contingency_fraction"),
                    Number(p, "base_contingency_fraction"),
                    Number(p, "naked_short_contingency_fraction"),
                    Number(p, "initial_loss_factor"),
                    Number(p, "peg_loss_threshold_usd"),
                    Number(p, "peg_loss_factor"),
                    Confidence(p),
                    Assumed
                );
                return new DerivePortfolioMargin(parameters).Balances;
            }
        );

    [Fact]
    public void Second_portfolio_manager_meets_the_contracts_tests() =>
        Meets(
            "margin/derive-pmrm2.json",
            24,
            inputs =>
            {
                var p = inputs["params"]!;
                var parameters = new DerivePortfolioParameters2(
                    Note,
                    Scenarios(inputs),
                    Volatility(p),
                    new DeriveSkew(
                        Number(p, "skew_linear_base_cap"),
                        Number(p, "skew_linear_c"),
                        Number(p, "skew_abs_base_cap"),
                        Number(p, "skew_abs_c"),
                        Number(p, "skew_min_k_star"),
                        Number(p, "skew_width_scale"),
                        Number(p, "skew_vol_param_static"),
                        Number(p, "skew_vol_param_scale")
                    ),
                    Basis(p, "basis_mult_factor_per_year"),
                    Number(p, "initial_loss_factor"),
                    Number(p, "maintenance_loss_factor"),
                    Number(p, "long_static_discount"),
                    Number(p, "long_rate_multiplier"),
                    Number(p, "long_rate_add_per_year"),
                    Number(p, "short_static_discount"),
                    Number(p, "short_rate_multiplier"),
                    Number(p, "short_rate_add_per_year"),
                    Number(p, "mm_perp_fraction"),
                    Number(p, "im_perp_fraction_on_top"),
                    Number(p, "mm_naked_short_fraction"),
                    Number(p, "im_naked_short_fraction_on_top"),
                    Number(p, "peg_loss_threshold_usd"),
                    Number(p, "peg_loss_factor"),
                    Confidence(p),
                    [],
                    Assumed
                );
                return new DerivePortfolioMargin2(parameters).Balances;
            }
        );
}
