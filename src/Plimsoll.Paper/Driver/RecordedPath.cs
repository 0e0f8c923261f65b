using Plimsoll.Numerics;

namespace Plimsoll.Paper;

/// <summary>A series of recorded chains, one after the other, at a speed.</summary>
/// <remarks>
/// Between two chains the index runs on a seeded Brownian bridge in its logarithm, so that both ends are met exactly;
/// volatilities are linear in time between the two surfaces at the same moneyness and time to expiry. After the last
/// chain the market stands still.
/// </remarks>
public sealed class RecordedPath : IMarketPath
{
    const long StepMs = 250;
    const double YearMs = 365.0 * 86_400_000;
    readonly IReadOnlyList<MarketStart> chains;
    readonly double speed;
    readonly ulong seed;
    readonly SortedDictionary<string, double> bridge = new(StringComparer.Ordinal);
    readonly SortedDictionary<string, SeededRandom> random = new(StringComparer.Ordinal);
    int segment;
    long steps;
    double share;

    /// <summary>A path along chains in order of time.</summary>
    /// <param name="chains">At least one, all moved by the same days.</param>
    /// <param name="speed">Recorded seconds for each second of the venue; positive.</param>
    /// <param name="seed">Of the moves between two chains.</param>
    public RecordedPath(IReadOnlyList<MarketStart> chains, double speed, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(chains.Count, nameof(chains));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(speed);
        (this.chains, this.speed, this.seed) = (chains, speed, seed);
        Enter(0);
    }

    /// <inheritdoc />
    public void MoveTo(long elapsedMs)
    {
        while ((steps + 1) * StepMs <= elapsedMs)
        {
            steps++;
            Step();
        }
    }

    /// <inheritdoc />
    public CoinMoment At(string coin)
    {
        double from = Math.Log(chains[segment].IndexUsd(coin));
        double to = Math.Log(Next.IndexUsd(coin));
        return new CoinMoment(Math.Exp(from + share * (to - from) + bridge[coin]), 1, 1, 1, 0);
    }

    /// <inheritdoc />
    public double VolatilityAnnual(string coin, double strikeUsd, double tYears, double forwardUsd)
    {
        double from = chains[segment].Surface(coin).VolatilityAnnual(strikeUsd, tYears, forwardUsd);
        double to = Next.Surface(coin).VolatilityAnnual(strikeUsd, tYears, forwardUsd);
        return from + share * (to - from);
    }

    MarketStart Next => chains[Math.Min(segment + 1, chains.Count - 1)];

    double RecordedMs(int chain) => (chains[chain].Snapshot.AsOf - chains[0].Snapshot.AsOf).TotalMilliseconds;

    void Step()
    {
        double at = steps * StepMs * speed;
        while (segment < chains.Count - 1 && at >= RecordedMs(segment + 1))
            Enter(segment + 1);
        if (segment == chains.Count - 1)
        {
            share = 0;
            return;
        }
        double length = RecordedMs(segment + 1) - RecordedMs(segment);
        double left = length * (1 - share);
        share = (at - RecordedMs(segment)) / length;
        double step = StepMs * speed;
        foreach (string coin in chains[0].Coins)
        {
            // A bridge to zero at the segment's end: pulled back by step/left, with the bridge's own variance.
            double pull = Math.Min(1, step / left);
            double volatility = chains[segment].Surface(coin).AtTheMoneyVolatility(7 / 365.0);
            double deviation = volatility * Math.Sqrt(step / YearMs * (1 - pull));
            bridge[coin] = bridge[coin] * (1 - pull) + deviation * random[coin].NextNormal();
        }
    }

    void Enter(int next)
    {
        (segment, share) = (next, 0);
        ulong stream = 1_000 + 100 * (ulong)next;
        foreach (string coin in chains[0].Coins)
        {
            bridge[coin] = 0;
            random[coin] = new SeededRandom(seed, stream++);
        }
    }
}
