using System.Collections.Immutable;
using Plimsoll.Engine;
using Plimsoll.Journal;
using Plimsoll.Live;
using Plimsoll.Markets;
using Plimsoll.Venues;

namespace Plimsoll.Daemon;

/// <summary>One run of the engine: what it was told, its journal, its venue, its service, until a signal.</summary>
static class RunHost
{
    const int Done = 0;
    const int BadInput = 2;
    const int Fault = 3;
    static readonly TimeSpan Drain = TimeSpan.FromSeconds(1.5);
    static readonly TimeSpan DrainLook = TimeSpan.FromMilliseconds(20);
    static readonly TimeSpan VenueAgain = TimeSpan.FromSeconds(2);

    /// <summary>Runs until SIGTERM or SIGINT.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        var options = RunOptions.Parse(args);
        var plan = options.Succeeded ? RunPlan.Read(options.Value) : Parsed<RunPlan>.Fail(options.Faults);
        if (!plan.Succeeded)
        {
            string count = plan.Faults.Length == 1 ? "1 fault" : $"{plan.Faults.Length} faults";
            error.WriteLine($"plimsoll: {count} in the input, nothing was started");
            foreach (var fault in plan.Faults)
                error.WriteLine(fault.ToString());
            return BadInput;
        }
        try
        {
            return await RunAsync(plan.Value, output, error);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or VenueException)
        {
            error.WriteLine($"plimsoll: fault: {fault.Message}");
            return Fault;
        }
    }

    static async Task<int> RunAsync(RunPlan plan, TextWriter output, TextWriter error)
    {
        var options = plan.Options;
        var folder = new RunFolder(options.Data);
        using var lease = Lease.TryTake(folder.Lease);
        using var account = Lease.TryTake(RunFolder.AccountLease(options.Place, plan.Access.Account));
        if (lease is null || account is null)
        {
            error.WriteLine($"plimsoll: another engine runs on {(lease is null ? options.Data : "this account")}");
            return Fault;
        }
        var clock = TimeProvider.System;
        var log = new RunLog(output, options.SendsOrders);
        var stage = new RunStage(folder.Journal);
        await using var service = await RunService.StartAsync(plan, folder, stage);
        folder.Announce(service.Address, options, plan.Access.Account);
        // Until the journal's tail is reached the service says so, and there is no session: nothing is sent.
        log.Say(clock.GetUtcNow(), "replaying", ("journal", folder.Journal), ("status", service.Address));
        using var engine = Recover(plan, folder, stage, service.Stopping);
        if (engine is null)
            return Done; // the signal came first
        if (engine.TornTail is { } torn)
            log.Say(clock.GetUtcNow(), "torn-tail", ("words", torn));
        await using var client = plan.Access.Connect(options.SendsOrders, clock);
        IVenueClient venue = options.SendsOrders ? client : new ShadowVenue(client, clock);
        EngineEvent Solve(EngineView view, Solve asked, ulong sequence) =>
            SizingSolve.Run(plan.Solving, view, asked, sequence);
        EngineEvent Compare(MarginQuestion asked, EngineView now, MarginStated stated) =>
            MarginComparison.Run(plan.Solving, asked, now, stated);
        var loop = new EngineLoop(engine, venue, Solve, clock, compare: Compare);
        loop.Told += log.Take;
        stage.Follow(loop);
        log.Say(
            clock.GetUtcNow(),
            "run",
            ("version", RunPlan.Version),
            ("account", plan.Owner),
            ("venue", options.Place.Url.ToString()),
            ("mode", options.SendsOrders ? "live" : "shadow"),
            ("journal", $"{engine.Records} records"),
            ("service", service.Address)
        );
        return await FollowAsync(plan, folder, stage, engine, loop, venue, service.Stopping, log, clock, error);
    }

    /// <summary>The engine in the state that its journal ends in; null when a signal came first.</summary>
    static JournalledEngine? Recover(RunPlan plan, RunFolder folder, RunStage stage, CancellationToken stopping)
    {
        try
        {
            return JournalledEngine.Open(
                new DiskFiles(folder.Journal),
                plan.Owner,
                next =>
                {
                    stopping.ThrowIfCancellationRequested();
                    stage.Replay(next);
                }
            );
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    static async Task<int> FollowAsync(
        RunPlan plan,
        RunFolder folder,
        RunStage stage,
        JournalledEngine engine,
        EngineLoop loop,
        IVenueClient venue,
        CancellationToken stopping,
        RunLog log,
        TimeProvider clock,
        TextWriter error
    )
    {
        var followed = await ListAsync(plan, venue, stopping, log, clock);
        if (followed.IsEmpty)
            return Done; // the signal came first
        Begin(plan, folder, engine, loop, Settings(plan, venue), followed, clock);
        stage.Begin();
        using var ending = new CancellationTokenSource();
        string? broken = null;
        var applying = Task.Factory.StartNew(
            () =>
            {
                try
                {
                    loop.Run(ending.Token);
                }
                catch (Exception fault)
                {
                    // Nothing can be written down any more: what rests at the venue is taken off, and that is all.
                    broken = fault.Message;
                    venue.Start(new CancelAll($"the engine stopped: {fault.Message}"), engine.State.Sequence);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
        using var leaving = new CancellationTokenSource();
        var talking = venue.RunAsync([.. followed.Select(one => one.Name)], loop.Post, leaving.Token);
        await Task.WhenAny(applying, talking, UntilAsync(stopping));
        string? refused = talking.IsFaulted ? talking.Exception!.GetBaseException().Message : null;
        if (!applying.IsCompleted)
        {
            loop.Post(new Stopped(refused ?? "a signal"));
            await DrainAsync(loop, clock);
            await ending.CancelAsync();
        }
        await applying;
        // A cancellation that was just asked for leaves before its connection does.
        await leaving.CancelAsync();
        await Task.WhenAny(talking, Task.Delay(Drain, clock));
        if ((broken ?? refused) is { } trouble)
        {
            error.WriteLine($"plimsoll: fault: {trouble}");
            return Fault;
        }
        log.Say(clock.GetUtcNow(), "ended", ("journal", $"{engine.Records} records"));
        return Done;
    }

    /// <summary>The venue's terms, asked for until they come; empty when the signal came first.</summary>
    static async Task<ImmutableArray<Instrument>> ListAsync(
        RunPlan plan,
        IVenueClient venue,
        CancellationToken stopping,
        RunLog log,
        TimeProvider clock
    )
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var followed = plan.Choose(await venue.ReadInstrumentsAsync(stopping));
                if (!followed.IsEmpty)
                    return followed;
                throw new VenueException($"no instrument is called {string.Join(" or ", plan.Patterns)}");
            }
            catch (Exception fault)
                when (fault is VenueException and not VenueKeyRefused || fault is OperationCanceledException)
            {
                if (!stopping.IsCancellationRequested)
                    log.Say(clock.GetUtcNow(), "venue-silent", ("words", fault.Message));
            }
            await Task.WhenAny(Task.Delay(VenueAgain, clock), UntilAsync(stopping));
        }
        return [];
    }

    static EngineSettings Settings(RunPlan plan, IVenueClient venue) =>
        plan.Engine with
        {
            Resting = plan.Engine.Resting with { VenueEdits = venue.ChangesOrders },
        };

    static void Begin(
        RunPlan plan,
        RunFolder folder,
        JournalledEngine engine,
        EngineLoop loop,
        EngineSettings settings,
        ImmutableArray<Instrument> followed,
        TimeProvider clock
    )
    {
        bool isFirst = engine.State.Sequence == 0;
        bool endedWell = isFirst || engine.State.EndedWell;
        var killed = RunPlace.Killed(folder.Path);
        bool isHalted = killed is not null || engine.State.Mode is EngineMode.Halted or EngineMode.Liquidating;
        engine.Begin(plan.Input, clock.GetUtcNow());
        var configured = new Configured(settings, followed);
        EngineEvent[] first = isFirst
            ? [configured, new Started(RunPlan.Version)]
            : [new Started(RunPlan.Version), configured];
        foreach (var happened in first)
            loop.Post(happened);
        // A person's command overtakes everything, so the settings are applied before there is one.
        loop.Turn();
        if (killed is not null)
        {
            // While no engine answered a person stopped the account at the venue; this one must know it.
            loop.Post(killed);
            loop.Turn();
            RunPlace.ForgetKill(folder.Path);
        }
        // Who starts it by hand wants it to trade; what a supervisor starts again after a crash waits for a person.
        if (!isHalted && (endedWell || !plan.Options.SendsOrders))
            loop.Post(
                new Armed(
                    Environment.UserName,
                    plan.Options.SendsOrders ? "started with --live" : "shadow: sends nothing"
                )
            );
    }

    static async Task DrainAsync(EngineLoop loop, TimeProvider clock)
    {
        long began = clock.GetTimestamp();
        do await Task.Delay(DrainLook, clock);
        while (clock.GetElapsedTime(began) < Drain && !loop.IsQuiet);
    }

    static Task UntilAsync(CancellationToken cancel)
    {
        var done = new TaskCompletionSource();
        cancel.Register(() => done.TrySetResult());
        return done.Task;
    }
}
