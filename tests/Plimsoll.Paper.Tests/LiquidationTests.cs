using Plimsoll.Markets;
using static Plimsoll.Paper.Tests.SmallVenue;

namespace Plimsoll.Paper.Tests;

/// <summary>Liquidation, insurance fund, auto-deleveraging.</summary>
public sealed class LiquidationTests
{
    readonly SmallVenue small = new();

    [Fact]
    public void A_wallet_at_its_maintenance_margin_loses_control_and_is_sold_in_rounds()
    {
        var house = small.House();
        var victim = small.Client("victim", 1);
        Show(house, 65_000m);
        Assert.Equal(OrderState.Filled, small.Buy(victim, Perpetual, 1_900_000).Order!.State);
        small.Buy(victim, Perpetual, 10, 64_100m);
        small.Venue.Drain();
        Crash(house, 63_500m);
        Assert.Contains(small.Venue.Drain(), e => e is LockChanged { IsLocked: true });
        Assert.Contains(Btc, victim.Locked);
        Assert.Empty(victim.OpenOrders);
        Assert.Equal(VenueError.AccountLocked, small.Sell(victim, Perpetual, 10, 63_500m).Error);
        Assert.InRange(victim.SizeOf(small[Perpetual]), 0, 950_000);
        for (int round = 0; round < 20; round++)
            small.Wait(1000);
        Assert.Empty(victim.Locked);
        Assert.False(small.Venue.Wallet(victim, Btc).IsShort);
        Assert.True(small.Venue.InsuranceFund[Btc] > 0);
        Assert.Contains(victim.Ledger, row => row.Type == "liquidation");
        Assert.Equal(0, small.Venue.Imbalance(Btc));
    }

    [Fact]
    public void The_fund_pays_for_a_gap_and_the_wallet_ends_at_zero()
    {
        small.Venue.Endow(Btc, 100);
        var house = small.House();
        var victim = small.Client("victim", 1);
        Show(house, 65_000m);
        small.Buy(victim, Perpetual, 1_900_000);
        Crash(house, 60_000m);
        for (int round = 0; round < 30; round++)
            small.Wait(1000);
        Assert.Contains(small.Venue.Drain(), e => e is FundPaid);
        Assert.Equal(0, victim.SizeOf(small[Perpetual]));
        Assert.InRange(small.Venue.Wallet(victim, Btc).Equity, 0, 0.000001m);
        Assert.True(small.Venue.InsuranceFund[Btc] < 100);
        Assert.Equal(0, small.Venue.Imbalance(Btc));
    }

    [Fact]
    public void Without_a_fund_the_best_placed_counterparty_is_deleveraged_at_the_bankruptcy_price()
    {
        var house = small.House();
        var victim = small.Client("victim", 1);
        var highLeverage = small.Client("high", 2);
        var lowLeverage = small.Client("low", 100);
        Show(house, 65_000m);
        small.Sell(highLeverage, Perpetual, 1_000_000);
        small.Sell(lowLeverage, Perpetual, 1_000_000);
        small.Buy(victim, Perpetual, 1_900_000);
        Assert.Equal(
            [highLeverage, lowLeverage],
            small.Venue.DeleveragingQueue(small[Perpetual], Side.Sell).Where(a => a.Role == AccountRole.Client)
        );
        small.Venue.Quote(house, small[Perpetual], []);
        small.Observe(60_000m, 2_000m, 60_000);
        var events = small.Venue.Drain().OfType<Deleveraged>().ToList();
        Assert.Equal([highLeverage, lowLeverage], events.Select(e => e.Counterparty));
        Assert.Equal(0, victim.SizeOf(small[Perpetual]));
        Assert.Equal(0, highLeverage.SizeOf(small[Perpetual]));
        Assert.Equal(-100_000, lowLeverage.SizeOf(small[Perpetual]));
        Assert.True(events[0].Price > 60_000, "the counterparty closes at worse than the mark");
        Assert.InRange(small.Venue.Wallet(victim, Btc).Equity, -0.00000001m, 0.00000001m);
        Assert.Equal(0, small.Venue.Imbalance(Btc));
    }

    /// <summary>Deleveraging is a transfer, as the venue has it: ledger and notification on both sides, and no trade.</summary>
    [Fact]
    public void Both_sides_of_a_deleveraging_are_told_on_their_own_channel()
    {
        var house = small.House();
        var victim = small.Client("victim", 1);
        var winner = small.Client("winner", 2);
        ApiKey[] keys = [new("victim", "victim-secret", victim, true), new("winner", "winner-secret", winner, true)];
        var gateway = new Gateway(small.Venue, keys, matchingTier: 0);
        Show(house, 65_000m);
        small.Sell(winner, Perpetual, 1_900_000);
        small.Buy(victim, Perpetual, 1_900_000);
        small.Venue.Drain();
        WireClient Follow(string login)
        {
            var client = new WireClient(gateway, () => small.Venue.NowMs * 1000, login);
            object channels = new
            {
                channels = new[]
                {
                    "user.liquidation",
                    "user.trades.any.any.raw",
                    "user.changes.any.any.raw",
                    $"trades.{Perpetual}.raw",
                },
            };
            Assert.Equal(4, client.Call("private/subscribe", channels).GetArrayLength());
            return client;
        }
        var (lost, won) = (Follow("victim"), Follow("winner"));
        small.Venue.Quote(house, small[Perpetual], []);
        small.Observe(60_000m, 2_000m, 60_000);
        gateway.Dispatch(small.Venue.NowMs * 1000);
        lost.Pump();
        won.Pump();

        var stages = lost.Data("user.liquidation").ToList();
        string?[] states = [.. stages.Select(row => row.GetProperty("state").GetString())];
        Assert.Equal(["liquidation_started", "adl_transfer", "liquidation_completed"], states);
        Assert.True(stages[0].GetProperty("equity").GetDecimal() < 0);
        Assert.Equal("sell", stages[1].GetProperty("direction").GetString());
        var received = Assert.Single(won.Data("user.liquidation"));
        Assert.Equal("adl_transfer_received", received.GetProperty("state").GetString());
        Assert.Equal("buy", received.GetProperty("direction").GetString());
        Assert.Equal(1_900_000, received.GetProperty("amount").GetDecimal());
        Assert.Equal(
            (Perpetual, "btc"),
            (received.GetProperty("instrument_name").GetString(), received.GetProperty("currency").GetString())
        );
        var change = Assert.Single(won.Data($"user.changes.any.any.raw"));
        Assert.Equal(0, change.GetProperty("trades").GetArrayLength());
        Assert.Equal(0, change.GetProperty("positions")[0].GetProperty("size").GetDecimal());
        Assert.Empty(won.Data("user.trades.any.any.raw"));
        Assert.Empty(won.Data($"trades.{Perpetual}.raw"));
        foreach (var (client, role) in ((WireClient, string)[])[(lost, "source"), (won, "destination")])
        {
            var log = client.Call(
                "private/get_transaction_log",
                new
                {
                    currency = "BTC",
                    start_timestamp = 0,
                    end_timestamp = small.Venue.NowMs,
                }
            );
            var row = log.GetProperty("logs")
                .EnumerateArray()
                .Single(entry => entry.GetProperty("type").GetString() == "ADL transfer");
            Assert.Equal(role, row.GetProperty("role").GetString());
            Assert.Equal(1_900_000, row.GetProperty("amount").GetDecimal());
        }
        Assert.Equal(0, small.Venue.Imbalance(Btc));
    }

    [Fact]
    public void A_short_option_and_a_linear_position_are_liquidated_too()
    {
        var house = small.House();
        var victim = small.Client("victim", 0.5m, 300);
        small.Venue.Quote(house, small[Call], [new(Side.Buy, 0.0965m, 50), new(Side.Sell, 0.0975m, 50)]);
        small.Venue.Quote(house, small[Linear], [new(Side.Buy, 1_999m, 500), new(Side.Sell, 2_001m, 500)]);
        Assert.Equal(OrderState.Filled, small.Sell(victim, Call, 2).Order!.State);
        Assert.Equal(OrderState.Filled, small.Buy(victim, Linear, 6).Order!.State);
        small.Observe(90_000m, 1_950m, 60_000);
        small.Venue.Quote(house, small[Call], [new(Side.Sell, 0.3555m, 50)]);
        small.Venue.Quote(house, small[Linear], [new(Side.Buy, 1_940m, 500)]);
        for (int round = 0; round < 30; round++)
            small.Wait(1000);
        foreach (string name in (string[])[Call, Linear])
        {
            var wallet = small.Venue.Wallet(victim, small[name].Currency);
            Assert.False(wallet.IsShort);
            Assert.Contains(victim.Fills, fill => fill.Trade.Listed.Name == name && fill.Order.IsLiquidation);
            Assert.Equal(0, small.Venue.Imbalance(small[name].Currency));
        }
    }

    void Show(PaperAccount house, decimal middle) =>
        small.Venue.Quote(
            house,
            small[Perpetual],
            [new(Side.Buy, middle, 5_000_000), new(Side.Sell, middle + 0.5m, 5_000_000)]
        );

    void Crash(PaperAccount house, decimal to)
    {
        small.Venue.Quote(house, small[Perpetual], [new(Side.Buy, to, 5_000_000), new(Side.Sell, to + 1, 5_000_000)]);
        small.Observe(to, 2_000m, 60_000);
    }
}
