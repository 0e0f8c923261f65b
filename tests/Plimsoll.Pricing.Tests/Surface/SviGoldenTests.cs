using System.Text.Json.Nodes;
using Plimsoll.TestSupport;

namespace Plimsoll.Pricing.Tests;

/// <summary>
/// Golden rows of raw SVI, its conversions, SSVI and eSSVI: Gatheral and Jacquier (2014), Hendriks and Martini (2019),
/// recomputed with 60 digits; each row carries its own tolerance.
/// </summary>
public sealed class SviGoldenTests
{
    static readonly DateTimeOffset Expiry = new(2026, 12, 25, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Raw_slices_have_the_values_slopes_and_densities_of_the_golden_rows()
    {
        foreach (var row in Rows("pricing/svi.json"))
        {
            var inputs = row["inputs"]!;
            var slice = Raw(inputs, Golden.Number(inputs["t_years"]));
            var expected = row["expected"]!.AsObject();
            string name = row["name"]!.GetValue<string>();
            if (expected.ContainsKey("error"))
            {
                Assert.Equal(double.NegativeInfinity, StaticArbitrage.MinimumDensity(slice));
                continue;
            }
            double relative = Golden.Number(row["tolerance"]!["rel"]);
            double absolute = row["tolerance"]!["abs"] is { } abs ? Golden.Number(abs) : 1e-15;
            double[] k = Numbers(expected["k"]);
            Close(name + " w", Numbers(expected["total_variance"]), k.Select(slice.TotalVariance), relative, absolute);
            Close(name + " w'", Numbers(expected["dw_dk"]), k.Select(slice.Slope), relative, absolute);
            Close(name + " w''", Numbers(expected["d2w_dk2"]), k.Select(slice.Curvature), relative, absolute);
            double[] g = Numbers(expected["g"]);
            double[] tolerance = Numbers(row["tolerance"]!["abs_g"]);
            for (int i = 0; i < k.Length; i++)
                Assert.True(
                    Math.Abs(StaticArbitrage.Density(slice, k[i]) - g[i]) <= tolerance[i],
                    $"{name}: g({k[i]}) {StaticArbitrage.Density(slice, k[i]):R} instead of {g[i]:R}"
                );
            Assert.Equal(Golden.Number(expected["min_total_variance"]), slice.LeastVariance, 1e-14);
            Assert.Equal(Golden.Number(expected["wing_slope_left"]), slice.LeftWing, 1e-14);
            Assert.Equal(Golden.Number(expected["wing_slope_right"]), slice.RightWing, 1e-14);
            Close(
                name + " volatility",
                Numbers(expected["implied_vol_annual"]),
                k.Select(slice.VolatilityAnnual),
                relative,
                absolute
            );
            double[] density = Numbers(expected["density_in_k"]);
            for (int i = 0; i < k.Length; i++)
                Assert.Equal(density[i], ProbabilityDensity(slice, k[i]), tolerance[i] + 1e-11 * Math.Abs(density[i]));
            Assert.Equal(0, slice.Slope(Golden.Number(expected["k_of_min_total_variance"])), 1e-12);
            bool isFree = expected["butterfly_free_on_minus6_6"]!.GetValue<bool>();
            Assert.True(isFree || StaticArbitrage.MinimumDensity(slice) < 0, name);
            if (expected["published_jump_wings"] is { } published)
            {
                var wings = SviJumpWings.Of(slice);
                double[] found = [wings.VarianceAnnual, wings.Skew, wings.LeftWing, wings.RightWing];
                double[] printed = Fields(published, "v_annual", "psi", "p", "c");
                for (int i = 0; i < found.Length; i++)
                    Assert.Equal(printed[i], found[i], 5e-5);
            }
        }
    }

    /// <summary>Durrleman's g as the law of log moneyness: Gatheral and Jacquier 2014, section 2.</summary>
    static double ProbabilityDensity(SviSlice slice, double k)
    {
        double w = slice.TotalVariance(k);
        double d = -k / Math.Sqrt(w) - Math.Sqrt(w) / 2;
        return StaticArbitrage.Density(slice, k) / Math.Sqrt(2 * Math.PI * w) * Math.Exp(-d * d / 2);
    }

    [Fact]
    public void Least_density_is_found_where_the_golden_rows_have_it()
    {
        int inside = 0;
        foreach (var row in Rows("pricing/svi.json"))
        {
            var expected = row["expected"]!.AsObject();
            if (expected.ContainsKey("error"))
                continue;
            var slice = Raw(row["inputs"]!, Golden.Number(row["inputs"]!["t_years"]));
            double least = Golden.Number(expected["g_min_on_minus6_6"]);
            double found = StaticArbitrage.MinimumDensity(slice);
            if (!expected["lee_bound_ok"]!.GetValue<bool>())
            {
                Assert.Equal(double.NegativeInfinity, found);
                continue;
            }
            Assert.True(found <= least + 1e-11, $"{row["name"]}: {found:R} above {least:R}");
            double wings = 0.25 - Math.Pow(Math.Max(slice.LeftWing, slice.RightWing), 2) / 16;
            if (Math.Abs(Golden.Number(expected["k_of_g_min"])) > 5.9 || least >= wings)
                continue;
            inside++;
            Assert.Equal(least, found, 1e-10);
        }
        Assert.True(inside > 10);
    }

    [Fact]
    public void Raw_natural_and_jump_wings_convert_into_each_other()
    {
        foreach (var row in Rows("pricing/svi-conversions.json"))
        {
            var (inputs, expected) = (row["inputs"]!, row["expected"]!);
            double t = Golden.Number(inputs["t_years"]);
            var raw = Raw(inputs["raw"]!, t);
            string name = row["name"]!.GetValue<string>();
            var wings = SviJumpWings.Of(raw);
            var natural = SviNatural.Of(raw);
            double fromRaw = Golden.Number(row["tolerance"]!["abs_from_raw"]);
            Close(
                name,
                Fields(expected["jump_wings_from_raw"]!, "v_annual", "psi", "p", "c", "v_min_annual"),
                [wings.VarianceAnnual, wings.Skew, wings.LeftWing, wings.RightWing, wings.LeastVarianceAnnual],
                1e-13,
                fromRaw
            );
            Close(
                name,
                Fields(expected["natural_from_raw"]!, "delta", "mu", "rho", "omega", "zeta"),
                [natural.Delta, natural.Mu, natural.Rho, natural.Omega, natural.Zeta],
                1e-13,
                fromRaw
            );
            double[] w = Fields(inputs["jump_wings"]!, "v_annual", "psi", "p", "c", "v_min_annual");
            var fromWings = new SviJumpWings(w[0], w[1], w[2], w[3], w[4]).ToRaw(Expiry, t, 1);
            CloseRaw(name, expected["raw_from_jump_wings"]!, fromWings, row["tolerance"]!["abs_raw_from_jump_wings"]);
            double[] n = Fields(inputs["natural"]!, "delta", "mu", "rho", "omega", "zeta");
            var fromNatural = new SviNatural(n[0], n[1], n[2], n[3], n[4]).ToRaw(Expiry, t, 1);
            CloseRaw(name, expected["raw_from_natural"]!, fromNatural, row["tolerance"]!["abs_raw_from_natural"]);
        }
    }

    [Fact]
    public void Surface_svi_slices_and_their_butterfly_conditions_are_those_of_the_golden_rows()
    {
        foreach (var row in Rows("pricing/ssvi.json"))
        {
            var (inputs, expected) = (row["inputs"]!, row["expected"]!);
            string name = row["name"]!.GetValue<string>();
            var slice = new SsviSlice(
                Golden.Number(inputs["theta"]),
                Golden.Number(inputs["rho"]),
                Golden.Number(expected["phi"])
            );
            double width = slice.Psi * (1 + Math.Abs(slice.Rho));
            Assert.Equal(Golden.Number(expected["theta_phi"]), slice.Psi, 1e-12);
            Assert.Equal(Golden.Number(expected["condition_theta_phi_1_abs_rho"]), width, 1e-10);
            Assert.Equal(Golden.Number(expected["condition_theta_phi_squared_1_abs_rho"]), width * slice.Phi, 1e-9);
            double[] k = Numbers(expected["k"]);
            Close(name, Numbers(expected["total_variance"]), k.Select(slice.TotalVariance), 1e-12, 1e-15);
            var raw = slice.ToRaw(Expiry, Golden.Number(inputs["t_years"]), 1);
            CloseRaw(name, expected["raw"]!, raw, null);
            Close(name, Numbers(expected["dw_dk"]), k.Select(raw.Slope), 1e-12, 1e-15);
            Close(name, Numbers(expected["g"]), k.Select(x => StaticArbitrage.Density(raw, x)), 0, 1e-13);
            Assert.Equal(Golden.Number(expected["atm_skew_dvol_dk"]), raw.AtTheMoneySkew, 1e-12);
            bool sufficient = expected["butterfly_sufficient_condition_holds"]!.GetValue<bool>();
            Assert.Equal(sufficient, slice.IsSurelyFreeOfButterflies);
            if (sufficient)
                Assert.True(StaticArbitrage.MinimumDensity(raw) >= -1e-12, name);
            // Over the whole line the least can only be lower.
            double least = Golden.Number(expected["g_min_on_minus8_8"]);
            Assert.True(StaticArbitrage.MinimumDensity(raw) <= least + 1e-9, name);
            if (!expected["butterfly_free_on_minus8_8"]!.GetValue<bool>())
                Assert.True(StaticArbitrage.MinimumDensity(raw) < 0, name);
            if (!slice.MayBeFreeOfButterflies)
                Assert.True(StaticArbitrage.MinimumDensity(raw) < 0, name);
        }
    }

    [Fact]
    public void Curvature_functions_equal_their_formulas()
    {
        int read = 0;
        foreach (var row in Rows("pricing/ssvi.json"))
        {
            var (inputs, parameters) = (row["inputs"]!, row["inputs"]!["phi_parameters"]!);
            double theta = Golden.Number(inputs["theta"]);
            double Parameter(string key) => Golden.Number(parameters[key]);
            double? phi = inputs["phi_kind"]!.GetValue<string>() switch
            {
                "heston" => SsviCurvature.Heston(theta, Parameter("lambda")),
                "power" => SsviCurvature.PowerLaw(theta, Parameter("eta"), Parameter("gamma")),
                "power-bounded" => SsviCurvature.BoundedPowerLaw(theta, Parameter("eta"), Parameter("gamma")),
                _ => null,
            };
            double expected = Golden.Number(row["expected"]!["phi"]);
            if (phi is { } value)
                Assert.Equal(expected, value, 1e-13 * expected);
            read += phi is null ? 0 : 1;
        }
        Assert.Equal(26, read);
        // Series and formula meet where one takes over from the other.
        Assert.Equal(SsviCurvature.Heston(0.99999e-4, 1), SsviCurvature.Heston(1.00001e-4, 1), 1e-9);
        Assert.Equal(0.5, SsviCurvature.Heston(1e-300, 1));
    }

    [Fact]
    public void Calendar_conditions_and_the_exact_check_agree_with_the_golden_pairs()
    {
        foreach (var row in Rows("pricing/essvi-calendar.json"))
        {
            var (inputs, expected) = (row["inputs"]!, row["expected"]!);
            string name = row["name"]!.GetValue<string>();
            var earlier = Ssvi(inputs["slice1"]!);
            var later = Ssvi(inputs["slice2"]!);
            Assert.Equal(expected["necessary_conditions_hold"]!.GetValue<bool>(), SsviSlice.MayFollow(earlier, later));
            Assert.Equal(
                expected["sufficient_conditions_hold"]!.GetValue<bool>(),
                SsviSlice.SurelyFollows(earlier, later)
            );
            double step = StaticArbitrage.MinimumCalendarStep(
                earlier.ToRaw(Expiry, 0.1, 1),
                later.ToRaw(Expiry.AddDays(30), 0.2, 1)
            );
            Assert.True(step >= 0 == expected["calendar_free"]!.GetValue<bool>(), $"{name}: step {step:R}");
        }
    }

    static IReadOnlyList<JsonObject> Rows(string file)
    {
        var rows = Golden.Cases(file);
        Assert.SkipUnless(rows is not null, Golden.Absent);
        return rows!;
    }

    static SsviSlice Ssvi(JsonNode node)
    {
        double[] values = Fields(node, "theta", "rho", "phi");
        return new SsviSlice(values[0], values[1], values[2]);
    }

    static SviSlice Raw(JsonNode node, double tYears)
    {
        double[] p = Fields(node, "a", "b", "rho", "m", "sigma");
        return new SviSlice(Expiry, tYears, 1, p[0], p[1], p[2], p[3], p[4]);
    }

    static void CloseRaw(string name, JsonNode expected, SviSlice found, JsonNode? tolerance)
    {
        string[] keys = ["a", "b", "rho", "m", "sigma"];
        double[] values = [found.A, found.B, found.Rho, found.M, found.Sigma];
        double[] wanted = Fields(expected, keys);
        for (int i = 0; i < keys.Length; i++)
        {
            double absolute = tolerance?[keys[i]] is { } own ? Golden.Number(own) : 1e-15;
            double most = Math.Max(absolute, 1e-13 * Math.Abs(wanted[i]));
            Assert.True(Math.Abs(values[i] - wanted[i]) <= most, $"{name} {keys[i]}: {values[i]:R}, {wanted[i]:R}");
        }
    }

    static void Close(string name, double[] expected, IEnumerable<double> found, double relative, double absolute)
    {
        foreach (var (wanted, value) in expected.Zip(found))
            Assert.True(
                Math.Abs(value - wanted) <= Math.Max(absolute, relative * Math.Abs(wanted)),
                $"{name}: {value:R} instead of {wanted:R}"
            );
    }

    static double[] Fields(JsonNode node, params string[] keys) => [.. keys.Select(key => Golden.Number(node[key]))];

    static double[] Numbers(JsonNode? node) => [.. node!.AsArray().Select(Golden.Number)];
}
