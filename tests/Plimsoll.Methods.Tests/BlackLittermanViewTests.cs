using Plimsoll.Sizing;
using Plimsoll.TestSupport;

namespace Plimsoll.Methods.Tests;

/// <summary>Black and Litterman on the mandate's own drift and relative views.</summary>
public sealed class BlackLittermanViewTests
{
    [Theory]
    [InlineData("long", 0.6)]
    [InlineData("short", 0.25)]
    public void A_relative_view_of_the_mandate_moves_the_difference_by_its_confidence(string side, double confidence)
    {
        Assert.SkipUnless(MethodCases.Present, Golden.Absent);
        var view = new RelativeView
        {
            Underlying = "ETH",
            Against = "BTC",
            AnnualOutperformance = 0.3,
            Confidence = confidence,
        };
        var prepared = MethodCases.Prepare(60, MethodCases.Mandate(view), MethodCases.Dollars(1_000_000));
        var settings = MethodSettings.Defaults.With(BlackLitterman.Views, "mandate").With(MethodParameters.Side, side);
        var problem = MethodProblem.Of(prepared, settings).Value;
        var own = Assert.Single(BlackLittermanViews.OfMandate(problem, out string missing));
        Assert.Equal("", missing);
        double sign = side == "long" ? 1 : -1;
        Assert.Equal([-sign, sign], own.Row);
        Assert.Equal(0.3 / 365, own.Value, 1e-12);
        // Idzorek: at confidence c the view's own mean goes the share c of its way from the equilibrium's.
        var covariance = MethodReturns.Of(problem).Covariance;
        double[] prior = BlackLitterman.Implied(covariance, [0.5, 0.5], 2.5);
        double omega = BlackLitterman.Omega(covariance, own.Row, 0.05, own.Confidence);
        var posterior = BlackLitterman.Posterior(covariance, prior, 0.05, [own.Row], [own.Value], [omega]);
        double Along(double[] mean) => own.Row[0] * mean[0] + own.Row[1] * mean[1];
        Assert.Equal(Along(prior) + confidence * (own.Value - Along(prior)), Along(posterior.Mean), 1e-12);
        double[] wanted = BlackLitterman.Weights(covariance, [0.5, 0.5], 0.05, 2.5, [own.Row], [own.Value], [omega])!;
        var proposal = new BlackLitterman().Propose(problem);
        for (int i = 0; i < 2; i++)
            Assert.Equal(wanted[i], sign * proposal.Contracts[i] * problem.Notional[i] / problem.Equity, 1e-9);
    }

    [Fact]
    public void Views_that_black_litterman_cannot_hold_are_refused_with_the_reason()
    {
        Assert.SkipUnless(MethodCases.Present, Golden.Absent);
        var view = new VolatilityView
        {
            Underlying = "BTC",
            Confidence = 0.5,
            Volatility = 0.6,
            Implied = false,
        };
        var prepared = MethodCases.Prepare(60, MethodCases.Mandate(view), MethodCases.Dollars(1_000_000));
        var settings = MethodSettings.Defaults.With(BlackLitterman.Views, "mandate");
        string refusal = Assert.Single(
            new BlackLitterman().Propose(MethodProblem.Of(prepared, settings).Value).Refusals
        );
        Assert.Contains("realised volatility", refusal, StringComparison.Ordinal);
        settings = settings.With(MethodParameters.Universe, ["ETH-PERPETUAL"]);
        prepared = MethodCases.Prepare(60, MethodCases.Mandate(MethodCases.Drift), MethodCases.Dollars(1_000_000));
        refusal = Assert.Single(new BlackLitterman().Propose(MethodProblem.Of(prepared, settings).Value).Refusals);
        Assert.Contains("perpetual or future of BTC", refusal, StringComparison.Ordinal);
    }
}
