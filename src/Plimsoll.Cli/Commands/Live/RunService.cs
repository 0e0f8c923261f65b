using System.CommandLine;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Plimsoll.Live;

namespace Plimsoll.Cli;

/// <summary>The service of a run, found by the run's folder; needs no configuration, database or model.</summary>
sealed class RunService : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    readonly HttpClient client;

    RunService(HttpClient client) => this.client = client;

    /// <summary>The option that names the folder.</summary>
    public static Option<string> Data() =>
        new("--data")
        {
            Description = "the run's folder (default plimsoll-data)",
            HelpName = "DIR",
            DefaultValueFactory = _ => "plimsoll-data",
        };

    /// <summary>The option that gives a command's reason.</summary>
    public static Option<string> Why() =>
        new("--why")
        {
            Description = "the reason, for the journal",
            HelpName = "WORDS",
            DefaultValueFactory = _ => "by hand",
        };

    /// <summary>The service of a folder; null, with words on the error stream, when there is none.</summary>
    /// <param name="terminal">For the words.</param>
    /// <param name="folder">The run's folder.</param>
    /// <param name="operates">Whether the token that commands is needed.</param>
    /// <param name="patience">Longest wait for an answer; null: five seconds.</param>
    public static RunService? Find(Terminal terminal, string folder, bool operates, TimeSpan? patience = null)
    {
        string tokenPlace = Path.Combine(folder, operates ? "operate.token" : "read.token");
        if (RunPlace.Read(folder) is not { } place || !File.Exists(tokenPlace))
        {
            terminal.Error.WriteLine($"plimsoll: {folder}: no run was ever started there (expected service.json)");
            return null;
        }
        var client = new HttpClient { BaseAddress = new Uri(place.Address), Timeout = patience ?? Patience };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            File.ReadAllText(tokenPlace).Trim()
        );
        return new RunService(client);
    }

    /// <summary>An answer as JSON; null, with words, when the service does not answer.</summary>
    public async Task<JsonDocument?> ReadAsync(Terminal terminal, string path)
    {
        try
        {
            return JsonDocument.Parse(await client.GetStringAsync(path));
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException or JsonException)
        {
            terminal.Error.WriteLine($"plimsoll: {Silent(fault)}");
            return null;
        }
    }

    /// <summary>Commands; null once it is taken, else why it was not.</summary>
    public async Task<string?> CommandAsync(string path, object body)
    {
        try
        {
            using var answer = await client.PostAsJsonAsync(path, body);
            return answer.IsSuccessStatusCode ? null : $"the run refused: {await answer.Content.ReadAsStringAsync()}";
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException)
        {
            return Silent(fault);
        }
    }

    /// <summary>Lines of the stream of events, until it ends.</summary>
    public async IAsyncEnumerable<string> LinesAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel
    )
    {
        client.Timeout = Timeout.InfiniteTimeSpan;
        await using var stream = await client.GetStreamAsync("/v1/events", cancel);
        using var reader = new StreamReader(stream);
        while (await reader.ReadLineAsync(cancel) is { } line)
            yield return line;
    }

    /// <inheritdoc />
    public void Dispose() => client.Dispose();

    string Silent(Exception fault) => $"the run at {client.BaseAddress} does not answer: {fault.Message}";
}
