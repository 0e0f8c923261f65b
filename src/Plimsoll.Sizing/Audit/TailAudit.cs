using Plimsoll.Risk;

namespace Plimsoll.Sizing;

/// <summary>What the audit bundle states of a tail range: straight parts, kinks by expiry, forgone gains.</summary>
sealed class TailAudit
{
    readonly TailBook tail;
    readonly PreparedSizing prepared;
    readonly int[] lines;
    readonly Func<int, bool> matters;

    TailAudit(TailBook tail, PreparedSizing prepared, int[] lines, Func<int, bool> matters) =>
        (this.tail, this.prepared, this.lines, this.matters) = (tail, prepared, lines, matters);

    /// <param name="tail">The range.</param>
    /// <param name="prepared">The input.</param>
    /// <param name="lines">Line of each column of the bundle.</param>
    /// <param name="matters">Whether a line is held before or after.</param>
    public static AuditTail Of(TailBook tail, PreparedSizing prepared, int[] lines, Func<int, bool> matters) =>
        new TailAudit(tail, prepared, lines, matters).Build();

    AuditTail Build()
    {
        int[] own = [.. Enumerable.Range(0, lines.Length).Where(c => tail.Counts(prepared.Lines[lines[c]]))];
        int[] linear = [.. own.Where(c => tail.Range.LinearSlope[prepared.Lines[lines[c]].Column] != 0)];
        return new AuditTail(
            tail.Range.X0,
            tail.Range.LowX,
            tail.Range.HighX,
            tail.Equity,
            tail.CollateralSlope,
            linear,
            [.. linear.Select(c => tail.Range.LinearSlope[prepared.Lines[lines[c]].Column])],
            [.. tail.Range.Expiries.Select(expiry => Of(expiry, own)).Where(expiry => expiry.Columns.Length > 0)],
            [.. own.Where(c => matters(lines[c])).SelectMany(c => Forgone(tail.Range, c))],
            tail.Fixed
        );
    }

    IEnumerable<AuditTailForgone> Forgone(TailRange range, int column)
    {
        if (range.Forgone[prepared.Lines[lines[column]].Column] is { } hinges)
            yield return new AuditTailForgone(
                column,
                hinges.Long.Kink,
                hinges.Long.Slope,
                hinges.Short.Kink,
                hinges.Short.Slope
            );
    }

    AuditTailExpiry Of(TailExpiry expiry, int[] own)
    {
        int[] columns = [.. own.Where(c => matters(lines[c]) && At(expiry, c) >= 0)];
        double[] gain = [.. columns.SelectMany(c => expiry.Gain.Column(At(expiry, c)).ToArray())];
        return new AuditTailExpiry(expiry.X, columns, AuditNumbers.Bytes(gain));
    }

    int At(TailExpiry expiry, int column) => Array.BinarySearch(expiry.Columns, prepared.Lines[lines[column]].Column);
}
