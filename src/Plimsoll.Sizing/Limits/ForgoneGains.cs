using Plimsoll.Margin;
using Plimsoll.Risk;

namespace Plimsoll.Sizing;

/// <summary>What winning futures and perpetuals forgo in one set of scenarios when a venue closes them.</summary>
/// <param name="stress">The assumption.</param>
/// <param name="matrix">Gains.</param>
public sealed class ForgoneGains(DeleveragingStress stress, PnlMatrix matrix)
{
    readonly Dictionary<int, (double[] Long, double[] Short)> known = [];

    /// <summary>Scenarios.</summary>
    public int Count => matrix.Scenarios.Count;

    /// <summary>The same assumption over other gains.</summary>
    public ForgoneGains Over(PnlMatrix gains) => new(stress, gains);

    /// <summary>
    /// Forgone by a contract of a column held on one side, home currency, at least 0; null where none is.
    /// </summary>
    public double[]? Of(int column, bool isLong)
    {
        if (!DeleveragingStress.Reaches(matrix.Instruments[column]))
            return null;
        lock (known)
        {
            if (!known.TryGetValue(column, out var forgone))
            {
                forgone = (new double[Count], new double[Count]);
                stress.Forgone(matrix, column, forgone.Long, forgone.Short);
                known[column] = forgone;
            }
            return isLong ? forgone.Long : forgone.Short;
        }
    }
}
