namespace Plimsoll.Storage;

/// <summary>Keys of a mandate's <c>[survival]</c>.</summary>
static class SurvivalKeys
{
    public static readonly TomlKey<double> DrawdownLimit = KeyForms.Share(
        "limit",
        "Share of today's wealth that may be lost.",
        "20%"
    );
    public static readonly TomlKey<double> DrawdownProbability = KeyForms.Share(
        "probability",
        "Allowed probability.",
        "5%"
    );
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
        absent: KeyForms.NoLimit
    );
    public static readonly TomlKey<double> WorstCaseShare = KeyForms.Part("limit", "Share of equity.", "25%");
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
        absent: KeyForms.NoLimit
    );
    public static readonly TomlKey<double> ShortfallLevel = new(
        "level",
        new TomlPercentage(new TomlBounds(50, false, 100, true), "99%"),
        "Level: the mean of the worst (1 - level) of scenarios.",
        required: true
    );
    public static readonly TomlKey<double> ShortfallShare = KeyForms.Part("limit", "Share of equity.", "8%");
    public static readonly TomlKey<BoundTable> ExpectedShortfall = new(
        "expected-shortfall",
        new TomlTableKind("Expected shortfall over the horizon.", ShortfallLevel, ShortfallShare),
        "Expected shortfall of the whole account.",
        absent: KeyForms.NoLimit
    );
    public static readonly TomlKey<double> PathLossShare = KeyForms.Share(
        "limit",
        "Share of today's wealth that may be lost on the way, cost of the trades included.",
        "20%"
    );
    public static readonly TomlKey<double> PathLossProbability = KeyForms.Share(
        "probability",
        "Allowed probability of losing as much at some moment; kept on the safe side: the mean over the worst paths "
            + "of that share is what the limit holds.",
        "1%"
    );
    public static readonly TomlKey<BoundTable> PathLoss = new(
        "path-loss",
        new TomlTableKind(
            "Loss at any moment until the horizon: at the low, high and close of every bar of every path.",
            PathLossShare,
            PathLossProbability
        ),
        "Loss on the way to the horizon, which its end hides.",
        absent: KeyForms.NoLimit
    );
    public static readonly TomlKey<double> LiquidationProbability = new(
        "probability",
        new TomlPercentage(TomlBounds.FromBelow(0, 100), "0.1%"),
        "Allowed probability of liquidation at the horizon; \"0%\": in no scenario of the law.",
        required: true
    );
    public static readonly TomlKey<double> MinimumDistance = new(
        "min-distance",
        new TomlPercentage(TomlBounds.Between(0, 100), "30%"),
        "Smallest adverse move of any one underlying at which the venue liquidates, in % of the mark.",
        absent: KeyForms.NoLimit
    );
    public static readonly TomlKey<bool> OnTheWay = new(
        "on-the-way",
        new TomlFlag(),
        "Whether the probability holds for every moment until the horizon: margin at the bars of every path.",
        fallback: "false"
    );
    public static readonly TomlKey<BoundTable> Liquidation = new(
        "liquidation",
        new TomlTableKind("Liquidation by the venue.", LiquidationProbability, MinimumDistance, OnTheWay),
        "Distance to liquidation.",
        absent: KeyForms.NoLimit
    );
    public static readonly TomlKey<BoundTable> Survival = new(
        "survival",
        new TomlTableKind(
            "What keeps the account alive.",
            Drawdown,
            WorstCase,
            AheadKeys.Stress,
            ExpectedShortfall,
            PathLoss,
            Liquidation
        ),
        "Survival constraints.",
        absent: "none"
    );
}
