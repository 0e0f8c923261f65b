using System.Collections.Immutable;

namespace Plimsoll.Methods;

/// <summary>The family that a method belongs to, in the order of history.</summary>
public enum MethodFamily
{
    /// <summary>Fixed shares, whatever the market does.</summary>
    Static,

    /// <summary>Shares that fall as volatility rises.</summary>
    VolatilityAdjusted,

    /// <summary>The full problem of the account: every limit and margin rule inside the optimisation.</summary>
    Integrated,

    /// <summary>Growth of log wealth.</summary>
    Kelly,

    /// <summary>Mean and variance.</summary>
    MeanVariance,

    /// <summary>Budgets of risk.</summary>
    RiskParity,

    /// <summary>Tail risk.</summary>
    Tail,
}

/// <summary>One way to choose how many contracts to hold of each instrument.</summary>
/// <remarks>
/// A method only proposes a continuous book. Limits, margin, whole lots, checks and the explanation are the same for
/// all of them (<see cref="MethodSizer"/>). A new method costs one file, one line in <see cref="SizingMethods.All"/>,
/// one page in docs/methods and its golden rows. Methods hold no state: the same problem gives the same proposal.
/// </remarks>
public interface ISizingMethod
{
    /// <summary>Name in the command line and in <c>[method.KEY]</c>: lower case with hyphens.</summary>
    string Key { get; }

    /// <summary>Family.</summary>
    MethodFamily Family { get; }

    /// <summary>One line.</summary>
    string Description { get; }

    /// <summary>
    /// Parameters besides <see cref="MethodParameters.Common"/>; the mandate's table, its schema and its reference page
    /// derive from them.
    /// </summary>
    ImmutableArray<MethodParameter> Parameters { get; }

    /// <summary>A book, or a refusal with its reason; never an exception for what data can do.</summary>
    MethodProposal Propose(MethodProblem problem);
}
