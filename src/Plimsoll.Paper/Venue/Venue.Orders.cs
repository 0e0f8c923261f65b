using Plimsoll.Markets;

namespace Plimsoll.Paper;

public sealed partial class Venue
{
    /// <summary>Places an order, or says why not.</summary>
    public OrderAnswer Place(PaperAccount account, OrderRequest request)
    {
        if (!listed.TryGetValue(request.Instrument, out var book))
            return OrderAnswer.Refused(VenueError.InvalidOrUnsupportedInstrument, request.Instrument);
        var (error, detail) = Check(account, book, request);
        if (error != VenueError.None)
            return OrderAnswer.Refused(error, detail);
        decimal amount = request.Amount;
        if (request.ReduceOnly && !request.IsTrigger)
        {
            amount = Math.Min(amount, Reducible(account, book, request.Side));
            if (amount <= 0)
                return OrderAnswer.Refused(VenueError.OtherReject, "reduce_only: no position to reduce");
        }
        var order = New(account, book, request, amount);
        if (request.IsTrigger)
            return Await(order);
        if (!Affords(account, book, order.Side, order.Remaining, FundingPrice(book, order), order.ReduceOnly))
            return OrderAnswer.Refused(VenueError.NotEnoughFunds);
        return Execute(order);
    }

    /// <summary>Sends a reduce-only order for the whole position.</summary>
    /// <param name="account">Owner.</param>
    /// <param name="instrument">The venue's name.</param>
    /// <param name="limitPrice">Limit; null for a market order.</param>
    /// <param name="connection">Connection that asks; null over HTTP.</param>
    public OrderAnswer ClosePosition(PaperAccount account, string instrument, decimal? limitPrice, long? connection)
    {
        if (!listed.TryGetValue(instrument, out var book))
            return OrderAnswer.Refused(VenueError.InvalidOrUnsupportedInstrument, instrument);
        decimal size = account.SizeOf(book);
        if (size == 0)
            return OrderAnswer.Refused(VenueError.AlreadyClosed, "no position");
        var side = size > 0 ? Side.Sell : Side.Buy;
        var (error, detail) = CheckState(account, book);
        if (error != VenueError.None)
            return OrderAnswer.Refused(error, detail);
        foreach (var resting in account.OpenOrders.Where(o => o.Listed == book && o.ReduceOnly).ToList())
            End(resting, OrderState.Cancelled, CancelReason.RiskMitigation);
        Publish(book);
        return Place(
            account,
            new OrderRequest
            {
                Instrument = instrument,
                Side = side,
                Amount = Math.Abs(size),
                Kind = limitPrice is null ? OrderKind.Market : OrderKind.Limit,
                Price = limitPrice,
                ReduceOnly = true,
                Connection = connection,
            }
        );
    }

    /// <summary>Cancels one order.</summary>
    public OrderAnswer Cancel(PaperAccount account, string orderId)
    {
        var (error, order) = FindOpen(account, orderId);
        if (order is null)
            return OrderAnswer.Refused(error);
        if (account.Locked.Contains(order.Listed.Currency))
            return OrderAnswer.Refused(VenueError.AccountLocked, "liquidation");
        End(order, OrderState.Cancelled, CancelReason.UserRequest);
        Publish(order.Listed);
        return new OrderAnswer(VenueError.None, "", order, []);
    }

    /// <summary>Cancels every open order that matches, oldest first; locked wallets keep theirs.</summary>
    /// <returns>Copies of what was cancelled.</returns>
    public IReadOnlyList<Order> CancelWhere(PaperAccount account, Func<Order, bool> matches, CancelReason reason)
    {
        var found = account
            .OpenOrders.Where(order => matches(order) && !account.Locked.Contains(order.Listed.Currency))
            .ToList();
        foreach (var order in found)
            End(order, OrderState.Cancelled, reason);
        foreach (var book in found.Select(order => order.Listed).Distinct())
            Publish(book);
        return [.. found.Select(order => order.Copy())];
    }

    /// <summary>Changes a resting or untriggered order; it keeps its id.</summary>
    /// <remarks>
    /// A smaller amount at the same price keeps the place in the queue; anything else goes to its end. A refused change
    /// leaves the order as it was.
    /// </remarks>
    public OrderAnswer Edit(PaperAccount account, string orderId, OrderChange change)
    {
        var (error, order) = FindOpen(account, orderId);
        if (order is null)
            return OrderAnswer.Refused(error);
        var book = order.Listed;
        decimal amount = change.Amount ?? order.Amount;
        decimal price = change.Price ?? order.Price;
        bool reduceOnly = change.ReduceOnly ?? order.ReduceOnly;
        bool postOnly = change.PostOnly ?? order.PostOnly;
        bool rejectPostOnly = change.RejectPostOnly ?? order.RejectPostOnly;
        var asked = new OrderRequest
        {
            Instrument = book.Name,
            Side = order.Side,
            Amount = amount,
            Kind = order.Kind,
            Price = order.Kind is OrderKind.StopMarket or OrderKind.TakeMarket ? null : price,
            PostOnly = postOnly,
            RejectPostOnly = rejectPostOnly,
            ReduceOnly = reduceOnly,
            ValidUntilMs = change.ValidUntilMs,
            TriggerPrice = change.TriggerPrice ?? order.TriggerPrice,
            Trigger = order.Trigger,
        };
        (error, string detail) = Check(account, book, asked, isEdit: true);
        if (error != VenueError.None)
            return OrderAnswer.Refused(error, detail);
        if (amount <= order.Filled)
            return OrderAnswer.Refused(VenueError.InvalidAmount, "not above what is filled");
        if (order.State == OrderState.Untriggered)
        {
            (order.Amount, order.Price, order.TriggerPrice) = (amount, price, asked.TriggerPrice);
            return Edited(order, [], reduceOnly, postOnly, rejectPostOnly);
        }
        if (reduceOnly)
        {
            decimal own = order.ReduceOnly ? order.Remaining : 0;
            amount = Math.Min(amount, order.Filled + Reducible(account, book, order.Side) + own);
        }
        if (amount <= order.Filled)
            return OrderAnswer.Refused(VenueError.OtherReject, "reduce_only: no position to reduce");
        if (price == order.Price && amount <= order.Amount)
        {
            book.Book.Shrink(order, order.Amount - amount);
            order.Amount = amount;
            return Edited(order, [], reduceOnly, postOnly, rejectPostOnly);
        }
        return Requeue(order, amount, price, (reduceOnly, postOnly, rejectPostOnly));
    }

    OrderAnswer Requeue(Order order, decimal amount, decimal price, (bool Reduce, bool Post, bool Reject) flags)
    {
        var (book, account) = (order.Listed, order.Account);
        bool crosses = Crosses(book, order.Side, price);
        if (crosses && flags.Post && (flags.Reject || book.Book.BestAgainst(order.Side)!.Price <= book.LowestTick))
            return OrderAnswer.Refused(VenueError.PostOnlyReject);
        if (crosses && !flags.Post && MeetsSelfFirst(order))
            return OrderAnswer.Refused(VenueError.OrderOverlap);
        if (!Affords(account, book, order.Side, amount - order.Filled, price, flags.Reduce, without: order))
            return OrderAnswer.Refused(VenueError.NotEnoughFunds);
        book.Book.Remove(order);
        account.Suspend(order);
        (order.Amount, order.Price, order.Replaced) = (amount, price, true);
        (order.ReduceOnly, order.PostOnly, order.RejectPostOnly) = flags;
        return Execute(order);
    }

    OrderAnswer Edited(Order order, IReadOnlyList<Fill> fills, bool reduceOnly, bool postOnly, bool rejectPostOnly)
    {
        (order.ReduceOnly, order.PostOnly, order.RejectPostOnly) = (reduceOnly, postOnly, rejectPostOnly);
        order.Replaced = true;
        order.UpdatedMs = NowMs;
        EmitOrder(order);
        Publish(order.Listed);
        return new OrderAnswer(VenueError.None, "", order, fills);
    }

    /// <summary>An order of the account by id, open or among the recent closed ones.</summary>
    public Order? Find(PaperAccount account, string orderId) =>
        account.OpenOrders.FirstOrDefault(order => order.Id == orderId)
        ?? account.ClosedOrders.LastOrDefault(order => order.Id == orderId);

    (VenueError, Order?) FindOpen(PaperAccount account, string orderId)
    {
        if (orders.TryGetValue(orderId, out var order) && order.Account == account)
            return (VenueError.None, order);
        bool known = account.ClosedOrders.Any(closed => closed.Id == orderId);
        return (known ? VenueError.NotOpenOrder : VenueError.OrderNotFound, null);
    }

    Order New(PaperAccount account, ListedInstrument book, OrderRequest request, decimal amount, string? from = null)
    {
        string prefix = book.Currency.Code == "BTC" ? "" : $"{book.Currency.Code}-";
        string id = request.IsTrigger
            ? $"{book.Currency.Code}-{TriggerPrefix(request.Kind)}-{++orderNumber}"
            : $"{prefix}{++orderNumber}";
        return new Order
        {
            Id = id,
            Account = account,
            Listed = book,
            Side = request.Side,
            Kind = request.Kind,
            TimeInForce = request.TimeInForce,
            CreatedMs = NowMs,
            UpdatedMs = NowMs,
            Price = request.Price ?? 0,
            Amount = amount,
            PostOnly = request.PostOnly,
            RejectPostOnly = request.RejectPostOnly,
            ReduceOnly = request.ReduceOnly,
            Label = request.Label,
            Connection = request.Connection,
            Quote = request.Quote,
            TriggerPrice = request.TriggerPrice,
            Trigger = request.IsTrigger ? request.Trigger ?? TriggerSource.LastPrice : null,
            TriggerOrderId = from,
            State = request.IsTrigger ? OrderState.Untriggered : OrderState.Open,
        };
    }

    static string TriggerPrefix(OrderKind kind) =>
        kind switch
        {
            OrderKind.StopMarket => "SLMB",
            OrderKind.StopLimit => "SLTB",
            OrderKind.TakeMarket => "TPMB",
            _ => "TPTB",
        };

    /// <summary>What a reduce-only order of this side may still take of the position.</summary>
    static decimal Reducible(PaperAccount account, ListedInstrument book, Side side)
    {
        decimal size = account.SizeOf(book);
        decimal held = side == Side.Sell ? size : -size;
        if (held <= 0)
            return 0;
        foreach (var order in account.OpenOrders)
            if (order.Listed == book && order.ReduceOnly && order.State == OrderState.Open && order.Side == side)
                held -= order.Remaining;
        return Math.Max(0, held);
    }
}
