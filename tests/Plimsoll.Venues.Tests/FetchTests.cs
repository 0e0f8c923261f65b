using System.Net;
using System.Text;
using Plimsoll.Paper;
using Plimsoll.Paper.Tests;
using Plimsoll.Storage;
using Plimsoll.TestSupport;

namespace Plimsoll.Venues.Tests;

/// <summary>
/// What is fetched from the paper venue is what an import reads, and a key that can do harm gets nowhere.
/// </summary>
public sealed class FetchTests
{
    static readonly VenueKey Reader = VenueKey.Of("reader", "reader-secret");

    [Fact]
    public void Chain_and_account_come_back_through_the_import_even_over_a_bad_line()
    {
        foreach (string plan in (string[])["drop=0%", "drop=10%,429=15%,garbage=15%"])
        {
            var (world, answers) = Fetch(["BTC", "USDC"], Reader, plan);
            using var folder = new TemporaryFolder();
            string into = Path.Combine(folder.Path, "answers");
            AnswersFolder.Write(into, answers.Value.Select(one => (one.Name, one.Text, one.IsPrivate)), "test");
            var read = DeribitAnswers.Read(into).Value;
            Assert.Equal(
                (double)world.Venue.Index("BTC"),
                read.Market!.Underlyings.Single(u => u.Underlying == "BTC").IndexUsd
            );
            var pool = Assert.Single(read.Account!.Subaccounts);
            var held = Assert.Single(pool.Positions);
            decimal bought = world.Client.SizeOf(world.Venue.Listed[SmallVenue.Perpetual]) / 10;
            Assert.Equal((SmallVenue.Perpetual, bought), (held.Instrument, held.Contracts));
            Assert.True(bought > 0);
            Assert.Equal(50, Assert.Single(pool.OpenOrders).Contracts);
            Assert.Equal(
                world.Client.CashOf(SmallVenue.Btc),
                pool.Balances.Single(cash => cash.Currency == SmallVenue.Btc).Amount,
                3
            );
            // A later fetch takes the place of this one; anything else in the way is a fault.
            Assert.Null(AnswersFolder.Problem(into, "--into"));
            AnswersFolder.Write(into, [("only.json", "{}", true)], "test");
            Assert.Equal(["fetched.txt", "only.json"], Directory.GetFiles(into).Select(Path.GetFileName).Order());
            Assert.Equal([into], Directory.GetFileSystemEntries(folder.Path));
            Assert.NotNull(AnswersFolder.Problem(folder.Path, "--into"));
        }
    }

    [Fact]
    public void A_key_that_may_trade_is_refused_before_anything_is_asked_with_it()
    {
        var (world, answers) = Fetch(["BTC"], PaperWorld.Key, "drop=0%");
        var fault = Assert.Single(answers.Faults);
        Assert.Equal(("--key", "trade:read_write"), (fault.Place, fault.Found));
        Assert.DoesNotContain("paper-secret", fault.ToString(), StringComparison.Ordinal);
        Assert.Equal(["public/get_time", "public/auth"], world.Asked);
    }

    [Fact]
    public void A_wrong_key_is_a_fault_in_the_venues_words()
    {
        var wrong = Fetch(["BTC"], VenueKey.Of("reader", "wrong-secret"), "drop=0%").Answers;
        Assert.Contains("invalid_credentials", Assert.Single(wrong.Faults).Expected, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-secret", wrong.Faults[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_venue_that_never_answers_is_given_up()
    {
        var failed = Assert.Throws<VenueException>(() => Fetch(["BTC"], null, "drop=100%"));
        Assert.StartsWith("127.0.0.1: public/get_instruments: ", failed.Message, StringComparison.Ordinal);
    }

    static (HttpWorld World, Markets.Parsed<IReadOnlyList<SavedAnswer>> Answers) Fetch(
        string[] currencies,
        VenueKey? key,
        string plan
    )
    {
        var time = new VirtualTime();
        HttpWorld? world = null;
        Markets.Parsed<IReadOnlyList<SavedAnswer>>? answers = null;
        time.Run(
            async () =>
            {
                world = new HttpWorld(time, FaultPlan.Parse(plan, "test", 4).Value);
                using var http = new HttpClient(world);
                var fetch = new DeribitFetch(PaperWorld.Settings, http, time);
                answers = await fetch.ReadAsync(currencies, key, CancellationToken.None);
            },
            TimeSpan.FromMinutes(10)
        );
        return (world!, answers!);
    }

    /// <summary>The paper venue's HTTP without a socket.</summary>
    sealed class HttpWorld : HttpMessageHandler
    {
        readonly PaperWorld paper;
        readonly FaultPlan faults;

        public HttpWorld(VirtualTime time, FaultPlan faults)
        {
            this.faults = faults;
            paper = new PaperWorld(time);
            Assert.Equal(VenueError.None, Buy(1000, null).Error);
            Assert.Equal(VenueError.None, Buy(500, 60_000).Error);
        }

        public List<string> Asked { get; } = [];

        public Venue Venue => paper.Venue;

        public PaperAccount Client => paper.Client;

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancel
        )
        {
            var fault = faults.OfRequest();
            if (fault?.Kind == FaultKind.TooManyRequests)
                return Answer(429, Gateway.Refusal(VenueError.TooManyRequests, paper.NowUs));
            string target = request.RequestUri!.PathAndQuery;
            Asked.Add(target["/api/v2/".Length..]);
            string body = await request.Content!.ReadAsStringAsync(cancel);
            var answer = paper.Gateway.Http(
                request.Method.Method,
                target,
                request.Headers.Authorization?.ToString(),
                body,
                "127.0.0.1",
                paper.NowUs
            );
            return fault?.Kind switch
            {
                FaultKind.Drop => throw new HttpRequestException("the connection broke"),
                FaultKind.Garbage => Answer(answer.Status, answer.Json[..(answer.Json.Length / 2)]),
                _ => Answer(answer.Status, answer.Json),
            };
        }

        OrderAnswer Buy(decimal amount, decimal? price) =>
            paper.Venue.Place(
                paper.Client,
                new OrderRequest
                {
                    Instrument = SmallVenue.Perpetual,
                    Side = Markets.Side.Buy,
                    Amount = amount,
                    Kind = price is null ? OrderKind.Market : OrderKind.Limit,
                    Price = price,
                }
            );

        static HttpResponseMessage Answer(int status, string text) =>
            new((HttpStatusCode)status) { Content = new StringContent(text, Encoding.UTF8, "application/json") };
    }
}
