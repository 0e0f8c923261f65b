using Plimsoll.Margin;
using Plimsoll.Markets;

namespace Plimsoll.Paper;

public sealed partial class Venue
{
    const int MarginDigits = 8;

    /// <summary>One wallet of an account at the marks of this moment.</summary>
    public WalletFigures Wallet(PaperAccount account, Currency currency)
    {
        decimal realized = 0,
            unrealized = 0,
            optionsRealized = 0,
            optionsUnrealized = 0,
            optionsValue = 0;
        foreach (var held in account.Positions.Values)
        {
            if (held.Listed.Currency != currency)
                continue;
            held.AccrueFunding();
            if (held.Listed.Instrument is OptionInstrument)
            {
                optionsRealized += held.Realized;
                optionsUnrealized += held.OpenGain(held.Listed.Mark);
                optionsValue += held.Size * held.Listed.Mark;
            }
            else
            {
                realized += held.Realized + held.Funding;
                unrealized += held.Size == 0 ? 0 : held.SessionGain(held.Listed.Mark);
            }
        }
        var (initial, maintenance) = Requirement(account, currency, null);
        return new WalletFigures(
            currency,
            account.CashOf(currency),
            realized,
            unrealized,
            optionsRealized,
            optionsUnrealized,
            optionsValue,
            initial,
            maintenance
        );
    }

    /// <summary>A wallet as it would be with other positions, taken at their marks and without fees.</summary>
    /// <param name="account">Owner; its open orders stay.</param>
    /// <param name="currency">Wallet.</param>
    /// <param name="sizes">Signed order amounts by book; books that are absent hold nothing.</param>
    public WalletFigures Simulate(
        PaperAccount account,
        Currency currency,
        IReadOnlyDictionary<ListedInstrument, decimal> sizes
    )
    {
        var wallet = Wallet(account, currency);
        var (initial, maintenance) = Requirement(account, currency, null, null, sizes);
        decimal options = sizes
            .Where(row => row.Key.Currency == currency && row.Key.Instrument is OptionInstrument)
            .Sum(row => row.Value * row.Key.Mark);
        return wallet with
        {
            Balance = wallet.Balance - (options - wallet.OptionsValue),
            OptionsValue = options,
            Initial = initial,
            Maintenance = maintenance,
        };
    }

    /// <summary>Initial and maintenance margin of one position by itself.</summary>
    public (decimal Initial, decimal Maintenance) PositionMargin(HeldPosition held)
    {
        var rate = Rate(held.Listed);
        double contracts = (double)held.Listed.Contracts(held.Size);
        return (Up(rate.Initial(contracts)), Up(rate.Maintenance(contracts)));
    }

    /// <summary>Mark of one future at which its wallet would be taken over, all else still; null when never.</summary>
    /// <remarks>Maintenance margin is taken at today's mark: the estimate that the venue shows, not its rule.</remarks>
    public decimal? LiquidationPrice(PaperAccount account, HeldPosition held)
    {
        if (held.Size == 0 || held.Listed.Mark == 0 || held.Listed.Instrument is OptionInstrument)
            return null;
        var wallet = Wallet(account, held.Listed.Currency);
        decimal marked = Payoff.Value(held.Listed.Instrument, held.Size, held.Listed.Mark);
        decimal room = wallet.MarginBalance - wallet.Maintenance;
        return Payoff.PriceForGain(held.Listed.Instrument, held.Size, marked, -room);
    }

    /// <summary>Initial margin that an order alone would take from a flat position, premium included.</summary>
    public decimal OrderMargin(ListedInstrument book, Side side, decimal amount, decimal price)
    {
        double contracts = (double)book.Contracts(side == Side.Buy ? amount : -amount);
        decimal premium = book.Instrument is OptionInstrument && side == Side.Buy ? amount * price : 0;
        return Up(Rate(book).Initial(contracts)) + premium;
    }

    /// <summary>Currencies in which an account has cash or a position.</summary>
    public static IEnumerable<Currency> Currencies(PaperAccount account) =>
        account.Cash.Keys.Concat(account.Positions.Values.Select(held => held.Listed.Currency)).Distinct().Order();

    /// <summary>Orders waiting or about to be, of one instrument.</summary>
    sealed class Pending
    {
        public decimal Buys;
        public decimal Sells;
        public decimal Premium;

        public void Add(ListedInstrument book, Side side, decimal amount, decimal price)
        {
            if (side == Side.Sell)
                Sells += amount;
            else
            {
                Buys += amount;
                Premium += book.Instrument is OptionInstrument ? amount * price : 0;
            }
        }
    }

    /// <summary>
    /// Margin of positions as they would stand after the worse side of the open orders, plus reserved premiums.
    /// </summary>
    /// <param name="account">Owner.</param>
    /// <param name="currency">Wallet.</param>
    /// <param name="extra">An order that is not there yet.</param>
    /// <param name="without">An open order to leave out.</param>
    /// <param name="simulated">Amounts in place of the positions held; null: those held.</param>
    (decimal Initial, decimal Maintenance) Requirement(
        PaperAccount account,
        Currency currency,
        (ListedInstrument Book, Side Side, decimal Amount, decimal Price)? extra,
        Order? without = null,
        IReadOnlyDictionary<ListedInstrument, decimal>? simulated = null
    )
    {
        decimal SizeOf(ListedInstrument book) => simulated?.GetValueOrDefault(book) ?? account.SizeOf(book);
        var pending = new SortedDictionary<string, (ListedInstrument Book, Pending Orders)>(StringComparer.Ordinal);
        Pending Of(ListedInstrument book)
        {
            if (!pending.TryGetValue(book.Name, out var found))
                pending.Add(book.Name, found = (book, new Pending()));
            return found.Orders;
        }
        foreach (var order in account.OpenOrders)
            if (order.Listed.Currency == currency && order.State == OrderState.Open && !order.ReduceOnly)
                if (order != without)
                    Of(order.Listed).Add(order.Listed, order.Side, order.Remaining, order.Price);
        if (extra is { } added)
            Of(added.Book).Add(added.Book, added.Side, added.Amount, added.Price);
        foreach (var book in simulated?.Keys ?? account.Positions.Values.Select(held => held.Listed))
            if (SizeOf(book) != 0 && book.Currency == currency)
                Of(book);
        decimal initial = 0,
            maintenance = 0;
        foreach (var (book, orders) in pending.Values)
        {
            var rate = Rate(book);
            decimal size = SizeOf(book);
            double up = rate.Initial((double)book.Contracts(size + orders.Buys));
            double down = rate.Initial((double)book.Contracts(size - orders.Sells));
            initial += Up(Math.Max(up, down)) + orders.Premium;
            maintenance += Up(rate.Maintenance((double)book.Contracts(size)));
        }
        return (initial, maintenance);
    }

    /// <summary>Whether the wallet carries one more order; what only reduces is always carried.</summary>
    bool Affords(
        PaperAccount account,
        ListedInstrument book,
        Side side,
        decimal amount,
        decimal price,
        bool reduceOnly,
        Order? without = null
    )
    {
        if (!account.IsMargined || reduceOnly)
            return true;
        decimal need = Requirement(account, book.Currency, (book, side, amount, price), without).Initial;
        var wallet = Wallet(account, book.Currency);
        return need <= wallet.MarginBalance || need <= wallet.Initial && amount <= Closes(account, book, side);
    }

    static decimal Closes(PaperAccount account, ListedInstrument book, Side side) =>
        Math.Max(0, side == Side.Sell ? account.SizeOf(book) : -account.SizeOf(book));

    /// <summary>Price at which an order is reckoned before it trades.</summary>
    decimal FundingPrice(ListedInstrument book, Order order)
    {
        if (order.Kind == OrderKind.Limit)
            return order.Price;
        return book.Book.BestAgainst(order.Side)?.Price ?? book.Mark;
    }

    static MarginRate Rate(ListedInstrument book) =>
        book.UnderlyingUsd <= 0
            ? default
            : book.Margin.At(new MarginPrice((double)book.UnderlyingUsd, (double)book.Mark));

    static decimal Up(double requirement)
    {
        decimal scale = 100_000_000;
        return decimal.Round(Math.Ceiling((decimal)requirement * scale) / scale, MarginDigits);
    }
}
