using System.Collections.Immutable;
using Plimsoll.Risk;

namespace Plimsoll.Sizing;

/// <summary>Loss in named stress rows, as a fraction of equity.</summary>
/// <param name="Limit">Fraction of equity.</param>
/// <param name="Days">Labels of recorded days, each at its close and at its low; empty: none.</param>
/// <param name="Cases">Cases of a stress file.</param>
public sealed record NamedStressLimit(double Limit, ImmutableArray<string> Days, ImmutableArray<StressCase> Cases)
{
    /// <summary>Whether a row of the stress set is one of those named.</summary>
    public bool Names(string origin) =>
        origin.StartsWith(StressScenarios.CasePrefix, StringComparison.Ordinal)
        || Days.Any(day => origin == $"day:{day}" || origin.StartsWith($"day:{day},", StringComparison.Ordinal));
}

/// <summary>survival.stress: whole wealth in each of the named stress rows, after cost.</summary>
sealed class NamedStressRule : LimitRule
{
    public const string Name = "survival.stress";

    public override void AddTo(ProgramParts parts)
    {
        var prepared = parts.Prepared;
        if (prepared.Mandate.Survival.Stress is not { } limit || !parts.Wants(Name))
            return;
        string[] origins = prepared.Stress.Origins;
        int[] named = [.. Enumerable.Range(0, origins.Length).Where(row => limit.Names(origins[row]))];
        var all = StressRows.Of(parts, _ => true, parts.StressLossBase);
        AddRows(
            parts,
            Name,
            limit.Limit,
            "loss in the worst of the named stress rows, share of equity",
            [.. named.Select(row => all[row])],
            costShare: 1,
            collateral: named.Length == 0
                ? null
                : named.Max(row => 1 - prepared.StressCollateral[row] / prepared.Equity),
            rowNames: named.Select(row => origins[row])
        );
    }
}
