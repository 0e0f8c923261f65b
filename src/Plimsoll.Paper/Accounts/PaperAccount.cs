using Plimsoll.Markets;

namespace Plimsoll.Paper;

/// <summary>Who an account is to the venue.</summary>
public enum AccountRole
{
    /// <summary>Of the user: margined, liquidated, reported.</summary>
    Client,

    /// <summary>A simulated trader: margined, liquidated and deleveraged like a client.</summary>
    Crowd,

    /// <summary>The venue's own market maker and order flow: never margined.</summary>
    House,
}

/// <summary>What the venue does when an order would meet another of its owner.</summary>
public enum SelfTradeMode
{
    /// <summary>The incoming order is refused, or its rest cancelled when it had traded already.</summary>
    RejectTaker,

    /// <summary>The resting order is cancelled and the incoming one goes on.</summary>
    CancelMaker,
}

/// <summary>One entry of an account's ledger: the sum of <paramref name="Change"/> is the balance.</summary>
/// <param name="Id">Unique at the venue.</param>
/// <param name="UserSequence">Contiguous within the account.</param>
/// <param name="AtMs">When, milliseconds UTC.</param>
/// <param name="Type">The venue's word: <c>trade</c>, <c>delivery</c>, <c>settlement</c>, <c>deposit</c>, ...</param>
/// <param name="Currency">Of the wallet.</param>
/// <param name="Instrument">Null for a deposit.</param>
/// <param name="Change">Of the balance.</param>
/// <param name="Commission">Fee within the change.</param>
/// <param name="Balance">After the entry.</param>
/// <param name="Position">Size after the entry; null without an instrument.</param>
/// <param name="Price">Trade, settlement or delivery price.</param>
/// <param name="Amount">Size of the entry.</param>
/// <param name="Side">The venue's word, such as <c>open buy</c>; <c>-</c> for none.</param>
/// <param name="Fill">The fill of a trade.</param>
/// <param name="Role">Of a position that the venue moved: <c>source</c> or <c>destination</c>; else null.</param>
public sealed record LedgerEntry(
    long Id,
    long UserSequence,
    long AtMs,
    string Type,
    Currency Currency,
    string? Instrument,
    decimal Change,
    decimal Commission,
    decimal Balance,
    decimal? Position,
    decimal? Price,
    decimal? Amount,
    string Side,
    Fill? Fill,
    string? Role = null
);

/// <summary>A closed settlement of a position, for the settlement history.</summary>
/// <param name="Type"><c>settlement</c>, <c>delivery</c> or <c>bankruptcy</c>.</param>
/// <param name="AtMs">When, milliseconds UTC.</param>
/// <param name="Instrument">Name.</param>
/// <param name="Position">Size that was settled.</param>
/// <param name="Mark">Settlement or delivery price.</param>
/// <param name="Index">Index then.</param>
/// <param name="SessionGain">Moved to cash.</param>
/// <param name="OpenGain">Since the position was opened.</param>
public sealed record SettlementRow(
    string Type,
    long AtMs,
    string Instrument,
    decimal Position,
    decimal Mark,
    decimal Index,
    decimal SessionGain,
    decimal OpenGain
);

/// <summary>An account: wallets, positions, open orders and what happened to it.</summary>
public sealed class PaperAccount
{
    const int Kept = 20_000;
    readonly SortedDictionary<string, HeldPosition> positions = new(StringComparer.Ordinal);
    readonly SortedDictionary<Currency, decimal> cash = [];
    readonly List<Order> open = [];
    readonly List<Order> closed = [];
    readonly List<Fill> fills = [];
    readonly List<LedgerEntry> ledger = [];
    readonly List<SettlementRow> settlements = [];

    /// <summary>Unique number at the venue.</summary>
    public required long Id { get; init; }

    /// <summary>Name of the account.</summary>
    public required string Name { get; init; }

    /// <summary>Client, crowd or house.</summary>
    public required AccountRole Role { get; init; }

    /// <summary>What happens when its orders meet.</summary>
    public SelfTradeMode SelfTrade { get; set; } = SelfTradeMode.RejectTaker;

    /// <summary>Currencies whose wallet is being liquidated: no order may be placed or cancelled.</summary>
    public SortedSet<Currency> Locked { get; } = [];

    /// <summary>Positions by name; flat ones stay until the next settlement.</summary>
    public IReadOnlyDictionary<string, HeldPosition> Positions => positions;

    /// <summary>Cash by currency: without the session's gains and without option value.</summary>
    public IReadOnlyDictionary<Currency, decimal> Cash => cash;

    /// <summary>Open and untriggered orders, oldest first.</summary>
    public IReadOnlyList<Order> OpenOrders => open;

    /// <summary>Orders that are gone, oldest first; the last 20,000.</summary>
    public IReadOnlyList<Order> ClosedOrders => closed;

    /// <summary>Fills, oldest first; the last 20,000.</summary>
    public IReadOnlyList<Fill> Fills => fills;

    /// <summary>Entries, oldest first; the last 20,000.</summary>
    public IReadOnlyList<LedgerEntry> Ledger => ledger;

    /// <summary>Settlements and deliveries, oldest first.</summary>
    public IReadOnlyList<SettlementRow> Settlements => settlements;

    /// <summary>Number of the last ledger entry.</summary>
    public long UserSequence { get; private set; }

    /// <summary>Whether margin rules apply.</summary>
    public bool IsMargined => Role != AccountRole.House;

    /// <summary>The position of an instrument, flat if new.</summary>
    public HeldPosition Position(ListedInstrument listed)
    {
        if (!positions.TryGetValue(listed.Name, out var held))
            positions.Add(listed.Name, held = new HeldPosition(listed));
        return held;
    }

    /// <summary>Size held of an instrument; 0 when none.</summary>
    public decimal SizeOf(ListedInstrument listed) => positions.GetValueOrDefault(listed.Name)?.Size ?? 0;

    /// <summary>Cash of a currency; 0 when none.</summary>
    public decimal CashOf(Currency currency) => cash.GetValueOrDefault(currency);

    internal decimal Credit(Currency currency, decimal change) => cash[currency] = CashOf(currency) + change;

    internal void Write(LedgerEntry entry) => Keep(ledger, entry with { UserSequence = ++UserSequence });

    internal void Record(Fill fill) => Keep(fills, fill);

    internal void Record(SettlementRow row) => Keep(settlements, row);

    internal void Opened(Order order) => open.Add(order);

    internal void Suspend(Order order) => open.Remove(order);

    internal void Closed(Order order)
    {
        open.Remove(order);
        Keep(closed, order);
    }

    internal void Forget(ListedInstrument listed) => positions.Remove(listed.Name);

    static void Keep<T>(List<T> list, T item)
    {
        if (list.Count == Kept)
            list.RemoveRange(0, Kept / 10);
        list.Add(item);
    }
}
