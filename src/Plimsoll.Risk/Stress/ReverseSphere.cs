using Plimsoll.Numerics;

namespace Plimsoll.Risk;

/// <summary>A direction with the radius at which it meets the level.</summary>
sealed class ReverseRay
{
    /// <summary>Unit vector, whitened.</summary>
    public required double[] Direction { get; set; }

    /// <summary>Standard deviations.</summary>
    public double Radius { get; set; }

    /// <summary>Largest angle that is tried next.</summary>
    public double Turn { get; set; } = 0.5;

    /// <summary>Sine of the angle to the figure's gradient.</summary>
    public double Misalignment { get; set; } = 1;

    /// <summary>Whether nothing on this ray gets better.</summary>
    public bool IsDone { get; set; }

    /// <summary>Where it meets the level.</summary>
    public double[] Point => ReverseSphere.Scaled(Direction, Radius);
}

/// <summary>The whitened sphere: figures of whole batches, and rays that turn on it towards larger ones.</summary>
sealed class ReverseSphere(ReverseQuestion question)
{
    /// <summary>Largest |ln move| of a price: to a tenth, or tenfold.</summary>
    const double LargestLogMove = 2.302585092994046;
    const int Turns = 9;
    const double Aligned = 1e-5;
    const double GradientStep = 1e-3;
    const double SameDirection = 1e-6;

    readonly FactorLaw law = question.Law;

    /// <summary>What is searched.</summary>
    public ReverseQuestion Question => question;

    /// <summary>Moves that were revalued.</summary>
    public int Evaluations { get; private set; }

    /// <summary>Farthest radius that was looked at.</summary>
    public double Farthest { get; set; }

    /// <summary>The figure at points in standard deviations.</summary>
    public double[] At(IReadOnlyList<double[]> points)
    {
        Evaluations += points.Count;
        return question.Figure([.. points.Select(y => law.Move(y))]);
    }

    /// <summary>Farthest that a direction is searched.</summary>
    public double Reach(double[] direction)
    {
        double[] move = law.Move(direction);
        double reach = question.Farthest;
        for (int i = 0; i < move.Length; i++)
            if (law.Factors[i].Kind == StressFactorKind.Spot && move[i] != 0)
                reach = Math.Min(reach, LargestLogMove / Math.Abs(move[i]));
        return reach;
    }

    /// <summary>
    /// Turns rays on their spheres, each by the angle of its grid with the largest figure, where that is above its
    /// floor; the floors of those that turned rise to it, the grids of the others become finer.
    /// </summary>
    /// <returns>Those that turned.</returns>
    public List<ReverseRay> Turn(List<ReverseRay> rays, double[] floors)
    {
        double[][] tangents = [.. Tangents(rays)];
        var directions = new List<double[]>(rays.Count * Turns);
        for (int r = 0; r < rays.Count; r++)
        for (int t = 0; t < Turns; t++)
            directions.Add(Turned(rays[r], tangents[r], t));
        double[] figures = At([.. directions.Select((direction, i) => Scaled(direction, rays[i / Turns].Radius))]);
        var turned = new List<ReverseRay>();
        for (int r = 0; r < rays.Count; r++)
        {
            if (rays[r].IsDone)
                continue;
            int best = r * Turns;
            for (int i = best + 1; i < (r + 1) * Turns; i++)
                if (figures[i] > figures[best])
                    best = i;
            if (!(figures[best] > floors[r]))
            {
                // Nothing on this grid: finer ones are tried before a ray is given up.
                rays[r].Turn /= 1 << (Turns - 1);
                rays[r].IsDone = rays[r].Turn < SameDirection;
                continue;
            }
            (rays[r].Direction, floors[r]) = (directions[best], figures[best]);
            rays[r].Turn = Math.Min(1, rays[r].Turn / (1 << (best - r * Turns)) * 4);
            turned.Add(rays[r]);
        }
        return turned;
    }

    /// <summary>Unit tangents towards the gradient; marks rays that are aligned with it.</summary>
    IEnumerable<double[]> Tangents(List<ReverseRay> rays)
    {
        int n = law.Dimension;
        var points = new List<double[]>(rays.Count * 2 * n);
        foreach (var ray in rays)
            for (int k = 0; k < n; k++)
                foreach (double step in new[] { GradientStep, -GradientStep })
                {
                    double[] y = ray.Point;
                    y[k] += step;
                    points.Add(y);
                }
        double[] figures = At(points);
        for (int r = 0; r < rays.Count; r++)
        {
            var tangent = new double[n];
            for (int k = 0; k < n; k++)
                tangent[k] = figures[(r * n + k) * 2] - figures[(r * n + k) * 2 + 1];
            double whole = Math.Sqrt(FixedOrderSum.Dot(tangent, tangent));
            double along = FixedOrderSum.Dot(tangent, rays[r].Direction);
            for (int k = 0; k < n; k++)
                tangent[k] -= along * rays[r].Direction[k];
            double across = Math.Sqrt(FixedOrderSum.Dot(tangent, tangent));
            rays[r].Misalignment = whole == 0 ? 1 : across / whole;
            rays[r].IsDone |= rays[r].Misalignment < Aligned || across == 0;
            yield return across == 0 ? tangent : Scaled(tangent, 1 / across);
        }
    }

    static double[] Turned(ReverseRay ray, double[] tangent, int halvings)
    {
        double angle = ray.Turn / (1 << halvings);
        var (sine, cosine) = Math.SinCos(angle);
        return [.. ray.Direction.Select((value, k) => cosine * value + sine * tangent[k])];
    }

    /// <summary>A multiple of a vector.</summary>
    public static double[] Scaled(double[] vector, double factor) => [.. vector.Select(value => factor * value)];

    /// <summary>The direction of a vector; null where it has none.</summary>
    public static double[]? Unit(double[] y)
    {
        double size = Math.Sqrt(FixedOrderSum.Dot(y, y));
        return size > 0 && double.IsFinite(size) ? Scaled(y, 1 / size) : null;
    }
}
