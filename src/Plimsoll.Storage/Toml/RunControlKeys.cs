using static Plimsoll.Storage.RunForms;

namespace Plimsoll.Storage;

/// <summary>Keys of a run's configuration that limit every order.</summary>
static class RunControlKeys
{
    public static readonly TomlKey<decimal> OrderNotional = Usd("order-notional", "50000", "Largest order.");
    public static readonly TomlKey<double> OrderShare = Share(
        "order-share",
        1_000,
        "25%",
        "Largest order as a share of equity, in notional."
    );
    public static readonly TomlKey<decimal> PositionNotional = Usd(
        "position-notional",
        "250000",
        "Largest position of one instrument with all orders alive."
    );
    public static readonly TomlKey<decimal> GrossNotional = Usd(
        "gross-notional",
        "1000000",
        "Largest sum over all instruments."
    );
    public static readonly TomlKey<int> OpenOrders = Count("open-orders", 1, 1_000, "50", "Most orders alive at once.");
    public static readonly TomlKey<double> PriceCollar = Share(
        "price-collar",
        "2%",
        "Farthest limit price from the mark on the losing side."
    );
    public static readonly TomlKey<double> InitialMargin = Share(
        "initial-margin",
        "60%",
        "Initial margin over equity after an order."
    );
    public static readonly TomlKey<double> LossToday = Share(
        "loss-today",
        "10%",
        "Loss of the day after which nothing is opened."
    );
    public static readonly TomlKey<int> MessagesPerSecond = Count(
        "messages-per-second",
        1,
        100,
        "5",
        "Orders a second."
    );
    public static readonly TomlKey<int> CutReserve = new(
        "cut-reserve",
        new TomlWhole(0, 100),
        "Orders a second that only what takes risk off may send besides.",
        absent: "as many as messages-per-second"
    );
    public static readonly TomlKey<double> CutCollar = Share(
        "cut-collar",
        "10%",
        "The same as price-collar for orders that take risk off; at least the largest of cuts.rooms."
    );
    public static readonly TomlKey<decimal> DuplicateWindow = Seconds(
        "duplicate-window",
        0,
        60,
        "2",
        "The same instrument, side, contracts and price within this time is a duplicate."
    );
    public static readonly TomlKey<int> MostRejects = Count(
        "rejects",
        1,
        100,
        "5",
        "So many refused orders of an instrument within reject-window stop it."
    );
    public static readonly TomlKey<decimal> RejectWindow = Seconds(
        "reject-window",
        1,
        3_600,
        "10",
        "Time over which refused orders count."
    );
    public static readonly TomlKey<decimal> BookAge = Seconds("book-age", 0.1m, 60, "2", "Oldest order book.");
    public static readonly TomlKey<decimal> PriceAge = Seconds("price-age", 0.1m, 300, "5", "Oldest mark and index.");
    public static readonly TomlKey<decimal> AccountAge = Seconds(
        "account-age",
        1,
        300,
        "10",
        "Oldest figures of the account."
    );
    public static readonly TomlKey<decimal> SettlementWindow = Seconds(
        "settlement-window",
        0,
        3_600,
        "300",
        "Nothing is opened so long before and after a settlement of the instrument."
    );
    public static readonly TomlKey<BoundTable> Controls = Table(
        "controls",
        "Limits of the pre-trade controls (docs/controls.md).",
        OrderNotional,
        OrderShare,
        PositionNotional,
        GrossNotional,
        OpenOrders,
        PriceCollar,
        CutCollar,
        InitialMargin,
        LossToday,
        MessagesPerSecond,
        CutReserve,
        DuplicateWindow,
        MostRejects,
        RejectWindow,
        BookAge,
        PriceAge,
        AccountAge,
        SettlementWindow
    );
}
