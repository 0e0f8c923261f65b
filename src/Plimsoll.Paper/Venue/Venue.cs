using Plimsoll.Margin;
using Plimsoll.Markets;

namespace Plimsoll.Paper;

/// <summary>The paper venue: books, accounts, margin, settlement. Time and commands in, events out.</summary>
/// <remarks>
/// Single-threaded and deterministic: no clock, no I/O, no randomness; the same calls give the same events. Amounts,
/// prices and cash are exact decimals; margin and marks of options come from double models and are rounded once.
/// Time never runs back: an earlier time counts as the present one.
/// </remarks>
public sealed partial class Venue
{
    readonly IMarginModel margin;
    readonly SortedDictionary<string, ListedInstrument> listed = new(StringComparer.Ordinal);
    readonly List<PaperAccount> accounts = [];
    readonly Dictionary<string, Order> orders = [];
    readonly SortedDictionary<Currency, decimal> insuranceFund = [];
    readonly SortedDictionary<Currency, decimal> feesTaken = [];
    readonly SortedDictionary<Currency, decimal> rounding = [];
    readonly SortedDictionary<Currency, decimal> deposited = [];
    List<VenueEvent> events = [];
    long changeId = 1_000_000;
    long orderNumber = 5_000_000;
    long tradeNumber = 2_000_000;
    long ledgerNumber;
    long sequence;

    /// <summary>An empty venue.</summary>
    /// <param name="figures">Dated figures of the venue.</param>
    /// <param name="margin">Margin rule of every account.</param>
    /// <param name="startMs">First moment, milliseconds UTC.</param>
    public Venue(VenueFigures figures, IMarginModel margin, long startMs)
    {
        Figures = figures;
        this.margin = margin;
        NowMs = startMs;
        nextRoundMs = startMs;
        observedMs = startMs;
    }

    /// <summary>Dated figures of the venue.</summary>
    public VenueFigures Figures { get; }

    /// <summary>The venue's time, milliseconds UTC.</summary>
    public long NowMs { get; private set; }

    /// <summary>Instruments by name, closed ones included.</summary>
    public IReadOnlyDictionary<string, ListedInstrument> Listed => listed;

    /// <summary>Accounts in the order in which they were opened.</summary>
    public IReadOnlyList<PaperAccount> Accounts => accounts;

    /// <summary>The insurance fund by currency.</summary>
    public IReadOnlyDictionary<Currency, decimal> InsuranceFund => insuranceFund;

    /// <summary>Fees that the venue took, by currency.</summary>
    public IReadOnlyDictionary<Currency, decimal> FeesTaken => feesTaken;

    /// <summary>Lists an instrument; a name that is listed already is left alone.</summary>
    /// <returns>Null when the margin model has no rule for it: it cannot be traded.</returns>
    public ListedInstrument? List(Instrument instrument, long? createdMs = null)
    {
        if (listed.TryGetValue(instrument.Name, out var known))
            return known;
        if (instrument is SpotInstrument || margin.For(instrument) is not { } rule)
            return null;
        var added = ListedInstrument.Of(instrument, rule, 100_000 + listed.Count, createdMs ?? NowMs);
        listed.Add(instrument.Name, added);
        Emit(new InstrumentChanged(added, "created"));
        return added;
    }

    /// <summary>Opens an account.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="role">What the venue takes it for.</param>
    /// <param name="deposits">Cash to start with; a currency stands once.</param>
    public PaperAccount OpenAccount(string name, AccountRole role, params IEnumerable<Balance> deposits)
    {
        var account = new PaperAccount
        {
            Id = 1_000 + accounts.Count,
            Name = name,
            Role = role,
        };
        accounts.Add(account);
        foreach (var (currency, amount) in deposits)
        {
            Add(deposited, currency, amount);
            Book(account, currency, amount, "deposit", null, 0, null, null, "-", null);
        }
        return account;
    }

    /// <summary>Money put into the insurance fund.</summary>
    public void Endow(Currency currency, decimal amount)
    {
        Add(insuranceFund, currency, amount);
        Add(deposited, currency, amount);
    }

    /// <summary>Everything that happened since the last call.</summary>
    public IReadOnlyList<VenueEvent> Drain()
    {
        if (events.Count == 0)
            return [];
        var drained = events;
        events = [];
        return drained;
    }

    /// <summary>Deposits less everything that exists, by currency: zero, whatever happened.</summary>
    /// <remarks>Gains cancel exactly because both sides of a trade book one value (<see cref="Payoff"/>).</remarks>
    public decimal Imbalance(Currency currency)
    {
        decimal there =
            insuranceFund.GetValueOrDefault(currency)
            + feesTaken.GetValueOrDefault(currency)
            + rounding.GetValueOrDefault(currency);
        foreach (var account in accounts)
        {
            there += account.CashOf(currency);
            foreach (var held in account.Positions.Values)
                if (held.Listed.Currency == currency && held.Listed.Instrument is not OptionInstrument)
                {
                    held.AccrueFunding();
                    there += held.Realized + held.Funding;
                    there -= Payoff.Sign(held.Listed.Instrument) * held.SessionCost;
                }
        }
        return deposited.GetValueOrDefault(currency) - there;
    }

    /// <summary>One change of a wallet's cash, with its ledger entry.</summary>
    void Book(
        PaperAccount account,
        Currency currency,
        decimal change,
        string type,
        string? instrument,
        decimal commission,
        decimal? position,
        decimal? price,
        string side,
        decimal? amount,
        Fill? fill = null,
        string? role = null
    )
    {
        decimal balance = account.Credit(currency, change);
        if (account.Role == AccountRole.House)
            return;
        account.Write(
            new LedgerEntry(
                ++ledgerNumber,
                0,
                NowMs,
                type,
                currency,
                instrument,
                change,
                commission,
                balance,
                position,
                price,
                amount,
                side,
                fill,
                role
            )
        );
    }

    void Emit(VenueEvent happened) => events.Add(happened);

    void EmitOrder(Order order)
    {
        if (order.Account.Role == AccountRole.Client)
            Emit(new OrderChanged(order.Account, order.Copy()));
    }

    void EmitPortfolio(PaperAccount account, Currency currency)
    {
        if (account.Role == AccountRole.Client)
            Emit(new PortfolioChanged(account, currency));
    }

    static void Add(SortedDictionary<Currency, decimal> purse, Currency currency, decimal amount) =>
        purse[currency] = purse.GetValueOrDefault(currency) + amount;
}
