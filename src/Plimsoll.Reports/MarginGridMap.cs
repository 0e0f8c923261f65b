using Plimsoll.Margin;

namespace Plimsoll.Reports;

/// <summary>A venue's scenarios laid out as a map: price moves down, volatility across.</summary>
/// <param name="Moves">Rows: regular ones by size, then those beyond the regular grid.</param>
/// <param name="Shocks">Columns.</param>
/// <param name="Cells">By row and column; null where the venue has no such scenario.</param>
sealed record MarginGridMap(
    (double Move, bool IsExtended, string Name)[] Moves,
    VolatilityShock[] Shocks,
    GridCell?[,] Cells
)
{
    public static MarginGridMap Of(MarginGrid grid)
    {
        (double Move, bool IsExtended, string Name)[] moves =
        [
            .. grid
                .Cells.Select(cell => (cell.PriceMove, cell.IsExtended, NameOf(cell)))
                .Distinct()
                .OrderBy(row => row.IsExtended)
                .ThenBy(row => row.PriceMove),
        ];
        VolatilityShock[] shocks = [.. grid.Cells.Select(cell => cell.VolatilityMove).Distinct().Order()];
        var cells = new GridCell?[moves.Length, shocks.Length];
        foreach (var cell in grid.Cells)
        {
            int row = Array.IndexOf(moves, (cell.PriceMove, cell.IsExtended, NameOf(cell)));
            int column = Array.IndexOf(shocks, cell.VolatilityMove);
            if (cells[row, column] is not { } worse || cell.Gain < worse.Gain)
                cells[row, column] = cell;
        }
        return new MarginGridMap(moves, shocks, cells);
    }

    static string NameOf(GridCell cell) =>
        FormattableString.Invariant($"{cell.PriceMove * 100:+0.##;-0.##;0}%{(cell.IsExtended ? " *" : "")}");
}
