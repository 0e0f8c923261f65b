using System.Collections.Immutable;
using Plimsoll.Controls;
using Plimsoll.Engine;
using Plimsoll.Markets;
using static Plimsoll.Storage.RunControlKeys;
using static Plimsoll.Storage.RunKeys;
using static Plimsoll.Storage.RunLimitKeys;

namespace Plimsoll.Storage;

/// <summary>How one account is followed and traded.</summary>
/// <param name="Account">Names the account; the engine's id.</param>
/// <param name="MarginMode">How it is margined.</param>
/// <param name="MarginModel">Key of its margin model; null: the venue's own for the mode.</param>
/// <param name="MarginParameters">Figures of its margin model; null: the shipped ones.</param>
/// <param name="Instruments">Names or patterns to follow; empty: not said.</param>
/// <param name="Scenarios">Of each solve.</param>
/// <param name="Seed">Of every draw.</param>
/// <param name="Engine">Settings, without the mandate's throttles.</param>
public sealed record RunConfiguration(
    string Account,
    MarginMode MarginMode,
    string? MarginModel,
    MarginFile? MarginParameters,
    ImmutableArray<string> Instruments,
    int Scenarios,
    ulong Seed,
    EngineSettings Engine
);

/// <summary>Reads a run's configuration: strict TOML, every fault at once.</summary>
/// <remarks>Keys are in docs/live.md, which derives from the same description.</remarks>
public static class RunFile
{
    // The two harder lines lie this far above the one at which cutting starts, where the file does not say.
    const decimal SecondAbove = 0.10m;
    const decimal ThirdAbove = 0.18m;
    const int CutLines = 3;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="venue">Key of the venue that the account is at, whose margin models it may name.</param>
    public static Parsed<RunConfiguration> Read(string path, string venue)
    {
        var text = InputText.Read(path);
        return text.Succeeded
            ? Parse(text.Value.Text, text.Value.Place, venue, Path.GetDirectoryName(Path.GetFullPath(path)))
            : Parsed<RunConfiguration>.Fail(text.Faults);
    }

    /// <summary>What holds without a file.</summary>
    public static RunConfiguration Defaults { get; } = Parse("account = \"main\"", "defaults", "deribit").Value;

    /// <summary>Reads text of an account at a venue.</summary>
    public static Parsed<RunConfiguration> Parse(string text, string place, string venue) =>
        Parse(text, place, venue, null);

    static Parsed<RunConfiguration> Parse(string text, string place, string venue, string? folder)
    {
        var located = TomlDocument.Bind(text, place, Root, (root, binding) => Make(root, binding, venue, folder));
        return located.Succeeded
            ? Parsed<RunConfiguration>.Ok(located.Value.Value)
            : Parsed<RunConfiguration>.Fail(located.Faults);
    }

    static RunConfiguration Make(BoundTable root, TomlBinding binding, string venue, string? folder)
    {
        var margin = MarginKeys.Read(root, venue, binding, folder, "a configuration");
        var steps = Section(root, Execution);
        var passive = Section(root, RunPassiveKeys.Passive);
        var volatility = Section(root, RunLimitKeys.Volatility);
        var deleveraging = Section(root, RunLimitKeys.Deleveraging);
        var controls = Limits(Section(root, RunControlKeys.Controls));
        var cuts = Section(root, RunLimitKeys.Cuts);
        var lines = Lines(cuts, binding);
        if (lines.Length > 0 && lines.Max(line => line.PriceRoom) > controls.CutPriceCollar)
            Refuse(
                binding,
                [(cuts, CutRooms), (Section(root, RunControlKeys.Controls), CutCollar)],
                "rooms of the cuts within controls.cut-collar"
            );
        if (steps.Get(RunKeys.TargetAge) < steps.Get(SolveEvery))
            Refuse(binding, [(steps, RunKeys.TargetAge), (steps, SolveEvery)], "a target-age of at least solve-every");
        return new RunConfiguration(
            root.Get(RunKeys.Account),
            root.Get(AccountKeys.Mode),
            margin.Model,
            margin.Parameters,
            root.Number(Instruments) ?? [],
            root.Get(Scenarios),
            (ulong)root.Get(Seed),
            new EngineSettings
            {
                EngineId = root.Get(RunKeys.Account),
                Controls = controls,
                BandShare = Exact(steps.Get(Band)),
                BandLots = steps.Get(BandLots),
                DepthShare = Exact(steps.Get(Depth)),
                OrderLife = Time(steps.Get(RunKeys.OrderLife)),
                NotFoundMargin = Time(steps.Get(RunKeys.NotFoundMargin)),
                ReconcileInterval = Time(steps.Get(ReconcileEvery)),
                SolveInterval = Time(steps.Get(SolveEvery)),
                SolvePause = Time(steps.Get(RunKeys.SolvePause)),
                TargetAge = Time(steps.Get(RunKeys.TargetAge)),
                SimulateInterval = Time(steps.Get(SimulateEvery)),
                IndexTrigger = Exact(steps.Get(IndexTrigger)),
                VolatilityTrigger = Exact(steps.Get(VolatilityTrigger)),
                Resting = new RestingSettings
                {
                    IsOn = passive.Get(RunPassiveKeys.On),
                    Deadline = Time(passive.Get(RunPassiveKeys.Deadline)),
                    EditPause = Time(passive.Get(RunPassiveKeys.PriceEvery)),
                    EditBand = Exact(passive.Get(RunPassiveKeys.PriceBand)),
                },
                SuspectMove = Exact(steps.Get(RunKeys.SuspectMove)),
                HoldTime = Time(steps.Get(Hold)),
                ClockTrust = Time(steps.Get(RunKeys.ClockTrust)),
                Cuts = lines,
                CutTarget = Exact(cuts.Get(CutTarget)),
                CutInterval = Time(cuts.Get(CutPause)),
                VolatilityRoom = volatility.Get(RunLimitKeys.VolatilityRoom),
                VolatilityMemory = Time(volatility.Get(RunLimitKeys.VolatilityMemory)),
                SurfaceError = Exact(volatility.Get(RunLimitKeys.SurfaceError)),
                DeleveragingRank = Exact(deleveraging.Get(RunLimitKeys.DeleveragingRank)),
                DeleveragingFund = Exact(deleveraging.Get(RunLimitKeys.DeleveragingFund)),
                DeleveragingKeep = Exact(deleveraging.Get(RunLimitKeys.DeleveragingKeep)),
                DeleveragingPause = Time(deleveraging.Get(RunLimitKeys.DeleveragingPause)),
            }
        );
    }

    /// <summary>The three lines of cutting, each harder than the one before; empty after a fault.</summary>
    static ImmutableArray<CutLine> Lines(BoundTable cuts, TomlBinding binding)
    {
        decimal start = Exact(cuts.Get(CutStart));
        decimal[] ratios =
        [
            start,
            cuts.Number(SecondLine) is { } second ? Exact(second) : start + SecondAbove,
            cuts.Number(ThirdLine) is { } third ? Exact(third) : start + ThirdAbove,
        ];
        if (Exact(cuts.Get(CutTarget)) >= start)
            Refuse(binding, [(cuts, CutTarget), (cuts, CutStart)], "less than the ratio at which it starts");
        if (ratios[0] >= ratios[1] || ratios[1] >= ratios[2])
            Refuse(
                binding,
                [(cuts, ThirdLine), (cuts, SecondLine), (cuts, CutStart)],
                "start, second and third rising"
            );
        var (depths, rooms) = (cuts.Get(CutDepths), cuts.Get(CutRooms));
        foreach (var (key, shares) in ((TomlKey, ImmutableArray<double>)[])[(CutDepths, depths), (CutRooms, rooms)])
            if (shares.Length != CutLines || !shares.SequenceEqual(shares.Order()))
            {
                Refuse(binding, [(cuts, key)], "three shares, none below the one before");
                return [];
            }
        return [.. ratios.Select((ratio, line) => new CutLine(ratio, Exact(depths[line]), Exact(rooms[line])))];
    }

    /// <summary>Adds a fault at the first of some keys that is written.</summary>
    static void Refuse(TomlBinding binding, (BoundTable Table, TomlKey Key)[] keys, string expected)
    {
        foreach (var (table, key) in keys)
            if (table.Source.Find(key.Name) is { } written)
            {
                binding.Refuse(written, TomlBinding.Join(table.Path, key.Name), expected);
                return;
            }
    }

    static ControlLimits Limits(BoundTable table) =>
        new()
        {
            OrderNotionalUsd = table.Get(OrderNotional),
            OrderShareOfEquity = Exact(table.Get(OrderShare)),
            PositionNotionalUsd = table.Get(PositionNotional),
            GrossNotionalUsd = table.Get(GrossNotional),
            OpenOrders = table.Get(OpenOrders),
            PriceCollar = Exact(table.Get(PriceCollar)),
            CutPriceCollar = Exact(table.Get(CutCollar)),
            InitialMarginShare = Exact(table.Get(InitialMargin)),
            LossTodayShare = Exact(table.Get(LossToday)),
            MessagesPerSecond = table.Get(MessagesPerSecond),
            CutReserve = table.Number(CutReserve) ?? table.Get(MessagesPerSecond),
            DuplicateWindow = Time(table.Get(DuplicateWindow)),
            MostRejects = table.Get(MostRejects),
            RejectWindow = Time(table.Get(RejectWindow)),
            BookAge = Time(table.Get(BookAge)),
            PriceAge = Time(table.Get(PriceAge)),
            AccountAge = Time(table.Get(AccountAge)),
            SettlementWindow = Time(table.Get(SettlementWindow)),
        };

    /// <summary>A table, or one in which nothing is written.</summary>
    static BoundTable Section(BoundTable root, TomlKey<BoundTable> key) =>
        root.Find(key) ?? new BoundTable(new TomlTable(root.Source.Line, ""), key.Name, []);

    // Percentages are written in decimal and bound as doubles; fifteen digits bring them back.
    static decimal Exact(double share) => (decimal)share;

    static TimeSpan Time(decimal seconds) => TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond));
}
