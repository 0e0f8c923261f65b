using Plimsoll.Pricing;

namespace Plimsoll.Risk;

/// <summary>The moved smile of one expiry in every scenario, ready for the revaluation kernel.</summary>
/// <remarks>
/// Moved total variance at the horizon: w_s(k) = u_s·(w(κ) + τ_s·κ), κ = k/√u_s, k = ln(strike/forward_s), w the fitted
/// slice. u is time left over time at the fit, times the squared volatility move; the smile keeps its shape in standard
/// deviations, which keeps Durrleman's g from falling except in the far wings (g' = g − (u − 1)·w_κ²/16), τ tilts it
/// without moving the at-the-money level. Bounds keep Lee's slope and the order of expiries.
/// </remarks>
public sealed class SurfaceMove
{
    /// <summary>The fitted slice that moves.</summary>
    public required SviSlice Slice { get; init; }

    /// <summary>Years left to expiry at the horizon; positive.</summary>
    public required double TYearsLeft { get; init; }

    /// <summary>ln of the expiry's forward at the horizon.</summary>
    public required double[] LogForward { get; init; }

    /// <summary>u: scale of total variance; positive.</summary>
    public required double[] VarianceScale { get; init; }

    /// <summary>τ: tilt, total variance per unit of κ.</summary>
    public required double[] Tilt { get; init; }
}
