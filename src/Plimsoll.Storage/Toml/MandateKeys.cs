using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Sizing;

namespace Plimsoll.Storage;

/// <summary>The keys of a mandate, one description each: binder, schema and reference page derive from them.</summary>
static class MandateKeys
{
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

    public static readonly TomlKey<double> ThrottleDrawdown = KeyForms.Share(
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
            AheadKeys.Dependence,
            AheadKeys.Calendar,
            AheadKeys.ExpiryAhead,
            AllowBoughtOptions,
            Candidates,
            TradableCollateral,
            SurvivalKeys.Survival,
            LimitKeys.Limits,
            AssumptionKeys.Assumptions,
            Throttles,
            AheadKeys.Events,
            Groups,
            Views,
            MethodKeys.Method
        );

    /// <summary>A file that holds views alone.</summary>
    public static TomlTableKind ViewsRoot { get; } = new("Views in a file of their own.", Views);
}
