namespace Plimsoll.Risk;

/// <summary>The residual bars of all coins at the same instants, ready to be drawn jointly in blocks.</summary>
/// <remarks>
/// The first coin is the reference: BTC where there is one, else the longest history. A block is drawn wherever the
/// reference has all its bars. A coin that has not traded then is filled with β times the reference plus its own
/// regression residual of another instant, the same instant for all filled coins, at which every coin traded: so a
/// young coin lives through the crashes before its listing, and its own noise stays its own.
/// </remarks>
internal sealed class ResidualPanel
{
    readonly double[][] residual;
    readonly double[][] low;
    readonly double[][] high;

    /// <summary>Tickers; the reference stands first.</summary>
    public string[] Coins { get; }

    /// <summary>Bars in a block.</summary>
    public int BlockBars { get; }

    /// <summary>Open of the first bar, UTC ticks.</summary>
    public long FirstTicks { get; }

    /// <summary>Length of a bar in ticks.</summary>
    public long BarTicks { get; }

    /// <summary>First bars of the blocks that may be drawn.</summary>
    public int[] Starts { get; }

    /// <summary>
    /// First bars of the blocks in which every coin has its own bars; what filled coins take their noise from.
    /// </summary>
    public int[] Donors { get; }

    /// <summary>
    /// Slope of each coin's residual on the reference's over the common bars; its correlation, as both have variance
    /// near 1.
    /// </summary>
    public double[] Beta { get; }

    /// <summary>Whether the coin lacks bars at some start and is filled there.</summary>
    public bool[] IsFilled { get; }

    ResidualPanel(FilteredHistory[] histories, TimeSpan barLength, int blockBars)
    {
        BarTicks = barLength.Ticks;
        BlockBars = blockBars;
        FirstTicks = histories.Min(history => history.OpenTicks[0]);
        int bars = (int)((histories.Max(history => history.OpenTicks[^1]) - FirstTicks) / BarTicks) + 1;
        Coins = [.. histories.Select(history => history.Underlying)];
        residual = [.. histories.Select(history => Spread(history, history.Residual, bars))];
        low = [.. histories.Select(history => Spread(history, history.Low, bars))];
        high = [.. histories.Select(history => Spread(history, history.High, bars))];
        Centre();
        Starts = [.. Enumerable.Range(0, Math.Max(0, bars - blockBars + 1)).Where(start => HasBlock(0, start))];
        Donors = [.. Starts.Where(start => AllHave(start))];
        Beta = [.. Enumerable.Range(0, Coins.Length).Select(SlopeOnReference)];
        IsFilled =
        [
            .. Enumerable
                .Range(0, Coins.Length)
                .Select(coin => !Array.TrueForAll(Starts, start => HasBlock(coin, start))),
        ];
    }

    /// <summary>The panel of some filtered histories; the reference stands first.</summary>
    public static ResidualPanel Of(FilteredHistory[] histories, TimeSpan barLength, int blockBars) =>
        new(histories, barLength, blockBars);

    /// <summary>Open of a bar.</summary>
    public DateTimeOffset OpenTime(int bar) => new(FirstTicks + bar * BarTicks, TimeSpan.Zero);

    /// <summary>Whether the coin has all bars of the block that starts here.</summary>
    public bool HasBlock(int coin, int start)
    {
        var values = residual[coin];
        for (int j = 0; j < BlockBars; j++)
            if (double.IsNaN(values[start + j]))
                return false;
        return true;
    }

    /// <summary>One bar of a coin from its own record.</summary>
    public (double Residual, double Low, double High) Own(int coin, int bar) =>
        (residual[coin][bar], low[coin][bar], high[coin][bar]);

    /// <summary>One bar of a coin that was not traded: the reference's bar and the noise of a donor bar.</summary>
    public (double Residual, double Low, double High) Filled(int coin, int bar, int donor)
    {
        double beta = Beta[coin];
        double own = Math.Sqrt(Math.Max(0, 1 - beta * beta));
        double z = beta * residual[0][bar] + residual[coin][donor] - beta * residual[0][donor];
        double below = beta * Below(0, bar) + own * Below(coin, donor);
        double above = beta * Above(0, bar) + own * Above(coin, donor);
        return (z, Math.Min(0, z) + Math.Min(0, below), Math.Max(0, z) + Math.Max(0, above));
    }

    double Below(int coin, int bar) => low[coin][bar] - Math.Min(0, residual[coin][bar]);

    double Above(int coin, int bar) => high[coin][bar] - Math.Max(0, residual[coin][bar]);

    bool AllHave(int start)
    {
        for (int coin = 0; coin < Coins.Length; coin++)
            if (!HasBlock(coin, start))
                return false;
        return true;
    }

    double[] Spread(FilteredHistory history, double[] values, int bars)
    {
        var spread = new double[bars];
        Array.Fill(spread, double.NaN);
        for (int i = 0; i < values.Length; i++)
            spread[(int)((history.OpenTicks[i] - FirstTicks) / BarTicks)] = values[i];
        return spread;
    }

    /// <summary>Takes each coin's mean out: the law of risk has no drift.</summary>
    void Centre()
    {
        for (int coin = 0; coin < Coins.Length; coin++)
        {
            double sum = 0;
            int count = 0;
            foreach (double z in residual[coin])
                if (!double.IsNaN(z))
                    (sum, count) = (sum + z, count + 1);
            double mean = sum / count;
            for (int i = 0; i < residual[coin].Length; i++)
            {
                residual[coin][i] -= mean;
                low[coin][i] = Math.Min(low[coin][i] - mean, Math.Min(0, residual[coin][i]));
                high[coin][i] = Math.Max(high[coin][i] - mean, Math.Max(0, residual[coin][i]));
            }
        }
    }

    double SlopeOnReference(int coin)
    {
        if (coin == 0)
            return 1;
        double product = 0;
        double square = 0;
        for (int i = 0; i < residual[0].Length; i++)
        {
            double x = residual[0][i];
            double y = residual[coin][i];
            if (double.IsNaN(x) || double.IsNaN(y))
                continue;
            product += x * y;
            square += x * x;
        }
        return square > 0 ? Math.Clamp(product / square, 0, 1) : 0;
    }
}
