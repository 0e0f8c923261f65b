using CsCheck;
using Plimsoll.Numerics;

namespace Plimsoll.Risk.Tests;

/// <summary>Reverse stress against brute force, and the laws that it must keep.</summary>
public sealed class ReverseStressTests
{
    [Fact]
    public void A_short_straddle_has_a_move_on_either_side_and_the_nearer_comes_first()
    {
        // Loses on both sides, more on the upper; the two answers are closed forms.
        var answer = Find(Unit(2), x => Math.Max(2 * x[0], -x[0]) - 0.1, 1);
        Assert.Equal(2, answer.Moves.Length);
        Assert.Equal(0.55, answer.Moves[0].Distance, 1e-6);
        Assert.Equal(1.1, answer.Moves[1].Distance, 1e-6);
        Assert.Equal(0, answer.Exceeding);
        Assert.All(answer.Moves, move => Assert.InRange(move.Misalignment, 0, 1e-4));
    }

    [Fact]
    public void Curved_losses_with_several_basins_against_a_scan_of_the_plane()
    {
        static double Loss(double[] x) =>
            Math.Exp(-6 * (Square(x[0] - 2) + Square(x[1] - 0.5)))
            + Math.Exp(-5 * (Square(x[0] + 1.2) + Square(x[1] + 1.4)))
            + 0.05 * (x[0] * x[0] + 0.4 * x[0] * x[1]);
        var law = Moments([1, 0.6, 0.8]);
        var answer = Find(law, Loss, 0.7);
        double nearest = double.PositiveInfinity;
        for (int i = -600; i <= 600; i++)
        for (int j = -600; j <= 600; j++)
        {
            double[] x = [i / 100.0, j / 100.0];
            if (Loss(x) < 0.7)
                continue;
            double[] y = law.Whitened(x);
            nearest = Math.Min(nearest, Math.Sqrt(y[0] * y[0] + y[1] * y[1]));
        }
        Assert.InRange(answer.Moves[0].Distance, nearest - 0.03, nearest);
    }

    [Fact]
    public void What_is_lost_already_needs_no_move_and_what_cannot_be_lost_has_none()
    {
        Assert.Equal(0, Find(Unit(2), _ => 5, 1).Moves[0].Distance);
        Assert.Empty(Find(Unit(2), x => Math.Tanh(x[0]) - 2, 1).Moves);
    }

    [Fact]
    public void Quadratic_books_agree_with_the_trust_region() =>
        Gen.Select(Gen.Double[-1, 1].Array[3], Gen.Double[-1, 1].Array[6], Gen.Double[0.5, 2])
            .Sample(
                (slope, curve, radius) =>
                {
                    var law = Moments([1, 0.3, 0.1, 1.4, -0.2, 0.9]);
                    var gamma = Symmetric(curve);
                    var worst = EllipsoidLoss.Quadratic(law, slope, gamma, radius);
                    double Gain(double[] x)
                    {
                        var own = new double[3];
                        gamma.Multiply(x, own);
                        return FixedOrderSum.Dot(slope, x) + 0.5 * FixedOrderSum.Dot(own, x);
                    }
                    Assert.Equal(worst.Loss, -Gain(worst.Move), 1e-9);
                    double[] y = law.Whitened(worst.Move);
                    Assert.InRange(Math.Sqrt(FixedOrderSum.Dot(y, y)), 0, radius * (1 + 1e-9));
                    // Where the loss is largest inside, or all but flat at the edge, its level is touched, not crossed.
                    double wider = EllipsoidLoss.Quadratic(law, slope, gamma, 1.05 * radius).Loss;
                    if (worst.Loss < 1e-3 || wider < 1.01 * worst.Loss)
                        return;
                    // The smallest ellipsoid that loses what this one loses most is this one.
                    var answer = Find(law, x => -Gain(x), worst.Loss * (1 - 1e-9), samples: 512);
                    Assert.Equal(radius, answer.Moves[0].Distance, 1e-4);
                },
                iter: 40,
                seed: "cb5jfDiduIB1"
            );

    [Fact]
    public void Entropy_ball_rises_with_its_radius_and_bounds_the_expected_shortfall() =>
        Gen.Select(Gen.Double[-5, 5].Array[40], Gen.Double[0.02, 0.5])
            .Sample(
                (losses, tail) =>
                {
                    double[] weights = [.. Enumerable.Repeat(1.0 / losses.Length, losses.Length)];
                    var worst = EntropyBall.AtRadius(losses, weights, -Math.Log(tail));
                    double[] gains = [.. losses.Select(loss => -loss)];
                    double shortfall = new LossDistribution(gains, weights).ExpectedShortfall(1 - tail);
                    Assert.True(worst.MeanLoss >= shortfall - 1e-9);
                    Assert.True(EntropyBall.AtRadius(losses, weights, 0.05).MeanLoss <= worst.MeanLoss + 1e-12);
                    Assert.InRange(worst.RelativeGap, 0, 1e-11);
                    Assert.Equal(1, worst.Law.Sum(), 1e-12);
                },
                iter: 200,
                seed: "cb5jfDiduIB1"
            );

    [Fact]
    public void Forced_selling_deepens_a_move_to_its_fixed_point() =>
        Gen.Select(Gen.Double[0.02, 0.5], Gen.Double[0, 500], Gen.Double[0, 5000], Gen.Double[0.05, 1])
            .Sample(
                (shock, own, crowd, depth) =>
                {
                    double move = -FireSale.AmplifiedMove(-shock, own, crowd, 10_000, depth, 0.08, 1);
                    double push = 0.08 * Math.Sqrt((own + crowd * move) / (10_000 * depth));
                    Assert.Equal(shock + push, move, 1e-10);
                    Assert.True(move >= shock);
                },
                iter: 200,
                seed: "cb5jfDiduIB1"
            );

    static double Square(double x) => x * x;

    static FactorLaw Unit(int size)
    {
        var moments = new SymmetricMatrix(size);
        for (int i = 0; i < size; i++)
            moments[i, i] = 1;
        return Law(moments);
    }

    static FactorLaw Moments(double[] upper) => Law(Symmetric(upper));

    static SymmetricMatrix Symmetric(double[] upper)
    {
        int n = upper.Length == 3 ? 2 : 3;
        var matrix = new SymmetricMatrix(n);
        int at = 0;
        for (int i = 0; i < n; i++)
        for (int j = i; j < n; j++)
            matrix[i, j] = upper[at++];
        return matrix;
    }

    static FactorLaw Law(SymmetricMatrix moments) =>
        FactorLaw.OfMoments(
            [.. Enumerable.Range(0, moments.Size).Select(i => new StressFactor($"F{i}", StressFactorKind.Volatility))],
            moments
        );

    static ReverseAnswer Find(FactorLaw law, Func<double[], double> loss, double level, int samples = 4096) =>
        ReverseStress.Find(
            new ReverseQuestion
            {
                Law = law,
                Figure = moves => [.. moves.Select(loss)],
                Level = level,
                Samples = samples,
            }
        );
}
