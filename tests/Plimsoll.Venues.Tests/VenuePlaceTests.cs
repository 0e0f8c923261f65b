namespace Plimsoll.Venues.Tests;

/// <summary>A venue by its name: where it is, whether money is real there, and what is refused.</summary>
public sealed class VenuePlaceTests
{
    const string Address = "0x5e9ee1089755c3435139848e47e6635505d5a13a";

    [Theory]
    [InlineData("paper", "deribit", false, "http://127.0.0.1:8085/")]
    [InlineData("deribit-test", "deribit", false, "https://test.deribit.com/")]
    [InlineData("deribit", "deribit", true, "https://www.deribit.com/")]
    [InlineData("hyperliquid-test", "hyperliquid", false, "https://api.hyperliquid-testnet.xyz/")]
    [InlineData("hyperliquid", "hyperliquid", true, "https://api.hyperliquid.xyz/")]
    [InlineData("okx-demo", "okx", false, "https://www.okx.com/")]
    [InlineData("okx", "okx", true, "https://www.okx.com/")]
    public void Money_is_real_only_under_the_venues_own_name(string name, string venue, bool isReal, string url)
    {
        var place = VenuePlace.Read(name, null).Value;
        Assert.Equal((venue, isReal, url), (place.Venue, place.IsReal, place.Url.AbsoluteUri));
        Assert.NotEmpty(place.UsualInstruments);
        Assert.Contains(name, VenuePlace.Names);
    }

    [Fact]
    public void Every_name_is_tested_here() => Assert.Equal(7, VenuePlace.Names.Count);

    [Theory]
    [InlineData("binance", null, null, "--venue")]
    [InlineData("paper", "http://example.org", null, "--url")]
    [InlineData("paper", "ftp://127.0.0.1", null, "--url")]
    [InlineData("deribit-test", "https://www.deribit.com", null, "--url")]
    [InlineData("hyperliquid-test", "https://api.hyperliquid.xyz", null, "--url")]
    [InlineData("okx-demo", "http://www.okx.com", null, "--url")]
    [InlineData("okx", "https://example.org", null, "--url")]
    [InlineData("okx", null, Address, "--address")]
    [InlineData("hyperliquid", null, "0x12", "--address")]
    public void What_cannot_be_meant_is_refused(string name, string? url, string? address, string option) =>
        Assert.Equal(option, Assert.Single(VenuePlace.Read(name, url, address).Faults).Place);

    [Fact]
    public void A_wallet_is_needed_only_to_sign()
    {
        var place = VenuePlace.Read("hyperliquid-test", null, Address).Value;
        Assert.Equal(Address, place.Access(null, _ => null, sendsOrders: false).Value.Account);
        Assert.Equal(
            "PLIMSOLL_HYPERLIQUID_KEY",
            Assert.Single(place.Access(null, _ => null, sendsOrders: true).Faults).Path
        );
        var unnamed = VenuePlace.Read("hyperliquid-test", null).Value;
        Assert.Equal("--address", Assert.Single(unnamed.Access(null, _ => null, sendsOrders: false).Faults).Place);
        Assert.Equal(
            Address,
            unnamed.Access(null, _ => Address.ToUpperInvariant().Replace('X', 'x'), false).Value.Account
        );
    }

    [Fact]
    public void A_key_with_a_passphrase_has_three_parts()
    {
        var place = VenuePlace.Read("okx-demo", null).Value;
        Assert.Equal(3, place.Access(null, _ => null, sendsOrders: false).Faults.Length);
        var access = place.Access(null, name => $"of {name}", sendsOrders: true).Value;
        Assert.Equal("of PLIMSOLL_OKX_CLIENT_ID", access.Account);
        Assert.DoesNotContain("SECRET", $"{access}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_made_is_a_client_of_the_venue()
    {
        foreach (string name in VenuePlace.Names)
        {
            var place = VenuePlace.Read(name, null, name.StartsWith("hyper") ? Address : null).Value;
            var access = place.Access(null, _ => "x", sendsOrders: false).Value;
            await using var client = access.Connect(false, TimeProvider.System);
            Assert.StartsWith(place.Venue, client.GetType().Name.ToLowerInvariant(), StringComparison.Ordinal);
        }
    }
}
