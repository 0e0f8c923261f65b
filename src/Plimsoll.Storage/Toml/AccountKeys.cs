using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Storage;

/// <summary>The keys of an account, one description each: binder, schema and reference page derive from them.</summary>
static class AccountKeys
{
    public static readonly TomlKey<Currency> HomeCurrency = new(
        "home-currency",
        new TomlCurrency(),
        "The currency in which wealth and its high-water mark are counted: USD, or a coin.",
        absent: "the mandate's, or USD"
    );
    public static readonly TomlKey<decimal> HighWaterMark = new(
        "high-water-mark",
        new TomlExactNumber(TomlBounds.Positive, "units of the home currency"),
        "Highest equity so far; throttles reckon from it.",
        absent: "today's equity"
    );
    public static readonly TomlKey<string> Name = new("name", TomlWords.Name, "Unique in the account.", required: true);
    public static readonly TomlKey<string> Venue = new(
        "venue",
        new TomlWords("a venue's key, such as \"deribit\"", "^[a-z][a-z0-9-]{1,31}$"),
        "Where it is held.",
        fallback: "\"deribit\""
    );
    public static readonly TomlKey<MarginMode> Mode = new(
        "margin-mode",
        new TomlChoice<MarginMode>(
            ("segregated_sm", MarginMode.SegregatedStandard),
            ("segregated_pm", MarginMode.SegregatedPortfolio),
            ("cross_sm", MarginMode.CrossStandard),
            ("cross_pm", MarginMode.CrossPortfolio)
        ),
        "The venue's margin model: standard or portfolio margin, one wallet a currency or all in one pool.",
        fallback: "\"segregated_sm\""
    );
    public static readonly TomlKey<string> Model = new(
        "margin-model",
        new TomlWords("a margin model's key, such as \"derive-portfolio-margin\"", "^[a-z][a-z0-9-]{1,47}$"),
        "The margin model by its key (`plimsoll margin --model` lists them): one of the venue's, or `span-like-margin` "
            + "at any.",
        absent: "the venue's own for the margin mode"
    );
    public static readonly TomlKey<string> Parameters = new(
        "margin-parameters",
        TomlWords.File,
        "Figures of the margin model in a file beside this one: what `plimsoll fetch margin` saves, a file in the form "
            + "of data/venues, or the venue's own answer.",
        absent: "the shipped figures, dated"
    );
    public static readonly TomlKey<ImmutableArray<Balance>> Balances = new(
        "balances",
        new TomlBalances(),
        "Cash by currency: deposits and realised gains, without option value and unrealised gains of futures.",
        required: true
    );
    public static readonly TomlKey<string> InstrumentName = new(
        "instrument",
        TomlWords.Instrument,
        "The venue's name.",
        required: true
    );
    public static readonly TomlKey<decimal> Contracts = new(
        "contracts",
        new TomlExactNumber(TomlBounds.None, "contracts", zeroRefused: true),
        "Held; short is negative.",
        required: true
    );
    public static readonly TomlKey<decimal> EntryPrice = new(
        "entry-price",
        new TomlExactNumber(TomlBounds.Positive),
        "Average entry in the instrument's own price unit.",
        absent: "marked to market: nothing unrealised"
    );
    public static readonly TomlKey<decimal> Leverage = new(
        "leverage",
        new TomlExactNumber(TomlBounds.FromTo(1, 1_000)),
        "The leverage set for it, where a venue has such a setting (Hyperliquid, Binance, Bybit, OKX); "
            + "the least initial margin of it.",
        absent: "the venue's largest"
    );
    public static readonly TomlKey<decimal> IsolatedMargin = new(
        "isolated-margin",
        new TomlExactNumber(TomlBounds.Positive, "units of the settlement currency"),
        "Margin set aside for it alone (Hyperliquid, Binance, Bybit, OKX), beside the balances: a pool of its own.",
        absent: "it shares the pool's"
    );
    public static readonly TomlKey<ImmutableArray<BoundTable>> Positions = new(
        "positions",
        new TomlList<BoundTable>(
            new TomlTableKind("A position held.", InstrumentName, Contracts, EntryPrice, Leverage, IsolatedMargin)
        ),
        "Positions; an instrument stands once.",
        absent: "none"
    );
    public static readonly TomlKey<string> OrderId = new(
        "id",
        TomlWords.Name,
        "The venue's id.",
        absent: "order-1, order-2, ... in order of writing"
    );
    public static readonly TomlKey<Side> OrderSide = new(
        "side",
        new TomlChoice<Side>(("buy", Side.Buy), ("sell", Side.Sell)),
        "Side.",
        required: true
    );
    public static readonly TomlKey<decimal> OrderContracts = new(
        "contracts",
        new TomlExactNumber(TomlBounds.Positive, "contracts"),
        "Left to fill.",
        required: true
    );
    public static readonly TomlKey<decimal> LimitPrice = new(
        "limit-price",
        new TomlExactNumber(TomlBounds.Positive),
        "In the instrument's own price unit.",
        required: true
    );
    public static readonly TomlKey<bool> ReduceOnly = new(
        "reduce-only",
        new TomlFlag(),
        "Whether it may only reduce a position.",
        fallback: "false"
    );
    public static readonly TomlKey<ImmutableArray<BoundTable>> OpenOrders = new(
        "open-orders",
        new TomlList<BoundTable>(
            new TomlTableKind(
                "An order that rests at the venue.",
                OrderId,
                InstrumentName,
                OrderSide,
                OrderContracts,
                LimitPrice,
                ReduceOnly
            )
        ),
        "Resting orders; they count at their worst case.",
        absent: "none"
    );
    public static readonly TomlKey<ImmutableArray<BoundTable>> Subaccounts = new(
        "subaccount",
        new TomlList<BoundTable>(
            new TomlTableKind(
                "One account at one venue with its own margin.",
                Name,
                Venue,
                Mode,
                Model,
                Parameters,
                Balances,
                Positions,
                OpenOrders
            ),
            least: 1
        ),
        "Subaccounts; at least one.",
        required: true
    );

    /// <summary>A whole account.</summary>
    public static TomlTableKind Root { get; } =
        new("Everything one owner holds.", HomeCurrency, HighWaterMark, Subaccounts);
}
