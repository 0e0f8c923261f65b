using Plimsoll.Markets;
using Plimsoll.TestSupport;
using static Plimsoll.Paper.Tests.SmallVenue;

namespace Plimsoll.Paper.Tests;

/// <summary>Daily settlement, funding, expiry and delivery.</summary>
public sealed class SettlementTests
{
    readonly SmallVenue small = new();
    readonly PaperAccount longs;
    readonly PaperAccount shorts;

    public SettlementTests() => (longs, shorts) = (small.Client("long", 50), small.Client("short", 50));

    [Fact]
    public void The_session_moves_to_the_balance_at_eight_and_orders_wait_for_the_pause_to_end()
    {
        Trade(Perpetual, 100_000, 65_000m);
        small.Observe(65_650m, 2_000m, 120_000);
        var before = small.Venue.Wallet(longs, Btc);
        Assert.Equal(
            decimal.Round(100_000m / 65_000m - 100_000m / small[Perpetual].Mark, 10),
            decimal.Round(before.FuturesUnrealized, 10)
        );
        long boundary = Venue.NextSettlement(small.Venue.NowMs);
        small.Wait(boundary - small.Venue.NowMs + 1000);
        Assert.Equal(VenueError.SettlementInProgress, small.Buy(longs, Perpetual, 10, 65_000m).Error);
        var after = small.Venue.Wallet(longs, Btc);
        Assert.Equal(before.Balance + before.FuturesUnrealized, after.Balance - Paid(), 9);
        Assert.InRange(after.FuturesUnrealized, -0.000000000001m, 0.000000000001m);
        Assert.Equal(65_650m, small[Perpetual].SettlementPrice);
        Assert.Equal(65_000m, longs.Position(small[Perpetual]).AveragePrice, 6);
        small.Wait(5_000);
        Assert.Equal(VenueError.None, small.Buy(longs, Perpetual, 10, 65_000m).Error);
        Assert.Equal(0, small.Venue.Imbalance(Btc));

        decimal Paid() => longs.Ledger.Single(row => row.Type == "settlement").Change - before.FuturesUnrealized;
    }

    [Fact]
    public void Longs_pay_shorts_when_the_perpetual_stands_over_its_index()
    {
        Trade(Perpetual, 650_000, 65_000m);
        var book = small[Perpetual];
        // A premium of 0.125% is funding of 0.1% for 8 hours past the dead band of 0.025%.
        small.Venue.Observe(
            small.Venue.NowMs + 60_000,
            new Dictionary<string, decimal>(),
            [new FairPrice(book, 65_081.25m, 65_081.25m, 0)]
        );
        Assert.Equal(65_081.25m, book.Mark);
        Assert.Equal(0.001m, book.FundingRate8h, 8);
        decimal before = small.Venue.Wallet(longs, Btc).FuturesRealized;
        small.Wait(2 * 3_600_000);
        decimal paid = before - small.Venue.Wallet(longs, Btc).FuturesRealized;
        Assert.Equal(650_000m / 65_081.25m * 0.001m / 4, paid, 8);
        Assert.Equal(paid, small.Venue.Wallet(shorts, Btc).FuturesRealized);
        Assert.Equal(0.00025m, book.Funding.Sum(small.Venue.NowMs - 7_200_000, small.Venue.NowMs), 6);
        Assert.Equal(0, small.Venue.Imbalance(Btc));
    }

    [Fact]
    public void An_option_in_the_money_is_delivered_through_its_future_in_two_entries()
    {
        Trade(Call, 2, 0.1m);
        Trade(Put, 1, 0.1m);
        ToExpiry(66_000m, 67_000m);
        // Half of the last thirty minutes at 66,000 and half at 67,000.
        Assert.Equal(66_500m, small[Call].DeliveryPrice);
        var entries = longs.Ledger.Where(row => row.Type == "delivery").ToList();
        Assert.Equal([Call, Put, Future], entries.Select(row => row.Instrument));
        decimal payoff = 2 * (66_500m - 60_000m) / 66_500m + (70_000m - 66_500m) / 66_500m;
        Assert.Equal(payoff, entries[^1].Change, 9);
        Assert.Equal(2 * 0.00015m, entries[0].Commission);
        Assert.Equal(0, entries[^1].Commission);
        Assert.Equal(BookState.Closed, small[Call].State);
        Assert.Empty(longs.Positions);
        Assert.Equal(VenueError.BookClosed, small.Buy(longs, Call, 1, 0.1m).Error);
        Assert.InRange(small.Venue.Imbalance(Btc), 0, 0);
    }

    [Fact]
    public void Deliveries_net_with_the_accounts_own_future_and_linear_ones_pay_dollars()
    {
        Trade(Call, 2, 0.1m);
        Trade(LinearCall, 3, 40m);
        // Two calls of 60,000 against a short future of 120,000 USD: the price no longer matters.
        small.Buy(shorts, Future, 120_000, 65_000m);
        small.Sell(longs, Future, 120_000, 65_000m);
        ToExpiry(80_000m, 80_000m);
        var future = Assert.Single(longs.Ledger, row => row.Type == "delivery" && row.Instrument == Future);
        Assert.Equal(2 - 120_000m / 65_000m, future.Change, 8);
        var dollars = Assert.Single(
            longs.Ledger,
            row => row.Type == "delivery" && row.Instrument == "ETH_USDC-27MAR26"
        );
        Assert.Equal(3 * 100m, dollars.Change, 6);
        Assert.Equal(0, small.Venue.Imbalance(Btc));
        Assert.Equal(0, small.Venue.Imbalance(Currency.Usdc));
    }

    [Fact]
    public void An_option_out_of_the_money_dies_without_a_fee()
    {
        Trade(Call, 2, 0.1m);
        ToExpiry(59_000m, 59_000m);
        var entry = Assert.Single(longs.Ledger, row => row.Type == "delivery");
        Assert.Equal((Call, 0m, 0m), (entry.Instrument, entry.Change, entry.Commission));
        Assert.Equal(50 - 0.2m - 2 * 0.0003m, longs.CashOf(Btc));
        Assert.Equal(50 + 0.2m - 2 * 0.0003m, shorts.CashOf(Btc));
    }

    [Fact]
    public void The_ledger_sums_to_the_balance()
    {
        Trade(Perpetual, 100_000, 65_000m);
        Trade(Call, 1, 0.1m);
        ToExpiry(61_000m, 64_000m);
        foreach (var account in small.Venue.Accounts)
        foreach (var (currency, balance) in account.Cash)
            Assert.Equal(balance, account.Ledger.Where(row => row.Currency == currency).Sum(row => row.Change));
    }

    void Trade(string name, decimal amount, decimal price)
    {
        Assert.Equal(VenueError.None, small.Sell(shorts, name, amount, price).Error);
        Assert.Equal(OrderState.Filled, small.Buy(longs, name, amount, price).Order!.State);
    }

    void ToExpiry(decimal firstHalf, decimal secondHalf)
    {
        long expiry = small[Call].ExpiryMs!.Value;
        small.Observe(firstHalf, 2_100m, expiry - 1_800_000 - small.Venue.NowMs);
        small.Observe(secondHalf, 2_100m, 900_000);
        small.Wait(900_000);
    }

    /// <summary>Golden row average-entry-inverse: dollars bought at each price weigh by the coin that they stand for.</summary>
    [Fact]
    public void Average_entry_of_an_inverse_position_is_the_harmonic_mean()
    {
        var rows = Golden.Cases("pricing/settlement-and-futures.json");
        Assert.SkipUnless(rows is not null, Golden.Absent);
        var row = rows!.Single(each => (string)each["name"]! == "average-entry-inverse");
        var instrument = small[Perpetual].Instrument;
        decimal size = 0,
            cost = 0;
        foreach (var fill in row["inputs"]!["fills"]!.AsArray())
        {
            decimal dollars = (decimal)Golden.Number(fill!["usd"]);
            size += dollars;
            cost += Payoff.Value(instrument, dollars, (decimal)Golden.Number(fill["price_usd"]));
        }
        double entry = (double)Payoff.AveragePrice(instrument, size, cost);
        double expected = Golden.Number(row["expected"]!["average_entry_usd"]);
        Assert.Equal(expected, entry, 1e-11 * expected);
    }
}
