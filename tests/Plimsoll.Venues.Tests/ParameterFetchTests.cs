using System.Text.Json.Nodes;
using Plimsoll.Margin;
using Plimsoll.Markets;

namespace Plimsoll.Venues.Tests;

/// <summary>What is fetched is a file that the model reads; what a venue does not state is said.</summary>
public sealed class ParameterFetchTests
{
    const string Meta = """
        {"universe":[{"szDecimals":5,"name":"BTC","maxLeverage":40,"marginTableId":56}],
         "marginTables":[[56,{"description":"tiered 40x","marginTiers":[{"lowerBound":"0.0","maxLeverage":40},
           {"lowerBound":"150000000.0","maxLeverage":20}]}]],"collateralToken":0}
        """;

    [Fact]
    public async Task A_loopback_venue_is_asked_and_the_file_says_who_answered_and_when()
    {
        var asked = new List<HttpCall>();
        await using var host = new LoopbackHost(
            call =>
            {
                asked.Add(call);
                return asked.Count == 1 ? new HttpReply(429, "slow down") : new HttpReply(200, Meta);
            },
            _ => throw new InvalidOperationException("no sockets here")
        );
        var fetch = new ParameterFetch(ParameterVenue.Find("hyperliquid-margin")!, host.Address);
        var fetched = (await fetch.ReadAsync([], CancellationToken.None)).Value;
        Assert.Equal(
            [("POST", "/info", """{"type":"meta"}""")],
            asked.Select(call => (call.Method.Method, call.Address.AbsolutePath, call.Body!)).Distinct()
        );
        Assert.Equal(2, asked.Count);
        var file = JsonNode.Parse(fetched.Text)!;
        Assert.Equal($"{host.Address}info#meta", (string)file["parts"]![0]!["source"]!);
        Assert.Equal((string)file["dated"]!, (string)file["parts"]![0]!["dated"]!);
        var model = VenueMargins.Find("hyperliquid-margin")!.Read(fetched.Text, "saved.json").Value;
        Assert.Equal(fetched.Note.Text, model.Note.Text);
        Assert.Equal("BTC", (string)file["tables"]![0]!["coins"]![0]!);
    }

    [Fact]
    public void The_day_is_that_of_the_clock()
    {
        var fetched = Fetch("hyperliquid-margin", [], _ => Meta).Value;
        Assert.Equal(DateOnly.FromDateTime(new VirtualTime().GetUtcNow().UtcDateTime), fetched.Note.Dated);
    }

    [Fact]
    public void An_answer_that_is_not_understood_is_a_fault_of_the_venue_and_a_refusal_is_in_its_words()
    {
        Assert.Equal("127.0.0.1", Assert.Single(Fetch("hyperliquid-margin", [], _ => "{}").Faults).Place);
        var refused = Assert.Throws<VenueException>(() =>
            Fetch("hyperliquid-margin", [], _ => """{"retCode":10001,"retMsg":"params error"}""")
        );
        Assert.Equal("127.0.0.1: /info: 10001 params error", refused.Message);
        var silent = Assert.Throws<VenueException>(() => Fetch("hyperliquid-margin", [], _ => "<html>"));
        Assert.Equal("127.0.0.1: /info: an answer that is no JSON", silent.Message);
    }

    [Fact]
    public void Every_model_that_can_be_asked_is_one_and_reads_its_venues_words()
    {
        foreach (var venue in ParameterVenue.All)
        {
            var entry = VenueMargins.Find(venue.Model)!;
            Assert.NotNull(entry.Stated);
            Assert.Equal("https", venue.Live.Scheme);
            Assert.True(venue.Once.Length > 0 || venue.OfCoin?.Invoke("BTC").Length > 0, venue.Model);
        }
    }

    [Fact]
    public void The_venue_itself_is_asked_only_where_the_person_says_so()
    {
        var venue = ParameterVenue.Find("hyperliquid-margin")!;
        Assert.Null(venue.Problem(venue.Live, isLive: true));
        Assert.Null(venue.Problem(venue.TestNet!, isLive: false));
        Assert.Null(venue.Problem(new Uri("http://127.0.0.1:1"), isLive: false));
        Assert.Contains("--live", venue.Problem(venue.Live, isLive: false), StringComparison.Ordinal);
        Assert.Contains("https", venue.Problem(new Uri("http://example.org"), isLive: true), StringComparison.Ordinal);
    }

    /// <summary>A fetch in virtual time from a venue that answers by path.</summary>
    internal static Parsed<FetchedParameters> Fetch(string model, string[] coins, Func<string, string> answer)
    {
        var time = new VirtualTime();
        Parsed<FetchedParameters>? fetched = null;
        time.Run(
            async () =>
                fetched = await new ParameterFetch(
                    ParameterVenue.Find(model)!,
                    new Uri("http://127.0.0.1:1"),
                    (call, _) => Task.FromResult(new HttpReply(200, answer(call.Address.PathAndQuery))),
                    time
                ).ReadAsync(coins, CancellationToken.None),
            TimeSpan.FromMinutes(5)
        );
        return fetched!;
    }
}
