using Plimsoll.Tails;

namespace Plimsoll.Reports.Tests;

/// <summary>The keys of <c>tail</c> are those that the page lists.</summary>
public class TailJsonTests
{
    static EvaluationRow Row(double? t) =>
        new(
            "BTC",
            new(0.01),
            "auto",
            2,
            0,
            0,
            2.5,
            0.13,
            1,
            new(0.1, 0.7),
            new(0.2, 0.6),
            new(0.3, 0.8),
            new(1, double.NaN),
            null,
            double.NaN,
            0.1,
            0.4,
            9,
            13,
            t,
            t,
            1,
            [new(2024, 2, 2.5, 1)],
            [new(2024, 8, 5)],
            [new(new(2024, 8, 4), -1, new(-9, -13)), new(new(2024, 8, 5), -10, new(-9, -13))]
        );

    [Fact]
    public void Keys_of_an_evaluation_are_documented() =>
        DocumentedKeys.Check(
            "tail evaluate",
            TailJson.Write([Long("GARCH-t", null), Long("auto", -1.7)], ["SOL: too few days to judge"])
        );

    /// <summary>Forty days, as a comparison of two models needs more than a few.</summary>
    static EvaluationRow Long(string model, double? t) =>
        Row(t) with
        {
            Model = model,
            Series =
            [
                .. Enumerable
                    .Range(0, 40)
                    .Select(day => new JudgedDay(
                        new DateOnly(2024, 8, 1).AddDays(day),
                        day % 7 - 4,
                        new(model == "auto" ? -8 : -9 - day % 3, -14)
                    )),
            ],
        };

    [Fact]
    public void Keys_of_a_forecast_are_documented()
    {
        var level = new OutlookLevel(
            0.01,
            9.4,
            13.5,
            [new("GARCH-t", 1, 9.4, 13.5), new("HAR-panel", 0, null, null)],
            1
        );
        var outlook = new TailOutlook("BTC", new(2026, 3, 4), 1, [level], ["the model is old"]);
        string json = TailJson.Write(outlook);
        DocumentedKeys.Check("tail forecast", json);
        Assert.Contains("\"value_at_risk\": 0.094", json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TailPlot.Coverage)]
    [InlineData(TailPlot.Hits)]
    [InlineData(TailPlot.Years)]
    public void Charts_are_drawn_of_two_days(TailPlot what) =>
        Assert.NotEmpty(TailChart.Draw([Row(null), Row(-1.7)], what).Bytes("x.svg"));
}
