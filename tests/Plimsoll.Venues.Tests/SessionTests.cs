using Plimsoll.Controls;
using Plimsoll.Engine;
using Plimsoll.Paper;
using Plimsoll.Paper.Tests;

namespace Plimsoll.Venues.Tests;

/// <summary>What a session tells, and how it comes back.</summary>
public sealed class SessionTests
{
    [Fact]
    public void A_session_tells_market_account_and_clock_in_contracts_and_dollars()
    {
        var follower = Follower.Run(
            async follower =>
            {
                await follower.UpAsync();
                await follower.WaitAsync(5);
                follower.World.IsFrozen = true;
                await follower.WaitAsync(5);
            },
            world => world.Lead = TimeSpan.FromMilliseconds(120)
        );
        var ticker = follower.Of<TickerSeen>().Last(seen => seen.Instrument == SmallVenue.Perpetual);
        var book = follower.World.Venue.Listed[SmallVenue.Perpetual];
        Assert.Equal(book.Mark, ticker.Mark);
        Assert.Equal(book.IndexUsd, ticker.IndexUsd);
        Assert.Equal(new TopOfBook(book.Book.BestBid!.Price, book.Book.BestAsk!.Price), ticker.Top);
        Assert.Equal(book.Book.BestBid.Amount / 10, ticker.BidContracts);
        Assert.Null(ticker.MarkVolatility);
        var option = follower.Of<TickerSeen>().Last(seen => seen.Instrument == SmallVenue.Call);
        Assert.Equal(0.5m, option.MarkVolatility);
        Assert.Equal(new TopOfBook(null, null), option.Top);
        var account = follower.Last<AccountSeen>()!;
        Assert.Equal(100_000 + 10 * book.IndexUsd, account.EquityUsd);
        Assert.Equal((0m, 0m), (account.InitialMarginUsd, account.MaintenanceMarginUsd));
        Assert.InRange(follower.Last<ClockOffsetSeen>()!.Offset.TotalMilliseconds, 115, 125);
        Assert.Equal(typeof(ClockOffsetSeen), follower.Events[0].GetType());
    }

    /// <summary>
    /// A lost change is found by its ids: no price until a snapshot has come, then the venue's own book.
    /// </summary>
    [Fact]
    public void A_gap_in_a_book_takes_its_price_away_until_a_snapshot_has_come()
    {
        var follower = Follower.Run(async follower =>
        {
            await follower.UpAsync();
            await follower.WaitAsync(3);
            follower.World.Faults = Faults("gap=20%");
            await follower.WaitAsync(30);
            Assert.True(follower.World.Faults.Count(FaultKind.Gap) > 5);
            follower.World.Faults = FaultPlan.None;
            await follower.WaitAsync(10);
        });
        Assert.Equal(1, follower.World.Connections);
        var perpetual = follower.Of<TickerSeen>().Where(seen => seen.Instrument == SmallVenue.Perpetual).ToList();
        Assert.Contains(
            perpetual.SkipWhile(seen => seen.Top.Bid is null),
            seen => seen.Top == new TopOfBook(null, null)
        );
        var book = follower.World.Venue.Listed[SmallVenue.Perpetual].Book;
        Assert.Equal(new TopOfBook(book.BestBid!.Price, book.BestAsk!.Price), perpetual[^1].Top);
        // Never a price that crosses: a book with a hole in it would show one sooner or later.
        Assert.DoesNotContain(perpetual, seen => seen.Top.Bid >= seen.Top.Ask);
    }

    [Fact]
    public void It_connects_again_with_growing_pauses_and_says_when_it_is_up_and_down()
    {
        var follower = Follower.Run(async follower =>
        {
            await follower.UpAsync();
            follower.World.IsReachable = false;
            follower.World.Faults = Faults("disconnect=100%");
            await follower.UntilAsync(() => !follower.IsUp, "down");
            await follower.WaitAsync(20);
            follower.World.IsReachable = true;
            follower.World.Faults = FaultPlan.None;
            await follower.UpAsync();
        });
        Assert.Equal(
            [
                typeof(SessionUp),
                typeof(SessionDown), // lost
                typeof(SessionDown), // refused, once for all tries that fail alike
                typeof(SessionUp),
                typeof(SessionDown),
            ],
            follower.Events.Where(e => e is SessionUp or SessionDown).Select(e => e.GetType())
        );
    }

    [Fact]
    public void What_a_listener_throws_ends_the_run_and_is_not_taken_for_a_bad_line()
    {
        var thrown = Assert.Throws<ArithmeticException>(() =>
            Follower.Run(async follower =>
            {
                follower.Told = happened =>
                {
                    if (happened is TickerSeen)
                        throw new ArithmeticException("a fault of the listener");
                };
                await follower.WaitAsync(60);
            })
        );
        Assert.Equal("a fault of the listener", thrown.Message);
    }

    [Fact]
    public void A_line_on_which_nothing_comes_is_given_up()
    {
        var follower = Follower.Run(async follower =>
        {
            await follower.UpAsync();
            follower.World.Faults = Faults("drop=100%");
            await follower.UntilAsync(() => !follower.IsUp, "down", 30);
            follower.World.Faults = FaultPlan.None;
            await follower.UpAsync();
        });
        Assert.NotNull(follower.Last<SessionDown>());
    }

    /// <summary>
    /// The venue closes a line whose test requests are not answered: here it stays, past the life of its token.
    /// </summary>
    [Fact]
    public void Heartbeats_are_answered_and_the_login_is_renewed()
    {
        var follower = Follower.Run(
            async follower =>
            {
                await follower.UpAsync();
                await follower.WaitAsync(1000);
            },
            world => world.Beat = TimeSpan.FromMilliseconds(200),
            settings: PaperWorld.Settings with
            {
                AccountInterval = TimeSpan.FromMinutes(5),
                FollowBooks = false,
            },
            minutes: 45
        );
        Assert.Equal(1, follower.World.Connections);
        Assert.Equal(["closed here"], follower.Of<SessionDown>().Select(down => down.Reason));
    }

    [Fact]
    public void A_key_that_will_not_do_ends_the_run_by_name_and_never_shows_its_secret()
    {
        var wrong = Assert.Throws<VenueKeyRefused>(() =>
            Follower.Run(f => f.UpAsync(), key: VenueKey.Of("paper", "not-the-secret"))
        );
        Assert.DoesNotContain("not-the-secret", wrong.ToString(), StringComparison.Ordinal);
        var reader = VenueKey.Of("reader", "reader-secret");
        var refused = Assert.Throws<VenueKeyRefused>(() => Follower.Run(f => f.UpAsync(), key: reader));
        Assert.Contains("trade:read_write", refused.Message, StringComparison.Ordinal);
        Follower.Run(f => f.UpAsync(), settings: PaperWorld.Settings with { Trades = false }, key: reader);
    }

    [Theory]
    [InlineData("https://www.deribit.com", false)]
    [InlineData("https://deribit.com", false)]
    [InlineData("http://test.deribit.com", true)]
    [InlineData("http://10.0.0.1", true)]
    public void The_live_venue_needs_leave_and_nothing_but_loopback_goes_in_the_clear(string url, bool isLive)
    {
        var settings = new DeribitSettings { Url = new Uri(url), IsLive = isLive };
        Assert.Throws<VenueException>(() => new DeribitClient(settings, null));
        if (!isLive)
            Assert.Null((settings with { IsLive = true }).Problem);
        Assert.Null(new DeribitSettings().Problem);
        Assert.Equal("wss://test.deribit.com/ws/api/v2", new DeribitSettings().Socket.AbsoluteUri);
    }

    internal static FaultPlan Faults(string text, ulong seed = 1) => FaultPlan.Parse(text, "test", seed).Value;
}
