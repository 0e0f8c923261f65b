using System.Collections.Immutable;
using System.Text.Json;

namespace Plimsoll.Risk;

/// <summary>One coin's figures of a recorded day or days, against the close before; fractions.</summary>
/// <param name="Return">Close.</param>
/// <param name="Low">Lowest price; at most min(0, <paramref name="Return"/>).</param>
/// <param name="High">Highest price; at least max(0, <paramref name="Return"/>).</param>
public sealed record DayMove(double Return, double Low, double High);

/// <summary>What a recorded chain says of a day: moves of ln(volatility) and of the skew at 30 days.</summary>
/// <param name="LogVolatilityMove">Change of ln(at-the-money volatility).</param>
/// <param name="SkewMove">Change of d(volatility)/dk at the money.</param>
public sealed record MeasuredVolatility(double LogVolatilityMove, double SkewMove);

/// <summary>A recorded crash or rebound.</summary>
/// <param name="Label">Its date, or first and last: <c>2022-11-08..10</c>.</param>
/// <param name="Name">What happened, in words.</param>
/// <param name="Moves">By ticker; a coin that did not trade takes the worst coin's figures.</param>
/// <param name="Measured">
/// By ticker; empty where no chain was recorded, the volatility move is then an assumption.
/// </param>
public sealed record StressDay(
    string Label,
    string Name,
    ImmutableSortedDictionary<string, DayMove> Moves,
    ImmutableSortedDictionary<string, MeasuredVolatility> Measured
);

/// <summary>What the stress set consists of: dated data, not code.</summary>
public sealed record StressDefinition
{
    /// <summary>Key of the figures for coins that are not named.</summary>
    public const string Other = "other";

    /// <summary>Day of the data.</summary>
    public required string Dated { get; init; }

    /// <summary>Where the figures come from.</summary>
    public required string Source { get; init; }

    /// <summary>Returns of the spot grid by ticker or <see cref="Other"/>, all of one length.</summary>
    public required ImmutableSortedDictionary<string, ImmutableArray<double>> GridReturns { get; init; }

    /// <summary>Relative changes of implied volatility that the grid is crossed with.</summary>
    public required ImmutableArray<double> GridVolatilityChanges { get; init; }

    /// <summary>Returns of the crash by ticker or <see cref="Other"/>.</summary>
    public required ImmutableSortedDictionary<string, double> CrashReturns { get; init; }

    /// <summary>Relative change of implied volatility in the crash.</summary>
    public required double CrashVolatilityChange { get; init; }

    /// <summary>Recorded days.</summary>
    public required ImmutableArray<StressDay> Days { get; init; }

    /// <summary>The definition that this version ships.</summary>
    public static StressDefinition Default => Shipped.Value;

    static readonly Lazy<StressDefinition> Shipped = new(() =>
    {
        using var stream = typeof(StressDefinition).Assembly.GetManifestResourceStream("stress/default.json")!;
        using var document = JsonDocument.Parse(stream);
        return Read(document.RootElement);
    });

    static StressDefinition Read(JsonElement root)
    {
        var grid = root.GetProperty("grid");
        var crash = root.GetProperty("crash");
        return new StressDefinition
        {
            Dated = root.GetProperty("dated").GetString()!,
            Source = root.GetProperty("source").GetString()!,
            GridReturns = Table(grid.GetProperty("return"), Numbers),
            GridVolatilityChanges = Numbers(grid.GetProperty("volatility_change")),
            CrashReturns = Table(crash.GetProperty("return"), value => value.GetDouble()),
            CrashVolatilityChange = crash.GetProperty("volatility_change").GetDouble(),
            Days = [.. root.GetProperty("days").EnumerateArray().Select(Day)],
        };
    }

    static StressDay Day(JsonElement day)
    {
        string first = day.GetProperty("from").GetString()!;
        string last = day.GetProperty("to").GetString()!;
        return new StressDay(
            first == last ? first : $"{first}..{last[^2..]}",
            day.GetProperty("name").GetString()!,
            Table(day.GetProperty("moves"), move => new DayMove(Of(move, "return"), Of(move, "low"), Of(move, "high"))),
            day.TryGetProperty("measured", out var measured)
                ? Table(
                    measured,
                    move => new MeasuredVolatility(Of(move, "log_volatility_move"), Of(move, "skew_move"))
                )
                : ImmutableSortedDictionary<string, MeasuredVolatility>.Empty
        );
    }

    static double Of(JsonElement element, string key) => element.GetProperty(key).GetDouble();

    static ImmutableArray<double> Numbers(JsonElement list) =>
        [.. list.EnumerateArray().Select(number => number.GetDouble())];

    static ImmutableSortedDictionary<string, T> Table<T>(JsonElement table, Func<JsonElement, T> read) =>
        table
            .EnumerateObject()
            .ToImmutableSortedDictionary(row => row.Name, row => read(row.Value), StringComparer.Ordinal);
}
