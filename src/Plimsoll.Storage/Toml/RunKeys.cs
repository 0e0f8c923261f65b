using System.Collections.Immutable;

namespace Plimsoll.Storage;

/// <summary>The keys of a run's configuration, one description each; docs/live.md is made from them.</summary>
static class RunKeys
{
    public static readonly TomlKey<string> Account = new(
        "account",
        new TomlWords("1 to 12 small letters or digits", "^[a-z0-9]{1,12}$"),
        "Names the account in journals and in the label of every order.",
        fallback: "\"main\""
    );
    public static readonly TomlKey<ImmutableArray<string>> Instruments = new(
        "instruments",
        new TomlList<string>(TomlWords.Pattern, least: 1),
        "Names or patterns of the instruments that are followed; whatever the account holds must be among them.",
        absent: "the mandate's candidates, or the perpetuals (OKX, Hyperliquid: of BTC and ETH)"
    );
    public static readonly TomlKey<int> Scenarios = new(
        "scenarios",
        new TomlWhole(1_000, 1_000_000),
        "Scenarios of each solve.",
        fallback: "10000"
    );
    public static readonly TomlKey<int> Seed = new(
        "seed",
        new TomlWhole(0, int.MaxValue),
        "Seed of every draw.",
        fallback: "1"
    );
    public static readonly TomlKey<double> Band = Share(
        "band",
        "10%",
        "No trade while the position is within this share of its target."
    );
    public static readonly TomlKey<int> BandLots = new(
        "band-lots",
        new TomlWhole(0, 1_000_000),
        "Nor within so many lots.",
        fallback: "2"
    );
    public static readonly TomlKey<double> Depth = Share(
        "depth",
        "25%",
        "Share of the size at the best price that one resizing order takes."
    );
    public static readonly TomlKey<double> IndexTrigger = Share(
        "index-trigger",
        "1%",
        "Move of an index since the last solve that asks for another."
    );
    public static readonly TomlKey<double> VolatilityTrigger = Share(
        "volatility-trigger",
        "10%",
        "Relative move of an option's mark volatility that asks for another."
    );
    public static readonly TomlKey<decimal> OrderLife = Seconds(
        "order-life",
        1,
        60,
        "5",
        "Life of an order before the venue refuses or cancels it."
    );
    public static readonly TomlKey<decimal> SolveEvery = Seconds(
        "solve-every",
        5,
        3_600,
        "60",
        "Longest time without a fresh solve."
    );
    public static readonly TomlKey<decimal> ReconcileEvery = Seconds(
        "reconcile-every",
        2,
        60,
        "15",
        "Time between two readings of the venue's truth."
    );
    public static readonly TomlKey<BoundTable> Execution = new(
        "execution",
        new TomlTableKind(
            "How the engine goes to its targets.",
            Band,
            BandLots,
            Depth,
            OrderLife,
            ReconcileEvery,
            SolveEvery,
            IndexTrigger,
            VolatilityTrigger
        ),
        "How the engine goes to its targets.",
        absent: "the defaults of its keys"
    );
    public static readonly TomlKey<double> CutStart = Share(
        "start",
        "70%",
        "Maintenance margin over equity from which positions are cut; harder 10 and 18 points above it."
    );
    public static readonly TomlKey<double> CutTarget = Share("target", "60%", "Ratio at which cutting ends.");
    public static readonly TomlKey<BoundTable> Cuts = new(
        "cuts",
        new TomlTableKind("When positions are cut before the venue does.", CutStart, CutTarget),
        "When positions are cut before the venue does.",
        absent: "the defaults of its keys"
    );
    public static readonly TomlKey<decimal> OrderNotional = Usd("order-notional", "50000", "Largest order.");
    public static readonly TomlKey<double> OrderShare = new(
        "order-share",
        new TomlPercentage(TomlBounds.AboveTo(0, 1_000), "25%"),
        "Largest order as a share of equity, in notional.",
        fallback: "\"25%\""
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
    public static readonly TomlKey<int> OpenOrders = new(
        "open-orders",
        new TomlWhole(1, 1_000),
        "Most orders alive at once.",
        fallback: "50"
    );
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
    public static readonly TomlKey<int> MessagesPerSecond = new(
        "messages-per-second",
        new TomlWhole(1, 100),
        "Orders a second; as many again are kept for cuts.",
        fallback: "5"
    );
    public static readonly TomlKey<BoundTable> Controls = new(
        "controls",
        new TomlTableKind(
            "Limits of the pre-trade controls (docs/controls.md).",
            OrderNotional,
            OrderShare,
            PositionNotional,
            GrossNotional,
            OpenOrders,
            PriceCollar,
            InitialMargin,
            LossToday,
            MessagesPerSecond
        ),
        "Limits of the pre-trade controls (docs/controls.md).",
        absent: "the defaults of its keys"
    );

    /// <summary>A whole configuration.</summary>
    public static TomlTableKind Root { get; } =
        new(
            "How one account is followed and traded.",
            Account,
            AccountKeys.Mode,
            Instruments,
            Scenarios,
            Seed,
            Execution,
            Cuts,
            Controls
        );

    static TomlKey<double> Share(string name, string fallback, string meaning) =>
        new(name, new TomlPercentage(TomlBounds.AboveTo(0, 100), fallback), meaning, fallback: $"\"{fallback}\"");

    static TomlKey<decimal> Usd(string name, string fallback, string meaning) =>
        new(name, new TomlExactNumber(TomlBounds.Positive, "USD of notional"), meaning, fallback: fallback);

    static TomlKey<decimal> Seconds(string name, decimal least, decimal most, string fallback, string meaning) =>
        new(name, new TomlExactNumber(TomlBounds.FromTo(least, most), "seconds"), meaning, fallback: fallback);
}
