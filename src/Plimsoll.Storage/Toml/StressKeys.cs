using System.Collections.Immutable;

namespace Plimsoll.Storage;

/// <summary>
/// The keys of a stress file, one description each: binder, schema and reference page derive from them.
/// </summary>
static class StressKeys
{
    public static readonly TomlKey<string> Name = new(
        "name",
        TomlWords.Name,
        "Of the case; unique in the file.",
        required: true
    );
    public static readonly TomlKey<double> Spread = new(
        "spread",
        new TomlNumber(TomlBounds.FromTo(1, 1000)),
        "Factor on every spread.",
        fallback: "1"
    );
    public static readonly TomlKey<double> Depth = new(
        "depth",
        new TomlPercentage(TomlBounds.AboveTo(0, 100), "20%"),
        "Share of the normal depth that is left.",
        fallback: "\"100%\""
    );
    public static readonly TomlKey<double> Spot = new(
        "spot",
        new TomlPercentage(TomlBounds.FromTo(-99, 1000), "-25%"),
        "Move of the index.",
        fallback: "\"0%\""
    );
    public static readonly TomlKey<double> Volatility = new(
        "volatility",
        new TomlPercentage(TomlBounds.FromTo(-75, 350), "+40%"),
        "Relative move of the at-the-money volatility at 30 days; other tenors follow the coin's response.",
        absent: "the coin's response to the move of the index"
    );
    public static readonly TomlKey<double> Skew = new(
        "skew",
        new TomlNumber(TomlBounds.FromTo(-3, 3), "volatility per unit of log-moneyness"),
        "Move of the slope of volatility at the money at 30 days; below 0: puts get dearer.",
        absent: "0, or the coin's response where volatility is absent too"
    );
    public static readonly TomlKey<double> Term = new(
        "term",
        new TomlPercentage(TomlBounds.FromTo(-75, 350), "+20%"),
        "Further relative move at 7 days; none at 30 days, the opposite beyond.",
        fallback: "\"0%\""
    );
    public static readonly TomlKey<double> PerpetualBasis = new(
        "perpetual-basis",
        new TomlPercentage(TomlBounds.FromTo(-50, 50), "-5%"),
        "Move of the perpetual against the index.",
        fallback: "\"0%\""
    );
    public static readonly TomlKey<double> ForwardRate = new(
        "forward-rate",
        new TomlPercentage(TomlBounds.FromTo(-300, 300), "-10%"),
        "Move a year of the log basis of dated futures and forwards.",
        fallback: "\"0%\""
    );
    public static readonly TomlKey<ImmutableSortedDictionary<string, BoundTable>> Moves = new(
        "moves",
        new TomlByName<BoundTable>(
            new TomlWords("a ticker in capitals, such as \"BTC\", or \"other\"", "^([A-Z][A-Z0-9]{1,9}|other)$"),
            new TomlTableKind("What one coin does.", Spot, Volatility, Skew, Term, PerpetualBasis, ForwardRate)
        ),
        "By coin; `other` is every coin that is not named, and without it those stand still.",
        required: true
    );
    public static readonly TomlKey<ImmutableArray<BoundTable>> Cases = new(
        "case",
        new TomlList<BoundTable>(
            new TomlTableKind("One joint move, all at once.", Name, Spread, Depth, Moves),
            least: 1
        ),
        "The cases.",
        required: true
    );

    /// <summary>A whole stress file.</summary>
    public static TomlTableKind Root { get; } = new("Joint moves to put an account under.", Cases);
}
