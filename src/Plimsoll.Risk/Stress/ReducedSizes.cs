using System.Collections.Immutable;
using Plimsoll.Numerics;

namespace Plimsoll.Risk;

/// <summary>A position that may be reduced.</summary>
/// <param name="Name">Contract.</param>
/// <param name="Contracts">Signed.</param>
/// <param name="Gains">Of all of it, home currency by scenario.</param>
/// <param name="CostToClose">Home currency; positive.</param>
public sealed record ReduciblePosition(string Name, double Contracts, double[] Gains, double CostToClose);

/// <summary>A position as it would stand.</summary>
/// <param name="Name">Contract.</param>
/// <param name="Contracts">Held.</param>
/// <param name="Kept">Share that is kept, in [0, 1].</param>
public sealed record KeptPosition(string Name, double Contracts, double Kept);

/// <summary>The cheapest reductions of positions after which a book's expected shortfall is within a bound.</summary>
/// <remarks>
/// min Σ cost·cut subject to the expected shortfall of (book − cuts) at most the bound and cuts in [0, 1]: convex,
/// solved
/// by cutting planes: the tail's own law at each point is a subgradient (Rockafellar and Uryasev 2000), and the linear
/// program over all cuts so far is a lower bound of the cost. What no reduction reaches (collateral's own loss) is left
/// over, as little as possible.
/// </remarks>
/// <param name="Kept">Positions that change; the others stay.</param>
/// <param name="Cost">Of the reductions, home currency.</param>
/// <param name="LeastCost">Lower bound of the cost of any reduction that does as much.</param>
/// <param name="Loss">Expected shortfall afterwards.</param>
/// <param name="IsReached">Whether the bound is met.</param>
public sealed record ReducedSizes(
    ImmutableArray<KeptPosition> Kept,
    double Cost,
    double LeastCost,
    double Loss,
    bool IsReached
)
{
    const int MostCuts = 200;
    const double Tolerance = 1e-7;
    const double SlackPrice = 1e4;

    /// <summary>Solves.</summary>
    /// <param name="gains">Of the whole book by scenario.</param>
    /// <param name="positions">What may be reduced.</param>
    /// <param name="weights">The law of risk.</param>
    /// <param name="level">Of the expected shortfall.</param>
    /// <param name="bound">What it may be.</param>
    public static ReducedSizes Of(
        double[] gains,
        ImmutableArray<ReduciblePosition> positions,
        double[] weights,
        double level,
        double bound
    )
    {
        int n = positions.Length;
        double scale = Math.Max(new LossDistribution(gains, weights).ExpectedShortfall(level), 1e-300);
        double costScale = n == 0 ? 1 : positions.Max(position => position.CostToClose);
        double[] price = [.. positions.Select(position => position.CostToClose / costScale), SlackPrice];
        var (rows, limits) = (new List<double[]>(), new List<double>());
        var (losses, law) = (new double[gains.Length], new double[gains.Length]);
        double[] cut = new double[n];
        double shortfall = 0,
            least = 0;
        for (int step = 0; step < MostCuts; step++)
        {
            for (int s = 0; s < losses.Length; s++)
                losses[s] = -gains[s];
            for (int i = 0; i < n; i++)
                if (cut[i] != 0)
                    for (int s = 0; s < losses.Length; s++)
                        losses[s] += cut[i] * positions[i].Gains[s];
            shortfall = TailLossSolver.Evaluate(losses, weights, level, law);
            double slack = rows.Count == 0 ? 0 : Slack(rows, limits, cut);
            if (shortfall <= bound + (slack + Tolerance) * scale)
                break;
            double[] row = [.. positions.Select(position => Told(FixedOrderSum.Dot(position.Gains, law) / scale)), -1];
            rows.Add(row);
            limits.Add((bound - shortfall) / scale + FixedOrderSum.Dot(row.AsSpan(0, n), cut));
            var solved = QuadraticSolver.Solve(
                new QuadraticProgram
                {
                    Linear = price,
                    Lower = new double[n + 1],
                    Upper = [.. Enumerable.Repeat(1.0, n), 100],
                    LessRows = [.. rows],
                    LessThan = [.. limits],
                }
            );
            if (!solved.Report.Converged)
                break;
            cut = [.. solved.X[..n].Select(Snapped)];
            least =
                costScale * FixedOrderSum.Dot(solved.X.AsSpan(0, n), price.AsSpan(0, n))
                - costScale * solved.Report.Gap;
        }
        return new ReducedSizes(
            [
                .. positions
                    .Select((position, i) => new KeptPosition(position.Name, position.Contracts, 1 - cut[i]))
                    .Where(position => position.Kept < 1),
            ],
            positions.Select((position, i) => cut[i] * position.CostToClose).Sum(),
            Math.Max(0, least),
            shortfall,
            shortfall <= bound + 10 * Tolerance * scale
        );
    }

    /// <summary>What the cuts so far leave unmet at a point: no reduction does better.</summary>
    static double Slack(List<double[]> rows, List<double> limits, double[] cut)
    {
        double most = 0;
        for (int r = 0; r < rows.Count; r++)
            most = Math.Max(most, FixedOrderSum.Dot(rows[r].AsSpan(0, cut.Length), cut) - limits[r]);
        return most;
    }

    /// <summary>What a position does to the tail, or nothing where it is below rounding.</summary>
    static double Told(double slope) => Math.Abs(slope) < 1e-13 ? 0 : slope;

    static double Snapped(double share) =>
        share < 1e-7 ? 0
        : share > 1 - 1e-7 ? 1
        : share;
}
