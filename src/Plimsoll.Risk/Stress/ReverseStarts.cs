using Plimsoll.Numerics;

namespace Plimsoll.Risk;

/// <summary>
/// Where a reverse stress starts from: axes, the largest figures at random, points that beat an answer.
/// </summary>
sealed class ReverseStarts(ReverseSphere sphere)
{
    const int MostTurns = 60;

    readonly ReverseQuestion question = sphere.Question;
    readonly FactorLaw law = sphere.Question.Law;

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
        var rays = new List<ReverseRay>();
        for (int i = 0; i < PerDimension * law.Dimension; i++)
        {
            var y = new double[law.Dimension];
            for (int k = 0; k < y.Length; k++)
                y[k] = random.NextNormal();
            if (ReverseSphere.Unit(y) is { } direction)
                rays.AddRange(
                    shares.Select(share => new ReverseRay
                    {
                        Direction = direction,
                        Radius = share * sphere.Reach(direction),
                    })
                );
        }
        double[] figures = sphere.At([.. rays.Select(ray => ray.Point)]);
        var best = rays.Zip(figures).OrderByDescending(pair => pair.Second).Take(MostRays).ToList();
        rays = [.. best.Select(pair => pair.First)];
        figures = [.. best.Select(pair => pair.Second)];
        for (
            int turn = 0;
            turn < MostTurns && figures.Max() < question.Level && !rays.TrueForAll(r => r.IsDone);
            turn++
        )
            sphere.Turn(rays, figures);
        return [.. rays.Select(ray => ray.Direction)];
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
            points.Add(ReverseSphere.Scaled(y, radius / size));
        }
        double[] figures = sphere.At(points);
        return
        [
            .. points
                .Where((_, i) => figures[i] >= question.Level)
                .OrderBy(y => FixedOrderSum.Dot(y, y))
                .Take(MostStarts),
        ];
    }
}
