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

/// <summary>What bases did on a day.</summary>
/// <param name="PerpetualAtLow">Change of perpetual over index at the day's low, a fraction above −1.</param>
/// <param name="ForwardRate">Change of ln(forward / index) a year, at the close and at the low.</param>
public sealed record BasisMove(double PerpetualAtLow, double ForwardRate)
{
    /// <summary>Every basis keeps its log size.</summary>
    public static BasisMove None { get; } = new(0, 0);
}

/// <summary>How far liquidity goes in a crash.</summary>
/// <param name="Spread">Factor on every spread; at least 1.</param>
/// <param name="Depth">Share of the normal depth that is left; in (0, 1].</param>
/// <param name="Source">Where the figures come from, or that they are assumed.</param>
public sealed record LiquidityStress(double Spread, double Depth, string Source)
{
    /// <summary>Quiet: nothing changes.</summary>
    public static LiquidityStress None { get; } = new(1, 1, "as quoted");
}

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
)
{
    /// <summary>Spreads and depth of the day.</summary>
    public LiquidityStress Liquidity { get; init; } = LiquidityStress.None;

    /// <summary>
    /// Moves of bases by ticker or <see cref="StressDefinition.Other"/>; empty: nothing is known of them.
    /// </summary>
    public ImmutableSortedDictionary<string, BasisMove> Basis { get; init; } =
        ImmutableSortedDictionary<string, BasisMove>.Empty;

    /// <summary>Where they come from; empty without any.</summary>
    public string BasisSource { get; init; } = "";
}

/// <summary>What one coin does in a case that a user writes.</summary>
/// <param name="Return">Of the index, a fraction above −1.</param>
/// <param name="VolatilityChange">
/// Of the at-the-money volatility at 30 days, a fraction above −1; null: the coin's response to the return.
/// </param>
/// <param name="SkewMove">
/// Of d(volatility)/dk at the money at 30 days; null: none, or the response where the level is null too.
/// </param>
/// <param name="TermChange">Further change of the volatility at a week, a fraction above −1; 0 at 30 days.</param>
/// <param name="PerpetualBasis">Change of perpetual over index, a fraction above −1.</param>
/// <param name="ForwardRate">Change of ln(forward / index) a year.</param>
public sealed record CoinStress(
    double Return,
    double? VolatilityChange = null,
    double? SkewMove = null,
    double TermChange = 0,
    double PerpetualBasis = 0,
    double ForwardRate = 0
);

/// <summary>A joint move that a user writes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Coins">By ticker or <see cref="StressDefinition.Other"/>; a coin in neither stands still.</param>
/// <param name="Liquidity">Spreads and depth.</param>
public sealed record StressCase(
    string Name,
    ImmutableSortedDictionary<string, CoinStress> Coins,
    LiquidityStress Liquidity
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

    /// <summary>Cases that a user wrote; none is shipped.</summary>
    public ImmutableArray<StressCase> Cases { get; init; } = [];

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
        )
        {
            Liquidity = Liquidity(day.GetProperty("liquidity")),
            Basis = day.TryGetProperty("basis", out var basis)
                ? basis
                    .EnumerateObject()
                    .Where(row => row.Name != "source")
                    .ToImmutableSortedDictionary(
                        row => row.Name,
                        row => new BasisMove(Of(row.Value, "perpetual_at_low"), Of(row.Value, "forward_rate")),
                        StringComparer.Ordinal
                    )
                : ImmutableSortedDictionary<string, BasisMove>.Empty,
            BasisSource = basis.ValueKind == JsonValueKind.Object ? basis.GetProperty("source").GetString()! : "",
        };
    }

    static LiquidityStress Liquidity(JsonElement liquidity) =>
        new(Of(liquidity, "spread"), Of(liquidity, "depth"), liquidity.GetProperty("source").GetString()!);

    static double Of(JsonElement element, string key) => element.GetProperty(key).GetDouble();

    static ImmutableArray<double> Numbers(JsonElement list) =>
        [.. list.EnumerateArray().Select(number => number.GetDouble())];

    static ImmutableSortedDictionary<string, T> Table<T>(JsonElement table, Func<JsonElement, T> read) =>
        table
            .EnumerateObject()
            .ToImmutableSortedDictionary(row => row.Name, row => read(row.Value), StringComparer.Ordinal);
}
