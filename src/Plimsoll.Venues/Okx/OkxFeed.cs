using System.Text.Json;
using System.Text.Json.Nodes;
using Plimsoll.Controls;
using Plimsoll.Engine;
using Plimsoll.Markets;
using Plimsoll.Storage;

namespace Plimsoll.Venues;

/// <summary>Market data: books whose every change is accounted for, marks, indices, funding.</summary>
/// <remarks>
/// While a book is not whole its instrument has no quotes, which the controls take for no price. A broken book is
/// subscribed to anew, for a snapshot.
/// </remarks>
sealed class OkxFeed(OkxContracts contracts, IReadOnlyList<string> instruments, Action<EngineEvent> learned)
{
    const decimal EightHours = 8 * 3600 * 1000m;
    const string FundChannel = "adl-warning";
    static readonly TimeSpan SnapshotWait = TimeSpan.FromSeconds(3);
    readonly Dictionary<string, Figures> byName = instruments.Distinct().ToDictionary(name => name, _ => new Figures());
    readonly Dictionary<string, decimal> indexOf = new(StringComparer.Ordinal);
    readonly Dictionary<(string Type, string Family), decimal> fundOf = [];

    /// <summary>Gaps and wrong sums found in books so far.</summary>
    public int Gaps { get; private set; }

    /// <summary>What to subscribe to, indices first; terms are known by then.</summary>
    public IEnumerable<JsonObject> Channels()
    {
        var known = byName.Keys.Where(name => contracts.Find(name) is not null).ToList();
        var options = known.Where(name => contracts.Find(name) is OptionInstrument);
        foreach (string index in known.Select(name => contracts.Row(name, "uly")).Distinct())
            yield return Channel("index-tickers", "instId", index);
        foreach (string family in options.Select(name => contracts.Row(name, "instFamily")).Distinct())
            yield return Channel("opt-summary", "instFamily", family);
        // What stands between a winning position and its deleveraging: one fund for each family of a type.
        foreach (var (type, family) in known.Select(Fund).Distinct())
            yield return new JsonObject
            {
                ["channel"] = FundChannel,
                ["instType"] = type,
                ["instFamily"] = family,
            };
        foreach (string name in known)
        {
            yield return Books(name);
            yield return Channel("mark-price", "instId", name);
            if (contracts.Find(name) is PerpetualInstrument)
                yield return Channel("funding-rate", "instId", name);
        }
    }

    /// <summary>The channel of one book.</summary>
    public static JsonObject Books(string name) => Channel("books", "instId", name);

    /// <summary>Takes a message of a channel.</summary>
    public void Take(JsonElement frame, DateTimeOffset now)
    {
        var of = frame.GetProperty("arg");
        string channel = of.Text("channel");
        foreach (var row in frame.GetProperty("data").EnumerateArray())
            switch (channel)
            {
                case "books" when byName.TryGetValue(of.Text("instId"), out var own):
                    TakeBook(own, frame.Text("action"), row, now);
                    Tell(of.Text("instId"), own);
                    break;
                case FundChannel:
                    TellFund(row);
                    break;
                case "index-tickers":
                    indexOf[row.Text("instId")] = row.NeededAmount("idxPx");
                    break;
                default:
                    if (byName.TryGetValue(row.Text("instId"), out var figures))
                    {
                        figures.Take(channel, row);
                        Tell(row.Text("instId"), figures);
                    }
                    break;
            }
    }

    /// <summary>Books that need a snapshot: broken, or asked for one that did not come.</summary>
    public List<string> Broken(DateTimeOffset now)
    {
        var broken = new List<string>();
        foreach (var (name, own) in byName)
            if (!own.Book.IsWhole && (own.AskedAt is not { } asked || now - asked > SnapshotWait))
            {
                own.AskedAt = now;
                broken.Add(name);
            }
        return broken;
    }

    /// <summary>Everything was subscribed to: snapshots are on their way.</summary>
    public void Asked(DateTimeOffset now)
    {
        foreach (var own in byName.Values)
            own.AskedAt = now;
    }

    void TakeBook(Figures own, string action, JsonElement row, DateTimeOffset now)
    {
        if (!own.Book.Take(action, row))
        {
            Gaps++;
            own.AskedAt = null;
        }
        else if (own.Book.IsWhole)
            own.AskedAt = now;
    }

    void Tell(string name, Figures own)
    {
        if (own.Mark is null)
            return;
        decimal? index = indexOf.TryGetValue(contracts.Row(name, "uly"), out decimal known) ? known : null;
        learned(
            new TickerSeen(
                name,
                own.Mark,
                index,
                new TopOfBook(own.Book.Bid?.Price, own.Book.Ask?.Price),
                own.Book.Bid?.Size,
                own.Book.Ask?.Size,
                own.MarkVolatility,
                own.Forward,
                own.Funding8h
            )
        );
    }

    /// <summary>
    /// The fund's balance, and while the venue warns its highest of the last 8 hours before it: the engine looks at how
    /// far it has fallen since.
    /// </summary>
    void TellFund(JsonElement row)
    {
        var fund = (row.Text("instType"), row.Text("instFamily"));
        if (row.Amount("bal") is not { } balance || UsdOf(row.Text("ccy")) is not { } each)
            return;
        if (fundOf.TryGetValue(fund, out decimal before) && before == balance)
            return;
        fundOf[fund] = balance;
        decimal?[] figures = [row.Amount("maxBal"), balance];
        foreach (string name in byName.Keys.Where(name => Fund(name) == fund))
        foreach (decimal? figure in figures)
            if (figure is { } units)
                learned(new DeleveragingSeen(name, null, units * each));
    }

    (string Type, string Family) Fund(string name) =>
        (contracts.Row(name, "instType"), contracts.Row(name, "instFamily"));

    decimal? UsdOf(string currency) =>
        currency.Length > 0 && new Currency(currency).IsDollar ? 1
        : indexOf.TryGetValue($"{currency}-USD", out decimal usd) ? usd
        : null;

    static JsonObject Channel(string channel, string kind, string of) => new() { ["channel"] = channel, [kind] = of };

    sealed class Figures
    {
        public OkxBook Book { get; } = new();

        public DateTimeOffset? AskedAt { get; set; }

        public decimal? Mark { get; private set; }

        public decimal? MarkVolatility { get; private set; }

        public decimal? Forward { get; private set; }

        public decimal? Funding8h { get; private set; }

        public void Take(string channel, JsonElement row)
        {
            switch (channel)
            {
                case "mark-price":
                    Mark = row.Amount("markPx");
                    break;
                case "opt-summary":
                    (MarkVolatility, Forward) = (row.Amount("markVol"), row.Amount("fwdPx"));
                    break;
                // The interval varies by contract and by day; the two times state it.
                case "funding-rate":
                    decimal? interval = row.Amount("nextFundingTime") - row.Amount("fundingTime");
                    Funding8h = interval > 0 ? row.Amount("fundingRate") * EightHours / interval : null;
                    break;
            }
        }
    }
}
