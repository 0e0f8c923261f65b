namespace Plimsoll.Paper;

/// <summary>A market that follows another and, on top of it, a script.</summary>
public sealed class ScriptedPath(IMarketPath under, MarketScript script) : IMarketPath
{
    long elapsedMs;

    /// <inheritdoc />
    public void MoveTo(long elapsedMs)
    {
        this.elapsedMs = elapsedMs;
        under.MoveTo(elapsedMs);
    }

    /// <inheritdoc />
    public CoinMoment At(string coin)
    {
        var moment = under.At(coin);
        foreach (var leg in script.Legs)
        {
            double share = leg.Share(elapsedMs);
            if (share == 0 || leg.Coins.Length > 0 && !leg.Coins.Contains(coin))
                continue;
            moment = new CoinMoment(
                moment.IndexUsd * Math.Pow(leg.IndexFactor, share),
                moment.VolatilityFactor * Math.Pow(leg.VolatilityFactor, share),
                moment.SpreadFactor * Math.Pow(leg.SpreadFactor, share),
                moment.DepthFactor * Math.Pow(leg.DepthFactor, share),
                moment.Premium + leg.Premium * share
            );
        }
        return moment;
    }

    /// <inheritdoc />
    public double VolatilityAnnual(string coin, double strikeUsd, double tYears, double forwardUsd) =>
        under.VolatilityAnnual(coin, strikeUsd, tYears, forwardUsd);
}
