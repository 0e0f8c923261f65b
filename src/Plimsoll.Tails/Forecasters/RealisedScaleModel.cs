using System.Runtime.CompilerServices;
using Plimsoll.Numerics;

namespace Plimsoll.Tails;

/// <summary>
/// Volatility read from ranges, realised measures and the other coins, fitted by the likelihood of the returns
/// themselves.
/// </summary>
/// <remarks>
/// r = m·s + s·z with ln s = b₀ + b·x, x the row of <see cref="TailFeatures"/>, z Hansen's skewed t: a heterogeneous
/// autoregression in logarithms (Corsi 2009; with semivariances Patton and Sheppard 2015), estimated by maximum
/// likelihood of the daily return with a ridge on standardised columns. One set of coefficients for all coins:
/// each coin is measured against its own long volatility, so seven coins teach what one cannot. Law: the residuals of
/// all coins with Pareto tails.
/// </remarks>
/// <param name="Name">As in tables.</param>
/// <param name="Tail">Of the residuals.</param>
/// <param name="Options">Ridge, pool and memory.</param>
public sealed record RealisedScaleModel(string Name, ResidualTail Tail, RealisedScaleOptions Options) : ITailModel
{
    readonly ConditionalWeakTable<MarketDays, Dictionary<DateOnly, RealisedScaleFit>> fits = [];

    /// <inheritdoc />
    public IFittedTailModel Fit(TailHistory history, int day, IFittedTailModel? previous)
    {
        var date = day < history.Target.Count ? history.Target.Days[day].Date : history.Target.Days[^1].Date.AddDays(1);
        var known = fits.GetValue(history.Market, _ => []);
        if (!known.TryGetValue(date, out var fit))
        {
            fit = RealisedScaleEstimator.Fit(history.Market, date, Options, (previous as FittedRealisedScale)?.Fit);
            known.Add(date, fit);
        }
        return new FittedRealisedScale(fit, Tail, Options);
    }
}

/// <summary>How a realised-scale model is fitted.</summary>
/// <param name="Ridge">Penalty on squared coefficients of standardised columns, in observations.</param>
/// <param name="PoolDays">Days of residuals that make the law.</param>
/// <param name="HalfLifeDays">Age at which an observation counts half; infinite: all alike.</param>
public sealed record RealisedScaleOptions(
    double Ridge = 20,
    int PoolDays = 1000,
    double HalfLifeDays = double.PositiveInfinity
);

/// <summary>Coefficients by raw column, the shape of the residual's law, and the window.</summary>
/// <param name="Location">m, the mean of the standardised return.</param>
/// <param name="Constant">b₀.</param>
/// <param name="Coefficients">b, in order of <see cref="TailFeatures.Names"/>.</param>
/// <param name="Degrees">ν.</param>
/// <param name="Skew">λ.</param>
/// <param name="Centre">Mean of each column over the window.</param>
/// <param name="Spread">Its deviation.</param>
/// <param name="Converged">Whether the search met its stopping rule.</param>
/// <param name="Observations">Coin days.</param>
/// <param name="Until">First day that was not seen.</param>
public sealed record RealisedScaleFit(
    double Location,
    double Constant,
    double[] Coefficients,
    double Degrees,
    double Skew,
    double[] Centre,
    double[] Spread,
    bool Converged,
    int Observations,
    DateOnly Until
)
{
    /// <summary>A column further from its mean than this many deviations is outside what the fit has seen.</summary>
    public const double LargestDeviation = 10;

    /// <summary>Name of the first column that is outside what the fit has seen; null: none.</summary>
    public string? OutOfRange(ReadOnlySpan<double> row)
    {
        for (int k = 0; k < row.Length; k++)
            if (!(Math.Abs(row[k] - Centre[k]) <= LargestDeviation * Spread[k]))
                return TailFeatures.Names[k];
        return null;
    }

    /// <summary>s of a row, percent.</summary>
    public double Scale(ReadOnlySpan<double> row)
    {
        double log = Constant;
        for (int k = 0; k < row.Length; k++)
            log += Coefficients[k] * row[k];
        return Math.Exp(log);
    }
}

/// <summary>A fitted realised-scale model as a forecaster.</summary>
/// <param name="Fit">Parameters.</param>
/// <param name="Tail">Of the residuals.</param>
/// <param name="Options">Pool.</param>
public sealed record FittedRealisedScale(RealisedScaleFit Fit, ResidualTail Tail, RealisedScaleOptions Options)
    : IFittedLawModel
{
    readonly ConditionalWeakTable<MarketDays, Dictionary<DateOnly, ITailLaw>> laws = [];

    /// <inheritdoc />
    public bool Converged => Fit.Converged;

    /// <inheritdoc />
    public ReturnForecast? Law(TailHistory history, int day)
    {
        var row = TailFeatures.Of(history).Row(day);
        if (row.IsEmpty || Fit.OutOfRange(row) is not null)
            return null;
        double scale = Fit.Scale(row);
        if (Tail == ResidualTail.Parametric)
            return new(Fit.Location * scale, scale, new SkewedStudentLaw(Fit.Degrees, Fit.Skew));
        // The law of all coins' residuals moves little in a fit's life: it is that of the fit's own window.
        var known = laws.GetValue(history.Market, _ => []);
        if (!known.TryGetValue(Fit.Until, out var law))
            known.Add(Fit.Until, law = ResidualLaw.Of(PooledResiduals(history.Market), Tail));
        return new(0, scale, law);
    }

    double[] PooledResiduals(MarketDays market)
    {
        var pool = new List<double>();
        foreach (var coin in market.Coins)
        {
            var features = TailFeatures.Of(new TailHistory(coin, market));
            int to = coin.FirstAt(Fit.Until);
            for (int t = Math.Max(TailFeatures.FewestDays, to - Options.PoolDays); t < to; t++)
                if (features.Row(t) is { IsEmpty: false } row)
                    pool.Add(coin.Days[t].Return / Fit.Scale(row));
        }
        return [.. pool];
    }
}

/// <summary>Penalised maximum likelihood over all coins.</summary>
static class RealisedScaleEstimator
{
    public static RealisedScaleFit Fit(
        MarketDays market,
        DateOnly until,
        RealisedScaleOptions options,
        RealisedScaleFit? previous
    )
    {
        var (x, y, weights, n) = Sample(market, until, options.HalfLifeDays);
        int k = TailFeatures.Names.Length;
        var (centre, spread) = Standardise(x, n, k);
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
                penalty += 0.5 * options.Ridge * at[2 + j] * at[2 + j];
                gradient[2 + j] += options.Ridge * at[2 + j];
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
                start[2 + j] = previous.Coefficients[j] * spread[j];
                start[1] += previous.Coefficients[j] * centre[j];
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
            raw,
            2.05 + Math.Exp(Math.Min(at[k + 2], 5)),
            0.95 * Math.Tanh(at[k + 3]),
            centre,
            spread,
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

    /// <summary>Columns to mean 0 and deviation 1, in place; a constant column keeps its width.</summary>
    static (double[] Centre, double[] Spread) Standardise(double[] x, int n, int k)
    {
        var (centre, spread) = (new double[k], new double[k]);
        for (int j = 0; j < k; j++)
        {
            double sum = 0;
            for (int i = 0; i < n; i++)
                sum += x[i * k + j];
            centre[j] = sum / n;
            double squares = 0;
            for (int i = 0; i < n; i++)
                squares += (x[i * k + j] - centre[j]) * (x[i * k + j] - centre[j]);
            spread[j] = squares > 1e-12 * n ? Math.Sqrt(squares / n) : 1;
            for (int i = 0; i < n; i++)
                x[i * k + j] = (x[i * k + j] - centre[j]) / spread[j];
        }
        return (centre, spread);
    }
}
