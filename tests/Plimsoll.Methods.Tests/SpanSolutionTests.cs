using Plimsoll.Numerics;
using Plimsoll.Sizing;
using Plimsoll.TestSupport;

namespace Plimsoll.Methods.Tests;

/// <summary>What inverts a covariance has an answer where instruments are made of one another.</summary>
public sealed class SpanSolutionTests
{
    /// <summary>Two risks, and a third instrument that is the first less the second, as a future is call less put.</summary>
    static SymmetricMatrix Parity() =>
        GoldenCase.Symmetric([
            [0.04, 0.01, 0.03],
            [0.01, 0.09, -0.08],
            [0.03, -0.08, 0.11],
        ]);

    [Fact]
    public void Where_nothing_is_singular_it_is_the_inverse()
    {
        using var covariance = GoldenCase.Symmetric([
            [0.04, 0.01, 0],
            [0.01, 0.09, -0.02],
            [0, -0.02, 0.25],
        ]);
        double[] v = [0.01, 0.03, -0.02];
        var found = SpanSolution.Of(covariance, v);
        Assert.Equal(3, found.Rank);
        Assert.False(found.IsInconsistent);
        double[] inverse = Frontier.Solve(covariance, v)!;
        for (int i = 0; i < 3; i++)
            Assert.Equal(inverse[i], found.X[i], 1e-14);
    }

    [Fact]
    public void Of_books_that_are_the_same_the_smallest_is_taken_and_no_other_gains_more()
    {
        using var covariance = Parity();
        double[] mean = [0.02, 0.05, -0.03];
        var found = SpanSolution.Of(covariance, mean);
        Assert.Equal(2, found.Rank);
        Assert.False(found.IsInconsistent);
        var image = new double[3];
        covariance.Multiply(found.X, image);
        for (int i = 0; i < 3; i++)
            Assert.Equal(mean[i], image[i], 1e-15);
        // Without the third instrument the same gain and risk: x moves by t·(1, −1, −1) at no risk.
        using var two = GoldenCase.Symmetric([
            [0.04, 0.01],
            [0.01, 0.09],
        ]);
        double[] plain = Frontier.Solve(two, [0.02, 0.05])!;
        double third = found.X[2];
        Assert.Equal(plain[0], found.X[0] + third, 1e-13);
        Assert.Equal(plain[1], found.X[1] - third, 1e-13);
        double Size(double t) =>
            Math.Pow(0.2 * (found.X[0] + t), 2)
            + Math.Pow(0.3 * (found.X[1] - t), 2)
            + 0.11 * Math.Pow(found.X[2] - t, 2);
        Assert.True(Size(0) < Size(0.01) && Size(0) < Size(-0.01));
    }

    [Fact]
    public void A_gain_on_what_has_no_risk_is_seen()
    {
        using var covariance = Parity();
        Assert.True(SpanSolution.Of(covariance, [0.02, 0.05, -0.02]).IsInconsistent);
    }

    [Theory, InlineData(0.5), InlineData(1)]
    public void Black_and_litterman_are_optimal_under_their_own_law_where_it_is_singular(double confidence)
    {
        using var covariance = Parity();
        double[] equilibrium = [0.5, 0.3, 0.2];
        double[][] views =
        [
            [1, 0, 0],
            [0, 1, 0],
            [0, 0, 1],
        ];
        double[] values = [0.02, 0.05, -0.03];
        double[] omega = [.. views.Select(view => BlackLitterman.Omega(covariance, view, 0.05, confidence))];
        double[] book = BlackLitterman.Weights(covariance, equilibrium, 0.05, 2.5, views, values, omega)!;
        double[] prior = BlackLitterman.Implied(covariance, equilibrium, 2.5);
        // Certain views of all three are two views: the posterior of the first two is the posterior.
        int stated = confidence < 1 ? 3 : 2;
        var posterior = BlackLitterman.Posterior(
            covariance,
            prior,
            0.05,
            views[..stated],
            values[..stated],
            omega[..stated]
        );
        using var predictive = new SymmetricMatrix(3);
        for (int i = 0; i < 3; i++)
        for (int j = i; j < 3; j++)
            predictive[i, j] = covariance[i, j] + posterior.MeanCovariance[i, j];
        double[] slope = BlackLitterman.Implied(predictive, book, 2.5);
        for (int i = 0; i < 3; i++)
            Assert.Equal(posterior.Mean[i], slope[i], 1e-13);
    }

    [Fact]
    public void Certain_views_that_contradict_one_another_have_no_book()
    {
        using var covariance = Parity();
        double[][] views =
        [
            [1, 0, 0],
            [0, 1, 0],
            [0, 0, 1],
        ];
        Assert.Null(BlackLitterman.Weights(covariance, [1, 0, 0], 0.05, 2.5, views, [0.02, 0.05, 0.03], [0, 0, 0]));
        Assert.NotNull(
            BlackLitterman.Weights(covariance, [1, 0, 0], 0.05, 2.5, views, [0.02, 0.05, 0.03], [1e-4, 1e-4, 1e-4])
        );
    }

    /// <summary>Every call and put of a recorded expiry beside the perpetual: hundreds of redundant directions.</summary>
    [
        Theory,
        InlineData("black-litterman", "sample"),
        InlineData("kelly-shrunk", "sample"),
        InlineData("kelly-shrunk", "nonlinear")
    ]
    public void Options_and_the_perpetual_of_a_recorded_chain_have_an_answer(string key, string covariance)
    {
        Assert.SkipUnless(MethodCases.Present, Golden.Absent);
        var prepared = MethodCases.Prepare(60, MethodCases.Mandate(MethodCases.Drift), MethodCases.Dollars(1_000_000));
        var settings = MethodSettings
            .Defaults.With(MethodParameters.Universe, ["*"])
            .With(MinimumVariance.Covariance, covariance);
        var result = MethodSizer.Size(prepared, SizingMethods.Find(key)!, settings).Value;
        Assert.True(result.Proposal.Succeeded, string.Join("; ", result.Proposal.Refusals));
        Assert.True(MethodProblem.Of(prepared, settings).Value.Count > 40);
        Assert.Equal(DecisionStatus.Sized, result.Decision.Status);
        string words = string.Join(' ', result.Proposal.Notes);
        Assert.Contains(key == "kelly-shrunk" ? "directions that" : "at equilibrium", words, StringComparison.Ordinal);
    }
}
