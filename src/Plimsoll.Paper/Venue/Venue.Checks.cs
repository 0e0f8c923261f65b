using Plimsoll.Markets;

namespace Plimsoll.Paper;

public sealed partial class Venue
{
    /// <summary>Every rule of an order that does not need the account's margin, in the venue's order.</summary>
    (VenueError Error, string Detail) Check(
        PaperAccount account,
        ListedInstrument book,
        OrderRequest request,
        bool isEdit = false
    )
    {
        var state = CheckState(account, book);
        if (state.Error != VenueError.None)
            return state;
        if (request.ValidUntilMs < NowMs)
            return (VenueError.TimedOut, "");
        if (request.Label.Length > Figures.LabelCharacters)
            return (VenueError.InvalidArguments, "label: too long");
        if (request.Amount < book.MinimumAmount)
            return (VenueError.QtyTooLow, $"below {book.MinimumAmount}");
        if (request.Amount % book.LotAmount != 0)
            return (VenueError.InvalidAmount, $"must be a multiple of {book.LotAmount}");
        if (request.PostOnly && (!request.HasLimit || request.TimeInForce > TimeInForce.GoodTilDay))
            return (VenueError.PostOnlyNotAllowed, "");
        bool full = account.Role != AccountRole.House && account.OpenOrders.Count >= Figures.OpenOrdersPerAccount;
        if (!isEdit && full)
            return (VenueError.MatchingEngineQueueFull, "too many open orders");
        var price = CheckPrice(book, request);
        return price.Error != VenueError.None || !request.IsTrigger
            ? price
            : CheckTrigger(account, book, request, isEdit);
    }

    (VenueError Error, string Detail) CheckState(PaperAccount account, ListedInstrument book)
    {
        if (account.Locked.Contains(book.Currency))
            return (VenueError.AccountLocked, "liquidation");
        return book.State switch
        {
            BookState.Settlement => (VenueError.SettlementInProgress, ""),
            BookState.Closed => (VenueError.BookClosed, ""),
            _ => (VenueError.None, ""),
        };
    }

    (VenueError Error, string Detail) CheckPrice(ListedInstrument book, OrderRequest request)
    {
        if (!request.HasLimit)
            return (VenueError.None, "");
        if (request.Price is not { } price || price <= 0)
            return (VenueError.InvalidPrice, "must be positive");
        if (price % book.Instrument.Ticks.At(price) != 0)
            return (VenueError.PriceWrongTick, $"must be a multiple of {book.Instrument.Ticks.At(price)}");
        if (request.IsTrigger)
            return (VenueError.None, "");
        var (lowest, highest) = Band(book);
        return request.Side == Side.Buy && price > highest ? (VenueError.PriceTooHigh, $"above {highest}")
            : request.Side == Side.Sell && price < lowest ? (VenueError.PriceTooLow, $"below {lowest}")
            : (VenueError.None, "");
    }

    (VenueError Error, string Detail) CheckTrigger(
        PaperAccount account,
        ListedInstrument book,
        OrderRequest request,
        bool isEdit
    )
    {
        if (request.TriggerPrice is not { } trigger || trigger <= 0)
            return (VenueError.InvalidTriggerPrice, "must be positive");
        if (trigger % book.Instrument.Ticks.At(trigger) != 0)
            return (VenueError.TriggerPriceWrongTick, "");
        int waiting = account.OpenOrders.Count(order => order.State == OrderState.Untriggered);
        if (!isEdit && waiting >= Figures.TriggersPerAccount)
            return (VenueError.NoMoreTriggers, "");
        decimal watched = Watched(book, request.Trigger ?? TriggerSource.LastPrice);
        if (!Fires(request.Kind, request.Side, trigger, watched))
            return (VenueError.None, "");
        bool rising = FiresAbove(request.Kind, request.Side);
        return (rising ? VenueError.TriggerPriceTooLow : VenueError.TriggerPriceTooHigh, "it would fire at once");
    }

    /// <summary>Prices between which orders are accepted.</summary>
    public (decimal Lowest, decimal Highest) Band(ListedInstrument book)
    {
        var ticks = book.Instrument.Ticks;
        if (book.Mark <= 0)
            return (0, decimal.MaxValue);
        decimal width = book.Instrument is OptionInstrument option
            ? Figures.OptionBandShare * (option.Shape == PayoffShape.Inverse ? 1 : book.UnderlyingUsd)
            : Figures.FutureBandShare * book.Mark;
        decimal lowest = Math.Max(ticks.BaseTick, ticks.RoundUp(Math.Max(ticks.BaseTick, book.Mark - width)));
        return (lowest, ticks.RoundDown(book.Mark + width));
    }

    /// <summary>Price that a trigger order watches; the mark where there was no trade yet.</summary>
    static decimal Watched(ListedInstrument book, TriggerSource source) =>
        source switch
        {
            TriggerSource.IndexPrice => book.IndexUsd,
            TriggerSource.MarkPrice => book.Mark,
            _ => book.Last ?? book.Mark,
        };

    static bool FiresAbove(OrderKind kind, Side side) =>
        kind is OrderKind.StopLimit or OrderKind.StopMarket ? side == Side.Buy : side == Side.Sell;

    static bool Fires(OrderKind kind, Side side, decimal trigger, decimal watched) =>
        watched > 0 && (FiresAbove(kind, side) ? watched >= trigger : watched <= trigger);
}
