using Plimsoll.Controls;
using Plimsoll.Markets;

namespace Plimsoll.Engine.Tests;

sealed partial class VenueSimulation
{
    /// <summary>Orders that rest: filled in parts as the market comes, changed, cancelled, with the same faults.</summary>
    sealed class SimulatedBook(VenueSimulation venue)
    {
        readonly SortedDictionary<string, (OrderIntent Order, decimal Filled)> resting = new(StringComparer.Ordinal);
        readonly Dictionary<string, OrderIntent> unresolved = new(StringComparer.Ordinal);
        readonly List<(DateTimeOffset At, OrderIntent Order)> late = [];

        public IEnumerable<string> Labels => resting.Keys;

        public int Changes { get; private set; }

        public int BlindChanges { get; private set; }

        public IEnumerable<ListedOrder> Listed =>
            resting.Values.Select(one => new ListedOrder(
                one.Order.Label,
                one.Order.Instrument,
                one.Order.Side,
                one.Order.Contracts - one.Filled,
                one.Order.LimitPrice,
                one.Order.ReduceOnly
            ));

        public (decimal Buys, decimal Sales) Open(string instrument)
        {
            decimal Of(Side side) =>
                resting
                    .Values.Where(one => one.Order.Instrument == instrument && one.Order.Side == side)
                    .Sum(one => one.Order.Contracts - one.Filled);
            return (Of(Side.Buy), Of(Side.Sell));
        }

        public void Place(OrderIntent order, decimal ask)
        {
            if (Crosses(order, ask))
            {
                Show(order, 0, VenueOrderStatus.Rejected, RefusalKind.WouldTrade);
                return;
            }
            resting[order.Label] = (order, 0);
            Show(order, 0, VenueOrderStatus.Open);
        }

        public void Trade(string instrument, decimal ask)
        {
            foreach (var (_, order) in late.Where(one => one.At <= venue.Now).ToList())
                Apply(order, isTold: false);
            late.RemoveAll(one => one.At <= venue.Now);
            foreach (var (label, (order, filled)) in resting.ToList())
            {
                if (order.Instrument != instrument)
                    continue;
                decimal open = order.Contracts - filled;
                decimal fills =
                    Crosses(order, ask) ? open
                    : venue.Chance(0.1) ? Math.Floor(open * (decimal)venue.random.NextDouble())
                    : 0;
                decimal held = venue.positions.GetValueOrDefault(instrument);
                if (order.ReduceOnly && Math.Sign(order.Signed) != -Math.Sign(held))
                {
                    End(label);
                    continue;
                }
                if (order.ReduceOnly)
                    fills = Math.Min(fills, Math.Abs(held));
                if (fills == 0)
                    continue;
                venue.Fill(order, fills);
                resting[label] = (order, filled + fills);
                bool isFull = filled + fills == order.Contracts;
                if (isFull)
                    resting.Remove(label);
                Show(order, filled + fills, isFull ? VenueOrderStatus.Filled : VenueOrderStatus.Open);
                Tell(label);
            }
        }

        public void Change(OrderIntent order)
        {
            if (unresolved.ContainsKey(order.Label))
                BlindChanges++;
            unresolved[order.Label] = order;
            double luck = venue.isCalm ? 1 : venue.random.NextDouble();
            if (luck < 0.15)
            {
                // Lost on the way, done without an answer, or done later than anybody waited for it.
                if (luck < 0.05)
                    Apply(order, isTold: false);
                else if (luck < 0.10)
                    late.Add((venue.Now.AddSeconds(3 * venue.random.NextDouble()), order));
                venue.Later(new SendFailed(order.Label, true, "time-out"));
            }
            else if (luck < 0.2)
                venue.Later(new SendFailed(order.Label, false, "too many", RefusalKind.RateLimit));
            else
                Apply(order, isTold: true);
        }

        public void Cancel(string label)
        {
            if (resting.ContainsKey(label))
                End(label);
        }

        public void CancelAll(bool isTold)
        {
            foreach (string label in resting.Keys.ToList())
            {
                End(label, isTold);
            }
        }

        /// <summary>What the engine is told settles what it did not know.</summary>
        public void Told(EngineEvent happened)
        {
            switch (happened)
            {
                case SendFailed { IsAmbiguous: false } failed:
                    unresolved.Remove(failed.Label);
                    break;
                case OrderSeen seen when unresolved.TryGetValue(seen.Label, out var asked):
                    bool isDone = seen.Contracts == asked.Contracts && seen.LimitPrice == asked.LimitPrice;
                    if (isDone || seen.Status != VenueOrderStatus.Open || venue.Now >= asked.ValidUntil)
                        unresolved.Remove(seen.Label);
                    break;
            }
        }

        void Apply(OrderIntent order, bool isTold)
        {
            var refusal =
                venue.Now >= order.ValidUntil ? RefusalKind.Late
                : !resting.TryGetValue(order.Label, out var now) || order.Contracts <= now.Filled ? RefusalKind.Other
                : Crosses(order, venue.prices[order.Instrument]) ? RefusalKind.WouldTrade
                : RefusalKind.None;
            if (refusal == RefusalKind.None)
            {
                decimal filled = resting[order.Label].Filled;
                Changes++;
                resting[order.Label] = (order, filled);
                Show(order, filled, VenueOrderStatus.Open);
                if (isTold)
                    Tell(order.Label);
            }
            else if (isTold)
                venue.Later(new SendFailed(order.Label, false, "refused", refusal));
        }

        // A buy is priced below the ask; a sale in this market meets the bid one tick under it.
        static bool Crosses(OrderIntent order, decimal ask) =>
            order.Side == Side.Buy ? order.LimitPrice >= ask : order.LimitPrice <= ask - 2;

        void End(string label, bool isTold = true)
        {
            var (order, filled) = resting[label];
            resting.Remove(label);
            Show(order, filled, VenueOrderStatus.Cancelled);
            if (isTold)
                Tell(label);
        }

        void Show(OrderIntent order, decimal filled, VenueOrderStatus status, RefusalKind refusal = RefusalKind.None) =>
            venue.orders[order.Label] = new OrderSeen(
                order.Label,
                status,
                filled,
                "",
                refusal,
                order.Contracts,
                order.LimitPrice
            );

        void Tell(string label) => venue.Later(venue.orders[label]);
    }
}
