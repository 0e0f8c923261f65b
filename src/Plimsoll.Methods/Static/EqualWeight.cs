using System.Collections.Immutable;

namespace Plimsoll.Methods;

/// <summary>Equal notional in every instrument: 1/n of the exposure each.</summary>
/// <remarks>DeMiguel, Garlappi, Uppal 2009, Review of Financial Studies 22: hard to beat out of sample.</remarks>
public sealed class EqualWeight : ISizingMethod
{
    /// <summary>Notional of all together, share of equity.</summary>
    public static ShareParameter Exposure { get; } =
        new("exposure", "Notional of all instruments together, as a share of equity.", 1, 0, 20);

    /// <inheritdoc />
    public string Key => "equal-weight";

    /// <inheritdoc />
    public MethodFamily Family => MethodFamily.Static;

    /// <inheritdoc />
    public string Description => "The same notional in every instrument.";

    /// <inheritdoc />
    public ImmutableArray<MethodParameter> Parameters => [Exposure];

    /// <summary>Contracts of one of n instruments.</summary>
    public static double Contracts(double equity, double exposure, int count, double notional) =>
        exposure * equity / count / notional;

    /// <inheritdoc />
    public MethodProposal Propose(MethodProblem problem)
    {
        double exposure = problem.Settings.Get(Exposure);
        return MethodProposal.Of(
            Enumerable
                .Range(0, problem.Count)
                .Select(i => problem.Side[i] * Contracts(problem.Equity, exposure, problem.Count, problem.Notional[i]))
        );
    }
}
