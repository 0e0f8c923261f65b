using System.Collections.Immutable;
using Plimsoll.Numerics;

namespace Plimsoll.Tails;

/// <summary>One elimination: the set before it, the statistic, its p-value and who left.</summary>
public sealed record EliminationStep(ImmutableArray<int> Set, double Statistic, double PValue, int Removed);

/// <summary>Which models may be the best, and how surely the others are not.</summary>
/// <param name="PValues">By model: in the set at level α where the p-value is at least α.</param>
/// <param name="Steps">Eliminations in order.</param>
/// <remarks>
/// Hansen, Lunde and Nason, Econometrica 79 (2011): statistic T_max (largest t of a model's mean loss against the
/// set's), variances from the same bootstrap, removal of the largest t, p-value of a model the running maximum up to
/// its removal; the last one left has 1.
/// </remarks>
public sealed record ModelConfidenceSet(ImmutableArray<double> PValues, ImmutableArray<EliminationStep> Steps)
{
    /// <summary>With circular blocks drawn from a seed.</summary>
    /// <param name="losses">By model, one loss a day each, none missing.</param>
    /// <param name="seed">Of the draws.</param>
    /// <param name="blockDays">Length of a block.</param>
    /// <param name="draws">Bootstrap samples.</param>
    public static ModelConfidenceSet Of(double[][] losses, ulong seed, int blockDays = 15, int draws = 5000)
    {
        int days = losses[0].Length;
        var random = new SeededRandom(seed, 0x3C5);
        var means = new double[draws][];
        for (int b = 0; b < draws; b++)
        {
            means[b] = new double[losses.Length];
            for (int filled = 0; filled < days; )
            {
                int at = random.NextInt(days);
                for (int n = 0; n < blockDays && filled < days; n++, filled++, at = at + 1 == days ? 0 : at + 1)
                for (int i = 0; i < losses.Length; i++)
                    means[b][i] += losses[i][at];
            }
            for (int i = 0; i < losses.Length; i++)
                means[b][i] /= days;
        }
        return Eliminate(losses, means);
    }

    /// <summary>With the rows of each bootstrap sample given.</summary>
    public static ModelConfidenceSet Of(double[][] losses, int[][] bootstrapRows) =>
        Eliminate(
            losses,
            [.. bootstrapRows.Select(rows => losses.Select(model => rows.Sum(t => model[t]) / rows.Length).ToArray())]
        );

    /// <summary>Models whose p-value is at least the level.</summary>
    public ImmutableArray<int> Members(double level) =>
        [.. Enumerable.Range(0, PValues.Length).Where(i => PValues[i] >= level)];

    static ModelConfidenceSet Eliminate(double[][] losses, double[][] bootstrapMeans)
    {
        double[] means = [.. losses.Select(model => model.Average())];
        var left = Enumerable.Range(0, means.Length).ToList();
        var pValues = new double[means.Length];
        var steps = ImmutableArray.CreateBuilder<EliminationStep>();
        double running = 0;
        while (left.Count > 1)
        {
            var step = Step(left, means, bootstrapMeans);
            steps.Add(step);
            running = Math.Max(running, step.PValue);
            pValues[step.Removed] = running;
            left.Remove(step.Removed);
        }
        pValues[left[0]] = 1;
        return new([.. pValues], steps.ToImmutable());
    }

    static EliminationStep Step(List<int> left, double[] means, double[][] bootstrapMeans)
    {
        double centre = left.Average(i => means[i]);
        double[] deviation = [.. left.Select(i => means[i] - centre)];
        var shifted = bootstrapMeans
            .Select(sample =>
            {
                double mean = left.Average(i => sample[i]);
                return left.Select((i, n) => sample[i] - mean - deviation[n]).ToArray();
            })
            .ToArray();
        double[] error =
        [
            .. deviation.Select((_, n) => Math.Sqrt(shifted.Sum(sample => sample[n] * sample[n]) / shifted.Length)),
        ];
        double[] t = [.. deviation.Select((d, n) => error[n] > 0 ? d / error[n] : 0)];
        int worst = Array.IndexOf(t, t.Max());
        int asLarge = shifted.Count(sample =>
            sample.Select((d, n) => error[n] > 0 ? d / error[n] : 0).Max() >= t[worst]
        );
        return new([.. left], t[worst], (double)asLarge / shifted.Length, left[worst]);
    }
}
