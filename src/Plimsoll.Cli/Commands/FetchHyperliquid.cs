using System.CommandLine;
using Plimsoll.Markets;
using Plimsoll.Storage;
using Plimsoll.Venues;

namespace Plimsoll.Cli;

/// <summary><c>plimsoll fetch hyperliquid</c>: prices, books, and by its address an account; no key.</summary>
static class FetchHyperliquid
{
    public static Command Build(Terminal terminal)
    {
        var coin = Text("--coin", "LIST", "coins whose books are read, such as BTC,ETH");
        var into = Text("--into", "DIR", "folder to write: absent, empty, or an earlier fetch");
        (coin.Required, into.Required) = (true, true);
        var address = Text(
            "--address",
            "ADDRESS",
            "the account's own address, never its agent's; without it no account"
        );
        var url = Text("--url", "URL", "another address that speaks the venue's API");
        var live = new Option<bool>("--live") { Description = "read the venue itself; without it its test net" };
        var command = new Command(
            "hyperliquid",
            "Saves prices, books and fees; with --address also positions and open orders. Everything there is public, "
                + "so no key is asked for. An agent's address is refused: it would look flat."
        )
        {
            coin,
            into,
            address,
            url,
            live,
        };
        command.SetAction(
            async (parsed, cancel) =>
            {
                var faults = new List<Fault>();
                string[] coins = parsed.GetValue(coin)!.Split(',', StringSplitOptions.TrimEntries);
                if (coins.Any(one => one.Length == 0 || !one.All(char.IsAsciiLetterOrDigit)))
                    faults.Add(new("--coin", null, "", parsed.GetValue(coin)!, "coins such as BTC,ETH"));
                if (AnswersFolder.Problem(parsed.GetValue(into)!, "--into") is { } taken)
                    faults.Add(taken);
                var place = VenuePlace.Read(
                    HyperliquidPlace.Named[parsed.GetValue(live) ? 1 : 0],
                    parsed.GetValue(url),
                    parsed.GetValue(address) ?? HyperliquidSettings.NobodysAddress
                );
                faults.AddRange(place.Faults);
                return faults.Count > 0
                    ? PlimsollCommand.Refuse(terminal, faults)
                    : await RunAsync(
                        terminal,
                        ((HyperliquidPlace)place.Value).Settings,
                        [.. coins.Distinct()],
                        parsed.GetValue(address) is not null,
                        parsed.GetValue(into)!,
                        cancel
                    );
            }
        );
        return command;
    }

    static async Task<int> RunAsync(
        Terminal terminal,
        HyperliquidSettings settings,
        string[] coins,
        bool withAccount,
        string into,
        CancellationToken cancel
    )
    {
        var answers = await new HyperliquidFetch(settings).ReadAsync(coins, withAccount, cancel);
        if (!answers.Succeeded)
            return PlimsollCommand.Refuse(terminal, answers.Faults);
        FetchCommand.Write(terminal, answers.Value, into, settings.Url, "hyperliquid", withAccount);
        return ExitCode.Done;
    }

    static Option<string> Text(string name, string help, string description) =>
        new(name) { Description = description, HelpName = help };
}
