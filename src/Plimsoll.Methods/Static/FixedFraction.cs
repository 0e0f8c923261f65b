using System.Collections.Immutable;

namespace Plimsoll.Methods;

/// <summary>A fixed share of equity, in notional, in each instrument.</summary>
public sealed class FixedFraction : ISizingMethod
{
    /// <summary>Notional of each, share of equity.</summary>
    public static ShareParameter Fraction { get; } =
        new("fraction", "Notional of each instrument, as a share of equity.", 0.1, 0, 20);

    /// <inheritdoc />
    public string Key => "fixed-fraction";

    /// <inheritdoc />
    public MethodFamily Family => MethodFamily.Static;

    /// <inheritdoc />
    public string Description => "A fixed share of equity in each instrument.";

    /// <inheritdoc />
    public ImmutableArray<MethodParameter> Parameters => [Fraction];

    /// <summary>Contracts of one instrument.</summary>
    public static double Contracts(double equity, double fraction, double notional) => fraction * equity / notional;

    /// <inheritdoc />
    public MethodProposal Propose(MethodProblem problem)
    {
        double fraction = problem.Settings.Get(Fraction);
        return MethodProposal.Of(
            Enumerable
                .Range(0, problem.Count)
                .Select(i => problem.Side[i] * Contracts(problem.Equity, fraction, problem.Notional[i]))
        );
    }
}
