using System.Text.Json.Nodes;
using Plimsoll.Markets;

namespace Plimsoll.Paper;

/// <summary>One channel of one connection: takes events, sends notifications at its interval.</summary>
/// <remarks>
/// The channel is echoed exactly as it was asked for: clients find their answer by the literal text. Interval 0 sends
/// with the event; other intervals gather and send when due.
/// </remarks>
abstract class Subscription(Session session, string channel, long intervalUs)
{
    long lastUs = long.MinValue / 2;

    public Session Session { get; } = session;

    protected string Channel { get; } = channel;

    public bool IsRaw => intervalUs == 0;

    /// <summary>Something happened that may concern the channel.</summary>
    public abstract void Accept(Venue venue, VenueEvent happened);

    /// <summary>Sends what has gathered, if it is due.</summary>
    public void Flush(Venue venue, long nowUs)
    {
        if (nowUs - lastUs < intervalUs)
            return;
        lastUs = nowUs;
        SendGathered(venue);
    }

    /// <summary>What a new subscriber is told at once.</summary>
    public virtual void Begin(Venue venue) { }

    protected abstract void SendGathered(Venue venue);

    protected void Send(JsonNode data) => Session.Send(Wire.Notification(Channel, data));
}

/// <summary>Level changes of one book, chained by change ids; a snapshot first.</summary>
sealed class BookSubscription(Session session, string channel, long intervalUs, ListedInstrument book)
    : Subscription(session, channel, intervalUs)
{
    const int Everything = 10_000;
    readonly SortedDictionary<(Side Side, decimal Price), (decimal Before, decimal After)> changes = [];
    long sentId;
    long knownId;

    public override void Begin(Venue venue)
    {
        sentId = knownId = book.ChangeId;
        Send(
            new JsonObject
            {
                ["type"] = "snapshot",
                ["timestamp"] = venue.NowMs,
                ["instrument_name"] = book.Name,
                ["change_id"] = book.ChangeId,
                ["bids"] = Snapshot(Side.Buy),
                ["asks"] = Snapshot(Side.Sell),
            }
        );
    }

    public override void Accept(Venue venue, VenueEvent happened)
    {
        if (happened is not BookChanged changed || changed.Listed != book)
            return;
        knownId = changed.Id;
        foreach (var level in changed.Changes)
        {
            var key = (level.Side, level.Price);
            decimal before = changes.TryGetValue(key, out var known) ? known.Before : level.Before;
            changes[key] = (before, level.After);
        }
        if (IsRaw)
            SendGathered(venue);
    }

    protected override void SendGathered(Venue venue)
    {
        if (knownId == sentId)
            return;
        Send(
            new JsonObject
            {
                ["type"] = "change",
                ["timestamp"] = venue.NowMs,
                ["prev_change_id"] = sentId,
                ["instrument_name"] = book.Name,
                ["change_id"] = knownId,
                ["bids"] = Changes(Side.Buy),
                ["asks"] = Changes(Side.Sell),
            }
        );
        sentId = knownId;
        changes.Clear();
    }

    JsonArray Snapshot(Side side) =>
        Wire.List(
            book.Book.Levels(side)
                .Take(Everything)
                .Select(level => new JsonArray("new", Wire.Number(level.Price), Wire.Number(level.Amount)))
        );

    JsonArray Changes(Side side) =>
        Wire.List(
            changes
                .Where(change => change.Key.Side == side && change.Value.Before != change.Value.After)
                .Select(change =>
                {
                    var (before, after) = change.Value;
                    string action =
                        before == 0 ? "new"
                        : after == 0 ? "delete"
                        : "change";
                    return new JsonArray(action, Wire.Number(change.Key.Price), Wire.Number(after));
                })
        );
}

/// <summary>The top of a book as a whole each time, prices grouped: no chain to check.</summary>
sealed class DepthSubscription(
    Session session,
    string channel,
    long intervalUs,
    ListedInstrument book,
    decimal group,
    int depth
) : Subscription(session, channel, intervalUs)
{
    long sentId = -1;

    public override void Begin(Venue venue) => SendGathered(venue);

    public override void Accept(Venue venue, VenueEvent happened)
    {
        if (IsRaw && happened is BookChanged changed && changed.Listed == book)
            SendGathered(venue);
    }

    protected override void SendGathered(Venue venue)
    {
        if (sentId == book.ChangeId)
            return;
        sentId = book.ChangeId;
        Send(
            new JsonObject
            {
                ["timestamp"] = venue.NowMs,
                ["instrument_name"] = book.Name,
                ["change_id"] = book.ChangeId,
                ["bids"] = Levels(Side.Buy),
                ["asks"] = Levels(Side.Sell),
            }
        );
    }

    JsonArray Levels(Side side) =>
        Wire.List(
            book.Book.Levels(side)
                .GroupBy(level => Grouped(side, level.Price))
                .Take(depth)
                .Select(level => new JsonArray(Wire.Number(level.Key), Wire.Number(level.Sum(one => one.Amount))))
        );

    decimal Grouped(Side side, decimal price) =>
        group == 0 ? price
        : side == Side.Buy ? Math.Floor(price / group) * group
        : Math.Ceiling(price / group) * group;
}

/// <summary>A state that is sent whole whenever it may have changed: ticker, quote, index, portfolio.</summary>
/// <param name="session">Connection.</param>
/// <param name="channel">As asked for.</param>
/// <param name="intervalUs">0: after every command that concerns it.</param>
/// <param name="concerns">Which events do.</param>
/// <param name="state">What is sent; null: nothing to say.</param>
sealed class StateSubscription(
    Session session,
    string channel,
    long intervalUs,
    Func<VenueEvent, bool> concerns,
    Func<Venue, JsonNode?> state
) : Subscription(session, channel, intervalUs)
{
    bool changed = true;
    string last = "";

    public override void Begin(Venue venue) => SendGathered(venue);

    public override void Accept(Venue venue, VenueEvent happened) => changed |= concerns(happened);

    protected override void SendGathered(Venue venue)
    {
        if (!changed || state(venue) is not { } data)
            return;
        changed = false;
        string text = Wire.Text(data);
        if (text == last)
            return;
        last = text;
        Send(data);
    }
}

/// <summary>Things that happen one by one: trades, orders, fills; gathered into lists unless raw orders.</summary>
/// <param name="session">Connection.</param>
/// <param name="channel">As asked for.</param>
/// <param name="intervalUs">0: with the event.</param>
/// <param name="row">What an event says here; null: nothing.</param>
/// <param name="single">Raw notifications carry one object in place of a list of one.</param>
sealed class FlowSubscription(
    Session session,
    string channel,
    long intervalUs,
    Func<VenueEvent, JsonNode?> row,
    bool single = false
) : Subscription(session, channel, intervalUs)
{
    readonly List<JsonNode> rows = [];

    public override void Accept(Venue venue, VenueEvent happened)
    {
        if (row(happened) is not { } data)
            return;
        if (IsRaw)
            Send(single ? data : new JsonArray(data));
        else
            rows.Add(data);
    }

    protected override void SendGathered(Venue venue)
    {
        if (rows.Count == 0)
            return;
        Send(Wire.List(rows));
        rows.Clear();
    }
}

/// <summary>Orders, trades and resulting positions of an account together, one notification an instrument.</summary>
sealed class ChangesSubscription(
    Session session,
    string channel,
    long intervalUs,
    PaperAccount account,
    Func<ListedInstrument, bool> matches
) : Subscription(session, channel, intervalUs)
{
    readonly SortedDictionary<string, Gathered> gathered = new(StringComparer.Ordinal);

    public override void Accept(Venue venue, VenueEvent happened)
    {
        if (happened is OrderChanged order && order.Account == account && matches(order.Order.Listed))
            Of(order.Order.Listed).Orders.Add(WireOrders.Order(order.Order));
        else if (happened is Filled filled && filled.Account == account && matches(filled.Fill.Trade.Listed))
            Of(filled.Fill.Trade.Listed).Trades.Add(WireOrders.UserTrade(filled.Fill));
        else if (happened is Deleveraged moved && matches(moved.Listed))
            if (moved.Liquidated == account || moved.Counterparty == account)
                Of(moved.Listed).IsMoved = true;
    }

    protected override void SendGathered(Venue venue)
    {
        foreach (var (name, row) in gathered)
            Send(
                new JsonObject
                {
                    ["instrument_name"] = name,
                    ["orders"] = Wire.List(row.Orders),
                    ["trades"] = Wire.List(row.Trades),
                    ["positions"] =
                        row.Trades.Count == 0 && !row.IsMoved
                            ? new JsonArray()
                            : new JsonArray(WireAccount.Position(venue, account, row.Book)),
                }
            );
        gathered.Clear();
    }

    Gathered Of(ListedInstrument book)
    {
        if (!gathered.TryGetValue(book.Name, out var found))
            gathered.Add(book.Name, found = new Gathered(book));
        return found;
    }

    sealed class Gathered(ListedInstrument book)
    {
        public ListedInstrument Book => book;

        public List<JsonNode> Orders { get; } = [];

        public List<JsonNode> Trades { get; } = [];

        /// <summary>Whether the venue moved the position itself.</summary>
        public bool IsMoved { get; set; }
    }
}
