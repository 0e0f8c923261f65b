using System.Collections.Immutable;
using Plimsoll.Numerics;

namespace Plimsoll.Methods;

/// <summary>Kelly under E g^(−λ) ≤ 1, λ = log β/log α: wealth falls below α ever with probability below β.</summary>
/// <remarks>
/// Busseti, Ryu, Boyd 2016, Journal of Investing 25, eq. 8 to 10: the bound holds while the same bet is repeated under
/// the same
/// law. A Monte Carlo run of the very bet is reported beside it; the bound ignores overshoot, so that the run should
/// stay below.
/// </remarks>
public sealed class DrawdownKelly : KellyMethod
{
    const int Paths = 2_000;
    const int Periods = 365;

    /// <summary>1 − α.</summary>
    public static ShareParameter Limit { get; } =
        new("drawdown", "Share of today's wealth that may be lost.", 0.2, 0.001, 0.99);

    /// <summary>β.</summary>
    public static ShareParameter Probability { get; } =
        new("probability", "Allowed probability of ever losing it.", 0.05, 0.0001, 0.9999);

    /// <inheritdoc />
    public override string Key => "kelly-drawdown";

    /// <inheritdoc />
    public override string Description =>
        "Kelly with a bound on the probability of a drawdown, checked by Monte Carlo.";

    /// <inheritdoc />
    protected override ImmutableArray<MethodParameter> Own => [Limit, Probability];

    /// <summary>λ = log β/log α.</summary>
    public static double Exponent(double floor, double probability) => Math.Log(probability) / Math.Log(floor);

    /// <summary>The limit log E y^(−λ) ≤ 0 on wealth ratios.</summary>
    public static DrawdownConstraint Constraint(ScenarioValue value, double[] weights, double exponent) =>
        new("drawdown", 0, 1e-3, null, value, weights, 0, 1 / exponent);

    /// <summary>Share of simulated paths whose wealth is ever at or below the floor.</summary>
    /// <param name="ratios">Wealth ratios of one bet.</param>
    /// <param name="weights">Probabilities.</param>
    /// <param name="floor">α.</param>
    /// <param name="periods">Bets on a path.</param>
    /// <param name="paths">Paths.</param>
    /// <param name="seed">Seed.</param>
    public static double Simulate(double[] ratios, double[] weights, double floor, int periods, int paths, ulong seed)
    {
        var cumulative = new double[weights.Length];
        double sum = 0;
        for (int s = 0; s < weights.Length; s++)
            cumulative[s] = sum += weights[s];
        double[] log = [.. ratios.Select(ratio => Math.Log(ratio))];
        double barrier = Math.Log(floor);
        int broken = 0;
        for (int path = 0; path < paths; path++)
        {
            var random = new SeededRandom(seed, (ulong)path);
            double wealth = 0;
            for (int t = 0; t < periods; t++)
            {
                int s = Array.BinarySearch(cumulative, random.NextDouble() * sum);
                wealth += log[Math.Min(s < 0 ? ~s : s, log.Length - 1)];
                if (wealth > barrier)
                    continue;
                broken++;
                break;
            }
        }
        return (double)broken / paths;
    }

    /// <inheritdoc />
    protected override BookProposal Book(MethodReturns returns, MethodProblem problem)
    {
        double floor = 1 - problem.Settings.Get(Limit),
            probability = problem.Settings.Get(Probability);
        double exponent = Exponent(floor, probability);
        var solution = Solve(
            returns,
            problem,
            problem.Settings.Get(Fraction),
            more: value => [Constraint(value, problem.Weights, exponent)]
        );
        double[] wealth = Wealth(problem);
        ColumnProducts.MultiplyAdd(returns.WithEdge(problem), solution.Position, wealth);
        double seen = wealth.All(g => g > 0)
            ? Simulate(wealth, problem.Weights, floor, Periods, Paths, problem.Prepared.Input.Seed)
            : 1;
        return Of(
            solution,
            problem,
            FormattableString.Invariant($"drawdown of {100 * (1 - floor):0.##}% ever: bound {probability:0.####}"),
            FormattableString.Invariant($"{seen:0.####} of {Paths} runs of {Periods} horizons lost it")
        );
    }
}
