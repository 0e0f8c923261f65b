using System.Collections.Immutable;

namespace Plimsoll.Sizing;

/// <summary>What is known of a constraint beside its numbers, for the explanation.</summary>
/// <param name="Name">The constraint's name.</param>
/// <param name="Meaning">What its value is, in words: <c>loss in the worst stress scenario, share of
/// equity</c>.</param>
/// <param name="CollateralValue">Its value if only the collateral were held; null where that has no meaning.</param>
/// <param name="IsMandate">Whether the mandate states it (others are the venue's or arithmetic's own).</param>
/// <param name="RowNames">What each row stands for; empty where rows have no name.</param>
public sealed record LimitMeaning(
    string Name,
    string Meaning,
    double? CollateralValue,
    bool IsMandate,
    ImmutableArray<string> RowNames
)
{
    /// <summary>
    /// Exact value at positions by line, where the rows have auxiliary variables or bound it; null: the rows say it.
    /// </summary>
    public Func<double[], double>? Exact { get; init; }

    /// <summary>Whether it only ties an auxiliary variable and says nothing by itself.</summary>
    public bool IsAuxiliary { get; init; }

    /// <summary>
    /// Whether its one row bounds a position-wise venue's rule, which <see cref="Exact"/> states, from above.
    /// </summary>
    public bool IsVenueBound { get; init; }

    /// <summary>What its value is made of under portfolio margin; null elsewhere.</summary>
    internal PortfolioTerms? Portfolio { get; init; }

    /// <summary>What its value is made of where it looks at paths; null elsewhere.</summary>
    internal PathTerms? Path { get; init; }
}

/// <summary>What a limit of a pool under portfolio margin is made of.</summary>
/// <param name="Pool">The pool.</param>
/// <param name="Scenarios">Maintenance over these; null: initial margin today.</param>
/// <param name="Weights">Law of the scenarios; empty: the worst of them counts.</param>
/// <param name="Probability">Tail of the law.</param>
sealed record PortfolioTerms(PortfolioPool Pool, PortfolioScenarios? Scenarios, double[] Weights, double Probability);

/// <summary>What a limit on the way is made of.</summary>
/// <param name="Risk">Loss at each look.</param>
/// <param name="Weights">Law of the paths.</param>
/// <param name="Probability">Tail of the law; 0: the worst path counts.</param>
sealed record PathTerms(PathRisk Risk, double[] Weights, double Probability);

/// <summary>A limit that another one implies: reported with its value, but no row of the program.</summary>
/// <param name="Name">Name.</param>
/// <param name="Limit">Limit.</param>
/// <param name="Meaning">Its value in words.</param>
/// <param name="CollateralValue">Its value if only the collateral were held.</param>
/// <param name="Value">Value at positions by line.</param>
public sealed record ImpliedLimit(
    string Name,
    double Limit,
    string Meaning,
    double? CollateralValue,
    Func<double[], double> Value
);
