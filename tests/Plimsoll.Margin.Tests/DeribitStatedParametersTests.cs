namespace Plimsoll.Margin.Tests;

/// <summary>Portfolio margin's figures out of the venue's own answer.</summary>
public sealed class DeribitStatedParametersTests
{
    /// <summary>Of an answer of private/pme/simulate, 2026-02-15, with another price range.</summary>
    const string Answer = """
        {"jsonrpc":"2.0","id":2,"result":{"margins":{},"model_params":{
          "general":{"timestamp":1771197609587,"mm_factor":0.75,"buckets_count":4,"vol_scenarios_count":3},
          "currency":{
            "eth":{"min_annualised_move":0.005,"annualised_move_risk":0.05,"pnl_offset":0.6,"correlation_set":false,
              "equity_side_impact":"both","haircut":0.05,"extended_dampener":200000,"max_offsetable_pnl":20000000},
            "usd":{"min_annualised_move":0.01,"annualised_move_risk":0.1,"pnl_offset":0.4,"correlation_set":false,
              "equity_side_impact":"none","haircut":0,"extended_dampener":26000,"max_offsetable_pnl":1000000}},
          "currency_pair":{"eth_usd":{"price_range":0.2,"m_inc":0.000004,"delta_total_liq_shock_threshold":20000000,
            "max_delta_shock":0.1,"min_volatility_for_shock_up":0.5,"volatility_range_up":0.4,
            "volatility_range_down":0.25,"extended_table_factor":1,"short_term_vega_power":0.3,
            "long_term_vega_power":0.13}}}}}
        """;

    [Fact]
    public void An_answer_of_the_venue_gives_its_figures_and_its_day_and_the_rest_is_as_shipped()
    {
        var shipped = DeribitPortfolioMargin.Shipped.Parameters;
        var read = Read(Answer).Value;
        Assert.Equal(0.2, read.Coins["ETH"].PriceRange);
        Assert.Equal(shipped.Coins["BTC"], read.Coins["BTC"]);
        Assert.Equal((0.75, new DateOnly(2026, 2, 15)), (read.MaintenanceFactor, read.Note.Dated));
        Assert.Equal((0.05, 26_000), (read.Currencies["ETH"].Haircut, read.Currencies["USDC"].ExtendedDampenerUsd));
        Assert.False(read.PairsShareDirection);
        string shared = Answer.Replace("\"correlation_set\":false", "\"correlation_set\":true");
        Assert.True(Read(shared).Value.PairsShareDirection);
    }

    [Theory]
    [InlineData("\"price_range\":0.2", "\"price_range\":2", "underlyings.ETH.price_range")]
    [InlineData("\"pnl_offset\":0.6", "\"pnl_offset\":null", "currencies.ETH.pnl_offset")]
    public void A_figure_that_is_none_is_refused_by_name(string from, string to, string key)
    {
        var fault = Assert.Single(Read(Answer.Replace(from, to)).Faults);
        Assert.Equal(("simulate.json", key), (fault.Place, fault.Path));
    }

    [Fact]
    public void The_parts_say_what_is_the_venues_and_what_is_shipped()
    {
        string[] parts = Stated.StatedAnswers.Parts(new DeribitPortfolioMargin(Read(Answer).Value));
        Assert.Equal(["2026-02-15 grid of ETH", "2026-02-15 offsets of ETH", "2026-02-15 offsets of USDC"], parts[..3]);
        Assert.Contains("2026-02-15 grid of BTC", parts);
        Assert.Contains("2026-02-15 moves of the extended table", parts);
        string undated = Answer.Replace("\"timestamp\":1771197609587,", "", StringComparison.Ordinal);
        Assert.Contains("the day of the answers", Assert.Single(Read(undated).Faults).ToString());
    }

    static Markets.Parsed<DeribitPortfolioParameters> Read(string text) =>
        VenueMargins
            .Find("deribit-portfolio-margin")!
            .Read(text, "simulate.json")
            .Select(model => ((DeribitPortfolioMargin)model).Parameters);
}
