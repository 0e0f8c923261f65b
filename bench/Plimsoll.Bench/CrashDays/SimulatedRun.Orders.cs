using Plimsoll.Controls;
using Plimsoll.Engine;
using Plimsoll.Markets;
using Plimsoll.Paper;
using OrderState = Plimsoll.Paper.OrderState;

namespace Plimsoll.CrashDays;

/// <summary>Orders of the account at the venue, as a client would send, change and read them.</summary>
sealed partial class SimulatedRun
{
    /// <summary>Changes of resting orders that the venue took.</summary>
    public int Changes { get; private set; }

    IEnumerable<Order> Resting => Account.OpenOrders.Where(order => order.Label.Length > 0);

    OrderAnswer Send(OrderIntent order) =>
        Place(
            order.Instrument,
            order.Side,
            order.Contracts,
            order.Label,
            order.LimitPrice,
            order.ReduceOnly,
            order.Life == OrderLife.Rests
        );

    void Change(OrderIntent order)
    {
        if (Resting.FirstOrDefault(one => one.Label == order.Label) is not { } resting)
        {
            Give(new SendFailed(order.Label, false, "not open", RefusalKind.Other));
            return;
        }
        var answer = venue.Edit(
            Account,
            resting.Id,
            new OrderChange
            {
                Amount = order.Contracts * resting.Listed.Instrument.OrderAmountPerContract,
                Price = order.LimitPrice,
            }
        );
        if (answer.Error != VenueError.None)
            Give(new SendFailed(order.Label, false, answer.Error.Name(), Kind(answer.Error)));
        else
            Changes++;
    }

    void Read(string label)
    {
        var known = Account.OpenOrders.Concat(Account.ClosedOrders).FirstOrDefault(order => order.Label == label);
        Give(known is null ? new OrderNotFound(label) : Seen(known));
    }

    static OrderSeen Seen(Order order) =>
        new(
            order.Label,
            Status(order.State),
            order.Listed.Contracts(order.Filled),
            "",
            order.State == OrderState.Rejected && order.PostOnly ? RefusalKind.WouldTrade : RefusalKind.None,
            order.Listed.Contracts(order.Amount),
            order.Price
        );

    static ListedOrder Listed(Order order) =>
        new(
            order.Label,
            order.Listed.Name,
            order.Side,
            order.Listed.Contracts(order.Remaining),
            order.Price,
            order.ReduceOnly
        );

    OrderAnswer Place(
        string name,
        Side side,
        decimal contracts,
        string label,
        decimal? price = null,
        bool reduceOnly = false,
        bool rests = false
    ) =>
        venue.Place(
            Account,
            new OrderRequest
            {
                Instrument = name,
                Side = side,
                Amount = contracts * venue.Listed[name].Instrument.OrderAmountPerContract,
                Kind = price is null ? OrderKind.Market : OrderKind.Limit,
                Price = price,
                TimeInForce = rests ? TimeInForce.GoodTilCancelled : TimeInForce.ImmediateOrCancel,
                PostOnly = rests,
                RejectPostOnly = rests,
                ReduceOnly = reduceOnly,
                Label = label,
            }
        );

    static VenueOrderStatus Status(OrderState state) =>
        state switch
        {
            OrderState.Open or OrderState.Untriggered => VenueOrderStatus.Open,
            OrderState.Filled => VenueOrderStatus.Filled,
            OrderState.Rejected => VenueOrderStatus.Rejected,
            _ => VenueOrderStatus.Cancelled,
        };

    static RefusalKind Kind(VenueError error) =>
        error is VenueError.PriceTooHigh or VenueError.PriceTooLow ? RefusalKind.Price
        : error == VenueError.PostOnlyReject ? RefusalKind.WouldTrade
        : RefusalKind.Other;
}
