using Plimsoll.Markets;

namespace Plimsoll.Paper;

public sealed partial class Venue
{
    /// <summary>Matches an incoming order by price, then by time, and lets the rest lie or die as it asks.</summary>
    OrderAnswer Execute(Order order)
    {
        var book = order.Listed;
        if (order.PostOnly && Crosses(book, order.Side, order.Price))
        {
            if (order.RejectPostOnly || !MoveInside(book, order))
                return OrderAnswer.Refused(VenueError.PostOnlyReject);
        }
        decimal limit = Limit(order);
        if (order.TimeInForce == TimeInForce.FillOrKill && !CanFill(order, limit))
            return Killed(order);
        var fills = Match(order, limit, out bool metSelf);
        if (metSelf && order.Filled == 0)
            return OrderAnswer.Refused(VenueError.OrderOverlap);
        order.Sequence = ++sequence;
        if (order.Remaining == 0)
            Close(order, OrderState.Filled, CancelReason.None);
        else if (order.Kind == OrderKind.MarketLimit && order.Filled > 0 && !metSelf)
        {
            order.Price = fills[^1].Trade.Price;
            Rest(order);
        }
        else if (order.Kind == OrderKind.Limit && order.TimeInForce <= TimeInForce.GoodTilDay && !metSelf)
            Rest(order);
        else
            Close(order, OrderState.Cancelled, metSelf ? CancelReason.RiskMitigation : CancelReason.UserRequest);
        Publish(book);
        AfterTrades(order, fills);
        return new OrderAnswer(VenueError.None, "", order, fills);
    }

    List<Fill> Match(Order order, decimal limit, out bool metSelf)
    {
        var book = order.Listed;
        var fills = new List<Fill>();
        metSelf = false;
        while (order.Remaining > 0 && book.Book.BestAgainst(order.Side) is { } level)
        {
            bool worse = order.Side == Side.Buy ? level.Price > limit : level.Price < limit;
            if (worse)
                break;
            var resting = level.Orders[0];
            if (resting.Account == order.Account)
            {
                if (order.Account.SelfTrade == SelfTradeMode.RejectTaker)
                {
                    metSelf = true;
                    break;
                }
                End(resting, OrderState.Cancelled, CancelReason.RiskMitigation);
                continue;
            }
            decimal amount = Math.Min(order.Remaining, resting.Remaining);
            fills.Add(Trade(order, resting, level.Price, amount));
        }
        return fills;
    }

    void Rest(Order order)
    {
        order.State = OrderState.Open;
        order.UpdatedMs = NowMs;
        order.Listed.Book.Add(order);
        orders[order.Id] = order;
        order.Account.Opened(order);
        EmitOrder(order);
    }

    /// <summary>Takes an open or untriggered order out of the market.</summary>
    void End(Order order, OrderState state, CancelReason reason)
    {
        if (order.State == OrderState.Untriggered)
            order.Listed.Triggers.Remove(order);
        else
            order.Listed.Book.Remove(order);
        Close(order, state, reason);
    }

    void Close(Order order, OrderState state, CancelReason reason)
    {
        (order.State, order.CancelReason, order.UpdatedMs) = (state, reason, NowMs);
        orders.Remove(order.Id);
        if (order.Account.Role == AccountRole.House)
            order.Listed.HouseOrders.Remove((order.Side, order.Price));
        order.Account.Closed(order);
        EmitOrder(order);
    }

    OrderAnswer Killed(Order order)
    {
        Close(order, OrderState.Cancelled, CancelReason.UserRequest);
        return new OrderAnswer(VenueError.None, "", order, []);
    }

    /// <summary>Numbers what changed in a book since the last time and tells everyone.</summary>
    void Publish(ListedInstrument book)
    {
        var changes = book.Book.TakeChanges();
        if (changes.Count == 0)
            return;
        long previous = book.ChangeId;
        book.ChangeId = ++changeId;
        Emit(new BookChanged(book, changes, book.ChangeId, previous));
    }

    void AfterTrades(Order order, List<Fill> fills)
    {
        if (fills.Count == 0)
            return;
        ShrinkReduceOnly(order.Account, order.Listed);
        Publish(order.Listed);
        EmitPortfolio(order.Account, order.Listed.Currency);
        FireTriggers(order.Listed);
    }

    /// <summary>Keeps the sum of resting reduce-only orders within the position; the newest give way.</summary>
    void ShrinkReduceOnly(PaperAccount account, ListedInstrument book)
    {
        if (account.Role == AccountRole.House || account.OpenOrders.Count == 0)
            return;
        decimal size = account.SizeOf(book);
        decimal sell = Math.Max(0, size),
            buy = Math.Max(0, -size);
        foreach (var order in account.OpenOrders.ToList())
        {
            if (order.Listed != book || !order.ReduceOnly || order.State != OrderState.Open)
                continue;
            decimal left = order.Side == Side.Sell ? sell : buy;
            if (left == 0)
                End(order, OrderState.Cancelled, CancelReason.RiskMitigation);
            else if (order.Remaining > left)
            {
                book.Book.Shrink(order, order.Remaining - left);
                order.Amount = order.Filled + left;
                order.UpdatedMs = NowMs;
                EmitOrder(order);
            }
            if (order.Side == Side.Sell)
                sell = Math.Max(0, sell - order.Remaining);
            else
                buy = Math.Max(0, buy - order.Remaining);
        }
    }

    decimal Limit(Order order)
    {
        if (order.IsLiquidation || order.Kind == OrderKind.Limit)
            return order.Price;
        var (lowest, highest) = Band(order.Listed);
        return order.Side == Side.Buy ? highest : lowest;
    }

    static bool Crosses(ListedInstrument book, Side side, decimal price) =>
        book.Book.BestAgainst(side) is { } level && (side == Side.Buy ? price >= level.Price : price <= level.Price);

    /// <summary>Whether the first order that this one would meet is its owner's, who wants takers refused.</summary>
    static bool MeetsSelfFirst(Order order) =>
        order.Account.SelfTrade == SelfTradeMode.RejectTaker
        && order.Listed.Book.BestAgainst(order.Side)!.Orders[0].Account == order.Account;

    static bool MoveInside(ListedInstrument book, Order order)
    {
        var ticks = book.Instrument.Ticks;
        decimal best = book.Book.BestAgainst(order.Side)!.Price;
        decimal moved = order.Side == Side.Buy ? best - ticks.At(best - ticks.BaseTick) : best + ticks.At(best);
        moved = order.Side == Side.Buy ? ticks.RoundDown(Math.Max(0, moved)) : ticks.RoundUp(moved);
        if (moved <= 0)
            return false;
        order.Price = moved;
        return true;
    }

    static bool CanFill(Order order, decimal limit)
    {
        decimal there = 0;
        foreach (var level in order.Listed.Book.Levels(order.Side == Side.Buy ? Side.Sell : Side.Buy))
        {
            if (order.Side == Side.Buy ? level.Price > limit : level.Price < limit)
                break;
            foreach (var resting in level.Orders)
                if (resting.Account != order.Account)
                    there += resting.Remaining;
                else if (order.Account.SelfTrade == SelfTradeMode.RejectTaker)
                    return there >= order.Remaining;
            if (there >= order.Remaining)
                return true;
        }
        return false;
    }
}
