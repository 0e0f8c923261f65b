using System.Collections.Immutable;
using Plimsoll.Engine;
using Plimsoll.Markets;
using Plimsoll.Methods;
using Plimsoll.Sizing;

namespace Plimsoll.Live;

/// <summary>One solve, as a pure function of a numbered input: targets, or why there are none.</summary>
public static class SizingSolve
{
    /// <summary>Sizes the account as the engine knew it.</summary>
    /// <param name="settings">What it depends on besides the state.</param>
    /// <param name="view">The state after the event that asked.</param>
    /// <param name="asked">The effect.</param>
    /// <param name="sequence">The event's sequence.</param>
    /// <returns><see cref="TargetsReady"/> or <see cref="SolveFailed"/>; throws for no market.</returns>
    public static EngineEvent Run(SolveSettings settings, EngineView view, Solve asked, ulong sequence)
    {
        EngineEvent Failed(string why) => new SolveFailed(sequence, asked.InputDigest, why);
        try
        {
            var input = SolveInput.Of(view, settings);
            if (input.Market.Underlyings.IsEmpty)
                return Failed("no coin has an index yet");
            var prepared = settings.Method is null ? Sizer.Prepare(input) : MethodSizer.Prepare(input);
            if (!prepared.Succeeded)
                return Failed(string.Join("; ", prepared.Faults));
            var decision = Decide(settings, prepared.Value, out string? refused);
            if (decision is null)
                return Failed(refused!);
            if (decision.Status == DecisionStatus.Undetermined)
                return Failed("undetermined: " + string.Join("; ", decision.Missing));
            return new TargetsReady(
                sequence,
                asked.InputDigest,
                Targets(view, prepared.Value, decision),
                SolveFigures.Volatilities(prepared.Value),
                prepared.Value.Objective == ObjectiveKind.Protect
            );
        }
        catch (Exception fault)
            when (fault is ArgumentException or InvalidOperationException or ArithmeticException or KeyNotFoundException
            )
        {
            // A market that no one has seen yet must cost a warning, not the process that watches the account.
            return Failed($"{fault.GetType().Name}: {fault.Message}");
        }
    }

    static Decision? Decide(SolveSettings settings, PreparedSizing prepared, out string? refused)
    {
        refused = null;
        if (settings.Method is not { } choice)
            return Sizer.Decide(prepared);
        var result = MethodSizer.Size(prepared, choice.Method, choice.Settings);
        if (result.Succeeded)
            return result.Value.Sizing.Decision;
        refused = string.Join("; ", result.Faults);
        return null;
    }

    static ImmutableArray<TargetContracts> Targets(EngineView view, PreparedSizing prepared, Decision decision)
    {
        var held = view.Instruments.ToDictionary(own => own.Terms.Name, StringComparer.Ordinal);
        string binding = string.Join(", ", decision.Limits.Where(limit => limit.Binding).Select(limit => limit.Name));
        if (decision.Status == DecisionStatus.Infeasible)
            binding = "infeasible: " + string.Join(", ", decision.Conflicts);
        var lines = prepared.Lines.ToDictionary(line => line.Name, StringComparer.Ordinal);
        return
        [
            .. decision
                .Targets.OrderBy(target => target.Instrument, StringComparer.Ordinal)
                .Select(target =>
                    Of(prepared, lines.GetValueOrDefault(target.Instrument), target, binding) with
                    {
                        DeleveragingRank = SolveFigures.Rank(view, held[target.Instrument]),
                    }
                ),
        ];
    }

    static TargetContracts Of(PreparedSizing prepared, SizingLine? line, TargetLine target, string binding)
    {
        if (line is null)
            return new TargetContracts(target.Instrument, target.Target, null, null, binding);
        decimal side = target.Current != 0 ? target.Current : target.Target;
        decimal? maintenance = null;
        if (prepared.MarginNow[line.Column] is { } rate && SettlementUsd(prepared, line.Instrument) is { } usd)
            maintenance = SolveFigures.Exact(Math.Abs(rate.Maintenance(side >= 0 ? 1 : -1)) * usd);
        // A position is left by trading the other way.
        var exit = side >= 0 ? line.Cost.Sell : line.Cost.Buy;
        return new TargetContracts(
            target.Instrument,
            target.Target,
            maintenance,
            exit is { } cost ? SolveFigures.Exact(cost.Home) : null,
            target.Trade == 0 ? "" : binding,
            SolveFigures.Risk(prepared, line)
        );
    }

    static double? SettlementUsd(PreparedSizing prepared, Instrument instrument) =>
        instrument.Settlement.IsDollar ? 1 : prepared.Input.Market.Find(instrument.Settlement.Code)?.IndexUsd;
}
