using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Sizing;

namespace Plimsoll.Storage;

/// <summary>Keys of a mandate's <c>[assumptions]</c>.</summary>
static class AssumptionKeys
{
    public static readonly TomlKey<NotionalByKind> AssumedDepth = Assumption(
        "book-depth",
        "Notional that rests on each side of the book."
    );
    public static readonly TomlKey<double> AssumedFunding = new(
        "funding-8h",
        new TomlPercentage(TomlBounds.FromTo(-10, 10), "0.01%"),
        "Funding of 8 hours; positive means longs pay.",
        absent: "the market must say"
    );
    public static readonly TomlKey<double> AssumedSpread = new(
        "perpetual-spread",
        new TomlPercentage(TomlBounds.FromTo(0, 100), "0.02%"),
        "Full spread of perpetuals and futures without quotes, in % of the price.",
        absent: "the market must say"
    );
    public static readonly TomlKey<double> AssumedBorrow = new(
        "borrow",
        new TomlPercentage(TomlBounds.AboveTo(0, 1000), "10%"),
        "Interest a year on a balance below zero, by subaccount and currency: premium paid in a coin that is lacking.",
        absent: "none is paid"
    );
    public static readonly TomlKey<NotionalByKind> AssumedVolume = Assumption("daily-volume", "Notional traded a day.");
    public static readonly TomlKey<string> DeleveragingVenue = new(
        "venue",
        new TomlWords(
            "one of " + string.Join(", ", DeleveragingRules.All.Select(rule => $"\"{rule.Key}\"")),
            $"^({string.Join('|', DeleveragingRules.All.Select(rule => rule.Key))})$"
        ),
        "Whose ranking rule `plimsoll risk` states.",
        required: true
    );
    public static readonly TomlKey<double> DeleveragingMove = KeyForms.Share(
        "move",
        "Move of a coin at which winning futures and perpetuals in it are closed.",
        "10%"
    );
    public static readonly TomlKey<double> DeleveragingShare = new(
        "share",
        new TomlPercentage(TomlBounds.AboveTo(0, 100), "100%"),
        "Share of a winning position that is closed.",
        absent: "100%"
    );
    public static readonly TomlKey<DeleveragedLimits> DeleveragingLimits = new(
        "limits",
        new TomlChoice<DeleveragedLimits>(
            ("liquidation", DeleveragedLimits.Liquidation),
            ("all", DeleveragedLimits.All)
        ),
        "Limits that count no gain beyond the move: liquidation, or with it every limit on losses "
            + "(expected shortfall, drawdown, worst cases with `tail-range`, named stress, `path-loss`).",
        fallback: "\"liquidation\""
    );
    public static readonly TomlKey<BoundTable> AssumedDeleveraging = new(
        "deleveraging",
        new TomlTableKind(
            "Auto-deleveraging in a crash: limits count no gain of a winning future beyond the move.",
            DeleveragingVenue,
            DeleveragingMove,
            DeleveragingShare,
            DeleveragingLimits
        ),
        "Winning legs that a venue closes.",
        absent: "none are closed"
    );
    public static readonly TomlKey<BoundTable> Assumptions = new(
        "assumptions",
        new TomlTableKind(
            "Used only where the market does not say; each one used is listed in the answer.",
            AssumedDepth,
            AssumedFunding,
            AssumedSpread,
            AssumedVolume,
            AssumedBorrow,
            AssumedDeleveraging
        ),
        "Assumptions.",
        absent: "none"
    );

    static TomlKey<NotionalByKind> Assumption(string name, string meaning) =>
        new(
            name,
            new TomlNotional(),
            meaning + " Of options: of the coins that they are on.",
            absent: "the market must say"
        );
}
