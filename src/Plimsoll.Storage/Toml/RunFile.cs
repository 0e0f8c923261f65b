using System.Collections.Immutable;
using Plimsoll.Controls;
using Plimsoll.Engine;
using Plimsoll.Markets;
using static Plimsoll.Storage.RunKeys;

namespace Plimsoll.Storage;

/// <summary>How one account is followed and traded.</summary>
/// <param name="Account">Names the account; the engine's id.</param>
/// <param name="MarginMode">How it is margined.</param>
/// <param name="Instruments">Names or patterns to follow; empty: not said.</param>
/// <param name="Scenarios">Of each solve.</param>
/// <param name="Seed">Of every draw.</param>
/// <param name="Engine">Settings, without the mandate's throttles.</param>
public sealed record RunConfiguration(
    string Account,
    MarginMode MarginMode,
    ImmutableArray<string> Instruments,
    int Scenarios,
    ulong Seed,
    EngineSettings Engine
);

/// <summary>Reads a run's configuration: strict TOML, every fault at once.</summary>
/// <remarks>Keys are in docs/live.md, which derives from the same description.</remarks>
public static class RunFile
{
    // The two harder lines lie this far above the one at which cutting starts.
    const decimal SecondLine = 0.10m;
    const decimal ThirdLine = 0.18m;

    /// <summary>Reads a file.</summary>
    public static Parsed<RunConfiguration> Read(string path)
    {
        var text = InputText.Read(path);
        return text.Succeeded ? Parse(text.Value.Text, text.Value.Place) : Parsed<RunConfiguration>.Fail(text.Faults);
    }

    /// <summary>What holds without a file.</summary>
    public static RunConfiguration Defaults { get; } = Parse("account = \"main\"", "defaults").Value;

    /// <summary>Reads text.</summary>
    public static Parsed<RunConfiguration> Parse(string text, string place)
    {
        var located = TomlDocument.Bind(text, place, Root, Make);
        return located.Succeeded
            ? Parsed<RunConfiguration>.Ok(located.Value.Value)
            : Parsed<RunConfiguration>.Fail(located.Faults);
    }

    static RunConfiguration Make(BoundTable root, TomlBinding binding)
    {
        var cuts = Section(root, RunKeys.Cuts);
        var (start, target) = (Exact(cuts.Get(CutStart)), Exact(cuts.Get(CutTarget)));
        if (target >= start && (cuts.Source.Find(CutTarget.Name) ?? cuts.Source.Find(CutStart.Name)) is { } written)
            binding.Refuse(
                written,
                TomlBinding.Join(cuts.Path, CutTarget.Name),
                "less than the ratio at which it starts"
            );
        var steps = Section(root, Execution);
        return new RunConfiguration(
            root.Get(RunKeys.Account),
            root.Get(AccountKeys.Mode),
            root.Number(Instruments) ?? [],
            root.Get(Scenarios),
            (ulong)root.Get(Seed),
            new EngineSettings
            {
                EngineId = root.Get(RunKeys.Account),
                Controls = Limits(Section(root, RunKeys.Controls)),
                BandShare = Exact(steps.Get(Band)),
                BandLots = steps.Get(BandLots),
                DepthShare = Exact(steps.Get(Depth)),
                OrderLife = Time(steps.Get(RunKeys.OrderLife)),
                ReconcileInterval = Time(steps.Get(ReconcileEvery)),
                SolveInterval = Time(steps.Get(SolveEvery)),
                IndexTrigger = Exact(steps.Get(IndexTrigger)),
                VolatilityTrigger = Exact(steps.Get(VolatilityTrigger)),
                Cuts =
                [
                    new CutLine(start, 0.5m, 0.005m),
                    new CutLine(start + SecondLine, 1m, 0.02m),
                    new CutLine(start + ThirdLine, 2m, 0.08m),
                ],
                CutTarget = target,
            }
        );
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
            InitialMarginShare = Exact(table.Get(InitialMargin)),
            LossTodayShare = Exact(table.Get(LossToday)),
            MessagesPerSecond = table.Get(MessagesPerSecond),
            CutReserve = table.Get(MessagesPerSecond),
        };

    /// <summary>A table, or one in which nothing is written.</summary>
    static BoundTable Section(BoundTable root, TomlKey<BoundTable> key) =>
        root.Find(key) ?? new BoundTable(new TomlTable(root.Source.Line, ""), key.Name, []);

    // Percentages are written in decimal and bound as doubles; fifteen digits bring them back.
    static decimal Exact(double share) => (decimal)share;

    static TimeSpan Time(decimal seconds) => TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond));
}
