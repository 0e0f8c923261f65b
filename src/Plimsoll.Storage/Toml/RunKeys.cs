using System.Collections.Immutable;
using static Plimsoll.Storage.RunForms;

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
    public static readonly TomlKey<decimal> SolvePause = Seconds(
        "solve-pause",
        0.1m,
        60,
        "1",
        "Least time between two solves."
    );
    public static readonly TomlKey<decimal> TargetAge = Seconds(
        "target-age",
        10,
        7_200,
        "180",
        "Oldest input of a solve whose targets are still gone to; at least solve-every."
    );
    public static readonly TomlKey<decimal> NotFoundMargin = Seconds(
        "not-found-margin",
        0.1m,
        60,
        "2",
        "Time after its valid-until before an order that the venue does not know is believed dead."
    );
    public static readonly TomlKey<double> SuspectMove = Share(
        "suspect-move",
        "5%",
        "A mark that jumps farther than this waits for a second one that agrees."
    );
    public static readonly TomlKey<decimal> Hold = Seconds(
        "hold",
        0,
        600,
        "5",
        "Time for which a cause must be gone before a safer mode is left."
    );
    public static readonly TomlKey<decimal> ClockTrust = Seconds(
        "clock-trust",
        0.05m,
        10,
        "0.5",
        "Largest difference of the clocks at which a valid-until can be trusted."
    );
    public static readonly TomlKey<decimal> SimulateEvery = Seconds(
        "simulate-every",
        0,
        86_400,
        "300",
        "Longest time between two questions to the venue's margin simulator; it is asked too when a tenth of the book "
            + "changed. 0: never."
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
            SolvePause,
            TargetAge,
            SimulateEvery,
            IndexTrigger,
            VolatilityTrigger,
            SuspectMove,
            NotFoundMargin,
            Hold,
            ClockTrust
        ),
        "How the engine goes to its targets.",
        absent: "the defaults of its keys"
    );

    /// <summary>A whole configuration.</summary>
    public static TomlTableKind Root { get; } =
        new(
            "How one account is followed and traded.",
            Account,
            AccountKeys.Mode,
            AccountKeys.Model,
            AccountKeys.Parameters,
            Instruments,
            Scenarios,
            Seed,
            Execution,
            RunPassiveKeys.Passive,
            RunLimitKeys.Cuts,
            RunLimitKeys.Volatility,
            RunLimitKeys.Deleveraging,
            RunControlKeys.Controls
        );
}
