namespace Plimsoll.Tails;

/// <summary>A fitted volatility model.</summary>
/// <param name="Specification">What was fitted.</param>
/// <param name="Parameters">Estimates.</param>
/// <param name="FirstVariance">h of the window's first day, with which the filter starts.</param>
/// <param name="LogLikelihood">All terms, constants included.</param>
/// <param name="Converged">Whether the search met its stopping rule.</param>
/// <param name="Observations">Returns in the window.</param>
public sealed record GarchFit(
    GarchSpecification Specification,
    GarchParameters Parameters,
    double FirstVariance,
    double LogLikelihood,
    bool Converged,
    int Observations
)
{
    /// <summary>Whether the persistence stopped at its bound: the data would have more.</summary>
    public bool IsAtBound =>
        (Specification.Dynamics == VarianceDynamics.Egarch ? Parameters.Beta : Parameters.Persistence)
        > Specification.LargestPersistence - 2e-5;

    /// <summary>h of every day of the returns and of the next.</summary>
    public double[] Variances(ReadOnlySpan<double> returns)
    {
        var variances = new double[returns.Length + 1];
        GarchFilter.Run(returns, Specification.Dynamics, Parameters, FirstVariance, variances);
        return variances;
    }
}

/// <summary>Standard errors of μ, ω, α, γ, β, ν, λ in three kinds; NaN for parameters that the model lacks.</summary>
/// <param name="Hessian">Inverse of the observed information: right if the law is.</param>
/// <param name="OuterProduct">Inverse of the scores' outer product: right if the law is, and noisy.</param>
/// <param name="Sandwich">H⁻¹(S'S)H⁻¹ (Bollerslev and Wooldridge 1992): right under wrong innovations too.</param>
public sealed record GarchErrors(double[] Hessian, double[] OuterProduct, double[] Sandwich);
