using System.Text.Json.Nodes;
using Plimsoll.Markets;

namespace Plimsoll.Margin.Tests.Stated;

/// <summary>Hyperliquid's tiers out of the answer to <c>info</c> of type <c>meta</c>.</summary>
public sealed class HyperliquidStatedTests
{
    const string Key = "hyperliquid-margin";

    /// <summary>
    /// Rows and tables as the main network gave them (BTC, ETH, ATOM, MATIC, DYDX, SOL and tables 51 to 56 of an answer
    /// of 2026; tiers are those of hyperliquid.gitbook.io, margin tiers); of the coins of tables 51 to 53 the first.
    /// </summary>
    internal const string Meta = """
        {"universe":[
          {"szDecimals":5,"name":"BTC","maxLeverage":40,"marginTableId":56},
          {"szDecimals":4,"name":"ETH","maxLeverage":25,"marginTableId":55},
          {"szDecimals":2,"name":"ATOM","maxLeverage":5,"marginTableId":5},
          {"szDecimals":1,"name":"MATIC","maxLeverage":20,"marginTableId":20,"isDelisted":true},
          {"szDecimals":1,"name":"DYDX","maxLeverage":5,"marginTableId":5},
          {"szDecimals":2,"name":"SOL","maxLeverage":20,"marginTableId":54},
          {"szDecimals":0,"name":"XRP","maxLeverage":20,"marginTableId":53},
          {"szDecimals":0,"name":"DOGE","maxLeverage":10,"marginTableId":52},
          {"szDecimals":3,"name":"BNB","maxLeverage":10,"marginTableId":51},
          {"szDecimals":0,"name":"HPOS","maxLeverage":3,"marginTableId":3,"onlyIsolated":true}],
        "marginTables":[
          [50,{"description":"","marginTiers":[{"lowerBound":"0.0","maxLeverage":50}]}],
          [51,{"description":"tiered 10x","marginTiers":[{"lowerBound":"0.0","maxLeverage":10},
            {"lowerBound":"3000000.0","maxLeverage":5}]}],
          [52,{"description":"tiered 10x (2)","marginTiers":[{"lowerBound":"0.0","maxLeverage":10},
            {"lowerBound":"20000000.0","maxLeverage":5}]}],
          [53,{"description":"tiered 20x","marginTiers":[{"lowerBound":"0.0","maxLeverage":20},
            {"lowerBound":"40000000.0","maxLeverage":10}]}],
          [54,{"description":"tiered 20x (2)","marginTiers":[{"lowerBound":"0.0","maxLeverage":20},
            {"lowerBound":"70000000.0","maxLeverage":10}]}],
          [55,{"description":"tiered 25x","marginTiers":[{"lowerBound":"0.0","maxLeverage":25},
            {"lowerBound":"100000000.0","maxLeverage":15}]}],
          [56,{"description":"tiered 40x","marginTiers":[{"lowerBound":"0.0","maxLeverage":40},
            {"lowerBound":"150000000.0","maxLeverage":20}]}]],
        "collateralToken":0}
        """;

    [Fact]
    public void The_answer_gives_the_shipped_tiers_and_those_that_the_shipped_file_lacks()
    {
        var ours = StatedAnswers.Ours(Key, StatedAnswers.Dated(Meta));
        var stated = Tiers(ours);
        var shipped = Tiers(StatedAnswers.Shipped(Key));
        foreach (string coin in (string[])["BTC", "ETH", "SOL", "XRP", "DOGE", "BNB"])
            Assert.Equal(shipped[coin], stated[coin]);
        Assert.Equal("""[{"lower_bound_usd":0,"largest_leverage":5}]""", stated["ATOM"]);
        Assert.Equal(stated["ATOM"], stated["DYDX"]);
        // Delisted, and what the answer does not name, is not known any more.
        Assert.False(stated.ContainsKey("MATIC") || stated.ContainsKey("kPEPE"));
        Assert.Equal(["HPOS"], ours["only_isolated"]!.AsArray().Select(coin => (string)coin!));
    }

    [Fact]
    public void The_file_says_its_day_and_who_answered_and_reads_back_as_the_same_figures()
    {
        var model = StatedAnswers.Read(Key, StatedAnswers.Dated(Meta)).Value;
        Assert.Equal(
            (new DateOnly(2026, 11, 27), "https://api.hyperliquid.xyz/info#meta"),
            (model.Note.Dated, model.Note.Source)
        );
        Assert.Equal(["2026-11-27 tiers of every coin"], StatedAnswers.Parts(model));
        Assert.Equal(
            "Hyperliquid margin tiers, stated by the venue on 2026-11-27: tiers of every coin.",
            model.Note.Text
        );
        Assert.DoesNotContain(model.Note.Doubts, doubt => doubt.StartsWith("Coins without", StringComparison.Ordinal));
        string file = StatedAnswers.Ours(Key, StatedAnswers.Dated(Meta)).ToJsonString();
        Assert.Equal(Maintenance(model, "SOL"), Maintenance(StatedAnswers.Read(Key, file).Value, "SOL"));
        string test = StatedAnswers
            .Dated(Meta)
            .Replace("\"answers\"", "\"from\": \"https://api.hyperliquid-testnet.xyz\", \"answers\"");
        Assert.Equal("https://api.hyperliquid-testnet.xyz/info#meta", StatedAnswers.Read(Key, test).Value.Note.Source);
    }

    [Fact]
    public void The_answer_with_contexts_is_one_too()
    {
        var model = StatedAnswers.Read(Key, StatedAnswers.Dated($"[{Meta}, []]")).Value;
        // 200,000,000 USD of BTC: 200e6/40 − deduction of 150e6·(1/40 − 1/80).
        Assert.Equal(200e6 / 40 - 150e6 * (1.0 / 40 - 1.0 / 80), Maintenance(model, "BTC"), 1e-6);
    }

    [Fact]
    public void A_coin_that_is_taken_isolated_alone_is_undetermined_without_its_margin()
    {
        var model = StatedAnswers.Read(Key, StatedAnswers.Dated(Meta)).Value;
        var cross = Held("HPOS");
        Assert.Equal(
            "HPOS_USDC-PERPETUAL: an isolated-margin, the only one the venue takes for it",
            Assert.Single(model.Assess(cross).Missing)
        );
        Assert.True(model.Assess(cross with { IsIsolated = true }).IsDetermined);
    }

    [Fact]
    public void An_answer_without_a_day_is_refused_with_the_form_that_has_one() =>
        Assert.Contains("{\"dated\": \"yyyy-MM-dd\", \"answers\": [...]}", StatedAnswers.Fault(Key, Meta));

    [Theory]
    [InlineData(
        "\"lowerBound\":\"150000000.0\"",
        "\"lowerBound\":\"NaN\"",
        "[6][1].marginTiers[1].lowerBound = \"NaN\""
    )]
    [InlineData("\"lowerBound\":\"150000000.0\"", "\"lowerBound\":\"-1\"", "[6][1].marginTiers[1].lowerBound = \"-1\"")]
    [InlineData("\"maxLeverage\":40,\"m", "\"maxLeverage\":\"x\",\"m", "universe[0].maxLeverage = \"x\"")]
    [InlineData("\"maxLeverage\":40,\"m", "\"maxLeverage\":50,\"m", "the largest leverage of table 56")]
    [InlineData("\"maxLeverage\":5,\"marginTableId\":5", "\"maxLeverage\":4,\"marginTableId\":5", "expected 5")]
    [InlineData("\"marginTableId\":56", "\"marginTableId\":77", "a table of marginTables")]
    [InlineData("\"lowerBound\":\"150000000.0\"", "\"lowerBound\":\"0.0\"", "ascending in notional")]
    [InlineData(",\"maxLeverage\":20}]}]],", ",\"maxLeverage\":40}]}]],", "descending in leverage")]
    [InlineData("\"name\":\"BTC\"", "\"name\":\"ETH\"", "each coin once")]
    public void A_figure_that_cannot_be_is_refused_where_it_stands(string from, string to, string said)
    {
        string text = StatedAnswers.Dated(Meta).Replace(from, to, StringComparison.Ordinal);
        var faults = StatedAnswers.Read(Key, text).Faults;
        Assert.Contains(faults, fault => fault.ToString().Contains(said, StringComparison.Ordinal));
        Assert.All(faults, fault => Assert.Equal("answers.json", fault.Place));
    }

    [Theory]
    [InlineData("""{"universe":[],"marginTables":[]}""", "coins that are traded")]
    [InlineData("""{"levels":[]}""", "an answer of info of type meta")]
    public void Nothing_stated_is_a_fault_and_never_an_empty_table(string answer, string said) =>
        Assert.Contains(said, StatedAnswers.Fault(Key, StatedAnswers.Dated(answer)));

    [Fact]
    public void No_answer_at_all_is_a_fault()
    {
        Assert.Contains("answers of info of type meta", StatedAnswers.Fault(Key, StatedAnswers.Dated()));
        Assert.NotEmpty(StatedAnswers.Read(Key, "{}").Faults);
        Assert.NotEmpty(StatedAnswers.Read(Key, "[]").Faults);
        Assert.NotEmpty(StatedAnswers.Read(Key, "no JSON").Faults);
    }

    static Dictionary<string, string> Tiers(JsonObject file) =>
        file["tables"]!
            .AsArray()
            .SelectMany(table =>
                table!["coins"]!.AsArray().Select(coin => ((string)coin!, Form(table["tiers"]!.AsArray())))
            )
            .ToDictionary(row => row.Item1, row => row.Item2);

    // 70000000.0 and 70000000 are the same number.
    static string Form(JsonArray tiers) =>
        new JsonArray([
            .. tiers.Select(row => new JsonObject
            {
                ["lower_bound_usd"] = row!["lower_bound_usd"]!.GetValue<double>(),
                ["largest_leverage"] = row["largest_leverage"]!.GetValue<double>(),
            }),
        ]).ToJsonString();

    static double Maintenance(IVenueMargin model, string coin) =>
        Assert.Single(model.Assess(Held(coin)).Pools).Maintenance;

    /// <summary>200,000,000 USD of a coin at a mark of 100.</summary>
    static MarginPortfolio Held(string coin) =>
        StatedAnswers.Held(Samples.Perpetual(coin, PayoffShape.Linear, 1), 2_000_000, 100);
}
