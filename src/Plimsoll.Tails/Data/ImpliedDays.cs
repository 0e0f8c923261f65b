using Plimsoll.Markets;
using Plimsoll.Pricing;

namespace Plimsoll.Tails;

/// <summary>What options and futures said of a coin at one instant of a UTC day; NaN where they said nothing.</summary>
/// <param name="Date">UTC date of the instant; known before its 24:00.</param>
/// <param name="Level">Model-free volatility over 30 days, percent a day (as DVOL, over √365).</param>
/// <param name="Skew">Slope of volatility at the money at 30 days, a unit of log-moneyness; below 0: puts dear.</param>
/// <param name="TermSlope">ln(at-the-money volatility of 7 days/that of 90 days); above 0: stress now.</param>
/// <param name="PerpetualBasis">100·ln(perpetual/index).</param>
/// <param name="FuturesBasis">100·ln(forward/index) a year, of the expiry nearest to 90 days.</param>
/// <param name="Funding">Funding for 8 hours, percent; positive: longs pay.</param>
public readonly record struct ImpliedDay(
    DateOnly Date,
    double Level,
    double Skew,
    double TermSlope,
    double PerpetualBasis,
    double FuturesBasis,
    double Funding
)
{
    const double FuturesDays = 90;
    const double NearestFutureDays = 20;

    /// <summary>Whether options were quoted.</summary>
    public bool HasLevel => double.IsFinite(Level);

    /// <summary>Reading of a market; no volatility where no surface fits its chain.</summary>
    public static ImpliedDay Of(MarketSnapshot market, string underlying)
    {
        var coin =
            market.Find(underlying) ?? throw new ArgumentException($"no {underlying} in {market.Source}", underlying);
        var surface = SurfaceFit.Fit(market, underlying).Surface;
        var (level, skew, term) = (double.NaN, double.NaN, double.NaN);
        if (surface is not null)
        {
            level = 100 * Math.Sqrt(VolatilityIndex.OfSurface(surface).VarianceAnnual / 365);
            skew = surface.AtTheMoneySkew(VolatilityIndex.TermYears);
            double near = surface.AtTheMoneyVolatility(Years.FromDays(7).Value);
            term = Math.Log(near / surface.AtTheMoneyVolatility(Years.FromDays(90).Value));
        }
        var perpetual = market.Quotes.FirstOrDefault(quote =>
            quote.Instrument is PerpetualInstrument && quote.Instrument.Underlying == underlying
        );
        return new(
            DateOnly.FromDateTime(market.AsOf.UtcDateTime),
            level,
            skew,
            term,
            perpetual?.Mark is > 0 and var mark ? 100 * Math.Log((double)mark / coin.IndexUsd) : double.NaN,
            FuturesBasisOf(market, coin),
            100 * (perpetual?.FundingRate8h ?? double.NaN)
        );
    }

    static double FuturesBasisOf(MarketSnapshot market, UnderlyingMarket coin)
    {
        var far = coin.Forwards.Where(f => (f.Expiry - market.AsOf).TotalDays >= NearestFutureDays).ToArray();
        if (far.Length == 0)
            return double.NaN;
        var forward = far.MinBy(f => Math.Abs((f.Expiry - market.AsOf).TotalDays - FuturesDays))!;
        double years = Years.FromDays((forward.Expiry - market.AsOf).TotalDays).Value;
        return 100 * Math.Log(forward.PriceUsd / coin.IndexUsd) / years;
    }
}

/// <summary>Readings of one coin, at most one a day: the last of each.</summary>
public sealed class ImpliedDays
{
    readonly Dictionary<int, ImpliedDay> byDay;

    /// <param name="underlying">Ticker.</param>
    /// <param name="days">In any order, one a date.</param>
    public ImpliedDays(string underlying, IEnumerable<ImpliedDay> days)
    {
        Underlying = underlying;
        byDay = days.ToDictionary(day => day.Date.DayNumber);
    }

    /// <summary>Ticker.</summary>
    public string Underlying { get; }

    /// <summary>Days with a volatility before a date.</summary>
    public int CountBefore(DateOnly date) => byDay.Values.Count(day => day.HasLevel && day.Date < date);

    /// <summary>Reading of a date; null where there is none.</summary>
    public ImpliedDay? Find(DateOnly date) => byDay.TryGetValue(date.DayNumber, out var day) ? day : null;
}
