using Plimsoll.Numerics;

namespace Plimsoll.Sizing;

/// <summary>A convex limit known by its value and by a linear function below it that is tight at a book.</summary>
/// <param name="Name">Name of its constraint, a maximum of rows.</param>
/// <param name="Value">Exact value at positions by line.</param>
/// <param name="Row">The row that is tight there.</param>
/// <param name="Kept">
/// The same over the legs of any material, where a solve over more legs starts with the rows of the one before; null:
/// it does not.
/// </param>
sealed record CutLimit(
    string Name,
    Func<double[], double> Value,
    Func<double[], LimitRow> Row,
    Func<double[], Func<ProgramParts, LimitRow>>? Kept = null
);

/// <summary>Rows of a maximum of linear functions, before the number of auxiliary variables is known.</summary>
sealed record PendingRows(
    int Index,
    string Name,
    double Limit,
    double Scale,
    double? SlackWeight,
    double CostShare,
    IReadOnlyList<LimitRow> Rows
)
{
    const int Block = 16;

    /// <summary>A constraint with one more row.</summary>
    public static MaxLinearConstraint Extend(MaxLinearConstraint known, LimitRow row)
    {
        var rows = new ColumnMatrix(known.Offset.Length + 1, known.Rows.Columns);
        for (int j = 0; j < rows.Columns; j++)
        {
            known.Rows.Column(j).CopyTo(rows.Column(j));
            rows[known.Offset.Length, j] = row.Legs[j];
        }
        return known with { Offset = [.. known.Offset, row.Offset], Rows = rows };
    }

    public MaxLinearConstraint Complete(int auxiliaryCount)
    {
        int legs = Rows[0].Legs.Length;
        var matrix = new ColumnMatrix(Rows.Count, legs);
        var auxiliary =
            auxiliaryCount == 0 || Rows.All(row => row.Auxiliary.Count == 0)
                ? null
                : new ColumnMatrix(Rows.Count, auxiliaryCount);
        // Some rows at a time: a row is a jump in every column of the matrix.
        for (int first = 0; first < Rows.Count; first += Block)
        for (int j = 0; j < legs; j++)
        {
            var column = matrix.Column(j);
            for (int r = first; r < Math.Min(first + Block, Rows.Count); r++)
                column[r] = Rows[r].Legs[j];
        }
        for (int r = 0; r < Rows.Count; r++)
            foreach (var (index, coefficient) in Rows[r].Auxiliary)
                auxiliary![r, index] = coefficient;
        double[] offset = [.. Rows.Select(row => row.Offset)];
        return new MaxLinearConstraint(Name, Limit, Scale, SlackWeight, offset, matrix, auxiliary, CostShare);
    }
}

/// <summary>Offset + Σ Legs_j·z_j + Σ coefficient·w.</summary>
sealed record LimitRow(double Offset, double[] Legs, IReadOnlyList<(int Index, double Coefficient)> Auxiliary)
{
    public LimitRow(double offset, double[] legs)
        : this(offset, legs, []) { }
}
