namespace Plimsoll.Methods;

/// <summary>Weights in proportion to one over volatility.</summary>
/// <remarks>Equal risk contributions when all correlations are equal (Maillard, Roncalli, Teiletche 2010).</remarks>
public sealed class InverseVolatility : WeightMethod
{
    /// <inheritdoc />
    public override string Key => "inverse-volatility";

    /// <inheritdoc />
    public override MethodFamily Family => MethodFamily.VolatilityAdjusted;

    /// <inheritdoc />
    public override string Description => "Weights in proportion to one over volatility.";

    /// <summary>Weights that sum to 1.</summary>
    public static double[] Weights(ReadOnlySpan<double> volatilities)
    {
        double[] weights = [.. volatilities.ToArray().Select(v => 1 / v)];
        double sum = weights.Sum();
        return [.. weights.Select(w => w / sum)];
    }

    /// <inheritdoc />
    protected override BookProposal Weights(MethodReturns returns, MethodProblem problem) =>
        BookProposal.Of(Weights([.. Enumerable.Range(0, returns.Count).Select(returns.Deviation)]));
}
