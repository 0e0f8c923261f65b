using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Plimsoll.Markets;
using Plimsoll.Storage;
using Spectre.Console;

namespace Plimsoll.Cli;

/// <summary><c>plimsoll history</c>: what a run did, as tables that can be asked in SQL.</summary>
static class HistoryCommand
{
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Command Build(Terminal terminal)
    {
        var data = RunService.Data();
        var archive = JournalPlace.Archive();
        var sql = new Option<string>("--sql")
        {
            Description = "one question, which changes nothing",
            HelpName = "QUERY",
        };
        var rebuild = new Option<bool>("--rebuild") { Description = "make the database anew from the journal first" };
        var json = InputOptions.Json();
        var command = new Command(
            "history",
            "Brings the database of a run's history (history.db, SQLite) up to its journal and asks it."
        )
        {
            data,
            archive,
            sql,
            rebuild,
            json,
        };
        command.SetAction(parsed =>
        {
            if (JournalPlace.Find(terminal, parsed.GetValue(data)!, parsed.GetValue(archive)) is not { } place)
                return ExitCode.BadInput;
            if (parsed.GetValue(rebuild) && place.Database is { } file)
                foreach (string part in (string[])["", "-wal", "-shm"])
                    File.Delete(file + part);
            using var database = place.Refreshed(terminal);
            if (database is null)
                return ExitCode.BadInput;
            HistoryAnswer answer;
            try
            {
                answer = parsed.GetValue(sql) is { } question
                    ? database.Ask(question)
                    : new HistoryAnswer(
                        ["table", "rows"],
                        [.. database.Counts().Select(one => (IReadOnlyList<object?>)[one.Table, one.Rows])]
                    );
            }
            catch (ArgumentException refused)
            {
                string words = refused.Message.Split(" (Parameter")[0];
                return PlimsollCommand.Refuse(
                    terminal,
                    [new Fault("--sql", null, "", words, "a SELECT over the tables of plimsoll history")]
                );
            }
            Write(terminal, answer, parsed.GetValue(json));
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>An answer as JSON, an array of objects, or as a table.</summary>
    public static void Write(Terminal terminal, HistoryAnswer answer, bool asJson)
    {
        if (asJson)
        {
            var rows = answer.Rows.Select(row =>
                answer.Columns.Zip(row).ToDictionary(one => one.First, one => one.Second, StringComparer.Ordinal)
            );
            terminal.Out.WriteLine(JsonSerializer.Serialize(rows, Indented));
            return;
        }
        var table = new Table().AddColumns([.. answer.Columns.Select(Markup.Escape)]);
        foreach (var row in answer.Rows)
            table.AddRow([.. row.Select(cell => new Text(Words(cell)))]);
        terminal.Tables().Write(table);
    }

    static string Words(object? cell) =>
        cell switch
        {
            null => "",
            byte[] bytes => Convert.ToHexStringLower(bytes),
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => $"{cell}",
        };
}
