using System.Collections.Immutable;
using Plimsoll.Sizing;
using Plimsoll.Tails;

namespace Plimsoll.Storage;

/// <summary>
/// Keys of a mandate that look ahead: dependence of the law of risk, named stress, the calendar; the calendar file has
/// the same <c>[[event]]</c>.
/// </summary>
static class AheadKeys
{
    public static readonly TomlKey<DependenceModel> Dependence = new(
        "dependence",
        new TomlChoice<DependenceModel>(
            ("history", DependenceModel.History),
            ("student-copula", DependenceModel.StudentCopula),
            ("skewed-student-copula", DependenceModel.SkewedStudentCopula),
            ("tail-copula", DependenceModel.TailCopula),
            ("dynamic-correlation", DependenceModel.DynamicCorrelation),
            ("regimes", DependenceModel.Regimes)
        ),
        "How coins move together in the law of risk; each coin's own law stays that of filtered history.",
        fallback: "\"history\""
    );

    public static readonly TomlKey<double> StressShare = new(
        "limit",
        new TomlPercentage(TomlBounds.AboveTo(0, 100), "20%"),
        "Share of equity that any of them may lose, cost of the trades included.",
        required: true
    );
    public static readonly TomlKey<string> StressFileName = new(
        "file",
        File,
        "Stress file of your own, beside the mandate; its cases stand in the stress set of every worst-case limit too.",
        absent: "none"
    );
    public static readonly TomlKey<ImmutableArray<string>> StressDays = new(
        "days",
        new TomlList<string>(
            new TomlWords("a recorded day, such as \"2025-10-10\"", "^[0-9]{4}-[0-9]{2}-[0-9]{2}(\\.\\.[0-9]{2})?$")
        ),
        "Recorded days, each at its close and with every coin at its low.",
        absent: "none"
    );
    public static readonly TomlKey<BoundTable> Stress = new(
        "stress",
        new TomlTableKind("Loss in stress rows that are named.", StressShare, StressFileName, StressDays),
        "Named stress.",
        absent: "no such limit"
    );

    public static readonly TomlKey<string> EventName = new("name", TomlWords.Name, "What happens.", required: true);
    public static readonly TomlKey<DateTimeOffset> EventAt = new("at", new TomlInstant(), "When.", required: true);
    public static readonly TomlKey<TomlSpan.Span> EventBefore = new(
        "before",
        new TomlSpan(30),
        "How long before it the risk limits tighten.",
        fallback: "\"1d\""
    );
    public static readonly TomlKey<TomlSpan.Span> EventAfter = new(
        "after",
        new TomlSpan(30),
        "How long after it they stay tight.",
        fallback: "\"1h\""
    );
    public static readonly TomlKey<double> EventKeep = Keep();
    public static readonly TomlKey<ImmutableArray<BoundTable>> Events = new(
        "event",
        new TomlList<BoundTable>(
            new TomlTableKind(
                "A moment ahead of which the risk limits tighten.",
                EventName,
                EventAt,
                EventBefore,
                EventAfter,
                EventKeep
            )
        ),
        "Moments ahead of which the risk limits tighten.",
        absent: "none"
    );
    public static readonly TomlKey<string> Calendar = new(
        "calendar",
        File,
        "A file of [[event]] alone, beside the mandate; its events are added.",
        absent: "none"
    );
    public static readonly TomlKey<TomlSpan.Span> ExpiryBefore = new(
        "before",
        new TomlSpan(30),
        "How long before it the risk limits tighten.",
        required: true
    );
    public static readonly TomlKey<double> ExpiryKeep = Keep();
    public static readonly TomlKey<BoundTable> ExpiryAhead = new(
        "expiry-ahead",
        new TomlTableKind("Ahead of every expiry of an option that is held.", ExpiryBefore, ExpiryKeep),
        "How the risk limits tighten ahead of expiries.",
        absent: "they do not"
    );

    /// <summary>A calendar file.</summary>
    public static TomlTableKind CalendarRoot { get; } = new("A calendar of events.", Events);

    static TomlWords File => new("a file's name, such as \"stress.toml\"", "^[A-Za-z0-9._/ -]{1,200}$");

    static TomlKey<double> Keep() =>
        new(
            "keep",
            new TomlPercentage(TomlBounds.AboveTo(0, 100), "50%"),
            "Share of the risk limits that is kept.",
            required: true
        );

    /// <summary>Events of a table that has them.</summary>
    public static IEnumerable<MarketEvent> MakeEvents(BoundTable root) =>
        (root.Number(Events) ?? []).Select(each => new MarketEvent(
            each.Get(EventName),
            each.Get(EventAt),
            each.Get(EventBefore).Years!.Value,
            each.Get(EventAfter).Years!.Value,
            each.Get(EventKeep)
        ));
}
