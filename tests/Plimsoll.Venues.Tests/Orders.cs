using Plimsoll.Controls;
using Plimsoll.Engine;
using Plimsoll.Markets;

namespace Plimsoll.Venues.Tests;

/// <summary>Orders that passed the gate, which is the only way to have any.</summary>
static class Orders
{
    /// <summary>Sends through the gate with everything in order.</summary>
    public static SendOrder Approved(OrderIntent order, Instrument terms, DateTimeOffset now)
    {
        bool reduces = order.ReduceOnly;
        var input = new PreTradeInput
        {
            Now = now,
            Permission = TradingPermission.All,
            PermissionReason = "test",
            Instrument = terms,
            Mark = new Observed<decimal>(order.LimitPrice, now),
            IndexUsd = new Observed<decimal>(order.LimitPrice, now),
            Book = new Observed<TopOfBook>(new TopOfBook(order.LimitPrice, order.LimitPrice), now),
            Position = new Observed<decimal>(reduces ? -order.Signed : 0, now),
            WorkingInAccount = 0,
            EquityUsd = new Observed<decimal>(1e9m, now),
            OtherGrossNotionalUsd = 0,
            InitialMarginShareAfter = 0,
            LossTodayShare = 0,
        };
        var limits = new ControlLimits
        {
            OrderNotionalUsd = 1e9m,
            OrderShareOfEquity = 1,
            PositionNotionalUsd = 1e9m,
            GrossNotionalUsd = 1e9m,
            OpenOrders = 1000,
            PriceCollar = 0.5m,
            InitialMarginShare = 1,
            LossTodayShare = 1,
        };
        var answer = PreTradeGate.Check(order, input, limits);
        Assert.True(answer.Approved is not null, $"{answer.Refused}");
        return new SendOrder(order, answer.Approved);
    }
}
