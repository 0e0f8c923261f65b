using System.Collections.Immutable;

namespace Plimsoll.Sizing;

/// <summary>What an audit bundle says of a limit on the way: a value by path for each look.</summary>
/// <remarks>
/// Under portfolio margin the maintenance is written as the amount that the venue asks of the answer's book at each
/// look; what covers it can be recomputed.
/// </remarks>
static class PathAudit
{
    /// <summary>Minus the loss at each look, as a base and what the columns add.</summary>
    /// <param name="terms">The limit.</param>
    /// <param name="prepared">The input.</param>
    /// <param name="target">Whole-lot contracts by line of the account.</param>
    /// <param name="lines">Line of each of the bundle's columns.</param>
    public static ImmutableArray<AuditScenarioRows> Looks(
        PathTerms terms,
        PreparedSizing prepared,
        double[] target,
        int[] lines
    )
    {
        double[] now = prepared.Current;
        int[] used = [.. Enumerable.Range(0, lines.Length).Where(c => target[lines[c]] != 0 || now[lines[c]] != 0)];
        return
        [
            .. Enumerable
                .Range(0, terms.Risk.LookCount)
                .Select(look =>
                {
                    double[] value = [.. terms.Risk.Loss(target, look).Select(loss => -loss)];
                    double[] longs = new double[used.Length * value.Length],
                        shorts = new double[longs.Length];
                    for (int c = 0; c < used.Length; c++)
                    {
                        int i = lines[used[c]];
                        var (asLong, asShort) = terms.Risk.PerContract(i, look);
                        asLong.CopyTo(longs, c * value.Length);
                        asShort.CopyTo(shorts, c * value.Length);
                        double up = Math.Max(0, target[i]) - Math.Max(0, now[i]),
                            down = Math.Max(0, -target[i]) - Math.Max(0, -now[i]);
                        for (int s = 0; s < value.Length; s++)
                            value[s] -= up * asLong[s] + down * asShort[s];
                    }
                    return new AuditScenarioRows(
                        value.Length,
                        used,
                        AuditNumbers.Bytes(value),
                        AuditNumbers.Bytes(longs),
                        AuditNumbers.Bytes(shorts)
                    );
                }),
        ];
    }
}
