using Plimsoll.Pricing;

namespace Plimsoll.Risk;

/// <summary>How far the slices of one surface may be scaled and tilted together without arbitrage.</summary>
/// <remarks>
/// A slice under (u, τ): Durrleman's g in standardised strikes κ is g_W − (u − 1)·W'²/16, W = w + τ·κ, so it stays
/// positive while u ≤ 1 + 16·min g_W/W'²; Lee's bound caps √u·(wing + |τ|) at 2. Two neighbours under u1, u2, R = u1/u2
/// and k-space tilts S = √u·τ: with κ = k/√u2 the order asks w2(κ) − R·w1(κ/√R) ≥ (S1 − S2)/√u2·κ, which depends on R
/// and the difference of tilts only; its left side falls in R, because κ²/w(κ) rises in an arbitrage-free slice.
/// All of it is held for strikes from a twentieth of the forward to twenty times it whose options are worth more than a
/// thousand-millionth of the forward (six deviations): slices fitted to quotes often touch far outside them, and strict
/// order there would forbid every move of the front end.
/// </remarks>
internal sealed class MoveBounds
{
    /// <summary>Farthest |κ| that is held: ln 20.</summary>
    public const double FarthestLogMoneyness = 3;

    /// <summary>Farthest |κ| between neighbours: the farthest strike when u is a quarter.</summary>
    const double CoveredLogMoneyness = 2 * FarthestLogMoneyness;

    /// <summary>Farthest strike that is held, in deviations of the slice.</summary>
    public const double FarthestDeviations = 6;

    /// <summary>Deviations of the untilted slice that cover the held ones of a tilted slice.</summary>
    const double CoveredDeviations = 8;
    const double HeldVarianceRatio = 1.4 * FarthestDeviations * FarthestDeviations;
    const int GridPerSide = 70;
    const double LargestScale = 40;

    /// <summary>Volatility times four: room above it may be given to tilts.</summary>
    const double LargestNeeded = 20;
    const double LeeShare = 0.98;

    /// <summary>Ratios below the largest at which the room for tilts is known; it grows as the ratio falls.</summary>
    static readonly double[] SmallerRatios = [0.9, 0.7, 0.5, 0.3, 0.1];
    const double KeptRatio = 0.7;
    const double KeptTilt = 0.9;

    /// <summary>
    /// Share of the variance that is kept between neighbours, for what lies between the grid's strikes.
    /// </summary>
    const double GridMargin = 2e-5;

    /// <summary>Largest u of each slice under any tilt of its range.</summary>
    public double[] LargestVarianceScale { get; }

    /// <summary>Least and greatest τ of each slice.</summary>
    public (double Least, double Greatest)[] Tilt { get; }

    /// <summary>Largest u of a slice over that of the next; at least 1. One entry fewer than slices.</summary>
    public double[] LargestRatio { get; }

    readonly (double Below, double Above)[][] tiltStep;

    readonly IReadOnlyList<SviSlice> slices;

    /// <summary>Bounds each slice by itself; <see cref="BoundPairs"/> adds what neighbours leave each other.</summary>
    public MoveBounds(IReadOnlyList<SviSlice> slices)
    {
        this.slices = slices;
        int count = slices.Count;
        (LargestVarianceScale, Tilt) = (new double[count], new (double, double)[count]);
        LargestRatio = new double[Math.Max(0, count - 1)];
        tiltStep = new (double, double)[Math.Max(0, count - 1)][];
        for (int i = 0; i < count; i++)
            BoundSlice(slices[i], i);
    }

    /// <summary>Fills <see cref="LargestRatio"/> and the room for tilts between neighbours.</summary>
    public void BoundPairs()
    {
        for (int i = 0; i + 1 < slices.Count; i++)
            BoundPair(slices[i], slices[i + 1], i);
    }

    /// <summary>
    /// How far S of a slice may lie below and above that of the next, per √u of the next, when u of the slice over that
    /// of the next is <paramref name="ratio"/>; both at least 0.
    /// </summary>
    public (double Below, double Above) TiltStep(int slice, double ratio)
    {
        var steps = tiltStep[slice];
        int level = 0;
        while (level < SmallerRatios.Length && ratio <= SmallerRatios[level])
            level++;
        return steps[level];
    }

    void BoundSlice(SviSlice slice, int i)
    {
        double[] grid = Grid(slice, FarthestLogMoneyness);
        double untilted = LargestScaleAt(slice, 0, grid);
        double wanted = untilted > 2 * LargestNeeded ? LargestNeeded : 1 + KeptRatio * (untilted - 1);
        double down = 0.8 * slice.RightWing;
        double up = 0.8 * slice.LeftWing;
        while (down > 1e-9 && !Holds(slice, -down, wanted, grid))
            down /= 2;
        while (up > 1e-9 && !Holds(slice, up, wanted, grid))
            up /= 2;
        Tilt[i] = (down > 1e-9 ? -KeptRatio * down : 0, up > 1e-9 ? KeptRatio * up : 0);
        LargestVarianceScale[i] = wanted;
    }

    static bool Holds(SviSlice slice, double tilt, double scale, double[] grid)
    {
        for (int quarter = 1; quarter <= 4; quarter++)
            if (LargestScaleAt(slice, tilt * quarter / 4, grid) < scale)
                return false;
        return true;
    }

    /// <summary>Largest u under a tilt, at least 1 (a slice that stands still has no arbitrage of its own).</summary>
    static double LargestScaleAt(SviSlice slice, double tilt, double[] grid)
    {
        var tilted = tilt == 0 ? slice : slice.Moved(1, tilt);
        if (tilted.LeastVariance < slice.LeastVariance / 8)
            return 0;
        double lee = 2 * LeeShare / Math.Max(tilted.LeftWing, tilted.RightWing);
        double largest = Math.Min(LargestScale, lee * lee);
        foreach (double k in grid)
        {
            if (k * k > HeldVarianceRatio * tilted.TotalVariance(k))
                continue;
            double slope = tilted.Slope(k);
            double density = StaticArbitrage.Density(tilted, k);
            if (tilted.TotalVariance(k) <= 0 || density < 0)
                return tilt == 0 ? 1 : 0;
            largest = Math.Min(largest, 1 + 16 * density / Math.Max(slope * slope, 1e-300));
        }
        return tilt == 0 ? Math.Max(1, largest) : largest;
    }

    void BoundPair(SviSlice earlier, SviSlice later, int i)
    {
        double[] grid = [.. Grid(earlier, CoveredLogMoneyness), .. Grid(later, CoveredLogMoneyness)];
        Array.Sort(grid);
        double low = 1;
        double high = LargestScale;
        if (Slack(earlier, later, high, grid, 0) >= 0)
            low = high;
        for (int step = 0; step < 30 && high - low > 1e-6; step++)
        {
            double middle = Math.Sqrt(low * high);
            (low, high) = Slack(earlier, later, middle, grid, 0) >= 0 ? (middle, high) : (low, middle);
        }
        double ratio = 1 + KeptRatio * (low - 1);
        LargestRatio[i] = ratio;
        tiltStep[i] =
        [
            .. SmallerRatios
                .Prepend(ratio)
                .Select(held =>
                    (
                        KeptTilt * Math.Max(0, Slack(earlier, later, held, grid, -1)),
                        KeptTilt * Math.Max(0, Slack(earlier, later, held, grid, 1))
                    )
                ),
        ];
    }

    /// <summary>
    /// Least w2(κ) − R·w1(κ/√R): over all κ (side 0), or divided by |κ| over one side of the money.
    /// </summary>
    /// <remarks>
    /// Scanned on the grid; each dip is refined at the vertex of the parabola through its three points.
    /// </remarks>
    static double Slack(SviSlice earlier, SviSlice later, double ratio, double[] grid, int side)
    {
        double least = double.PositiveInfinity;
        double root = Math.Sqrt(ratio);
        var (beforeK, before, hereK, here) = (0.0, double.PositiveInfinity, 0.0, double.PositiveInfinity);
        foreach (double k in grid)
        {
            double value = Value(k);
            least = Math.Min(least, value);
            if (here < before && here <= value && double.IsFinite(before) && double.IsFinite(value))
                least = Math.Min(least, Value(Vertex(beforeK, before, hereK, here, k, value)));
            (beforeK, before, hereK, here) = (hereK, here, k, value);
        }
        return least;

        double Value(double k)
        {
            if (side * k < 0 || (side != 0 && Math.Abs(k) < 1e-9))
                return double.PositiveInfinity;
            double w1 = ratio * earlier.TotalVariance(k / root);
            double w2 = later.TotalVariance(k);
            if (k * k > CoveredDeviations * CoveredDeviations * Math.Max(w1, w2))
                return double.PositiveInfinity;
            double slack = (1 - GridMargin) * w2 - w1;
            return side == 0 ? slack : slack / Math.Abs(k);
        }
    }

    /// <summary>Where the parabola through three points is least; the middle one is the lowest.</summary>
    static double Vertex(double x0, double y0, double x1, double y1, double x2, double y2)
    {
        double left = (x1 - x0) * (y1 - y2);
        double right = (x1 - x2) * (y1 - y0);
        double denominator = left - right;
        return denominator == 0 ? x1 : x1 - 0.5 * ((x1 - x0) * left - (x1 - x2) * right) / denominator;
    }

    /// <summary>Strikes dense around the vertex, out to the farthest that is held.</summary>
    static double[] Grid(SviSlice slice, double farthest)
    {
        var grid = new double[2 * GridPerSide + 1];
        double width = Math.Max(Math.Min(slice.Sigma, farthest), 1e-6);
        double reach = Math.Asinh((farthest + Math.Abs(slice.M)) / width);
        for (int j = -GridPerSide; j <= GridPerSide; j++)
            grid[j + GridPerSide] = Math.Clamp(
                slice.M + width * Math.Sinh(reach * j / GridPerSide),
                -farthest,
                farthest
            );
        return grid;
    }
}
