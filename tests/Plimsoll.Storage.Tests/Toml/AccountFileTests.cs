using Plimsoll.Markets;

namespace Plimsoll.Storage.Tests;

public sealed class AccountFileTests
{
    /// <summary>A venue's other model, or the comparison's at any venue; what cannot margin the account is refused.</summary>
    [Theory]
    [InlineData("derive", "cross_pm", "derive-portfolio-margin", null)]
    [InlineData("deribit", "cross_pm", "span-like-margin", null)]
    [InlineData("derive", "segregated_sm", "derive-standard-margin", null)]
    [InlineData("deribit", "segregated_pm", "deribit-portfolio-margin", null)]
    [InlineData("derive", "segregated_pm", "derive-portfolio-margin", "margin-mode \"cross_pm\" beside it")]
    [InlineData("deribit", "cross_sm", "span-like-margin", "margin-mode \"cross_pm\" beside it")]
    [InlineData("derive", "cross_pm", "derive-standard-margin", "a margin-mode of standard margin beside it")]
    [InlineData("derive", "cross_pm", "okx-portfolio-margin", "a model of derive: ")]
    [InlineData("derive", "cross_pm", "pmrm", "one of deribit-standard-margin, ")]
    public void A_margin_model_is_named_by_its_key(string venue, string mode, string model, string? expected)
    {
        var read = AccountFile.Parse(
            $$"""
            [[subaccount]]
            name         = "main"
            venue        = "{{venue}}"
            margin-mode  = "{{mode}}"
            margin-model = "{{model}}"
            balances     = { USDC = 1 }
            """,
            "account.toml"
        );
        if (expected is null)
        {
            Assert.Equal(model, read.Value.Subaccounts[0].MarginModel);
            var again = AccountFile.Parse(AccountText.Write(read.Value), "again").Value;
            Assert.Equal(model, again.Subaccounts[0].MarginModel);
            Assert.Equal(model, Plimsoll.Margin.VenueMargins.Of(again.Subaccounts[0])!.Key);
            return;
        }
        string fault = Assert.Single(read.Faults).ToString();
        Assert.Contains(
            $"account.toml: line 5: subaccount[0].margin-model = \"{model}\"",
            fault,
            StringComparison.Ordinal
        );
        Assert.Contains(expected, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_position_has_its_leverage_and_a_margin_of_its_own_where_the_venue_has_one()
    {
        const string text = """
            [[subaccount]]
            name        = "main"
            venue       = "hyperliquid"
            margin-mode = "cross_sm"
            balances    = { USDC = 1000 }
            [[subaccount.positions]]
            instrument      = "BTC"
            contracts       = 2
            leverage        = 20
            isolated-margin = 500.5
            """;
        var position = AccountFile.Parse(text, "account.toml").Value.Subaccounts[0].Positions[0];
        Assert.Equal((20m, 500.5m), (position.Leverage, position.IsolatedMargin));
        string again = AccountText.Write(AccountFile.Parse(text, "account.toml").Value);
        Assert.Equal(position, AccountFile.Parse(again, "again").Value.Subaccounts[0].Positions[0]);
        foreach (string venue in (string[])["binance", "bybit", "okx"])
            Assert.True(AccountFile.Parse(text.Replace("hyperliquid", venue), "account.toml").Succeeded);
        var other = AccountFile.Parse(text.Replace("hyperliquid", "deribit"), "account.toml");
        Assert.Contains(
            "positions[0].isolated-margin",
            Assert.Single(other.Faults).ToString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Every_key_of_the_format_arrives_exactly()
    {
        var account = AccountFile
            .Parse(
                """
                home-currency   = "USD"
                high-water-mark = 260000.00000001

                [[subaccount]]
                name        = "main"
                venue       = "deribit"
                margin-mode = "cross_sm"
                balances    = { BTC = 1.2, USDC = -50_000.5 }

                [[subaccount.positions]]
                instrument  = "BTC-25DEC26-100000-C"
                contracts   = -10.1
                entry-price = 0.0455

                [[subaccount.positions]]
                instrument = "BTC-PERPETUAL"
                contracts  = 1200

                [[subaccount.open-orders]]
                instrument  = "BTC-PERPETUAL"
                side        = "sell"
                contracts   = 300
                limit-price = 95000
                reduce-only = true

                [[subaccount]]
                name     = "coins"
                balances = { ETH = 3 }
                """,
                "account.toml"
            )
            .Value;
        Assert.Equal(Currency.Usd, account.HomeCurrency);
        Assert.Equal(260000.00000001m, account.HighWaterMark);
        Assert.Equal(["main", "coins"], account.Subaccounts.Select(subaccount => subaccount.Name));
        var main = account.Subaccounts[0];
        Assert.Equal(MarginMode.CrossStandard, main.MarginMode);
        Assert.Equal([new Balance(new("BTC"), 1.2m), new Balance(Currency.Usdc, -50000.5m)], main.Balances);
        Assert.Equal(
            [new Position("BTC-25DEC26-100000-C", -10.1m, 0.0455m), new Position("BTC-PERPETUAL", 1200m, null)],
            main.Positions
        );
        Assert.Equal([new OpenOrder("order-1", "BTC-PERPETUAL", Side.Sell, 300m, 95000m, true)], main.OpenOrders);
        Assert.Equal(MarginMode.SegregatedStandard, account.Subaccounts[1].MarginMode);
        Assert.Equal("deribit", account.Subaccounts[1].Venue);
    }
}
