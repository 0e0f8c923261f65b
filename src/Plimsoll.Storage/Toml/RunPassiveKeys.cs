using static Plimsoll.Storage.RunForms;

namespace Plimsoll.Storage;

/// <summary>Keys of a run's configuration by which ordinary orders rest before they cross.</summary>
static class RunPassiveKeys
{
    public static readonly TomlKey<bool> On = new(
        "on",
        new TomlFlag(),
        "Whether an order that only goes toward a target first rests inside the spread, post-only, and follows the "
            + "market.",
        fallback: "false"
    );
    public static readonly TomlKey<decimal> Deadline = Seconds(
        "deadline",
        1,
        600,
        "20",
        "Time at rest after which what is left crosses, unless that costs more than the solve counted with."
    );
    public static readonly TomlKey<decimal> PriceEvery = Seconds(
        "re-price-every",
        0.5m,
        60,
        "1",
        "Least time between two messages about one resting order."
    );
    public static readonly TomlKey<double> PriceBand = Share(
        "re-price-band",
        "0.02%",
        "Move of the best price, relative, that a resting order does not follow."
    );
    public static readonly TomlKey<BoundTable> Passive = Table(
        "passive",
        "Orders in no hurry; cuts, throttles and reduce-only never rest.",
        On,
        Deadline,
        PriceEvery,
        PriceBand
    );
}
