using System.Text.Json;
using Plimsoll.Controls;
using Plimsoll.Engine;
using Plimsoll.Markets;

namespace Plimsoll.Venues;

/// <summary>Market data of one connection: tickers, and books whose every change is accounted for.</summary>
/// <remarks>
/// With books, best quotes are the book's; while a book is not whole its instrument has no quotes, which the controls
/// take for no price. A broken book is subscribed to anew, for a snapshot.
/// </remarks>
sealed class DeribitFeed(
    DeribitContracts contracts,
    IReadOnlyList<string> instruments,
    bool followBooks,
    Action<EngineEvent> learned
)
{
    static readonly TimeSpan SnapshotWait = TimeSpan.FromSeconds(3);
    readonly Dictionary<string, Figures> byName = instruments.Distinct().ToDictionary(name => name, _ => new Figures());

    /// <summary>Channels to subscribe to.</summary>
    public IEnumerable<string> Channels =>
        byName.Keys.SelectMany(name =>
            followBooks ? new[] { TickerChannel(name), BookChannel(name) } : [TickerChannel(name)]
        );

    /// <summary>Gaps found in books so far.</summary>
    public int Gaps { get; private set; }

    /// <summary>Takes a notification; false when the channel is none of the feed's.</summary>
    public bool Take(string channel, JsonElement data, DateTimeOffset now)
    {
        string[] parts = channel.Split('.');
        if (parts is not [("ticker" or "book") and var kind, var name, _] || !byName.TryGetValue(name, out var own))
            return false;
        if (kind == "ticker")
            own.Ticker = data;
        else if (!own.Book.Take(data))
        {
            Gaps++;
            own.AskedAt = null;
        }
        else if (own.Book.IsWhole)
            own.AskedAt = now;
        Tell(name, own);
        return true;
    }

    /// <summary>Book channels that need a snapshot: broken, or asked for one that did not come.</summary>
    public List<string> Broken(DateTimeOffset now)
    {
        var broken = new List<string>();
        if (followBooks)
            foreach (var (name, own) in byName)
                if (!own.Book.IsWhole && (own.AskedAt is not { } asked || now - asked > SnapshotWait))
                {
                    own.AskedAt = now;
                    broken.Add(BookChannel(name));
                }
        return broken;
    }

    /// <summary>Everything was subscribed to: snapshots are on their way.</summary>
    public void Asked(DateTimeOffset now)
    {
        foreach (var own in byName.Values)
            own.AskedAt = now;
    }

    void Tell(string name, Figures own)
    {
        if (own.Ticker is not { } ticker || contracts.Find(name) is not { } terms)
            return;
        decimal? bid = DeribitWire.Positive(ticker.Number("best_bid_price")),
            ask = DeribitWire.Positive(ticker.Number("best_ask_price")),
            bidAmount = ticker.Number("best_bid_amount"),
            askAmount = ticker.Number("best_ask_amount");
        if (followBooks)
        {
            bid = own.Book.Bid?.Price;
            ask = own.Book.Ask?.Price;
            bidAmount = own.Book.Bid?.Amount;
            askAmount = own.Book.Ask?.Amount;
        }
        var seen = new TickerSeen(
            name,
            DeribitWire.Positive(ticker.Number("mark_price")),
            DeribitWire.Positive(ticker.Number("index_price")),
            new TopOfBook(bid, ask),
            bid is null ? null : bidAmount / terms.OrderAmountPerContract,
            ask is null ? null : askAmount / terms.OrderAmountPerContract,
            DeribitWire.Positive(ticker.Number("mark_iv")) / 100,
            terms is OptionInstrument ? DeribitWire.Positive(ticker.Number("underlying_price")) : null,
            terms is PerpetualInstrument ? ticker.Number("funding_8h") : null,
            OpenInterestContracts: ticker.Number("open_interest") / terms.OrderAmountPerContract
        );
        learned(seen);
    }

    static string TickerChannel(string name) => $"ticker.{name}.100ms";

    static string BookChannel(string name) => $"book.{name}.100ms";

    sealed class Figures
    {
        public JsonElement? Ticker { get; set; }

        public DeribitBook Book { get; } = new();

        public DateTimeOffset? AskedAt { get; set; }
    }
}
