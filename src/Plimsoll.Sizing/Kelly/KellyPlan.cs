using System.Collections.Immutable;
using Plimsoll.Numerics;

namespace Plimsoll.Sizing;

/// <summary>One way that a bet may end.</summary>
/// <param name="Probability">In (0, 1); those of a bet sum to 1.</param>
/// <param name="Return">Net gain per unit put down: 1.2 wins 120 %, −1 loses the stake.</param>
public sealed record BetOutcome(double Probability, double Return);

/// <summary>A bet typed by hand and what is asked of it.</summary>
/// <param name="Outcomes">At least two.</param>
/// <param name="Multiple">Share c of the growth-optimal fraction to put down, in (0, 1].</param>
/// <param name="Drawdown">
/// Loss of today's wealth that must not be reached, in (0, 1): the floor is 1 − Drawdown.
/// </param>
/// <param name="DrawdownProbability">Allowed probability of ever reaching it, in (0, 1).</param>
/// <param name="Bets">Number of bets for the probability within a time.</param>
/// <param name="Seed">Of the drawn probability.</param>
public sealed record KellyRequest(
    ImmutableArray<BetOutcome> Outcomes,
    double Multiple,
    double Drawdown,
    double DrawdownProbability,
    int Bets,
    ulong Seed
);

/// <summary>Growth-optimal size of one repeated bet, what a share of it gives, and how wealth may fall.</summary>
/// <remarks>
/// Fractions are of wealth put down. Kelly (1956), BSTJ 35(4); share of growth: MacLean, Ziemba, Blazenko (1992),
/// Management Science 38(11); drawdown: <see cref="KellySurvival"/>. <see cref="HasEdge"/> false: every size is 0.
/// </remarks>
public sealed record KellyPlan
{
    /// <summary>What it was made from.</summary>
    public required KellyRequest Request { get; init; }

    /// <summary>Mean net gain per unit put down.</summary>
    public required double Edge { get; init; }

    /// <summary>Whether the mean gain is positive, without which nothing should be put down.</summary>
    public bool HasEdge => Edge > 0;

    /// <summary>Fraction of wealth that grows fastest; 0 without edge.</summary>
    public required double FullFraction { get; init; }

    /// <summary>Expected log growth per bet at it.</summary>
    public required double FullGrowth { get; init; }

    /// <summary>Multiple · FullFraction: what to put down.</summary>
    public required double Fraction { get; init; }

    /// <summary>Expected log growth per bet at <see cref="Fraction"/>.</summary>
    public required double Growth { get; init; }

    /// <summary>Optimum of power utility with relative risk aversion 1/c, which a mandate's fraction means.</summary>
    public required double PowerUtilityFraction { get; init; }

    /// <summary>Standard deviation of log wealth after one bet at <see cref="Fraction"/>.</summary>
    public required double LogDeviation { get; init; }

    /// <summary>Fraction above the optimum at which growth is 0 again: beyond it wealth tends to 0.</summary>
    public required double ZeroGrowthFraction { get; init; }

    /// <summary>No-ruin bound: at this fraction the worst outcome takes everything; stay below it.</summary>
    public required double NoRuinFraction { get; init; }

    /// <summary>Share of wealth that the worst outcome takes at <see cref="Fraction"/>.</summary>
    public required double WorstLoss { get; init; }

    /// <summary>Largest λ with E g^−λ ≤ 1 at <see cref="Fraction"/>; null: nothing can be lost.</summary>
    public required double? DrawdownExponent { get; init; }

    /// <summary>(1 − Drawdown)^λ ≥ P(ever down by Drawdown).</summary>
    public required double DrawdownBound { get; init; }

    /// <summary>
    /// The same for wealth in continuous time, (1 − Drawdown)^(2/c − 1): Thorp (2006), section 7.3; no bound.
    /// </summary>
    public required double DrawdownContinuous { get; init; }

    /// <summary>P(down by Drawdown at one of the first bets).</summary>
    public required double DrawdownWithin { get; init; }

    /// <summary>Standard error of <see cref="DrawdownWithin"/>: 0 where it is exact.</summary>
    public required double DrawdownWithinError { get; init; }

    /// <summary>Largest fraction, at most the full one, whose drawdown bound keeps the allowed probability.</summary>
    public required double ConstrainedFraction { get; init; }

    /// <summary>Expected log growth per bet at it.</summary>
    public required double ConstrainedGrowth { get; init; }

    /// <summary>Sizes a bet.</summary>
    /// <exception cref="ArgumentException">No outcome loses: no finite fraction is best.</exception>
    public static KellyPlan Of(KellyRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        double[] outcomes = [.. request.Outcomes.Select(outcome => outcome.Return)];
        double[] probabilities = [.. request.Outcomes.Select(outcome => outcome.Probability)];
        double worst = outcomes.Min();
        if (!(worst < 0))
            throw new ArgumentException("no outcome loses: no finite fraction is best", nameof(request));
        double edge = FixedOrderSum.Dot(probabilities, outcomes);
        double ruin = -1 / worst;
        var full = edge > 0 ? KellyBets.Outcomes(outcomes, probabilities) : default;
        double fraction = request.Multiple * full.Fraction;
        double[] ratios = [.. outcomes.Select(outcome => 1 + fraction * outcome)];
        double floor = 1 - request.Drawdown;
        double exponent = edge > 0 ? KellySurvival.Exponent(ratios, probabilities) : double.PositiveInfinity;
        var within =
            edge > 0 ? KellySurvival.Within(ratios, probabilities, floor, request.Bets, request.Seed) : default;
        double growth = GrowthAt(fraction);
        double constrained =
            edge > 0
                ? KellySurvival.LargestFraction(
                    outcomes,
                    probabilities,
                    floor,
                    request.DrawdownProbability,
                    full.Fraction
                )
                : 0;
        return new KellyPlan
        {
            Request = request,
            Edge = edge,
            FullFraction = full.Fraction,
            FullGrowth = full.Growth,
            Fraction = fraction,
            Growth = growth,
            PowerUtilityFraction = edge > 0 ? Root(full.Fraction, PowerSlope) : 0,
            LogDeviation = Math.Sqrt(
                request.Outcomes.Sum(o => o.Probability * Square(Math.Log(1 + fraction * o.Return) - growth))
            ),
            ZeroGrowthFraction = edge > 0 ? Root(ruin, GrowthAt, full.Fraction) : 0,
            NoRuinFraction = ruin,
            WorstLoss = fraction == 0 ? 0 : -fraction * worst,
            DrawdownExponent = double.IsFinite(exponent) ? exponent : null,
            DrawdownBound = double.IsFinite(exponent) ? Math.Pow(floor, exponent) : 0,
            DrawdownContinuous = edge > 0 ? KellyBets.ProbabilityEverBelow(floor, request.Multiple) : 0,
            DrawdownWithin = within.Probability,
            DrawdownWithinError = within.StandardError,
            ConstrainedFraction = constrained,
            ConstrainedGrowth = GrowthAt(constrained),
        };

        double GrowthAt(double at)
        {
            double sum = 0;
            for (int i = 0; i < outcomes.Length; i++)
                sum += probabilities[i] * SpecialFunctions.Log1p(at * outcomes[i]);
            return sum;
        }

        // Slope of E g^(1 − 1/c)/(1 − 1/c) in the fraction.
        double PowerSlope(double at)
        {
            double sum = 0;
            for (int i = 0; i < outcomes.Length; i++)
                sum += probabilities[i] * outcomes[i] * Math.Pow(1 + at * outcomes[i], -1 / request.Multiple);
            return sum;
        }
    }

    /// <summary>Where a function that falls through 0 between two ends does so.</summary>
    static double Root(double high, Func<double, double> function, double low = 0)
    {
        for (int step = 0; step < 200 && high - low > low * 1e-16; step++)
        {
            double middle = low + (high - low) / 2;
            if (function(middle) > 0)
                low = middle;
            else
                high = middle;
        }
        return low;
    }

    static double Square(double value) => value * value;
}
