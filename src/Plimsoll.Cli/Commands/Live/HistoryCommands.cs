using System.CommandLine;
using System.Globalization;
using Plimsoll.Journal;
using Plimsoll.Live;
using Plimsoll.Markets;
using Spectre.Console;

namespace Plimsoll.Cli;

/// <summary><c>plimsoll verify</c>, <c>replay</c>, <c>decisions</c>: what a journal holds.</summary>
/// <remarks>They read the files alone; a run may be writing them.</remarks>
static class HistoryCommands
{
    public static Command Verify(Terminal terminal)
    {
        var folder = Folder();
        var command = new Command("verify", "Checks a journal's check sums and hash chain, record by record.")
        {
            folder,
        };
        command.SetAction(parsed =>
        {
            if (Files(terminal, parsed.GetValue(folder)!) is not { } files)
                return ExitCode.BadInput;
            var reading = JournalHistory.Read(files, _ => { });
            var scan = reading.Scan;
            terminal.Out.WriteLine($"owner     {scan.Owner}");
            terminal.Out.WriteLine(
                FormattableString.Invariant($"records   {scan.LastSequence} in {scan.Segments.Length} segments")
            );
            terminal.Out.WriteLine($"chain     {Convert.ToHexStringLower(scan.LastChain)}");
            if (scan.Damage is { } damage)
                terminal.Out.WriteLine($"{(damage.IsTornTail ? "torn tail" : "DAMAGED")} {damage.Words}");
            foreach (var fault in reading.Faults)
                terminal.Out.WriteLine($"UNKNOWN   {fault}");
            bool isSound = scan.Damage is null or { IsTornTail: true } && reading.Faults.IsEmpty;
            terminal.Out.WriteLine(isSound ? "sound" : "not sound");
            return isSound ? ExitCode.Done : ExitCode.No;
        });
        return command;
    }

    public static Command Replay(Terminal terminal)
    {
        var folder = Folder();
        var solves = new Option<bool>("--solves")
        {
            Description = "do every solve again too, from the journal's own mandate and market",
        };
        var history = new Option<string>("--history") { Description = "bars that the run was given", HelpName = "DIR" };
        var command = new Command(
            "replay",
            "Applies a journal's events again from the first on and compares every decision, bit for bit."
        )
        {
            folder,
            solves,
            history,
        };
        command.SetAction(parsed =>
        {
            if (Files(terminal, parsed.GetValue(folder)!) is not { } files)
                return ExitCode.BadInput;
            string? bars = parsed.GetValue(history);
            var report = terminal.Working(
                "replaying",
                () =>
                    Plimsoll.Live.Replay.Run(
                        files,
                        parsed.GetValue(solves) ? input => SolveSettings.Of(input, bars) : null
                    )
            );
            terminal.Out.WriteLine(FormattableString.Invariant($"events    {report.Events}"));
            terminal.Out.WriteLine(
                FormattableString.Invariant($"effects   {report.Effects}, decisions among them {report.Decisions}")
            );
            terminal.Out.WriteLine(FormattableString.Invariant($"digests   {report.Digests}"));
            terminal.Out.WriteLine(FormattableString.Invariant($"solves    {report.Solves}"));
            terminal.Out.WriteLine($"state     {report.FinalDigest}");
            if (report.Scan.Damage is { } damage)
                terminal.Out.WriteLine($"journal   {damage.Words}");
            foreach (var fault in report.Faults)
                terminal.Out.WriteLine($"unknown   {fault}");
            if (report.Difference is { } other)
                Write(terminal, other);
            terminal.Out.WriteLine(report.IsSame ? "the same, bit for bit" : "not the same");
            return report.IsSame ? ExitCode.Done : ExitCode.No;
        });
        return command;
    }

    public static Command Decisions(Terminal terminal)
    {
        var data = RunService.Data();
        var limit = new Option<string>("--limit")
        {
            Description = "the newest so many (default 20)",
            HelpName = "COUNT",
        };
        var why = new Option<bool>("--why") { Description = "with the market, the account and the target behind each" };
        var instrument = new Option<string>("--instrument") { Description = "of one instrument", HelpName = "NAME" };
        var command = new Command("decisions", "Lists what a run decided, and why, from its journal.")
        {
            data,
            limit,
            instrument,
            why,
        };
        command.SetAction(parsed =>
        {
            var text = new OptionText(parsed);
            int most = text.Whole(limit, 20, least: 1, most: 1_000_000);
            if (text.Faults.Count > 0)
                return PlimsollCommand.Refuse(terminal, text.Faults);
            if (Files(terminal, parsed.GetValue(data)!) is not { } files)
                return ExitCode.BadInput;
            var told = DecisionHistory.Read(files, most, parsed.GetValue(instrument));
            var table = new Table().AddColumns("at", "instrument", "cause", "held", "wanted", "order", "binding");
            foreach (int column in (int[])[3, 4, 5])
                table.Columns[column].RightAligned();
            foreach (var one in told)
                table.AddRow([.. Cells(one).Select(cell => new Text(cell))]);
            terminal.Tables().Write(table);
            if (parsed.GetValue(why))
                foreach (var one in told)
                    Explain(terminal, one);
            return ExitCode.Done;
        });
        return command;
    }

    static IEnumerable<string> Cells(PastDecision one) =>
        [
            one.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
            one.Decided.Instrument,
            one.Decided.Cause,
            Number(one.Decided.Held),
            Number(one.Decided.Wanted),
            Number(one.Decided.Order),
            one.Decided.Binding,
        ];

    static void Explain(Terminal terminal, PastDecision one)
    {
        var own = one.View.Instruments.First(seen => seen.Terms.Name == one.Decided.Instrument);
        terminal.Out.WriteLine();
        terminal.Out.WriteLine(
            FormattableString.Invariant(
                $"event {one.Sequence}, {one.At:O}: {one.Decided.Cause} {one.Decided.Instrument}"
            )
        );
        terminal.Out.WriteLine($"  caused by      {one.Cause}");
        terminal.Out.WriteLine($"  mode           {one.View.Mode}: {one.View.ModeCause}");
        terminal.Out.WriteLine(
            $"  market         mark {Number(own.Mark)}, bid {Number(own.Top?.Bid)} x {Number(own.BidContracts)}, "
                + $"ask {Number(own.Top?.Ask)} x {Number(own.AskContracts)}, index {Number(own.IndexUsd)} USD"
        );
        terminal.Out.WriteLine(
            $"  account        equity {Number(one.View.EquityUsd)} USD, maintenance margin "
                + $"{Number(one.View.MaintenanceMarginUsd)} USD, drawdown {one.View.Drawdown:0.0%}, "
                + $"keeps {one.View.Keep:0%}"
        );
        if (own.Target is { } target)
            terminal.Out.WriteLine(
                $"  target         {Number(target.Contracts)} of {one.View.TargetsAt:O}"
                    + (target.Binding.Length > 0 ? $", held back by {target.Binding}" : "")
            );
        terminal.Out.WriteLine(
            $"  decided        from {Number(one.Decided.Held)} to {Number(one.Decided.Wanted)}: order "
                + Number(one.Decided.Order)
                + (one.Decided.Binding.Length > 0 ? $" ({one.Decided.Binding})" : "")
        );
    }

    static void Write(Terminal terminal, ReplayDifference other)
    {
        terminal.Out.WriteLine(
            FormattableString.Invariant(
                $"differs   at event {other.Sequence} ({other.Event}, {other.At:O}): {other.What}"
            )
        );
        terminal.Out.WriteLine($"  recorded  {other.Recorded}");
        terminal.Out.WriteLine($"  replayed  {other.Replayed}");
    }

    static Argument<string> Folder() =>
        new("DIR") { Description = "the run's folder, or its journal", DefaultValueFactory = _ => "plimsoll-data" };

    static DiskFiles? Files(Terminal terminal, string folder)
    {
        string inside = Path.Combine(folder, "journal");
        string place = Directory.Exists(inside) ? inside : folder;
        if (Directory.Exists(place) && Directory.EnumerateFiles(place, "*" + JournalReader.SegmentEnding).Any())
            return new DiskFiles(place);
        PlimsollCommand.Refuse(
            terminal,
            [new Fault(folder, null, "", "no journal", "the folder of a run, or one with .journal files")]
        );
        return null;
    }

    static string Number(decimal? value) => value?.ToString("0.########", CultureInfo.InvariantCulture) ?? "not known";
}
