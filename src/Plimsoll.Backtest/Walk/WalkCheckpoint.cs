using System.Collections.Immutable;
using Plimsoll.Markets;

namespace Plimsoll.Backtest;

/// <summary>Everything that one method's account is between two instants.</summary>
/// <param name="Method">Name in the request.</param>
/// <param name="Account">Cash, positions at their last marks, high-water mark.</param>
/// <param name="LastPeriod">Period in which was last decided; −1 before the first decision.</param>
/// <param name="RuinedAt">When nothing was left; null while alive.</param>
/// <param name="Records">One for each instant so far.</param>
/// <param name="Notes">What was left aside, once each.</param>
public sealed record RunState(
    string Method,
    Account Account,
    long LastPeriod,
    DateTimeOffset? RuinedAt,
    ImmutableArray<StepRecord> Records,
    ImmutableArray<string> Notes
);

/// <summary>A walk between two instants: from here it goes on and ends with the same bytes.</summary>
/// <param name="Fingerprint">Of request and records: a walk goes on only from its own checkpoint.</param>
/// <param name="NextStep">Step to do next.</param>
/// <param name="Runs">By method, in the request's order.</param>
public sealed record WalkCheckpoint(string Fingerprint, int NextStep, ImmutableArray<RunState> Runs);
