namespace Plimsoll.Tails;

/// <summary>Adaptive conformal inference: the level asked for moves until the level met is right.</summary>
/// <remarks>
/// Gibbs and Candès (NeurIPS 2021): a' = a + γ(p − miss). For any sequence |mean miss − p| ≤ (max(a₁, 1 − a₁) +
/// γ)/(γT). A level at or below 0 asks for an infinite set, which no number expresses: cap it and say so.
/// </remarks>
public static class ConformalLevel
{
    /// <summary>The level for the next day.</summary>
    public static double Next(double level, bool missed, double target, double gain) =>
        level + gain * (target - (missed ? 1 : 0));

    /// <summary>Bound on |mean miss − p| after T days.</summary>
    public static double Bound(double first, double gain, int days) =>
        (Math.Max(first, 1 - first) + gain) / (gain * days);
}

/// <summary>Quantile tracking: q' = q + η(1{score &gt; q} − p).</summary>
/// <remarks>
/// The proportional part of conformal PID control; Angelopoulos, Candès and Tibshirani (NeurIPS 2023), eq. 5.
/// </remarks>
public static class QuantileTracker
{
    /// <summary>The quantile for the next day.</summary>
    public static double Next(double quantile, double score, double target, double gain) =>
        quantile + gain * ((score > quantile ? 1 : 0) - target);
}
