using Plimsoll.Markets;

namespace Plimsoll.Paper;

/// <summary>What one instrument is worth at a moment of the market.</summary>
/// <param name="Listed">The instrument.</param>
/// <param name="Fair">Worth in the instrument's unit; positive.</param>
/// <param name="UnderlyingUsd">Forward of an option's expiry; the fair price of a future.</param>
/// <param name="Volatility">Of an option, a fraction a year; 0 otherwise.</param>
public readonly record struct FairPrice(
    ListedInstrument Listed,
    decimal Fair,
    decimal UnderlyingUsd,
    double Volatility
);

/// <summary>A level that the house wants to show.</summary>
public readonly record struct QuoteLevel(Side Side, decimal Price, decimal Amount);

public sealed partial class Venue
{
    const int PriceDigits = 2;
    const decimal FundingPeriodMs = 28_800_000;
    const int CoinFundingDigits = 16;
    const int DollarFundingDigits = 10;
    readonly SortedDictionary<string, decimal> indexUsd = new(StringComparer.Ordinal);
    readonly SortedDictionary<string, IndexAverage> averages = new(StringComparer.Ordinal);
    long nextRoundMs;
    long observedMs;

    /// <summary>Index of every coin, USD.</summary>
    public IReadOnlyDictionary<string, decimal> IndexUsd => indexUsd;

    /// <summary>A moment of the market: time passes, then prices move, then the venue acts on them.</summary>
    /// <param name="nowMs">Time of the moment, milliseconds UTC.</param>
    /// <param name="indexes">Index by coin, USD; a coin that is absent keeps its index.</param>
    /// <param name="prices">Worth of instruments; what is absent keeps its worth.</param>
    public void Observe(long nowMs, IReadOnlyDictionary<string, decimal> indexes, IReadOnlyList<FairPrice> prices)
    {
        Advance(nowMs);
        foreach (var (coin, price) in indexes)
        {
            if (price <= 0)
                throw new ArgumentOutOfRangeException(nameof(indexes), price, $"index of {coin} must be positive");
            indexUsd[coin] = price;
        }
        foreach (var price in prices)
            (price.Listed.Fair, price.Listed.UnderlyingUsd, price.Listed.MarkVolatility) = (
                price.Fair,
                price.UnderlyingUsd,
                price.Volatility
            );
        foreach (var book in listed.Values)
            if (book.State != BookState.Closed)
                Mark(book, NowMs - observedMs);
        observedMs = NowMs;
        Emit(new MarketMoved(NowMs));
        foreach (var book in listed.Values)
            if (book.Triggers.Count > 0)
                FireTriggers(book);
        if (NowMs < nextRoundMs)
            return;
        nextRoundMs = NowMs + Figures.LiquidationRoundMs;
        LiquidationRound();
    }

    /// <summary>Index of a coin; 0 before its first moment.</summary>
    public decimal Index(string coin) => indexUsd.GetValueOrDefault(coin);

    /// <summary>Delivery price as it stands: the average so far within the window, the index before it.</summary>
    public decimal EstimatedDelivery(string coin) =>
        averages.TryGetValue(coin, out var average) && average.SpanMs > 0 ? average.Price : Index(coin);

    /// <summary>Makes the house's resting orders of a book be these; levels that stay keep their place.</summary>
    public void Quote(PaperAccount house, ListedInstrument book, IReadOnlyList<QuoteLevel> levels)
    {
        if (book.State != BookState.Open)
            return;
        var wanted = new Dictionary<(Side, decimal), decimal>(levels.Count);
        foreach (var level in levels)
            wanted[(level.Side, level.Price)] = level.Amount;
        foreach (var (key, order) in book.HouseOrders.ToList())
        {
            decimal amount = wanted.GetValueOrDefault(key);
            if (amount == order.Remaining)
                wanted.Remove(key);
            else if (amount > 0 && amount < order.Remaining)
            {
                book.Book.Shrink(order, order.Remaining - amount);
                order.Amount = order.Filled + amount;
                wanted.Remove(key);
            }
            else
                End(order, OrderState.Cancelled, CancelReason.UserRequest);
        }
        var fills = new List<Fill>();
        foreach (var level in levels)
        {
            if (!wanted.Remove((level.Side, level.Price)))
                continue;
            var order = New(house, book, Asked(book, level), level.Amount);
            fills.AddRange(Match(order, level.Price, out bool metSelf));
            if (order.Remaining == 0 || metSelf)
                continue;
            order.Sequence = ++sequence;
            Rest(order);
            book.HouseOrders[(level.Side, level.Price)] = order;
        }
        Publish(book);
        if (fills.Count > 0)
            FireTriggers(book);
    }

    static OrderRequest Asked(ListedInstrument book, QuoteLevel level) =>
        new()
        {
            Instrument = book.Name,
            Side = level.Side,
            Amount = level.Amount,
            Price = level.Price,
        };

    /// <summary>Mark and funding from fair value and index.</summary>
    /// <remarks>
    /// Futures: index plus a moving average of fair less index over <see cref="VenueFigures.MarkAverageMs"/>. Options:
    /// fair value. Funding for 8 hours from the premium p of the mark over the index, b the dead band:
    /// max(b, p) + min(−b, p), capped.
    /// </remarks>
    void Mark(ListedInstrument book, long passedMs)
    {
        decimal index = Index(book.Instrument.Underlying);
        book.IndexUsd = index;
        if (index == 0 || book.Fair == 0)
            return;
        if (book.Instrument is OptionInstrument)
        {
            book.Mark = book.Fair;
            return;
        }
        decimal weight = book.Mark == 0 ? 1 : Math.Min(1, (decimal)passedMs / Figures.MarkAverageMs);
        book.Basis += weight * (book.Fair - index - book.Basis);
        book.Basis = decimal.Round(book.Basis, 8);
        book.Mark = Math.Max(book.LowestTick, decimal.Round(index + book.Basis, PriceDigits));
        book.UnderlyingUsd = book.Mark;
        if (book.Instrument is not PerpetualInstrument)
            return;
        decimal premium = (book.Mark - index) / index;
        decimal rate = Math.Max(Figures.FundingDeadBand8h, premium) + Math.Min(-Figures.FundingDeadBand8h, premium);
        book.FundingRate8h = decimal.Round(Math.Clamp(rate, -Figures.FundingCap8h, Figures.FundingCap8h), 10);
    }

    void AccrueFunding(long passedMs)
    {
        foreach (var book in listed.Values)
        {
            if (book.Instrument is not PerpetualInstrument || book.Mark == 0)
                continue;
            decimal paid = book.FundingRate8h * passedMs / FundingPeriodMs;
            book.FundingIndex += Payoff.IsReciprocal(book.Instrument)
                ? decimal.Round(paid / book.Mark, CoinFundingDigits)
                : decimal.Round(paid * book.Mark, DollarFundingDigits);
            book.Funding.Add(NowMs, book.IndexUsd, paid);
        }
    }

    OrderAnswer Await(Order order)
    {
        order.Sequence = ++sequence;
        order.Listed.Triggers.Add(order);
        orders[order.Id] = order;
        order.Account.Opened(order);
        EmitOrder(order);
        return new OrderAnswer(VenueError.None, "", order, []);
    }

    void FireTriggers(ListedInstrument book)
    {
        foreach (var waiting in book.Triggers.ToList())
        {
            decimal watched = Watched(book, waiting.Trigger!.Value);
            if (waiting.State != OrderState.Untriggered || book.State != BookState.Open)
                continue;
            if (!Fires(waiting.Kind, waiting.Side, waiting.TriggerPrice!.Value, watched))
                continue;
            End(waiting, OrderState.Triggered, CancelReason.None);
            var request = new OrderRequest
            {
                Instrument = book.Name,
                Side = waiting.Side,
                Amount = waiting.Amount,
                Kind = waiting.Kind is OrderKind.StopLimit or OrderKind.TakeLimit ? OrderKind.Limit : OrderKind.Market,
                Price = waiting.Price == 0 ? null : waiting.Price,
                TimeInForce = waiting.TimeInForce,
                PostOnly = waiting.PostOnly,
                RejectPostOnly = waiting.RejectPostOnly,
                ReduceOnly = waiting.ReduceOnly,
                Label = waiting.Label,
                Connection = waiting.Connection,
            };
            var answer = Fire(waiting, request);
            if (answer.Error == VenueError.None)
                continue;
            var refused = New(waiting.Account, book, request, waiting.Amount, waiting.Id);
            Close(refused, OrderState.Rejected, CancelReason.RiskMitigation);
        }
    }

    OrderAnswer Fire(Order waiting, OrderRequest request)
    {
        var (account, book) = (waiting.Account, waiting.Listed);
        var (error, detail) = Check(account, book, request);
        if (error != VenueError.None)
            return OrderAnswer.Refused(error, detail);
        decimal reducible = Reducible(account, book, request.Side);
        decimal amount = request.ReduceOnly ? Math.Min(request.Amount, reducible) : request.Amount;
        if (amount <= 0)
            return OrderAnswer.Refused(VenueError.OtherReject);
        var order = New(account, book, request, amount, waiting.Id);
        return Affords(account, book, order.Side, amount, FundingPrice(book, order), order.ReduceOnly)
            ? Execute(order)
            : OrderAnswer.Refused(VenueError.NotEnoughFunds);
    }
}
