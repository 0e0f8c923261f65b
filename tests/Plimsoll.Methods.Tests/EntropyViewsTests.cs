using System.Collections.Immutable;
using Plimsoll.Sizing;
using Plimsoll.TestSupport;

namespace Plimsoll.Methods.Tests;

/// <summary>Views of the method's own table, each with its confidence, whatever side other methods would take.</summary>
public sealed class EntropyViewsTests
{
    const string Btc = "BTC-PERPETUAL";
    const string Eth = "ETH-PERPETUAL";

    static readonly Lazy<PreparedSizing> Base = new(() =>
        MethodCases.Prepare(60, MethodCases.Mandate(MethodCases.Drift), MethodCases.Dollars(1_000_000))
    );

    /// <summary>One view of each kind.</summary>
    static readonly MethodSettings Every = MethodSettings
        .Defaults.With(EntropyViews.Means, Named("BTC-*", 0.4))
        .With(EntropyViews.Volatilities, Named(Btc, 0.4))
        .With(EntropyViews.Quantiles, Named("ETH-*", -0.04))
        .With(EntropyViews.Correlations, Named($"{Btc}/{Eth}", 0.85))
        .With(EntropyViews.Ranking, [Btc, Eth]);

    static ImmutableDictionary<string, double> Named(params ReadOnlySpan<object> pairs)
    {
        var named = ImmutableDictionary<string, double>.Empty;
        for (int k = 0; k < pairs.Length; k += 2)
            named = named.Add((string)pairs[k], Convert.ToDouble(pairs[k + 1], null));
        return named;
    }

    static double[] Held(MethodSettings settings)
    {
        var problem = MethodProblem.Of(Base.Value, settings).Value;
        var proposal = new EntropyViews().Propose(problem);
        Assert.True(proposal.Succeeded, string.Join("; ", proposal.Refusals));
        return [.. proposal.Contracts];
    }

    static void Same(double[] wanted, double[] found)
    {
        for (int i = 0; i < wanted.Length; i++)
            Assert.Equal(wanted[i], found[i], 1e-5 * Math.Abs(wanted[i]) + 1e-3);
    }

    [Fact]
    public void Every_kind_of_view_moves_the_book_and_the_side_of_others_does_not()
    {
        Assert.SkipUnless(MethodCases.Present, Golden.Absent);
        double[] all = Held(Every);
        double[] none = Held(MethodSettings.Defaults);
        Assert.True(Math.Abs(all[0] - none[0]) + Math.Abs(all[1] - none[1]) > 1000);
        Same(all, Held(Every.With(MethodParameters.Side, "short")));
        Same(none, Held(MethodSettings.Defaults.With(MethodParameters.Side, "short")));
    }

    [Fact]
    public void A_confidence_of_a_single_view_stands_in_for_that_of_all()
    {
        Assert.SkipUnless(MethodCases.Present, Golden.Absent);
        double[] third = Held(Every.With(EntropyViews.Confidence, 0.3));
        Same(third, Held(Every.With(EntropyViews.Confidences, Named("*", 0.3))));
        double[] without = Held(Every.With(EntropyViews.Ranking, []));
        Same(without, Held(Every.With(EntropyViews.Confidences, Named("ranking", 0))));
        // Alone, a mean held with 40% goes 40% of its way: the mixture is linear in it.
        var mean = MethodSettings.Defaults.With(EntropyViews.Means, Named(Btc, 0.9));
        Same(
            Held(mean.With(EntropyViews.Confidence, 0.4)),
            Held(mean.With(EntropyViews.Confidences, Named("mean BTC-*", 0.4)))
        );
        double[] mixed = Held(Every.With(EntropyViews.Confidences, Named("mean BTC-*", 0.2, "ranking", 0.6)));
        Assert.True(Math.Abs(mixed[0] - third[0]) + Math.Abs(mixed[1] - third[1]) > 100);
    }

    [Fact]
    public void A_confidence_for_a_view_that_is_not_stated_is_refused_with_those_that_are()
    {
        Assert.SkipUnless(MethodCases.Present, Golden.Absent);
        var settings = MethodSettings
            .Defaults.With(EntropyViews.Means, Named(Btc, 0.4))
            .With(EntropyViews.Confidences, Named("volatility *", 0.5));
        var problem = MethodProblem.Of(Base.Value, settings).Value;
        string refusal = Assert.Single(new EntropyViews().Propose(problem).Refusals);
        Assert.Contains(
            "\"volatility *\" matches none of its views: mean BTC-PERPETUAL",
            refusal,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Views_that_cannot_hold_together_are_refused_with_the_one_that_is_farthest()
    {
        Assert.SkipUnless(MethodCases.Present, Golden.Absent);
        // The correlation holds the mean of ETH where it is, and that is below the one stated for BTC.
        var problem = MethodProblem.Of(Base.Value, Every.With(EntropyViews.Ranking, [Eth, Btc])).Value;
        string refusal = Assert.Single(new EntropyViews().Propose(problem).Refusals);
        Assert.Contains("PERPETUAL cannot be met with the others", refusal, StringComparison.Ordinal);
    }
}
