namespace Plimsoll.Risk;

/// <summary>From directions down to the nearest points of the level.</summary>
sealed class ReverseDescent(ReverseSphere sphere)
{
    const int Radii = 40;
    const double NearestRadius = 0.05;
    const int MostTurns = 60;

    readonly ReverseQuestion question = sphere.Question;
    readonly FactorLaw law = sphere.Question.Law;

    /// <summary>
    /// From some directions to the nearest points of the level; those that never meet it are left out.
    /// </summary>
    public IEnumerable<ReverseMove> Descend(IEnumerable<double[]> starts)
    {
        var rays = starts
            .Select(ReverseSphere.Unit)
            .OfType<double[]>()
            .Select(y => new ReverseRay { Direction = y })
            .ToList();
        FirstCrossings(rays);
        rays.RemoveAll(ray => ray.Radius == 0);
        for (int turn = 0; turn < MostTurns && rays.Exists(ray => !ray.IsDone); turn++)
        {
            var active = rays.Where(ray => !ray.IsDone).ToList();
            TurnAll(active);
            Merge(rays);
        }
        double[] figures = sphere.At([.. rays.Select(ray => ray.Point)]);
        return rays.Select(
            (ray, i) =>
                new ReverseMove(law.Move(ray.Point), ray.Radius, figures[i], ray.Misalignment) { Whitened = ray.Point }
        );
    }

    void FirstCrossings(List<ReverseRay> rays)
    {
        if (rays.Count == 0)
            return;
        var points = new List<double[]>(rays.Count * Radii);
        double[] farthest = [.. rays.Select(ray => sphere.Reach(ray.Direction))];
        sphere.Farthest = Math.Max(sphere.Farthest, farthest.Max());
        for (int r = 0; r < rays.Count; r++)
        for (int j = 0; j < Radii; j++)
            points.Add(ReverseSphere.Scaled(rays[r].Direction, RadiusAt(farthest[r], j)));
        double[] figures = sphere.At(points);
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

    /// <summary>Bisects every ray's bracket to its crossing, at the end that meets the level.</summary>
    void Close(List<ReverseRay> rays, double[] low, double[] high)
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
                points.Add(ReverseSphere.Scaled(rays[r].Direction, low[r] + (high[r] - low[r]) * j / Parts));
            double[] figures = sphere.At(points);
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
    void TurnAll(List<ReverseRay> rays)
    {
        var floors = new double[rays.Count];
        Array.Fill(floors, question.Level + 1e-12 * Math.Abs(question.Level));
        var turned = sphere.Turn(rays, floors);
        if (turned.Count == 0)
            return;
        var (low, high) = (new List<double>(), new List<double>());
        double[] before = [.. turned.Select(ray => ray.Radius)];
        Bracket(turned, low, high);
        Close(turned, [.. low], [.. high]);
        for (int r = 0; r < turned.Count; r++)
            turned[r].IsDone |= before[r] - turned[r].Radius < 1e-9 * before[r];
    }

    /// <summary>The first crossing below the present radius of rays that meet the level there.</summary>
    void Bracket(List<ReverseRay> rays, List<double> low, List<double> high)
    {
        double[] shares = [0.2, 0.4, 0.6, 0.75, 0.85, 0.92, 0.96, 0.98, 0.99, 0.999, 1];
        var points = rays.SelectMany(ray =>
                shares.Select(share => ReverseSphere.Scaled(ray.Direction, share * ray.Radius))
            )
            .ToList();
        double[] figures = sphere.At(points);
        for (int r = 0; r < rays.Count; r++)
        {
            int first = 0;
            while (first < shares.Length - 1 && figures[r * shares.Length + first] < question.Level)
                first++;
            low.Add(first == 0 ? 0 : shares[first - 1] * rays[r].Radius);
            high.Add(shares[first] * rays[r].Radius);
        }
    }

    /// <summary>Keeps the nearest of rays that have come to the same direction.</summary>
    static void Merge(List<ReverseRay> rays)
    {
        const double Same = 1 - 1e-7;
        rays.Sort((a, b) => a.Radius.CompareTo(b.Radius));
        for (int i = 0; i < rays.Count; i++)
        for (int j = rays.Count - 1; j > i; j--)
            if (ReverseStress.Cosine(rays[i].Direction, rays[j].Direction) > Same)
                rays.RemoveAt(j);
    }
}
