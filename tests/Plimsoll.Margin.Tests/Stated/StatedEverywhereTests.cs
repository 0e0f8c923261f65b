using Plimsoll.Markets;

namespace Plimsoll.Margin.Tests.Stated;

/// <summary>Figures that a subaccount names are those of every rule that margins it.</summary>
public sealed class StatedEverywhereTests
{
    static readonly MarginPrice Price = new(60_000, 60_000);

    [Fact]
    public void Rates_of_the_sizing_are_of_the_file()
    {
        var contract = Samples.Perpetual("ATOM", PayoffShape.Linear, 1) with { Venue = "hyperliquid" };
        var account = Account(
            "hyperliquid",
            MarginMode.CrossStandard,
            StatedAnswers.Dated(HyperliquidStatedTests.Meta)
        );
        Assert.Null(new VenueRates([contract], 1_000).Rate(contract, Price));
        var rates = new VenueRates([contract], 1_000, account);
        Assert.Equal(60_000.0 / 5, rates.Rate(contract, Price)!.Value.InitialLong, 1e-9);
        Assert.StartsWith("Hyperliquid margin tiers, stated by the venue on 2026-11-27", rates.Note);
    }

    [Fact]
    public void Deribits_standard_rule_is_of_the_file_for_whatever_it_rates()
    {
        string text = VenueParameters
            .Shipped("venues/deribit/standard-margin.json")
            .Replace("\"initial_base\": 0.02", "\"initial_base\": 0.08", StringComparison.Ordinal);
        var account = Account("deribit", MarginMode.CrossStandard, text);
        var contract = Samples.Perpetual("BTC", PayoffShape.Linear, 1);
        double shipped = DeribitStandardMargin.Shipped.Rate(contract, Price)!.Value.InitialLong;
        Assert.Equal(4 * shipped, VenueRates.Deribit(account).Rate(contract, Price)!.Value.InitialLong, 1e-9);
        Assert.Equal(
            4 * shipped,
            new VenueRates([contract], 1, account).Rate(contract, Price)!.Value.InitialLong,
            1e-9
        );
        Assert.Equal(shipped, VenueRates.Deribit(null).Rate(contract, Price)!.Value.InitialLong);
    }

    [Fact]
    public void Portfolio_margin_is_of_the_file_and_leaves_the_standard_rule_as_shipped()
    {
        string text = VenueParameters
            .Shipped(DeribitPortfolioParameters.Resource)
            .Replace("\"mm_factor\": 0.8", "\"mm_factor\": 0.75", StringComparison.Ordinal);
        var account = Account("deribit", MarginMode.CrossPortfolio, text);
        var rule = Assert.IsType<DeribitPortfolioMargin>(PortfolioRule.ModelOf(account.Subaccounts[0]));
        Assert.Equal(0.75, rule.Parameters.MaintenanceFactor);
        Assert.Same(VenueMargins.StandardOf("deribit", null), VenueMargins.StandardOf("deribit", account));
    }

    static Account Account(string venue, MarginMode mode, string text) =>
        new()
        {
            Subaccounts =
            [
                new Subaccount
                {
                    Name = "main",
                    Venue = venue,
                    MarginMode = mode,
                    Balances = [new Balance(Currency.Usdc, 1_000)],
                    MarginParameters = new MarginFile("figures.json", text),
                },
            ],
        };
}
