using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Plimsoll.Cli;

/// <summary><c>plimsoll watch</c>: a run as it goes, in place on a terminal, line by line when piped.</summary>
static class WatchCommand
{
    const int MostNews = 12;

    public static Command Build(Terminal terminal)
    {
        var data = RunService.Data();
        var command = new Command("watch", "Shows a run as it goes: account, positions, decisions. Until Ctrl-C.")
        {
            data,
        };
        command.SetAction(
            async (parsed, cancel) =>
            {
                using var service = RunService.Find(terminal, parsed.GetValue(data)!, operates: false);
                if (service is null)
                    return ExitCode.BadInput;
                try
                {
                    await (
                        terminal.HasColor
                            ? InPlaceAsync(terminal, service, cancel)
                            : LinesAsync(terminal, service, cancel)
                    );
                }
                catch (HttpRequestException fault)
                {
                    terminal.Error.WriteLine($"plimsoll: the run does not answer: {fault.Message}");
                    return ExitCode.Fault;
                }
                catch (Exception ended) when (ended is OperationCanceledException or IOException)
                {
                    // The person or the run ended it.
                }
                return ExitCode.Done;
            }
        );
        return command;
    }

    static async Task LinesAsync(Terminal terminal, RunService service, CancellationToken cancel)
    {
        await foreach (var (kind, item) in ItemsAsync(service, cancel))
            if (kind != "status")
                terminal.Out.WriteLine(Words(kind, item));
    }

    static string Words(string kind, JsonElement item) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{item.GetProperty("at").GetDateTimeOffset().UtcDateTime:HH:mm:ss.fff} {kind} {item.GetProperty("words")}"
        );

    static Task InPlaceAsync(Terminal terminal, RunService service, CancellationToken cancel) =>
        terminal
            .Tables()
            .Live(new Text("waiting for the run"))
            .StartAsync(async view =>
            {
                var news = new Queue<string>();
                JsonElement? status = null;
                await foreach (var (kind, item) in ItemsAsync(service, cancel))
                {
                    if (kind == "status")
                        status = item;
                    else
                        news.Enqueue(Words(kind, item));
                    if (news.Count > MostNews)
                        news.Dequeue();
                    if (status is { } known)
                        view.UpdateTarget(new Rows([StatusView.Of(known), .. news.Select(line => new Text(line))]));
                }
            });

    static async IAsyncEnumerable<(string Kind, JsonElement Item)> ItemsAsync(
        RunService service,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel
    )
    {
        string kind = "";
        await foreach (string line in service.LinesAsync(cancel))
            if (line.StartsWith("event: ", StringComparison.Ordinal))
                kind = line["event: ".Length..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                using var parsed = JsonDocument.Parse(line["data: ".Length..]);
                yield return (kind, parsed.RootElement.Clone());
            }
    }
}
