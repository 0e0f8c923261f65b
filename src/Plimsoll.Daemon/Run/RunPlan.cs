using System.Collections.Immutable;
using System.Reflection;
using Plimsoll.Engine;
using Plimsoll.Live;
using Plimsoll.Markets;
using Plimsoll.Sizing;
using Plimsoll.Storage;
using Plimsoll.Venues;

namespace Plimsoll.Daemon;

/// <summary>Everything that a run was told, read and checked before anything is opened.</summary>
/// <param name="Options">Of the command line.</param>
/// <param name="Configuration">Of the file, or the defaults.</param>
/// <param name="Engine">Its settings with the mandate's throttles.</param>
/// <param name="Solving">What solves are made from.</param>
/// <param name="Input">The same, as the journal keeps it.</param>
/// <param name="Access">To the account.</param>
/// <param name="Patterns">Instruments to follow.</param>
sealed record RunPlan(
    RunOptions Options,
    RunConfiguration Configuration,
    EngineSettings Engine,
    SolveSettings Solving,
    RunInput Input,
    VenueAccess Access,
    ImmutableArray<string> Patterns
)
{
    /// <summary>Owner of the journal: another account's or venue's is refused.</summary>
    public string Owner => $"{Configuration.Account} {Options.Place.Name}";

    /// <summary>Reads everything; all faults at once.</summary>
    public static Parsed<RunPlan> Read(RunOptions options)
    {
        var faults = new List<Fault>();
        T? Take<T>(Parsed<T> parsed)
            where T : class
        {
            faults.AddRange(parsed.Faults);
            return parsed.Succeeded ? parsed.Value : null;
        }
        var configuration = options.Config is { } file
            ? Take(RunFile.Read(file, options.Place.Venue))
            : RunFile.Defaults;
        var written = options.Mandate is { } path ? Take(InputText.Read(path)) : null;
        string place = written?.Place ?? "built-in mandate";
        // The mandate of the built-in market names that market's own expiries; this one holds on any day.
        string? text = options.Mandate is null ? BacktestMandate.Text : written?.Text;
        if (options.Mandate is null && options.SendsOrders && options.Place.IsReal)
            faults.Add(
                new Fault("--mandate", null, "", "nothing", "a file: real orders are sent by a stated policy only")
            );
        var mandate = text is null ? null : Take(MandateFile.Parse(text, place));
        var method = text is null || mandate is null ? null : Take(MandateFile.ParseMethods(text, place));
        if (mandate?.HomeCurrency is { IsDollar: false } home)
            faults.Add(new Fault(place, null, "home-currency", home.Code, "USD: the engine counts in dollars"));
        var history = options.History is { } folder ? Take(BarsCsv.Read(folder)) : null;
        var access = Take(
            options.Place.Access(options.KeyFile, Environment.GetEnvironmentVariable, options.SendsOrders)
        );
        if (faults.Count > 0)
            return Parsed<RunPlan>.Fail(faults);
        var solving = new SolveSettings
        {
            Mandate = mandate!,
            Method = SolveMethod.Of(method!.Value),
            Account = configuration!.Account,
            Venue = options.Place.Venue,
            MarginMode = configuration.MarginMode,
            MarginModel = configuration.MarginModel,
            MarginParameters = configuration.MarginParameters,
            Histories = history?.Histories ?? [],
            Scenarios = configuration.Scenarios,
            Seed = configuration.Seed,
        };
        return Parsed<RunPlan>.Ok(
            new RunPlan(
                options,
                configuration,
                configuration.Engine with
                {
                    Drawdowns =
                    [
                        .. mandate!.Throttles.Select(step => new DrawdownStep(
                            (decimal)step.Drawdown,
                            (decimal)step.Keep
                        )),
                    ],
                },
                solving,
                new RunInput(
                    Version,
                    configuration.Account,
                    options.Place.Venue,
                    text!,
                    configuration.MarginMode,
                    SolveSettings.BarsDigest(options.History),
                    configuration.Scenarios,
                    configuration.Seed,
                    options.SendsOrders,
                    configuration.MarginModel
                )
                {
                    MarginParameters = configuration.MarginParameters,
                },
                access!,
                Follow(configuration, mandate, options.Place)
            )
        );
    }

    /// <summary>Version of this program.</summary>
    public static string Version { get; } =
        typeof(RunPlan).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? "unknown";

    /// <summary>The instruments of a listing that the plan follows.</summary>
    public ImmutableArray<Instrument> Choose(ImmutableArray<Instrument> listed) =>
        [
            .. listed
                .Where(one => one is not SpotInstrument)
                .Where(one => Patterns.Any(pattern => NamePattern.Matches(pattern, one.Name)))
                .OrderBy(one => one.Name, StringComparer.Ordinal),
        ];

    static ImmutableArray<string> Follow(RunConfiguration configuration, Mandate mandate, VenuePlace place) =>
        !configuration.Instruments.IsEmpty ? configuration.Instruments
        : !mandate.Candidates.IsEmpty ? mandate.Candidates
        : [.. place.UsualInstruments];
}
