using System.Collections.Immutable;
using System.CommandLine;
using Plimsoll.Margin;
using Plimsoll.Markets;
using Plimsoll.Storage;
using Plimsoll.Venues;

namespace Plimsoll.Cli;

/// <summary>
/// What venues themselves state of an account's margin: saved answers, or their simulators asked now.
/// </summary>
sealed class StatedMargins
{
    readonly Option<string[]> reconcile = new("--reconcile")
    {
        Description =
            "compare with the venue's own figures: a saved answer, or a venue whose simulator is asked now ("
            + string.Join(", ", DeribitPlace.Named.Concat(OkxPlace.Named))
            + "); may stand twice",
        HelpName = "FILE|VENUE",
    };

    readonly Option<string> errors = new("--errors")
    {
        Description = "adds the comparisons to this file, which size --margin-errors reads; needs --reconcile",
        HelpName = "FILE",
    };

    readonly Option<string> url = new("--url")
    {
        Description = "another address of the venue that is asked, such as plimsoll paper's",
        HelpName = "URL",
    };

    readonly Option<string> key = new("--key")
    {
        Description = "key file (mode 0600) of the account that is asked about; the environment if absent",
        HelpName = "FILE",
    };

    /// <summary>Adds the options.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[reconcile, errors, url, key])
            command.Add(option);
    }

    /// <summary>The file that keeps comparisons, or null.</summary>
    public string? Kept(OptionText text) => text.Text(errors);

    /// <summary>Reads saved answers and asks venues about what the account holds there.</summary>
    public async Task<ImmutableArray<StatedMargin>> ReadAsync(
        InputReader inputs,
        OptionText text,
        string[] from,
        Account? account,
        CancellationToken cancel
    )
    {
        var stated = ImmutableArray.CreateBuilder<StatedMargin>();
        foreach (string one in from)
            if (File.Exists(one) && inputs.Take(MarginAnswers.Read(one)) is { } read)
                stated.AddRange(read);
            else if (!File.Exists(one) && !VenuePlace.Names.Contains(one))
                text.Refuse(reconcile, one, "a file that exists, or one of " + string.Join(", ", VenuePlace.Names));
            else if (!File.Exists(one) && account is not null)
                if (await AskAsync(inputs, text, one, account, cancel) is { } asked)
                    stated.AddRange(asked);
        if (from.Length == 0 && text.Text(errors) is { } kept)
            text.Refuse(errors, kept, "--reconcile beside it, whose comparisons it keeps");
        return stated.ToImmutable();
    }

    /// <summary>What was written after <c>--reconcile</c>.</summary>
    public string[] Written(ParseResult parsed) => parsed.GetValue(reconcile) ?? [];

    async Task<ImmutableList<StatedMargin>?> AskAsync(
        InputReader inputs,
        OptionText text,
        string name,
        Account account,
        CancellationToken cancel
    )
    {
        if (inputs.Take(VenuePlace.Read(name, text.Text(url))) is not { } place)
            return null;
        ImmutableArray<Position> book =
        [
            .. account
                .Subaccounts.Where(own => own.Venue == place.Venue)
                .SelectMany(own => own.Positions)
                .Where(position => position.Contracts != 0),
        ];
        if (book.IsEmpty)
        {
            text.Refuse(reconcile, name, $"a venue where the account holds positions; at {place.Venue} it holds none");
            return null;
        }
        try
        {
            string? file = text.Text(key);
            var asked = await place.AskMarginAsync(file, Environment.GetEnvironmentVariable, book, cancel);
            return inputs.Take(asked);
        }
        catch (VenueException fault)
        {
            text.Refuse(reconcile, name, $"a venue that answers; {fault.Message}");
            return null;
        }
    }
}
