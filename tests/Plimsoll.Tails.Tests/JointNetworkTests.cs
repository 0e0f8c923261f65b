using Plimsoll.Numerics;

namespace Plimsoll.Tails.Tests;

public sealed class JointNetworkTests
{
    static readonly TailProbability Level = new(0.025);

    /// <summary>Normal returns whose deviation is e^(x/2), x the first of two columns.</summary>
    static (double[] Rows, double[] Targets) Planted(int count, ulong stream)
    {
        var random = new SeededRandom(7, stream);
        var (rows, targets) = (new double[2 * count], new double[count]);
        for (int t = 0; t < count; t++)
        {
            (rows[2 * t], rows[2 * t + 1]) = (random.NextNormal(), random.NextNormal());
            targets[t] = Math.Exp(rows[2 * t] / 2) * random.NextNormal();
        }
        return (rows, targets);
    }

    [Fact]
    public void The_gradient_is_that_of_finite_differences()
    {
        const int Hidden = 3;
        var (rows, targets) = Planted(200, 1);
        var random = new SeededRandom(3, 0);
        double[] weights =
        [
            .. Enumerable.Range(0, Hidden * 3 + 2 * (Hidden + 1)).Select(_ => 0.5 * random.NextNormal()),
        ];
        var gradient = new double[weights.Length];
        double Loss(double[] at, double[] into) => JointNetwork.Loss(at, rows, 2, Hidden, targets, Level, 1e-3, into);
        Loss(weights, gradient);
        for (int i = 0; i < weights.Length; i++)
        {
            const double Step = 1e-6;
            double[] up = [.. weights],
                down = [.. weights],
                unused = new double[weights.Length];
            up[i] += Step;
            down[i] -= Step;
            double difference = (Loss(up, unused) - Loss(down, unused)) / (2 * Step);
            Assert.Equal(difference, gradient[i], 1e-5 * Math.Max(1, Math.Abs(difference)));
        }
    }

    [Fact]
    public void It_finds_a_planted_scale_and_gives_the_same_bytes_again()
    {
        var (rows, targets) = Planted(8_000, 1);
        var options = new NetworkOptions(Hidden: 4, Steps: 300, LearningRate: 0.03, WeightDecay: 1e-3);
        var network = JointNetwork.Train(rows, 2, targets, Level, options);
        Assert.True(network.Weights.SequenceEqual(JointNetwork.Train(rows, 2, targets, Level, options).Weights));
        var start = JointNetwork.Train(rows, 2, targets, Level, options with { Steps = 0 });
        var (fresh, outcomes) = Planted(20_000, 2);
        double Loss(JointNetwork of) =>
            Enumerable
                .Range(0, outcomes.Length)
                .Average(t =>
                {
                    var (v, e) = of.At(fresh.AsSpan(2 * t, 2));
                    Assert.True(e < v && v < 0);
                    return TailLoss.Fz0(outcomes[t], v, e, Level);
                });
        double best = Enumerable
            .Range(0, outcomes.Length)
            .Average(t =>
            {
                double scale = Math.Exp(fresh[2 * t] / 2);
                return TailLoss.Fz0(outcomes[t], -1.959964 * scale, -2.337803 * scale, Level);
            });
        // Of what a constant leaves to the truth the network has found three quarters at least.
        Assert.InRange(Loss(network), best, best + 0.25 * (Loss(start) - best));
    }
}
