using System.Collections.Immutable;
using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Sizing;

namespace Plimsoll.Storage;

/// <summary>The keys of a mandate, one description each: binder, schema and reference page derive from them.</summary>
static class MandateKeys
{
    const string NoLimit = "no such limit";

    public static readonly TomlKey<ObjectiveKind> Objective = new(
        "objective",
        new TomlObjective(),
        "What is maximised: growth of log wealth, the cheapest trades after which every limit holds with a margin, "
            + "or what a sizing method of docs/methods chooses.",
        absent: "growth with a view, historical-premium or carry; protect otherwise"
    );
    public static readonly TomlKey<double> KellyFraction = new(
        "kelly-fraction",
        new TomlNumber(TomlBounds.AboveTo(0, 1)),
        "c: growth with relative risk aversion 1/c; 1 is full Kelly.",
        fallback: "0.5"
    );
    public static readonly TomlKey<TomlSpan.Span> Horizon = new(
        "horizon",
        new TomlSpan(365),
        "Time to the next decision.",
        fallback: "\"1d\""
    );
    public static readonly TomlKey<Currency> HomeCurrency = new(
        "home-currency",
        new TomlCurrency(),
        "The currency in which wealth is counted: USD, or a coin; the account must not state another.",
        absent: "the account's, or USD"
    );
    public static readonly TomlKey<TomlSpan.Span> Holding = new(
        "holding",
        new TomlSpan(3650, "auto"),
        "Time over which entry and exit cost is spread in the objective; limits always see the whole cost.",
        fallback: "\"auto\""
    );
    public static readonly TomlKey<double> HistoricalPremium = new(
        "historical-premium",
        new TomlPercentage(TomlBounds.FromTo(0, 100), "25%"),
        "Share of history's own premia that counts as edge.",
        fallback: "\"0%\""
    );
    public static readonly TomlKey<bool> Carry = new(
        "carry",
        new TomlFlag(),
        "Whether expected funding receipts count as edge.",
        fallback: "false"
    );
    public static readonly TomlKey<TailModelUse> TailModel = new(
        "tail-model",
        new TomlChoice<TailModelUse>(("none", TailModelUse.None), ("auto", TailModelUse.Auto)),
        "Whether a forecast of tail risk from --history scales the risk limits down before stress, and back slowly.",
        fallback: "\"none\""
    );
    public static readonly TomlKey<bool> AllowBoughtOptions = new(
        "allow-bought-options",
        new TomlFlag(),
        "Whether protect may buy options, charged with spread and time decay to the horizon.",
        fallback: "false"
    );
    public static readonly TomlKey<ImmutableArray<string>> Candidates = new(
        "candidates",
        new TomlList<string>(TomlWords.Pattern),
        "Instruments that may be traded.",
        absent: "all that pass the liquidity screen, and all held"
    );
    public static readonly TomlKey<ImmutableArray<string>> TradableCollateral = new(
        "tradable-collateral",
        new TomlList<string>(TomlWords.Ticker),
        "Collateral coins that may be traded for dollars.",
        absent: "none"
    );

    public static readonly TomlKey<double> DrawdownLimit = Share(
        "limit",
        "Share of today's wealth that may be lost.",
        "20%"
    );
    public static readonly TomlKey<double> DrawdownProbability = Share("probability", "Allowed probability.", "5%");
    public static readonly TomlKey<TomlSpan.Span> DrawdownWithin = new(
        "within",
        new TomlSpan(3650, "ever"),
        "Time over which it is bounded; \"ever\" needs a stated view.",
        required: true
    );
    public static readonly TomlKey<BoundTable> Drawdown = new(
        "drawdown",
        new TomlTableKind(
            "Probability of wealth below (1 - limit) of today's at any decision within the time.",
            DrawdownLimit,
            DrawdownProbability,
            DrawdownWithin
        ),
        "Drawdown over a stated time.",
        absent: NoLimit
    );
    public static readonly TomlKey<double> WorstCaseShare = Part("limit", "Share of equity.", "25%");
    public static readonly TomlKey<TomlTailRange.Range> TailRange = new(
        "tail-range",
        new TomlTailRange(),
        "Prices at which the loss at expiry is bounded besides the stress set; "
            + "\"unbounded\": also the slope at both ends.",
        fallback: "\"0.25x to 4x\""
    );
    public static readonly TomlKey<BoundTable> WorstCase = new(
        "worst-case",
        new TomlTableKind("Loss in the worst stress or tail scenario.", WorstCaseShare, TailRange),
        "Worst case of the whole account.",
        absent: NoLimit
    );
    public static readonly TomlKey<double> ShortfallLevel = new(
        "level",
        new TomlPercentage(new TomlBounds(50, false, 100, true), "99%"),
        "Level: the mean of the worst (1 - level) of scenarios.",
        required: true
    );
    public static readonly TomlKey<double> ShortfallShare = Part("limit", "Share of equity.", "8%");
    public static readonly TomlKey<BoundTable> ExpectedShortfall = new(
        "expected-shortfall",
        new TomlTableKind("Expected shortfall over the horizon.", ShortfallLevel, ShortfallShare),
        "Expected shortfall of the whole account.",
        absent: NoLimit
    );
    public static readonly TomlKey<double> LiquidationProbability = Share(
        "probability",
        "Allowed probability of liquidation at the horizon.",
        "0.1%"
    );
    public static readonly TomlKey<double> MinimumDistance = new(
        "min-distance",
        new TomlPercentage(TomlBounds.Between(0, 100), "30%"),
        "Smallest adverse move of any one underlying at which the venue liquidates, in % of the mark.",
        absent: NoLimit
    );
    public static readonly TomlKey<BoundTable> Liquidation = new(
        "liquidation",
        new TomlTableKind("Liquidation by the venue.", LiquidationProbability, MinimumDistance),
        "Distance to liquidation.",
        absent: NoLimit
    );
    public static readonly TomlKey<BoundTable> Survival = new(
        "survival",
        new TomlTableKind("What keeps the account alive.", Drawdown, WorstCase, ExpectedShortfall, Liquidation),
        "Survival constraints.",
        absent: "none"
    );

    public static readonly TomlKey<double> RiskUnitWorstCase = Limit(
        "risk-unit-worst-case",
        "Net loss of a risk unit: an underlying's expiry, or a [[group]].",
        "5%"
    );
    public static readonly TomlKey<double> UnderlyingWorstCase = Limit(
        "underlying-worst-case",
        "Net loss of an underlying.",
        "15%"
    );
    public static readonly TomlKey<double> ContractWorstCase = Limit(
        "contract-standalone-worst-case",
        "Loss of one contract's position on its own; ignores hedges.",
        "5%"
    );
    public static readonly TomlKey<double> InitialMargin = Limit(
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
        absent: NoLimit
    );
    public static readonly TomlKey<double> DailyVolume = Limit(
        "daily-volume",
        "Share of the day's volume traded per step.",
        "1%"
    );
    public static readonly TomlKey<double> BookDepth = Limit(
        "book-depth",
        "Share of the book's depth traded per step.",
        "20%"
    );
    public static readonly TomlKey<double> ExitDays = new(
        "exit-days",
        new TomlNumber(TomlBounds.AboveTo(0, 3650), "days"),
        "Days to leave the held position at the daily-volume share.",
        absent: NoLimit
    );
    public static readonly TomlKey<BoundTable> Liquidity = new(
        "liquidity",
        new TomlTableKind("What the market can take.", DailyVolume, BookDepth, ExitDays),
        "Liquidity.",
        absent: NoLimit
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
    public static readonly TomlKey<double> DeleveragingMove = Share(
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
    public static readonly TomlKey<BoundTable> AssumedDeleveraging = new(
        "deleveraging",
        new TomlTableKind(
            "Auto-deleveraging in a crash: liquidation limits count no gain of a winning future beyond the move.",
            DeleveragingVenue,
            DeleveragingMove,
            DeleveragingShare
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
            AssumedDeleveraging
        ),
        "Assumptions.",
        absent: "none"
    );

    public static readonly TomlKey<double> ThrottleDrawdown = Share(
        "drawdown",
        "Drawdown from the high-water mark.",
        "10%"
    );
    public static readonly TomlKey<double> ThrottleKeep = new(
        "keep",
        new TomlPercentage(TomlBounds.FromTo(0, 100), "50%"),
        "Share of the risk limits that is kept from there on; 0% allows reducing trades only.",
        required: true
    );
    public static readonly TomlKey<ImmutableArray<BoundTable>> Throttles = new(
        "throttle",
        new TomlList<BoundTable>(
            new TomlTableKind("A drawdown from which on risk limits are scaled.", ThrottleDrawdown, ThrottleKeep)
        ),
        "Throttles.",
        absent: "none"
    );
    public static readonly TomlKey<string> GroupName = new(
        "name",
        TomlWords.Name,
        "Name in the answer.",
        required: true
    );
    public static readonly TomlKey<ImmutableArray<string>> GroupMembers = new(
        "members",
        new TomlList<string>(TomlWords.Pattern, least: 1),
        "Instruments by name or pattern.",
        required: true
    );
    public static readonly TomlKey<ImmutableArray<BoundTable>> Groups = new(
        "group",
        new TomlList<BoundTable>(new TomlTableKind("A risk unit of its own.", GroupName, GroupMembers)),
        "Named risk units; instruments in none form a unit per underlying and expiry.",
        absent: "none"
    );
    public static readonly TomlKey<ImmutableArray<(string Word, BoundTable Table)>> Views = new(
        "views",
        new TomlList<(string Word, BoundTable Table)>(ViewKeys.Item),
        "Beliefs, each with a confidence.",
        absent: "none"
    );

    /// <summary>A whole mandate.</summary>
    public static TomlTableKind Root { get; } =
        new(
            "The policy of a Plimsoll account.",
            Objective,
            KellyFraction,
            Horizon,
            HomeCurrency,
            Holding,
            HistoricalPremium,
            Carry,
            TailModel,
            AllowBoughtOptions,
            Candidates,
            TradableCollateral,
            Survival,
            Limits,
            Assumptions,
            Throttles,
            Groups,
            Views,
            MethodKeys.Method
        );

    /// <summary>A file that holds views alone.</summary>
    public static TomlTableKind ViewsRoot { get; } = new("Views in a file of their own.", Views);

    static TomlKey<double> Share(string name, string meaning, string example) =>
        new(name, new TomlPercentage(TomlBounds.Between(0, 100), example), meaning, required: true);

    static TomlKey<double> Part(string name, string meaning, string example) =>
        new(name, new TomlPercentage(TomlBounds.AboveTo(0, 100), example), meaning, required: true);

    static TomlKey<double> Limit(string name, string meaning, string example) =>
        new(name, new TomlPercentage(TomlBounds.AboveTo(0, 100), example), meaning, absent: NoLimit);

    static TomlKey<double> Greek(string name, string meaning, string example) =>
        new(name, new TomlPercentage(TomlBounds.FromTo(0, 10_000), example), meaning, absent: NoLimit);

    static TomlKey<NotionalByKind> Assumption(string name, string meaning) =>
        new(
            name,
            new TomlNotional(),
            meaning + " Of options: of the coins that they are on.",
            absent: "the market must say"
        );
}
