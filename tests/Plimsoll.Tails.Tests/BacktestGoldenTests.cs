using Plimsoll.TestSupport;

namespace Plimsoll.Tails.Tests;

/// <summary>Published and independently computed backtest statistics.</summary>
public class BacktestGoldenTests
{
    static bool[] Hits(double[] values) => [.. values.Select(value => value > 0)];

    [Theory]
    [InlineData("jorion-jpm-1998-uc")]
    [InlineData("kupiec-0-of-250")]
    [InlineData("kupiec-7-of-250")]
    [InlineData("kupiec-4-of-250")]
    [InlineData("kupiec-10-of-1000")]
    public void Kupiec_meets_the_published_ratio(string name)
    {
        var row = TailsGolden.Case("backtests", name);
        var result = CoverageTests.Kupiec((int)row.Input("hits"), (int)row.Input("T"), new(row.Input("p")));
        row.Meets("lr_uc", result.Statistic);
        row.Meets("p_value", result.PValue);
    }

    [Fact]
    public void Kupiec_rejects_outside_the_published_regions()
    {
        var row = TailsGolden.Case("backtests", "kupiec-non-rejection-regions");
        foreach (var (key, region) in row["expected"]!.AsObject())
        {
            string[] parts = key.Split('/');
            var p = new TailProbability(Golden.Number(parts[0]));
            int days = (int)Golden.Number(parts[1]);
            int[] kept = [.. Enumerable.Range(0, days + 1).Where(x => CoverageTests.Kupiec(x, days, p).PValue >= 0.05)];
            double[] expected = TailsGolden.Vector(region);
            Assert.Equal([(int)expected[0], (int)expected[1]], (int[])[kept[0], kept[^1]]);
        }
    }

    [Fact]
    public void Kupiec_is_defined_when_every_day_is_a_hit() =>
        Assert.Equal(-2 * 250 * Math.Log(0.01), CoverageTests.Kupiec(250, 250, new(0.01)).Statistic, 1e-9);

    [Fact]
    public void Independence_and_conditional_coverage_meet_the_book()
    {
        var row = TailsGolden.Case("backtests", "jorion-jpm-1998-ind");
        var independence = CoverageTests.Independence(
            new((int)row.Input("n00"), (int)row.Input("n01"), (int)row.Input("n10"), (int)row.Input("n11"))
        );
        row.Meets("lr_ind", independence.Statistic);
        row.Meets("p_value", independence.PValue);
        double After(string none, string hit) => row.Input(hit) / (row.Input(none) + row.Input(hit));
        row.Meets("pi01", After("n00", "n01"));
        row.Meets("pi11", After("n10", "n11"));
        row.Meets("pi", (row.Input("n01") + row.Input("n11")) / 252);
        var both = CoverageTests.Conditional(CoverageTests.Kupiec(20, 252, new(0.05)), independence);
        row.Meets("lr_cc_book", both.Statistic);
        row.Meets("p_cc", both.PValue);
    }

    [Fact]
    public void Transitions_and_independence_of_a_small_sequence()
    {
        var row = TailsGolden.Case("backtests", "christoffersen-small");
        var n = HitTransitions.Of(Hits(row.InputVector("hits")));
        double[][] expected = TailsGolden.Rows(row["expected"]!["n"]);
        Assert.Equal(
            new HitTransitions((int)expected[0][0], (int)expected[0][1], (int)expected[1][0], (int)expected[1][1]),
            n
        );
        row.Meets("lr_ind", CoverageTests.Independence(n).Statistic);
        row.Meets("p_value", CoverageTests.Independence(n).PValue);
    }

    [Fact]
    public void Independence_without_two_hits_in_a_row_is_finite()
    {
        var result = CoverageTests.Independence(new(240, 5, 5, 0));
        Assert.InRange(result.PValue, 0.5, 1);
        Assert.Equal(0, CoverageTests.Independence(new(249, 0, 0, 0)).Statistic);
    }

    [Fact]
    public void Dynamic_quantile_of_a_small_sequence()
    {
        var row = TailsGolden.Case("backtests", "dynamic-quantile-small");
        var result = DynamicQuantileTest.Asymptotic(
            Hits(row.InputVector("hits")),
            row.InputVector("var"),
            new(row.Input("p")),
            (int)row.Input("lags")
        );
        row.Meets("dq", result.Statistic);
        row.Meets("p_value", result.PValue);
        Assert.Equal((int)Golden.Number(row["expected"]!["dof"]), 2 + (int)row.Input("lags"));
    }

    [Fact]
    public void Dynamic_quantile_without_a_hit_is_undefined_and_says_so()
    {
        var result = DynamicQuantileTest.Asymptotic(new bool[50], new double[50], new(0.01));
        Assert.True(double.IsNaN(result.PValue));
    }

    [Fact]
    public void Acerbi_and_Szekely_statistics_of_ten_days()
    {
        var row = TailsGolden.Case("backtests", "acerbi-szekely-z1-z2");
        double[] es = row.InputVector("es");
        TailForecast[] forecasts = [.. row.InputVector("var").Select((v, t) => new TailForecast(-v, -es[t]))];
        double[] y = row.InputVector("y");
        row.Meets("z1", ShortfallBacktest.Z1(y, forecasts)!.Value);
        row.Meets("z2", ShortfallBacktest.Z2(y, forecasts, new(row.Input("p"))));
        Assert.Null(ShortfallBacktest.Z1([1.0], [new(-1, -2)]));
    }

    /// <summary>Acerbi and Szekely's table and an independent simulation of 400,000 samples beside it.</summary>
    [Fact]
    public void Critical_values_of_the_shortfall_statistics_meet_the_table()
    {
        var row = TailsGolden.Case("backtests", "acerbi-szekely-critical-values");
        var p = new TailProbability(row.Input("p"));
        foreach (var (name, expected) in row["expected"]!.AsObject())
        {
            bool isNormal = name == "normal";
            ITailLaw law = isNormal ? NormalLaw.Standard : SkewedStudentLaw.Symmetric(Golden.Number(name));
            var (z1, z2) = new ShortfallNull(law, p).Draw((int)row.Input("T"), 11, 200_000);
            double absolute = Golden.Number(row["tolerance"]!["abs"]);
            Near("z1_5pct", ShortfallNull.CriticalValue(z1, 0.05), absolute);
            Near("z2_5pct", ShortfallNull.CriticalValue(z2, 0.05), absolute);
            double far = Golden.Number(row["tolerance"]![name == "3" ? "abs_1bp_nu3" : "abs_1bp"]);
            Near("z2_1bp", ShortfallNull.CriticalValue(z2, 1e-4), far);
            void Near(string key, double actual, double near) =>
                TailsGolden.Near(Golden.Number(expected![key]), actual, 0, near, $"{name} {key}");
        }
    }
}
