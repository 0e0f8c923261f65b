namespace Plimsoll.Numerics;

/// <summary>The objective smoothed with a width, and its quadratic model.</summary>
sealed partial class TailLossWork
{
    double Smoothed(double[] at, double level, double width)
    {
        double sum = 0;
        for (int s = 0; s < rows; s++)
        {
            double over = at[s] - level;
            if (over >= width)
                sum += weights[s] * over;
            else if (over > -width)
                sum += weights[s] * (over + width) * (over + width) / (4 * width);
        }
        return level + sum / tail;
    }

    /// <summary>Dual law (normalised by construction of the model) and curvature; how many scenarios bend.</summary>
    int Slopes(double width)
    {
        int count = 0;
        for (int s = 0; s < rows; s++)
        {
            double over = losses[s] - quantile;
            law[s] =
                over >= width ? weights[s] / tail
                : over > -width ? weights[s] / tail * (over + width) / (2 * width)
                : 0;
            band[s] = over < width && over > -width ? weights[s] / tail / (2 * width) : 0;
            if (band[s] > 0)
                count++;
        }
        return count;
    }

    /// <summary>The quadratic model in (x, change of the quantile).</summary>
    QuadraticProgram Model(int count)
    {
        var domain = program.Domain;
        var quadratic = new SymmetricMatrix(n + 1);
        double lawSum = 0;
        var bentRows = new int[count];
        var bentWeights = new double[Math.Max(1, count)];
        int k = 0;
        for (int s = 0; s < rows; s++)
        {
            lawSum += law[s];
            if (band[s] <= 0)
                continue;
            (bentRows[k], bentWeights[k]) = (s, band[s]);
            k++;
        }
        var bent = new ColumnMatrix(Math.Max(1, count), n + 1);
        for (int i = 0; i < n; i++)
        {
            var from = gains.Column(i);
            var into = bent.Column(i);
            for (int r = 0; r < count; r++)
                into[r] = -from[bentRows[r]];
        }
        bent.Column(n)[..count].Fill(-1);
        WeightedGram.Add(bent, bentWeights, quadratic);
        bent.Dispose();
        // Without any bent scenario the quantile has no curvature of its own.
        double ridge = 1e-12;
        double most = 0;
        for (int i = 0; i <= n; i++)
            most = Math.Max(most, quadratic[i, i]);
        for (int i = 0; i <= n; i++)
            quadratic[i, i] += ridge * Math.Max(most, 1e-12);
        ColumnProducts.TransposeMultiply(gains, law, slope);
        var linear = new double[n + 1];
        var at = new double[n + 1];
        x.CopyTo(at, 0);
        var image = new double[n + 1];
        quadratic.Multiply(at, image);
        for (int i = 0; i < n; i++)
            linear[i] = -slope[i] - image[i] + domain.Linear[i];
        linear[n] = 1 - lawSum - image[n];
        if (domain.Quadratic is { } own)
            for (int i = 0; i < n; i++)
            for (int j = i; j < n; j++)
                quadratic[i, j] += own[i, j];
        // Losses and the quantile are counted in their spread, so that the model is of size one.
        unit = Spread();
        for (int i = 0; i <= n; i++)
        {
            quadratic[i, n] *= i == n ? unit * unit : unit;
            for (int j = i; j <= n; j++)
                quadratic[i, j] /= unit;
            linear[i] /= i == n ? 1 : unit;
        }
        double reach = 10 * Math.Max(1, Math.Abs(quantile) / unit);
        return new QuadraticProgram
        {
            Quadratic = quadratic,
            Linear = linear,
            LogWeight = domain.LogWeight.Length == 0 ? [] : [.. domain.LogWeight.Select(b => b / unit), 0],
            Lower = [.. domain.Lower, -reach],
            Upper = [.. domain.Upper, reach],
            EqualRows = [.. domain.EqualRows.Select(row => (double[])[.. row, 0])],
            EqualTo = domain.EqualTo,
            LessRows = [.. domain.LessRows.Select(row => (double[])[.. row, 0])],
            LessThan = domain.LessThan,
        };
    }
}
