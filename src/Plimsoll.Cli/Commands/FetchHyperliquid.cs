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
        var rpc = Text("--rpc", "URL", "a node of the HyperEVM: the account is read from the chain too, and compared");
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
            rpc,
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
                Uri? node = null;
                if (parsed.GetValue(rpc) is { } text)
                    node = Node(text, parsed.GetValue(address), faults);
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
                        node,
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
        Uri? rpc,
        string into,
        CancellationToken cancel
    )
    {
        var answers = await new HyperliquidFetch(settings).ReadAsync(coins, withAccount, rpc, cancel);
        if (!answers.Succeeded)
            return PlimsollCommand.Refuse(terminal, answers.Faults);
        FetchCommand.Write(terminal, answers.Value.Answers, into, settings.Url, "hyperliquid", withAccount);
        if (answers.Value.Chain is not { } chain)
            return ExitCode.Done;
        terminal.Out.WriteLine(
            FormattableString.Invariant(
                $"chain {chain.ChainId}, block {chain.Block} of {chain.At:yyyy-MM-dd HH:mm:ss} UTC ({chain.Finality}): "
            )
                + FormattableString.Invariant($"account value {chain.AccountValueUsd:0.00} USD, ")
                + (answers.Value.Differences.Count == 0 ? "the same positions" : "other positions")
        );
        foreach (string difference in answers.Value.Differences)
            terminal.Out.WriteLine($"  {difference}");
        return ExitCode.Done;
    }

    static Uri? Node(string text, string? address, List<Fault> faults)
    {
        if (address is null)
            faults.Add(new("--rpc", null, "", text, "--address beside it: whose account is read from the chain"));
        bool isNode =
            Uri.TryCreate(text, UriKind.Absolute, out var node)
            && (node.Scheme == Uri.UriSchemeHttps || node.Scheme == Uri.UriSchemeHttp && node.IsLoopback);
        if (!isNode)
            faults.Add(new("--rpc", null, "", text, "an address with https, or http on loopback"));
        return isNode ? node : null;
    }

    static Option<string> Text(string name, string help, string description) =>
        new(name) { Description = description, HelpName = help };
}
