using System.Collections.Immutable;

namespace Plimsoll.Risk;

/// <summary>A joint move at which the answer is reached, nearest among its neighbours.</summary>
/// <param name="Move">By factor of the law.</param>
/// <param name="Distance">Mahalanobis distance, standard deviations.</param>
/// <param name="Figure">What was to be reached, there: the level, to rounding.</param>
/// <param name="Misalignment">
/// Sine of the angle between the move and the figure's gradient, whitened: 0 at a nearest point of a smooth figure.
/// </param>
public sealed record ReverseMove(double[] Move, double Distance, double Figure, double Misalignment)
{
    /// <summary>The same in standard deviations along the law's own axes.</summary>
    public required double[] Whitened { get; init; }
}

/// <summary>The answer of <see cref="ReverseStress.Find"/>.</summary>
/// <param name="Moves">Local optima, nearest first; empty where nothing within reach meets the level.</param>
/// <param name="Samples">Moves nearer than the nearest that were tried at random.</param>
/// <param name="Exceeding">How many of them met the level: 0, or the search failed.</param>
/// <param name="Searched">Farthest distance that was searched, standard deviations.</param>
/// <param name="Evaluations">Revaluations of the account.</param>
public sealed record ReverseAnswer(
    ImmutableArray<ReverseMove> Moves,
    int Samples,
    int Exceeding,
    double Searched,
    int Evaluations
);

/// <summary>What to search.</summary>
public sealed record ReverseQuestion
{
    /// <summary>Plausibility of a move.</summary>
    public required FactorLaw Law { get; init; }

    /// <summary>The figure of every move, by full revaluation: a loss, or a shortfall of margin.</summary>
    public required Func<IReadOnlyList<double[]>, double[]> Figure { get; init; }

    /// <summary>What the figure is to reach.</summary>
    public required double Level { get; init; }

    /// <summary>Moves to start from besides the axes: scenarios and stress rows that reach the level.</summary>
    public IReadOnlyList<double[]> Starts { get; init; } = [];

    /// <summary>Farthest that anything is searched, standard deviations.</summary>
    public double Farthest { get; init; } = 60;

    /// <summary>Random moves that try to beat the answer.</summary>
    public int Samples { get; init; } = 4096;

    /// <summary>Seed of the random moves.</summary>
    public ulong Seed { get; init; } = 1;
}

/// <summary>The most plausible joint move at which a book loses an amount, or its margin runs short.</summary>
/// <remarks>
/// Smallest ellipsoid of second moments that touches the level: maximum loss (Studer 1997; Breuer et al. 2009) turned
/// round, which structural reliability calls the design point (Hasofer and Lind 1974; Rackwitz and Fiessler 1978). From
/// many starts (both ends of every axis and factor, scenarios, stress rows) the move turns on its sphere towards the
/// figure's gradient and then shrinks to where the level is just met; every step is a full revaluation. The answer is
/// checked against random moves nearer than it, and a move that beats it is a new start.
/// </remarks>
public static class ReverseStress
{
    const int MostRounds = 3;

    /// <summary>Searches.</summary>
    public static ReverseAnswer Find(ReverseQuestion question)
    {
        var sphere = new ReverseSphere(question);
        var (begin, descent) = (new ReverseStarts(sphere), new ReverseDescent(sphere));
        if (sphere.At([new double[question.Law.Dimension]])[0] >= question.Level)
        {
            double[] still = new double[question.Law.Dimension];
            var now = new ReverseMove(question.Law.Move(still), 0, sphere.At([still])[0], 0) { Whitened = still };
            return new ReverseAnswer([now], 0, 0, 0, sphere.Evaluations);
        }
        var starts = begin.Axes();
        starts.AddRange(question.Starts.Select(move => question.Law.Whitened(move)));
        var found = new List<ReverseMove>();
        int samples = 0;
        bool hasClimbed = false;
        for (int round = 0; round < MostRounds; round++)
        {
            foreach (var move in descent.Descend(starts))
                Keep(found, move);
            found.Sort((a, b) => a.Distance.CompareTo(b.Distance));
            if (found.Count == 0)
            {
                // No axis ever meets the level; what only a mixture of factors loses is looked for once.
                if (hasClimbed)
                    break;
                hasClimbed = true;
                starts = begin.Climbed();
                continue;
            }
            var better = begin.Nearer(found[0].Distance, (ulong)round);
            samples = question.Samples;
            if (better.Count == 0)
                return Answer(0);
            starts = better;
        }
        return Answer(found.Count == 0 ? 0 : begin.Nearer(found[0].Distance, MostRounds).Count);

        ReverseAnswer Answer(int exceeding) => new([.. found], samples, exceeding, sphere.Farthest, sphere.Evaluations);
    }

    /// <summary>One move of each direction: the nearer of two that point the same way.</summary>
    static void Keep(List<ReverseMove> found, ReverseMove move)
    {
        const double SameWay = 0.97;
        for (int i = 0; i < found.Count; i++)
            if (Cosine(found[i].Whitened, move.Whitened) > SameWay)
            {
                if (move.Distance < found[i].Distance)
                    found[i] = move;
                return;
            }
        found.Add(move);
    }

    /// <summary>Cosine of the angle between two moves in whitened coordinates.</summary>
    public static double Cosine(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double product = 0,
            first = 0,
            second = 0;
        for (int k = 0; k < a.Length; k++)
            (product, first, second) = (product + a[k] * b[k], first + a[k] * a[k], second + b[k] * b[k]);
        return first == 0 || second == 0 ? 0 : product / Math.Sqrt(first * second);
    }
}
