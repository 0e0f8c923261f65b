using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Plimsoll.Engine;
using Plimsoll.Live;
using Plimsoll.Venues;

namespace Plimsoll.Cli;

/// <summary><c>plimsoll kill</c>: by the run's service, and where that does not answer at the venue itself.</summary>
/// <remarks>Needs no configuration, journal, database or model, and no engine that lives.</remarks>
static class KillCommand
{
    const string Engine = "plimsoll-daemon";
    const int Looks = 20;
    static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(25);

    // Short: whoever kills an engine that stands still must be at the venue within two seconds.
    static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(700);
    static readonly TimeSpan AnswerWait = TimeSpan.FromSeconds(5);

    public static Command Build(Terminal terminal)
    {
        var data = RunService.Data();
        var why = RunService.Why();
        var flatten = new Option<bool>("--flatten") { Description = "close every position too" };
        var directly = new Option<bool>("--directly") { Description = "go to the venue at once, past the run" };
        var venue = Text("--venue", "VENUE", $"without a run's folder: {string.Join(", ", VenuePlace.Names)}");
        var url = Text("--url", "URL", "where that venue listens, if not at its usual address");
        var address = Text(
            "--address",
            "ADDRESS",
            "Hyperliquid: the account's address, else the run's or the environment's"
        );
        var key = Text("--key", "FILE", "key file, mode 0600; else the run's own, else the environment");
        var command = new Command(
            "kill",
            "Stops an account at once: every order is cancelled and nothing is opened any more. A run that does not "
                + "answer is ended, and its orders are cancelled at the venue itself."
        )
        {
            data,
            why,
            flatten,
            directly,
            venue,
            url,
            address,
            key,
        };
        command.SetAction(
            (parsed, cancel) =>
                new Request(
                    terminal,
                    parsed.GetValue(data)!,
                    new Killed(Environment.UserName, parsed.GetValue(why)!, parsed.GetValue(flatten)),
                    parsed.GetValue(directly),
                    parsed.GetValue(venue),
                    parsed.GetValue(url),
                    parsed.GetValue(address),
                    parsed.GetValue(key)
                ).RunAsync(cancel)
        );
        return command;
    }

    static Option<string> Text(string name, string help, string description) =>
        new(name) { Description = description, HelpName = help };

    sealed record Request(
        Terminal Terminal,
        string Folder,
        Killed Killed,
        bool Directly,
        string? Venue,
        string? Url,
        string? Address,
        string? KeyFile
    )
    {
        public async Task<int> RunAsync(CancellationToken cancel)
        {
            // A venue that is named is the account that is meant, whatever runs in the folder.
            var place = Venue is null ? RunPlace.Read(Folder) : null;
            if (Venue is null && place is null)
            {
                Say($"{Folder}: no run was ever started there (expected service.json); --venue names the account");
                return ExitCode.BadInput;
            }
            if (place is not null && !Directly)
            {
                if (await AskAsync() is not { } trouble)
                {
                    Tell($"taken{(Killed.Flatten ? "; every position is being closed" : "")}");
                    return ExitCode.Done;
                }
                Say(trouble);
                if (!place.SendsOrders)
                {
                    Say("it was a shadow and never sent an order; --directly stops its account all the same");
                    return ExitCode.BadInput;
                }
            }
            var where = VenuePlace.Read(
                Venue ?? place!.Venue,
                Url ?? (Venue is null ? $"{place!.Url}" : null),
                Address ?? place?.Account
            );
            if (!where.Succeeded)
                return PlimsollCommand.Refuse(Terminal, where.Faults);
            using var http = new HttpClient { Timeout = AnswerWait };
            var stop = where.Value.Stop(KeyFile ?? place?.KeyFile, Environment.GetEnvironmentVariable, http);
            if (!stop.Succeeded)
                return PlimsollCommand.Refuse(Terminal, stop.Faults);
            if (place is not null)
                EndEngine(place);
            return await StopAsync(where.Value, stop.Value, cancel);
        }

        async Task<string?> AskAsync()
        {
            using var service = RunService.Find(Terminal, Folder, operates: true, Patience);
            if (service is null)
                return "the run's folder lacks its operate.token";
            object body = new
            {
                who = Killed.Who,
                why = Killed.Why,
                flatten = Killed.Flatten,
            };
            if (await service.CommandAsync("/v1/kill", body) is { } trouble)
                return trouble;
            // Taken is not done: a service may answer for an engine that stands still.
            for (int look = 0; look < Looks; look++)
            {
                using var status = await service.ReadAsync(Terminal, "/v1/status");
                if (status is null)
                    break;
                if (status.RootElement.GetProperty("mode").GetString() == nameof(EngineMode.Halted))
                    return null;
                await Task.Delay(LookEvery);
            }
            return "the run took the command and did not obey";
        }

        /// <summary>An engine that does not answer must not go on; the next one must know of the kill.</summary>
        void EndEngine(RunPlace place)
        {
            RunPlace.LeaveKill(Folder, Killed with { Flatten = false });
            using (var lease = Lease.TryTake(Path.Combine(Folder, "lease")))
                if (lease is not null)
                    return; // nobody lives there
            try
            {
                using var process = Process.GetProcessById(place.Pid);
                if (process.ProcessName != Engine)
                {
                    Say($"process {place.Pid} is no {Engine}: whatever holds {Folder}/lease must be ended by hand");
                    return;
                }
                process.Kill();
                process.WaitForExit(AnswerWait);
                Tell(string.Create(CultureInfo.InvariantCulture, $"process {place.Pid} was ended"));
            }
            catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
            {
                // It ended by itself meanwhile.
            }
        }

        async Task<int> StopAsync(VenuePlace where, AccountStop stop, CancellationToken cancel)
        {
            StopReport report;
            try
            {
                report = await stop.RunAsync(Killed.Flatten, cancel);
            }
            catch (VenueException fault)
            {
                Say($"fault: {fault.Message}");
                return ExitCode.Fault;
            }
            Tell(FormattableString.Invariant($"at {where.Url.Authority}: {report.Cancelled} orders cancelled"));
            foreach (var one in report.Closed)
                Tell(FormattableString.Invariant($"closed {one.Contracts} {one.Instrument}"));
            foreach (var one in report.PositionsLeft)
                Tell(FormattableString.Invariant($"still held: {one.Contracts} {one.Instrument}"));
            if (Venue is null)
                Tell("a run on this folder begins halted, until plimsoll arm");
            bool isDone = report.OrdersLeft == 0 && (!Killed.Flatten || report.PositionsLeft.IsEmpty);
            if (report.OrdersLeft > 0)
                Say(FormattableString.Invariant($"{report.OrdersLeft} orders still rest"));
            return isDone ? ExitCode.Done : ExitCode.Fault;
        }

        void Tell(string words) => Terminal.Out.WriteLine($"kill: {words}");

        void Say(string words) => Terminal.Error.WriteLine($"plimsoll: {words}");
    }
}
