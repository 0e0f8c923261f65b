using System.Text.Json.Nodes;
using Plimsoll.TestSupport;

namespace Plimsoll.Pricing.Tests;

public sealed class VolatilityIndexTests
{
    static IReadOnlyList<JsonObject> Rows()
    {
        var rows = Golden.Cases("pricing/volatility-index.json");
        Assert.SkipUnless(rows is not null, Golden.Absent);
        return rows!;
    }

    static double[] Numbers(JsonNode? node) => [.. node!.AsArray().Select(Golden.Number)];

    static void Close(double expected, double actual, double relative) =>
        Assert.Equal(expected, actual, relative * Math.Abs(expected));

    [Fact]
    public void Interpolation_equals_the_worked_example_of_the_white_paper()
    {
        var row = Rows().Single(each => (string)each["name"]! == "cboe-white-paper-interpolation");
        double In(string key) => Golden.Number(row["inputs"]![key]);
        // The paper counts minutes: T of the strips, and the term as 43,200 of 525,600.
        var near = new StripVariance(In("minutes1") / In("minutes_year"), In("variance1"));
        var next = new StripVariance(In("minutes2") / In("minutes_year"), In("variance2"));
        double term = In("minutes_target") / In("minutes_year");
        double share = (next.TYears - term) / (next.TYears - near.TYears);
        double total =
            share * In("t1_years") * near.VarianceAnnual + (1 - share) * In("t2_years") * next.VarianceAnnual;
        double index = Golden.Number(row["expected"]!["index"]);
        Close(index, 100 * Math.Sqrt(total / term), 1e-13);
        // T and minutes of the paper differ in their seventh digit; so does the index from T alone.
        Close(index, VolatilityIndex.Points(near, next), 1e-5);
        Assert.Equal(13.69, VolatilityIndex.Points(near, next), 0.005);
    }

    [Fact]
    public void Strips_equal_the_formula_of_the_papers()
    {
        int read = 0;
        foreach (var row in Rows().Where(each => ((string)each["name"]!).StartsWith("strip", StringComparison.Ordinal)))
        {
            var (inputs, expected) = (row["inputs"]!, row["expected"]!);
            StripVariance Strip(string key) =>
                VolatilityIndex.OfStrip(
                    Golden.Number(inputs[key]!["forward_usd"]),
                    Golden.Number(inputs[key]!["t_years"]),
                    Numbers(inputs[key]!["strikes_usd"]),
                    Numbers(inputs[key]!["quotes_usd"])
                );
            var (near, next) = (Strip("near"), Strip("next"));
            double term = Golden.Number(inputs["t_target_years"]);
            Close(Golden.Number(expected["near_variance_annual"]), near.VarianceAnnual, 1e-12);
            Close(Golden.Number(expected["next_variance_annual"]), next.VarianceAnnual, 1e-12);
            Close(Golden.Number(expected["variance_annual"]), VolatilityIndex.VarianceAt(near, next, term), 1e-12);
            Close(Golden.Number(expected["index_vol_points"]), VolatilityIndex.Points(near, next, term), 1e-12);
            read++;
        }
        Assert.Equal(4, read);
    }

    [Fact]
    public void Log_contract_of_a_flat_smile_is_its_variance()
    {
        int read = 0;
        foreach (
            var row in Rows().Where(each => ((string)each["name"]!).StartsWith("variance", StringComparison.Ordinal))
        )
        {
            double volatility = Golden.Number(row["inputs"]!["vol_annual"]);
            double tYears = Golden.Number(row["inputs"]!["t_years"]);
            double variance = VolatilityIndex.LogContract(_ => volatility * volatility * tYears) / tYears;
            Close(Golden.Number(row["expected"]!["log_contract_variance_annual"]), variance, 1e-12);
            read++;
        }
        Assert.Equal(2, read);
    }

    [Fact]
    public void A_tilted_smile_gives_the_integral_over_its_own_density()
    {
        // E[−2 ln(S/F)] under the density that the smile implies, from second differences of put and call prices.
        var slice = new SsviSlice(0.04, -0.3, 2.5);
        const double step = 1e-3;
        double Price(double strike)
        {
            var right = strike < 1 ? Markets.OptionRight.Put : Markets.OptionRight.Call;
            double deviation = Math.Sqrt(slice.TotalVariance(Math.Log(strike)));
            // A put below the forward has the call's curvature: parity is linear in the strike.
            double parity = strike < 1 ? 1 - strike : 0;
            return Black76.PriceUsd(1, strike, 1, deviation, right) + parity;
        }
        double sum = 0;
        for (double strike = 0.05; strike < 8; strike += step)
            sum += -2 * Math.Log(strike) * (Price(strike + step) - 2 * Price(strike) + Price(strike - step)) / step;
        Assert.Equal(sum, VolatilityIndex.LogContract(slice.TotalVariance), 2e-5);
    }

    [Fact]
    public void Strips_that_say_nothing_are_refused()
    {
        Assert.Throws<ArgumentException>(() => VolatilityIndex.OfStrip(100, 0.1, [100], [1]));
        Assert.Throws<ArgumentException>(() => VolatilityIndex.OfStrip(100, 0.1, [110, 120], [1, 1]));
        Assert.Throws<ArgumentException>(() => VolatilityIndex.OfStrip(100, 0.1, [90, 110], [1]));
    }
}
