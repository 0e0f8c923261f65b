namespace Plimsoll.Pricing;

/// <summary>Fits one SVI slice: robust linear starts on a grid of (centre, width), then damped Gauss-Newton.</summary>
/// <remarks>
/// The split into a linear and a two-parameter problem is that of De Marco and Martini, Quasi-explicit calibration of
/// Gatheral's SVI (2009); the damping is Levenberg and Marquardt's, within a box.
/// </remarks>
static class SliceFit
{
    const int Starts = 2;
    const int MostSteps = 40;
    const double SmallestGain = 1e-5;
    static readonly double[] Centres = [-1.2, -0.6, -0.2, 0.1, 0.4, 1];
    static readonly double[] Widths = [0.15, 0.4, 0.9, 2];

    /// <summary>A fit from scratch: the unknowns of <see cref="SliceProblem"/>.</summary>
    public static double[] Fit(SliceProblem problem)
    {
        var starts = new List<(double Cost, double[] Parameters)>(Centres.Length * Widths.Length);
        foreach (double centre in Centres)
        foreach (double width in Widths)
        {
            double[] p = new double[SliceProblem.Unknowns];
            problem.LinearStart(centre, width, p);
            starts.Add((problem.Cost(p, [], []), p));
        }
        starts.Sort((a, b) => a.Cost.CompareTo(b.Cost));
        (double Cost, double[] Parameters) best = (double.PositiveInfinity, starts[0].Parameters);
        foreach (var (_, start) in starts.Take(Starts))
        {
            double cost = DampedDescent.Minimise(problem, start, SmallestGain, MostSteps);
            if (cost < best.Cost)
                best = (cost, start);
        }
        return best.Parameters;
    }
}
