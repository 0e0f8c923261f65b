namespace Plimsoll.Pricing;

/// <summary>
/// Whether slices are free of butterfly and calendar arbitrage, over every strike and not on a scan alone.
/// </summary>
/// <remarks>
/// Durrleman's g (Gatheral and Jacquier 2014, Lemma 2.2) is the risk-neutral density up to a positive factor; the
/// calendar condition is w(k, t) not falling in t at equal forward log-moneyness (ibid., Lemma 2.1). Both are scanned
/// on points m + σ·sinh(u), dense around the vertex and reaching far out, refined at every local minimum by golden
/// section, and completed by their limits in the wings.
/// </remarks>
public static class StaticArbitrage
{
    /// <summary>Lee's bound on a wing's slope of total variance (Lee 2004, Theorems 3.2 and 3.4).</summary>
    public const double SteepestWing = 2;

    const int PointsPerSide = 48;
    const double FarthestLogMoneyness = 60;
    const double GoldenShare = 0.3819660112501051;
    const int GoldenSteps = 36;

    /// <summary>Durrleman's g at log-moneyness k: negative where the implied density is.</summary>
    public static double Density(SviSlice slice, double logMoneyness)
    {
        double w = slice.TotalVariance(logMoneyness);
        double slope = slice.Slope(logMoneyness);
        double first = 1 - logMoneyness * slope / (2 * w);
        return first * first - slope * slope / 4 * (1 / w + 0.25) + slice.Curvature(logMoneyness) / 2;
    }

    /// <summary>
    /// Least g over all log-moneyness; at least 0 means no butterfly arbitrage. Minus infinity for a slice with
    /// variance at or below zero or a wing steeper than Lee's bound.
    /// </summary>
    public static double MinimumDensity(SviSlice slice)
    {
        double steepest = Math.Max(slice.LeftWing, slice.RightWing);
        if (!(slice.LeastVariance > 0) || steepest > SteepestWing || slice.LeftWing < 0 || slice.RightWing < 0)
            return double.NegativeInfinity;
        double wings = 0.25 - steepest * steepest / 16;
        double vertex = LeastAround(slice.M, slice.Sigma, slice, null).Value;
        double money = LeastAround(0, Math.Sqrt(slice.AtTheMoneyVariance), slice, null).Value;
        return Math.Min(wings, Math.Min(vertex, money));
    }

    /// <summary>
    /// Least later(k) − earlier(k) over all log-moneyness, in total variance; at least 0 means no calendar arbitrage
    /// between the two. Minus infinity if a wing of the later slice is flatter than the earlier one's.
    /// </summary>
    public static double MinimumCalendarStep(SviSlice earlier, SviSlice later)
    {
        if (later.LeftWing < earlier.LeftWing || later.RightWing < earlier.RightWing)
            return double.NegativeInfinity;
        return WorstCrossing(earlier, later).Value;
    }

    /// <summary>
    /// Least later(k) − earlier(k) on the refined scans, and where it stands; blind to the wings' limits.
    /// </summary>
    internal static (double Value, double LogMoneyness) WorstCrossing(SviSlice earlier, SviSlice later)
    {
        var first = LeastAround(earlier.M, earlier.Sigma, earlier, later);
        var second = LeastAround(later.M, later.Sigma, earlier, later);
        return first.Value <= second.Value ? first : second;
    }

    /// <summary>Least g over slices; calendar step over neighbours (plus infinity for a single slice).</summary>
    public static (double Density, double CalendarStep) OfSurface(IReadOnlyList<SviSlice> slices)
    {
        double density = double.PositiveInfinity;
        double step = double.PositiveInfinity;
        for (int i = 0; i < slices.Count; i++)
        {
            density = Math.Min(density, MinimumDensity(slices[i]));
            if (i > 0)
                step = Math.Min(step, MinimumCalendarStep(slices[i - 1], slices[i]));
        }
        return (density, step);
    }

    static (double Value, double LogMoneyness) LeastAround(double centre, double width, SviSlice slice, SviSlice? later)
    {
        double reach = Math.Asinh(FarthestLogMoneyness / width);
        double stride = reach / PointsPerSide;
        double before = double.PositiveInfinity;
        double here = Value(-reach);
        (double Value, double At) least = (here, -reach);
        for (int i = 1 - PointsPerSide; i <= PointsPerSide; i++)
        {
            double after = Value(i * stride);
            if (here <= before && here <= after)
            {
                double refined = Refine((i - 2) * stride, i * stride);
                double value = Value(refined);
                if (value < least.Value)
                    least = (value, refined);
            }
            (before, here) = (here, after);
        }
        if (here < least.Value)
            least = (here, reach);
        return (least.Value, centre + width * Math.Sinh(least.At));

        double Value(double u)
        {
            double k = centre + width * Math.Sinh(u);
            return later is null ? Density(slice, k) : later.TotalVariance(k) - slice.TotalVariance(k);
        }

        double Refine(double low, double high)
        {
            double left = low + GoldenShare * (high - low);
            double right = high - GoldenShare * (high - low);
            double atLeft = Value(left);
            double atRight = Value(right);
            for (int step = 0; step < GoldenSteps; step++)
                if (atLeft <= atRight)
                {
                    (high, right, atRight) = (right, left, atLeft);
                    left = low + GoldenShare * (high - low);
                    atLeft = Value(left);
                }
                else
                {
                    (low, left, atLeft) = (left, right, atRight);
                    right = high - GoldenShare * (high - low);
                    atRight = Value(right);
                }
            return atLeft <= atRight ? left : right;
        }
    }
}
