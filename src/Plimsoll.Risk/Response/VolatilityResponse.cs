namespace Plimsoll.Risk;

/// <summary>How one underlying's surface answers its spot, as estimated from recorded chains (dated data).</summary>
/// <remarks>
/// Applied per scenario and expiry as a scale of total variance and a tilt, see <see cref="SurfaceMove"/>.
/// Estimated by regression on consecutive recorded chains; figures, dates and standard errors in
/// <see cref="VolatilityResponses"/>.
/// </remarks>
/// <param name="Underlying">Ticker.</param>
/// <param name="Source">Span and origin of the estimate.</param>
/// <param name="DownBeta">d ln(at-the-money volatility at 30 days) per unit of negative log return; negative.</param>
/// <param name="UpBeta">The same per unit of positive log return.</param>
/// <param name="TenorExponent">The move at t is the 30-day move times (30 d / t)^exponent, bounded at one day.</param>
/// <param name="SkewBeta">Change of skew at 30 days (volatility per unit of k) per unit of log return.</param>
/// <param name="ResidualLogVolatilityPerDay">
/// Standard deviation a day of the log-volatility move not explained by spot.
/// </param>
/// <param name="ResidualSkewPerDay">Standard deviation a day of the skew move not explained by spot.</param>
public sealed record VolatilityResponse(
    string Underlying,
    string Source,
    double DownBeta,
    double UpBeta,
    double TenorExponent,
    double SkewBeta,
    double ResidualLogVolatilityPerDay,
    double ResidualSkewPerDay
)
{
    /// <summary>Answer of ln(at-the-money volatility at 30 days) to a log return, without noise.</summary>
    public double AnswerTo(double logReturn) => (logReturn < 0 ? DownBeta : UpBeta) * logReturn;
}
