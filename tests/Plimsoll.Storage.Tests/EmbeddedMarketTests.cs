using Plimsoll.Markets;
using Plimsoll.Pricing;

namespace Plimsoll.Storage.Tests;

public class EmbeddedMarketTests
{
    [Fact]
    public void Snapshot_has_both_settlements_perpetuals_dated_futures_and_spot()
    {
        var market = EmbeddedMarket.Snapshot();
        Assert.Equal(["BTC", "ETH"], market.Underlyings.Select(coin => coin.Underlying));
        foreach (string coin in new[] { "BTC", "ETH" })
        {
            var own = market.Quotes.Where(quote => quote.Instrument.Underlying == coin).ToList();
            Assert.Contains(own, q => q.Instrument is OptionInstrument { Shape: PayoffShape.Inverse });
            Assert.Contains(own, q => q.Instrument is OptionInstrument { Shape: PayoffShape.Linear });
            Assert.Contains(own, q => q.Instrument is PerpetualInstrument { Shape: PayoffShape.Inverse });
            Assert.Contains(own, q => q.Instrument is PerpetualInstrument { Shape: PayoffShape.Linear });
            Assert.Contains(own, q => q.Instrument is FutureInstrument);
            Assert.Contains(own, q => q.Instrument is SpotInstrument);
        }
        Assert.All(market.Repairs, repair => Assert.Equal("one-sided-quote", repair.Kind));
        Assert.Contains("2026-03-04", market.Source);
    }

    [Fact]
    public void Snapshot_quotes_stand_on_ticks_around_their_marks()
    {
        foreach (var quote in EmbeddedMarket.Snapshot().Quotes)
        {
            var ticks = quote.Instrument.Ticks;
            Assert.Equal(quote.Ask, ticks.RoundUp(quote.Ask!.Value));
            if (quote.Bid is { } bid)
            {
                Assert.Equal(bid, ticks.RoundDown(bid));
                Assert.InRange(quote.Mark!.Value, bid, quote.Ask.Value);
            }
            Assert.True(quote.DailyVolumeContracts >= 0 && quote.BidDepthContracts is null or >= 0);
        }
    }

    [Theory]
    [InlineData("BTC")]
    [InlineData("ETH")]
    public void Surface_of_the_snapshot_is_free_of_arbitrage_and_meets_every_liquid_quote(string coin)
    {
        var fit = SurfaceFit.Fit(EmbeddedMarket.Snapshot(), coin);
        Assert.NotNull(fit.Surface);
        Assert.Empty(fit.Notes);
        Assert.True(fit.Surface.Fit.MinimumDensity >= 0);
        Assert.True(fit.Surface.Fit.MinimumCalendarStep >= 0);
        Assert.True(fit.Surface.Fit.InsideShare >= 0.98);
        Assert.True(fit.Surface.Fit.LiquidQuotes > 150);
    }

    [Fact]
    public void Account_and_mandate_are_good_files_on_instruments_of_the_market()
    {
        var market = EmbeddedMarket.Snapshot();
        var account = EmbeddedMarket.Account();
        var names = market.Quotes.Select(quote => quote.Instrument.Name).ToHashSet();
        var positions = account.Subaccounts.SelectMany(sub => sub.Positions).ToList();
        Assert.All(positions, position => Assert.Contains(position.Instrument, names));
        Assert.Contains(positions, position => position.Contracts < 0 && position.Instrument.EndsWith("-C"));
        Assert.Single(EmbeddedMarket.Mandate().Views);
    }

    [Theory]
    [InlineData("account.toml")]
    [InlineData("mandate.toml")]
    public void Examples_are_the_embedded_files(string name) =>
        Assert.Equal(
            File.ReadAllText(Path.Combine(TestSupport.Repository.Root, "data", "embedded", name)),
            File.ReadAllText(Path.Combine(TestSupport.Repository.Root, "examples", name))
        );

    [Fact]
    public void Example_positions_are_good() =>
        Assert.Equal(
            3,
            PositionsCsv
                .Read(Path.Combine(TestSupport.Repository.Root, "examples", "positions.csv"))
                .Value.Positions.Length
        );

    /// <summary>The recorded chain that the description was fitted to, where it is at hand.</summary>
    [Fact]
    public void Marks_lie_between_the_recorded_bids_and_asks()
    {
        string? path = TestSupport.Repository.Shared("market/chains/deribit-20260304T093315Z.csv.gz");
        Assert.SkipUnless(path is not null, TestSupport.Golden.Absent);
        var recorded = RecordedChainFile.Read(path!).Value.Quotes.ToDictionary(quote => quote.Instrument.Name);
        int compared = 0,
            inside = 0;
        foreach (var quote in EmbeddedMarket.Snapshot().Quotes)
            if (
                quote.Instrument is OptionInstrument { Shape: PayoffShape.Inverse }
                && recorded.TryGetValue(quote.Instrument.Name, out var real)
                && real is { Bid: { } bid, Ask: { } ask, Mark: > 0.001m and < 0.3m }
            )
            {
                compared++;
                inside += quote.Mark >= bid && quote.Mark <= ask ? 1 : 0;
            }
        Assert.True(compared > 300);
        // 333 of 341: the recording read its rows over some seconds, so a few stand on another forward than the rest.
        Assert.True(inside >= 0.97 * compared, $"{inside} of {compared}");
    }
}
