using System.Collections.Immutable;
using static Plimsoll.Storage.RunForms;

namespace Plimsoll.Storage;

/// <summary>Keys of a run's configuration by which risk is taken off: cuts, volatility, auto-deleveraging.</summary>
static class RunLimitKeys
{
    public static readonly TomlKey<double> CutStart = Share(
        "start",
        "70%",
        "Maintenance margin over equity from which positions are cut."
    );
    public static readonly TomlKey<double> SecondLine = new(
        "second",
        new TomlPercentage(TomlBounds.AboveTo(0, 100), "80%"),
        "Ratio from which they are cut harder.",
        absent: "10 points above the start"
    );
    public static readonly TomlKey<double> ThirdLine = new(
        "third",
        new TomlPercentage(TomlBounds.AboveTo(0, 100), "88%"),
        "Ratio from which they are cut hardest.",
        absent: "18 points above the start"
    );
    public static readonly TomlKey<double> CutTarget = Share("target", "60%", "Ratio at which cutting ends.");
    public static readonly TomlKey<ImmutableArray<double>> CutDepths = Shares(
        "depths",
        1_000,
        ["50%", "100%", "200%"],
        "Share of the size at the best price that one cut takes; of the three lines, softest first."
    );
    public static readonly TomlKey<ImmutableArray<double>> CutRooms = Shares(
        "rooms",
        50,
        ["0.5%", "2%", "8%"],
        "Farthest price of a cut from the mark; of the three lines, softest first."
    );
    public static readonly TomlKey<decimal> CutPause = Seconds(
        "pause",
        0.05m,
        10,
        "0.25",
        "Least time between two cuts of one instrument."
    );
    public static readonly TomlKey<BoundTable> Cuts = Table(
        "cuts",
        "When positions are cut before the venue does.",
        CutStart,
        SecondLine,
        ThirdLine,
        CutTarget,
        CutDepths,
        CutRooms,
        CutPause
    );
    public static readonly TomlKey<decimal> VolatilityRoom = new(
        "room",
        new TomlExactNumber(TomlBounds.FromTo(1, 100)),
        "How many times as volatile as the law of its targets a coin may be before they are scaled down.",
        fallback: "1.5"
    );
    public static readonly TomlKey<decimal> VolatilityMemory = Seconds(
        "memory",
        60,
        604_800,
        "3600",
        "Time in which a return's weight in the forecast of volatility falls to 1/e."
    );
    public static readonly TomlKey<double> SurfaceError = Share(
        "surface-error",
        "0.5%",
        "Largest gap between the surface's estimate and the marks, as a share of equity, without a solve."
    );
    public static readonly TomlKey<BoundTable> Volatility = Table(
        "volatility",
        "How targets follow the market between two solves.",
        VolatilityRoom,
        VolatilityMemory,
        SurfaceError
    );
    public static readonly TomlKey<double> DeleveragingRank = Share(
        "rank",
        "90%",
        "Place in a queue of auto-deleveraging from which a leg is near it; 100% is the first to be closed."
    );
    public static readonly TomlKey<double> DeleveragingFund = Share(
        "fund",
        "70%",
        "Share of its peak of 8 hours to which the insurance fund must have fallen for it to be near."
    );
    public static readonly TomlKey<double> DeleveragingKeep = Share(
        "keep",
        "50%",
        "Share of a coin's targets that is kept while it is near."
    );
    public static readonly TomlKey<decimal> DeleveragingPause = Seconds(
        "pause",
        0,
        86_400,
        "1800",
        "Time in which nothing is opened in an instrument that the venue has closed."
    );
    public static readonly TomlKey<BoundTable> Deleveraging = Table(
        "deleveraging",
        "What is done before and after the venue closes a winning leg.",
        DeleveragingRank,
        DeleveragingFund,
        DeleveragingKeep,
        DeleveragingPause
    );
}
