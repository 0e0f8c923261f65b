using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Pricing;
using Plimsoll.Risk;
using Plimsoll.Tails;

namespace Plimsoll.Sizing;

/// <content>What the market alone decides, kept in the store where there is one.</content>
sealed partial class Preparation
{
    /// <summary>See <see cref="Sizer.Foresee"/>.</summary>
    public void Foresee()
    {
        if (MandateRules.Check(input).Any() || input.Store is null)
            return;
        var surfaces = Surfaces();
        var scenarios = Drawn(surfaces, Request());
        // Scenarios dealt anew for a dependence are another set at each call: a matrix of them would not be found.
        if (input.Mandate.Dependence == DependenceModel.History)
            Revalued(surfaces, scenarios, Priced(surfaces, scenarios));
    }

    public SortedDictionary<string, VolatilitySurface> Surfaces()
    {
        string[] coins =
        [
            .. input
                .Market.Quotes.Where(quote => quote.Instrument is OptionInstrument)
                .Select(quote => quote.Instrument.Underlying)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
        var fits = new SurfaceFitResult[coins.Length];
        Parallel.For(0, coins.Length, Threads(), u => fits[u] = Fit(coins[u]));
        var surfaces = new SortedDictionary<string, VolatilitySurface>(StringComparer.Ordinal);
        for (int u = 0; u < coins.Length; u++)
            if (fits[u].Surface is { } surface)
                surfaces[coins[u]] = surface;
            else
                warnings.Add($"{coins[u]}: no surface: {fits[u].Reason}");
        return surfaces;
    }

    SurfaceFitResult Fit(string coin)
    {
        SurfaceFitResult Make() => SurfaceFit.Fit(input.Market, coin);
        return input.Store is { } store ? store.Surface(input.Market, coin, Make) : Make();
    }

    /// <summary>The law of risk: history's, with the dependence that the mandate names.</summary>
    public ScenarioSet Scenarios(
        IReadOnlyDictionary<string, VolatilitySurface> surfaces,
        ScenarioRequest? request = null
    ) =>
        DependentScenarios.Apply(
            Drawn(surfaces, request ?? Request()),
            input.Mandate.Dependence,
            input.Histories,
            input.Market.AsOf,
            input.Seed
        );

    ScenarioSet Drawn(IReadOnlyDictionary<string, VolatilitySurface> surfaces, ScenarioRequest request)
    {
        ScenarioSet Make() => HistoricalScenarios.Build(input.Market, surfaces, input.Histories, request);
        return input.Store is { } store ? store.Scenarios(input.Market, input.Histories, request, Make) : Make();
    }

    /// <summary>Gains of one contract each; shared where a store kept them.</summary>
    PnlMatrix Revalued(
        SortedDictionary<string, VolatilitySurface> surfaces,
        ScenarioSet scenarios,
        ImmutableArray<Instrument> instruments
    )
    {
        PnlMatrix Make() => Revaluation.Compute(input.Market, surfaces, scenarios, instruments, home, input.Threads);
        return input.Store is { } store ? store.Matrix(input.Market, scenarios, instruments, home, Make) : Make();
    }

    public ScenarioRequest Request()
    {
        var end = input.Market.AsOf + TimeSpan.FromSeconds(input.Mandate.Horizon.Value * Years.SecondsPerYear);
        var times = input
            .Market.Quotes.Select(quote => quote.Instrument.SettlesAt)
            .OfType<DateTimeOffset>()
            .Concat(input.Mandate.Views.OfType<LevelView>().Select(view => view.At))
            .Where(time => time <= end);
        return new ScenarioRequest(
            input.Mandate.Horizon,
            input.Scenarios,
            input.Seed,
            input.VolatilityMultiplier,
            [.. times.Distinct().Order()]
        )
        {
            Threads = input.Threads,
            KeepsPath = input.Mandate.Survival.LooksAtPaths,
        };
    }
}
