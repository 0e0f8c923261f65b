using System.CommandLine;
using Plimsoll.Journal;
using Plimsoll.Live;

namespace Plimsoll.Cli;

/// <summary><c>plimsoll verify</c>, <c>replay</c>, <c>archive</c>: a journal as a whole.</summary>
/// <remarks>They read the files alone; a run may be writing them.</remarks>
static class HistoryCommands
{
    public static Command Verify(Terminal terminal)
    {
        var folder = JournalPlace.Folder();
        var archive = JournalPlace.Archive();
        var command = new Command("verify", "Checks a journal's check sums and hash chain, record by record.")
        {
            folder,
            archive,
        };
        command.SetAction(parsed =>
        {
            if (
                JournalPlace.Find(terminal, parsed.GetValue(folder)!, parsed.GetValue(archive))
                is not { Files: var files }
            )
                return ExitCode.BadInput;
            var reading = JournalHistory.Read(files, _ => { });
            var scan = reading.Scan;
            terminal.Out.WriteLine($"owner     {scan.Owner}");
            if (JournalBase.StartOf(files) is { } start)
                terminal.Out.WriteLine(
                    FormattableString.Invariant(
                        $"archived  records 1 to {start.Sequence}; --archive DIR checks them too"
                    )
                );
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
        var folder = JournalPlace.Folder();
        var archive = JournalPlace.Archive();
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
            archive,
            solves,
            history,
        };
        command.SetAction(parsed =>
        {
            if (
                JournalPlace.Find(terminal, parsed.GetValue(folder)!, parsed.GetValue(archive))
                is not { Files: var files }
            )
                return ExitCode.BadInput;
            if (JournalPlace.RefuseArchived(terminal, files))
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

    public static Command Archive(Terminal terminal)
    {
        var folder = JournalPlace.Folder();
        var to = new Option<string>("--to")
        {
            Description = "folder of the archive",
            HelpName = "DIR",
            Required = true,
        };
        var days = new Option<string>("--older-than")
        {
            Description = "days since a segment's last record (default 30)",
            HelpName = "DAYS",
        };
        var command = new Command(
            "archive",
            "Moves old segments of a journal to another folder; nothing is deleted, and a run may go on meanwhile."
        )
        {
            folder,
            to,
            days,
        };
        command.SetAction(parsed =>
        {
            var text = new OptionText(parsed);
            int keep = text.Whole(days, 30, least: 0, most: 36_500);
            if (text.Faults.Count > 0)
                return PlimsollCommand.Refuse(terminal, text.Faults);
            if (JournalPlace.Find(terminal, parsed.GetValue(folder)!, null) is not { } place)
                return ExitCode.BadInput;
            // What can be asked stays: the archived records are in the database before they leave the folder.
            using (var database = place.History())
                HistoryIndex.Refresh(place.Files, database);
            var before = TimeProvider.System.GetUtcNow().AddDays(-keep);
            var moved = JournalArchive.Move(place.Files, new DiskFiles(parsed.GetValue(to)!), before);
            foreach (string name in moved)
                terminal.Out.WriteLine($"moved     {name}");
            terminal.Out.WriteLine(
                FormattableString.Invariant($"{moved.Length} segments are in {parsed.GetValue(to)}")
            );
            return ExitCode.Done;
        });
        return command;
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
}
