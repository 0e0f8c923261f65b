using Plimsoll.Numerics;

namespace Plimsoll.Tails;

/// <summary>GARCH with Student innovations whose volatility is corrected by what options said the day before.</summary>
/// <remarks>
/// ln s = ln √h + a + c·(ln IV − ln √h): implied volatility as a regressor beside the time series, in logarithms (Day
/// and Lewis, J. Econometrics 52 (1992); Blair, Poon and Taylor, ibid. 105 (2001); Christensen and Prabhala, J.
/// Financial Economics 50 (1998)). a and c by maximum likelihood over the coin's days that have a reading, with a
/// ridge at (0, 0), where the model is GARCH itself; so it is on every day without a reading.
/// </remarks>
/// <param name="Name">As in tables.</param>
/// <param name="Base">Gives h and the law.</param>
/// <param name="Ridge">Penalty on a² and c², in observations.</param>
public sealed record ImpliedScaleModel(string Name, GarchModel Base, double Ridge = 10) : ITailModel
{
    /// <summary>Readings before a and c are fitted.</summary>
    public const int FewestReadings = 20;

    /// <inheritdoc />
    public IFittedTailModel Fit(TailHistory history, int day, IFittedTailModel? previous)
    {
        var garch = (FittedGarch)Base.Fit(history, day, (previous as FittedImpliedScale)?.Garch);
        var (ratios, gaps) = (new List<double>(), new List<double>());
        double[] variances = garch.Fit.Variances(history.Before(day));
        for (int t = 1; t < day; t++)
            if (FittedImpliedScale.Gap(history, t, variances[t]) is { } gap)
            {
                ratios.Add((history.Target.Days[t].Return - garch.Fit.Parameters.Mean) / Math.Sqrt(variances[t]));
                gaps.Add(gap);
            }
        if (ratios.Count < FewestReadings)
            return new FittedImpliedScale(garch, 0, 0, ratios.Count, garch.Converged);
        var found = Bfgs.Minimise(
            (at, gradient) => Objective([.. ratios], [.. gaps], garch.Fit.Parameters.Degrees, at, gradient),
            [0, 0],
            1e-8,
            100
        );
        bool converged = garch.Converged && found.Converged;
        return new FittedImpliedScale(garch, found.Point[0], found.Point[1], ratios.Count, converged);
    }

    double Objective(double[] ratios, double[] gaps, double degrees, ReadOnlySpan<double> at, Span<double> gradient)
    {
        var density = new InnovationDensity(degrees, 0);
        double sum = 0.5 * Ridge * (at[0] * at[0] + at[1] * at[1]);
        (gradient[0], gradient[1]) = (Ridge * at[0], Ridge * at[1]);
        for (int i = 0; i < ratios.Length; i++)
        {
            double log = at[0] + at[1] * gaps[i];
            double z = ratios[i] * Math.Exp(-log);
            sum -= density.At(z, out double byZ, out _) - log;
            double byLog = 1 + z * byZ;
            gradient[0] += byLog;
            gradient[1] += byLog * gaps[i];
        }
        (gradient[0], gradient[1]) = (gradient[0] / ratios.Length, gradient[1] / ratios.Length);
        return sum / ratios.Length;
    }
}

/// <summary>A fitted correction of GARCH by implied volatility.</summary>
/// <param name="Garch">What is corrected.</param>
/// <param name="Level">a.</param>
/// <param name="Weight">c; 1 would put the implied volatility in GARCH's place.</param>
/// <param name="Readings">Days that taught them; below the fewest both are 0.</param>
/// <param name="Converged">Whether both fits met their stopping rule.</param>
public sealed record FittedImpliedScale(FittedGarch Garch, double Level, double Weight, int Readings, bool Converged)
    : IFittedLawModel
{
    /// <inheritdoc />
    public ReturnForecast? Law(TailHistory history, int day)
    {
        var law = Garch.Law(history, day);
        return
            law is null
            || Readings < ImpliedScaleModel.FewestReadings
            || Gap(history, day, law.Scale * law.Scale) is not { } gap
            ? law
            : law with
            {
                Scale = law.Scale * Math.Exp(Level + Weight * gap),
            };
    }

    /// <summary>ln IV − ln √h with the reading of the day before; null without one.</summary>
    internal static double? Gap(TailHistory history, int day, double variance)
    {
        var days = history.Market.FindImplied(history.Target.Underlying);
        return days?.Find(history.Target.DateAt(day).AddDays(-1)) is { HasLevel: true } reading
            ? Math.Log(reading.Level / Math.Sqrt(variance))
            : null;
    }
}
