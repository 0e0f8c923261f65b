using System.CommandLine;
using System.Text;
using Plimsoll.Markets;
using Plimsoll.Storage;
using Plimsoll.Venues;

namespace Plimsoll.Cli;

/// <summary><c>plimsoll fetch margin</c>: a model's figures as its venue states them, in a dated file.</summary>
static class FetchMargin
{
    const string UsualCoins = "BTC,ETH";

    public static Command Build(Terminal terminal)
    {
        var model = Text("--model", "KEY", "margin model, such as hyperliquid-margin");
        var output = Text("--out", "FILE", "file to write, for margin-parameters of an account or --parameters");
        (model.Required, output.Required) = (true, true);
        var coin = Text("--coin", "LIST", $"coins to ask about where the venue does not state all; {UsualCoins}");
        var url = Text("--url", "URL", "another address that speaks the venue's API");
        var live = new Option<bool>("--live") { Description = "read the venue itself; without it its test net" };
        var command = new Command(
            "margin",
            "Saves the figures of a margin model as its venue states them to anybody: dated, with the address of each "
                + "part; what the venue does not publish is as shipped, which the file says. No key."
        )
        {
            model,
            output,
            coin,
            url,
            live,
        };
        command.SetAction(
            async (parsed, cancel) =>
            {
                var faults = new List<Fault>();
                string key = parsed.GetValue(model)!;
                var venue = ParameterVenue.Find(key);
                if (venue is null)
                    faults.Add(
                        new(
                            "--model",
                            null,
                            "",
                            key,
                            "one of " + string.Join(", ", ParameterVenue.All.Select(e => e.Model))
                        )
                    );
                string[] coins = Coins(parsed.GetValue(coin), venue, faults);
                string file = parsed.GetValue(output)!;
                if (Directory.Exists(file))
                    faults.Add(new("--out", null, "", file, "a file, not a folder"));
                var address = venue is null
                    ? null
                    : Address(venue, parsed.GetValue(url), parsed.GetValue(live), faults);
                if (faults.Count > 0)
                    return PlimsollCommand.Refuse(terminal, faults);
                var fetched = await new ParameterFetch(venue!, address!).ReadAsync(coins, cancel);
                if (!fetched.Succeeded)
                    return PlimsollCommand.Refuse(terminal, fetched.Faults);
                WholeFile.Write(file, Encoding.UTF8.GetBytes(fetched.Value.Text + "\n"));
                terminal.Out.WriteLine($"{key} of {address!.Host} in {file}");
                foreach (var part in fetched.Value.Note.Parts)
                    terminal.Out.WriteLine(
                        FormattableString.Invariant($"  {part.Dated:yyyy-MM-dd}  {part.Part}: {part.Source}")
                    );
                return ExitCode.Done;
            }
        );
        return command;
    }

    static string[] Coins(string? written, ParameterVenue? venue, List<Fault> faults)
    {
        if (venue is { NamesCoins: false })
        {
            if (written is not null)
                faults.Add(new("--coin", null, "", written, $"nothing: the venue of {venue.Model} states every coin"));
            return [];
        }
        string[] coins = (written ?? UsualCoins).Split(',', StringSplitOptions.TrimEntries);
        if (coins.Any(one => one.Length is 0 or > 16 || !one.All(char.IsAsciiLetterOrDigit)))
            faults.Add(new("--coin", null, "", written ?? "", "coins such as BTC,ETH"));
        return [.. coins.Distinct()];
    }

    static Uri? Address(ParameterVenue venue, string? written, bool isLive, List<Fault> faults)
    {
        if (written is not null && !Uri.TryCreate(written, UriKind.Absolute, out _))
        {
            faults.Add(new("--url", null, "", written, "an address such as http://127.0.0.1:8085"));
            return null;
        }
        var address =
            written is not null ? new Uri(written)
            : isLive ? venue.Live
            : venue.TestNet ?? venue.Live;
        if (venue.Problem(address, isLive) is { } problem)
            faults.Add(new("--url", null, "", address.OriginalString, problem));
        return address;
    }

    static Option<string> Text(string name, string help, string description) =>
        new(name) { Description = description, HelpName = help };
}
