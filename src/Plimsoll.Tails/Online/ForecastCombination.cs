using System.Collections.Immutable;

namespace Plimsoll.Tails;

/// <summary>How forecasts are combined and kept calibrated.</summary>
/// <param name="Rate">η of the weights, on losses of returns in percent; 0: equal weights.</param>
/// <param name="Discount">Of a day.</param>
/// <param name="Share">Spread equally each day.</param>
/// <param name="LargestLoss">A day's loss counts at most this much more than the day's best.</param>
/// <param name="ConformalGain">Step of ln(factor) after a hit; 0: no calibration.</param>
/// <param name="LargestFactor">The factor stays within this and its inverse.</param>
/// <remarks>The defaults were chosen on days before 2022; docs/tails/results.md counts what was tried.</remarks>
public sealed record CombinationOptions(
    double Rate = 0.01,
    double Discount = 0.995,
    double Share = 0.005,
    double LargestLoss = 10,
    double ConformalGain = 0.005,
    double LargestFactor = 1.25
);

/// <summary>State of a combination after a day: small, and all that is needed to go on.</summary>
/// <param name="Sums">Discounted losses by member, from which the weights follow.</param>
/// <param name="LogFactor">Logarithm of the factor on quantile and tail mean.</param>
public sealed record CombinationState(ImmutableArray<double> Sums, double LogFactor)
{
    /// <summary>Before any day: equal weights, factor 1.</summary>
    public static CombinationState Fresh(int members) => new([.. new double[members]], 0);
}

/// <summary>Several forecasters as one: weighted by their past losses, scaled until coverage holds.</summary>
/// <remarks>
/// One weight for quantile and tail mean keeps e ≤ v (Taylor, International J. Forecasting 36 (2020)). The factor is
/// quantile tracking on a multiplicative scale (Angelopoulos, Candès and Tibshirani 2023): coverage holds in the long
/// run under any drift; the slow gain leaves day-to-day risk to the models. A member without a forecast sleeps: its
/// weight goes to the others that day.
/// </remarks>
public sealed class ForecastCombination(CombinationState start, TailProbability p, CombinationOptions options)
{
    readonly HedgeWeights weights = new(start.Sums.AsSpan(), options.Rate, options.Discount, options.Share);
    double logFactor = start.LogFactor;

    /// <summary>State before the next day.</summary>
    public CombinationState State => new([.. weights.Sums], logFactor);

    /// <summary>Weights of the members for the next day.</summary>
    public ReadOnlySpan<double> Weights => weights.Weights;

    /// <summary>What quantile and tail mean are multiplied by, so that coverage holds.</summary>
    public double Factor => Math.Exp(logFactor);

    /// <summary>The combined forecast; null when every member sleeps.</summary>
    public TailForecast? Combine(ReadOnlySpan<TailForecast?> forecasts)
    {
        var (v, e, awake) = (0.0, 0.0, 0.0);
        for (int i = 0; i < forecasts.Length; i++)
            if (forecasts[i] is { IsValid: true } forecast)
            {
                double w = weights.Weights[i];
                (v, e, awake) = (v + w * forecast.Quantile, e + w * forecast.TailMean, awake + w);
            }
        double factor = Math.Exp(logFactor);
        return awake > 0 ? new(factor * v / awake, factor * e / awake) : null;
    }

    /// <summary>Takes in what the day brought, in percent, after its forecast was made.</summary>
    public void Observe(ReadOnlySpan<TailForecast?> forecasts, double y)
    {
        var combined = Combine(forecasts);
        var losses = new double[forecasts.Length];
        double least = double.PositiveInfinity;
        for (int i = 0; i < losses.Length; i++)
        {
            losses[i] = forecasts[i] is { IsValid: true } f ? TailLoss.Fz0(y, f.Quantile, f.TailMean, p) : double.NaN;
            least = losses[i] < least ? losses[i] : least;
        }
        for (int i = 0; i < losses.Length; i++)
            losses[i] = Math.Min(losses[i], least + options.LargestLoss);
        weights.Observe(losses);
        if (combined is not { } made)
            return;
        double step = options.ConformalGain * ((y < made.Quantile ? 1 : 0) - p.Value);
        double bound = Math.Log(options.LargestFactor);
        logFactor = Math.Clamp(logFactor + step, -bound, bound);
    }

    /// <summary>Combines members' series over the days they were made for.</summary>
    /// <param name="name">Of the combination.</param>
    /// <param name="members">One level, the same days.</param>
    /// <param name="returns">Of those days, percent.</param>
    /// <param name="p">Level.</param>
    /// <param name="options">Options.</param>
    public static ForecastSeries Run(
        string name,
        IReadOnlyList<ForecastSeries> members,
        ReadOnlySpan<double> returns,
        TailProbability p,
        CombinationOptions options
    )
    {
        var combination = new ForecastCombination(CombinationState.Fresh(members.Count), p, options);
        var combined = ImmutableArray.CreateBuilder<TailForecast?>(returns.Length);
        var day = new TailForecast?[members.Count];
        for (int t = 0; t < returns.Length; t++)
        {
            for (int i = 0; i < day.Length; i++)
                day[i] = members[i].Forecasts[t];
            combined.Add(combination.Combine(day));
            combination.Observe(day, returns[t]);
        }
        return new(name, combined.ToImmutable(), members.Sum(member => member.FailedFits));
    }
}
