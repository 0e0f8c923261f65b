using Plimsoll.Numerics;

namespace Plimsoll.Paper;

/// <summary>Law of the simulated market; rates a year unless said otherwise.</summary>
public sealed record StochasticLaw
{
    /// <summary>Speed at which variance returns to the surface's.</summary>
    public double MeanReversion { get; init; } = 12;

    /// <summary>Volatility of the volatility factor.</summary>
    public double VolatilityOfVolatility { get; init; } = 1.5;

    /// <summary>Correlation of index and volatility moves.</summary>
    public double SpotVolatilityCorrelation { get; init; } = -0.6;

    /// <summary>Jumps a day.</summary>
    public double JumpsPerDay { get; init; } = 0.5;

    /// <summary>Mean of a jump of the logarithm.</summary>
    public double JumpMean { get; init; } = -0.01;

    /// <summary>Standard deviation of a jump of the logarithm.</summary>
    public double JumpDeviation { get; init; } = 0.03;

    /// <summary>Crunches a day that come without a jump.</summary>
    public double CrunchesPerDay { get; init; } = 2;

    /// <summary>Mean length of a crunch, minutes.</summary>
    public double CrunchMinutes { get; init; } = 10;

    /// <summary>Spread in a crunch, times the usual.</summary>
    public double CrunchSpread { get; init; } = 6;

    /// <summary>Depth in a crunch, times the usual.</summary>
    public double CrunchDepth { get; init; } = 0.1;

    /// <summary>Correlation of the coins' moves.</summary>
    public double CoinCorrelation { get; init; } = 0.8;
}

/// <summary>A seeded market: stochastic volatility, jumps, and crunches in which depth vanishes.</summary>
/// <remarks>
/// d ln S = −½v²dt + v dW + J dN, with v the surface's volatility near the forward times a factor f;
/// d ln f = −κ ln f dt + ξ dZ, corr(W, Z) = ρ: an exponential Ornstein-Uhlenbeck factor as in Scott, JFQA 22 (1987),
/// with Merton's jumps (JFE 3 (1976)). A jump of more than one deviation starts a crunch. Euler steps of
/// <see cref="StepMs"/>; the same seed gives the same path whatever the times that are asked for.
/// </remarks>
public sealed class StochasticPath : IMarketPath
{
    /// <summary>Length of a step of the path.</summary>
    public const long StepMs = 250;

    const double YearMs = 365.0 * 86_400_000;
    const double DayMs = 86_400_000;
    const double PremiumReversionMs = 600_000;
    const double PremiumDeviation = 0.0004;

    sealed class Coin
    {
        public required string Name;
        public required SeededRandom Random;
        public required double IndexUsd;
        public required double Volatility;
        public double LogFactor;
        public double Premium;
        public double CrunchLeftMs;
    }

    readonly MarketStart start;
    readonly StochasticLaw law;
    readonly SeededRandom shared;
    readonly SortedDictionary<string, Coin> coins = new(StringComparer.Ordinal);
    long steps;

    /// <summary>A path from a market's start.</summary>
    public StochasticPath(MarketStart start, StochasticLaw law, ulong seed)
    {
        (this.start, this.law) = (start, law);
        shared = new SeededRandom(seed, 1);
        ulong stream = 2;
        foreach (string coin in start.Coins)
            coins.Add(
                coin,
                new Coin
                {
                    Name = coin,
                    Random = new SeededRandom(seed, stream++),
                    IndexUsd = start.IndexUsd(coin),
                    Volatility = start.Surface(coin).AtTheMoneyVolatility(7 / 365.0),
                }
            );
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
        var state = coins[coin];
        bool crunch = state.CrunchLeftMs > 0;
        return new CoinMoment(
            state.IndexUsd,
            Math.Exp(state.LogFactor),
            crunch ? law.CrunchSpread : 1,
            crunch ? law.CrunchDepth : 1,
            state.Premium
        );
    }

    /// <inheritdoc />
    public double VolatilityAnnual(string coin, double strikeUsd, double tYears, double forwardUsd) =>
        start.Surface(coin).VolatilityAnnual(strikeUsd, tYears, forwardUsd);

    void Step()
    {
        const double dt = StepMs / YearMs;
        double common = shared.NextNormal();
        bool jumps = shared.NextDouble() < law.JumpsPerDay * StepMs / DayMs;
        double jump = shared.NextNormal();
        double root = Math.Sqrt(law.CoinCorrelation);
        double own = Math.Sqrt(1 - law.CoinCorrelation);
        double rho = law.SpotVolatilityCorrelation;
        foreach (var coin in coins.Values)
        {
            double w = root * common + own * coin.Random.NextNormal();
            double z = rho * w + Math.Sqrt(1 - rho * rho) * coin.Random.NextNormal();
            double volatility = coin.Volatility * Math.Exp(coin.LogFactor);
            double move = -0.5 * volatility * volatility * dt + volatility * Math.Sqrt(dt) * w;
            if (jumps)
                move += law.JumpMean + law.JumpDeviation * jump;
            coin.IndexUsd *= Math.Exp(move);
            coin.LogFactor += -law.MeanReversion * coin.LogFactor * dt;
            coin.LogFactor += law.VolatilityOfVolatility * Math.Sqrt(dt) * z;
            if (jumps)
                coin.LogFactor += Math.Abs(law.JumpMean + law.JumpDeviation * jump) * 4;
            double back = StepMs / PremiumReversionMs;
            coin.Premium += -back * coin.Premium + PremiumDeviation * Math.Sqrt(2 * back) * coin.Random.NextNormal();
            Crunch(coin, jumps && Math.Abs(jump) > 1);
        }
    }

    void Crunch(Coin coin, bool afterJump)
    {
        double draw = coin.Random.NextDouble();
        double length = -Math.Log(coin.Random.NextDouble()) * law.CrunchMinutes * 60_000;
        coin.CrunchLeftMs = Math.Max(0, coin.CrunchLeftMs - StepMs);
        if (afterJump || draw < law.CrunchesPerDay * StepMs / DayMs)
            coin.CrunchLeftMs = Math.Max(coin.CrunchLeftMs, length);
    }
}
