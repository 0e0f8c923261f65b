namespace Plimsoll.Methods.Tests;

/// <summary>Worked numbers of pages, each found a second time without the method.</summary>
public sealed class WorkedNumberTests
{
    /// <summary>Level of the page of <c>min-entropic-var</c>.</summary>
    public const double Level = 0.5;

    /// <summary>Its returns: four outcomes by two instruments, equally likely.</summary>
    public static readonly double[][] Four =
    [
        [-0.06, 0.03],
        [0.01, -0.05],
        [0.04, 0.02],
        [0.03, 0.04],
    ];

    [Theory]
    [InlineData(0.6, 0.2, 0.25)]
    [InlineData(0.6, 0.5, 0.5)]
    [InlineData(0.55, 0.3, 0.3)]
    [InlineData(0.4, 0.25, 0.2)]
    public void Growth_on_two_outcomes_is_the_root_of_the_marginal_growth(double probability, double gain, double loss)
    {
        double Marginal(double share) =>
            probability * gain / (1 + share * gain) - (1 - probability) * loss / (1 - share * loss);
        double low = -0.99 / gain,
            high = 0.99 / loss;
        for (int k = 0; k < 200; k++)
        {
            double middle = 0.5 * (low + high);
            (low, high) = Marginal(middle) > 0 ? (middle, high) : (low, middle);
        }
        Assert.Equal(probability / loss - (1 - probability) / gain, low, 1e-12);
        Assert.Equal(low, StatedMarkets.GrowthShare(probability, gain, loss), 1e-5);
    }

    [Fact]
    public void Fixed_risk_loses_in_coin_what_was_asked()
    {
        double contracts = StatedMarkets.FixedRiskContracts(2, 0.01, 60_000, 0.05);
        Assert.Equal(0.01 * 2, contracts * 10 * (1 / 57_000.0 - 1 / 60_000.0), 1e-12);
    }

    [Fact]
    public void Least_entropic_value_at_risk_is_that_of_two_searches_over_weight_and_t()
    {
        var (weight, value) = Least(w => Least(t => Dual(w, Math.Exp(t)), Math.Log(1e-4), 0).Value, 0, 1);
        using var returns = GoldenCase.Columns(Four);
        var solution = EntropicRisk.Solve(returns, GoldenCase.Equal(Four.Length), Level);
        Assert.True(solution.Report.Converged, solution.Report.Reason);
        Assert.Equal(value, solution.Value, 1e-8);
        Assert.Equal(weight, solution.X[0], 1e-3);
        Assert.Equal(0.510, weight, 5e-4);
        Assert.Equal(0.0086, Math.Exp(Least(t => Dual(weight, Math.Exp(t)), Math.Log(1e-4), 0).At), 5e-5);
        Assert.Equal(1, solution.X[0] + solution.X[1], 1e-9);
    }

    /// <summary>t·log(E e^{L/t}/(1 − level)) of the book (w, 1 − w).</summary>
    static double Dual(double weight, double t)
    {
        double[] losses = [.. Four.Select(row => -weight * row[0] - (1 - weight) * row[1])];
        double worst = losses.Max();
        return worst + t * Math.Log(losses.Average(loss => Math.Exp((loss - worst) / t)) / (1 - Level));
    }

    /// <summary>Golden-section search of a convex function.</summary>
    static (double At, double Value) Least(Func<double, double> function, double low, double high)
    {
        double part = (Math.Sqrt(5) - 1) / 2;
        for (int k = 0; k < 100; k++)
        {
            double left = high - part * (high - low),
                right = low + part * (high - low);
            (low, high) = function(left) < function(right) ? (low, right) : (left, high);
        }
        return (0.5 * (low + high), function(0.5 * (low + high)));
    }
}
