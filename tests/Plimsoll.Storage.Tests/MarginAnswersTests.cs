using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.TestSupport;

namespace Plimsoll.Storage.Tests;

/// <summary>A venue's own statement of margin, and what is kept of a comparison with it.</summary>
public sealed class MarginAnswersTests
{
    [Theory]
    [InlineData(
        """{"jsonrpc":"2.0","id":1,"result":{"currency":"BTC","initial_margin":0.5,"maintenance_margin":0.4}}""",
        "deribit",
        "BTC"
    )]
    [InlineData("""{"currency":"btc","initial_margin":0.5,"maintenance_margin":0.4,"equity":3}""", "deribit", "BTC")]
    [InlineData(
        """{"code":"0","data":[{"eq":"9","totalImr":"0.5","totalMmr":"0.4","riskUnitData":[{"imr":"1"}]}]}""",
        "okx",
        "USD"
    )]
    public void An_answer_is_recognised_by_what_it_states(string json, string venue, string currency)
    {
        var stated = Assert.Single(MarginAnswers.Parse(json, "answer.json").Value);
        Assert.Equal(new StatedMargin(venue, new Currency(currency), 0.5, 0.4), stated);
    }

    /// <summary>docs.deribit.com, example of 2024-06-17: open orders and market-maker protection are taken off.</summary>
    [Fact]
    public void A_risk_matrix_states_margin_by_currency()
    {
        const string json = """
            {"jsonrpc":"2.0","id":2255,"result":{"model_params":{"general":{"mm_factor":0.8}},"margins":{"btc":{
              "initial_margin_details":{"risk_matrix_margin":0.06284313098,"spot_margin":0,"mmp_margin":0.06,
                "open_orders_margin":1.8212e-05},
              "initial_margin":0.122861343,"maintenance_margin":0.050274504784}}}}
            """;
        var stated = Assert.Single(MarginAnswers.Parse(json, "simulate.json").Value);
        Assert.Equal(("deribit", "BTC"), (stated.Venue, stated.Currency.Code));
        Assert.Equal(0.06284313098, stated.Initial, 1e-9);
        Assert.Equal(0.050274504784, stated.Maintenance);
        string broken = json.Replace("\"maintenance_margin\":0.050274504784", "\"x\":1");
        var fault = Assert.Single(MarginAnswers.Parse(broken, "simulate.json").Faults);
        Assert.Contains("result.margins.btc.maintenance_margin", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Summaries_of_several_currencies_are_several_statements()
    {
        const string json = """
            {"result":{"summaries":[{"currency":"BTC","initial_margin":1,"maintenance_margin":1},
                                    {"currency":"ETH","initial_margin":2,"maintenance_margin":1}]}}
            """;
        Assert.Equal(["BTC", "ETH"], MarginAnswers.Parse(json, "a").Value.Select(each => each.Currency.Code));
    }

    [Theory]
    [InlineData("""{"result":{"equity":1}}""", "no margin")]
    [InlineData("""{"currency":"BTC","initial_margin":-1,"maintenance_margin":1}""", "initial_margin")]
    [InlineData("""{"totalImr":"","totalMmr":"1"}""", "totalImr")]
    [InlineData("{", "syntax")]
    public void What_states_no_margin_is_a_fault(string json, string expected)
    {
        var faults = MarginAnswers.Parse(json, "answer.json").Faults;
        Assert.Contains(expected, Assert.Single(faults).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Comparisons_are_added_and_the_largest_shortfall_widens()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "errors.jsonl");
        var at = new DateTimeOffset(2026, 3, 4, 9, 33, 15, TimeSpan.Zero);
        MarginError Error(double initial, double maintenance) =>
            new("deribit-portfolio-margin", "main", at, new Currency("BTC"), 1, initial, 0.8, maintenance);
        MarginErrorsFile.Append(file, [Error(1.01, 0.8)]);
        MarginErrorsFile.Append(file, [Error(0.9, 0.816), Error(0.5, 0.4)]);
        var read = MarginErrorsFile.Read(file).Value;
        Assert.Equal([Error(1.01, 0.8), Error(0.9, 0.816), Error(0.5, 0.4)], read);
        // Asking less than the model does not narrow it.
        Assert.Equal(1.02, MarginWidening.Of(read).Factor("deribit-portfolio-margin"), 1e-12);
        Assert.Equal(1, MarginWidening.Of(read).Factor("another"));
        File.AppendAllText(file, "{\"model\":1}\n");
        Assert.Contains(MarginErrorsFile.Read(file).Faults, fault => fault.Line == 4);
    }
}
