using System.Collections.Immutable;
using Plimsoll.Numerics;

namespace Plimsoll.Methods;

/// <summary>Common part of the methods that maximise growth over the scenarios.</summary>
public abstract class KellyMethod : BookMethod
{
    /// <summary>c.</summary>
    public static NumberParameter Fraction { get; } =
        new("fraction", "c: power utility with relative risk aversion 1/c; 1 is full Kelly.", 0.5, 0.01, 1);

    /// <summary>Highest multiple of the no-ruin bound.</summary>
    public static NumberParameter Multiple { get; } =
        new(
            "no-ruin-multiple",
            "Wealth stays positive with every coin anywhere from 0 to this multiple of its price; 0: at any.",
            10,
            0,
            1000
        );

    /// <summary>Wealth left under the no-ruin bound.</summary>
    public static ShareParameter Left { get; } =
        new("no-ruin-floor", "Share of today's wealth that the no-ruin bound leaves.", 0.05, 0, 0.99);

    /// <summary>Largest fraction of one instrument.</summary>
    public static ShareParameter Most { get; } =
        new("max-position", "Largest notional of one instrument, as a share of equity.", 5, 0, 20);

    /// <inheritdoc />
    public sealed override MethodFamily Family => MethodFamily.Kelly;

    /// <inheritdoc />
    public sealed override ImmutableArray<MethodParameter> Parameters => [Fraction, Multiple, Left, Most, .. Own];

    /// <summary>Parameters besides the common ones.</summary>
    protected virtual ImmutableArray<MethodParameter> Own => [];

    /// <summary>Wealth ratio of today's collateral in every scenario, its edge taken out.</summary>
    protected static double[] Wealth(MethodProblem problem)
    {
        var prepared = problem.Prepared;
        double[] wealth =
        [
            .. prepared.Collateral.Select(value => (value + prepared.Edge.CollateralShift) / prepared.Equity),
        ];
        // Positions outside the universe stay and are part of the wealth that the method sizes beside.
        var inside = problem.Universe.ToHashSet();
        for (int line = 0; line < prepared.Lines.Length; line++)
        {
            if (!prepared.Lines[line].IsHeld || inside.Contains(line))
                continue;
            int column = prepared.Lines[line].Column;
            double held = prepared.Lines[line].CurrentContracts / prepared.Equity;
            var gain = prepared.Matrix.Gain.Column(column);
            for (int s = 0; s < wealth.Length; s++)
                wealth[s] += held * (gain[s] + prepared.Edge.Shift[column]);
        }
        return wealth;
    }

    /// <summary>Solves for the problem's own law and bounds.</summary>
    protected static ConvexSolution Solve(
        MethodReturns returns,
        MethodProblem problem,
        double kellyFraction,
        double cost = 0,
        Func<ScenarioValue, IEnumerable<ProgramConstraint>>? more = null
    )
    {
        var settings = problem.Settings;
        double multiple = settings.Get(Multiple) is > 0 and var given ? given : double.PositiveInfinity;
        var ruin = NoRuin.Limit(problem, multiple, settings.Get(Left));
        double[] most = [.. Enumerable.Repeat(settings.Get(Most), returns.Count)];
        return KellyBook.Solve(
            returns.WithEdge(problem),
            Wealth(problem),
            problem.Weights,
            kellyFraction,
            [.. most.Select(m => -m)],
            most,
            cost,
            value => [.. ruin is null ? [] : new ProgramConstraint[] { ruin }, .. more?.Invoke(value) ?? []]
        );
    }

    /// <summary>A solution as a book, saying when the bound on ruin binds or cannot be stated.</summary>
    protected static BookProposal Of(ConvexSolution solution, MethodProblem problem, params string[] notes)
    {
        var words = notes.ToImmutableArray();
        if (!problem.Prepared.Home.IsDollar)
            words = words.Add("no bound on ruin beyond the scenarios: the home currency is a coin");
        foreach (var state in solution.Constraints)
            if (state.Name == NoRuin.Name && state.ShadowPrice > 0 && state.Value > state.Limit - 1e-6)
                words = words.Add("the no-ruin bound binds: the scenarios alone would hold more");
        return BookProposal.Of(solution.Position, KellyBook.Report(solution)) with { Notes = words };
    }
}
