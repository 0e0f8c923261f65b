using System.CommandLine;
using Plimsoll.Markets;
using Plimsoll.Storage;
using Plimsoll.Venues;

namespace Plimsoll.Cli;

/// <summary><c>plimsoll fetch</c>: saves a venue's answers in the form that <c>plimsoll import</c> reads.</summary>
static class FetchCommand
{
    const string KeyPrefix = "PLIMSOLL_DERIBIT";
    const string FromEnvironment = "env";
    static readonly TimeSpan AnswerWait = TimeSpan.FromSeconds(30);

    public static Command Build(Terminal terminal, HelpWithExamples help) =>
        new(
            "fetch",
            "Saves a venue's answers: the public chain, and with a key that can only read, the account; margin figures."
        )
        {
            help.Show(
                Deribit(terminal),
                "plimsoll fetch deribit --currency BTC,ETH --into answers --live",
                "plimsoll fetch deribit --currency BTC --into answers --key deribit.key",
                "plimsoll fetch deribit --currency BTC --into answers --url http://127.0.0.1:8085"
            ),
            help.Show(
                FetchHyperliquid.Build(terminal),
                "plimsoll fetch hyperliquid --coin BTC,ETH --into answers --live",
                "plimsoll fetch hyperliquid --coin BTC --into mine --address 0x5e9ee1089755c3435139848e47e6635505d5a13a"
            ),
            help.Show(
                FetchMargin.Build(terminal),
                "plimsoll fetch margin --model hyperliquid-margin --out hyperliquid-margin.json --live"
            ),
        };

    static Command Deribit(Terminal terminal)
    {
        var currency = Text("--currency", "LIST", "the venue's currencies, such as BTC,ETH or USDC");
        var into = Text("--into", "DIR", "folder to write: absent, empty, or an earlier fetch");
        (currency.Required, into.Required) = (true, true);
        var url = Text("--url", "URL", $"another venue that speaks Deribit's API, such as plimsoll paper's");
        var live = new Option<bool>("--live") { Description = "read www.deribit.com; without it test.deribit.com" };
        var key = Text("--key", "FILE", $"key file of mode 0600, or env for {KeyPrefix}_CLIENT_ID and _CLIENT_SECRET");
        var command = new Command(
            "deribit",
            "Saves instruments, book summaries and tickers; with --key also balances, positions and open orders. A key "
                + "that may do more than read is refused."
        )
        {
            currency,
            into,
            url,
            live,
            key,
        };
        command.SetAction(
            (parsed, cancel) =>
                RunAsync(
                    terminal,
                    new Request(
                        parsed.GetValue(currency)!,
                        parsed.GetValue(into)!,
                        parsed.GetValue(url),
                        parsed.GetValue(live),
                        parsed.GetValue(key)
                    ),
                    cancel
                )
        );
        return command;
    }

    static async Task<int> RunAsync(Terminal terminal, Request request, CancellationToken cancel)
    {
        var faults = new List<Fault>();
        string[] currencies = request.Currency.Split(',', StringSplitOptions.TrimEntries);
        if (currencies.Any(code => code.Length is 0 or > 12 || !code.All(char.IsAsciiLetterUpper)))
            faults.Add(new("--currency", null, "", request.Currency, "currencies in capitals, such as BTC,ETH"));
        if (AnswersFolder.Problem(request.Into, "--into") is { } taken)
            faults.Add(taken);
        var settings = Settings(request, faults);
        VenueKey? key = null;
        if (request.Key is { } from)
        {
            string? file = from == FromEnvironment ? null : from;
            var read = VenueKey.Read(file, KeyPrefix, Environment.GetEnvironmentVariable);
            faults.AddRange(read.Faults);
            key = read.Succeeded ? read.Value : null;
        }
        if (faults.Count > 0)
            return PlimsollCommand.Refuse(terminal, faults);
        using var http = new HttpClient { Timeout = AnswerWait };
        var answers = await new DeribitFetch(settings, http).ReadAsync([.. currencies.Distinct()], key, cancel);
        if (!answers.Succeeded)
            return PlimsollCommand.Refuse(terminal, answers.Faults);
        Write(terminal, answers.Value, request.Into, settings.Url, "deribit", key is not null);
        return ExitCode.Done;
    }

    /// <summary>Writes answers into a folder and says so.</summary>
    public static void Write(
        Terminal terminal,
        IReadOnlyList<SavedAnswer> answers,
        string into,
        Uri url,
        string venue,
        bool withAccount
    )
    {
        AnswersFolder.Write(
            into,
            answers.Select(answer => (answer.Name, answer.Text, answer.IsPrivate)),
            $"answers of {url.GetLeftPart(UriPartial.Authority)}; written by plimsoll fetch {venue}"
        );
        string what = withAccount ? "with the account" : "no account";
        terminal.Out.WriteLine(FormattableString.Invariant($"{answers.Count} answers of {url.Host} in {into}, {what}"));
    }

    static DeribitSettings Settings(Request request, List<Fault> faults)
    {
        var chosen = request.IsLive ? DeribitSettings.Live : DeribitSettings.TestNet;
        if (request.Url is { } text)
        {
            if (Uri.TryCreate(text, UriKind.Absolute, out var named))
                chosen = named;
            else
                faults.Add(new("--url", null, "", text, "an address such as http://127.0.0.1:8085"));
        }
        var settings = new DeribitSettings { Url = chosen, IsLive = request.IsLive };
        if (settings.Problem is { } problem)
            faults.Add(new("--url", null, "", problem, "the test net, loopback, or --live"));
        return settings;
    }

    static Option<string> Text(string name, string help, string description) =>
        new(name) { Description = description, HelpName = help };

    sealed record Request(string Currency, string Into, string? Url, bool IsLive, string? Key);
}
