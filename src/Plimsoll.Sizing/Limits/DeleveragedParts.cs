using Plimsoll.Numerics;

namespace Plimsoll.Sizing;

/// <summary>Gains and stress losses of the legs, less what winning futures and perpetuals would forgo.</summary>
/// <remarks>
/// On either side of a line forgone gain is linear in its size and at least 0, so wealth less it is concave in the book
/// and a limit on it stays convex; on legs, which change one side each, it is linear. No line loses more by it than it
/// wins: a position by itself never becomes a loss, only what it hedges counts less.
/// </remarks>
sealed class DeleveragedParts
{
    readonly ProgramParts parts;
    readonly (ForgoneGains Law, ForgoneGains Stress) forgone;

    /// <param name="parts">The plain material.</param>
    /// <param name="forgone">In the law's scenarios and in the stress set.</param>
    /// <param name="known">Of a material with the same book without a trade; null: it is reckoned.</param>
    public DeleveragedParts(
        ProgramParts parts,
        (ForgoneGains Law, ForgoneGains Stress) forgone,
        DeleveragedParts? known = null
    )
    {
        (this.parts, this.forgone) = (parts, forgone);
        Raw = Less(parts.Raw, forgone.Law, -1);
        Stress = Less(parts.Stress, forgone.Stress, 1);
        Held = known?.Held ?? OfHeld(forgone.Law, _ => true);
    }

    /// <summary>Gain of one contract of each leg in each scenario, share of equity.</summary>
    public ColumnMatrix Raw { get; }

    /// <summary>Loss of one contract of each leg in each stress scenario, share of equity.</summary>
    public ColumnMatrix Stress { get; }

    /// <summary>Forgone without a trade in each scenario, share of equity.</summary>
    public double[] Held { get; }

    /// <summary>Forgone without a trade by chosen lines in each stress scenario, share of equity.</summary>
    public double[] HeldInStress(Func<SizingLine, bool> chosen) => OfHeld(forgone.Stress, chosen);

    /// <summary>Wealth less one, as limits on losses see it.</summary>
    public static ScenarioValue Loss(ProgramParts parts) => Counted(parts, parts.RawValue(1));

    /// <summary>Wealth as the drawdown limit sees it: without unstated edge, after the whole cost.</summary>
    public static ScenarioValue Drawdown(ProgramParts parts) => Counted(parts, parts.EdgeValue(fullCost: true));

    static ScenarioValue Counted(ProgramParts parts, ScenarioValue plain) => parts.Deleveraged?.Of(plain) ?? plain;

    /// <summary>A value of the plain gains as it is after what is forgone.</summary>
    ScenarioValue Of(ScenarioValue plain) =>
        plain with
        {
            Base = [.. plain.Base.Select((value, s) => value - Held[s])],
            Matrix = Raw,
        };

    /// <summary>What the legs forgo by themselves: gains after it less plain gains.</summary>
    public ColumnMatrix Difference() => Less(new ColumnMatrix(forgone.Law.Count, parts.Legs.Length), forgone.Law, -1);

    ColumnMatrix Less(ColumnMatrix plain, ForgoneGains gains, int sign)
    {
        var lessened = new ColumnMatrix(plain.Rows, plain.Columns);
        for (int j = 0; j < plain.Columns; j++)
        {
            var leg = parts.Legs[j];
            var column = lessened.Column(j);
            plain.Column(j).CopyTo(column);
            if (gains.Of(parts.LineOf(j).Column, leg.Part > 0) is not { } lost)
                continue;
            double factor = sign * (leg.Opens ? 1 : -1) / parts.Prepared.Equity;
            for (int s = 0; s < column.Length; s++)
                column[s] += factor * lost[s];
        }
        return lessened;
    }

    double[] OfHeld(ForgoneGains gains, Func<SizingLine, bool> chosen)
    {
        var held = new double[gains.Count];
        foreach (var line in parts.Prepared.Held.Where(chosen))
            if (gains.Of(line.Column, line.CurrentContracts > 0) is { } lost)
                for (int s = 0; s < held.Length; s++)
                    held[s] += Math.Abs(line.CurrentContracts) * lost[s] / parts.Prepared.Equity;
        return held;
    }
}
