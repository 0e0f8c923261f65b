using Plimsoll.Markets;
using Plimsoll.Pricing;

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

    /// <summary>One trade between an incoming and a resting order.</summary>
    /// <returns>The incoming order's side of it.</returns>
    Fill Trade(Order taker, Order maker, decimal price, decimal amount)
    {
        var book = taker.Listed;
        book.Book.Shrink(maker, amount);
        string prefix = book.Currency.Code == "BTC" ? "" : $"{book.Currency.Code}-";
        string? liquidation = (maker.IsLiquidation, taker.IsLiquidation) switch
        {
            (true, true) => "MT",
            (true, false) => "M",
            (false, true) => "T",
            _ => null,
        };
        var trade = new Trade(
            book,
            $"{prefix}{++tradeNumber}",
            ++book.TradeSequence,
            NowMs,
            price,
            amount,
            taker.Side,
            TickDirection(book, price),
            book.Mark,
            book.IndexUsd,
            TradeVolatility(book, price),
            liquidation
        );
        book.Record(trade);
        Emit(new Traded(trade));
        var fill = Settle(taker, trade, Liquidity.Taker);
        Settle(maker, trade, Liquidity.Maker);
        if (maker.Remaining == 0)
        {
            book.Book.Remove(maker);
            Close(maker, OrderState.Filled, CancelReason.None);
        }
        else
            EmitOrder(maker);
        if (maker.Account != taker.Account)
            EmitPortfolio(maker.Account, book.Currency);
        ShrinkReduceOnly(maker.Account, book);
        return fill;
    }

    /// <summary>Books one side of a trade: position, premium, fee.</summary>
    Fill Settle(Order order, Trade trade, Liquidity liquidity)
    {
        var (book, account) = (order.Listed, order.Account);
        order.Filled += trade.Amount;
        order.FilledNotional += trade.Amount * trade.Price;
        order.UpdatedMs = NowMs;
        decimal amount = order.Signed(trade.Amount);
        decimal tradeFee = Payoff.Fee(book.Instrument, trade.Amount, trade.Price, book.IndexUsd, liquidity);
        decimal penalty = order.IsLiquidation ? LiquidationFee(book, trade) : 0;
        Add(feesTaken, book.Currency, tradeFee);
        Add(insuranceFund, book.Currency, penalty);
        decimal fee = tradeFee + penalty;
        order.Commission += fee;
        var fill = Move(account, book, amount, trade.Price, fee, order, trade, liquidity);
        account.Record(fill);
        if (account.Role == AccountRole.Client)
            Emit(new Filled(account, fill));
        return fill;
    }

    Fill Move(
        PaperAccount account,
        ListedInstrument book,
        decimal amount,
        decimal price,
        decimal fee,
        Order order,
        Trade trade,
        Liquidity liquidity
    )
    {
        var held = account.Position(book);
        decimal before = held.Size;
        decimal value = Payoff.Value(book.Instrument, amount, price);
        decimal gain = held.Trade(amount, value);
        book.OpenInterest += Math.Max(0, held.Size) - Math.Max(0, before);
        decimal premium = book.Instrument is OptionInstrument ? -value : 0;
        var fill = new Fill(trade, order.Copy(), liquidity, fee, gain);
        string side = $"{(before != 0 && before > 0 != amount > 0 ? "close" : "open")} {(amount > 0 ? "buy" : "sell")}";
        Book(
            account,
            book.Currency,
            premium - fee,
            trade.Liquidation is not null && order.IsLiquidation ? "liquidation" : "trade",
            book.Name,
            fee,
            held.Size,
            price,
            side,
            Math.Abs(amount),
            fill
        );
        return fill;
    }

    decimal LiquidationFee(ListedInstrument book, Trade trade) =>
        book.Instrument is OptionInstrument
            ? Payoff.Fee(book.Instrument, trade.Amount, trade.Price, book.IndexUsd, Figures.LiquidationFee)
            : Payoff.Rounded(
                book.Currency,
                Figures.LiquidationFee * Payoff.Value(book.Instrument, trade.Amount, trade.Price)
            );

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

    static int TickDirection(ListedInstrument book, decimal price)
    {
        if (book.Trades.Count == 0)
            return 0;
        var last = book.Trades[^1];
        return price > last.Price ? 0
            : price < last.Price ? 2
            : last.TickDirection is 0 or 1 ? 1
            : 3;
    }

    double? TradeVolatility(ListedInstrument book, decimal price)
    {
        if (book.Instrument is not OptionInstrument option || book.UnderlyingUsd <= 0)
            return null;
        double forwardUsd = (double)book.UnderlyingUsd;
        double tYears = Math.Max(0, (double)(book.ExpiryMs!.Value - NowMs)) / (1000 * Years.SecondsPerYear);
        double priceUsd = option.Shape == PayoffShape.Inverse ? (double)price * forwardUsd : (double)price;
        var answer = ImpliedVolatility.Solve(priceUsd, forwardUsd, (double)option.StrikeUsd, tYears, option.Right);
        return answer.Status == ImpliedVolatilityStatus.Solved ? answer.VolAnnual : null;
    }
}
