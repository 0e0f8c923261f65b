using System.CommandLine;
using System.Globalization;
using Plimsoll.Live;
using Plimsoll.Markets;
using Plimsoll.Storage;

namespace Plimsoll.Cli;

/// <summary><c>plimsoll decisions</c>: what a run decided, and why.</summary>
static class DecisionsCommand
{
    const int SecondsLength = 19;

    public static Command Build(Terminal terminal)
    {
        var options = new Options();
        var command = new Command("decisions", "Lists what a run decided, and why, from its journal.")
        {
            options.Data,
            options.Limit,
            options.Instrument,
            options.Cause,
            options.Since,
            options.Until,
            options.Sent,
            options.Refused,
            options.Why,
            options.Archive,
            options.Json,
        };
        command.SetAction(parsed => Run(terminal, options, parsed));
        return command;
    }

    static int Run(Terminal terminal, Options options, ParseResult parsed)
    {
        var text = new OptionText(parsed);
        int most = text.Whole(options.Limit, 20, least: 1, most: 1_000_000);
        var faults = text.Faults.ToList();
        var (since, until) = (Time(parsed, options.Since, faults), Time(parsed, options.Until, faults));
        if (parsed.GetValue(options.Sent) && parsed.GetValue(options.Refused))
            faults.Add(new Fault("--refused", null, "", "with --sent", "one of the two"));
        if (faults.Count > 0)
            return PlimsollCommand.Refuse(terminal, faults);
        if (
            JournalPlace.Find(terminal, parsed.GetValue(options.Data)!, parsed.GetValue(options.Archive))
            is not { } place
        )
            return ExitCode.BadInput;
        bool why = parsed.GetValue(options.Why);
        if (why && JournalPlace.RefuseArchived(terminal, place.Files))
            return ExitCode.BadInput;
        using var database = place.Refreshed(terminal);
        if (database is null)
            return ExitCode.BadInput;
        var (where, values) = Where(parsed, options, since, until);
        var found = database.Ask(
            "SELECT sequence, at, instrument, cause, held, wanted, order_contracts, binding, event FROM (SELECT * FROM "
                + $"decisions {where} ORDER BY id DESC LIMIT $most) ORDER BY id",
            [.. values, ("$most", most)]
        );
        bool asJson = parsed.GetValue(options.Json);
        HistoryCommand.Write(terminal, asJson ? found : ForPeople(found), asJson);
        if (why && !parsed.GetValue(options.Json))
        {
            var sequences = found.Rows.Select(row => (ulong)(long)row[0]!).ToHashSet();
            var wanted = found.Rows.Select(row => ((ulong)(long)row[0]!, (string)row[2]!)).ToHashSet();
            foreach (var one in DecisionHistory.Explain(place.Files, sequences))
                if (wanted.Contains((one.Sequence, one.Decided.Instrument)))
                    Explain(terminal, one);
        }
        return ExitCode.Done;
    }

    static HistoryAnswer ForPeople(HistoryAnswer found) =>
        new(
            ["at", "instrument", "cause", "held", "wanted", "order", "binding"],
            [
                .. found.Rows.Select(row =>
                    (IReadOnlyList<object?>)[$"{row[1]}"[..SecondsLength].Replace('T', ' '), .. row.Skip(2).Take(6)]
                ),
            ]
        );

    static (string Where, List<(string, object)> Values) Where(
        ParseResult parsed,
        Options options,
        string? since,
        string? until
    )
    {
        var (parts, values) = (new List<string>(), new List<(string, object)>());
        void Add(string part, string name, string? value)
        {
            if (value is null)
                return;
            parts.Add(part);
            values.Add((name, value));
        }
        Add("instrument = $instrument", "$instrument", parsed.GetValue(options.Instrument));
        Add("cause = $cause", "$cause", parsed.GetValue(options.Cause));
        Add("at >= $since", "$since", since);
        Add("at < $until", "$until", until);
        if (parsed.GetValue(options.Sent))
            parts.Add("order_contracts <> 0");
        if (parsed.GetValue(options.Refused))
            parts.Add("order_contracts = 0");
        return (parts.Count == 0 ? "" : "WHERE " + string.Join(" AND ", parts), values);
    }

    static string? Time(ParseResult parsed, Option<string> option, List<Fault> faults)
    {
        if (parsed.GetValue(option) is not { } text)
            return null;
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Utc, out var at))
            return at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);
        faults.Add(new Fault(option.Name, null, "", text, "a time in UTC, such as 2026-03-01 or 2026-03-01T09:30"));
        return null;
    }

    static void Explain(Terminal terminal, PastDecision one)
    {
        var own = one.View.Instruments.First(seen => seen.Terms.Name == one.Decided.Instrument);
        terminal.Out.WriteLine();
        terminal.Out.WriteLine(
            FormattableString.Invariant(
                $"event {one.Sequence}, {one.At:O}: {one.Decided.Cause} {one.Decided.Instrument}"
            )
        );
        terminal.Out.WriteLine($"  caused by      {one.Cause}");
        terminal.Out.WriteLine($"  mode           {one.View.Mode}: {one.View.ModeCause}");
        terminal.Out.WriteLine(
            $"  market         mark {Number(own.Mark)}, bid {Number(own.Top?.Bid)} x {Number(own.BidContracts)}, "
                + $"ask {Number(own.Top?.Ask)} x {Number(own.AskContracts)}, index {Number(own.IndexUsd)} USD"
        );
        terminal.Out.WriteLine(
            $"  account        equity {Number(one.View.EquityUsd)} USD, maintenance margin "
                + $"{Number(one.View.MaintenanceMarginUsd)} USD, drawdown {one.View.Drawdown:0.0%}, "
                + $"keeps {one.View.Keep:0%}"
        );
        if (own.Target is { } target)
            terminal.Out.WriteLine(
                $"  target         {Number(target.Contracts)} of {one.View.TargetsAt:O}"
                    + (target.Binding.Length > 0 ? $", held back by {target.Binding}" : "")
            );
        terminal.Out.WriteLine(
            $"  decided        from {Number(one.Decided.Held)} to {Number(one.Decided.Wanted)}: order "
                + Number(one.Decided.Order)
                + (one.Decided.Binding.Length > 0 ? $" ({one.Decided.Binding})" : "")
        );
    }

    static string Number(decimal? value) => value?.ToString("0.########", CultureInfo.InvariantCulture) ?? "not known";

    sealed class Options
    {
        public Option<string> Data { get; } = RunService.Data();
        public Option<string> Archive { get; } = JournalPlace.Archive();
        public Option<bool> Json { get; } = InputOptions.Json();
        public Option<string> Limit { get; } = Text("--limit", "COUNT", "the newest so many (default 20)");
        public Option<string> Instrument { get; } = Text("--instrument", "NAME", "of one instrument");
        public Option<string> Cause { get; } = Text("--cause", "CAUSE", "resize, cut, rebalance or flatten");
        public Option<string> Since { get; } = Text("--since", "TIME", "from this time on, UTC");
        public Option<string> Until { get; } = Text("--until", "TIME", "before this time, UTC");
        public Option<bool> Sent { get; } = new("--sent") { Description = "those that sent an order" };
        public Option<bool> Refused { get; } = new("--refused") { Description = "those that a control refused" };
        public Option<bool> Why { get; } =
            new("--why") { Description = "with the market, the account and the target behind each" };

        static Option<string> Text(string name, string help, string description) =>
            new(name) { Description = description, HelpName = help };
    }
}
