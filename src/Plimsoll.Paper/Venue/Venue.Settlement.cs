using Plimsoll.Markets;

namespace Plimsoll.Paper;

public sealed partial class Venue
{
    const long DayMs = 86_400_000;
    const long SettlementHourMs = 8 * 3_600_000;

    // Futures that exist only for the moment in which options are delivered into them, and what came from options.
    readonly SortedDictionary<string, ListedInstrument> unlisted = new(StringComparer.Ordinal);
    readonly Dictionary<(long Account, string Future), decimal> exercised = [];
    long reopensMs = long.MinValue;

    /// <summary>Lets time pass at unchanged prices: funding, averages, settlements and expiries on the way.</summary>
    public void Advance(long nowMs)
    {
        while (NextSettlement(NowMs) is var boundary && boundary <= nowMs)
        {
            PassTo(boundary);
            SettleDay(boundary);
        }
        PassTo(nowMs);
        if (NowMs < reopensMs)
            return;
        foreach (var book in listed.Values)
            if (book.State == BookState.Settlement)
            {
                book.State = BookState.Open;
                Emit(new InstrumentChanged(book, "started"));
            }
    }

    /// <summary>The first 08:00 UTC after a time.</summary>
    public static long NextSettlement(long ms) => (ms - SettlementHourMs) / DayMs * DayMs + DayMs + SettlementHourMs;

    void PassTo(long ms)
    {
        long passed = ms - NowMs;
        if (passed <= 0)
            return;
        long windowStart = NextSettlement(NowMs) - Figures.DeliveryAverageMs;
        foreach (var (coin, price) in indexUsd)
            if (ms > windowStart)
            {
                if (!averages.TryGetValue(coin, out var average))
                    averages.Add(coin, average = new IndexAverage());
                average.Add(price, ms - Math.Max(NowMs, windowStart));
            }
        NowMs = ms;
        AccrueFunding(passed);
    }

    void SettleDay(long boundary)
    {
        reopensMs = boundary + Figures.SettlementPauseMs;
        var books = listed.Values.Where(book => book.State != BookState.Closed).ToList();
        foreach (var book in books)
        {
            book.State = BookState.Settlement;
            Emit(new InstrumentChanged(book, "settlement"));
        }
        CancelOrders(order => order.TimeInForce == TimeInForce.GoodTilDay || order.Listed.ExpiryMs <= boundary);
        foreach (var book in books.Where(b => b.Instrument is OptionInstrument && b.ExpiryMs <= boundary))
            DeliverOption(book);
        foreach (var book in books.Where(b => b.Instrument is not OptionInstrument))
        {
            if (book.ExpiryMs <= boundary)
                DeliverFuture(book);
            else if (book.Mark > 0)
                SettleSession(book);
        }
        foreach (var made in unlisted.Values)
            DeliverFuture(made);
        foreach (var book in books.Where(b => b.ExpiryMs <= boundary))
        {
            book.State = BookState.Closed;
            book.OpenInterest = 0;
            Emit(new InstrumentChanged(book, "closed"));
        }
        foreach (var account in accounts)
        foreach (var book in books.Concat(unlisted.Values))
            if (account.Positions.TryGetValue(book.Name, out var held) && held.Size == 0)
                account.Forget(book);
        foreach (var account in accounts)
        foreach (var currency in Currencies(account))
            EmitPortfolio(account, currency);
        averages.Clear();
        unlisted.Clear();
        exercised.Clear();
    }

    void CancelOrders(Func<Order, bool> matches)
    {
        foreach (var account in accounts)
        foreach (var order in account.OpenOrders.Where(matches).ToList())
            End(order, OrderState.Cancelled, CancelReason.Settlement);
        foreach (var book in listed.Values)
            Publish(book);
    }

    /// <summary>Daily settlement of a future: the session's gain becomes cash at the mark.</summary>
    void SettleSession(ListedInstrument book)
    {
        book.SettlementPrice = book.Mark;
        foreach (var account in accounts)
        {
            if (!account.Positions.TryGetValue(book.Name, out var held))
                continue;
            decimal open = held.OpenGain(book.Mark);
            decimal moved = held.Settle(book.Mark);
            if (held.Size == 0 && moved == 0)
                continue;
            Book(account, book.Currency, moved, "settlement", book.Name, 0, held.Size, book.Mark, "-", null);
            account.Record(
                new SettlementRow("settlement", NowMs, book.Name, held.Size, book.Mark, book.IndexUsd, moved, open)
            );
        }
    }

    /// <summary>An option in the money becomes a future bought at the strike; both are worth the payoff.</summary>
    /// <remarks>
    /// Rule of the venue since April 2026 (linear) and 1 August 2026 (inverse). A call on A coin is A·K dollars of the
    /// inverse future at K: A·K·(1/K − 1/S) = A·(S − K)/S coin. The future nets with the account's own of that expiry.
    /// </remarks>
    void DeliverOption(ListedInstrument book)
    {
        var option = (OptionInstrument)book.Instrument;
        decimal price = EstimatedDelivery(option.Underlying);
        int sign = option.Right == OptionRight.Call ? 1 : -1;
        decimal intrinsicUsd = Math.Max(0, sign * (price - option.StrikeUsd));
        book.DeliveryPrice = price;
        foreach (var account in accounts)
        {
            if (!account.Positions.TryGetValue(book.Name, out var held) || held.Size == 0)
                continue;
            decimal size = held.Size;
            decimal value = option.Shape == PayoffShape.Inverse ? intrinsicUsd / price : intrinsicUsd;
            decimal gain = decimal.Round(size * value, 12) - held.OpenCost;
            held.Extinguish();
            decimal fee = intrinsicUsd == 0 ? 0 : DeliveryFee(book, size, value, price);
            Add(feesTaken, book.Currency, fee);
            Book(
                account,
                book.Currency,
                -fee,
                "delivery",
                book.Name,
                fee,
                0,
                price,
                size > 0 ? "close sell" : "close buy",
                Math.Abs(size)
            );
            account.Record(new SettlementRow("delivery", NowMs, book.Name, size, price, price, gain, gain));
            if (intrinsicUsd > 0)
                Exercise(account, book, option, size * sign);
        }
    }

    void Exercise(PaperAccount account, ListedInstrument book, OptionInstrument option, decimal amount)
    {
        var future = FutureOf(book, option);
        bool reciprocal = Payoff.IsReciprocal(future.Instrument);
        decimal size = reciprocal ? amount * option.StrikeUsd : amount;
        decimal value = reciprocal ? amount : amount * option.StrikeUsd;
        account.Position(future).Trade(size, value);
        exercised[(account.Id, future.Name)] = exercised.GetValueOrDefault((account.Id, future.Name)) + size;
    }

    /// <summary>The future of an option's expiry, listed or made for the delivery.</summary>
    ListedInstrument FutureOf(ListedInstrument book, OptionInstrument option)
    {
        var parts = DeribitNames.Parse(option.Name, out _)!;
        string name = DeribitNames.Write(parts with { Kind = ContractKind.Future, StrikeUsd = null, Right = null });
        if (listed.TryGetValue(name, out var known))
            return known;
        if (unlisted.TryGetValue(name, out var made))
            return made;
        made = ListedInstrument.Of(new FutureInstrument(option, name, option.Expiry), book.Margin, book.Id, NowMs);
        unlisted.Add(name, made);
        return made;
    }

    void DeliverFuture(ListedInstrument book)
    {
        decimal price = EstimatedDelivery(book.Instrument.Underlying);
        book.DeliveryPrice = price;
        decimal residue = 0;
        foreach (var account in accounts)
        {
            if (!account.Positions.TryGetValue(book.Name, out var held))
                continue;
            decimal size = held.Size;
            decimal open = held.OpenGain(price);
            decimal cost = held.SessionCost;
            decimal moved = held.Settle(price);
            decimal value = Payoff.Value(book.Instrument, size, price);
            residue += Payoff.Sign(book.Instrument) * value;
            held.Extinguish();
            // What came from options has paid as options.
            decimal traded = size - exercised.GetValueOrDefault((account.Id, book.Name));
            decimal fee = DeliveryFee(book, Math.Min(Math.Abs(size), Math.Abs(traded)), price, price);
            Add(feesTaken, book.Currency, fee);
            if (cost == 0 && moved == 0)
                continue;
            Book(
                account,
                book.Currency,
                moved - fee,
                "delivery",
                book.Name,
                fee,
                0,
                price,
                size > 0 ? "close sell" : "close buy",
                Math.Abs(size)
            );
            account.Record(new SettlementRow("delivery", NowMs, book.Name, size, price, price, moved, open));
        }
        Add(rounding, book.Currency, -residue);
    }

    /// <summary>Fee of delivery: none for daily options and weekly futures.</summary>
    decimal DeliveryFee(ListedInstrument book, decimal size, decimal price, decimal indexUsd)
    {
        var period = SettlementPeriods.Of(book.Instrument);
        bool free =
            book.Instrument is OptionInstrument
                ? period == SettlementPeriod.Day
                : period is SettlementPeriod.Day or SettlementPeriod.Week;
        return free || size == 0
            ? 0
            : Payoff.Fee(book.Instrument, size, price, indexUsd, book.Instrument.Fees.DeliveryRate);
    }
}
