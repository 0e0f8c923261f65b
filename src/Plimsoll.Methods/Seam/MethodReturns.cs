using Plimsoll.Numerics;

namespace Plimsoll.Methods;

/// <summary>
/// Returns per unit of notional on the side that the method takes, with their moments: what weights are chosen from.
/// </summary>
/// <remarks>
/// Column i is side_i·gain_i/notional_i, so that weights are at least 0 and a short is a column turned round. Risk is
/// that of
/// the raw returns under the law of risk p; the mean is the stated edge and nothing else.
/// </remarks>
public sealed class MethodReturns
{
    /// <param name="returns">S x n.</param>
    /// <param name="weights">p, sum 1.</param>
    /// <param name="mean">Mean over the horizon by column.</param>
    /// <param name="horizonYears">Horizon.</param>
    public MethodReturns(ColumnMatrix returns, double[] weights, double[] mean, double horizonYears)
    {
        (Returns, Weights, Mean, HorizonYears) = (returns, weights, mean, horizonYears);
        Covariance = CovarianceEstimate.Sample(returns, weights);
    }

    /// <summary>S x n.</summary>
    public ColumnMatrix Returns { get; }

    /// <summary>p.</summary>
    public double[] Weights { get; }

    /// <summary>Mean over the horizon, from the stated edge.</summary>
    public double[] Mean { get; }

    /// <summary>Horizon in years.</summary>
    public double HorizonYears { get; }

    /// <summary>Covariance over the horizon.</summary>
    public SymmetricMatrix Covariance { get; }

    /// <summary>Covariance by an estimate's word, see <see cref="CovarianceEstimate"/>.</summary>
    public SymmetricMatrix Estimate(string word) =>
        word == "sample" ? Covariance : CovarianceEstimate.ByName(word, Returns, Weights).Matrix;

    /// <summary>Number of columns.</summary>
    public int Count => Returns.Columns;

    /// <summary>Standard deviation of a column over the horizon.</summary>
    public double Deviation(int i) => Math.Sqrt(Covariance[i, i]);

    /// <summary>Standard deviation of a book over the horizon.</summary>
    public double Deviation(double[] book)
    {
        var product = new double[Count];
        Covariance.Multiply(book, product);
        return Math.Sqrt(Math.Max(0, ColumnProducts.Dot(product, book)));
    }

    /// <summary>The same returns with the edge adjustment, whose mean under the views' law is the edge.</summary>
    public ColumnMatrix WithEdge(MethodProblem problem)
    {
        var adjusted = new ColumnMatrix(Returns.Rows, Count);
        for (int i = 0; i < Count; i++)
        {
            double shift = problem.Side[i] * problem.Shift[i] / problem.Notional[i];
            var from = Returns.Column(i);
            var into = adjusted.Column(i);
            for (int s = 0; s < from.Length; s++)
                into[s] = from[s] + shift;
        }
        return adjusted;
    }

    /// <summary>Returns of a problem.</summary>
    public static MethodReturns Of(MethodProblem problem)
    {
        var returns = new ColumnMatrix(problem.Gain.Rows, problem.Count);
        var mean = new double[problem.Count];
        for (int i = 0; i < problem.Count; i++)
        {
            double factor = problem.Side[i] / problem.Notional[i];
            ColumnProducts.AddScaled(factor, problem.Gain.Column(i), returns.Column(i));
            mean[i] = factor * problem.Edge[i];
        }
        return new MethodReturns(returns, problem.RiskWeights, mean, problem.Prepared.Mandate.Horizon.Value);
    }
}
