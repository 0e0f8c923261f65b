using Plimsoll.Risk;

namespace Plimsoll.Sizing;

/// <summary>Columns at the looks of a tail: of the kept matrices, or, where legs are priced, of few paths.</summary>
sealed class PathTailColumns
{
    readonly Dictionary<int, PathColumn> kept = [];
    readonly Dictionary<int, int> placed = [];
    readonly PnlMatrix[] priced = [];

    /// <param name="paths">Gains.</param>
    /// <param name="over">Whose legs are wanted.</param>
    /// <param name="tail">Where.</param>
    /// <param name="wallet">Pool whose lines count; null: all.</param>
    public PathTailColumns(PathMatrices paths, ProgramParts over, PathTail tail, int? wallet = null)
    {
        if (over.IsPricing)
        {
            (priced, placed) = tail.Priced(over.Prepared, paths);
            return;
        }
        int[] wanted =
        [
            .. Enumerable
                .Range(0, over.Legs.Length)
                .Select(over.LineOf)
                .Where(line => wallet is null || line.Wallet == wallet)
                .Select(line => line.Column)
                .Distinct()
                .Order(),
        ];
        var columns = paths.Over(wanted);
        for (int i = 0; i < wanted.Length; i++)
            kept[wanted[i]] = columns[i];
    }

    /// <summary>Matrix, its column, and its rows for the paths of a look of the tail.</summary>
    public (PnlMatrix Matrix, int Column, int[] Rows) Of(int column, PathPoints points) =>
        kept.TryGetValue(column, out var known)
            ? (known.Pieces[points.Look], known.Column, points.Paths)
            : (priced[points.Look], placed[column], [.. Enumerable.Range(0, points.Paths.Length)]);
}
