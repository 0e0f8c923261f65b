using System.Collections.Immutable;
using Plimsoll.Sizing;

namespace Plimsoll.Storage;

/// <summary>The keys of <c>[[views]]</c>, one description each.</summary>
static class ViewKeys
{
    const string ByIsAmbiguous =
        "at = \"YYYY-MM-DD\" (stands there at 08:00 UTC that day) or touch = \"YYYY-MM-DD\" (reaches it until then): "
        + "\"by\" could mean either";

    static readonly TomlKey<string> Kind = new(
        "kind",
        TomlVariants.Words("level", "drift", "volatility", "relative"),
        "What the view speaks of.",
        required: true
    );
    static readonly TomlKey<string> Underlying = new(
        "underlying",
        TomlWords.Ticker,
        "The coin that it speaks of.",
        required: true
    );
    static readonly TomlKey<double> Confidence = new(
        "confidence",
        new TomlPercentage(TomlBounds.FromTo(0, 100), "60%"),
        "Weight c of the view: the laws are mixed as (1 - c) without the view and c with it.",
        required: true
    );
    static readonly TomlKey<bool> Spillover = new(
        "spillover",
        new TomlFlag(),
        "Whether volatility, skew and other coins' expectations may move with the view; pinned otherwise.",
        fallback: "false"
    );
    static readonly TomlKey<double> Above = Level("above", "The price, in USD, above which the view expects the coin.");
    static readonly TomlKey<double> Below = Level("below", "The price, in USD, below which the view expects the coin.");
    static readonly TomlKey<DateTimeOffset> At = new(
        "at",
        new TomlDay(),
        "The day, 08:00 UTC, at which the price stands beyond the level.",
        absent: "touch must be given"
    );
    static readonly TomlKey<DateTimeOffset> Touch = new(
        "touch",
        new TomlDay(),
        "The day, 08:00 UTC, until which the price reaches the level at least once.",
        absent: "at must be given"
    );
    static readonly TomlKey<double> Probability = new(
        "probability",
        new TomlPercentage(TomlBounds.Between(0, 100), "35%"),
        "Probability of it.",
        required: true
    );
    static readonly TomlKey<double> Drift = new(
        "drift",
        new TomlPercentage(TomlBounds.FromTo(-10_000, 10_000), "+20%"),
        "Arithmetic drift of the price a year.",
        required: true
    );
    static readonly TomlKey<double> Volatility = new(
        "volatility",
        new TomlPercentage(TomlBounds.AboveTo(0, 1_000), "55%"),
        "Volatility a year.",
        required: true
    );
    static readonly TomlKey<bool> Measure = new(
        "measure",
        new TomlChoice<bool>(("realised", false), ("implied", true)),
        "Whether the volatility is that of the price until the horizon, or the 30-day implied one at the horizon.",
        fallback: "\"realised\""
    );
    static readonly TomlKey<string> Against = new(
        "against",
        TomlWords.Ticker,
        "The coin that it is compared with.",
        required: true
    );
    static readonly TomlKey<double> Outperformance = new(
        "outperformance",
        new TomlPercentage(TomlBounds.FromTo(-10_000, 10_000), "+10%"),
        "By how much a year the underlying outgrows the other coin.",
        required: true
    );

    /// <summary>What one <c>[[views]]</c> may hold.</summary>
    public static TomlVariants Item { get; } =
        new(
            Kind,
            ("level", Table("A probability of a price level at a day.", Above, Below, At, Touch, Probability)),
            ("drift", Table("A drift of the price.", Drift)),
            ("volatility", Table("A volatility.", Volatility, Measure)),
            ("relative", Table("One coin against another.", Against, Outperformance))
        );

    /// <summary>Makes the view, or adds the faults that lie between its keys.</summary>
    public static View? Make((string Word, BoundTable Table) view, TomlBinding binding)
    {
        var table = view.Table;
        string underlying = table.Get(Underlying);
        double confidence = table.Get(Confidence);
        bool spillover = table.Get(Spillover);
        switch (view.Word)
        {
            case "level":
                return MakeLevel(table, binding);
            case "drift":
                return new DriftView
                {
                    Underlying = underlying,
                    Confidence = confidence,
                    Spillover = spillover,
                    AnnualDrift = table.Get(Drift),
                };
            case "volatility":
                return new VolatilityView
                {
                    Underlying = underlying,
                    Confidence = confidence,
                    Spillover = spillover,
                    Volatility = table.Get(Volatility),
                    Implied = table.Get(Measure),
                };
            default:
                if (table.Get(Against) == underlying)
                {
                    binding.Refuse(
                        table.Source.Find("against")!,
                        $"{table.Path}.against",
                        "another coin than underlying"
                    );
                    return null;
                }
                return new RelativeView
                {
                    Underlying = underlying,
                    Confidence = confidence,
                    Spillover = spillover,
                    Against = table.Get(Against),
                    AnnualOutperformance = table.Get(Outperformance),
                };
        }
    }

    static LevelView? MakeLevel(BoundTable table, TomlBinding binding)
    {
        double? above = table.Number(Above);
        double? below = table.Number(Below);
        DateTimeOffset? at = table.Number(At);
        DateTimeOffset? touch = table.Number(Touch);
        if (above is null == below is null)
            binding.Refuse(table.Source, table.Path, "exactly one of above and below");
        if (at is null == touch is null)
            binding.Refuse(table.Source, table.Path, "exactly one of at and touch");
        if (above is null == below is null || at is null == touch is null)
            return null;
        return new LevelView
        {
            Underlying = table.Get(Underlying),
            Confidence = table.Get(Confidence),
            Spillover = table.Get(Spillover),
            LevelUsd = (above ?? below)!.Value,
            Above = above is not null,
            At = (at ?? touch)!.Value,
            Touch = touch is not null,
            Probability = table.Get(Probability),
        };
    }

    static TomlKey<double> Level(string name, string meaning) =>
        new(
            name,
            new TomlNumber(TomlBounds.Positive, "USD"),
            meaning,
            absent: "the other of above and below must be given"
        );

    static TomlTableKind Table(string meaning, params TomlKey[] own) =>
        new(meaning, [Kind, Underlying, .. own, Confidence, Spillover])
        {
            Refused = ImmutableDictionary<string, string>.Empty.Add("by", ByIsAmbiguous),
        };
}
