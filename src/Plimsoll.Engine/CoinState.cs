namespace Plimsoll.Engine;

/// <summary>
/// What is known of one coin as a whole: how volatile it is now, and what that leaves of its targets.
/// </summary>
sealed class CoinState
{
    static readonly TimeSpan SampleEvery = TimeSpan.FromSeconds(10);
    static readonly TimeSpan LongestGap = TimeSpan.FromMinutes(10);
    static readonly TimeSpan Year = TimeSpan.FromDays(365);
    const decimal MostDeviations = 5;
    const int Digits = 12;

    /// <summary>Index at the last sample, USD.</summary>
    public decimal? SampleUsd { get; set; }

    /// <summary>When it was taken.</summary>
    public DateTimeOffset? SampleAt { get; set; }

    /// <summary>
    /// Forecast of the variance a year: squared returns with exponential weights; null before any law.
    /// </summary>
    public decimal? Variance { get; set; }

    /// <summary>Volatility a year of the law that the targets were made under; null before it was told.</summary>
    public decimal? LawVolatility { get; set; }

    /// <summary>Share of the targets that is gone to; 1: all.</summary>
    public decimal Scale { get; set; } = 1;

    /// <summary>The same when the last solve was asked for.</summary>
    public decimal SolveScale { get; set; } = 1;

    /// <summary>Share that the targets hold already, being made from holdings that were scaled; 1: none.</summary>
    public decimal HeldScale { get; set; } = 1;

    /// <summary>Why not all; empty: all.</summary>
    public string ScaleCause { get; set; } = "";

    /// <summary>The forecast as a volatility a year.</summary>
    public decimal? Volatility => Variance is { } variance ? Root(variance) : null;

    /// <summary>Takes the index; a sample each ten seconds counts.</summary>
    /// <remarks>
    /// RiskMetrics (1996), exponentially weighted squared returns, with weights by time and each return held to five
    /// deviations: one wrong print must not shrink an account, and a true crash goes on.
    /// </remarks>
    public void Observe(decimal indexUsd, DateTimeOffset now, TimeSpan memory)
    {
        if (SampleUsd is not { } before || SampleAt is not { } at || now - at > LongestGap)
        {
            (SampleUsd, SampleAt) = (indexUsd, now);
            return;
        }
        var passed = now - at;
        if (passed < SampleEvery)
            return;
        (SampleUsd, SampleAt) = (indexUsd, now);
        if (Variance is not { } variance)
            return;
        decimal move = indexUsd / before - 1;
        decimal years = (decimal)passed.Ticks / Year.Ticks;
        decimal squared = Math.Min(move * move, MostDeviations * MostDeviations * variance * years);
        decimal weight = (decimal)passed.Ticks / (passed + memory).Ticks;
        Variance = Math.Round(variance + weight * (squared / years - variance), Digits);
    }

    // The square root is correctly rounded on every machine; its digits are cut before they enter a decision.
    static decimal Root(decimal value) => Math.Round((decimal)Math.Sqrt((double)value), 6);
}
