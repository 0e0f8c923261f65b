using System.Collections.Immutable;

namespace Plimsoll.Controls;

/// <summary>What one rule said of one order.</summary>
/// <param name="Control">Its key.</param>
/// <param name="Refusal">Null when it let the order pass.</param>
public readonly record struct ControlResult(string Control, string? Refusal);

/// <summary>The gate's answer; the results of all rules that apply are kept.</summary>
/// <param name="Approved">The order, when every rule let it pass.</param>
/// <param name="Results">By rule, in their order.</param>
public sealed record GateAnswer(Approved<OrderIntent>? Approved, ImmutableArray<ControlResult> Results)
{
    /// <summary>The first refusal; null for an approved order.</summary>
    public ControlResult? Refused
    {
        get
        {
            foreach (var result in Results)
                if (result.Refusal is not null)
                    return result;
            return null;
        }
    }
}

/// <summary>The only maker of <see cref="Approved{T}"/> orders.</summary>
public static class PreTradeGate
{
    /// <summary>
    /// Shows an order to every rule that applies. An order that can only reduce a position is never shown to a rule
    /// that guards openings, so that no opening limit can block a cut.
    /// </summary>
    public static GateAnswer Check(OrderIntent order, PreTradeInput input, ControlLimits limits)
    {
        bool reducing = PreTradeControl.IsReducing(order, input);
        var results = ImmutableArray.CreateBuilder<ControlResult>();
        bool passed = true;
        foreach (var control in PreTradeControl.All)
        {
            if (reducing && !control.AppliesToReducing)
                continue;
            string? refusal = control.Refuse(order, input, limits);
            passed &= refusal is null;
            results.Add(new ControlResult(control.Name, refusal));
        }
        return new GateAnswer(passed ? new Approved<OrderIntent>(order) : null, results.ToImmutable());
    }
}
