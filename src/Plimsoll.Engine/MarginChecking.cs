using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Engine;

/// <summary>
/// Asks the venue's simulator about the book every so often and when it changed; takes what came of it.
/// </summary>
static class MarginChecking
{
    // The venue's limit is one question a second; what a changed book needs is seconds, not milliseconds.
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // Share of the gross notional that has to have moved since the last question.
    const decimal Material = 0.10m;

    /// <summary>Asks, where it is time to and nothing more urgent is going on.</summary>
    public static void Ask(EngineState state, List<EngineEffect> effects)
    {
        var (check, every) = (state.MarginCheck, state.Settings!.SimulateInterval);
        if (every <= TimeSpan.Zero || state.Mode is not (EngineMode.Live or EngineMode.ReduceOnly))
            return;
        if (check.AskedAt is { } asked && state.Now - asked < Patience)
            return;
        if (check.AnsweredAt is { } answered && state.Now - answered < Pause)
            return;
        bool isOld = check.AnsweredAt is not { } last || state.Now - last >= every;
        if (!isOld && !HasMoved(state))
            return;
        var book = state.Instruments.Values.Where(own => own.Position != 0).ToImmutableArray();
        if (book.IsEmpty)
            return;
        check.Book.Clear();
        foreach (var own in book)
            check.Book[own.Terms.Name] = own.Position;
        (check.AskedAt, check.AskedSequence) = (state.Now, state.Sequence);
        effects.Add(new SimulateMargin([.. book.Select(own => new Position(own.Terms.Name, own.Position, null))]));
    }

    /// <summary>Takes the venue's answer: without figures there is nothing to wait for.</summary>
    public static void See(EngineState state, MarginStated stated)
    {
        if (stated.AskedAt == state.MarginCheck.AskedSequence && stated.Reason.Length > 0)
            Close(state, stated.Reason);
    }

    /// <summary>Takes a comparison.</summary>
    public static void See(EngineState state, MarginCompared compared, List<EngineEffect> effects)
    {
        var check = state.MarginCheck;
        if (compared.AskedAt != check.AskedSequence)
            return; // an answer to an older question
        decimal? before = check.Widening;
        foreach (var error in compared.Errors)
        {
            if (!check.Shortfalls.TryGetValue(error.Model, out var seen))
                check.Shortfalls[error.Model] = seen = [];
            seen.Add(error.Shortfall);
            if (seen.Count > MarginCheck.Memory)
                seen.RemoveAt(0);
        }
        if (!compared.Errors.IsEmpty)
            (check.Last, check.ComparedAt) = (compared.Errors, state.Now);
        Close(state, compared.Reason);
        if (check.Widening != before)
            effects.Add(new Alert("margin-error", Words(check.Widening)));
    }

    /// <summary>The widening in words.</summary>
    public static string Words(decimal? widening) =>
        widening is { } share
            ? FormattableString.Invariant($"margin is widened by {share:0.####%}, as the venue was seen to ask more")
            : "a model asks nothing where the venue asks something";

    static void Close(EngineState state, string trouble) =>
        (state.MarginCheck.AskedAt, state.MarginCheck.AnsweredAt, state.MarginCheck.Trouble) = (
            null,
            state.Now,
            trouble
        );

    static bool HasMoved(EngineState state)
    {
        decimal moved = 0,
            gross = 0;
        foreach (var own in state.Instruments.Values)
        {
            if (own.ContractUsd is not { } each)
                continue;
            decimal before = state.MarginCheck.Book.GetValueOrDefault(own.Terms.Name);
            moved += Math.Abs(own.Position - before) * each;
            gross += Math.Max(Math.Abs(own.Position), Math.Abs(before)) * each;
        }
        return moved > Material * gross;
    }
}
