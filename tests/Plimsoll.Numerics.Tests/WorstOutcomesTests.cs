using CsCheck;

namespace Plimsoll.Numerics.Tests;

/// <summary>The tail by itself is the head of the whole order.</summary>
public sealed class WorstOutcomesTests
{
    [Fact]
    public void Tail_is_the_head_of_the_whole_order_whatever_ties_and_weights_there_are()
    {
        var cases = Gen.Select(Gen.Int[1, 6_000], Gen.Double[1e-4, 0.9], Gen.Int[2, 400], Gen.ULong);
        cases.Sample(
            (count, mass, levels, seed) =>
            {
                var random = new SeededRandom(seed, 1);
                var (outcomes, weights) = (new double[count], new double[count]);
                for (int s = 0; s < count; s++)
                {
                    // Few levels make many ties; a run of heavy or weightless scenarios makes a poor sample.
                    outcomes[s] = random.NextInt(levels) - (s % 16 == 0 ? 0 : levels / 3);
                    weights[s] = s % 7 == 3 ? 0 : random.NextInt(1000) / (500.0 * count);
                }
                int[] whole =
                [
                    .. Enumerable.Range(0, count).Where(s => weights[s] > 0).OrderBy(s => outcomes[s]).ThenBy(s => s),
                ];
                int[] worst = WorstOutcomes.Below(outcomes, weights, mass);
                Assert.Equal(whole.Take(worst.Length), worst);
                double reached = worst.Sum(s => weights[s]);
                Assert.True(worst.Length == whole.Length || reached >= mass - 1e-12, $"{reached} of {mass}");
            },
            iter: 300,
            threads: 1
        );
    }

    [Fact]
    public void Order_is_that_of_a_stable_sort()
    {
        double[] outcomes = [3, 1, -0.0, 2, 0.0, 1, 1, -5];
        Assert.Equal([7, 2, 4, 1, 5, 6, 3, 0], WorstOutcomes.Order(outcomes));
    }

    [Fact]
    public void A_small_tail_of_many_outcomes_is_not_sorted_whole()
    {
        var random = new SeededRandom(5, 2);
        var outcomes = new double[10_000];
        var weights = new double[10_000];
        for (int s = 0; s < outcomes.Length; s++)
            (outcomes[s], weights[s]) = (random.NextInt(1_000_000), 1e-4);
        Assert.InRange(WorstOutcomes.Below(outcomes, weights, 0.01).Length, 100, 400);
    }
}
