using Plimsoll.Numerics;

namespace Plimsoll.Tails;

/// <summary>Penalised maximum likelihood over all coins.</summary>
/// <remarks>
/// A column that most days lack (what options and futures said) counts as its mean on those, and its ridge is that of
/// the others times days/days that have it: two months of chains hardly speak against seven years of bars, and speak
/// up as the record grows.
/// </remarks>
static class RealisedScaleEstimator
{
    public static RealisedScaleFit Fit(
        MarketDays market,
        DateOnly until,
        RealisedScaleOptions options,
        RealisedScaleFit? previous
    )
    {
        var (rows, y, weights, n) = Sample(market, until, options.HalfLifeDays);
        int[] columns = [.. Enumerable.Range(0, TailFeatures.Names.Length).Where(j => IsRecorded(rows, j))];
        int k = columns.Length;
        double[] x = Chosen(rows, n, columns);
        var (centre, spread, ridge) = Standardise(x, n, k, options.Ridge);
        double weightSum = weights.Sum();
        // Coordinates: location, constant, coefficients of standardised columns, ln(ν − 2.05), artanh λ.
        double Objective(ReadOnlySpan<double> at, Span<double> gradient)
        {
            double degrees = 2.05 + Math.Exp(Math.Min(at[k + 2], 5));
            double tanh = Math.Tanh(at[k + 3]);
            var density = new InnovationDensity(degrees, 0.95 * tanh);
            gradient.Clear();
            double sum = 0;
            for (int i = 0; i < n; i++)
            {
                var row = x.AsSpan(i * k, k);
                double log = at[1];
                for (int j = 0; j < k; j++)
                    log += at[2 + j] * row[j];
                double z = y[i] * Math.Exp(-log) - at[0];
                double w = weights[i];
                sum += w * (density.At(z, out double byZ, out var byShape) - log);
                double byLog = -w * (1 + (z + at[0]) * byZ);
                gradient[0] += w * byZ;
                gradient[1] -= byLog;
                for (int j = 0; j < k; j++)
                    gradient[2 + j] -= byLog * row[j];
                gradient[k + 2] -= w * byShape.Degrees;
                gradient[k + 3] -= w * byShape.Skew;
            }
            gradient[k + 2] *= at[k + 2] < 5 ? Math.Exp(at[k + 2]) : 0;
            gradient[k + 3] *= 0.95 * (1 - tanh * tanh);
            double penalty = 0;
            for (int j = 0; j < k; j++)
            {
                penalty += 0.5 * ridge[j] * at[2 + j] * at[2 + j];
                gradient[2 + j] += ridge[j] * at[2 + j];
            }
            for (int j = 0; j < gradient.Length; j++)
                gradient[j] /= weightSum;
            return (penalty - sum) / weightSum;
        }
        double[] start = new double[k + 4];
        (start[1], start[k + 2]) = (Math.Log(3), Math.Log(2));
        if (previous is not null)
        {
            (start[0], start[k + 2], start[k + 3]) = (
                previous.Location,
                Math.Log(previous.Degrees - 2.05),
                Math.Atanh(previous.Skew / 0.95)
            );
            start[1] = previous.Constant;
            for (int j = 0; j < k; j++)
            {
                double before = previous.Coefficients[columns[j]];
                start[2 + j] = before * spread[j];
                start[1] += before * centre[j];
            }
        }
        var found = Bfgs.Minimise(Objective, start, 1e-6, 400);
        double[] at = found.Point;
        double[] raw = [.. Enumerable.Range(0, k).Select(j => at[2 + j] / spread[j])];
        double constant = at[1];
        for (int j = 0; j < k; j++)
            constant -= raw[j] * centre[j];
        return new(
            at[0],
            constant,
            Spread(raw, columns, 0),
            2.05 + Math.Exp(Math.Min(at[k + 2], 5)),
            0.95 * Math.Tanh(at[k + 3]),
            Spread(centre, columns, 0),
            Spread(spread, columns, 1),
            found.Converged,
            n,
            until
        );
    }

    static (double[] X, double[] Y, double[] Weights, int Count) Sample(
        MarketDays market,
        DateOnly until,
        double halfLifeDays
    )
    {
        var (x, y, weights) = (new List<double>(), new List<double>(), new List<double>());
        foreach (var coin in market.Coins)
        {
            var features = TailFeatures.Of(new TailHistory(coin, market));
            for (int t = TailFeatures.FewestDays; t < coin.Count && coin.Days[t].Date < until; t++)
            {
                var row = features.Row(t);
                if (row.IsEmpty)
                    continue;
                x.AddRange(row);
                y.Add(coin.Days[t].Return);
                weights.Add(Math.Pow(0.5, (until.DayNumber - coin.Days[t].Date.DayNumber) / halfLifeDays));
            }
        }
        return ([.. x], [.. y], [.. weights], y.Count);
    }

    static bool IsRecorded(double[] rows, int column)
    {
        for (int i = column; i < rows.Length; i += TailFeatures.Names.Length)
            if (!double.IsNaN(rows[i]))
                return true;
        return false;
    }

    static double[] Chosen(double[] rows, int n, int[] columns)
    {
        var x = new double[n * columns.Length];
        for (int i = 0; i < n; i++)
        for (int j = 0; j < columns.Length; j++)
            x[i * columns.Length + j] = rows[i * TailFeatures.Names.Length + columns[j]];
        return x;
    }

    /// <summary>Figures of chosen columns at their place among all; the others get a value of their own.</summary>
    static double[] Spread(double[] figures, int[] columns, double elsewhere)
    {
        var all = new double[TailFeatures.Names.Length];
        Array.Fill(all, elsewhere);
        for (int j = 0; j < columns.Length; j++)
            all[columns[j]] = figures[j];
        return all;
    }

    /// <summary>
    /// Columns to mean 0 and deviation 1, in place, over the rows that have them; a constant column keeps its width,
    /// a missing figure becomes 0.
    /// </summary>
    static (double[] Centre, double[] Spread, double[] Ridge) Standardise(double[] x, int n, int k, double ridge)
    {
        var (centre, spread, ridges) = (new double[k], new double[k], new double[k]);
        for (int j = 0; j < k; j++)
        {
            var (sum, seen) = (0.0, 0);
            for (int i = 0; i < n; i++)
                if (!double.IsNaN(x[i * k + j]))
                    (sum, seen) = (sum + x[i * k + j], seen + 1);
            centre[j] = sum / seen;
            double squares = 0;
            for (int i = 0; i < n; i++)
                if (!double.IsNaN(x[i * k + j]))
                    squares += (x[i * k + j] - centre[j]) * (x[i * k + j] - centre[j]);
            spread[j] = squares > 1e-12 * seen ? Math.Sqrt(squares / seen) : 1;
            ridges[j] = ridge * ((double)n / seen);
            for (int i = 0; i < n; i++)
                x[i * k + j] = double.IsNaN(x[i * k + j]) ? 0 : (x[i * k + j] - centre[j]) / spread[j];
        }
        return (centre, spread, ridges);
    }
}
