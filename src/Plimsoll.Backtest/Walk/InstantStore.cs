using System.Collections.Concurrent;
using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Pricing;
using Plimsoll.Risk;
using Plimsoll.Sizing;

namespace Plimsoll.Backtest;

/// <summary>What one instant's market alone decides, made once for all methods, perhaps ahead of its time.</summary>
/// <remarks>Another market than its own (with positions that are no longer quoted) has everything made anew.</remarks>
/// <param name="own">The market of the instant.</param>
sealed class InstantStore(MarketSnapshot own) : IMarketStore, IDisposable
{
    readonly ConcurrentDictionary<string, Lazy<SurfaceFitResult>> surfaces = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, Lazy<ScenarioSet>> scenarios = new(StringComparer.Ordinal);
    readonly List<KeptMatrix> matrices = [];

    /// <inheritdoc />
    public SurfaceFitResult Surface(MarketSnapshot market, string coin, Func<SurfaceFitResult> fit) =>
        ReferenceEquals(market, own) ? Once(surfaces, coin, fit) : fit();

    /// <inheritdoc />
    public ScenarioSet Scenarios(
        MarketSnapshot market,
        ImmutableArray<PriceHistory> histories,
        ScenarioRequest request,
        Func<ScenarioSet> draw
    ) => ReferenceEquals(market, own) ? Once(scenarios, KeyOf(request), draw) : draw();

    /// <inheritdoc />
    public PnlMatrix Matrix(
        MarketSnapshot market,
        ScenarioSet scenarios,
        ImmutableArray<Instrument> instruments,
        Currency home,
        Func<PnlMatrix> revalue
    )
    {
        if (!ReferenceEquals(market, own))
            return revalue();
        Lazy<PnlMatrix>? kept;
        lock (matrices)
        {
            kept = matrices.Find(matrix => matrix.Is(scenarios, instruments, home))?.Made;
            if (kept is null)
                matrices.Add(new KeptMatrix(scenarios, instruments, home, kept = new Lazy<PnlMatrix>(revalue)));
        }
        return kept.Value;
    }

    /// <summary>Frees the matrices, large and not the garbage collector's, when the instant is over.</summary>
    public void Dispose()
    {
        foreach (var kept in matrices)
            if (kept.Made.IsValueCreated)
                kept.Made.Value.Gain.Dispose();
    }

    /// <summary>A matrix and what it was asked for; scenarios are the same when they are one object.</summary>
    sealed record KeptMatrix(
        ScenarioSet Scenarios,
        ImmutableArray<Instrument> Instruments,
        Currency Home,
        Lazy<PnlMatrix> Made
    )
    {
        public bool Is(ScenarioSet scenarios, ImmutableArray<Instrument> instruments, Currency home) =>
            ReferenceEquals(Scenarios, scenarios) && Home == home && Instruments.SequenceEqual(instruments);
    }

    static T Once<T>(ConcurrentDictionary<string, Lazy<T>> made, string key, Func<T> make) =>
        made.GetOrAdd(key, _ => new Lazy<T>(make)).Value;

    /// <summary>Requests of one walk differ in what views ask for; how many threads draw changes nothing.</summary>
    static string KeyOf(ScenarioRequest request)
    {
        string times = string.Join(' ', request.DeliveryTimes.Select(time => time.UtcTicks));
        return FormattableString.Invariant(
                $"{request.Horizon.Value:R} {request.Count} {request.Seed} {request.VolatilityMultiplier:R} "
            ) + $"{request.KeepsPath} {times}";
    }
}
