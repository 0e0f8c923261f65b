namespace Plimsoll.Storage;

/// <summary>Keys of a mandate's <c>[limits]</c>.</summary>
static class LimitKeys
{
    public static readonly TomlKey<double> RiskUnitWorstCase = KeyForms.Limit(
        "risk-unit-worst-case",
        "Net loss of a risk unit: an underlying's expiry, or a [[group]].",
        "5%"
    );
    public static readonly TomlKey<double> UnderlyingWorstCase = KeyForms.Limit(
        "underlying-worst-case",
        "Net loss of an underlying.",
        "15%"
    );
    public static readonly TomlKey<double> ContractWorstCase = KeyForms.Limit(
        "contract-standalone-worst-case",
        "Loss of one contract's position on its own; ignores hedges.",
        "5%"
    );
    public static readonly TomlKey<double> InitialMargin = KeyForms.Limit(
        "initial-margin",
        "Initial margin of each margin pool.",
        "60%"
    );
    public static readonly TomlKey<double> Delta = Greek("delta", "Dollar delta.", "150%");
    public static readonly TomlKey<double> Gamma1Pct = Greek("gamma-1pct", "Change of delta for a move of 1%.", "2%");
    public static readonly TomlKey<double> Vega1Pt = Greek("vega-1pt", "Gain for one volatility point.", "0.5%");
    public static readonly TomlKey<double> Theta1D = Greek("theta-1d", "Gain of one day passing.", "0.3%");
    public static readonly TomlKey<BoundTable> Greeks = new(
        "greeks",
        new TomlTableKind(
            "Per underlying on the absolute value, and on the sum of absolutes.",
            Delta,
            Gamma1Pct,
            Vega1Pt,
            Theta1D
        ),
        "Greeks as shares of equity.",
        absent: KeyForms.NoLimit
    );
    public static readonly TomlKey<double> DailyVolume = KeyForms.Limit(
        "daily-volume",
        "Share of the day's volume traded per step.",
        "1%"
    );
    public static readonly TomlKey<double> BookDepth = KeyForms.Limit(
        "book-depth",
        "Share of the book's depth traded per step.",
        "20%"
    );
    public static readonly TomlKey<double> ExitDays = new(
        "exit-days",
        new TomlNumber(TomlBounds.AboveTo(0, 3650), "days"),
        "Days to leave the held position at the daily-volume share.",
        absent: KeyForms.NoLimit
    );
    public static readonly TomlKey<BoundTable> Liquidity = new(
        "liquidity",
        new TomlTableKind("What the market can take.", DailyVolume, BookDepth, ExitDays),
        "Liquidity.",
        absent: KeyForms.NoLimit
    );
    public static readonly TomlKey<BoundTable> Limits = new(
        "limits",
        new TomlTableKind(
            "Limits, as shares of equity where they are percentages.",
            RiskUnitWorstCase,
            UnderlyingWorstCase,
            ContractWorstCase,
            InitialMargin,
            Greeks,
            Liquidity
        ),
        "Limits.",
        absent: "none"
    );

    static TomlKey<double> Greek(string name, string meaning, string example) =>
        new(name, new TomlPercentage(TomlBounds.FromTo(0, 10_000), example), meaning, absent: KeyForms.NoLimit);
}
