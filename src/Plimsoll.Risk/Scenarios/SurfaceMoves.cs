using System.Collections.Immutable;
using Plimsoll.Markets;
using Plimsoll.Pricing;

namespace Plimsoll.Risk;

/// <summary>Where each expiry's forward and smile stand at the horizon in every scenario.</summary>
/// <remarks>
/// Level: u_i = (time left / time)·e^(2·m_i), m_i the scenario's move of ln(volatility) at 30 days times
/// (30 d / t_i)^exponent, t_i at least a day. Skew: the move at 30 days with the same damping, as a tilt
/// τ_i = 2·√(w_i(0)·t_left)·Δskew_i. What would let expiries cross is projected: the u that keep their order and are
/// nearest in ln u (pool adjacent violators, Ayer et al. 1955), so a conflict of two neighbours is shared between them;
/// tilts outward from the expiry nearest 30 days; see <see cref="MoveBounds"/>. A scenario without moves leaves each
/// slice as it was fitted, only older. Forwards move with the index: the basis keeps its log size.
/// Sets without weights (stress rows, grids, distances) move as stated, without that projection: on a surface that is
/// steep already it would hold back the very move that the row is for, and no optimiser earns on a row without weight.
/// </remarks>
public static class SurfaceMoves
{
    const double ReferenceDays = 30;
    const double ShortestDays = 1;

    /// <summary>One move for each fitted expiry after the horizon, in order of expiry.</summary>
    /// <param name="surface">The fitted surface.</param>
    /// <param name="snapshot">
    /// Its forwards are where each expiry starts; an expiry it lacks starts at the slice's.
    /// </param>
    /// <param name="scenarios">The moves of this coin at 30 days.</param>
    /// <param name="response">How the moves spread over tenors.</param>
    /// <param name="threads">At least 1; the bits do not depend on it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The scenarios do not move this coin.</exception>
    public static ImmutableArray<SurfaceMove> Build(
        VolatilitySurface surface,
        MarketSnapshot snapshot,
        ScenarioSet scenarios,
        VolatilityResponse response,
        int threads = 1
    )
    {
        SviSlice[] slices = [.. surface.Slices.Where(slice => slice.TYears > scenarios.Horizon.Value)];
        var moves = scenarios.Of(surface.Underlying);
        var market = snapshot.Find(surface.Underlying);
        var result = slices
            .Select(slice => new SurfaceMove
            {
                Slice = slice,
                TYearsLeft = slice.TYears - scenarios.Horizon.Value,
                LogForward = Shifted(
                    Math.Log(ForwardUsd(market, slice)),
                    moves.Sum(moves.ForwardRateMove, slice.TYears - scenarios.Horizon.Value)
                ),
                VarianceScale = new double[scenarios.Count],
                Tilt = new double[scenarios.Count],
            })
            .ToImmutableArray();
        if (slices.Length == 0)
            return result;
        var projection = new MoveProjection(slices, result, response);
        if (scenarios.Weights.Length > 0)
            projection.Fill(moves.LogVolatilityMove, moves.SkewMove, threads);
        else
            projection.FillAsStated(moves.LogVolatilityMove, moves.SkewMove, moves.TermMove);
        return result;
    }

    /// <summary>Factor on the 30-day move at a time to expiry.</summary>
    public static double TenorFactor(VolatilityResponse response, double tYears) =>
        Math.Pow(ReferenceDays / Math.Max(tYears * 365, ShortestDays), response.TenorExponent);

    /// <summary>
    /// Factor on a move of the term structure's slope: 1 at a week, 0 at 30 days, linear in ln(time), within ±1.5.
    /// </summary>
    public static double SlopeFactor(double tYears)
    {
        const double ShortDays = 7;
        double days = Math.Max(tYears * 365, ShortestDays);
        return Math.Clamp(Math.Log(ReferenceDays / days) / Math.Log(ReferenceDays / ShortDays), -1.5, 1.5);
    }

    static double ForwardUsd(UnderlyingMarket? market, SviSlice slice)
    {
        if (market is not null)
            foreach (var forward in market.Forwards)
                if (forward.Expiry == slice.Expiry)
                    return forward.PriceUsd;
        return slice.ForwardUsd;
    }

    static double[] Shifted(double start, double[] logReturn)
    {
        var shifted = new double[logReturn.Length];
        for (int s = 0; s < shifted.Length; s++)
            shifted[s] = start + logReturn[s];
        return shifted;
    }
}
