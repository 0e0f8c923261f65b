using System.CommandLine;
using Plimsoll.Journal;
using Plimsoll.Live;
using Plimsoll.Markets;
using Plimsoll.Storage;

namespace Plimsoll.Cli;

/// <summary>A journal on disk, with its archive where one is named, and the database that is derived from it.</summary>
/// <param name="Files">The journal; a run may be writing it.</param>
/// <param name="Database">File of the database; null: in memory, for a journal that lies in no run's folder.</param>
sealed record JournalPlace(IJournalFiles Files, string? Database)
{
    /// <summary>The argument that names the folder.</summary>
    public static Argument<string> Folder() =>
        new("DIR") { Description = "the run's folder, or its journal", DefaultValueFactory = _ => "plimsoll-data" };

    /// <summary>The option that names the archive.</summary>
    public static Option<string> Archive() =>
        new("--archive") { Description = "folder that old segments were moved to", HelpName = "DIR" };

    /// <summary>The journal of a folder; null, with words on the error stream, where there is none.</summary>
    public static JournalPlace? Find(Terminal terminal, string folder, string? archive)
    {
        string inside = Path.Combine(folder, "journal");
        bool isRun = Directory.Exists(inside);
        if (Journal(terminal, isRun ? inside : folder, folder) is not { } files)
            return null;
        string? database = isRun && archive is null ? Path.Combine(folder, "history.db") : null;
        if (archive is null)
            return new JournalPlace(files, database);
        return Journal(terminal, archive, archive) is { } old
            ? new JournalPlace(new JoinedFiles(files, old), database)
            : null;
    }

    /// <summary>Says that the archive is needed, where it is.</summary>
    public static bool RefuseArchived(Terminal terminal, IJournalFiles files)
    {
        if (JournalBase.StartOf(files) is not { } start)
            return false;
        string found = FormattableString.Invariant($"a journal whose records 1 to {start.Sequence} are archived");
        PlimsollCommand.Refuse(terminal, [new Fault("DIR", null, "", found, "the archive too: --archive DIR")]);
        return true;
    }

    /// <summary>The database, not yet brought up to the journal.</summary>
    public HistoryDatabase History() => HistoryDatabase.Open(Database);

    /// <summary>The database as the journal is now; null, with words, where the journal is damaged.</summary>
    public HistoryDatabase? Refreshed(Terminal terminal)
    {
        var database = History();
        var faults = HistoryIndex.Refresh(Files, database);
        if (faults.Count == 0)
            return database;
        database.Dispose();
        PlimsollCommand.Refuse(terminal, faults);
        return null;
    }

    static DiskFiles? Journal(Terminal terminal, string place, string named)
    {
        if (Directory.Exists(place) && Directory.EnumerateFiles(place, "*" + JournalReader.SegmentEnding).Any())
            return new DiskFiles(place);
        PlimsollCommand.Refuse(
            terminal,
            [new Fault(named, null, "", "no journal", "the folder of a run, or one with .journal files")]
        );
        return null;
    }
}
