namespace Plimsoll.Risk;

/// <summary>Least concave function above the points of a piecewise linear one.</summary>
sealed class ConcaveHull
{
    readonly List<double> x = [];
    readonly List<double> y = [];
    readonly double? slopeBeyond;

    /// <param name="knots">Strictly rising.</param>
    /// <param name="values">At the knots.</param>
    /// <param name="slopeBeyond">Slope beyond the last knot; null when the function ends there.</param>
    public ConcaveHull(double[] knots, double[] values, double? slopeBeyond)
    {
        this.slopeBeyond = slopeBeyond;
        for (int k = 0; k < knots.Length; k++)
        {
            while (x.Count >= 2 && !Turns(knots[k], values[k]))
            {
                x.RemoveAt(x.Count - 1);
                y.RemoveAt(y.Count - 1);
            }
            x.Add(knots[k]);
            y.Add(values[k]);
        }
        while (slopeBeyond is { } slope && x.Count >= 2 && y[^1] - y[^2] < slope * (x[^1] - x[^2]))
        {
            x.RemoveAt(x.Count - 1);
            y.RemoveAt(y.Count - 1);
        }
    }

    /// <summary>Where its slope changes, and its ends.</summary>
    public IReadOnlyList<double> Knots => x;

    /// <summary>Value at a point from the first knot on.</summary>
    public double At(double at)
    {
        if (slopeBeyond is { } slope && at >= x[^1])
            return y[^1] + slope * (at - x[^1]);
        int right = 1;
        while (right < x.Count - 1 && x[right] < at)
            right++;
        double share = (at - x[right - 1]) / (x[right] - x[right - 1]);
        return y[right - 1] + share * (y[right] - y[right - 1]);
    }

    /// <summary>Whether the last point lies above the chord from the one before it to the new one.</summary>
    bool Turns(double newX, double newY) => (y[^1] - y[^2]) * (newX - x[^2]) > (newY - y[^2]) * (x[^1] - x[^2]);
}
