namespace Plimsoll.Numerics;

/// <summary>Units for unknowns and rows in which the coefficients of a program are of one size (Ruiz 2001).</summary>
static class Equilibrium
{
    const int Rounds = 8;

    /// <summary>Factor of each unknown: x = factor·v.</summary>
    public static double[] Columns(QuadraticProgram program)
    {
        int n = program.Size;
        var scale = new double[n];
        Array.Fill(scale, 1);
        double[][] rows = [.. program.EqualRows, .. program.LessRows];
        var rowScale = new double[rows.Length];
        Array.Fill(rowScale, 1);
        if (rows.Length == 0 && program.Quadratic is null)
            return scale;
        var largest = new double[n];
        for (int round = 0; round < Rounds; round++)
        {
            largest.AsSpan().Clear();
            for (int r = 0; r < rows.Length; r++)
            {
                double row = 0;
                for (int j = 0; j < n; j++)
                {
                    double size = Math.Abs(rows[r][j]) * rowScale[r] * scale[j];
                    row = Math.Max(row, size);
                    largest[j] = Math.Max(largest[j], size);
                }
                if (row > 0)
                    rowScale[r] /= Math.Sqrt(row);
            }
            if (program.Quadratic is { } p)
                for (int j = 0; j < n; j++)
                    largest[j] = Math.Max(largest[j], Math.Sqrt(Math.Abs(p[j, j])) * scale[j]);
            for (int j = 0; j < n; j++)
                if (largest[j] > 0)
                    scale[j] /= Math.Sqrt(largest[j]);
        }
        // An unknown whose coefficients are all but nothing has no unit beyond its own box: its price would drown the
        // others', and with it what a gap means.
        for (int j = 0; j < n; j++)
            if (double.IsFinite(program.Lower[j]) && program.Upper[j] - program.Lower[j] is > 0 and var width)
                scale[j] = Math.Min(scale[j], width);
        return scale;
    }

    /// <summary>Rows in the scaled unknowns, each divided by its largest coefficient.</summary>
    public static (double[][] Rows, double[] Right, double[] Factor) Rows(
        double[][] rows,
        double[] right,
        double[] scale
    )
    {
        var (scaled, sides, factor) = (new double[rows.Length][], new double[rows.Length], new double[rows.Length]);
        for (int r = 0; r < rows.Length; r++)
        {
            scaled[r] = new double[scale.Length];
            double most = 0;
            for (int j = 0; j < scale.Length; j++)
            {
                scaled[r][j] = rows[r][j] * scale[j];
                most = Math.Max(most, Math.Abs(scaled[r][j]));
            }
            factor[r] = most > 0 ? 1 / most : 1;
            for (int j = 0; j < scale.Length; j++)
                scaled[r][j] *= factor[r];
            sides[r] = right[r] * factor[r];
        }
        return (scaled, sides, factor);
    }
}
