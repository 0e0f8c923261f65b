using Plimsoll.Numerics;

namespace Plimsoll.Risk;

/// <summary>Directions on the whitened sphere, all of one batch revalued together.</summary>
sealed class ReverseSphere(ReverseQuestion question)
{
    /// <summary>Farthest that anything is searched, standard deviations.</summary>
    const double MostDeviations = 60;

    /// <summary>Largest |ln move| of a price: to a tenth, or tenfold.</summary>
    const double LargestLogMove = 2.302585092994046;
    const int Radii = 40;
    const double NearestRadius = 0.05;
    const int MostTurns = 60;
    const int Turns = 9;
    const double Aligned = 1e-5;
    const double GradientStep = 1e-3;
    const double SameDirection = 1e-6;

    readonly FactorLaw law = question.Law;

    /// <summary>Moves that were revalued.</summary>
    public int Evaluations { get; private set; }

    /// <summary>Farthest radius that was looked at.</summary>
    public double Farthest { get; private set; }

    /// <summary>A direction with the radius at which it meets the level.</summary>
    sealed class Ray
    {
        public required double[] Direction { get; set; }
        public double Radius { get; set; }
        public double Turn { get; set; } = 0.5;
        public double Misalignment { get; set; } = 1;
        public bool IsDone { get; set; }
    }

    /// <summary>The figure at points in standard deviations.</summary>
    public double[] At(IReadOnlyList<double[]> points)
    {
        Evaluations += points.Count;
        return question.Figure([.. points.Select(y => law.Move(y))]);
    }

    /// <summary>
    /// Both ends of every axis of the law and of every factor with the others at their conditional mean.
    /// </summary>
    public List<double[]> Axes()
    {
        var axes = new List<double[]>();
        for (int k = 0; k < law.Dimension; k++)
        {
            var unit = new double[law.Dimension];
            unit[k] = 1;
            axes.Add(unit);
        }
        for (int i = 0; i < law.Factors.Length; i++)
        {
            var factor = new double[law.Factors.Length];
            factor[i] = 1;
            axes.Add(law.Pulled(factor));
        }
        axes.AddRange([.. axes.Select(axis => axis.Select(value => -value).ToArray())]);
        return axes;
    }

    /// <summary>
    /// Directions for where no axis meets the level: of random ones at several radii those of the largest figures,
    /// turned on their spheres towards still larger ones, such as a hedged book's only losing mixture.
    /// </summary>
    public List<double[]> Climbed()
    {
        const int PerDimension = 32;
        const int MostRays = 8;
        double[] shares = [0.1, 0.3, 1];
        var random = new SeededRandom(question.Seed, 8UL << 40);
        var rays = new List<Ray>();
        for (int i = 0; i < PerDimension * law.Dimension; i++)
        {
            var y = new double[law.Dimension];
            for (int k = 0; k < y.Length; k++)
                y[k] = random.NextNormal();
            if (Unit(y) is { } direction)
                rays.AddRange(
                    shares.Select(share => new Ray { Direction = direction, Radius = share * Reach(direction) })
                );
        }
        double[] figures = At([.. rays.Select(Point)]);
        var best = rays.Zip(figures).OrderByDescending(pair => pair.Second).Take(MostRays).ToList();
        rays = [.. best.Select(pair => pair.First)];
        figures = [.. best.Select(pair => pair.Second)];
        for (
            int turn = 0;
            turn < MostTurns && figures.Max() < question.Level && !rays.TrueForAll(r => r.IsDone);
            turn++
        )
            Turn(rays, figures);
        return [.. rays.Select(ray => ray.Direction)];
    }

    /// <summary>
    /// From some directions to the nearest points of the level; those that never meet it are left out.
    /// </summary>
    public IEnumerable<ReverseMove> Descend(IEnumerable<double[]> starts)
    {
        var rays = starts.Select(Unit).OfType<double[]>().Select(y => new Ray { Direction = y }).ToList();
        FirstCrossings(rays);
        rays.RemoveAll(ray => ray.Radius == 0);
        for (int turn = 0; turn < MostTurns && rays.Exists(ray => !ray.IsDone); turn++)
        {
            var active = rays.Where(ray => !ray.IsDone).ToList();
            TurnAll(active);
            Merge(rays);
        }
        double[] figures = At([.. rays.Select(Point)]);
        return rays.Select(
            (ray, i) =>
                new ReverseMove(law.Move(Point(ray)), ray.Radius, figures[i], ray.Misalignment)
                {
                    Whitened = Point(ray),
                }
        );
    }

    /// <summary>Random points nearer than a distance that meet the level, the nearest few.</summary>
    public List<double[]> Nearer(double distance, ulong round)
    {
        const double Shell = 0.995;
        const int MostStarts = 16;
        var random = new SeededRandom(question.Seed, (7UL << 40) + round);
        var points = new List<double[]>(question.Samples);
        for (int i = 0; i < question.Samples; i++)
        {
            var y = new double[law.Dimension];
            for (int k = 0; k < y.Length; k++)
                y[k] = random.NextNormal();
            double size = Math.Sqrt(FixedOrderSum.Dot(y, y));
            // Half on the shell just inside the answer, half anywhere inside it: a figure may fall again farther out.
            double radius = Shell * distance * (i % 2 == 0 ? 1 : random.NextDouble());
            points.Add(Scaled(y, radius / size));
        }
        double[] figures = At(points);
        return
        [
            .. points
                .Where((_, i) => figures[i] >= question.Level)
                .OrderBy(y => FixedOrderSum.Dot(y, y))
                .Take(MostStarts),
        ];
    }

    void FirstCrossings(List<Ray> rays)
    {
        if (rays.Count == 0)
            return;
        var points = new List<double[]>(rays.Count * Radii);
        double[] farthest = [.. rays.Select(ray => Reach(ray.Direction))];
        Farthest = Math.Max(Farthest, farthest.Max());
        for (int r = 0; r < rays.Count; r++)
        for (int j = 0; j < Radii; j++)
            points.Add(Scaled(rays[r].Direction, RadiusAt(farthest[r], j)));
        double[] figures = At(points);
        var (low, high) = (new double[rays.Count], new double[rays.Count]);
        for (int r = 0; r < rays.Count; r++)
        for (int j = 0; j < Radii && high[r] == 0; j++)
            if (figures[r * Radii + j] >= question.Level)
                (low[r], high[r]) = (j == 0 ? 0 : RadiusAt(farthest[r], j - 1), RadiusAt(farthest[r], j));
        Close(
            [.. rays.Where((_, r) => high[r] > 0)],
            [.. low.Where((_, r) => high[r] > 0)],
            [.. high.Where(h => h > 0)]
        );
    }

    static double RadiusAt(double farthest, int j) =>
        NearestRadius * Math.Pow(farthest / NearestRadius, j / (Radii - 1.0));

    double Reach(double[] direction)
    {
        double[] move = law.Move(direction);
        double reach = MostDeviations;
        for (int i = 0; i < move.Length; i++)
            if (law.Factors[i].Kind == StressFactorKind.Spot && move[i] != 0)
                reach = Math.Min(reach, LargestLogMove / Math.Abs(move[i]));
        return reach;
    }

    /// <summary>Bisects every ray's bracket to its crossing, at the end that meets the level.</summary>
    void Close(List<Ray> rays, double[] low, double[] high)
    {
        if (rays.Count == 0)
            return;
        const int Halvings = 26;
        const int PerPass = 3;
        for (int pass = 0; pass < Halvings / PerPass; pass++)
        {
            // Eight parts at a time: three halvings for one batch.
            const int Parts = 1 << PerPass;
            var points = new List<double[]>(rays.Count * (Parts - 1));
            for (int r = 0; r < rays.Count; r++)
            for (int j = 1; j < Parts; j++)
                points.Add(Scaled(rays[r].Direction, low[r] + (high[r] - low[r]) * j / Parts));
            double[] figures = At(points);
            for (int r = 0; r < rays.Count; r++)
            {
                double width = (high[r] - low[r]) / Parts;
                int first = Parts;
                for (int j = Parts - 1; j >= 1; j--)
                    if (figures[r * (Parts - 1) + j - 1] >= question.Level)
                        first = j;
                (low[r], high[r]) = (low[r] + width * (first - 1), low[r] + width * first);
            }
        }
        for (int r = 0; r < rays.Count; r++)
            rays[r].Radius = high[r];
    }

    /// <summary>Turns each ray towards the gradient as far as it helps, then shrinks it to the level.</summary>
    void TurnAll(List<Ray> rays)
    {
        var floors = new double[rays.Count];
        Array.Fill(floors, question.Level + 1e-12 * Math.Abs(question.Level));
        var turned = Turn(rays, floors);
        if (turned.Count == 0)
            return;
        var (low, high) = (new List<double>(), new List<double>());
        double[] before = [.. turned.Select(ray => ray.Radius)];
        Bracket(turned, low, high);
        Close(turned, [.. low], [.. high]);
        for (int r = 0; r < turned.Count; r++)
            turned[r].IsDone |= before[r] - turned[r].Radius < 1e-9 * before[r];
    }

    /// <summary>
    /// Turns rays on their spheres, each by the angle of its grid with the largest figure, where that is above its
    /// floor; the floors of those that turned rise to it, the grids of the others become finer.
    /// </summary>
    /// <returns>Those that turned.</returns>
    List<Ray> Turn(List<Ray> rays, double[] floors)
    {
        double[][] tangents = [.. Tangents(rays)];
        var directions = new List<double[]>(rays.Count * Turns);
        for (int r = 0; r < rays.Count; r++)
        for (int t = 0; t < Turns; t++)
            directions.Add(Turned(rays[r], tangents[r], t));
        double[] figures = At([.. directions.Select((direction, i) => Scaled(direction, rays[i / Turns].Radius))]);
        var turned = new List<Ray>();
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

    /// <summary>The first crossing below the present radius of rays that meet the level there.</summary>
    void Bracket(List<Ray> rays, List<double> low, List<double> high)
    {
        double[] shares = [0.2, 0.4, 0.6, 0.75, 0.85, 0.92, 0.96, 0.98, 0.99, 0.999, 1];
        var points = rays.SelectMany(ray => shares.Select(share => Scaled(ray.Direction, share * ray.Radius))).ToList();
        double[] figures = At(points);
        for (int r = 0; r < rays.Count; r++)
        {
            int first = 0;
            while (first < shares.Length - 1 && figures[r * shares.Length + first] < question.Level)
                first++;
            low.Add(first == 0 ? 0 : shares[first - 1] * rays[r].Radius);
            high.Add(shares[first] * rays[r].Radius);
        }
    }

    /// <summary>Unit tangents towards the gradient; marks rays that are aligned with it.</summary>
    IEnumerable<double[]> Tangents(List<Ray> rays)
    {
        int n = law.Dimension;
        var points = new List<double[]>(rays.Count * 2 * n);
        foreach (var ray in rays)
            for (int k = 0; k < n; k++)
                foreach (double step in new[] { GradientStep, -GradientStep })
                {
                    double[] y = Point(ray);
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

    static double[] Turned(Ray ray, double[] tangent, int halvings)
    {
        double angle = ray.Turn / (1 << halvings);
        var (sine, cosine) = Math.SinCos(angle);
        return [.. ray.Direction.Select((value, k) => cosine * value + sine * tangent[k])];
    }

    /// <summary>Keeps the nearest of rays that have come to the same direction.</summary>
    static void Merge(List<Ray> rays)
    {
        const double Same = 1 - 1e-7;
        rays.Sort((a, b) => a.Radius.CompareTo(b.Radius));
        for (int i = 0; i < rays.Count; i++)
        for (int j = rays.Count - 1; j > i; j--)
            if (ReverseStress.Cosine(rays[i].Direction, rays[j].Direction) > Same)
                rays.RemoveAt(j);
    }

    static double[] Point(Ray ray) => Scaled(ray.Direction, ray.Radius);

    static double[] Scaled(double[] vector, double factor) => [.. vector.Select(value => factor * value)];

    static double[]? Unit(double[] y)
    {
        double size = Math.Sqrt(FixedOrderSum.Dot(y, y));
        return size > 0 && double.IsFinite(size) ? Scaled(y, 1 / size) : null;
    }
}
