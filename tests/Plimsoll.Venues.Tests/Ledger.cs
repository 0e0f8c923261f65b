using Plimsoll.Controls;
using Plimsoll.Engine;
using Plimsoll.Markets;
using Plimsoll.Numerics;

namespace Plimsoll.Venues.Tests;

/// <summary>
/// Follows orders as the engine is bound to: what is unknown is read back, what rests too long cancelled.
/// </summary>
sealed class Ledger
{
    const double LifeSeconds = 5;
    readonly Follower follower;
    readonly SortedDictionary<string, Entry> entries = new(StringComparer.Ordinal);
    readonly Dictionary<string, FillSeen> fills = [];
    bool isWatching;

    public Ledger(Follower follower)
    {
        this.follower = follower;
        follower.Told = Take;
    }

    public bool IsSettled => entries.Values.All(entry => entry.IsOver);

    public string Send(
        string name,
        Side side,
        decimal contracts,
        decimal price,
        OrderLife life,
        bool reduceOnly = false
    )
    {
        var now = follower.Time.GetUtcNow();
        var order = new OrderIntent(
            $"test-{entries.Count + 1:0000}",
            name,
            side,
            contracts,
            price,
            reduceOnly,
            false,
            life,
            now.AddSeconds(LifeSeconds),
            reduceOnly ? OrderPurpose.Cut : OrderPurpose.Resize
        );
        entries.Add(order.Label, new Entry(order));
        follower.Client.Start(Approved(order), (ulong)entries.Count);
        if (!isWatching)
            _ = WatchAsync();
        return order.Label;
    }

    /// <summary>Asks for another price and total of an order; its life starts anew.</summary>
    public void Edit(string label, decimal contracts, decimal price)
    {
        var now = follower.Time.GetUtcNow();
        var entry = entries[label];
        entry.Order = entry.Order with
        {
            Contracts = contracts,
            LimitPrice = price,
            ValidUntil = now.AddSeconds(LifeSeconds),
        };
        follower.Client.Start(new EditOrder(entry.Order, Approved(entry.Order).Approval), 0);
    }

    /// <summary>Asks for another price and total of an order that rests, if any does.</summary>
    public void EditOne(SeededRandom random)
    {
        var resting = entries.Values.Where(entry => entry is { IsOver: false, WasOpen: true }).ToList();
        if (resting.Count == 0)
            return;
        var order = resting[random.NextInt(resting.Count)].Order;
        decimal near = order.Side == Side.Buy ? 50 : -50;
        Edit(order.Label, order.Contracts + 1 + random.NextInt(5), order.LimitPrice + near * random.NextInt(12));
    }

    /// <summary>How an order stands as far as is known here: whether it is over, and what was filled.</summary>
    public (bool IsOver, decimal Filled) Of(string label) => (entries[label].IsOver, entries[label].Filled);

    public void Cancel(string label) => follower.Client.Start(new CancelOrder(label), 0);

    public void CancelOne(SeededRandom random)
    {
        var alive = entries.Values.Where(entry => !entry.IsOver).ToList();
        if (alive.Count > 0)
            Cancel(alive[random.NextInt(alive.Count)].Order.Label);
    }

    public void MustAgreeWithTheVenue(string what)
    {
        var account = follower.World.Client;
        var atVenue = account.OpenOrders.Concat(account.ClosedOrders).Where(order => order.Label.Length > 0).ToList();
        Assert.Equal(atVenue.Count, atVenue.Select(order => order.Label).Distinct().Count());
        Assert.Equal(follower.World.Requests.Count, follower.World.Requests.Distinct().Count());
        Assert.True(account.OpenOrders.Count == 0, what);
        var byLabel = atVenue.ToDictionary(order => order.Label);
        foreach (var (label, entry) in entries)
            Assert.True(
                byLabel.TryGetValue(label, out var order)
                    ? entry.Filled == order.Filled / 10 && !entry.WasMissing
                    : entry.Filled == 0,
                $"{what}: {label} {entry.Filled} here, {order?.Filled} {order?.State} there"
            );
        var seen = follower.Last<ReconcileSeen>()!;
        foreach (var trade in seen.Trades)
            fills[trade.TradeId] = trade;
        Assert.Equal(account.Fills.Select(fill => fill.Trade.Id).Order(), fills.Keys.Order());
        Assert.Equal(account.Fills.Sum(fill => fill.Trade.Amount) / 10, fills.Values.Sum(fill => fill.Contracts));
        foreach (var held in account.Positions.Values.Where(held => held.Size != 0))
            Assert.Equal(
                held.Size / 10,
                Assert.Single(seen.Positions, position => position.Instrument == held.Listed.Name).Contracts
            );
        Assert.Empty(seen.Orders);
    }

    SendOrder Approved(OrderIntent order)
    {
        var terms = follower.Terms(order.Instrument);
        // The gate refuses a price off the tick; the venue must be seen to refuse it too.
        if (terms.Ticks.RoundDown(order.LimitPrice) != order.LimitPrice)
            terms = (PerpetualInstrument)terms with { Ticks = new TickSchedule(0.25m, []) };
        return Orders.Approved(order, terms, follower.Time.GetUtcNow());
    }

    void Take(EngineEvent happened)
    {
        switch (happened)
        {
            case OrderSeen seen when entries.TryGetValue(seen.Label, out var entry):
                Assert.True(seen.FilledContracts >= entry.Filled, $"{seen} after {entry.Filled}");
                Assert.True(!entry.IsOver || seen.Status != VenueOrderStatus.Open, $"{seen} after its end");
                entry.Filled = seen.FilledContracts;
                entry.IsUnknown = false;
                entry.WasOpen |= seen.Status == VenueOrderStatus.Open;
                entry.IsOver |= seen.Status != VenueOrderStatus.Open;
                break;
            // Of an order that rested only the change has failed; how it stands now must be asked.
            case SendFailed failed:
                entries[failed.Label].IsUnknown |= failed.IsAmbiguous || entries[failed.Label].WasOpen;
                entries[failed.Label].IsOver |= !failed.IsAmbiguous && !entries[failed.Label].WasOpen;
                break;
            case OrderNotFound missing when entries[missing.Label] is { IsOver: false } entry:
                if (follower.Time.GetUtcNow() > entry.Order.ValidUntil.AddSeconds(2) && ++entry.Misses == 2)
                    (entry.IsOver, entry.WasMissing) = (true, true);
                break;
            case FillSeen fill:
                Assert.True(fills.TryAdd(fill.TradeId, fill) || fills[fill.TradeId] == fill);
                break;
            case SessionDown:
                foreach (var entry in entries.Values.Where(entry => !entry.IsOver))
                    entry.IsUnknown = true;
                break;
        }
    }

    async Task WatchAsync()
    {
        isWatching = true;
        while (!IsSettled)
        {
            await follower.WaitAsync(1);
            var now = follower.Time.GetUtcNow();
            foreach (var entry in entries.Values.Where(entry => !entry.IsOver && follower.IsUp).ToList())
            {
                bool isOverdue = now > entry.Order.ValidUntil;
                if (entry.IsUnknown || isOverdue)
                    follower.Client.Start(new ReadOrder(entry.Order.Label), 0);
                if (isOverdue)
                    Cancel(entry.Order.Label);
            }
        }
        isWatching = false;
    }

    sealed class Entry(OrderIntent order)
    {
        public OrderIntent Order { get; set; } = order;

        public bool WasOpen { get; set; }

        public decimal Filled { get; set; }

        public bool IsUnknown { get; set; }

        public bool IsOver { get; set; }

        public bool WasMissing { get; set; }

        public int Misses { get; set; }
    }
}
