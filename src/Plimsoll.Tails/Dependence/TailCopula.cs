using Plimsoll.Numerics;

namespace Plimsoll.Tails;

/// <summary>A Student copula whose joint falls are those on record: the empirical lower-tail copula.</summary>
/// <remarks>
/// A row whose mean rank is below that of the lowest share of the record is drawn from the recorded rows there, each
/// coordinate moved within its own rank's cell; all others come from the Student copula. So how coins fall together is
/// what was seen (idiosyncratic lags, one coin spared), and nothing is assumed of it but that it comes again.
/// </remarks>
/// <param name="Body">For everything but the falls.</param>
/// <param name="Falls">Recorded pseudo-observations of the falls.</param>
/// <param name="Share">Of the record that counts as falls.</param>
/// <param name="Cell">Width of a rank's cell.</param>
public sealed record TailCopula(StudentCopula Body, double[][] Falls, double Share, double Cell)
{
    const ulong Streams = 11UL << 40;

    /// <summary>Fits to pseudo-observations.</summary>
    /// <param name="ranks">By time.</param>
    /// <param name="share">Of the lowest rows; at least ten of them.</param>
    public static TailCopula Fit(IReadOnlyList<double[]> ranks, double share)
    {
        int count = Math.Max(10, (int)(share * ranks.Count));
        double[] means = [.. ranks.Select(row => row.Average())];
        int[] order = RankDependence.Order(means);
        return new TailCopula(
            StudentCopula.Fit(ranks),
            [.. order.Take(count).Select(t => ranks[t])],
            (double)count / ranks.Count,
            1.0 / (ranks.Count + 1)
        );
    }

    /// <summary>Values whose ranks follow the copula, by column.</summary>
    public double[][] Draw(int count, ulong seed)
    {
        double[][] body = Body.Draw(count, seed);
        int n = body.Length;
        double[][] ranks = [.. Enumerable.Range(0, n).Select(_ => new double[count])];
        for (int i = 0; i < n; i++)
        {
            int[] order = RankDependence.Order(body[i]);
            for (int place = 0; place < count; place++)
                ranks[i][order[place]] = (place + 0.5) / count;
        }
        double[] means = [.. Enumerable.Range(0, count).Select(s => ranks.Average(column => column[s]))];
        foreach (int s in RankDependence.Order(means).Take((int)Math.Round(Share * count)))
        {
            var random = new SeededRandom(seed, Streams + (ulong)s);
            double[] seen = Falls[random.NextInt(Falls.Length)];
            for (int i = 0; i < n; i++)
                ranks[i][s] = Math.Max(0, seen[i] + Cell * (random.NextDouble() - 0.5));
        }
        return ranks;
    }
}
