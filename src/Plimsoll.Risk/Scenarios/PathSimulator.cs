using Plimsoll.Numerics;

namespace Plimsoll.Risk;

/// <summary>
/// Draws joint paths: blocks of residual bars of one past instant for all coins, grown with today's volatility.
/// </summary>
/// <remarks>
/// Filtered historical simulation (Barone-Adesi, Giannopoulos and Vosper, 1999): each residual is multiplied by the
/// volatility that the filter forecasts on the path, so a large bar raises those after it. Every scenario depends on
/// its own random stream only: no thread and no order of work can change it.
/// </remarks>
internal sealed class PathSimulator
{
    const ulong PathStreams = 1UL << 40;
    const ulong ShuffleStream = 2UL << 40;

    readonly ResidualPanel panel;
    readonly PathClock clock;
    readonly VolatilityDynamics dynamics;
    readonly CoinPaths[] coins;
    readonly ScenarioRequest request;
    readonly double recentKept;
    readonly bool anyFilled;

    /// <summary>Shuffles the first blocks; the panel's coins are those of the paths, in the same order.</summary>
    public PathSimulator(
        ResidualPanel panel,
        PathClock clock,
        VolatilityDynamics dynamics,
        CoinPaths[] coins,
        ScenarioRequest request,
        double recentHalfLifeDays
    )
    {
        (this.panel, this.clock, this.dynamics, this.coins, this.request) = (panel, clock, dynamics, coins, request);
        recentKept = Math.Pow(0.5, clock.BarDays / recentHalfLifeDays);
        anyFilled = panel.IsFilled.Contains(true);
        FirstBlock = FirstBlocks();
    }

    /// <summary>First bar of each scenario's first block.</summary>
    public int[] FirstBlock { get; }

    /// <summary>Fills the coins' paths.</summary>
    public void Run()
    {
        const int Chunk = 512;
        int chunks = (request.Count + Chunk - 1) / Chunk;
        void One(int chunk)
        {
            var blocks = new int[(clock.Duration.Length + panel.BlockBars - 1) / panel.BlockBars];
            var donors = new int[blocks.Length];
            var bridges = new double[clock.Deliveries.Length * (coins.Length + 1)];
            for (int s = chunk * Chunk; s < Math.Min(request.Count, (chunk + 1) * Chunk); s++)
                Scenario(s, blocks, donors, bridges);
        }
        if (request.Threads == 1)
            for (int chunk = 0; chunk < chunks; chunk++)
                One(chunk);
        else
            Parallel.For(0, chunks, new ParallelOptions { MaxDegreeOfParallelism = request.Threads }, One);
    }

    /// <summary>
    /// Every block once before any comes twice: a shuffled deck, dealt again when it is used up. A sample as large as
    /// the record is then the record itself, and the worst day is in it as often as it happened.
    /// </summary>
    int[] FirstBlocks()
    {
        var random = new SeededRandom(request.Seed, ShuffleStream);
        var deck = (int[])panel.Starts.Clone();
        var drawn = new int[request.Count];
        for (int s = 0; s < drawn.Length; s++)
        {
            int place = s % deck.Length;
            int other = place + random.NextInt(deck.Length - place);
            (deck[place], deck[other]) = (deck[other], deck[place]);
            drawn[s] = deck[place];
        }
        return drawn;
    }

    void Scenario(int s, int[] blocks, int[] donors, double[] bridges)
    {
        var random = new SeededRandom(request.Seed, PathStreams + (ulong)s);
        blocks[0] = FirstBlock[s];
        for (int b = 1; b < blocks.Length; b++)
            blocks[b] = panel.Starts[random.NextInt(panel.Starts.Length)];
        if (anyFilled)
            for (int b = 0; b < blocks.Length; b++)
                donors[b] = panel.Donors[random.NextInt(panel.Donors.Length)];
        for (int i = 0; i < bridges.Length; i++)
            bridges[i] = random.NextNormal();
        for (int coin = 0; coin < coins.Length; coin++)
            Walk(s, coin, blocks, donors, bridges);
    }

    void Walk(int s, int coin, int[] blocks, int[] donors, double[] bridges)
    {
        var paths = coins[coin];
        double variance = paths.Variance;
        var (x, recent, time) = (0.0, 0.0, 0.0);
        var (low, lowTime, high, highTime) = (0.0, 0.0, 0.0, 0.0);
        int delivery = 0;
        int bar = 0;
        for (int b = 0; b < blocks.Length; b++)
        {
            bool own = !panel.IsFilled[coin] || panel.HasBlock(coin, blocks[b]);
            for (int j = 0; j < panel.BlockBars && bar < clock.Duration.Length; j++, bar++)
            {
                var (z, below, above) = own
                    ? panel.Own(coin, blocks[b] + j)
                    : panel.Filled(coin, blocks[b] + j, donors[b] + j);
                double deviation = request.VolatilityMultiplier * paths.BarScale[bar] * Math.Sqrt(variance);
                double r = deviation * z - 0.5 * deviation * deviation;
                double barLow = Math.Min(deviation * below, Math.Min(0, r));
                double barHigh = Math.Max(deviation * above, Math.Max(0, r));
                if (x + barLow < low)
                    (low, lowTime) = (x + barLow, time);
                if (x + barHigh > high)
                    (high, highTime) = (x + barHigh, time);
                for (; delivery < clock.Deliveries.Length && clock.Deliveries[delivery].Bar == bar; delivery++)
                    paths.Delivery[delivery][s] =
                        x
                        + Within(
                            clock.Deliveries[delivery].Fraction,
                            r,
                            barLow,
                            barHigh,
                            Normal(coin, delivery, bridges)
                        );
                if (paths.Bars is { } record)
                {
                    (record.Low[bar][s], record.High[bar][s]) = (x + barLow, x + barHigh);
                    (record.Close[bar][s], record.Recent[bar][s]) = (x + r, recent * recentKept + r);
                }
                x += r;
                recent = recent * recentKept + r;
                time += clock.Duration[bar];
                variance = dynamics.Next(variance, paths.Level, z);
            }
        }
        (paths.LogReturn[s], paths.RecentReturn[s]) = (x, recent);
        (paths.Low[s], paths.LowTime[s]) = (low, lowTime);
        (paths.High[s], paths.HighTime[s]) = (high, highTime);
    }

    /// <summary>
    /// Normals of the coins at one settlement, correlated through the reference as their residuals are.
    /// </summary>
    double Normal(int coin, int delivery, double[] bridges)
    {
        int at = delivery * (coins.Length + 1);
        double beta = panel.Beta[coin];
        return beta * bridges[at] + Math.Sqrt(Math.Max(0, 1 - beta * beta)) * bridges[at + 1 + coin];
    }

    /// <summary>
    /// Log price at a share of a bar: Brownian bridge from 0 to the bar's return with the variance that its range
    /// speaks for (Parkinson 1980: range² / (4 ln 2)), kept inside the range.
    /// </summary>
    static double Within(double fraction, double r, double low, double high, double normal)
    {
        double range = high - low;
        double deviation = range / Math.Sqrt(4 * 0.6931471805599453) * Math.Sqrt(fraction * (1 - fraction));
        return Math.Clamp(fraction * r + deviation * normal, low, high);
    }
}
