using System.Text.Json;
using Plimsoll.Sizing;

namespace Plimsoll.Reports.Tests;

public sealed class DecisionJsonTests
{
    static string Json => DecisionJson.Write(DecisionFixture.Whole, "embedded", DecisionFixture.Bets);

    [Fact]
    public void Printed_keys_are_the_documented_ones() => DocumentedKeys.Check("size", Json, "before", "after");

    [Fact]
    public void Figures_are_numbers_and_ratios_fractions()
    {
        using var document = JsonDocument.Parse(Json);
        var root = document.RootElement;
        Assert.Equal("sized", root.GetProperty("status").GetString());
        Assert.Equal("2026-05-31T08:00:00Z", root.GetProperty("as_of").GetString());
        Assert.Equal(251204.1234, root.GetProperty("equity").GetDouble());
        var trade = root.GetProperty("targets")[0];
        Assert.Equal(-1800, trade.GetProperty("trade").GetInt32());
        Assert.Equal(70950.5m, trade.GetProperty("price").GetDecimal());
        Assert.Equal(0.061, root.GetProperty("after").GetProperty("expected_shortfall_99").GetDouble());
        Assert.Equal(0.25, root.GetProperty("limits")[0].GetProperty("limit").GetDouble());
    }

    [Fact]
    public void Unknown_figure_is_null_and_never_a_word()
    {
        var decision = DecisionFixture.Whole with
        {
            GrowthStandardError = double.NaN,
            GrowthRateAnnual = double.PositiveInfinity,
            Status = DecisionStatus.Undetermined,
        };
        string json = DecisionJson.Write(decision, "embedded");
        Assert.DoesNotContain("NaN", json, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(json);
        Assert.Equal(JsonValueKind.Null, document.RootElement.GetProperty("growth_standard_error").ValueKind);
        Assert.Equal(JsonValueKind.Null, document.RootElement.GetProperty("growth_rate_annual").ValueKind);
        Assert.Equal("undetermined", document.RootElement.GetProperty("status").GetString());
    }
}
