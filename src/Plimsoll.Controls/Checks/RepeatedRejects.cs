namespace Plimsoll.Controls;

/// <summary>After so many refused orders of an instrument within a short time, no more are opened.</summary>
sealed class RepeatedRejects : PreTradeControl
{
    public override string Name => "repeated-rejects";

    public override string? Refuse(OrderIntent order, PreTradeInput input, ControlLimits limits)
    {
        int refused = 0;
        foreach (var sent in input.Recent)
            if (sent.Rejected && input.Now - sent.At < limits.RejectWindow)
                refused++;
        return refused >= limits.MostRejects
            ? FormattableString.Invariant(
                $"{refused} refused orders in {limits.RejectWindow.TotalSeconds:0.#} s: a person has to look"
            )
            : null;
    }
}
